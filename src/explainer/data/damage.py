"""Damage to the text of a cell by a spreadsheet or by decoding in the wrong encoding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Marks that change the direction of what follows, up to the end of the page where they are not closed.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: What stands for something that the build puts in; in a cell, nothing would be put in.
_PLACEHOLDER = re.compile(r"\{\{<|>\}\}|\{python\}|\?var:|\?@|alt\.Chart\(|(?<![\w.])@(?:fig|tbl|sec)-\w")
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)|Err:\d+")
#: A function that is called, or a program that is (DDE), in a text that a spreadsheet takes for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r](?:.*[A-Za-z]\w*\(|.*\|.*!)", re.DOTALL)
_NO_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# UTF-8 decoded as Windows-1252: Â, Ã or â before a character that occurs in no word.
_GARBLED = re.compile("\ufffd|[\xc2\xc3][\x80-\xbf]|\xe2\x80.|\xe2[\x80-\x8f][\x80-\xbf]")
_AS_BYTES = {ord(bytes([byte]).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)}
del _AS_BYTES[0xFFFD]
_REWRITTEN_DATE = re.compile(
    r"\d{1,2}([/-])\d{1,2}\1(\d{2}|\d{4})|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|\d{1,2}-[A-Z][a-z]{2}(-(\d{2}|\d{4}))?|[A-Z][a-z]{2}-\d{2}"
)


@dataclass(frozen=True)
class Garbled:
    """Characters damaged by a conversion between encodings.

    Parameters
    ----------
    start : int
        Their position in the text.
    printed : str
        The characters as they are now.
    meant : str
        The original characters; blank if they are lost.
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
    if text.isascii() or not (match := _GARBLED.search(text.translate(_AS_BYTES))):
        return None
    meant = "" if match[0] == "\ufffd" else match[0].encode("latin-1", "replace").decode("utf-8", "replace")
    return Garbled(match.start(), text[match.start() : match.end()], meant)


def damage(cell: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the text of a cell, and what to do."""
    garbled = find_garbled(cell)
    if garbled and not garbled.meant:
        yield "a character was lost here", "Write the word again."
    elif _DIRECTION.search(cell):
        what = "holds a mark that does not show and turns the direction of the words behind it"
        yield what, "Take it out; letters that are read from right to left need none."
    elif match := _PLACEHOLDER.search(cell):
        yield f"holds {match[0]!r}, which a page cannot print", "Write it in words."
    elif _NO_CHARACTER.search(cell):
        yield "holds a character that no text has", "Write the word again."
    elif _ERROR.fullmatch(cell):
        yield "is a spreadsheet's error in place of a value", "Put back what stood here."
    elif _FORMULA.match(cell):
        yield "is a formula that a spreadsheet would run", "Begin it with a word or a “quotation mark”."
    elif garbled:
        what = f"is garbled: {garbled.printed!r} was {garbled.meant!r} before it was saved wrongly"
        yield what, "Write the word again."


def looks_rewritten(cell: str) -> bool:
    """Return whether a cell is all of a date as spreadsheets write it when they open a table.

    Examples
    --------
    >>> looks_rewritten("7/27/2018"), looks_rewritten("on 7/27/2018")
    (True, False)
    """
    return bool(_REWRITTEN_DATE.fullmatch(cell))
