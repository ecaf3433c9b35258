"""A command killed at any change of a file leaves all as before or as after for whoever reads next."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import injection
import mini
from explainer.build import stage
from explainer.engines import program
from explainer.system import extension
from explainer.system.errors import Fault
from explainer.system.files import read
from explainer.system.processes import is_alive
from explainer.system.project import Project
from program import COMMAND, explain

CORRECT = (
    "correct",
    "apples",
    "--to",
    "31",
    "--exact",
    "sold 31 crates",
    "--reason",
    "A slip.",
    "--on",
    "2031-06-02",
)


def damaged_lines(project: Project) -> None:
    """Write two tables with the line ends of another system."""
    for name in ("sources/sources.csv", "sources/questions.csv"):
        path = project.data / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def new_fact(project: Project) -> None:
    path = project.data / "article/facts.csv"
    row = "rain,3,claim,It rained,rained,stated,,it rained,,,,,,,\n"
    path.write_text(path.read_text(encoding="utf-8") + row, encoding="utf-8")


def older_story(project: Project) -> None:
    """Make it a story of an older library."""
    mini.write(project.pyproject, '[project]\nname = "mini"\ndependencies = ["news-explainer==0.0.1"]\n')
    mini.write(extension.folder(project) / "filters/gone.lua", "-- no longer part of it\n")
    mini.write(extension.folder(project) / "filters/report.lua", "-- old\n")


#: Each command, what is done to the project before, and at most how many of its changes it is killed at.
COMMANDS = {
    "correct": (CORRECT, lambda project: None, 100),
    "publish": (("publish",), new_fact, 8),
    "fix": (("check", "--fix"), damaged_lines, 8),
    "run": (
        ("run", "--force"),
        lambda project: mini.edit(project.data / "article/facts.csv", *mini.SOLD_31),
        12,
    ),
    "update": (("update", "--quarto"), older_story, 8),
    "export": (("export", "csv", "json", "--output", "out"), lambda project: None, 6),
}


def state(project: Project) -> dict[str, bytes]:
    """Return every file that is no work file and not of the report."""
    return {
        name: content
        for name, content in mini.snapshot(project.root).items()
        if not name.startswith(("_build/", "_report/")) and "__pycache__" not in name
    }


@pytest.fixture(scope="module")
def base(rendered, tmp_path_factory) -> Project:
    return mini.copy_of(rendered, tmp_path_factory.mktemp("killed") / "mini")


def points(changes: list[str], most: int) -> list[int]:
    """Return the numbers of the changes at which to kill: those of what people have, and of the journal."""
    paths = [change.split(" ", 1)[1] for change in changes]
    first = [
        number
        for number, path in enumerate(paths, start=1)
        if not path.startswith("_build") or path.startswith("_build/edit")
    ]
    return first[:: max(1, len(first) // most)][: most + 1]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_killed_command_is_finished_or_undone_by_the_next(base, tmp_path, name):
    arguments, prepare, most = COMMANDS[name]
    begun = mini.copy_of(base, tmp_path / "begun")
    prepare(begun)
    before = state(begun)
    done = mini.copy_of(begun, tmp_path / "done")
    changes = injection.changes(done, *arguments)
    after = state(done)
    assert after != before
    outcomes = []
    for point in points(changes, most):
        project = mini.copy_of(begun, tmp_path / f"killed-{point}")
        killed = injection.run(project, injection.KILL, point, *arguments)
        assert killed.returncode in (-9, 0)
        checked = explain(project, "check")
        assert "Traceback" not in checked.stderr
        now = state(project)
        outcome = "before" if now == before else "after" if now == after else None
        if name == "run" and outcome is None:
            # Each notebook is whole with its own tables; those of one may be new and of the other old.
            outcome = "after" if all(now[file] in (before.get(file), after[file]) for file in now) else None
        assert outcome, (changes[point - 1], now.keys() ^ before.keys())
        assert not [name for name in now if name.endswith(".part")], changes[point - 1]
        assert not (project.build / "edit").exists()
        if "interrupted" in checked.stderr:
            assert "had been interrupted and is finished now" in checked.stderr
        outcomes.append(outcome)
        shutil.rmtree(project.root, ignore_errors=True)
    assert len(outcomes) >= min(most, 5)
    assert "before" in outcomes
    if name != "run":
        assert "after" in outcomes
    print(f"{name}: killed at {len(outcomes)} changes, {outcomes.count('before')} before")


def test_a_new_story_is_there_with_its_first_commit_or_not_at_all(tmp_path):
    done = Project(tmp_path / "done")
    done.root.mkdir()
    changes = injection.changes(done, "new", "ferry")
    whole = set(mini.snapshot(done.root / "ferry")) - {".git/index"}
    renamed = next(number for number, change in enumerate(changes, 1) if change == "os.rename ferry")
    for point in [1, renamed // 3, renamed - 1, renamed, len(changes) + 1]:
        place = Project(tmp_path / str(point))
        place.root.mkdir()
        injection.run(place, injection.KILL, point, "new", "ferry")
        assert explain(place, "check").returncode == 1 or (place.root / "ferry").exists()
        left = [path.name for path in place.root.iterdir()]
        assert left == (["ferry"] if point > renamed else []), changes[point - 1]
        if left:
            assert set(mini.snapshot(place.root / "ferry")) >= {name for name in whole if ".git/" not in name}
            assert (place.root / "ferry/.git/refs").is_dir()


def killed_when(project: Project, is_time: Callable[[], bool], *arguments: str, **environment: str) -> None:
    """Start the program, and kill it, but nothing that it has started, once it is time."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=project.root,
        env=mini.without_quarto() | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        wait_until(lambda: is_time() or process.poll() is not None)
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)


def wait_until(is_time: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_time():
        assert time.monotonic() < end
        time.sleep(0.02)


def slow_program(folder: Path, at_once: str, then: str) -> str:
    """Write a program and return its path.

    It does `at_once`, which may end it; else it notes in ``begun`` that it began, waits for a file ``go`` (a
    minute or two), does `then`, and notes in ``ended`` that it did.
    """
    path = folder / "program"
    wait = f"echo >> {folder}/begun; for _ in $(seq 1000); do [ -e {folder}/go ] && break; sleep 0.1; done"
    path.write_text(f"#!/bin/sh\n{at_once}\n{wait}\n{then}\necho >> {folder}/ended\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def let_it_end(folder: Path) -> None:
    """Let every program of `slow_program` that waits come to its end."""
    assert not (folder / "ended").exists()
    (folder / "go").touch()
    wait_until(lambda: (read(folder / "ended") or b"") == (folder / "begun").read_bytes())


def test_a_pandoc_that_outlives_its_build_changes_nothing(report, tmp_path):
    pandoc = f'{program.path()} "$@"'
    slow = slow_program(tmp_path, f'case "$*" in *--standalone*) ;; *) exec {pandoc};; esac', pandoc)
    mini.edit(report.index, "and it's a pity", "which is a pity")
    killed_when(report, (tmp_path / "begun").exists, "render", "--engine", "pandoc", PYPANDOC_PANDOC=slow)
    before = mini.snapshot(report.root)
    let_it_end(tmp_path)
    assert mini.snapshot(report.root) == before


def test_a_kernel_ends_with_its_run_and_changes_nothing(report, tmp_path):
    begun = tmp_path / "begun"
    code = (
        f"import os, pathlib, time; pathlib.Path({str(begun)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    mini.notebook(report.notebooks / "1-crates.ipynb", [*mini.CRATES[:2], code, *mini.CRATES[2:]])
    killed_when(report, lambda: begun.exists() and begun.read_text() != "", "run")
    before = mini.snapshot(report.root)
    wait_until(lambda: not is_alive(int(begun.read_text())))
    assert mini.snapshot(report.root) == before


def test_a_quarto_that_outlives_its_build_keeps_others_out_and_what_it_leaves_is_removed(report, tmp_path):
    at_once = 'if [ "$1" = --version ]; then echo 1.10.18; exit; fi'
    slow = slow_program(tmp_path, at_once, "echo late > index.html; echo late > index.typ")
    killed_when(report, (tmp_path / "begun").exists, "render", "--engine", "quarto", QUARTO_PATH=slow)
    before = mini.snapshot(report.report)
    refused = explain(report, "render", "--engine", "pandoc")
    assert refused.returncode == 1
    assert refused.stderr.startswith("_build/render.lock: another render is at work on this project.")
    let_it_end(tmp_path)
    time.sleep(0.2)  # a moment for the system to close its files
    checked = explain(report, "check")
    assert checked.stderr == (
        "A build was interrupted. The report is whole: the one before it, or the one it made.\n"
    )
    assert not (report.root / "index.html").exists() and not (report.root / "index.typ").exists()
    assert mini.snapshot(report.report) == before
    assert explain(report, "check").stderr == ""


def test_an_edit_that_cannot_be_finished_lets_nobody_read_its_half(base, tmp_path):
    project = mini.copy_of(base, tmp_path / "mini")
    rehearsed = mini.copy_of(base, tmp_path / "rehearsed")
    changes = injection.changes(rehearsed, *CORRECT)
    second = [
        number for number, change in enumerate(changes, 1) if change == "os.rename data/article/facts.csv"
    ]
    assert injection.run(project, injection.KILL, second[0], *CORRECT).returncode == -9
    assert (project.build / "edit/journal.json").exists()
    checked = injection.run(project, injection.FULL, 5, "check")
    assert checked.returncode == 1
    assert checked.stderr == (
        "data/article/facts.csv: cannot be written: No space left on device, so that an edit that was"
        " interrupted is not finished. Mend that; the next command finishes it.\n"
    )
    assert "is finished now" in explain(project, "check").stderr
    assert state(project) == state(rehearsed)


def test_a_report_that_is_a_link_is_refused_twice_with_nothing_changed(report):
    folder = report.root / "www"
    report.report.rename(folder)
    report.report.symlink_to(folder)
    before = mini.snapshot(folder)
    for _ in range(2):
        done = explain(report, "render", "--engine", "pandoc")
        assert done.returncode == 1
        assert done.stderr.startswith(
            "_report: is a link, and a report takes the place of the last one whole"
        )
        assert report.report.is_symlink()
    assert mini.snapshot(folder) == before


def test_data_may_be_a_link(report, tmp_path):
    shutil.move(report.data, tmp_path / "data")
    report.data.symlink_to(tmp_path / "data")
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stderr
    assert "31 crates later" in (report.report / "index.html").read_text(encoding="utf-8")
    assert report.data.is_symlink()


def test_work_files_that_are_a_link_are_refused(report, tmp_path):
    for target in (tmp_path, report.root / "gone"):
        if report.build.is_symlink():
            report.build.unlink()
        shutil.rmtree(report.build, ignore_errors=True)
        report.build.symlink_to(target)
        with pytest.raises(Fault, match="is a link, and Typst"):
            stage.refuse_links(report)
        done = explain(report, "render", "--engine", "pandoc")
        assert (done.returncode, done.stderr.split(",")[0]) == (1, "_build: is a link")


def test_what_killed_commands_left_is_swept_by_any_other(report, tmp_path):
    gone, alive = "4194399", str(os.getpid())
    places = {
        tmp_path / f"explainer-{gone}-0abc": False,
        tmp_path / f"explainer-{alive}-0abc": True,
        report.root / f".ferry.{gone}-01234567.part": False,
        report.data / f"sources/.sources.csv.{gone}-01234567.part": False,
        report.data / f"sources/.sources.csv.{alive}-01234567.part": True,
        report.data / f".mine.{gone}.part": True,
    }
    for place in places:
        place.mkdir()
        (place / "file").touch()
    assert explain(report, "check", TMPDIR=str(tmp_path)).returncode == 0
    assert {place: place.exists() for place in places} == places


def test_a_run_leaves_nothing_in_the_temporary_folder(report, request):
    # Not pytest's: the path of a socket has to be short.
    folder = tempfile.TemporaryDirectory(prefix="k")
    request.addfinalizer(folder.cleanup)
    done = explain(report, "run", "--force", "2-stalls", TMPDIR=folder.name)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert not list(Path(folder.name).iterdir())
