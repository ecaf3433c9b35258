"""Processes of this library's own: how one is begun, and where it answers. Loads nothing else."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs `main` of a module in this interpreter.

    The folder it begins in, such as that of the notebooks, must not hide a library while it starts.
    """
    start = f"import sys; del sys.path[0]; from {module} import main; main()"
    return [sys.executable, "-c", start, *arguments]


def answers() -> TextIO:
    """Return standard output as it was; whatever a library prints from now on goes to standard error."""
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return stream
