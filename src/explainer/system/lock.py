"""Lock files, so that two processes do not do the same work at once.

While it is held, a lock file may have a notice for others in it. One with a notice that nobody holds is left
from a process that was killed (`interrupted`).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from explainer.system.files import read, refused

# Windows has no such locks: there, users have to wait themselves.
if sys.platform != "win32":
    import fcntl


@contextmanager
def hold(path: Path, name: str | None = None, notice: str = "") -> Iterator[bool]:
    """Hold the lock file `path`; the system releases it when the process ends, however it ends.

    Programs started with ``close_fds=False`` hold it too: what outlives a killed process keeps the lock.

    Parameters
    ----------
    path : Path
        The lock file.
    name : str, optional
        Its name in faults (default: `path`).
    notice : str, optional
        What to say if this process is killed meanwhile, for `interrupted`.

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
        file = open(path, "a", encoding="utf-8")  # noqa: SIM115  (the block below closes it)
    except OSError as error:
        raise refused(error, name or str(path)) from error
    with file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
        os.set_inheritable(file.fileno(), True)
        with suppress(OSError):  # a full disk is for the work itself to meet
            os.truncate(file.fileno(), 0)
            os.write(file.fileno(), notice.encode("utf-8"))
        try:
            yield True
        finally:
            with suppress(OSError):
                os.truncate(file.fileno(), 0)


def interrupted(path: Path) -> str:
    """Return the notice of a process that was killed while it held the lock file; empty if there is none."""
    notice = (read(path) or b"").decode("utf-8", "replace")
    if notice and sys.platform != "win32":
        with hold(path) as is_ours:
            return notice if is_ours else ""
    return ""


@contextmanager
def hold_soon(path: Path, seconds: float, name: str | None = None) -> Iterator[bool]:
    """Hold a lock file as `hold` does, waiting up to so many seconds for another process."""
    end = time.monotonic() + seconds
    while True:
        with hold(path, name) as is_ours:
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
