"""The tables as they are in the project, to stand beside the report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from explainer.data.csv_read import write_rows
from explainer.data.package import DataPackage
from explainer.report.layout import DATA
from explainer.system.errors import Fault
from explainer.system.project import Project

LICENSE = "LICENSE-data"


def files(project: Project, tables: DataPackage) -> dict[str, bytes]:
    """Return every file that the data package names, and the license, by path from the data folder.

    Parameters
    ----------
    project : Project
        The project.
    tables : DataPackage
        Its data package.

    Raises
    ------
    Fault
        If it names a file outside the data folder: nothing else of the project is for publication.
    """
    contents = {}
    for resource in tables.descriptor["resources"]:
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
            contents[resource["path"]] = _content(tables, resource, path)
    license = project.root / LICENSE
    if license.is_file():
        contents["LICENSE.txt"] = license.read_bytes()
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
    return f"{DATA}/{path}"
