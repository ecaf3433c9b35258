"""Header and cells of a table against its Table Schema, in words an editor understands.

The part of Table Schema that the data package uses, and no more: a type, format or constraint that is not
known here is a fault of the description. The tests hold the verdicts beside those of the standard's own
validator, which takes longer to load than all the tables take to check.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from explainer.faults import Fault
from explainer.spelling import clean, kind_of, readings
from explainer.table import Table

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
}
#: How each type is spelled in a table; anything else may still be readable, see `explainer.spelling`.
PLAIN = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "partial date": re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"),
    "integer": re.compile(r"-?[0-9]+"),
    "number": re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?"),
    "boolean": re.compile(r"true|false"),
}
FORMATS = {"string": ("default", "uri")}
NO_VALUE = ("-", "–", "—", "?", "n/a", "na", "nan", "null", "nil", "none", "unknown", "tbd")
_ERROR = re.compile(r"#(?:REF!|NAME\?|VALUE!|N/A|DIV/0!|NUM!|NULL!|SPILL!|CALC!|#+)|Err:\d+")
#: Characters of no text: what is left of one that was lost, and what only machines write.
_LOST = re.compile("[\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What UTF-8 looks like in Windows-1252: an Â, a Ã or an â, and characters that make no word with it.
_GARBLED = re.compile("[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\x8f][\x80-\xbf]")
_AS_BYTES = {ord(bytes([byte]).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)}


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


def is_plain(field: dict[str, Any], cell: str) -> bool:
    """Return whether a cell is spelled as its type should be; what it says may still be wrong."""
    allowed = field.get("constraints", {}).get("enum")
    if allowed is not None:
        return cell in allowed
    if plain := PLAIN.get(kind_of(field)):
        return plain.fullmatch(cell) is not None
    return clean(cell) == cell


def cell_faults(table: Table) -> Iterator[Fault]:
    """Yield what is wrong with the cells of `table`, whose header is right and whose schema is known.

    Types and constraints, blank required cells, duplicate keys, ragged and empty rows, and what a spreadsheet
    or a wrong encoding did to the text.
    """
    tests = [_tests(field) for field in table.fields]
    for number, row in enumerate(table.rows[1:], start=2):
        if not any(row):
            yield Fault("the row is empty", file=table.file, row=number, remedy="Remove it.")
            continue
        if len(row) != len(table.columns):
            yield _ragged(table, number, row)
            continue  # with the cells out of place, what is wrong with each would only mislead
        for field, run, cell in zip(table.fields, tests, row, strict=True):
            for what, remedy in run(cell):
                yield Fault(
                    what,
                    file=table.file,
                    row=number,
                    column=field["name"],
                    value=cell or None,
                    remedy=remedy,
                )
                break  # the first says enough about one cell
    yield from _twice(table)


#: What is wrong with a cell and what to do about it.
Finding = tuple[str, str]


def _tests(field: dict[str, Any]) -> Callable[[str], Iterator[Finding]]:
    """Return a function that yields what is wrong with a cell of this column."""
    constraints = field.get("constraints", {})
    required = constraints.get("required", False)
    limits = [(name, limit) for name, limit in constraints.items() if name in _CONSTRAINTS]
    kind = kind_of(field)

    def run(cell: str) -> Iterator[Finding]:
        if not cell:
            if required:
                yield "must not be blank", "Fill it in."
            return
        yield from _damage(cell)
        if kind in PLAIN:
            if not (PLAIN[kind].fullmatch(cell) and exists(kind, cell)):
                yield _misspelt(field, kind, cell)
                return
        elif clean(cell) != cell:
            yield "has spaces at its start or end, or characters that do not show", "Remove them."
        if field.get("format") == "uri" and not _is_address(cell):
            yield WANTED["uri"]
        for name, limit in limits:
            yield from _CONSTRAINTS[name](cell, limit, field)

    return run


def _damage(cell: str) -> Iterator[Finding]:
    """Yield what a spreadsheet or a wrong encoding has done to a text."""
    if found := _LOST.search(cell):
        what = "a character was lost here" if found[0] == "\ufffd" else "holds a character that no text has"
        yield what, "Write the word again."
    elif _ERROR.fullmatch(cell):
        yield "is a spreadsheet's error in place of a value", "Put back what stood here."
    elif not cell.isascii() and (found := _GARBLED.search(cell.translate(_AS_BYTES))):
        meant = found[0].encode("latin-1").decode("utf-8", "replace")
        garbled = cell[found.start() : found.end()]
        yield f"is garbled: {garbled!r} was {meant!r} before it was saved wrongly", "Write the word again."


def exists(kind: str, cell: str) -> bool:
    """Return whether the thing that a well-spelled cell says is there, and can be computed with."""
    try:
        if kind == "date":
            datetime.date.fromisoformat(cell)
        elif kind == "partial date":
            datetime.date.fromisoformat(cell + "-01-01"[len(cell) - 4 :] if len(cell) < 10 else cell)
        elif kind == "integer":
            return len(cell) < 20 and abs(int(cell)) < 2**63
        elif kind == "number":
            return abs(float(cell)) != float("inf")
    except ValueError:
        return False
    return True


def _misspelt(field: dict[str, Any], kind: str, cell: str) -> Finding:
    what, remedy = WANTED[kind]
    if cell.casefold() in NO_VALUE:
        return what, "Leave the cell blank where there is no value."
    if len(found := readings(field, cell)) > 1:
        meanings = " or ".join(f"{reading.value} ({reading.how})" for reading in found)
        return f"{what} that is certain: it can be {meanings}", f"Write the one that is meant. {remedy}"
    return what, remedy


def _is_address(cell: str) -> bool:
    try:
        parts = urlsplit(cell)
        return bool(parts.scheme and parts.hostname) and not re.search(r"\s", cell)
    except ValueError:
        return False


def _enum(cell: str, limit: list[str], field: dict[str, Any]) -> Iterator[Finding]:
    allowed = list(map(str, limit))
    if cell not in allowed:
        hint = did_you_mean(cell, allowed)
        yield "not one of the allowed values", sentences(hint, f"Allowed: {', '.join(allowed)}.")


def _minimum(cell: str, limit: float, field: dict[str, Any]) -> Iterator[Finding]:
    if Decimal(cell) < Decimal(str(limit)):
        what = "must not be negative" if limit == 0 else f"must be at least {limit}"
        yield what, "Correct the number."


def _maximum(cell: str, limit: float, field: dict[str, Any]) -> Iterator[Finding]:
    if Decimal(cell) > Decimal(str(limit)):
        yield f"must be at most {limit}", "Correct the number."


def _matches(cell: str, limit: str, field: dict[str, Any]) -> Iterator[Finding]:
    if not _compiled(limit).fullmatch(cell):
        remedy = f"{field.get('description', '')} Pattern: {limit}.".strip()
        yield "not written as this column wants it", remedy


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_CONSTRAINTS: dict[str, Callable[[str, Any, dict[str, Any]], Iterator[Finding]]] = {
    "enum": _enum,
    "minimum": _minimum,
    "maximum": _maximum,
    "pattern": _matches,
}
#: The constraints that are known, for `explainer.descriptor`.
CONSTRAINTS = ("required", "unique", *_CONSTRAINTS)


def _ragged(table: Table, number: int, row: list[str]) -> Fault:
    """Return the fault of a row with more or fewer cells than there are columns."""
    columns = table.columns
    if len(row) > len(columns):
        curly = any(cell.startswith(("“", "„")) for cell in row)
        remedy = 'Put cells that hold a comma in "quotes", or remove the extra cell.'
        if curly:
            remedy = 'Put straight "quotes" around the cell in place of the curly ones.'
        what, column, value = "more", None, row[len(columns)]
    else:
        remedy = "Add the missing commas, or fill the cells."
        what, column, value = "fewer", columns[len(row)], None
    what = f"the row has {what} cells than the {len(columns)} columns"
    return Fault(what, file=table.file, row=number, column=column, value=value, remedy=remedy)


def _twice(table: Table) -> Iterator[Fault]:
    """Yield each row whose key an earlier row has already, and each value that must be the only one."""
    for field in table.fields:
        if field.get("constraints", {}).get("unique"):
            seen: dict[str, int] = {}
            for number, cell in table.cells(field["name"]):
                if seen.setdefault(cell, number) != number:
                    yield Fault(
                        f"this value stands in row {seen[cell]} already",
                        file=table.file,
                        row=number,
                        column=field["name"],
                        value=cell,
                        remedy="Each row needs its own.",
                    )
    key = table.schema.get("primaryKey", [])
    key = [key] if isinstance(key, str) else key
    first: dict[tuple[str, ...], int] = {}
    for number, record in table.records if key else ():
        cells = tuple(record[column] for column in key)
        if not any(cells):
            continue  # the blank cells are reported as blank
        if cells in first:
            yield Fault(
                f"this key stands in row {first[cells]} already",
                file=table.file,
                row=number,
                column="+".join(key),
                value=", ".join(cells),
                remedy="Give each row its own, or remove one of them.",
            )
        first.setdefault(cells, number)
