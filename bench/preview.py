"""How long an edit takes to be on the page of a live preview: `python bench/preview.py`.

Works on a copy of the project, edits it as a person would, and prints seconds from saving to the page.
"""

from __future__ import annotations

import csv
import io
import os
import queue
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from explainer.preview.session import Session
from explainer.project import Project

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".tools", "stage", "preview", "__pycache__")
ROUNDS = 3


def main() -> None:
    """Print a row for each kind of edit: the median and the slowest of some rounds."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "copy"
        shutil.copytree(Project.find().root, root, ignore=LEFT_OUT)
        project = Project(root)
        messages: queue.Queue[dict] = queue.Queue()
        session = Session(project, 0, lambda line: None, messages.put)
        try:
            session.start()
            _until(messages, "quiet")
            print(f"{'edit':34s} {'notebooks':>9s} {'median s':>9s} {'most s':>9s}")
            for name, edit in _edits(project):
                times, ran = [], 0
                for number in range(ROUNDS):
                    time.sleep(6)  # kernels are made ready again meanwhile
                    began = time.perf_counter()
                    edit(number)
                    _until(messages, "page")
                    times.append(time.perf_counter() - began)
                    ran = len(_until(messages, "ran")["notebooks"])
                    _until(messages, "quiet")
                print(f"{name:34s} {ran:9d} {statistics.median(times):9.2f} {max(times):9.2f}", flush=True)
        finally:
            session.close()
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"{os.cpu_count()} processors, load {load}, Python {sys.version.split()[0]}")


def _edits(project: Project):
    yield "a sentence of index.qmd", lambda number: _append(project.index, f"\nEdited{'.' * number}\n")
    yield (
        "a rule of style.css",
        lambda number: _append(project.theme / "style.css", f"\n.bench-{number} {{ color: red }}\n"),
    )
    for file, column in (
        ("context/timeline.csv", "note"),
        ("sources/sources.csv", "note"),
        ("article/facts.csv", "note"),
    ):
        path = project.data / file
        yield f"a cell of {file}", lambda number, path=path, column=column: _cell(path, column, number)


def _append(path: Path, text: str) -> None:
    _save(path, path.read_text(encoding="utf-8") + text)


def _cell(path: Path, column: str, number: int) -> None:
    """Change one cell of the second row."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows[1][rows[0].index(column)] = "A note" + " more" * number
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    _save(path, text.getvalue())


def _save(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.swp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def _until(messages: queue.Queue[dict], event: str) -> dict:
    while True:
        message = messages.get(timeout=600)
        if message["event"] == "faults":
            raise SystemExit("\n".join(fault["message"] for fault in message["faults"]))
        if message["event"] == event:
            return message


if __name__ == "__main__":
    main()
