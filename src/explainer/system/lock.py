"""Keeping two processes from doing the same work at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explainer.system.files import refused

# Windows has no such locks: there it is for people to wait.
if sys.platform != "win32":
    import fcntl


@contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Hold the lock file `path`; the system lets go of it when the process ends, however it ends.

    Yields
    ------
    bool
        Whether it is ours: not when another process holds it.

    Raises
    ------
    Fault
        If the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "w", encoding="utf-8")  # noqa: SIM115  (the block below closes it)
    except OSError as error:
        raise refused(error, str(path)) from error
    with file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        yield True
