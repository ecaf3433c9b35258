"""Lock files, so that two processes do not do the same work at once."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from explainer.system.files import refused

# Windows has no such locks: there, users have to wait themselves.
if sys.platform != "win32":
    import fcntl


@contextmanager
def hold(path: Path, name: str | None = None) -> Iterator[bool]:
    """Hold the lock file `path`; the system releases it when the process ends, however it ends.

    Parameters
    ----------
    path : Path
        The lock file.
    name : str, optional
        Its name in faults (default: `path`).

    Yields
    ------
    bool
        Whether the lock is ours; False if another process holds it.

    Raises
    ------
    Fault
        If the file cannot be created.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "w", encoding="utf-8")  # noqa: SIM115  (the block below closes it)
    except OSError as error:
        raise refused(error, name or str(path)) from error
    with file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        yield True


@contextmanager
def hold_soon(path: Path, seconds: float) -> Iterator[bool]:
    """Hold a lock file as `hold` does, waiting up to so many seconds for another process."""
    end = time.monotonic() + seconds
    while True:
        with hold(path) as is_ours:
            if is_ours or time.monotonic() > end:
                yield is_ours
                return
        time.sleep(0.05)


@contextmanager
def wait_and_hold(path: Path, on_wait: Callable[[], object], name: str | None = None) -> Iterator[None]:
    """Wait until no other process holds a lock file, then hold it; call `on_wait` before waiting."""
    has_waited = False
    while True:
        with hold(path, name) as is_ours:
            if is_ours:
                yield
                return
        if not has_waited:
            on_wait()
            has_waited = True
        time.sleep(0.1)
