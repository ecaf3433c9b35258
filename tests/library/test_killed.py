"""A command killed at any change of a file leaves all as before or as after for whoever reads next."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

import injection
import mini
from explainer.build import stage
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain

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
}


def state(project: Project) -> dict[str, bytes]:
    """Return every table and notebook."""
    return {
        f"{folder.name}/{name}": content
        for folder in (project.data, project.notebooks)
        for name, content in mini.snapshot(folder).items()
    }


@pytest.fixture(scope="module")
def base(rendered, tmp_path_factory) -> Project:
    return mini.copy_of(rendered, tmp_path_factory.mktemp("killed") / "mini")


def points(changes: list[str], most: int) -> list[int]:
    """Return the numbers of the changes at which to kill: those of tables, notebooks and the journal."""
    first = [
        number
        for number, change in enumerate(changes, start=1)
        if change.split(" ", 1)[1].startswith(("data/", "notebooks/", "_build/edit"))
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
        outcome = {str(before): "before", str(after): "after"}.get(str(now))
        if name == "run" and outcome is None:
            # Each notebook is whole with its own tables; those of one may be new and of the other old.
            outcome = "after" if all(now[file] in (before.get(file), after[file]) for file in now) else None
        assert outcome, (changes[point - 1], now.keys() ^ before.keys())
        assert not [*project.data.rglob("*.part"), *project.notebooks.rglob("*.part")], changes[point - 1]
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


def test_temporary_folders_of_kernels_that_were_killed_are_swept(report, request):
    # Not pytest's: the path of a socket has to be short.
    folder = tempfile.TemporaryDirectory(prefix="k")
    request.addfinalizer(folder.cleanup)
    tmp_path = Path(folder.name)
    gone, ours = tmp_path / "explainer-4194399-abc", tmp_path / f"explainer-{os.getpid()}-abc"
    for folder in (gone, ours):
        folder.mkdir()
    assert explain(report, "run", "--force", "2-stalls", TMPDIR=str(tmp_path)).returncode == 0
    assert [path.name for path in tmp_path.glob("explainer-*")] == [ours.name]
