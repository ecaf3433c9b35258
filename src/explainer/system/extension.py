"""The library's filters and templates in a story, as a Quarto extension: ``_extensions/explainer``.

Quarto reads them from the story's folder; the embedded engine needs none of it.
"""

from __future__ import annotations

from pathlib import Path

from explainer.system.errors import Caution
from explainer.system.project import THEME, Project
from explainer.system.release import version

FOLDER = "_extensions/explainer"
_DESCRIPTION = """\
title: Explainer
author: News Explainer
version: {version}
contributes:
  filters:
    - filters/report.lua
"""


def folder(project: Project) -> Path:
    """Return where a story has the extension."""
    return project.root / FOLDER


def files() -> dict[str, bytes]:
    """Return the content of each file of the extension, by its path in the folder."""
    themed = {path.relative_to(THEME).as_posix(): path for path in sorted(THEME.rglob("*")) if path.is_file()}
    contents = {name: path.read_bytes() for name, path in themed.items() if "__pycache__" not in name}
    return {"_extension.yml": _DESCRIPTION.format(version=version()).encode(), **contents}


def contents(project: Project) -> dict[Path, bytes | None]:
    """Return what each file of a story's extension has to hold; None for one that is no longer part of it."""
    place, current = folder(project), files()
    gone = dict.fromkeys(_present(place).keys() - current.keys())
    return {place / name: content for name, content in {**gone, **current}.items()}


def is_missing(project: Project) -> bool:
    """Return whether the story's ``_quarto.yml`` asks for the extension and there is none."""
    asked = FOLDER in project.quarto_yml.read_text(encoding="utf-8", errors="replace")
    return asked and not folder(project).is_dir()


def outdated(project: Project) -> Caution | None:
    """Return a warning if the story's extension is not that of the installed library."""
    place = folder(project)
    if not place.is_dir() or _present(place) == files():
        return None
    return Caution(
        "the filters and templates for Quarto are not those of the installed library",
        file=FOLDER,
        remedy="Renew them: explainer update",
    )


def _present(place: Path) -> dict[str, bytes]:
    paths = [path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
