"""A table of the data package as text: its description, its file and its cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from explainer.system.errors import place

if TYPE_CHECKING:
    from explainer.data.csv_read import Sheet

LIST_SEPARATOR = ";"


def split_cell(cell: str) -> list[str]:
    """Return the items of a list cell such as ``"a; b"``."""
    return [item.strip() for item in cell.split(LIST_SEPARATOR)] if cell.strip() else []


@dataclass(frozen=True)
class Repair:
    """A deviation of a cell or a file from the data package that did not keep it from being read.

    Parameters
    ----------
    what : str
        The deviation.
    file : str
        Path from the project's root.
    row : int, optional
        Row as a spreadsheet shows it; None for the whole file.
    column : str, optional
        Name of the column.
    was : str, optional
        The cell as written.
    now : str, optional
        The cell as it was read.
    """

    what: str
    file: str
    row: int | None = None
    column: str | None = None
    was: str | None = None
    now: str | None = None

    @property
    def where(self) -> str:
        """The place as ``file:row:column``, as far as it is known."""
        return place(self.file, self.row, self.column)

    def __str__(self) -> str:
        if self.now is None:
            return f"{self.where}: {self.what}."
        return f"{self.where}: {self.was!r} was read as {self.now!r} ({self.what})."


@dataclass(frozen=True, eq=False)
class CsvTable:
    """A table of the data package, every cell as text; equal to itself alone.

    Parameters
    ----------
    resource : dict
        The table's entry in the data package.
    file : str
        Path from the project's root, for faults.
    rows : list of list of str
        The rows, header first; element ``n - 1`` is row ``n`` of a spreadsheet.
    sheet : Sheet, optional
        The content of the file, before any repair; None for a table that is not yet written.
    repairs : list of Repair
        Deviations of the file that were repaired in memory.
    """

    resource: dict[str, Any]
    file: str
    rows: list[list[str]]
    sheet: Sheet | None = None
    repairs: list[Repair] = dataclasses.field(default_factory=list)

    @property
    def name(self) -> str:
        """Name of the resource."""
        return self.resource["name"]

    @property
    def schema(self) -> dict[str, Any]:
        """The Table Schema of the resource."""
        return self.resource["schema"]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The descriptions of its columns, in order."""
        return self.schema["fields"]

    @property
    def columns(self) -> list[str]:
        """The names of the columns in the description, in order."""
        return [field["name"] for field in self.fields]

    @property
    def references(self) -> list[str]:
        """The names of the other tables that its foreign keys and lists of ids refer to."""
        keys = [key["reference"].get("resource") for key in self.schema.get("foreignKeys", [])]
        lists = [field["listOf"]["resource"] for field in self.fields if "listOf" in field]
        return [name for name in dict.fromkeys([*keys, *lists]) if name and name != self.name]

    def field(self, column: str) -> dict[str, Any]:
        """Return the description of one column."""
        return next(field for field in self.fields if field["name"] == column)

    @property
    def header(self) -> list[str]:
        """The names of the columns in the file."""
        return self.rows[0]

    @cached_property
    def records(self) -> list[tuple[int, dict[str, str]]]:
        """The rows with the right number of cells: row number, and cells by column."""
        width = len(self.header)
        return [
            (number, dict(zip(self.header, cells, strict=True)))
            for number, cells in enumerate(self.rows[1:], start=2)
            if len(cells) == width
        ]

    def cells(self, column: str) -> Iterator[tuple[int, str]]:
        """Yield the row number and text of each cell of `column` that is not blank."""
        for number, record in self.records:
            if record[column]:
                yield number, record[column]

    def values(self, column: str) -> set[str]:
        """Return the values of `column`, including ragged rows, so that a stray comma breaks no reference."""
        place = self.header.index(column)
        return {row[place] for row in self.rows[1:] if len(row) > place and row[place]}
