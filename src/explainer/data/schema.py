"""Checking tables against their Table Schema, with error messages for editors.

Frictionless, the reference implementation, checks types, formats, constraints, keys and the shape of a table.
Three checks are added: a value has only one spelling, its text is not damaged, and a wrong header is
explained name by name. Importing and running Frictionless takes seconds, so its results are cached.
"""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib.metadata import version as version_of
from itertools import chain
from typing import TYPE_CHECKING, Any

import regex

from explainer.data.damage import damage
from explainer.data.spelling import PLAIN, is_plain, kind_of, readings
from explainer.data.table import CsvTable
from explainer.english.suggestions import did_you_mean, join_sentences
from explainer.system import limits
from explainer.system.cache import Cache
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from frictionless import Error

#: Returns a table by name; None if it cannot be used, and then references to it are not checked.
TableLookup = Callable[[str], CsvTable | None]
#: What is wrong with a cell, and what to do about it.
Message = tuple[str, str]
#: An error of Frictionless as its descriptor: ``type``, ``note``, ``rowNumber``, ``cells``, ``fieldName`` ...
SchemaError = dict[str, Any]

MISSPELLED: dict[str, Message] = {
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
#: Constraints whose value Frictionless does not check against the type of the column.
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
#: The kind of these results in the cache.
CHECKED = "checked"
#: Errors of a whole row, which make errors of its cells meaningless.
_ROW_ERRORS = ("blank-row", "extra-cell", "missing-cell")


def package_notes(descriptor: dict[str, Any], cache: Cache | None = None) -> list[str]:
    """Return what is wrong with the description of a data package, apart from the schemas of its tables."""
    resources = [
        {key: value for key, value in resource.items() if key != "schema"}
        for resource in descriptor["resources"]
    ]
    return _cached(_package_notes, {**descriptor, "resources": resources}, cache)


def schema_notes(schema: dict[str, Any], version: str | None, cache: Cache | None = None) -> list[str]:
    """Return what is wrong with the schema of a table.

    Parameters
    ----------
    schema : dict
        The Table Schema.
    version : str, optional
        The ``$schema`` of the data package.
    cache : Cache, optional
        The cache of Frictionless results.
    """
    described = {"$schema": version.replace("datapackage", "tableschema")} if version else {}
    return _cached(_schema_notes, {**described, **schema}, cache)


def _cached(check: Callable[[str], list[Any]], descriptor: dict[str, Any], cache: Cache | None) -> list[Any]:
    """Return the result of `check` for the JSON text of a descriptor, from the cache if it is there."""
    text = json.dumps(descriptor)
    if cache is None:
        return check(text)
    inputs = [_frictionless_version(), check.__name__, text]
    try:
        return json.loads(cache.get(CHECKED, inputs, lambda: json.dumps(check(text)).encode()))
    except Fault:  # the cache cannot be written
        return check(text)


@lru_cache(maxsize=1)
def _frictionless_version() -> str:
    return version_of("frictionless")


def _package_notes(text: str) -> list[str]:
    from frictionless import Package

    descriptor = json.loads(text)
    return _notes(lambda: Package.metadata_validate(descriptor))


def _schema_notes(text: str) -> list[str]:
    from frictionless import Schema

    schema = json.loads(text)
    return _notes(lambda: Schema.metadata_validate(schema)) or list(_unusable_constraints(schema))


def _notes(validate: Callable[[], Iterator[Error]]) -> list[str]:
    from frictionless import FrictionlessException

    try:
        return [error.note for error in validate()]
    except FrictionlessException as exception:
        return [error.note for error in exception.reasons or [exception.error]]


def _unusable_constraints(schema: dict[str, Any]) -> Iterator[str]:
    """Yield each constraint with an invalid value."""
    from frictionless import Field

    for field in schema["fields"]:
        constraints = field.get("constraints", {})
        for name in [name for name in _BOUNDS if name in constraints]:
            if Field.from_descriptor(field).create_value_reader()(constraints[name]) is None:
                yield f'constraint "{name}" of {field["name"]!r} is no {field["type"]}'
        try:
            _pattern(constraints.get("pattern", ""))
        except (regex.error, RecursionError, OverflowError) as error:
            yield f'constraint "pattern" of {field["name"]!r} is no pattern: {error}'


def table_faults(
    table: CsvTable,
    lookup: TableLookup = lambda name: None,
    version: str | None = None,
    cache: Cache | None = None,
) -> list[Fault]:
    """Return what is wrong with the header of a table or, if that is right, with its cells, one fault each.

    Parameters
    ----------
    table : CsvTable
        The table, whose description is valid.
    lookup : callable, optional
        Returns the tables that its foreign keys refer to.
    version : str, optional
        The ``$schema`` of the data package.
    cache : Cache, optional
        The cache of Frictionless results.
    """
    errors = _table_errors(table, lookup, version, cache)
    if table.header != table.columns:
        return list(header_faults(table))
    if not errors and _is_sound(table):
        return []
    by_row = {error["rowNumber"]: error for error in errors if error["type"] in _ROW_ERRORS}
    faults = [_row_fault(table, error) for error in by_row.values()]
    faults += _damaged_cells(table)
    for error in errors:
        if error["rowNumber"] not in by_row:
            faults += _cell_faults(table, error, lookup)
    return first_by_cell([*faults, *_unmatched_cells(table), *_misspelled_cells(table)])


@lru_cache(maxsize=128)  # the parts of a build check the same tables
def _is_sound(table: CsvTable) -> bool:
    """Return whether each cell is undamaged, in the one spelling of its type, and matches its pattern."""
    return not any(chain(_damaged_cells(table), _unmatched_cells(table), _misspelled_cells(table)))


def first_by_cell(faults: Iterable[Fault]) -> list[Fault]:
    """Return the first fault of each cell: one is enough."""
    by_cell: dict[tuple[int | None, str | None], Fault] = {}
    for fault in faults:
        by_cell.setdefault((fault.row, fault.column), fault)
    return list(by_cell.values())


def _table_errors(
    table: CsvTable, lookup: TableLookup, version: str | None, cache: Cache | None
) -> list[SchemaError]:
    """Return the errors of Frictionless about a table, the header's first, then row by row."""
    keys: list[dict[str, Any]] = []
    resources: list[dict[str, Any]] = [{"name": table.name, "data": table.rows}]
    for key in table.schema.get("foreignKeys", []):
        name, columns = key["reference"].get("resource") or table.name, key["reference"]["fields"]
        if (other := table if name == table.name else lookup(name)) is None:
            continue
        # Under another name, with only the columns of the key: Frictionless copies the table.
        alias = f"{table.name}.key-{len(resources)}"
        resources.append({"name": alias, **_columns(other, columns)})
        keys.append({**key, "reference": {"resource": alias, "fields": columns}})
    # Patterns are matched by `_unmatched_cells`, which does not go on for ever.
    fields = [
        {**field, "constraints": {**field.get("constraints", {}), "pattern": ""}} for field in table.fields
    ]
    for field in fields:
        del field["constraints"]["pattern"]
    resources[0]["schema"] = {**table.schema, "fields": fields, "foreignKeys": keys}
    for resource in resources:
        # Set explicitly; Frictionless infers it from row widths.
        resource |= {"type": "table", "dialect": {"header": True, "headerRows": [1]}}
    described = {"$schema": version} if version else {}
    return _cached(_table_error_descriptors, {**described, "resources": resources}, cache)


def _table_error_descriptors(text: str) -> list[SchemaError]:
    """Return the errors of the first table of a data package with inline tables."""
    from frictionless import Package

    with Package.from_descriptor(json.loads(text)).resources[0] as table:
        errors = list(table.header.errors)
        for row in table.row_stream if table.header.valid else ():
            errors += row.errors
        return [error.to_descriptor() for error in errors]


def _columns(table: CsvTable, names: list[str]) -> dict[str, Any]:
    """Return some columns of a table as a resource, without rows that are too short for them."""
    places = [table.columns.index(name) for name in names]
    fields = [{**table.fields[place], "constraints": {}} for place in places]
    rows = [[row[place] for place in places] for row in table.rows[1:] if len(row) > max(places)]
    return {"data": [names, *rows], "schema": {"fields": fields}}


def _fault(table: CsvTable, row: int, column: str | None, message: Message, value: str | None) -> Fault:
    what, remedy = message
    return Fault(what, file=table.file, row=row, column=column, value=value, remedy=remedy)


def header_faults(table: CsvTable) -> Iterator[Fault]:
    """Yield what is wrong with the names and the order of the columns."""
    header, columns = table.header, table.columns
    missing = [name for name in columns if name not in header]
    misspelled: set[str] = set()
    for place, name in enumerate(header, start=1):
        if message := _name_message(name, header.index(name) + 1 < place, place, columns, missing):
            yield _fault(table, 1, name if name.strip() else str(place), message, None)
        if name not in columns:
            misspelled.update(difflib.get_close_matches(name, missing, n=1))
    yield from (_missing_column(table, name) for name in missing if name not in misspelled)
    if sorted(header) == sorted(columns) and header != columns:
        moved, expected = next(pair for pair in zip(header, columns, strict=True) if pair[0] != pair[1])
        what = f"columns are in another order: {expected} should stand here"
        yield _fault(table, 1, moved, (what, f"Put them in this order: {', '.join(columns)}."), None)


def _missing_column(table: CsvTable, name: str) -> Fault:
    place = table.columns.index(name)
    where = f"after {table.columns[place - 1]}" if place else "as the first column"
    return _fault(table, 1, name, ("this column is missing", f"Put it back, {where}."), None)


def _name_message(
    name: str, repeated: bool, place: int, columns: list[str], missing: list[str]
) -> Message | None:
    """Return what is wrong with one name in the header, if anything."""
    if not name.strip():
        return f"column {place} has no name", "Name it as in the data package, or remove it."
    if repeated:
        return "two columns have this name", "Remove one of them."
    if name not in columns:
        hint = did_you_mean(name, missing)
        return "no column of this name is known", hint or "Remove it, or describe it first."
    return None


def _row_fault(table: CsvTable, error: SchemaError) -> Fault:
    """Return the fault of a row that is empty or has too many or too few cells."""
    columns, number = table.columns, error["rowNumber"]
    row = table.rows[number - 1]
    if error["type"] == "blank-row":
        return _fault(table, number, None, ("the row is empty", "Remove it."), None)
    column: str | None = None
    value: str | None = None
    if error["type"] == "extra-cell":
        remedy = 'Put cells that hold a comma in "quotes", or remove the extra cell.'
        if any(cell.startswith(("“", "„")) for cell in row):
            remedy = 'Put straight "quotes" around the cell in place of the curly ones.'
        compared, value = "more", row[len(columns)]
    else:
        remedy = "Add the missing commas, or fill the cells."
        compared, column = "fewer", columns[len(row)]
    what = f"the row has {compared} cells than the {len(columns)} columns"
    return _fault(table, number, column, (what, remedy), value)


def _damaged_cells(table: CsvTable) -> Iterator[Fault]:
    for column in table.columns:
        for row, cell in table.cells(column):
            for message in damage(cell):
                yield _fault(table, row, column, message, cell)


def _misspelled_cells(table: CsvTable) -> Iterator[Fault]:
    """Yield a fault for each cell that is not in the one spelling of its type."""
    for field in table.fields:
        for row, cell in table.cells(field["name"]):
            if not is_plain(field, cell):
                yield _fault(table, row, field["name"], _spelling_message(field, cell), cell)


def _pattern(text: str) -> regex.Pattern[str]:
    return regex.compile(text)


def _unmatched_cells(table: CsvTable) -> Iterator[Fault]:
    """Yield a fault for each cell that its column's pattern does not match.

    It ends at a limit of time: some patterns try more ways to match a text than anybody can wait for.
    """
    for field in table.fields:
        if "pattern" not in field.get("constraints", {}):
            continue
        column, pattern = field["name"], _pattern(field["constraints"]["pattern"])
        end = time.monotonic() + limits.PATTERN_SECONDS
        for row, cell in table.cells(column):
            try:
                matches = pattern.fullmatch(cell, timeout=max(0.01, end - time.monotonic()))
            except TimeoutError:
                what = (
                    f"takes longer than {limits.PATTERN_SECONDS:g} seconds to match with the column's pattern"
                )
                remedy = "Write the pattern without a repetition within a repetition."
                yield _fault(table, row, column, (what, remedy), field["constraints"]["pattern"])
                break
            if not matches:
                yield _fault(
                    table, row, column, _constraint_message(field, cell, 'constraint "pattern"'), cell
                )


def _spelling_message(field: dict[str, Any], cell: str) -> Message:
    kind = field.get("format", kind_of(field))
    what, remedy = MISSPELLED.get(kind, (f"not a {kind}", "Write it as Table Schema does."))
    if cell.casefold() in NO_VALUE:
        return what, "Leave the cell blank where there is no value."
    if len(possible := readings(field, cell)) > 1:
        meanings = " or ".join(f"{reading.value} ({reading.how})" for reading in possible)
        return f"{what} that is certain: it can be {meanings}", f"Write the one that is meant. {remedy}"
    return what, remedy


def _cell_faults(table: CsvTable, error: SchemaError, lookup: TableLookup) -> Iterator[Fault]:
    """Yield an error of Frictionless about a cell or a key as a fault."""
    kind, row = error["type"], error["rowNumber"]
    column, cell = error.get("fieldName", ""), error.get("cell", "")
    if kind == "primary-key":
        yield _key_fault(table, error)
    elif kind == "foreign-key":
        yield _reference_fault(table, error, lookup)
    elif kind == "type-error":
        yield _fault(table, row, column, _spelling_message(table.field(column), cell), cell)
    elif kind == "constraint-error":
        cell = error["cells"][table.columns.index(column)]  # where it is blank, the error says None
        message = _constraint_message(table.field(column), cell, error["note"])
        yield _fault(table, row, column, message, cell or None)
    elif kind == "unique-error":
        what = f"this value stands in row {_earlier_row(error)} already"
        yield _fault(table, row, column, (what, "Each row needs its own."), cell)


def _key_fault(table: CsvTable, error: SchemaError) -> Fault:
    key = table.schema["primaryKey"]
    key = [key] if isinstance(key, str) else key
    cells = [error["cells"][table.columns.index(column)] for column in key]
    message = ("the key is blank", "Give each row its own.")
    if any(cells):
        what = f"this key stands in row {_earlier_row(error)} already"
        message = (what, "Give each row its own, or remove one of them.")
    return _fault(table, error["rowNumber"], "+".join(key), message, ", ".join(cells) if any(cells) else None)


def _earlier_row(error: SchemaError) -> str:
    """Return the row at the end of the note."""
    return error["note"].rsplit(" ", 1)[-1]


def _reference_fault(table: CsvTable, error: SchemaError, lookup: TableLookup) -> Fault:
    columns, references = error["fieldNames"], error["referenceFieldNames"]
    name = next(
        key["reference"].get("resource") or table.name
        for key in table.schema["foreignKeys"]
        if (key["fields"], key["reference"]["fields"]) == (columns, references)
    )
    cells = [error["cells"][table.columns.index(column)] for column in columns]
    other = table if name == table.name else lookup(name)
    hint = did_you_mean(cells[0], other.values(references[0])) if other and len(cells) == 1 else ""
    message = no_such_id(name, hint)
    return _fault(table, error["rowNumber"], "+".join(columns), message, ", ".join(cells))


def no_such_id(name: str, hint: str) -> Message:
    """Return the message about an id that the table called `name` does not have."""
    return f"no such id in {name!r}", join_sentences(hint, f"Use an id of {name!r}, or add it there first.")


def _constraint_message(field: dict[str, Any], cell: str, note: str) -> Message:
    """Return the message about a violated constraint, or about the spelling of the cell if that is wrong."""
    if cell and (plain := PLAIN.get(kind_of(field))) and not plain.fullmatch(cell):
        return _spelling_message(field, cell)
    name = note.split('"')[1]  # constraint "minimum" is "0"
    limit = field["constraints"][name]
    match name:
        case "required":
            return "must not be blank", "Fill it in."
        case "enum":
            allowed = list(map(str, limit))
            hint = did_you_mean(cell, allowed)
            return "not one of the allowed values", join_sentences(hint, f"Allowed: {', '.join(allowed)}.")
        case "pattern" if field.get("format") in MISSPELLED:
            return MISSPELLED[field["format"]]
        case "pattern":
            remedy = join_sentences(field.get("description", ""), f"Pattern: {limit}.")
            return "not written as this column wants it", remedy
        case "minimum":
            return "must not be negative" if limit == 0 else f"must be at least {limit}", "Correct the value."
        case "maximum":
            return f"must be at most {limit}", "Correct the value."
    return f"breaks the limit {name} {limit}", "Correct the value."
