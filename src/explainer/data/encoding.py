"""Decoding text files.

Tables and articles are in UTF-8, or in UTF-16 with a byte order mark. Saved articles may also be in an older
encoding, which the page declares or `charset-normalizer` detects; tables may not.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping

from explainer.data.damage import find_garbled
from explainer.system.errors import Fault

RESAVE_TABLE = 'Save it again as "CSV UTF-8" (comma separated).'
RESAVE_ARTICLE = "Save it as plain text in UTF-8, or as an HTML page."

# First bytes of binary files that an editor may save by mistake.
_NOT_TABLES = {
    b"PK\x03\x04": "a spreadsheet (xlsx or ods)",
    b"\xd0\xcf\x11\xe0": "a spreadsheet (xls)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}
_NOT_ARTICLES = {
    b"PK\x03\x04": "a zipped file, such as a word processor's",
    b"\xd0\xcf\x11\xe0": "an old word processor's file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}
_NOTES = {"utf-8-sig": ["begins with a byte order mark"], "utf-16": ["is UTF-16 text"]}
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CONTROL = re.compile("[\\x01-\\x08\\x0e-\\x1f\\x7f]")
_WESTERN = frozenset(
    ("cp1250", "cp1252", "cp1254", "cp1257", "iso8859_2", "iso8859_9", "iso8859_15", "latin_1", "mac_roman")
)


def decode_table(content: bytes, file: str) -> tuple[str, list[str]]:
    """Decode the bytes of a CSV file.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name in faults.

    Returns
    -------
    tuple of str and list of str
        The text, without a byte order mark, and differences from plain UTF-8, such as ``is UTF-16 text``.

    Raises
    ------
    Fault
        If the file is neither UTF-8 nor UTF-16 with a byte order mark; it names the first cell that is not.
    """
    _refuse_binary(content, file, _NOT_TABLES, "CSV", 'Open it and save it as CSV (choose "CSV UTF-8").')
    encoding = _marked_encoding(content) or "utf-8"
    content = content.removeprefix(codecs.BOM_UTF8)
    if encoding != "utf-16" and b"\0" in content:
        row, column = _cell_at(content, content.index(b"\0"))
        what = "holds a character that no text has (NUL)"
        raise Fault(what, file=file, row=row, column=column, remedy=RESAVE_TABLE)
    try:
        return content.decode(encoding), _NOTES.get(encoding, []).copy()
    except UnicodeDecodeError as error:
        if encoding == "utf-16":
            raise Fault("is UTF-16 text that breaks off", file=file, remedy=RESAVE_TABLE) from None
        what = "is in an older encoding, not UTF-8"
        if _UTF8_SEQUENCE.search(content):
            what = "is UTF-8 text up to here, where a character is in another encoding"
        row, column = _cell_at(content, error.start)
        value = content[error.start : error.start + 1]
        raise Fault(what, file=file, row=row, column=column, value=value, remedy=RESAVE_TABLE) from None


def decode_article(content: bytes, file: str) -> str:
    """Decode the bytes of a copy of an article.

    Parameters
    ----------
    content : bytes
        The file, plain text or HTML.
    file : str
        Its name in faults.

    Raises
    ------
    Fault
        If the file is not text, not in the encoding that it declares, or damaged by an earlier conversion.
    """
    _refuse_binary(content, file, _NOT_ARTICLES, "text", RESAVE_ARTICLE)
    marked = _marked_encoding(content)
    declared = _DECLARED.search(content[:4096])
    # Bytes are hardly ever UTF-8 by accident, but some UTF-8 pages declare Latin-1.
    text = _try_decoding(content, marked or "utf-8")
    if text is None and (encoding := marked or (declared and declared[1].decode("ascii"))):
        text = _try_decoding(content, encoding)
        if text is None:
            row = _line_at(content, _first_invalid(content))
            what = f"says that it is {encoding}, and is not"
            raise Fault(what, file=file, row=row, remedy=RESAVE_ARTICLE)
    if text is None:
        text = _detect(content, file)
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 50:
        raise Fault("is binary, not text", file=file, remedy=RESAVE_ARTICLE)
    if garbled := find_garbled(text):
        raise Fault(
            "has characters that an earlier conversion has spoiled",
            file=file,
            row=text.count("\n", 0, garbled.start) + 1,
            value=garbled.printed,
            remedy="Get the copy anew. " + RESAVE_ARTICLE,
        )
    return text


def _refuse_binary(
    content: bytes, file: str, signatures: Mapping[bytes, str], expected: str, remedy: str
) -> None:
    for signature, what in signatures.items():
        if content.startswith(signature):
            raise Fault(f"is {what}, not {expected}", file=file, remedy=remedy)


def _marked_encoding(content: bytes) -> str | None:
    return next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)


def _try_decoding(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None


def _first_invalid(content: bytes) -> int:
    """Return where `content` stops being UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _detect(content: bytes, file: str) -> str:
    """Decode text that declares no encoding and is not UTF-8."""
    from charset_normalizer import from_bytes

    whole = len(_UTF8_SEQUENCE.findall(content))
    stray = len(re.findall(rb"[\x80-\xff]", _UTF8_SEQUENCE.sub(b"", content)))
    # UTF-8 sequences hardly ever occur in other encodings: this is UTF-8 that has lost some bytes.
    if whole > stray:
        raise Fault(
            "is UTF-8 with bytes that are spoiled or cut off",
            file=file,
            row=_line_at(content, _first_invalid(content)),
            remedy="Get the copy anew, or mend that line, and save it as UTF-8.",
        )
    best = None if b"\0" in content else from_bytes(content).best()
    if best is None:
        raise Fault("is binary, not text", file=file, remedy=RESAVE_ARTICLE)
    # Western encodings are hard to tell apart in short texts; Windows-1252 is the most common.
    western = _try_decoding(content, "cp1252") if best.encoding in _WESTERN else None
    return western or str(best)


def _line_at(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def _cell_at(content: bytes, offset: int) -> tuple[int, str | None]:
    """Return the spreadsheet row and the column name of a byte."""
    try:
        rows = list(_rows(content[:offset] + b"x"))
        header = next(_rows(content), [])  # a file of NULs has none
    except csv.Error:
        return _line_at(content, offset), None
    return len(rows), header[min(len(rows[-1]), len(header)) - 1] if header else None


def _rows(content: bytes) -> Iterator[list[str]]:
    # Latin-1 decodes any byte, and only commas, quotes and line ends matter here.
    return csv.reader(io.StringIO(content.replace(b"\0", b"").decode("latin-1"), newline=""))
