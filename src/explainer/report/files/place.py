"""Where the files beside the pages wait until a report is put together."""

from __future__ import annotations

from pathlib import Path

from explainer.system.files import write_bytes
from explainer.system.project import Project


def folder(project: Project) -> Path:
    """Return that folder, laid out as in the report."""
    return project.build / "files"


def copy(project: Project, into: Path) -> None:
    """Put the files into a report."""
    source = folder(project)
    for path in sorted(source.rglob("*")):
        if path.is_file():
            write_bytes(into / path.relative_to(source), path.read_bytes())
