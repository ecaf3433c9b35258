"""Starting processes of this library. Imports nothing else."""

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
