"""The description of a table against the rest of the data package, before any cell is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from explainer.data.standard import schema_notes
from explainer.data.tableschema import did_you_mean
from explainer.system.errors import Fault

#: Properties of a field whose value names another column of the same table.
NAMES_A_COLUMN = ("partialDate", "typedBy", "within", "weekdayOf", "atLeast", "saidIn")
#: Properties of a field that apply where other columns have some value.
CONDITIONS = ("filledWhen", "namesDay", "wholeWhen")
#: Properties of a field that hold it against other columns: which of their entries name one.
NAME_COLUMNS = {
    "daysBetween": ("from", "to"),
    "phaseOf": ("column",),
    "sameAs": ("by",),
    "datesEvent": ("event", "from", "relation"),
    "onMap": ("longitude", "name"),
}
#: Those that look into another table, and which of their entries name a column there.
NAME_OTHERS = {
    "listOf": ("field",),
    "phaseOf": ("field",),
    "sameAs": ("key", "field"),
    "datesEvent": ("field",),
}


def descriptor_faults(
    resource: dict[str, Any],
    resources: dict[str, dict[str, Any]],
    file: str,
    version: str | None = None,
) -> Iterator[Fault]:
    """Yield what is wrong with the description of one table.

    That is what the standard does not allow, and each column or table that `resource` refers to and that the
    package does not describe.

    Parameters
    ----------
    resource : dict
        The description of one table.
    resources : dict
        All descriptions, by name.
    file : str
        What faults call the data package.
    version : str, optional
        The ``$schema`` of the data package.
    """
    for note in schema_notes(resource["schema"], version):
        remedy = "Table Schema has what is allowed: https://datapackage.org/standard/table-schema/"
        yield Fault(f"the schema of {resource['name']!r} is not valid: {note}", file=file, remedy=remedy)
    if resource["schema"].get("missingValues", [""]) != [""]:
        what = f"the schema of {resource['name']!r} has words for a missing value"
        yield Fault(what, file=file, remedy="Here a missing value is a blank cell: leave missingValues out.")
    for table, column, why in _mentions(resource):
        target = resources.get(table)
        if target is None or "schema" not in target:
            hint = did_you_mean(table, resources)
            yield _fault(resource, f"{why} names a table that is not described", table, hint, file)
            continue
        known = [field["name"] for field in target["schema"]["fields"]]
        if column not in known:
            hint = did_you_mean(column, known)
            yield _fault(resource, f"{why} names a column that {table} does not have", column, hint, file)


def _mentions(resource: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and where they are named, for every name that has to resolve."""
    own, schema = resource["name"], resource["schema"]
    for link in schema.get("foreignKeys", []):
        for column in link["reference"]["fields"]:
            yield link["reference"].get("resource") or own, column, "foreignKeys"
    for field in schema["fields"]:
        for table, column, name in _mentions_of_field(own, field):
            yield table, column, f"{name} of {field['name']}"


def _mentions_of_field(own: str, field: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield table, column and property, for every name in the properties of one field."""
    for name in NAMES_A_COLUMN:
        if isinstance(field.get(name), str):
            yield own, field[name], name
    for name, entries in NAME_COLUMNS.items():
        for entry in entries if name in field else ():
            yield own, field[name][entry], name
    for name, entries in NAME_OTHERS.items():
        for entry in entries if name in field else ():
            yield field[name]["resource"], field[name][entry], name
    for name in CONDITIONS:
        for column in field.get(name, {}):
            yield own, column, name


def _fault(resource: dict[str, Any], what: str, value: str, hint: str, file: str) -> Fault:
    remedy = hint or "Correct the name, or describe it first."
    return Fault(f"{resource['name']}: {what}", file=file, value=value, remedy=remedy)
