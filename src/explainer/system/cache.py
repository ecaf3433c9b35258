"""A cache, kept between builds, of slow results that depend only on their inputs."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from explainer.system.errors import Fault
from explainer.system.files import write_bytes
from explainer.system.project import Project

Inputs = Iterable[str | bytes]


class Cache:
    """Files in ``_build/cache``, each named by a hash of its inputs; safe to use from several threads.

    Parameters
    ----------
    project : Project
        The project.
    """

    def __init__(self, project: Project) -> None:
        self._folder = project.build / "cache"
        self._used: set[str] = set()
        self._kinds: set[str] = set()
        self._lock = threading.Lock()

    def get(self, kind: str, inputs: Inputs | Callable[[], Inputs], make: Callable[[], bytes]) -> bytes:
        """Return the result of `make`, or the cached one if an earlier build had the same inputs.

        Parameters
        ----------
        kind : str
            The kind of result, as the start of a file name.
        inputs : iterable of str or bytes, or a function that returns it
            Everything the result depends on, including library versions. Pass a function if `make` reads
            files: it is called again afterward, and the result is not cached if they changed meanwhile.
        make : callable
            Computes the result. Exceptions are not cached.
        """
        name = f"{kind}-{_digest(inputs)}"
        with self._lock:
            self._used.add(name)
            self._kinds.add(kind)
        path = self._folder / name
        if (cached := _read(path)) is not None:
            return cached
        content = make()
        if not callable(inputs) or name == f"{kind}-{_digest(inputs)}":
            # The content's own hash comes first, so that a file damaged later is detected.
            # A folder that is closed, or full, is no fault until a result has to go there.
            with suppress(Fault):
                write_bytes(path, hashlib.sha256(content).digest() + content)
        return content

    def sweep(self) -> None:
        """Remove results that this build did not use, of the kinds that it did."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            kind = path.name.rpartition("-")[0]
            if kind in self._kinds and path.name not in self._used:
                path.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """Return a cached result; None if it is missing or damaged."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    content = stored[32:]
    return content if stored[:32] == hashlib.sha256(content).digest() else None


def _digest(inputs: Inputs | Callable[[], Inputs]) -> str:
    digest = hashlib.sha256()
    for part in inputs() if callable(inputs) else inputs:
        content = part.encode() if isinstance(part, str) else part
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:32]
