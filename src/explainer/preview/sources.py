"""The files that the preview watches: those that people edit, without the temporary files of editors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import explainer
from explainer.system.project import THEME, Project
from explainer.verify.pictures import KINDS

LIBRARY = Path(explainer.__file__).parent
#: Pages, what they include, style sheets and pictures, beside index.qmd.
BESIDE = (".qmd", ".css", *KINDS)
#: Locks, swap files, partial copies and caches.
TEMPORARY = re.compile(
    r"^\.|^~\$|~$|^#.*#$|^4913$|\.(sw[a-z]|tmp|temp|part|bak|crdownload|pyc|lock~)$|^__pycache__$"
)


def is_source(project: Project, path: Path) -> bool:
    """Return whether a change of `path` can change the report or the library."""
    if any(TEMPORARY.search(part) for part in _below(project, path)):
        return False
    if LIBRARY in path.parents:
        return True
    if path.parent == project.root:
        files = (project.quarto_yml, project.lock, project.root / "CITATION.cff")
        return path.suffix in BESIDE or path in (*files, project.data, project.notebooks, project.theme)
    return any(folder in path.parents for folder in folders(project))


def folders(project: Project) -> list[Path]:
    """Return the folders of the project that are watched recursively."""
    return [folder for folder in (project.data, project.notebooks, project.theme) if folder.is_dir()]


def _below(project: Project, path: Path) -> tuple[str, ...]:
    for root in (LIBRARY, project.root):
        if root in path.parents:
            return path.relative_to(root).parts
    return path.parts


class Sources:
    """The hashes of all sources of the report; touching a file changes nothing.

    Parameters
    ----------
    project : Project
        The project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._hashes: dict[Path, tuple[tuple[int, int, int], str]] = {}

    def state(self) -> dict[str, str]:
        """Return the hash of each file by its path; only touched files are read again."""
        paths = [path for folder in [*folders(self._project), THEME] for path in folder.rglob("*")]
        return self._state([*paths, *self._project.root.iterdir()])

    def theme_state(self) -> dict[str, str]:
        """Return the part of `state` that is the theme: the story's own and the library's."""
        return self._state(path for folder in (self._project.theme, THEME) for path in folder.rglob("*"))

    def _state(self, paths: Iterable[Path]) -> dict[str, str]:
        state = {}
        for path in paths:
            if is_source(self._project, path) and path.is_file():
                with suppress(OSError):  # it was removed meanwhile
                    state[self._name(path)] = self._hash(path)
        return state

    def _name(self, path: Path) -> str:
        if self._project.root in path.parents:
            return self._project.relative(path)
        return f"explainer/{path.relative_to(LIBRARY).as_posix()}"

    def _hash(self, path: Path) -> str:
        stat = path.stat()
        state = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        before = self._hashes.get(path)
        if before is None or before[0] != state:
            self._hashes[path] = before = (state, hashlib.sha256(path.read_bytes()).hexdigest())
        return before[1]
