"""What a report is made from, as hashes: the project's files, the library, and the rest of its inputs."""

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

#: Folders of results and of other people's code; hidden files and folders are left out too.
IGNORED = frozenset({"_build", "_report", "__pycache__", "node_modules"})
#: Variables of the environment that change what is written.
VARIABLES = ("SITE_URL", "SOURCE_DATE_EPOCH")
LIBRARY = THEME.parent


@dataclass(frozen=True)
class Fingerprint:
    """The hash of every input.

    Parameters
    ----------
    files : mapping
        Of each file of the project, by its path from the root.
    environment : str
        Of the library, Python, the installed packages and the variables in `VARIABLES`.
    """

    files: Mapping[str, str]
    environment: str

    def digest(self, *more: str) -> str:
        """Return one hash of all of them, and of `more`."""
        text = json.dumps([self.environment, self.files, more], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def take(project: Project) -> Fingerprint:
    """Return the fingerprint of a project as it is now.

    Every file counts, because a notebook or the prose may read any of them; but not what the build itself
    writes (`IGNORED`, ``_variables.yml``).
    """
    files = hashes(project.root)
    files.pop(project.relative(project.variables), None)
    return Fingerprint(files, environment())


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, by its path from there; see `IGNORED` for what is not."""
    return {path.relative_to(folder).as_posix(): of_file(path) for path in sorted(_files(folder, set()))}


def environment() -> str:
    """Return the hash of what decides a report besides the project's own files."""
    parts = [_installed(), {name: os.environ.get(name, "") for name in VARIABLES}]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _installed() -> dict[str, object]:
    """Return the library's own files and the versions of what it runs on, as the process began."""
    folders = [Path(entry) for entry in sys.path if entry and Path(entry).is_dir()]
    packages = {path.name for folder in folders for path in folder.glob("*.dist-info")}
    return {
        "library": hashes(LIBRARY),
        "packages": sorted(packages),
        "python": sys.version,
        "platform": f"{sys.platform} {platform.machine()}",
    }


def _files(folder: Path, visited: set[Path]) -> Iterator[Path]:
    """Yield every file below a folder, through links too, but each folder once."""
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
    """Return the hash of one file; for one that cannot be read, a text that is no hash."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"
