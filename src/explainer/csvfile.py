"""CSV as a spreadsheet sees it: bytes to rows of text and back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from explainer.faults import Fault

RESAVE = "Save it again as CSV (comma separated, UTF-8)."
# A spreadsheet that exports in another country or another dialect puts one of these between the cells.
SEPARATORS = {";": "semicolons", "\t": "tabs"}


def read_rows(path: Path, file: str) -> list[list[str]]:
    """Return the rows of a CSV file, header first, every cell as text.

    Row ``n`` of the spreadsheet is element ``n - 1``: a cell that holds line breaks does not shift the rows
    below it, an empty line counts as a row, and empty lines at the end are left out.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        What faults call it.

    Raises
    ------
    Fault
        If the file is missing, unreadable, not UTF-8, empty, not separated by commas or badly quoted.
    """
    text = _decode(_read_bytes(path, file), file)
    rows = _parse(text, file)
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise Fault("is empty, without even a header row", file=file, remedy="Put the table back.")
    for separator, name in SEPARATORS.items():
        if len(rows[0]) == 1 and separator in rows[0][0]:
            raise Fault(
                f"cells are separated by {name}, not commas",
                file=file,
                row=1,
                value=rows[0][0],
                remedy=RESAVE,
            )
    return rows


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Fault("is missing", file=file, remedy="Put the file back under this name.") from error
    except OSError as error:
        raise Fault(
            f"cannot be read: {error.strerror}", file=file, remedy="Check the file's permissions."
        ) from error


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")  # spreadsheets like to put a byte order mark first
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Fault(
            "is not UTF-8 text",
            file=file,
            row=line,
            value=content[error.start : error.start + 1],
            remedy=RESAVE,
        ) from error


def _parse(text: str, file: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Fault(
            f"quotes do not match from here on: {error}",
            file=file,
            row=len(rows) + 1,
            remedy="Close the quotation mark, or double each one inside a cell.",
        ) from error
    return rows


def write_rows(rows: list[list[str]]) -> bytes:
    """Return `rows` as the bytes of a CSV file: UTF-8, comma separated, LF after each row."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")
