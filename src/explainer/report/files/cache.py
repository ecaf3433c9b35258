"""Results that take long and depend on nothing but what goes in, kept between builds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from explainer.system.files import write_bytes
from explainer.system.project import Project


class Cache:
    """Files in ``_build/cache``, each named by what it was made of.

    Parameters
    ----------
    project : Project
        The project.
    """

    def __init__(self, project: Project) -> None:
        self._folder = project.build / "cache"
        self._used: set[str] = set()

    def get(self, kind: str, inputs: Iterable[str | bytes], make: Callable[[], bytes]) -> bytes:
        """Return what `make` makes, from the last build if the same inputs made it then.

        Parameters
        ----------
        kind : str
            What is made, as a file name can hold it.
        inputs : iterable of str or bytes
            Everything that the result depends on, versions of libraries included.
        make : callable
            Makes it.
        """
        total = hashlib.sha256()
        for part in inputs:
            content = part.encode() if isinstance(part, str) else part
            total.update(hashlib.sha256(content).digest())
        name = f"{kind}-{total.hexdigest()[:32]}"
        self._used.add(name)
        path = self._folder / name
        if path.is_file():
            return path.read_bytes()
        content = make()
        write_bytes(path, content)
        return content

    def sweep(self) -> None:
        """Remove what this build had no use for."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.name not in self._used:
                path.unlink()
