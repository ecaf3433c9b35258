"""What is wrong with a table, in words an editor understands.

The verdicts are those of the standard; see `explainer.data.standard`. The project has few: a value is
spelled in one way, the text is not damaged, and a header that is wrong is explained name by name.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from explainer.data.damage import damage
from explainer.data.spelling import PLAIN, is_plain, kind_of, readings
from explainer.data.standard import Others, no_others, table_errors
from explainer.data.table import Table
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from frictionless import Error

WANTED = {
    "date": ("not a date", "Write a day that exists as year-month-day, such as 2000-12-31."),
    "partial date": (
        "not a date",
        "Write a date that exists as year, year-month or year-month-day, such as 2000-12-31.",
    ),
    "integer": ("not a whole number", "Write digits only, such as 1200."),
    "number": ("not a number", "Write digits with a full stop for decimals, such as 1200.5."),
    "boolean": ("neither true nor false", "Write true or false."),
    "uri": ("not a web address", "Write it in full, from https:// on."),
    "string": ("has spaces at its start or end, or characters that do not show", "Remove them."),
}
NO_VALUE = ("-", "–", "—", "?", "n/a", "na", "nan", "null", "nil", "none", "unknown", "tbd")
#: Errors of a whole row, which leave nothing sensible to say of its cells.
_SHAPE = ("blank-row", "extra-cell", "missing-cell")
#: What is wrong with a cell and what to do about it.
Finding = tuple[str, str]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a sentence that offers the nearest of `known`, or nothing where none is near."""
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else ""


def sentences(*parts: str) -> str:
    """Join the parts that are not empty with spaces."""
    return " ".join(part for part in parts if part)


def header_faults(table: Table) -> Iterator[Fault]:
    """Yield what is wrong with the names and the order of the columns."""
    header, columns = table.header, table.columns

    def fault(what: str, column: str, remedy: str, value: str | None = None) -> Fault:
        return Fault(what, file=table.file, row=1, column=column, value=value, remedy=remedy)

    missing = [name for name in columns if name not in header]
    misspelt = set()
    for place, name in enumerate(header, start=1):
        if not name.strip():
            yield fault(
                f"column {place} has no name", str(place), "Name it as in the data package, or remove it."
            )
        elif header.index(name) < place - 1:
            yield fault("two columns have this name", name, "Remove one of them.")
        elif name not in columns:
            near = difflib.get_close_matches(name, missing, n=1)
            misspelt.update(near)
            hint = did_you_mean(name, near)
            yield fault("no column of this name is known", name, hint or "Remove it, or describe it first.")
    for name in missing:
        if name in misspelt:
            continue
        after = columns[columns.index(name) - 1] if columns.index(name) else None
        where = f"after {after}" if after else "as the first column"
        yield fault("this column is missing", name, f"Put it back, {where}.")
    if sorted(header) == sorted(columns) and header != columns:
        first = next(i for i, name in enumerate(columns) if header[i] != name)
        yield fault(
            f"columns are in another order: {columns[first]} should stand here",
            header[first],
            f"Put them in this order: {', '.join(columns)}.",
        )


def table_faults(table: Table, others: Others = no_others, version: str | None = None) -> list[Fault]:
    """Return what is wrong with the header of a table or, where that is right, its cells, one fault each.

    Parameters
    ----------
    table : Table
        The table, whose description is known to be right.
    others : callable, optional
        Gives the tables that its foreign keys lead to.
    version : str, optional
        The ``$schema`` of the data package.
    """
    errors = list(table_errors(table, others, version))
    if table.header != table.columns:
        return list(header_faults(table))
    shapeless = {error.row_number: error for error in errors if error.type in _SHAPE}
    errors = [error for error in errors if error.row_number not in shapeless]
    found = [_out_of_shape(table, error) for error in shapeless.values()]
    found += [*_damaged(table), *_worded(table, errors, others), *_misspelt_cells(table)]
    by_cell: dict[tuple[int | None, str | None], Fault] = {}
    for fault in found:
        by_cell.setdefault((fault.row, fault.column), fault)  # the first says enough about one cell
    return list(by_cell.values())


def _fault(table: Table, row: int, column: str | None, finding: Finding, value: str | None) -> Fault:
    what, remedy = finding
    return Fault(what, file=table.file, row=row, column=column, value=value, remedy=remedy)


def _damaged(table: Table) -> Iterator[Fault]:
    for column in table.columns:
        for row, cell in table.cells(column):
            for finding in damage(cell):
                yield _fault(table, row, column, finding, cell)


def _misspelt_cells(table: Table) -> Iterator[Fault]:
    """Yield each cell that is not spelled as it is here, whether or not the standard can read it."""
    for field in table.fields:
        for row, cell in table.cells(field["name"]):
            if not is_plain(field, cell):
                yield _fault(table, row, field["name"], _misspelt(field, cell), cell)


def _misspelt(field: dict[str, Any], cell: str) -> Finding:
    kind = field.get("format", kind_of(field))
    what, remedy = WANTED.get(kind, (f"not a {kind}", "Write it as Table Schema does."))
    if cell.casefold() in NO_VALUE:
        return what, "Leave the cell blank where there is no value."
    if len(found := readings(field, cell)) > 1:
        meanings = " or ".join(f"{reading.value} ({reading.how})" for reading in found)
        return f"{what} that is certain: it can be {meanings}", f"Write the one that is meant. {remedy}"
    return what, remedy


def _worded(table: Table, errors: list[Error], others: Others) -> Iterator[Fault]:
    """Yield what the standard finds wrong with cells and keys in words."""
    fields = {field["name"]: field for field in table.fields}
    for error in errors:
        row, column = error.row_number, getattr(error, "field_name", None)
        if error.type == "type-error":
            yield _fault(table, row, column, _misspelt(fields[column], error.cell), error.cell)
        elif error.type == "constraint-error":
            cell = error.cells[table.columns.index(column)]
            yield _fault(table, row, column, _constraint(fields[column], cell, error.note), cell or None)
        elif error.type == "unique-error":
            what = f"this value stands in row {_earlier(error)} already"
            yield _fault(table, row, column, (what, "Each row needs its own."), error.cell)
        elif error.type == "primary-key":
            yield from _key_fault(table, error)
        elif error.type == "foreign-key":
            yield from _reference_fault(table, error, others)


def _key_fault(table: Table, error: Error) -> Iterator[Fault]:
    key = table.schema["primaryKey"]
    key = [key] if isinstance(key, str) else key
    cells = [error.cells[table.columns.index(column)] for column in key]
    if any(cells):
        what = f"this key stands in row {_earlier(error)} already"
        finding = (what, "Give each row its own, or remove one of them.")
    else:
        finding = ("the key is blank", "Give each row its own.")
    yield _fault(table, error.row_number, "+".join(key), finding, ", ".join(cells) if any(cells) else None)


def _earlier(error: Error) -> str:
    """Return the row that a note names at its end."""
    return error.note.rsplit(" ", 1)[-1]


def _reference_fault(table: Table, error: Error, others: Others) -> Iterator[Fault]:
    (key, *_) = (
        key
        for key in table.schema["foreignKeys"]
        if (key["fields"], key["reference"]["fields"]) == (error.field_names, error.reference_field_names)
    )
    name = key["reference"].get("resource") or table.name
    cells = [error.cells[table.columns.index(column)] for column in error.field_names]
    hint = ""
    if len(cells) == 1:
        other = table if name == table.name else others(name)
        hint = did_you_mean(cells[0], other.values(error.reference_field_names[0]))
    column, value = "+".join(error.field_names), ", ".join(cells)
    yield _fault(table, error.row_number, column, no_such_id(name, hint), value)


def no_such_id(name: str, hint: str) -> Finding:
    """Return what to say of an id that the table called `name` does not have."""
    return f"no such id in {name!r}", sentences(hint, f"Use an id of {name!r}, or add it there first.")


def _constraint(field: dict[str, Any], cell: str, note: str) -> Finding:
    """Return in words what a cell breaks; of one that only a machine reads as its type, that comes first."""
    if cell and (plain := PLAIN.get(kind_of(field))) and not plain.fullmatch(cell):
        return _misspelt(field, cell)
    name = re.match(r'constraint "(\w+)"', note)[1]
    limit = field["constraints"][name]
    word = _CONSTRAINTS.get(name, lambda *_: (f"breaks the limit {name} {limit}", "Correct the value."))
    return word(cell, limit, field)


def _enum(cell: str, limit: list[Any], field: dict[str, Any]) -> Finding:
    allowed = list(map(str, limit))
    hint = did_you_mean(cell, allowed)
    return "not one of the allowed values", sentences(hint, f"Allowed: {', '.join(allowed)}.")


def _minimum(cell: str, limit: Any, field: dict[str, Any]) -> Finding:
    return "must not be negative" if limit == 0 else f"must be at least {limit}", "Correct the value."


def _pattern(cell: str, limit: str, field: dict[str, Any]) -> Finding:
    if field.get("format") in WANTED:
        return WANTED[field["format"]]
    description = field.get("description", "")
    return "not written as this column wants it", sentences(description, f"Pattern: {limit}.")


_CONSTRAINTS: dict[str, Callable[[str, Any, dict[str, Any]], Finding]] = {
    "required": lambda *_: ("must not be blank", "Fill it in."),
    "enum": _enum,
    "minimum": _minimum,
    "maximum": lambda cell, limit, field: (f"must be at most {limit}", "Correct the value."),
    "pattern": _pattern,
}


def _out_of_shape(table: Table, error: Error) -> Fault:
    """Return the fault of a row that is empty, or has more or fewer cells than there are columns."""
    columns, row = table.columns, table.rows[error.row_number - 1]
    if error.type == "blank-row":
        return _fault(table, error.row_number, None, ("the row is empty", "Remove it."), None)
    if error.type == "extra-cell":
        curly = any(cell.startswith(("“", "„")) for cell in row)
        remedy = 'Put cells that hold a comma in "quotes", or remove the extra cell.'
        if curly:
            remedy = 'Put straight "quotes" around the cell in place of the curly ones.'
        what, column, value = "more", None, row[len(columns)]
    else:
        remedy = "Add the missing commas, or fill the cells."
        what, column, value = "fewer", columns[len(row)], None
    what = f"the row has {what} cells than the {len(columns)} columns"
    return _fault(table, error.row_number, column, (what, remedy), value)
