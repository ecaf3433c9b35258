"""How long an edit takes to reach the screen of a preview.

``python -m bench.preview --runs 5`` measures this alone. It works on a copy of the project and edits it as a
person would, in an editor that saves beside the file and swaps. Seconds are from saving to the first frame in
which a browser shows the page, which has been checked.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bench import ROOT, table
from explainer.acceptance import chromium
from explainer.preview.session import Session
from explainer.system.project import THEME, Project

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "node_modules", "stage", "preview", "__pycache__")
#: Seconds between two edits, as a person leaves them.
BETWEEN = 2
#: Seconds after which something is wrong.
LONGEST = 600
#: What is edited: the words that stand there, and those in their place, with a digit or letter of the round.
EDITS = {
    "a cell of facts.csv": (
        "data/article/facts.csv",
        "ICE offices,29,stated,,29 people",
        "ICE offices,3{0},stated,,3{0} people",
    ),
    "a cell of sources.csv": ("data/sources/sources.csv", "AP rolling", "AP{1} rolling"),
    "a cell of timeline.csv": ("data/context/timeline.csv", "The ship Golden", "The{1} ship Golden"),
    "a cell of a notebook": ("notebooks/2-timeline.ipynb", r"left=\"Dated in", r"left=\"Dated{1} in"),
    "a sentence of index.qmd": ("index.qmd", "so-called sanctuary", "so-called{1} sanctuary"),
    "a rule of style.css": ("theme/style.css", "padding: 0 1.1rem", "padding: 0 1.{0}5rem"),
}
#: The page's version, which the preview's script bears, in a document that can be seen.
SHOWN = """before => {
  const script = document.querySelector("script[data-version]");
  const seen = script && document.readyState !== "loading" && script.dataset.version;
  return seen && seen !== before ? seen : null;
}"""


def measure(path: str, rounds: int) -> dict[str, Any]:
    """Return the number of rounds, and by kind of edit the seconds until the checked page is on the screen.

    Parameters
    ----------
    path : str
        The browser.
    rounds : int
        How often each kind of edit is made, nine times at most.

    Raises
    ------
    SystemExit
        If an edit is refused: the time would be that of something else.
    """
    with tempfile.TemporaryDirectory() as folder, chromium.starter(path) as start:
        project = Project(Path(folder) / "copy")
        shutil.copytree(ROOT, project.root, ignore=LEFT_OUT)
        # The library runs from elsewhere, so that an edit of its theme in the copy would change nothing.
        project.theme.mkdir(exist_ok=True)
        shutil.copy(THEME / "style.css", project.theme)
        messages: queue.Queue[dict[str, Any]] = queue.Queue()
        session = Session(project, 0, lambda line: None, messages.put)
        try:
            session.start()
            list(_until_quiet(messages))
            page = start().new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
            page.goto(session.address)
            edits = {}
            for name, (file, *words) in EDITS.items():
                edits[name] = _rounds(page, project.root / file, *words, messages, rounds)
                print(f"{name}: {edits[name]}", flush=True)
            return {"rounds": rounds, "edits": edits}
        finally:
            session.close()


def _rounds(
    page: Page, path: Path, old: str, new: str, messages: queue.Queue[dict], rounds: int
) -> dict[str, Any]:
    text, shown = path.read_text(encoding="utf-8"), []
    if old not in text:
        raise SystemExit(f"bench: {path.name} does not say {old!r} any more")
    for number in range(rounds):
        time.sleep(BETWEEN)
        before = page.wait_for_function(SHOWN, arg="").json_value()
        began = time.perf_counter()
        _save(path, text.replace(old, new.format(number, "rstuvwxyz"[number])))
        page.wait_for_function(SHOWN, arg=before, timeout=LONGEST * 1000)
        shown.append(time.perf_counter() - began)
        list(_until_quiet(messages))
    time.sleep(BETWEEN)
    _save(path, text)
    list(_until_quiet(messages))
    return {
        "median_s": round(statistics.median(shown), 2),
        "most_s": round(max(shown), 2),
    }


def _save(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _until_quiet(messages: queue.Queue[dict]) -> Iterator[dict[str, Any]]:
    """Yield the worker's messages as they come, until an edit is done with."""
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
    """Measure, and write the numbers into ``bench/results.json`` and the table into ``bench/README.md``."""
    parser = argparse.ArgumentParser(prog="python -m bench.preview", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="edits of each kind, nine at most (default: 5)")
    rounds = min(parser.parse_args().runs, 9)
    path = chromium.find()
    if path is None:
        raise SystemExit(f"bench: {chromium.MISSING}")
    table.record("preview", measure(path, rounds))
    print(f"{os.cpu_count()} processors, load {', '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
