"""The description of a table against the rest of the data package, before any cell is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from explainer.faults import Fault
from explainer.tableschema import did_you_mean

#: Properties of a field whose value names another column of the same table.
NAMES_A_COLUMN = ("partialDate", "typedBy")


def descriptor_faults(
    resource: dict[str, Any], resources: dict[str, dict[str, Any]], file: str
) -> Iterator[Fault]:
    """Yield each column or table that `resource` refers to and that the package does not describe.

    Parameters
    ----------
    resource : dict
        The description of one table.
    resources : dict
        All descriptions, by name.
    file : str
        What faults call the data package.
    """
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
    key = schema.get("primaryKey", [])
    for column in [key] if isinstance(key, str) else key:
        yield own, column, "primaryKey"
    foreign = schema.get("foreignKeys", [])
    for link in foreign:
        for column in link["fields"]:
            yield own, column, "foreignKeys"
        for column in link["reference"]["fields"]:
            yield link["reference"].get("resource") or own, column, "foreignKeys"
    for field in schema["fields"]:
        for name in NAMES_A_COLUMN:
            if isinstance(field.get(name), str):
                yield own, field[name], f"{name} of {field['name']}"
        for column in field.get("filledWhen", {}):
            yield own, column, f"filledWhen of {field['name']}"
        if "listOf" in field:
            yield field["listOf"]["resource"], field["listOf"]["field"], f"listOf of {field['name']}"


def _fault(resource: dict[str, Any], what: str, value: str, hint: str, file: str) -> Fault:
    remedy = hint or "Correct the name, or describe it first."
    return Fault(f"{resource['name']}: {what}", file=file, value=value, remedy=remedy)
