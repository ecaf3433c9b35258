"""Results that take long and depend on nothing but their inputs, kept between builds."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from explainer.system.files import write_bytes
from explainer.system.project import Project

Inputs = Iterable[str | bytes]


class Cache:
    """Files in ``_build/cache``, each named by a hash of its inputs; may be used from several threads.

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
        """Return what `make` returns, from an earlier build if it had the same inputs.

        Parameters
        ----------
        kind : str
            What is made, as a file name can hold it.
        inputs : iterable of str or bytes, or a function that returns it
            Everything that the result depends on, versions of libraries included. A function where `make`
            reads files: it is called again afterward, and a result is not kept if they changed meanwhile.
        make : callable
            Makes it. What raises is not kept.
        """
        name = f"{kind}-{_digest(inputs)}"
        with self._lock:
            self._used.add(name)
            self._kinds.add(kind)
        path = self._folder / name
        if (kept := _read(path)) is not None:
            return kept
        content = make()
        if not callable(inputs) or name == f"{kind}-{_digest(inputs)}":
            # The content's own hash goes first, so that a file that was damaged later is made again.
            write_bytes(path, hashlib.sha256(content).digest() + content)
        return content

    def sweep(self) -> None:
        """Remove results of the kinds that this build asked for, but which it did not use."""
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            kind = path.name.rpartition("-")[0]
            if kind in self._kinds and path.name not in self._used:
                path.unlink(missing_ok=True)


def _read(path: Path) -> bytes | None:
    """Return a result that was kept whole; None otherwise."""
    try:
        stored = path.read_bytes()
    except OSError:
        return None
    content = stored[32:]
    return content if stored[:32] == hashlib.sha256(content).digest() else None


def _digest(inputs: Inputs | Callable[[], Inputs]) -> str:
    total = hashlib.sha256()
    for part in inputs() if callable(inputs) else inputs:
        content = part.encode() if isinstance(part, str) else part
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()[:32]
