"""Header and cells of a table against its Table Schema, in words an editor understands."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from explainer.faults import Fault
from explainer.table import Table

if TYPE_CHECKING:
    from frictionless import Error

TYPE_WANTED = {
    "date": ("not a date", "Write a day that exists as year-month-day, such as 2000-12-31."),
    "integer": ("not a whole number", "Write digits only, such as 1200."),
    "number": ("not a number", "Write digits with a full stop for decimals, such as 1200.5."),
    "boolean": ("neither true nor false", "Write true or false."),
    "uri": ("not a web address", "Write it in full, from https:// on."),
    "email": ("not an e-mail address", "Write it in full."),
}
# The validator reads numbers and dates as Python does, which takes "1_000", "NaN", Arabic digits, 2018-2-3.
PLAIN = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "integer": re.compile(r"-?[0-9]+"),
    "number": re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"),
}


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


def cell_faults(table: Table, package: str) -> Iterator[Fault]:
    """Yield what frictionless finds wrong with the cells of `table`, whose header is right.

    Types, constraints, blank required cells, duplicate keys, ragged and empty rows are its findings. Added
    here are stray spaces, and spellings of numbers and dates that it takes and spreadsheets do not.

    Parameters
    ----------
    table : Table
        The table.
    package : str
        What a fault of the schema itself calls the data package.
    """
    yield from _spelling_faults(table)
    for number, errors in _frictionless_errors(table, package):
        if any(error.type == "blank-row" for error in errors):
            yield Fault("the row is empty", file=table.file, row=number, remedy="Remove it.")
            continue
        for error in errors:
            fault = _translate(error, table, number)
            if fault:
                yield fault


def _spelling_faults(table: Table) -> Iterator[Fault]:
    for field in table.fields:
        plain = PLAIN.get(field["type"])
        for number, cell in table.cells(field["name"]):
            where = {"file": table.file, "row": number, "column": field["name"], "value": cell}
            if plain and not plain.fullmatch(cell):
                what, remedy = TYPE_WANTED[field["type"]]
                yield Fault(what, **where, remedy=remedy)
            elif cell != cell.strip():
                yield Fault("has a space at its start or end", **where, remedy="Remove it.")


def _frictionless_errors(table: Table, package: str) -> Iterator[tuple[int, list[Error]]]:
    # Imported here: it takes most of a second, which no command should pay that reads no table.
    from frictionless import FrictionlessException, Schema
    from frictionless.resources import TableResource

    descriptor = {key: value for key, value in table.schema.items() if key != "foreignKeys"}
    try:
        with TableResource(data=table.rows, schema=Schema.from_descriptor(descriptor)) as resource:
            for row in resource.row_stream:
                if row.errors:
                    yield row.row_number, row.errors
    except FrictionlessException as error:
        notes = [reason.note for reason in error.reasons] or [error.error.note]
        raise Fault(
            f"the schema of {table.name!r} is not valid: {'; '.join(notes)}",
            file=package,
            remedy="Mend the schema; see https://datapackage.org/standard/table-schema/.",
        ) from error


def _translate(error: Error, table: Table, number: int) -> Fault | None:
    """Return `error` as a fault, or None where another fault of the same row already says it."""

    def fault(what: str, remedy: str, column: str | None = None, value: object = None) -> Fault:
        return Fault(what, file=table.file, row=number, column=column, value=value, remedy=remedy)

    if error.type == "type-error":
        field = _field(table, error.field_name)
        kind = field.get("format") if field["type"] == "string" else field["type"]
        what, remedy = TYPE_WANTED.get(kind, (f"not of type {kind}", "Write it as the data dictionary says."))
        return fault(what, remedy, error.field_name, error.cell)
    if error.type in ("constraint-error", "unique-error"):
        what, remedy = _constraint(error, _field(table, error.field_name))
        return fault(what, remedy, error.field_name, error.cell or None)
    if error.type == "primary-key":
        key = table.schema["primaryKey"]
        key = [key] if isinstance(key, str) else key
        cells = dict(zip(table.header, table.rows[number - 1], strict=False))
        if not any(cells.get(column) for column in key):
            return None  # the blank cells are reported as blank
        first = re.search(r"position (\d+)", error.note)
        what = f"this key stands in row {first[1]} already" if first else "this key stands twice"
        value = ", ".join(cells.get(column, "") for column in key)
        return fault(what, "Give each row its own, or remove one of them.", "+".join(key), value)
    if error.type == "extra-cell":
        return fault(
            f"the row has more cells than the {len(table.columns)} columns",
            'Put cells that hold a comma in "quotes", or remove the extra cell.',
            value=error.cell,
        )
    if error.type == "missing-cell":
        if error.field_name != table.columns[len(table.rows[number - 1])]:
            return None  # one fault for the row is enough: the first cell that is missing
        return fault(
            f"the row has fewer cells than the {len(table.columns)} columns",
            "Add the missing commas, or fill the cells.",
            error.field_name,
        )
    return fault(error.note, "See the data dictionary.", getattr(error, "field_name", None))


def _field(table: Table, name: str) -> dict[str, Any]:
    return next(field for field in table.fields if field["name"] == name)


def _constraint(error: Error, field: dict[str, Any]) -> tuple[str, str]:
    """Return what is wrong and what to do, for the constraint that `error` is about."""
    if error.type == "unique-error":
        return "this value stands twice", "Each row needs its own."
    name = re.match(r'constraint "(\w+)"', error.note)[1]
    limit = field["constraints"][name]
    match name:
        case "required":
            return "must not be blank", "Fill it in."
        case "enum":
            hint = did_you_mean(error.cell, map(str, limit))
            return "not one of the allowed values", sentences(hint, f"Allowed: {', '.join(map(str, limit))}.")
        case "minimum":
            what = "must not be negative" if limit == 0 else f"must be at least {limit}"
            return what, "Correct the number."
        case "maximum":
            return f"must be at most {limit}", "Correct the number."
        case "pattern":
            what = "not written as this column wants it"
            return what, f"{field.get('description', '')} Pattern: {limit}.".strip()
        case _:
            return f"breaks the rule {name} {limit}", "See the data dictionary."
