"""The bytes of a table as text, in whatever encoding it was saved, if that can be told for certain."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from explainer.system.errors import Fault

RESAVE = "Save it again as CSV (comma separated, UTF-8)."
#: What begins a file that is no text at all, and what it is.
NO_TEXT = {
    b"PK\x03\x04": "a spreadsheet (xlsx or ods)",
    b"\xd0\xcf\x11\xe0": "a spreadsheet (xls)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_WORD_BEFORE = re.compile(r"""[^\s,;"']*$""")
_WORD_AFTER = re.compile(r"""[^\s,;"']*""")
#: Marks that stand between words or join them: in these a letter on both sides means nothing.
_JOINING = "‘’“”‚„«»‹›–—…·¸´¨­\u00a0"


@dataclass(frozen=True)
class Decoded:
    """The text of a file, and what about its bytes was not as they should be."""

    text: str
    notes: list[str]


def decode(content: bytes, file: str) -> Decoded:
    """Return the bytes of a file as text.

    UTF-8 is as it should be. A byte order mark and UTF-16 are what spreadsheets write for "Unicode", and
    leave no doubt. Windows-1252 is taken where the bytes are no UTF-8, every byte stands for a character, and
    no word comes out that another encoding would spell better.

    Raises
    ------
    Fault
        If the file is no text, or text of which one cannot tell what it says.
    """
    for start, what in NO_TEXT.items():
        if content.startswith(start):
            raise Fault(f"is {what}, not CSV", file=file, remedy="Open it and save it as CSV (UTF-8).")
    for mark, name in UTF16.items():
        if content.startswith(mark) and not content.startswith(codecs.BOM_UTF32_LE):
            try:
                return Decoded(content[len(mark) :].decode(name), ["is UTF-16 text"])
            except UnicodeDecodeError:
                raise Fault("is UTF-16 text that breaks off", file=file, remedy=RESAVE) from None
    if b"\0" in content:
        row, column = _place(content, content.index(b"\0"))
        what = "holds a character that no text has (NUL)"
        raise Fault(what, file=file, row=row, column=column, remedy=RESAVE)
    notes = ["begins with a byte order mark"] if content.startswith(codecs.BOM_UTF8) else []
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return Decoded(content.decode("utf-8"), notes)
    except UnicodeDecodeError as error:
        return Decoded(_windows(content, error.start, file), ["is Windows-1252 text"])


def _windows(content: bytes, start: int, file: str) -> str:
    """Return text that is no UTF-8, if it is Windows-1252 without a doubt."""

    def fault(what: str, place: int, value: object) -> Fault:
        row, column = _place(content, place)
        return Fault(what, file=file, row=row, column=column, value=value, remedy=RESAVE)

    if _UTF8_LETTER.search(content):
        what = "is UTF-8 text up to here, where a character is in another encoding"
        raise fault(what, start, content[start : start + 1])
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        what = "is neither UTF-8 nor Windows-1252 text"
        raise fault(what, error.start, content[error.start : error.start + 1]) from None
    for place in (place for place, char in enumerate(text) if not char.isascii()):
        if _is_odd(text, place):
            word = _WORD_BEFORE.search(text[:place])[0] + _WORD_AFTER.match(text[place:])[0]
            other = word.encode("cp1252").decode("mac-roman")
            raise fault(f"is not UTF-8 text; this is {word!r} in Windows, {other!r} on a Mac", place, word)
    return text


def _is_odd(text: str, place: int) -> bool:
    """Return whether a character looks as if read in the wrong encoding: 'cafŽ', 'donÕt', 'Stra§e'."""
    char, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if char.isalpha():
        alone = char in "ÐÑÒÓÔÕ" and not (before.isalpha() or after.isalpha())
        return alone or (char.isupper() and (before.islower() or before.isdigit()))
    return char not in _JOINING and before.isalpha() and after.isalpha()


def _place(content: bytes, offset: int) -> tuple[int, str | None]:
    """Return the row in which a byte stands, as a spreadsheet counts, and the name of its column."""
    try:
        rows = list(_rows(content[:offset] + b"x"))
        header = next(_rows(content), [])  # a file of NULs has none
    except csv.Error:
        return content.count(b"\n", 0, offset) + 1, None
    return len(rows), header[min(len(rows[-1]), len(header)) - 1] if header else None


def _rows(content: bytes) -> Iterator[list[str]]:
    # Every byte is a character of Latin-1; only commas, quotes and line ends matter here.
    return csv.reader(io.StringIO(content.replace(b"\0", b"").decode("latin-1"), newline=""))
