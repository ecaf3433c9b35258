"""What a spreadsheet, or a program that took a text for another encoding, did to the words of a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)|Err:\d+")
#: Characters of no text: what is left of one that was lost, and what only machines write.
_LOST = re.compile("[\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What UTF-8 looks like in Windows-1252: an Â, a Ã or an â, and characters that make no word with it.
_GARBLED = re.compile("[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\x8f][\x80-\xbf]")
_AS_BYTES = {ord(bytes([byte]).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)}


def damage(cell: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the text of a cell, and what to do."""
    if found := _LOST.search(cell):
        what = "a character was lost here" if found[0] == "\ufffd" else "holds a character that no text has"
        yield what, "Write the word again."
    elif _ERROR.fullmatch(cell):
        yield "is a spreadsheet's error in place of a value", "Put back what stood here."
    elif not cell.isascii() and (found := _GARBLED.search(cell.translate(_AS_BYTES))):
        meant = found[0].encode("latin-1").decode("utf-8", "replace")
        garbled = cell[found.start() : found.end()]
        yield f"is garbled: {garbled!r} was {meant!r} before it was saved wrongly", "Write the word again."
