"""Bringing a story to the installed library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from explainer.data import description
from explainer.system import extension, files, transaction
from explainer.system.errors import Caution
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
    with transaction.lock(project):
        contents: dict[Path, bytes | None] = {}
        for path in (project.pyproject, project.root / "environment.yml"):
            if path.is_file():
                contents[path] = _PIN.sub(rb"\g<1>" + version().encode(), path.read_bytes())
        if not description.is_current(project):
            contents[project.package] = description.to_json(description.compose(project)).encode("utf-8")
        if quarto or extension.folder(project).is_dir():
            contents |= extension.contents(project)
        changed = {path: content for path, content in contents.items() if files.read(path) != content}
        if changed:
            transaction.replace(project, changed, "The update of the story")
    names = map(project.relative, changed)
    yield from dict.fromkeys(
        extension.FOLDER if name.startswith(f"{extension.FOLDER}/") else name for name in names
    )
