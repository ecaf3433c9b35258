"""The two sides of a comparison: the content of the report at a revision or in a folder, ready to be built.

The content of a side is its data, its notebooks and its prose. Theme, lock and library are those of the
current project on both sides, so that every difference is one of content. Each side is copied below
``_build/diff``, into a folder named by a hash of all that goes into it, so that it is built only once.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from explainer.system import fingerprint
from explainer.system.errors import Fault
from explainer.system.files import part_of, sweep_parts, write_bytes
from explainer.system.project import MARKER, Project

FOLDER = "diff"
CONTENT = ("data", "notebooks", MARKER)
#: Pages of prose stand in the project's own folder.
PAGES = "*.qmd"
#: The most recently used sides that are kept.
MOST_SIDES = 6
HERE = "the working folder"


@dataclass(frozen=True)
class Side:
    """A copy of a project to be compared, and what people call it."""

    name: str
    project: Project


def side(project: Project, where: str | None) -> Side:
    """Copy one side.

    Parameters
    ----------
    project : Project
        The current project.
    where : str, optional
        A git revision, or else a folder; none: the project as it is now.

    Raises
    ------
    Fault
        If there is no such revision or folder, or it holds no report.
    """
    name = HERE if where is None else where
    files = in_folder(project.root) if where is None else _content(project, where)
    for needed in ("index.qmd", "data/datapackage.json"):
        if needed not in files:
            raise Fault(f"there is no report in {name}: it has no {needed}")
    return Side(name, _copy(project, files))


def _content(project: Project, where: str) -> dict[str, bytes]:
    """Return the content of a project at a git revision, or else in a folder, by path."""
    files = at_revision(project, where)
    if files is not None:
        return files
    root = Path(where)
    if not root.is_dir():
        raise _unknown(project, where)
    if not (root / MARKER).is_file():
        raise Fault(f"this folder is no project: it has no {MARKER}", file=where)
    return in_folder(root)


def in_folder(root: Path) -> dict[str, bytes]:
    """Return the content of the project in `root`, by path."""
    paths = [*root.glob(PAGES), *(root / part for part in CONTENT)]
    paths += [path for part in CONTENT for path in (root / part).rglob("*")]
    names = {path.relative_to(root).as_posix(): path for path in paths if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(names.items()) if _belongs(name)}


def at_revision(project: Project, revision: str) -> dict[str, bytes] | None:
    """Return the content of the project at a git revision, by path; None if git knows no such revision."""
    commit = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        return None
    # Called in the project's folder, `git archive` names files from there, wherever the checkout begins.
    archive = _git(project, "archive", "--format=tar", commit.decode().strip())
    if archive is None:
        raise Fault(f"git cannot give the files of {revision}", remedy="Run `git fsck`.")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() and _belongs(member.name) else None
            if content is not None:
                files[member.name] = content.read()
    return files


def _belongs(name: str) -> bool:
    """Return whether a file is content: neither hidden nor a compiled Python module."""
    parts = PurePosixPath(name).parts
    hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
    is_page = len(parts) == 1 and PurePosixPath(name).match(PAGES)
    return (is_page or parts[0] in CONTENT) and not hidden


def _git(project: Project, *arguments: str) -> bytes | None:
    """Return what git prints; None if it fails or is not installed."""
    try:
        result = subprocess.run(
            ["git", *arguments], cwd=project.root, capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        return None
    return result.stdout if result.returncode == 0 else None


def _unknown(project: Project, where: str) -> Fault:
    if shutil.which("git") is None:
        what, remedy = "git is not installed", "Install it, or name a folder to compare with."
    elif _git(project, "rev-parse", "--git-dir") is None:
        what, remedy = (
            "this project is in no git checkout",
            "Name a folder to compare with, or run `git init`.",
        )
    elif _git(project, "rev-parse", "--verify", "--quiet", "HEAD") is None:
        what, remedy = "nothing is committed yet", "Commit first, or name a folder to compare with."
    else:
        what, remedy = "there is no such revision, and no such folder", "`git log --oneline` lists revisions."
    return Fault(what, value=where, remedy=remedy)


def _copy(project: Project, content: Mapping[str, bytes]) -> Project:
    """Copy content and theme into a folder named by their hash, unless it exists already."""
    files = {**_theme_and_lock(project), **content}
    total = hashlib.sha256(fingerprint.environment().encode())
    for name, text in sorted(files.items()):
        total.update(name.encode() + b"\0" + hashlib.sha256(text).digest())
    folder = project.build / FOLDER / total.hexdigest()[:16]
    if not folder.is_dir():
        sweep_parts([folder.parent])
        part = part_of(folder)
        for name, text in files.items():
            write_bytes(part / name, text)
        with suppress(OSError):  # another process created it first, with the same files
            os.replace(part, folder)
        shutil.rmtree(part, ignore_errors=True)
    os.utime(folder)
    return Project(folder)


def _theme_and_lock(project: Project) -> dict[str, bytes]:
    paths = [project.lock, *project.theme.rglob("*")]
    return {
        project.relative(path): path.read_bytes()
        for path in paths
        if path.is_file() and "__pycache__" not in path.parts
    }


def existing(project: Project) -> list[Path]:
    """Return the folders of all sides, the most recently used first."""
    folders = [path for path in (project.build / FOLDER).glob("[0-9a-f]*") if path.is_dir()]
    return sorted(folders, key=lambda path: (-path.stat().st_mtime_ns, path.name))


def sweep(project: Project) -> None:
    """Remove the sides that were not used recently."""
    for path in existing(project)[MOST_SIDES:]:
        shutil.rmtree(path, ignore_errors=True)
