"""Reading and writing CSV files: bytes to rows of text and back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from explainer.data.encoding import RESAVE_TABLE, decode_table
from explainer.data.spelling import clean
from explainer.system import limits
from explainer.system.errors import Fault

# Separators that spreadsheets write, depending on country and settings.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")


@dataclass(frozen=True)
class Sheet:
    """The content of a CSV file, every cell as text.

    Parameters
    ----------
    rows : list of list of str
        The rows, header first; element ``n - 1`` is row ``n`` of the spreadsheet.
    lines : list of int
        The line of the file on which each row begins.
    notes : list of str
        Deviations of the file from the standard that did not keep it from being read.
    content : bytes
        The file.
    """

    rows: list[list[str]]
    lines: list[int]
    notes: list[str] = field(default_factory=list)
    content: bytes = b""


def parse_sheet(content: bytes, file: str, columns: Sequence[str] = ()) -> Sheet:
    """Parse the bytes of a CSV file.

    Line breaks within a cell do not shift the numbers of later rows, an empty line counts as a row, and empty
    rows at the end are dropped.

    Parameters
    ----------
    content : bytes
        The file.
    file : str
        Its name in faults.
    columns : sequence of str
        The expected names of its columns. Another separator than a comma is used if the header then contains
        more of these names.

    Raises
    ------
    Fault
        If the file is not text, is empty or badly quoted.
    """
    # One limit for the whole process, which other libraries set too.
    csv.field_size_limit(limits.CELL_CHARACTERS)
    text, notes = decode_table(content, file)
    first = 1
    if match := _SEPARATOR_LINE.match(text):
        text, first = text[match.end() :], 2
        notes.append(f"begins with the line {match[0].strip()!r}")
    separator = _separator(text, file, columns)
    if separator != ",":
        notes.append(f"has {SEPARATORS[separator]} between its cells")
    rows, lines = _parse(text, file, separator, first)
    if re.search("\r(?!\n)|\r\n", text):
        notes.append("has Windows or old Mac line ends")
    has_blank_rows = False
    while rows and not any(clean(cell) for cell in rows[-1]):
        has_blank_rows |= bool(rows.pop())  # an empty line has no cells
        lines.pop()
    if has_blank_rows:
        notes.append("has empty rows at its end")
    if not rows:
        raise Fault("is empty, without even a header row", file=file, remedy="Put the table back.")
    return Sheet(rows, lines, notes, content)


def _separator(text: str, file: str, columns: Sequence[str]) -> str:
    """Return the separator with which the header contains the most known names."""

    def known(separator: str, quote: str = '"') -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote)
        try:
            return len({clean(name) for name in next(reader, [])} & set(columns))
        except csv.Error:
            return 0

    # In a tie, the first wins: a comma.
    best = max(SEPARATORS, key=known)
    if not known(best) and any(known(separator, "'") for separator in SEPARATORS):
        what = "has single quotation marks around its cells"
        raise Fault(what, file=file, row=1, remedy=RESAVE_TABLE)
    return best


def _parse(text: str, file: str, separator: str, first: int) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    line = first
    try:
        for cells in reader:
            if cells and _CONFLICT.match(cells[0]):
                raise Fault(
                    "holds the marks of two versions that git could not join",
                    file=file,
                    row=len(rows) + 1,
                    value=cells[0],
                    remedy="Keep one of the two versions, and remove the lines with the marks.",
                )
            if not rows and len(cells) > limits.COLUMNS:
                what = f"has {len(cells):,} columns, more than the {limits.COLUMNS} that are read"
                raise Fault(what, file=file, row=1, remedy="Keep to the columns that are described.")
            rows.append(cells)
            lines.append(line)
            line = first + reader.line_num
    except csv.Error as error:
        if "field larger than field limit" in str(error):
            what = f"has a cell of more than {limits.CELL_CHARACTERS:,} characters"
            remedy = "Shorten it; where it is not so long, a quotation mark before it is not closed."
            raise Fault(what, file=file, row=len(rows) + 1, remedy=remedy) from None
        raise Fault(
            f"quotes do not match from here on: {error}",
            file=file,
            row=len(rows) + 1,
            remedy="Close the quotation mark, or double each one inside a cell.",
        ) from error
    return rows, lines


def write_rows(rows: list[list[str]]) -> bytes:
    """Return `rows` as the bytes of a CSV file: UTF-8, comma separated, LF line ends."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")
