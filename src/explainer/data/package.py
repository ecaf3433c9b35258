"""The data package: reading and writing the tables of a project, as ``data/datapackage.json`` describes them.

Notebooks use `load` and `save`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainer.data import geo
from explainer.data.csv_read import parse_sheet, write_rows
from explainer.data.description import compose, read_package
from explainer.data.descriptor import descriptor_faults, named_columns
from explainer.data.frames import cell_text, to_frame
from explainer.data.repairs import repaired
from explainer.data.rules import keeps_rules, rule_faults
from explainer.data.schema import first_by_cell, header_faults, table_faults
from explainer.data.table import CsvTable
from explainer.english.suggestions import did_you_mean, join_sentences
from explainer.notebooks.kernel import STAGE, looking_up
from explainer.system import limits
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_bytes
from explainer.system.project import Project
from explainer.system.structured import read_file

if TYPE_CHECKING:
    import pandas as pd


class DataPackage:
    """The tables of one project; each is read and checked once.

    Parameters
    ----------
    project : Project
        The project whose ``data/datapackage.json`` describes them.
    stage : Path, optional
        A folder with files to use instead of those of the project, at the same paths from the root.
    """

    def __init__(self, project: Project, stage: Path | None = None) -> None:
        self.project = project
        self.stage = stage
        self._tables: dict[str, CsvTable] = {}
        self._unreadable: dict[str, Fault] = {}
        self._description_faults: dict[str, list[Fault]] = {}
        self.cache = Cache(project)

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The description of each table or file, by name, in the order of the package."""
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The whole data package, as `explainer.data.description` has it.

        Raises
        ------
        Fault
            If the file that describes it is missing, or is not what a description may be.
        """
        if self.project.story.exists():
            return compose(self.project)
        return read_package(self.project.package, self.project.relative(self.project.package), self.cache)

    @property
    def description_file(self) -> str:
        """The file in which an editor describes tables, as a path from the project's root."""
        story = self.project.story
        return self.project.relative(story if story.exists() else self.project.package)

    def resource(self, name: str) -> dict[str, Any]:
        """Return the description of the table called `name`.

        Raises
        ------
        Fault
            If the package describes no such table.
        """
        tables = {key: value for key, value in self.resources.items() if "schema" in value}
        if name not in tables:
            raise Fault(
                f"describes no table called {name!r}",
                file=self.description_file,
                remedy=join_sentences(did_you_mean(name, tables), "Add the table, or correct the name."),
            )
        return tables[name]

    def file(self, name: str) -> str:
        """Return the path of the table called `name` from the project's root."""
        return self.project.relative(self.project.data / self.resources[name]["path"])

    def outlines(self, name: str, layer: str) -> list[dict[str, Any]]:
        """Return one layer of the TopoJSON file called `name`; see the function `outlines`."""
        if name not in self.resources:
            raise Fault(
                "no such file in the data package",
                value=name,
                remedy=f"Describe it in {self.description_file}.",
            )
        file = self.file(name)
        return geo.outlines(self.project.root / file, layer, file)

    def target(self, file: str) -> Path:
        """Return where to write `file`, a path from the project's root: in the stage, if there is one."""
        return Path(self.stage or os.environ.get(STAGE) or self.project.root) / file

    def table(self, name: str) -> CsvTable:
        """Return the table called `name` as text, with safe repairs; it is read once.

        Raises
        ------
        Fault
            If its file cannot be read as CSV.
        """
        if name in self._unreadable:
            raise self._unreadable[name]
        if name not in self._tables:
            try:
                self._tables[name] = self._read(self.resource(name))
            except Fault as fault:
                self._unreadable[name] = fault
                raise
        return self._tables[name]

    def table_with(self, name: str, columns: Collection[str]) -> CsvTable | None:
        """Return a table; None if there is none, it cannot be read, or it lacks one of some columns.

        For checks that go beyond one table: what is wrong with the table itself is reported elsewhere.
        """
        with suppress(Fault):
            table = self.table(name)
            return table if set(columns) <= set(table.header) else None
        return None

    def _read(self, resource: dict[str, Any]) -> CsvTable:
        path = self.project.data / resource["path"]
        file = self.project.relative(path)
        if (staged := self.target(file)).is_file():
            path = staged
        if resource.get("producedBy") and not path.exists():
            remedy = f"Notebook {resource['producedBy']} writes it: run `explainer run`."
            raise Fault("is not there yet", file=file, remedy=remedy)
        return _parse(json.dumps(resource), file, read_file(path, file, limits.TABLE_BYTES))

    def faults(self, table: CsvTable) -> list[Fault]:
        """Return everything that is wrong with `table`, one fault per cell, in the order of its rows."""
        if faults := self.description_faults(table.name):
            return faults
        faults = table_faults(table, self._referenced, self._version, self.cache)
        if table.header != table.columns:
            return faults  # with the wrong columns, faults of cells would be misleading
        compared = sorted({name for name, _, _ in named_columns(table.resource)} - {table.name})
        if not faults and keeps_rules(table, tuple((name, self._readable(name)) for name in compared)):
            return []
        faults = first_by_cell([*faults, *rule_faults(table, self._readable, self._readable_outlines)])
        for fault in faults:
            if table.sheet and fault.row:
                fault.line = table.sheet.lines[fault.row - 1]
        place = {name: index for index, name in enumerate(table.columns)}
        return sorted(faults, key=lambda fault: (fault.row or 0, place.get(fault.column or "", -1)))

    def description_faults(self, name: str) -> list[Fault]:
        """Return what is wrong with the description of the table called `name`; it is checked once."""
        if name not in self._description_faults:
            file = self.description_file
            faults = descriptor_faults(self.resource(name), self.resources, file, self._version, self.cache)
            self._description_faults[name] = list(faults)
        return list(self._description_faults[name])

    def reference_faults(self, table: CsvTable) -> list[Fault]:
        """Return what keeps ids from being looked up in the tables that `table` refers to."""
        if self.description_faults(table.name):
            return []
        return [fault for name in table.references for fault in self._lookup_faults(name)]

    def _lookup_faults(self, name: str) -> list[Fault]:
        try:
            other = self.table(name)
        except Fault as fault:
            return [fault]
        if faults := self.description_faults(name):
            return faults
        return list(header_faults(other)) if other.header != other.columns else []

    def _referenced(self, name: str) -> CsvTable | None:
        """Return a table in which to look up ids; None if that is impossible."""
        return None if self._lookup_faults(name) else self.table(name)

    def _readable(self, name: str) -> CsvTable | None:
        """Return a table; None if it cannot be read or has the wrong header."""
        with suppress(Fault):
            table = self.table(name)
            return table if table.header == table.columns else None
        return None

    def _readable_outlines(self, name: str, layer: str) -> list[geo.Outline]:
        """Return a layer of a map; empty if it cannot be read."""
        with suppress(Fault):
            return self.outlines(name, layer)
        return []

    @property
    def _version(self) -> str | None:
        return self.descriptor.get("$schema")

    def lookups(self, table: CsvTable) -> dict[str, set[str]]:
        """Return the columns of other tables in which the values of `table` are looked up, by file."""
        columns: dict[str, set[str]] = {}
        for name, column, _ in named_columns(table.resource):
            if name != table.name and "schema" in self.resources.get(name, {}):
                columns.setdefault(self.file(name), set()).add(column)
        return columns


@lru_cache(maxsize=128)  # the parts of a build read the same tables
def _parse(description: str, file: str, content: bytes) -> CsvTable:
    """Return a table with safe repairs, given its description as JSON."""
    resource = json.loads(description)
    columns = [field["name"] for field in resource["schema"]["fields"]]
    return repaired(resource, file, parse_sheet(content, file, columns))


def load(name: str, project: Project | None = None, *, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a table of the data package, checked and typed.

    Parameters
    ----------
    name : str
        Name of the table in ``data/datapackage.json``.
    project : Project, optional
        The project (default: the one that contains the working folder).
    columns : sequence of str, optional
        The columns to return (default: all). The notebook does not run again after edits of the others.

    Returns
    -------
    pandas.DataFrame
        The columns that were asked for, or all of the schema in order: ``date`` as ``datetime64[s]``,
        ``integer`` as ``Int64``, ``number`` as ``float64``, ``boolean`` as ``boolean``, all else as
        ``string``. Blank cells are missing. Lists of ids stay text; `explainer.data.frames.split_list` splits
        them.

    Raises
    ------
    Faults
        Everything that is wrong with the table.
    Fault
        If it has no such column.

    Examples
    --------
    >>> from explainer import load
    >>> facts = load("facts", columns=["fact_id", "kind", "as_printed"])
    >>> facts.loc[facts["kind"] == "count"]
    """
    package = DataPackage(project or Project.find())
    known = [field["name"] for field in package.resource(name)["schema"]["fields"]]
    if absent := sorted(set(columns or ()) - set(known)):
        raise Fault(
            f"has no column called {absent[0]!r}",
            file=package.file(name),
            remedy=join_sentences(did_you_mean(absent[0], known), "Correct the name in the cell."),
        )
    with looking_up({package.file(name): set(columns)} if columns else {}):
        table = package.table(name)
    _refuse(package, table)
    frame = to_frame(table)
    return frame if columns is None else frame[list(columns)]


def save(name: str, frame: pd.DataFrame, project: Project | None = None) -> None:
    """Check `frame` against its description and write it as a table of the data package.

    Parameters
    ----------
    name : str
        Name of the table in ``data/datapackage.json``.
    frame : pandas.DataFrame
        The columns of the schema, in any order; the index is not written, rows keep their order.
    project : Project, optional
        The project (default: the one that contains the working folder).

    Raises
    ------
    Faults
        Everything that is wrong with the frame; an existing file stays unchanged.

    Examples
    --------
    >>> from explainer import load, save
    >>> facts = load("facts")
    >>> save("counts", facts[facts["kind"] == "count"])
    """
    package = DataPackage(project or Project.find())
    table = CsvTable(package.resource(name), package.file(name), [])
    columns = [str(column) for column in frame.columns]
    if sorted(columns) == sorted(table.columns):
        frame = frame[table.columns]
        columns = table.columns
    cells = [[cell_text(value) for value in frame.iloc[:, place]] for place in range(len(columns))]
    table.rows.extend([columns, *map(list, zip(*cells, strict=True))])
    _refuse(package, table)
    write_bytes(package.target(table.file), write_rows(table.rows), name=table.file)


def _refuse(package: DataPackage, table: CsvTable) -> None:
    """Raise everything that is wrong with `table` or with the tables that it refers to."""
    with looking_up(package.lookups(table)):
        faults = package.faults(table) + package.reference_faults(table)
    if faults:
        raise Faults(faults)


def names(project: Project | None = None) -> list[str]:
    """Return the names of the tables that the data package describes, in its order."""
    resources = DataPackage(project or Project.find()).resources
    return [name for name, resource in resources.items() if "schema" in resource]


def outlines(name: str, layer: str, project: Project | None = None) -> list[dict[str, Any]]:
    """Return one layer of a TopoJSON file as GeoJSON features, in longitude and latitude.

    Parameters
    ----------
    name : str
        Name of the file in ``data/datapackage.json``.
    layer : str
        Name of one of its objects, such as ``counties``.
    project : Project, optional
        The project (default: the one that contains the working folder).

    Returns
    -------
    list of dict
        As `explainer.data.geo.outlines` returns them.

    Raises
    ------
    Fault
        If the file or the layer is missing, or the file is not TopoJSON with polygons.
    """
    return DataPackage(project or Project.find()).outlines(name, layer)
