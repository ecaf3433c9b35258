"""The tables of a project as exports need them: typed by their description, with keys, links and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from explainer.data.package import DataPackage
from explainer.data.table import CsvTable, split_cell
from explainer.system.errors import Faults

#: Types of Table Schema that are more than text to other programs.
KINDS = ("integer", "number", "boolean", "date")
#: A cell: None where it is blank.
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Link:
    """Columns of a table whose cells are the key of a row in another, or in the same.

    Parameters
    ----------
    columns : tuple of str
        The columns of the table.
    table : str
        The other table.
    targets : tuple of str
        Its columns, in the same order.
    is_list : bool
        Whether a cell of the one column holds several keys, separated by semicolons.
    """

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    is_list: bool = False


@dataclass(frozen=True)
class Column:
    """A column and its description.

    Parameters
    ----------
    field : dict
        Its entry in the Table Schema.
    """

    field: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name in the file."""
        return self.field["name"]

    @property
    def kind(self) -> str:
        """One of `KINDS`, else ``text``."""
        return self.field["type"] if self.field["type"] in KINDS else "text"

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.field.get("title") or self.name)

    @property
    def description(self) -> str:
        """What it means."""
        return one_line(self.field.get("description"))

    @property
    def is_list(self) -> bool:
        """Whether a cell holds several ids."""
        return "listOf" in self.field

    @property
    def form(self) -> str:
        """What people are told of its type: its kind, or that it is a list."""
        return "list" if self.is_list else self.kind

    @property
    def is_required(self) -> bool:
        """Whether no cell is blank."""
        return bool(self.field.get("constraints", {}).get("required"))

    @property
    def choices(self) -> list[str]:
        """The values that it may have, if they are few and known."""
        return [str(value) for value in self.field.get("constraints", {}).get("enum", [])]

    def value(self, cell: str) -> Value:
        """Return a cell in the column's type; None where it is blank."""
        if not cell:
            return None
        if self.kind == "integer":
            return int(cell)
        if self.kind == "number":
            return float(cell)
        if self.kind == "boolean":
            return cell == "true"
        return cell


@dataclass(frozen=True)
class Table:
    """One table.

    Parameters
    ----------
    source : CsvTable
        The table as text, without faults.
    """

    source: CsvTable

    @property
    def name(self) -> str:
        """Its name in the data package."""
        return self.source.name

    @property
    def path(self) -> str:
        """Its file, from the data folder."""
        return self.source.resource["path"]

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.source.resource.get("title") or self.name)

    @property
    def description(self) -> str:
        """What its rows are."""
        return one_line(self.source.resource.get("description"))

    @property
    def sources(self) -> list[dict[str, str]]:
        """Where its content comes from: ``title`` and ``path``, as far as they are given."""
        return list(self.source.resource.get("sources") or [])

    @property
    def notebook(self) -> str | None:
        """The name of the notebook that writes it, if one does."""
        return self.source.resource.get("producedBy")

    @cached_property
    def columns(self) -> list[Column]:
        """Its columns, in order."""
        return [Column(field) for field in self.source.fields]

    @property
    def cells(self) -> list[list[str]]:
        """Its rows as text."""
        return self.source.rows[1:]

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that tell its rows apart; empty if the description names none."""
        return _names(self.source.schema.get("primaryKey", []))

    @property
    def address(self) -> tuple[str, ...]:
        """The columns of which the address of a row is made: its key, unless the description names others."""
        return tuple(self.source.resource.get("rowAddress", self.key))

    @cached_property
    def links(self) -> list[Link]:
        """Its foreign keys, then its lists of ids."""
        keys = [
            Link(
                _names(key["fields"]),
                key["reference"].get("resource") or self.name,
                _names(key["reference"]["fields"]),
            )
            for key in self.source.schema.get("foreignKeys", [])
        ]
        lists = [
            Link((column.name,), column.field["listOf"]["resource"], (column.field["listOf"]["field"],), True)
            for column in self.columns
            if column.is_list
        ]
        return keys + lists

    def place(self, column: str) -> int:
        """Return the position of a column."""
        return self.source.columns.index(column)

    def values(self) -> Iterator[list[Value]]:
        """Yield its rows in the types of their columns."""
        for row in self.cells:
            yield [column.value(cell) for column, cell in zip(self.columns, row, strict=True)]

    def parts(self, row: list[str], columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return some cells of a row, such as its key."""
        return tuple(row[self.place(column)] for column in columns)

    def is_unique(self, columns: tuple[str, ...]) -> bool:
        """Return whether no two rows have the same cells in these columns, and none is blank there."""
        keys = [self.parts(row, columns) for row in self.cells]
        return len(set(keys)) == len(keys) and all(all(key) for key in keys)


def read(package: DataPackage) -> list[Table]:
    """Return every table of a project, in the order of its data package.

    Raises
    ------
    Faults
        What is wrong with them: exports are made of tables without faults.
    """
    tables = [package.table(name) for name, resource in package.resources.items() if "schema" in resource]
    if faults := [fault for table in tables for fault in package.faults(table)]:
        raise Faults(faults)
    return [Table(table) for table in tables]


def items(cell: str) -> list[str]:
    """Return the ids in a cell with a list, each once."""
    return list(dict.fromkeys(item for item in split_cell(cell) if item))


def one_line(text: Any) -> str:
    """Return a text of the description in one line, whatever it was written as."""
    return " ".join(str(text or "").split())


def _names(value: str | list[str]) -> tuple[str, ...]:
    """Return names of columns, which the standard lets stand alone or in a list."""
    return (value,) if isinstance(value, str) else tuple(value)
