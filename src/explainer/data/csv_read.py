"""CSV as a spreadsheet sees it: bytes to rows of text and back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from explainer.data.encoding import RESAVE_TABLE, decode_table
from explainer.data.spelling import clean
from explainer.system.errors import Fault

# What a spreadsheet of another country, or one that was asked to, puts between cells.
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: |$)")


@dataclass(frozen=True)
class Sheet:
    """What a file holds, every cell as text.

    Parameters
    ----------
    rows : list of list of str
        Header first; element ``n - 1`` is row ``n`` of the spreadsheet.
    lines : list of int
        The line of the file on which each row begins.
    notes : list of str
        What about the file itself was not as it should be, and was read all the same.
    content : bytes
        The file.
    """

    rows: list[list[str]]
    lines: list[int]
    notes: list[str] = field(default_factory=list)
    content: bytes = b""


def read_sheet(path: Path, file: str, columns: Sequence[str] = ()) -> Sheet:
    """Return what a CSV file holds.

    A cell that holds line breaks does not shift the rows below it, an empty line counts as a row, and empty
    rows at the end are left out.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        What faults call it.
    columns : sequence of str
        The names its columns should have. Cells may be separated by something else than commas where the
        header then holds more of these names.

    Raises
    ------
    Fault
        If the file is missing, unreadable, not text, empty or badly quoted.
    """
    return parse_sheet(_read_bytes(path, file), file, columns)


def parse_sheet(content: bytes, file: str, columns: Sequence[str] = ()) -> Sheet:
    """Return what the bytes of a CSV file hold; see `read_sheet`."""
    decoded = decode_table(content, file)
    text, notes = decoded.text, decoded.notes
    first = 1
    if found := _SEPARATOR_LINE.match(text):
        text, first = text[found.end() :], 2
        notes.append(f"begins with the line {found[0].strip()!r}")
    separator = _separator(text, file, columns)
    if separator != ",":
        notes.append(f"has {SEPARATORS[separator]} between its cells")
    rows, lines = _parse(text, file, separator, first)
    if re.search("\r(?!\n)|\r\n", text):
        notes.append("has Windows or old Mac line ends")
    blank = 0
    while rows and not any(clean(cell) for cell in rows[-1]):
        blank += bool(rows.pop())
        lines.pop()
    if blank:
        notes.append("has empty rows at its end")
    if not rows:
        raise Fault("is empty, without even a header row", file=file, remedy="Put the table back.")
    return Sheet(rows, lines, notes, content)


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Fault("is missing", file=file, remedy="Put the file back under this name.") from error
    except OSError as error:
        raise Fault(
            f"cannot be read: {error.strerror}", file=file, remedy="Check the file's permissions."
        ) from error


def _separator(text: str, file: str, columns: Sequence[str]) -> str:
    """Return what stands between cells: what makes the header hold the most known names.

    Raises
    ------
    Fault
        If only single quotation marks around the cells would make it hold any.
    """

    def known(separator: str, quote: str = '"') -> int:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote)
        try:
            return len({clean(name) for name in next(reader, [])} & set(columns))
        except csv.Error:
            return 0

    # Of equals the first wins: a comma.
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
            rows.append(cells)
            lines.append(line)
            line = first + reader.line_num
    except csv.Error as error:
        raise Fault(
            f"quotes do not match from here on: {error}",
            file=file,
            row=len(rows) + 1,
            remedy="Close the quotation mark, or double each one inside a cell.",
        ) from error
    return rows, lines


def write_rows(rows: list[list[str]]) -> bytes:
    """Return `rows` as the bytes of a CSV file: UTF-8, comma separated, LF after each row."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")
