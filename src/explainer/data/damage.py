"""What a spreadsheet, or a program that took a text for another encoding, did to the words of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)|Err:\d+")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# UTF-8 that was read as Windows-1252, by its first byte: an Â, a Ã or an â before a character of no word.
_GARBLED = re.compile("\ufffd|[\xc2\xc3][\x80-\xbf]|\xe2\x80.|\xe2[\x80-\x8f][\x80-\xbf]")
_AS_BYTES = {ord(bytes([byte]).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)}
del _AS_BYTES[0xFFFD]


@dataclass(frozen=True)
class Garbled:
    """Characters that a conversion between encodings has spoilt.

    Parameters
    ----------
    start : int
        Where they stand in the text.
    printed : str
        The characters as they are now.
    meant : str
        What they were; blank where that is lost.
    """

    start: int
    printed: str
    meant: str


def find_garbled(text: str) -> Garbled | None:
    """Return the first characters of `text` that were lost or decoded in the wrong encoding.

    Examples
    --------
    >>> find_garbled("CafÃ©")
    Garbled(start=3, printed='Ã©', meant='é')
    """
    if text.isascii() or not (found := _GARBLED.search(text.translate(_AS_BYTES))):
        return None
    meant = "" if found[0] == "\ufffd" else found[0].encode("latin-1", "replace").decode("utf-8", "replace")
    return Garbled(found.start(), text[found.start() : found.end()], meant)


def damage(cell: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the text of a cell, and what to do."""
    garbled = find_garbled(cell)
    if garbled and not garbled.meant:
        yield "a character was lost here", "Write the word again."
    elif _NO_CHARACTER.search(cell):
        yield "holds a character that no text has", "Write the word again."
    elif _ERROR.fullmatch(cell):
        yield "is a spreadsheet's error in place of a value", "Put back what stood here."
    elif garbled:
        what = f"is garbled: {garbled.printed!r} was {garbled.meant!r} before it was saved wrongly"
        yield what, "Write the word again."
