"""Hashes of everything a report is made from: the project's files, the library and the environment."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from explainer.system.project import THEME, Project

#: Folders of results and of third-party code; hidden files and folders are skipped too.
IGNORED = frozenset({"_build", "_report", "__pycache__", "node_modules"})
#: Environment variables that change the output.
VARIABLES = ("SITE_URL", "SOURCE_DATE_EPOCH")
LIBRARY = THEME.parent
#: The folder with the configurations that codespaces open; pages lead to them.
DEV_CONTAINERS = ".devcontainer"


@dataclass(frozen=True)
class Fingerprint:
    """The hashes of all inputs.

    Parameters
    ----------
    files : mapping
        Hash of each file of the project, by its path from the root.
    environment : str
        Hash of the library, Python, the installed packages and the variables in `VARIABLES`.
    """

    files: Mapping[str, str]
    environment: str

    def digest(self, *more: str) -> str:
        """Return one hash of all inputs, and of `more`."""
        text = json.dumps([self.environment, self.files, more], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def without(self, *endings: str) -> str:
        """Return one hash of all inputs but the files whose names end so."""
        files = {path: value for path, value in self.files.items() if not path.endswith(endings)}
        return Fingerprint(files, self.environment).digest()

    def without_prose(self) -> str:
        """Return one hash of all inputs but the text of the pages."""
        return self.without(".qmd")


def take(project: Project) -> Fingerprint:
    """Return the fingerprint of a project.

    Every file counts, because a notebook or the prose may read any of them, except those that the build
    itself writes (`IGNORED`, ``_variables.yml``).
    """
    files = hashes(project.root)
    files.pop(project.relative(project.variables), None)
    hidden = hashes(project.root / DEV_CONTAINERS)
    files |= {f"{DEV_CONTAINERS}/{name}": value for name, value in hidden.items()}
    return Fingerprint(files, environment())


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file in a folder that is not `IGNORED`, by its path from there."""
    return {path.relative_to(folder).as_posix(): of_file(path) for path in sorted(_files(folder, set()))}


def environment() -> str:
    """Return the hash of everything a report depends on besides the project's files."""
    parts = [_installed(), {name: os.environ.get(name, "") for name in VARIABLES}]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _installed() -> dict[str, object]:
    """Return the hashes of the library's files and the versions of everything it runs on."""
    folders = [Path(entry) for entry in sys.path if entry and Path(entry).is_dir()]
    packages = {path.name for folder in folders for path in folder.glob("*.dist-info")}
    return {
        "library": hashes(LIBRARY),
        "packages": sorted(packages),
        "python": sys.version,
        "platform": f"{sys.platform} {platform.machine()}",
    }


def _files(folder: Path, visited: set[Path]) -> Iterator[Path]:
    """Yield every file in a folder, following links, but visiting each folder once."""
    if (real := folder.resolve()) in visited:
        return
    visited.add(real)
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in IGNORED:
            continue
        if entry.is_dir():
            yield from _files(Path(entry.path), visited)
        elif entry.is_file():
            yield Path(entry.path)


def of_file(path: Path) -> str:
    """Return the hash of a file, or ``unreadable: ...`` if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
