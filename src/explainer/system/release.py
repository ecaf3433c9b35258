"""The release of the library: its name, the installed version, and the one that a story asks for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import metadata

from explainer.system.errors import Caution, Fault
from explainer.system.project import Project

#: The library's name on package indexes.
DISTRIBUTION = "news-explainer"
_PIN = re.compile(rf"{DISTRIBUTION}\s*==\s*([0-9][0-9.]*)", re.IGNORECASE)


@cache
def version() -> str:
    """Return the installed version."""
    return metadata.version(DISTRIBUTION)


def pinned(project: Project) -> str | None:
    """Return the version that the story's ``pyproject.toml`` asks for; None if it asks for none.

    Raises
    ------
    Fault
        If the file is not TOML.
    """
    path = project.pyproject
    if not path.is_file():
        return None
    try:
        asked = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}).get("dependencies", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault(f"is not TOML: {error}", file=project.relative(path), remedy="Mend it.") from None
    return next((match[1] for entry in asked if (match := _PIN.match(entry))), None)


def mismatch(project: Project) -> Fault | None:
    """Return what is wrong with the installed version: a fault if it is too old, a warning if it is newer."""
    asked, installed = pinned(project), version()
    if asked is None or asked == installed:
        return None
    what = f"asks for {DISTRIBUTION} {asked}, and {installed} is installed"
    file = project.relative(project.pyproject)
    if _numbers(asked) > _numbers(installed):
        return Fault(what, file=file, remedy=f"Install it: pip install {DISTRIBUTION}=={asked}")
    remedy = (
        f"`explainer update` brings the story to {installed}; pip install {DISTRIBUTION}=={asked} goes back."
    )
    return Caution(what, file=file, remedy=remedy)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
