"""The tables as they are in the project, beside the report, so that what describes them can point at them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from explainer.data.csv_read import write_rows
from explainer.data.package import DataPackage
from explainer.system.errors import Fault
from explainer.system.project import Project

FOLDER = "data"
LICENSE = "LICENSE-data"


def description(project: Project) -> dict[str, Any]:
    """Return the data package's own description, which `explainer check` accepts."""
    return json.loads(project.package.read_text(encoding="utf-8"))


def files(project: Project, package: dict[str, Any]) -> dict[str, bytes]:
    """Return the data package, every file that it names, and the license: path in the report -> content.

    Parameters
    ----------
    project : Project
        The project.
    package : dict
        As `description` returns it.

    Raises
    ------
    Fault
        If it names a file outside the data folder: nothing else of the project is for publication.
    """
    tables = DataPackage(project)
    contents = {address_of(project.package.name): project.package.read_bytes()}
    for resource in package["resources"]:
        path = (project.data / resource["path"]).resolve()
        if project.data.resolve() not in path.parents:
            raise Fault(
                "the data package names a file outside its folder",
                file=project.relative(project.package),
                column=resource["name"],
                value=resource["path"],
                remedy="Move the file into data/.",
            )
        if path.is_file():
            contents[address_of(resource["path"])] = _content(tables, resource, path)
    license = project.root / LICENSE
    if license.is_file():
        contents[address_of("LICENSE.txt")] = license.read_bytes()
    return contents


def _content(tables: DataPackage, resource: dict[str, Any], path: Path) -> bytes:
    """Return a file as it is, but a table that had to be repaired to be read as it was read."""
    if "schema" in resource:
        table = tables.table(resource["name"])
        if table.repairs or (table.sheet is not None and table.sheet.notes):
            return write_rows(table.rows)
    return path.read_bytes()


def address_of(path: str) -> str:
    """Return where a file of the data package stands in the report."""
    return f"{FOLDER}/{path}"
