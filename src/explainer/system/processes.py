"""Starting processes of this library, and asking for others. Imports nothing else."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `main` of a module in this interpreter.

    The working folder is taken off the import path, so that a file in it cannot hide a library.
    """
    start = f"import sys; del sys.path[0]; from {module} import main; main()"
    return [sys.executable, "-c", start, *arguments]


def claim_stdout() -> TextIO:
    """Return standard output, and redirect whatever libraries print from now on to standard error."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stream


def is_alive(process: int) -> bool:
    """Return whether a process of this id runs; on Windows, which cannot be asked so, always true."""
    if os.name == "nt":  # where signal 0 is Ctrl-C
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
