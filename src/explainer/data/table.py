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
    """A cell or a file that is not written as the data package asks, and that could be read all the same.

    Parameters
    ----------
    what : str
        How it was written.
    file : str
        Path from the project's root.
    row : int, optional
        Row as a spreadsheet shows it; none where it is about the whole file.
    column : str, optional
        Name of the column.
    was : str, optional
        The cell.
    now : str, optional
        What it was read as.
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


@dataclass(frozen=True)
class CsvTable:
    """A table of the data package as it stands in its file: every cell is text.

    Parameters
    ----------
    resource : dict
        The table's entry in the data package.
    file : str
        Path from the project's root, for faults.
    rows : list of list of str
        Header first; element ``n - 1`` is row ``n`` of a spreadsheet.
    sheet : Sheet, optional
        What the file holds, before any repair; none for a table that is still to be written.
    repairs : list of Repair
        Cells and other things that are not written as they should be, and were read all the same.
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
        """The names its columns should have, in order."""
        return [field["name"] for field in self.fields]

    @property
    def references(self) -> list[str]:
        """The names of the tables that its foreign keys and lists of ids lead to, its own left out."""
        keys = [key["reference"].get("resource") for key in self.schema.get("foreignKeys", [])]
        lists = [field["listOf"]["resource"] for field in self.fields if "listOf" in field]
        return [name for name in dict.fromkeys([*keys, *lists]) if name and name != self.name]

    def field(self, column: str) -> dict[str, Any]:
        """Return the description of one column."""
        return next(field for field in self.fields if field["name"] == column)

    @property
    def header(self) -> list[str]:
        """The names its columns do have."""
        return self.rows[0]

    @cached_property
    def records(self) -> list[tuple[int, dict[str, str]]]:
        """Row number and cells by column, of the rows that have as many cells as there are columns."""
        width = len(self.header)
        return [
            (number, dict(zip(self.header, cells, strict=True)))
            for number, cells in enumerate(self.rows[1:], start=2)
            if len(cells) == width
        ]

    def cells(self, column: str) -> Iterator[tuple[int, str]]:
        """Yield row number and text of each cell of `column` that is not blank."""
        for number, record in self.records:
            if record[column]:
                yield number, record[column]

    def values(self, column: str) -> set[str]:
        """Return what stands in `column`, ragged rows included, so that a stray comma breaks no reference."""
        place = self.header.index(column)
        return {row[place] for row in self.rows[1:] if len(row) > place and row[place]}
