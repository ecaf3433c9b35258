"""Editing cells of a CSV file while keeping every other byte."""

from __future__ import annotations

import re

from explainer.system.errors import Fault

REWRITE = "Save it as CSV (comma separated, UTF-8) first, or let `explainer check --fix` write it so."
BOM = "\ufeff"
CELL = re.compile(r'(?P<cell>"(?:[^"]|"")*"|[^,\r\n]*)(?P<end>,|\r\n|\n|\r|\Z)')
NEEDS_QUOTES = re.compile(r'[",\r\n]')


class CsvEdit:
    """A CSV file, cell by cell, of which one can be changed while every other byte is kept.

    Parameters
    ----------
    content : bytes
        The file: comma separated, UTF-8.
    file : str
        Its name in faults.

    Raises
    ------
    Fault
        If it is not UTF-8, or is empty.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            raise self._not_editable("is not UTF-8 text") from None
        self._bom = BOM if text.startswith(BOM) else ""
        #: The rows: each cell as written, and its separator or line end.
        self._rows = _split_rows(text.removeprefix(BOM))
        self.newline = next((row[-1][1] for row in self._rows if row[-1][1]), "\n")
        if not self._rows:
            raise self._not_editable("is empty")

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [_value(written) for written, _ in self._rows[0]]

    @property
    def content(self) -> bytes:
        """The edited file."""
        text = "".join(written + end for row in self._rows for written, end in row)
        return (self._bom + text).encode("utf-8")

    def find(self, **values: str) -> int:
        """Return the index of the one row with these values, by column; the header is row 0.

        Raises
        ------
        Fault
            If there is not exactly one.
        """
        places = {self._place(column): value for column, value in values.items()}
        matches = [
            index
            for index, row in enumerate(self._rows)
            if index and all(len(row) > at and _value(row[at][0]) == value for at, value in places.items())
        ]
        if len(matches) != 1:
            raise Fault(
                f"has {len(matches) or 'no'} rows with {', '.join(values.values())}",
                file=self.file,
                remedy="Mend the table first; `explainer check --fix` writes it as it is read.",
            )
        return matches[0]

    def set(self, row: int, column: str, value: str) -> None:
        """Change one cell; it stays in quotation marks, or gets them if it needs them."""
        at = self._place(column)
        written, end = self._rows[row][at]
        self._rows[row][at] = (_written(value, quoted=written.startswith('"')), end)

    def remove(self, row: int) -> None:
        """Remove a row."""
        del self._rows[row]

    def append(self, cells: dict[str, str]) -> None:
        """Add a row at the end, given its cells by column; other cells are blank."""
        for column in cells:
            self._place(column)
        last, end = self._rows[-1][-1]
        self._rows[-1][-1] = (last, end or self.newline)
        names = self.header
        ends = [","] * (len(names) - 1) + [self.newline]
        self._rows.append(
            [(_written(cells.get(name, "")), end) for name, end in zip(names, ends, strict=True)]
        )

    def _place(self, column: str) -> int:
        try:
            return self.header.index(column)
        except ValueError:
            raise self._not_editable(f"has no column {column}") from None

    def _not_editable(self, what: str) -> Fault:
        return Fault(what, file=self.file, row=1, remedy=REWRITE)


def _split_rows(text: str) -> list[list[tuple[str, str]]]:
    rows: list[list[tuple[str, str]]] = []
    row: list[tuple[str, str]] = []
    place = 0
    # The pattern matches anywhere, if only an empty cell.
    while (place < len(text) or row) and (cell := CELL.match(text, place)):
        row.append((cell["cell"], cell["end"]))
        place = cell.end()
        if cell["end"] != ",":
            rows.append(row)
            row = []
    return rows


def _value(written: str) -> str:
    return written[1:-1].replace('""', '"') if written.startswith('"') else written


def _written(value: str, *, quoted: bool = False) -> str:
    if quoted or NEEDS_QUOTES.search(value) or value != value.strip():
        return '"' + value.replace('"', '""') + '"'
    return value
