"""Colored text on terminals."""

from __future__ import annotations

import os
import sys
from typing import TextIO

CODES = {"bold": 1, "red": 31, "green": 32, "yellow": 33, "dim": 2}


def has_color(stream: TextIO | None = None) -> bool:
    """Return whether `stream` (default: standard output) is a terminal that shows colors.

    It does not if ``NO_COLOR`` is set (https://no-color.org) or ``TERM`` is ``dumb``.
    """
    stream = stream or sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def paint(text: str, *styles: str, color: bool) -> str:
    """Return `text` in styles of `CODES`, if `color` is true."""
    if not color or not text:
        return text
    return f"\x1b[{';'.join(str(CODES[style]) for style in styles)}m{text}\x1b[0m"
