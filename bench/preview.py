"""How long an edit takes to be on the page of a live preview; `python -m bench.preview` measures this alone.

Works on a copy of the project and edits it as a person would, in an editor that saves beside the file and
swaps. Seconds are from saving to the page that is looked at; the other pages and the PDF come after it.
"""

from __future__ import annotations

import os
import queue
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import ROOT
from explainer.preview.session import Session
from explainer.project import Project

LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".tools", "node_modules", "stage", "preview", "__pycache__"
)
VIEWED = "index.html"
#: Seconds in which the kernels are made ready again, as they are between two edits of a person.
BETWEEN = 6
#: Seconds after which something is wrong.
LONGEST = 600
#: What an edit is called, its file, the words that stand there, and what each round makes of them: a word
#: that the page shows, and another each time, so that no round finds what an earlier one made.
EDITS = (
    ("a word of the prose", "index.qmd", "told the story", ("had the story", "ran the story", "brought it")),
    (
        "a cell of timeline.csv",
        "data/context/timeline.csv",
        "ship grounds",
        ("ship lands", "ship rests", "ship lies"),
    ),
    ("the arrest count in facts.csv", "data/article/facts.csv", "29", ("30", "31", "32")),
    (
        "a cell of a notebook",
        "notebooks/2-timeline.ipynb",
        "The longer history",
        ("A longer history", "One longer history", "Our longer history"),
    ),
    (
        "a rule of the style sheet",
        "theme/style.css",
        "padding: 0 1.1rem",
        ("padding: 0 1rem", "padding: 0 1.2rem", "padding: 0 1.3rem"),
    ),
)


def measure() -> dict[str, dict[str, Any]]:
    """Return by kind of edit the median and the most seconds, and how many notebooks ran.

    Raises
    ------
    SystemExit
        If an edit is refused: the time would be that of something else.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "copy")
        shutil.copytree(ROOT, project.root, ignore=LEFT_OUT)
        messages: queue.Queue[dict[str, Any]] = queue.Queue()
        session = Session(project, 0, lambda line: None, messages.put)
        try:
            session.start()
            list(_until_quiet(messages))
            return {name: _rounds(project.root / file, *words, messages) for name, file, *words in EDITS}
        finally:
            session.close()


def _rounds(path: Path, old: str, new: tuple[str, ...], messages: queue.Queue[dict]) -> dict[str, Any]:
    text, seconds, ran = path.read_text(encoding="utf-8"), [], 0
    try:
        for words in new:
            time.sleep(BETWEEN)
            began = time.perf_counter()
            _save(path, text.replace(old, words))
            for message in _until_quiet(messages):
                if message["event"] == "page" and message["address"] == VIEWED:
                    seconds.append(time.perf_counter() - began)
                elif message["event"] == "ran":
                    ran = max(ran, len(message["notebooks"]))
    finally:
        _save(path, text)
    list(_until_quiet(messages))
    if len(seconds) != len(new):
        raise SystemExit(f"bench: an edit of {path.name} is not on {VIEWED}")
    return {
        "median_s": round(statistics.median(seconds), 2),
        "most_s": round(max(seconds), 2),
        "notebooks": ran,
    }


def _save(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _until_quiet(messages: queue.Queue[dict]) -> Iterator[dict[str, Any]]:
    """Yield what the builder says as it comes, until an edit is done with."""
    built = False
    while True:
        message = messages.get(timeout=LONGEST)
        if message["event"] == "faults":
            raise SystemExit("\n".join(fault["message"] for fault in message["faults"]))
        yield message
        built = built or message["event"] == "building"
        # A notebook that is written again may make a further round, with nothing to build.
        if built and message["event"] == "quiet":
            return


def main() -> None:
    """Print a row for each kind of edit."""
    print(f"{'edit':32s} {'notebooks':>9s} {'median s':>9s} {'most s':>9s}")
    for name, found in measure().items():
        print(f"{name:32s} {found['notebooks']:9d} {found['median_s']:9.2f} {found['most_s']:9.2f}")
    print(f"{os.cpu_count()} processors, load {', '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
