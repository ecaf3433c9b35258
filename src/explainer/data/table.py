"""One table of the data package as text: its description, its file and its cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainer.data.csv_read import Sheet

LIST_SEPARATOR = ";"


def split_cell(cell: str) -> list[str]:
    """Return the items of a list cell such as ``"a; b"``."""
    return [item.strip() for item in cell.split(LIST_SEPARATOR)] if cell.strip() else []


@dataclass(frozen=True)
class Repair:
    """One thing that was read although it was not written as the data package asks.

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
        """The place as ``file:row:column``, as far as there is one."""
        return ":".join(str(part) for part in (self.file, self.row, self.column) if part is not None)

    def __str__(self) -> str:
        if self.now is None:
            return f"{self.where}: {self.what}."
        return f"{self.where}: {self.was!r} was read as {self.now!r} ({self.what})."


@dataclass(frozen=True)
class Table:
    """A table as it stands in its file, every cell still text.

    Parameters
    ----------
    resource : dict
        The table's entry in the data package.
    file : str
        Path from the project's root, for faults.
    rows : list of list of str
        Header first; element ``n - 1`` is row ``n`` of a spreadsheet.
    sheet : Sheet, optional
        What the file holds, as it was found; none for a table that is still to be written.
    repairs : list of Repair
        What was read although it is not written as it should be.
    """

    resource: dict[str, Any]
    file: str
    rows: list[list[str]]
    sheet: Sheet | None = None
    repairs: list[Repair] = field(default_factory=list)

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
