"""Whatever stops a build, the last good report and all data stay whole, and a message says what happened."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import injection
import mini
from explainer.build import pipeline as rendering
from explainer.build import stage
from explainer.system import files
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import COMMAND, explain, fork

#: How many stages are tried, about evenly spread over all of them: each is the better part of a render.
MOST = 10
RENDER = ["render", "--engine", "pandoc"]


@pytest.fixture(scope="module")
def edited_once(rendered, tmp_path_factory) -> Project:
    project = mini.copy_of(rendered, tmp_path_factory.mktemp("edited") / "mini")
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    assert explain(project, "run").returncode == 0
    return project


@pytest.fixture
def edited(edited_once, tmp_path) -> Project:
    """Return the rendered report after an edit: its notebooks have run, its pages are still the old ones."""
    return mini.copy_of(edited_once, tmp_path / "mini")


@pytest.fixture(scope="module")
def points(edited_once, tmp_path_factory) -> list[int]:
    """Return the stages of a render of that report, found in a copy of it."""
    copy = mini.copy_of(edited_once, tmp_path_factory.mktemp("rehearsal") / "mini")
    points = stages(injection.changes(copy, *RENDER))
    assert len(points) >= MOST, points
    return points


class Whole:
    """The report and the data of a project as they are now, to see later that they have not changed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.before = self.now()

    def now(self) -> dict[str, dict[str, bytes]]:
        folders = (self.project.report, self.project.data, self.project.notebooks)
        return {folder.name: mini.snapshot(folder) for folder in folders}

    def check(self) -> None:
        assert self.now() == self.before


def stages(changes: list[str]) -> list[int]:
    """Return the number of the first change of each kind in each folder, and of the last change of all."""
    first: dict[tuple[str, ...], int] = {}
    for number, change in enumerate(changes, start=1):
        event, path = change.split(" ", 1)
        if event in ("open", "os.rename"):
            parts = Path(path).parts
            place = parts[:2] if len(parts) > 2 else (re.sub(r"\.\d+-[0-9a-f]{8}\.part$", "", path),)
            first.setdefault((event, *place), number)
    points = sorted({*first.values(), len(changes)})
    return points[:: max(1, len(points) // MOST)] + points[-1:]


def test_a_render_killed_at_any_stage_loses_nothing(edited, points) -> None:
    whole = Whole(edited)
    killed = 0
    for point in points:
        done = injection.run(edited, injection.KILL, point, *RENDER)
        if done.returncode == 0:
            break  # what an earlier attempt has left need not be made again, so that fewer changes are made
        assert done.returncode == -9
        killed += 1
        assert "31 crates later" in (edited.report / "index.html").read_text() or whole.now() == whole.before
        assert mini.snapshot(edited.data) == whole.before["data"]
    assert killed >= MOST - 2
    done = explain(edited, *RENDER)
    assert done.returncode == 0, done.stderr
    assert "31 crates later" in (edited.report / "index.html").read_text()
    assert not list(edited.data.rglob("*.part")) and not list(edited.root.glob("*.part"))
    assert not (edited.build / "previous").exists() and not stage.folder(edited).exists()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (injection.FULL, "cannot be written: No space left on device. There is no room: free some space"),
        (injection.READ_ONLY, "cannot be written: Read-only file system. Check the permissions"),
    ],
)
def test_a_render_that_may_not_write_says_so_at_any_stage(edited, points, error: int, said: str) -> None:
    whole = Whole(edited)
    for point in points if error == injection.FULL else points[::3]:
        done = injection.run(edited, error, point, *RENDER)
        if done.returncode == 0:
            break
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr and said in done.stderr, done.stderr
        whole.check()
    assert explain(edited, *RENDER).returncode == 0
    assert "31 crates later" in (edited.report / "index.html").read_text()


def test_without_an_exchange_of_folders_a_kill_between_the_moves_is_mended(report, monkeypatch) -> None:
    whole = Whole(report)
    shutil.copytree(report.report, stage.folder(report))
    monkeypatch.setattr(stage, "exchange", lambda one, other: False)
    moves = []

    def move(source, target) -> None:
        moves.append(target)
        if len(moves) == 2:
            raise KeyboardInterrupt
        os.rename(source, target)

    monkeypatch.setattr(stage.os, "replace", move)
    with pytest.raises(KeyboardInterrupt):
        stage.replace_report(report)
    monkeypatch.undo()
    assert not report.report.exists()
    stage.fresh(report)
    whole.check()


def test_folders_are_exchanged_in_one_step(tmp_path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not stage.exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this system cannot exchange two folders in one step")
    assert (tmp_path / "a/b").exists() and (tmp_path / "b/a").exists()


def test_a_render_beside_another_is_refused(report) -> None:
    whole = Whole(report)
    with stage.lock(report):
        done = explain(report, *RENDER)
    assert done.returncode == 1
    assert done.stderr == (
        "_build/render.lock: another render is at work on this project. "
        "Wait until it has ended, then try again.\n"
    )
    whole.check()


def test_render_run_and_fix_at_once_leave_everything_whole(report) -> None:
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    facts = report.data / "article/facts.csv"
    clean = facts.read_bytes()
    facts.write_bytes(clean.replace(b"\n", b"\r\n"))
    commands = [
        RENDER,
        ["run"],
        ["check", "--fix"],
        RENDER,
    ]
    started = [
        subprocess.Popen(
            [*COMMAND, *command],
            cwd=report.root,
            env=mini.without_quarto(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    said = [process.communicate()[1] for process in started]
    assert all(process.returncode in (0, 1) for process in started), said
    assert not any("Traceback" in text for text in said), said
    assert facts.read_bytes() == clean
    assert mini.snapshot(report.report).keys() >= {"index.html", "report.pdf"}
    assert not list(report.data.rglob("*.part"))
    done = explain(report, *RENDER)
    assert done.returncode == 0, done.stderr
    assert "31 crates later" in (report.report / "index.html").read_text()


def test_an_edit_while_the_report_is_made_is_not_mixed_in(edited) -> None:
    before = mini.snapshot(edited.report)

    def say(line: str) -> None:
        if line.startswith("Setting the PDF"):
            mini.edit(
                edited.data / "sources/questions.csv", "How many crates were sold", "How many were sold"
            )

    with pytest.raises(Fault, match="the data was changed while the report was being made"):
        rendering.render(edited, "pandoc", say)
    assert mini.snapshot(edited.report) == before
    assert explain(edited, *RENDER).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    """Return a function that mounts a file system of so many bytes, if this machine lets it."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", options, "explainer-test", str(place)]
        if (
            shutil.which("mount") is None
            or subprocess.run(command, capture_output=True, check=False).returncode
        ):
            pytest.skip(
                "this machine lets nobody mount a small file system (root may, outside most containers)"
            )
        return place

    yield mount
    subprocess.run(["umount", str(place)], capture_output=True, check=False)


def test_a_disk_that_is_really_full_or_closed_loses_nothing(edited, small_disk) -> None:
    size = sum(len(content) for content in mini.snapshot(edited.root).values())
    disk = small_disk(f"size={size + 2_500_000}")
    project = mini.copy_of(edited, disk / "mini")
    filler = disk / "filler"
    whole = Whole(project)
    for room in (0, 30_000, 300_000):
        filler.unlink(missing_ok=True)
        free = shutil.disk_usage(disk).free - room
        filler.write_bytes(b"\0" * max(0, free - free % 4096))
        done = explain(project, *RENDER)
        assert done.returncode == 1, (room, done.stdout, done.stderr)
        assert "No space left" in done.stderr or "resource exhausted" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
        whole.check()
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = explain(project, *RENDER)
    assert done.returncode == 1
    assert "Read-only file system" in done.stderr and "Traceback" not in done.stderr
    assert explain(project, "check").returncode == 0
    whole.check()


def _replace_two_files() -> None:
    injection.arm()
    files.write_all({Path("a.csv"): b"new a.csv", Path("b.csv"): b"new b.csv"})


class TestFiles:
    """One file or several are replaced in one step or not at all."""

    @pytest.fixture
    def pair(self, tmp_path) -> dict[Path, bytes]:
        for name in ("a.csv", "b.csv"):
            (tmp_path / name).write_bytes(b"old " + name.encode())
        return {tmp_path / name: b"new " * 50_000 for name in ("a.csv", "b.csv")}

    def test_a_limit_of_the_system_while_writing_leaves_all_of_them(self, pair, tmp_path) -> None:
        code = (
            "import resource, sys; from pathlib import Path; from explainer.system.files import *\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
            "try: write_all({Path('a.csv'): b'x' * 90_000, Path('b.csv'): b'x' * 200_000})\n"
            "except Fault as fault: print(fault)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith("b.csv: cannot be written: File too large. There is no room: free some")
        assert mini.snapshot(tmp_path) == {"a.csv": b"old a.csv", "b.csv": b"old b.csv"}

    def test_a_kill_at_any_change_leaves_each_of_them_whole(self, pair, tmp_path) -> None:
        seen = set()
        for point in range(1, 20):
            for path in pair:
                path.write_bytes(b"old " + path.name.encode())
            environment = os.environ | {
                "INJECT": injection.KILL,
                "INJECT_AT": str(point),
                "INJECT_ROOT": str(tmp_path),
                "INJECT_DIARY": "",
            }
            done = fork(_replace_two_files, [], cwd=tmp_path, env=environment)
            found = tuple(path.read_bytes().decode() for path in pair)
            seen.add(found)
            if done.returncode == 0:
                break
        assert done.returncode == 0 and point > 4
        assert seen == {("old a.csv", "old b.csv"), ("new a.csv", "old b.csv"), ("new a.csv", "new b.csv")}
        files.sweep_parts([tmp_path])
        assert sorted(mini.snapshot(tmp_path)) == ["a.csv", "b.csv"]

    def test_a_link_stays_a_link_and_a_mode_stays_a_mode(self, tmp_path) -> None:
        (tmp_path / "shared").mkdir()
        there = tmp_path / "shared/facts.csv"
        there.write_bytes(b"old")
        there.chmod(0o640)
        (tmp_path / "facts.csv").symlink_to(there)
        assert files.write_bytes(tmp_path / "facts.csv", b"new")
        assert (tmp_path / "facts.csv").is_symlink()
        assert there.read_bytes() == b"new" and there.stat().st_mode & 0o777 == 0o640
        assert not files.write_bytes(tmp_path / "facts.csv", b"new")

    @pytest.mark.parametrize(
        ("is_readable", "said"), [(True, "cannot be written"), (False, "cannot be read")]
    )
    def test_a_refusal_says_what_was_refused(self, tmp_path, monkeypatch, is_readable, said):
        (tmp_path / "facts.csv").touch()
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(files.os, "access", lambda path, mode: is_readable)
        fault = files.refused(PermissionError(13, "Permission denied", str(tmp_path / "facts.csv")))
        assert str(fault).startswith(f"facts.csv: {said}: Permission denied. Check the permissions")

    def test_what_a_running_process_writes_is_not_swept(self, tmp_path) -> None:
        own = tmp_path / f".facts.csv.{os.getpid()}-0123abcd.part"
        others = tmp_path / ".facts.csv.part"
        for path in (own, others):
            path.touch()
        files.sweep_parts([tmp_path, tmp_path / "none"])
        assert own.exists() and others.exists()


def test_a_reader_that_goes_away_is_no_fault(report) -> None:
    with subprocess.Popen(
        [*COMMAND, "check", "--format", "json"],
        cwd=report.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert said == ""
