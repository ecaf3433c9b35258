"""Bringing a story to the installed library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explainer.data import description
from explainer.system import extension
from explainer.system.errors import Caution
from explainer.system.files import write_bytes
from explainer.system.project import Project
from explainer.system.release import DISTRIBUTION, mismatch, version

_PIN = re.compile(rf"({DISTRIBUTION}\s*==\s*)[0-9][0-9A-Za-z.]*".encode())


def update(project: Project, *, quarto: bool = False) -> Iterator[str]:
    """Write what comes from the library anew, and yield each file or folder that changed.

    Parameters
    ----------
    project : Project
        The story.
    quarto : bool
        Whether to write the filters and templates for Quarto even if the story has none yet.

    Raises
    ------
    Fault
        If the story asks for a newer library than the installed one.
    """
    found = mismatch(project)
    if found and not isinstance(found, Caution):
        raise found
    for path in (project.pyproject, project.root / "environment.yml"):
        if path.is_file():
            pinned = _PIN.sub(rb"\g<1>" + version().encode(), path.read_bytes())
            if write_bytes(path, pinned):
                yield project.relative(path)
    if description.refresh(project):
        yield project.relative(project.package)
    if (quarto or extension.folder(project).is_dir()) and extension.write(project):
        yield extension.FOLDER
