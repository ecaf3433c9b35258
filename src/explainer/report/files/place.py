"""Where the files beside the pages wait until a report is put together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from explainer.system.files import write_bytes
from explainer.system.project import Project


def folder(project: Project) -> Path:
    """Return that folder, laid out as in the report."""
    return project.build / "files"


def place(where: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` into a folder, and remove whatever else is in it."""
    for path in sorted(where.rglob("*"), reverse=True) if where.is_dir() else ():
        if path.is_file() and path.relative_to(where).as_posix() not in files:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, content in files.items():
        write_bytes(where / name, content)


def copy(project: Project, into: Path) -> None:
    """Put the files into a report."""
    where = folder(project)
    for path in sorted(where.rglob("*")):
        if path.is_file():
            write_bytes(into / path.relative_to(where), path.read_bytes())
