"""Checking the description of a table in the data package, before any cell is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from explainer.data.rules import RULES
from explainer.data.schema import schema_notes
from explainer.english.suggestions import did_you_mean
from explainer.system.cache import Cache
from explainer.system.errors import Fault


def descriptor_faults(
    resource: dict[str, Any],
    resources: dict[str, dict[str, Any]],
    file: str,
    version: str | None = None,
    cache: Cache | None = None,
) -> Iterator[Fault]:
    """Yield what is wrong with the description of one table.

    That is whatever the standard does not allow, and each table or column that a foreign key or a rule refers
    to and that the package does not describe.

    Parameters
    ----------
    resource : dict
        The description of one table.
    resources : dict
        All descriptions, by name.
    file : str
        Name of the data package in faults.
    version : str, optional
        The ``$schema`` of the data package.
    cache : Cache, optional
        The cache of Frictionless results.
    """
    for note in schema_notes(resource["schema"], version, cache):
        remedy = "Table Schema has what is allowed: https://datapackage.org/standard/table-schema/"
        yield Fault(f"the schema of {resource['name']!r} is not valid: {note}", file=file, remedy=remedy)
    if resource["schema"].get("missingValues", [""]) != [""]:
        what = f"the schema of {resource['name']!r} has words for a missing value"
        yield Fault(what, file=file, remedy="Here a missing value is a blank cell: leave missingValues out.")
    own = [key["fields"] for key in resource["schema"].get("foreignKeys", [])]
    for field in resource["schema"]["fields"]:
        if field.get("acyclic") and own.count([field["name"]]) != 1:
            what = (
                f"{resource['name']}: acyclic of {field['name']} needs one foreign key of this column alone"
            )
            yield Fault(what, file=file, remedy="Add the key to foreignKeys, or take acyclic out.")
    for table, column, why in named_columns(resource):
        target = resources.get(table)
        if target is None or "schema" not in target:
            hint = did_you_mean(table, resources)
            yield _fault(resource, f"{why} names a table that is not described", table, hint, file)
            continue
        known = [field["name"] for field in target["schema"]["fields"]]
        if column not in known:
            hint = did_you_mean(column, known)
            yield _fault(resource, f"{why} names a column that {table} does not have", column, hint, file)


def named_columns(resource: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield each table and column that has to exist, and the property that refers to it."""
    own, schema = resource["name"], resource["schema"]
    for link in schema.get("foreignKeys", []):
        for column in link["reference"]["fields"]:
            yield link["reference"].get("resource") or own, column, "foreignKeys"
    for column in resource.get("rowAddress", []):
        yield own, column, "rowAddress"
    if "claimReview" in resource:
        yield own, resource["claimReview"]["by"], "claimReview"
    for field in schema["fields"]:
        yield from _columns_of_rules(own, field)


def _columns_of_rules(own: str, field: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what the rules of one field refer to, as `named_columns` does; `own` is its table."""
    for name in [name for name in RULES if name in field]:
        rule, setting, why = RULES[name], field[name], f"{name} of {field['name']}"
        for column in rule.columns(setting):
            yield own, column, why
        for key in rule.other_columns:
            yield setting["resource"], setting[key], why


def _fault(resource: dict[str, Any], what: str, value: str, hint: str, file: str) -> Fault:
    remedy = hint or "Correct the name, or describe it first."
    return Fault(f"{resource['name']}: {what}", file=file, value=value, remedy=remedy)
