"""How long the report takes to build, beside a page of the same charts that Quarto builds from a notebook.

``python -m bench.build`` measures this alone. It works on copies of the project, in turns, so that whatever
else the machine does meets all of them. Seconds are of the whole command, from outside.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import ROOT, stock, table
from explainer.engines import quarto
from explainer.system.project import Project

IGNORED = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "__pycache__", "_build", "_report", "tests", "bench"
)
RENDER = [sys.executable, "-c", "from explainer.cli import main; main()", "render", "--engine", "pandoc"]
#: The edit of one fact: a line of the fact sheet, before and after.
FACT = ("data/article/facts.csv", "ICE offices,29,stated,,29 people", "ICE offices,{0},stated,,{0} people")
#: A script for `_quarto.yml` that notes how long each step takes.
STEP = """\
import subprocess, sys, time
begin = time.perf_counter()
code = subprocess.run([sys.executable, "src/explainer/theme/step.py", *sys.argv[1:]]).returncode
with open("_build/seconds.txt", "a") as file:
    file.write(f"{time.perf_counter() - begin}\\n")
sys.exit(code)
"""


def measure(rounds: int) -> dict[str, Any]:
    """Return the number of rounds, how the stock page is made, and the median seconds of each build.

    Parameters
    ----------
    rounds : int
        How often each is built.

    Raises
    ------
    SystemExit
        If a build fails: the time would be that of something else.
    """
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "report")
        shutil.copytree(ROOT, project.root, ignore=IGNORED)
        path = quarto.find(project)
        builds: dict[str, Callable[[int], float]] = {
            "anew": lambda number: _anew(project),
            "nothing": lambda number: _run(RENDER, project.root),
            "fact": lambda number: _edited(project, number),
        }
        if path is not None:
            page = Path(folder) / "stock"
            by_quarto = Project(Path(folder) / "quarto")
            shutil.copytree(ROOT, by_quarto.root, ignore=IGNORED)
            _time_steps(by_quarto)
            _run(_render(path), by_quarto.root)
            builds["steps"] = lambda number: _steps(path, by_quarto)
        for number in range(rounds):
            for name, build in builds.items():
                seconds.setdefault(name, []).append(build(number))
                print(f"{number + 1}/{rounds} {name}: {seconds[name][-1]:.1f} s", flush=True)
            if path is not None:
                if not page.exists():
                    stock.notebook(project, page)
                seconds.setdefault("stock", []).append(_run(_render(path), page))
                print(f"{number + 1}/{rounds} stock: {seconds['stock'][-1]:.1f} s", flush=True)
    return {
        "rounds": rounds,
        "quarto": quarto.version(path) if path is not None else None,
        "seconds": {name: round(statistics.median(values), 2) for name, values in seconds.items()},
    }


def _run(command: list[str], folder: Path) -> float:
    """Return the seconds that a command takes."""
    # With compiled modules, as on most machines.
    ignored = (quarto.DONE, "PYTHONDONTWRITEBYTECODE")
    environment = {key: value for key, value in os.environ.items() if key not in ignored}
    begin = time.perf_counter()
    result = subprocess.run(
        command, cwd=folder, env=environment | {"QUARTO_PYTHON": sys.executable},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - begin
    if result.returncode != 0:
        raise SystemExit(result.stdout + result.stderr)
    return seconds


def _render(path: Path) -> list[str]:
    return [str(path), "render"]


def _anew(project: Project) -> float:
    """Build as after ``make clean``."""
    for folder in (project.build, project.report):
        shutil.rmtree(folder, ignore_errors=True)
    project.variables.unlink(missing_ok=True)
    return _run(RENDER, project.root)


def _edited(project: Project, number: int) -> float:
    """Build after one fact was changed, and leave the report as it was before."""
    file, old, new = FACT
    path = project.root / file
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"bench: {file} does not have {old!r} any more")
    path.write_text(text.replace(old, new.format(31 + number)), encoding="utf-8")
    seconds = _run(RENDER, project.root)
    path.write_text(text, encoding="utf-8")
    _run(RENDER, project.root)
    return seconds


def _time_steps(project: Project) -> None:
    """Let the steps that Quarto calls note how long they take."""
    (project.root / "tools/timed.py").write_text(STEP, encoding="utf-8")
    text = project.quarto_yml.read_text(encoding="utf-8")
    timed, changes = re.subn(r"src/explainer/theme/step\.py", "tools/timed.py", text)
    assert changes, "_quarto.yml names the steps otherwise"
    project.quarto_yml.write_text(timed, encoding="utf-8")
    project.build.mkdir()


def _steps(path: Path, project: Project) -> float:
    """Return the seconds of both steps in a plain ``quarto render`` with nothing changed."""
    notes = project.build / "seconds.txt"
    notes.unlink()
    _run(_render(path), project.root)
    return sum(map(float, notes.read_text(encoding="utf-8").split()))


def main() -> None:
    """Measure, and write the numbers into ``bench/results.json`` and the table into ``bench/README.md``."""
    table.record("build", measure(3))
    print(f"{os.cpu_count()} processors, load {', '.join(f'{one:.1f}' for one in os.getloadavg())}")


if __name__ == "__main__":
    main()
