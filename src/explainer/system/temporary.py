"""One temporary folder for all that a process, and the programs it starts, write outside the project.

It bears the id of the process, so that the next command removes what a killed one has left.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from functools import cache
from multiprocessing.util import Finalize
from pathlib import Path

from explainer.system.processes import is_alive

_NAME = re.compile(r"explainer-(\d+)-[0-9a-f]{4}")
_VARIABLES = ("TMPDIR", "TEMP", "TMP")


@cache
def folder() -> Path:
    """Return the folder, which is made at the first call and removed when this process ends.

    Python's own temporary files go there from then on.
    """
    # Short, as sockets are made in it, whose paths have about a hundred characters.
    path = _place() / f"explainer-{os.getpid()}-{secrets.token_hex(2)}"
    path.mkdir(mode=0o700)
    # After `multiprocessing` has removed its own folder from it (-100).
    Finalize(None, shutil.rmtree, (path,), {"ignore_errors": True}, exitpriority=-200)
    tempfile.tempdir = str(path)
    return path


def environment() -> dict[str, str]:
    """Return the variables with which a program has its temporary files there too."""
    return dict.fromkeys(_VARIABLES, str(folder()))


def sweep() -> None:
    """Remove the folders of processes that no longer run."""
    for path in _place().glob("explainer-*-*"):
        if (match := _NAME.fullmatch(path.name)) and not is_alive(int(match[1])):
            shutil.rmtree(path, ignore_errors=True)


@cache
def _place() -> Path:
    """Return the system's folder for temporary files.

    It is the one that `tempfile` names, without its trials, which write a file to each folder.
    """
    named = [*map(os.environ.get, _VARIABLES), "/tmp" if os.name == "posix" else None]
    usable = (name for name in named if name and os.access(name, os.W_OK))
    return Path(next(usable, None) or tempfile.gettempdir()).absolute()
