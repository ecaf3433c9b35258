"""The report built twice, each time in a folder of its own and under other circumstances."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from explainer.acceptance.finding import Finding, held, unchecked
from explainer.engines import quarto
from explainer.system import fingerprint, processes
from explainer.system.errors import Fault
from explainer.system.project import Project

VARIED = "folder, local day, locale, umask, hash seed, home, user"
#: What notebooks write beside themselves.
WRITTEN = ("notebooks", "data/tidy")
#: Characters around the first difference of two files.
AROUND = 40


@dataclass(frozen=True)
class Circumstances:
    """What may differ between two machines that build one report.

    Parameters
    ----------
    folder : str
        The name of the folder in which it is built.
    zone : str
        Time zone.
    locale : str
        Language and encoding.
    umask : int
        Which permissions new files do not get.
    seed : str
        Python's hash seed.
    user : str
        Name of the user, and of the home folder.
    """

    folder: str
    zone: str
    locale: str
    umask: int
    seed: str
    user: str

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment of a program that runs under them."""
        return os.environ | {
            "TZ": self.zone,
            "LANG": self.locale,
            "LC_ALL": self.locale,
            "PYTHONHASHSEED": self.seed,
            "HOME": str(home),
            "USER": self.user,
            "LOGNAME": self.user,
        }


# Between these two zones, the local day is never the same.
HERE = Circumstances("story", "Etc/GMT+12", "C.UTF-8", 0o022, "1", "first")
ELSEWHERE = Circumstances("another folder", "Etc/GMT-14", "C", 0o077, "2", "second")


def build(project: Project, folder: Path, under: Circumstances, engine: str) -> Project:
    """Build the report of a copy of a project, with its notebooks run anew.

    Parameters
    ----------
    project : Project
        The project; its work files are not copied.
    folder : Path
        A folder of its own, which need not exist.
    under : Circumstances
        What differs from other builds.
    engine : str
        ``quarto`` or ``pandoc``.

    Raises
    ------
    Fault
        If it cannot be built.
    """
    copy = Project(folder / under.folder)
    for name in fingerprint.take(project).files:
        path = copy.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.root / name, path)
    return render(copy, under, engine, quarto.find(project))


def render(copy: Project, under: Circumstances, engine: str, quarto_path: Path | None) -> Project:
    """Render a copy under some circumstances; errors are those of `build`."""
    home = copy.root.parent / under.user
    home.mkdir(parents=True, exist_ok=True)
    environment = under.environment(home)
    if quarto_path is not None:
        environment["QUARTO_PATH"] = str(quarto_path)
    done = subprocess.run(
        processes.command("explainer.cli", "render", "--engine", engine),
        cwd=copy.root,
        env=environment,
        umask=under.umask,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Fault(f"the report cannot be built: {done.stderr.strip() or done.stdout.strip()}")
    return copy


def same_bytes(first: Path, second: Path) -> list[str]:
    """Return how the files of two folders differ: a line for each file that does."""
    ours, theirs = _files(first), _files(second)
    lines = [f"{name}: only in one of the two" for name in sorted(ours.keys() ^ theirs.keys())]
    for name in sorted(ours.keys() & theirs.keys()):
        one, other = ours[name].read_bytes(), theirs[name].read_bytes()
        if one != other:
            lines.append(f"{name}: {_first_difference(one, other)}")
    return lines


def _files(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }


def _first_difference(one: bytes, other: bytes) -> str:
    pairs = enumerate(zip(one, other, strict=False))
    place = next((at for at, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))
    start = max(0, place - AROUND // 2)
    parts = (content[start : start + AROUND].decode("utf-8", "replace") for content in (one, other))
    return "byte {:,}: {!r}, {!r}".format(place, *parts)


def compared(project: Project, first: Project, second: Project) -> Iterator[Finding]:
    """Yield whether two builds are the same, and whether the project holds what they hold."""
    count = len(_files(first.report))
    yield held(
        f"built twice, each byte of {count:,} files the same (varied: {VARIED})",
        same_bytes(first.report, second.report),
    )
    yield _written(project, first)
    if project.report.is_dir():
        yield held("_report is the report that the sources give", same_bytes(project.report, first.report))
    else:
        yield unchecked("_report: there is none yet (explainer render)")


def _written(project: Project, built: Project) -> Finding:
    """Return whether notebooks and their tables are those of a run from the start."""
    if not any((project.data / "tidy").glob("*.csv")):
        return unchecked("notebooks: they have not run here yet (explainer run)")
    wrong = [
        f"{part}/{line}"
        for part in WRITTEN
        for line in same_bytes(project.root / part, built.root / part)
        if (project.root / part).is_dir()
    ]
    return held("notebooks and the tables they write are as a new run gives them", wrong)
