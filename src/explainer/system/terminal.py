"""Colour, on a terminal and nowhere else."""

from __future__ import annotations

import os
import sys
from typing import TextIO

CODES = {"bold": 1, "red": 31, "green": 32, "yellow": 33, "dim": 2}


def has_colour(stream: TextIO | None = None) -> bool:
    """Return whether `stream` (default: standard output) is a terminal that may be coloured.

    It may not where ``NO_COLOR`` is set (https://no-color.org) or the terminal calls itself dumb.
    """
    stream = stream or sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, *looks: str, colour: bool) -> str:
    """Return `text` in the looks named in `CODES`, if there is to be colour."""
    if not colour or not text:
        return text
    return f"\x1b[{';'.join(str(CODES[look]) for look in looks)}m{text}\x1b[0m"
