"""What Datasette shows beside the SQLite file: titles, descriptions, sources, licenses, facets, labels."""

from __future__ import annotations

from typing import Any

from explainer.export.about import About
from explainer.export.sqlite import Schema
from explainer.export.tables import Column, Table

#: Counting rows by more columns than this hides the rows.
MOST_FACETS = 5


def metadata(about: About, tables: list[Table], database: str) -> dict[str, Any]:
    """Return the content of ``metadata.json``.

    Parameters
    ----------
    about : About
        What is said of the whole.
    tables : list of Table
        All tables of a project.
    database : str
        The name of the SQLite file without its ending.
    """
    schema = Schema(tables)
    described = {schema.names[table.name]: _table(schema, table) for table in tables}
    for name in schema.lists.values():
        described[name] = {"hidden": True}  # each row of the table that it belongs to leads there
    whole = _known(
        {
            "title": about.title,
            "description": about.description,
            **_source(list(about.package.get("sources") or [])),
            **_license(about.licenses),
            "about": "The report" if about.home else None,
            "about_url": about.home,
        }
    )
    return {**whole, "databases": {database: {**whole, "tables": described}}}


def label(table: Table) -> Column | None:
    """Return the column whose text stands for a row: the first that names it and leads nowhere else."""
    linked = {column for link in table.links for column in link.columns}
    for column in table.columns:
        is_free = column.kind == "text" and column.is_required and not column.choices
        if is_free and not column.is_list and column.name not in linked and column.name not in table.key:
            return column
    return None


def _table(schema: Schema, table: Table) -> dict[str, Any]:
    own = schema.columns[table.name]
    linked = {link.columns[0] for link in table.links if len(link.columns) == 1 and not link.is_list}
    facets = [
        own[column.name]
        for column in table.columns
        if column.name not in table.key
        and (column.choices or column.kind == "boolean" or column.name in linked)
    ]
    title = label(table)
    return _known(
        {
            "title": table.title,
            "description": table.description,
            **_source(table.sources),
            **_license(list(table.source.resource.get("licenses") or [])),
            "columns": {own[one.name]: one.description for one in table.columns if one.description},
            "units": {own[one.name]: one.field["unit"] for one in table.columns if one.field.get("unit")},
            "facets": facets[:MOST_FACETS],
            "label_column": own[title.name] if title else None,
        }
    )


def _source(sources: list[dict[str, str]]) -> dict[str, str | None]:
    """Return the sources as Datasette has them: the names of all, the address where it is one."""
    named = "; ".join(one.get("title") or one.get("path") or "" for one in sources)
    return {"source": named or None, "source_url": sources[0].get("path") if len(sources) == 1 else None}


def _license(licenses: list[dict[str, str]]) -> dict[str, str | None]:
    named = "; ".join(one.get("title") or one.get("name") or "" for one in licenses)
    return {"license": named or None, "license_url": licenses[0].get("path") if len(licenses) == 1 else None}


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
