"""The forms in which the tables are published, and the files of each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from explainer.data.package import DataPackage
from explainer.export import (
    about,
    archive,
    crate,
    croissant,
    datasette,
    names,
    parquet,
    readme,
    sqlite,
    tables,
    workbook,
)
from explainer.export.about import About
from explainer.export.tables import Table
from explainer.report.files import data
from explainer.report.layout import DATA
from explainer.system.errors import Fault
from explainer.system.project import Project

DESCRIPTION = "datapackage.json"
#: The description without what ``frictionless index`` stops at.
FOR_INDEX = "tables.json"
DATASETTE = "metadata.json"
CHECKSUMS = "SHA256SUMS"
Files = dict[str, bytes]


@dataclass(frozen=True)
class Publication:
    """The data of a project, read and checked, as every form is made from it.

    Parameters
    ----------
    about : About
        What is said of the whole.
    tables : list of Table
        All tables.
    sources : dict of str to bytes
        The files that the data package describes, and the license, by path from the data folder.
    """

    about: About
    tables: list[Table]
    sources: Files

    @property
    def stem(self) -> str:
        """The name of the files that hold all tables, without an ending."""
        return names.for_file(self.about.name) or "data"

    @property
    def file_names(self) -> dict[str, str]:
        """The name of the files of one table each, without an ending, by table."""
        # The pages of the tables stand beside the page of all.
        return names.unique((table.name for table in self.tables), names.for_file, taken=["index"])


def read(project: Project) -> Publication:
    """Return the data of a project.

    Raises
    ------
    Faults
        What is wrong with the tables, or with the page's front matter.
    """
    package = DataPackage(project)
    return Publication(
        about.read(project, package.descriptor), tables.read(package), data.files(project, package)
    )


def csv(publication: Publication) -> Files:
    """Return the tables as they are, the other files of the data package, and their description."""
    sources = publication.sources
    described = about.described(publication.about, sources)
    return {**sources, DESCRIPTION: _json(described), FOR_INDEX: _json(about.indexable(described))}


def zipped(publication: Publication) -> Files:
    """Return one archive with the tables, their descriptions, a text to read first and checksums."""
    files = {
        **csv(publication),
        readme.FILE: readme.readme(publication.about, publication.tables),
        **described_for_machines(publication),
    }
    files |= as_crate(publication, files)
    files |= checksums(publication, files)
    return {f"{publication.stem}.zip": archive.pack(files, publication.stem)}


def database(publication: Publication) -> Files:
    """Return one SQLite file, and what Datasette shows with it."""
    described = datasette.metadata(publication.about, publication.tables, publication.stem)
    return {
        f"{publication.stem}.sqlite": sqlite.database(publication.tables),
        DATASETTE: _json(described),
    }


def spreadsheet(publication: Publication) -> Files:
    """Return one workbook."""
    title, day = publication.about.title, publication.about.day
    return {f"{publication.stem}.xlsx": workbook.workbook(publication.tables, title, day)}


def parquets(publication: Publication) -> Files:
    """Return a Parquet file for each table."""
    file_names = publication.file_names
    return {
        f"parquet/{file_names[table.name]}.parquet": parquet.parquet(table) for table in publication.tables
    }


def records(publication: Publication) -> Files:
    """Return a JSON file for each table: a list of rows, cells in their types, lists of ids as lists."""
    file_names = publication.file_names
    return {f"json/{file_names[table.name]}.json": _records(table) for table in publication.tables}


def described_for_machines(publication: Publication) -> Files:
    """Return the description of the tables for those who search data sets or train models."""
    content = croissant.croissant(publication.about, publication.tables, publication.sources, DATA)
    return {croissant.FILE: _json(content)}


def as_crate(publication: Publication, files: Mapping[str, bytes]) -> Files:
    """Return the description of all `files` as an RO-Crate."""
    titles = {table.path: table.title for table in publication.tables}
    return {crate.FILE: _json(crate.crate(publication.about, files, titles))}


def checksums(_publication: Publication, files: Mapping[str, bytes]) -> Files:
    """Return the checksums of all `files`."""
    return {CHECKSUMS: archive.sums(files)}


#: The forms by what they are called on the command line.
FORMATS: dict[str, Callable[[Publication], Files]] = {
    "csv": csv,
    "json": records,
    "zip": zipped,
    "sqlite": database,
    "xlsx": spreadsheet,
    "parquet": parquets,
    "croissant": described_for_machines,
}
#: Those that describe what the others wrote.
OVER_ALL: dict[str, Callable[[Publication, Mapping[str, bytes]], Files]] = {
    "ro-crate": as_crate,
    "checksums": checksums,
}
CHOICES = (*FORMATS, *OVER_ALL)


def make(publication: Publication, choices: Iterable[str]) -> tuple[Files, list[Fault]]:
    """Return the files of some forms, by path from the data folder, and why others cannot be made.

    Parameters
    ----------
    publication : Publication
        The data.
    choices : iterable of str
        Names of forms, of `CHOICES`.
    """
    chosen = set(choices)
    files: Files = {}
    faults: list[Fault] = []
    for name, form in FORMATS.items():
        if name in chosen:
            try:
                files = merged(files, form(publication))
            except Fault as fault:
                faults.append(fault)
    for name, over_all in OVER_ALL.items():
        if name in chosen:
            files = merged(files, over_all(publication, files))
    return files, faults


def merged(files: Mapping[str, bytes], more: Mapping[str, bytes]) -> Files:
    """Return both, unless `refuse_same_names` refuses them."""
    refuse_same_names(files, more)
    return {**files, **more}


def refuse_same_names(files: Mapping[str, bytes], more: Mapping[str, bytes]) -> None:
    """Refuse two files at one path.

    Raises
    ------
    Fault
        If a file of the data package stands where another file goes.
    """
    taken = {path.casefold() for path in files}
    if path := next((path for path in more if path.casefold() in taken), None):
        raise Fault(
            "a file of the data package has the name of a file that is made from it",
            file=f"data/{path}",
            remedy="Give it another name, here and in data/datapackage.json.",
        )


def _records(table: Table) -> bytes:
    rows = []
    for cells, values in zip(table.cells, table.values(), strict=True):
        row: dict[str, Any] = {}
        for column, cell, value in zip(table.columns, cells, values, strict=True):
            row[column.name] = tables.items(cell) if column.is_list else value
        rows.append(json.dumps(row, ensure_ascii=False, allow_nan=False))
    return ("[\n" + ",\n".join(rows) + "\n]\n").encode() if rows else b"[]\n"


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
