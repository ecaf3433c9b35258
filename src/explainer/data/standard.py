"""What the standard says of a data package and its tables, asked of Frictionless.

Every verdict on types, formats, constraints, keys and the shape of a table comes from the standard's own
library; `explainer.data.tableschema` puts it in an editor's words. Frictionless takes a fifth of a second to
load, so it is loaded where a table is checked and not before, and a process asks it once about the same text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from explainer.data.table import Table

if TYPE_CHECKING:
    from frictionless import Error

#: Returns a table by its name; None where it is not there or has faults of its own.
Others = Callable[[str], "Table | None"]


def no_others(name: str) -> None:
    """Return no table: what foreign keys lead to is not looked at."""


#: What Frictionless does not hold against the type of a column before it reads a cell with it.
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def package_notes(descriptor: dict[str, Any]) -> list[str]:
    """Return what is wrong with the description of a data package, but for the schemas of its tables."""
    from frictionless import Package

    resources = [
        {key: value for key, value in resource.items() if key != "schema"}
        for resource in descriptor["resources"]
    ]
    return _notes(lambda: Package.metadata_validate({**descriptor, "resources": resources}))


def schema_notes(schema: dict[str, Any], version: str | None) -> list[str]:
    """Return what is wrong with the schema of a table.

    Parameters
    ----------
    schema : dict
        The Table Schema.
    version : str, optional
        The ``$schema`` of the data package.
    """
    described = {"$schema": version.replace("datapackage", "tableschema")} if version else {}
    return list(_schema_notes(json.dumps({**described, **schema})))


@lru_cache(maxsize=256)
def _schema_notes(text: str) -> tuple[str, ...]:
    from frictionless import Schema

    schema = json.loads(text)
    return tuple(_notes(lambda: Schema.metadata_validate(schema)) or _unusable(schema))


def _notes(validate: Callable[[], Iterator[Error]]) -> list[str]:
    from frictionless import FrictionlessException

    try:
        return [error.note for error in validate()]
    except FrictionlessException as exception:
        return [error.note for error in exception.reasons or [exception.error]]


def _unusable(schema: dict[str, Any]) -> Iterator[str]:
    """Yield each constraint that cannot be read as what it should be."""
    from frictionless import Field

    for field in schema["fields"]:
        constraints = field.get("constraints", {})
        for name in [name for name in _BOUNDS if name in constraints]:
            if Field.from_descriptor(field).create_value_reader()(constraints[name]) is None:
                yield f'constraint "{name}" of {field["name"]!r} is no {field["type"]}'
        try:
            re.compile(constraints.get("pattern", ""))
        except re.error as error:
            yield f'constraint "pattern" of {field["name"]!r} is no pattern: {error}'


def table_errors(table: Table, others: Others, version: str | None = None) -> list[Error]:
    """Return what is wrong with a table, header first, then row by row.

    Parameters
    ----------
    table : Table
        The table, with the header in its first row.
    others : callable
        Gives the tables that its foreign keys lead to. A key to a table that is not to be had is not checked.
    version : str, optional
        The ``$schema`` of the data package.
    """
    keys, resources = [], [{"name": table.name, "data": table.rows}]
    for key in table.schema.get("foreignKeys", []):
        name, columns = key["reference"].get("resource") or table.name, key["reference"]["fields"]
        if (other := table if name == table.name else others(name)) is None:
            continue
        # Under a name of its own, with the columns of the key alone: the library copies what it looks up.
        alias = f"{table.name}.key-{len(resources)}"
        resources.append({"name": alias, **_columns(other, columns)})
        keys.append({**key, "reference": {"resource": alias, "fields": columns}})
    resources[0]["schema"] = {**table.schema, "foreignKeys": keys}
    for resource in resources:
        # Said, so that it is not guessed from the widths of the rows.
        resource |= {"type": "table", "dialect": {"header": True, "headerRows": [1]}}
    described = {"$schema": version} if version else {}
    return list(_table_errors(json.dumps({**described, "resources": resources})))


@lru_cache(maxsize=256)
def _table_errors(text: str) -> tuple[Error, ...]:
    """Return what is wrong with the first table of a data package that holds its data."""
    from frictionless import Package

    with Package.from_descriptor(json.loads(text)).resources[0] as table:
        found = list(table.header.errors)
        for row in table.row_stream if table.header.valid else ():
            found += row.errors
        return tuple(found)


def _columns(table: Table, names: list[str]) -> dict[str, Any]:
    """Return some columns of a table as a resource; a row with a stray cell keeps what it has."""
    places = [table.columns.index(name) for name in names]
    fields = [{**table.fields[place], "constraints": {}} for place in places]
    rows = [[row[place] for place in places] for row in table.rows[1:] if len(row) > max(places)]
    return {"data": [names, *rows], "schema": {"fields": fields}}
