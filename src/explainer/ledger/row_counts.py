"""Counting rows, so that none of the report's data disappears unnoticed.

The table ``tally`` counts the rows of each table that the data package marks as ``tallied``, by the ids in
their keys. If fewer are left, the check fails until they are put back or the editor gives a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from explainer.data.csv_edit import CsvEdit
from explainer.data.csv_read import write_rows
from explainer.data.package import DataPackage
from explainer.data.table import LIST_SEPARATOR
from explainer.english.suggestions import did_you_mean, join_sentences
from explainer.system import transaction
from explainer.system.errors import Fault, Gone

if TYPE_CHECKING:
    from explainer.data.table import CsvTable
    from explainer.system.project import Project

TALLY = "tally"
#: The property of resources whose rows are counted.
TALLIED = "tallied"


def keeps_row_counts(package: DataPackage) -> bool:
    """Return whether a story keeps a tally, which its package then describes."""
    return TALLY in package.resources


def identifying_columns(resource: dict[str, Any]) -> list[str]:
    """Return the columns that identify the rows of a table: the ids in its key, or else the whole key.

    Some keys include a quotation or note, which may be reworded without a row being lost.
    """
    schema = resource["schema"]
    key = schema.get("primaryKey", [])
    key = [key] if isinstance(key, str) else key
    references = {column for link in schema.get("foreignKeys", []) for column in link["fields"]}
    patterned = {field["name"] for field in schema["fields"] if "pattern" in field.get("constraints", {})}
    return [column for column in key if column in references | patterned] or key


def count_rows(table: CsvTable) -> Counter[str]:
    """Return the number of rows of a table, by their ids."""
    columns = identifying_columns(table.resource)
    return Counter(f"{LIST_SEPARATOR} ".join(row[column] for column in columns) for _, row in table.records)


def row_count_faults(package: DataPackage) -> Iterator[Fault]:
    """Yield each recorded row that is missing, and each table in the tally that is not counted."""
    tally = _countable(package, TALLY) if keeps_row_counts(package) else None
    if tally is None:
        return
    known = _tallied(package)
    for number, record in tally.records:
        name = record["table"]
        if name not in known:
            yield Fault(
                "no such table, or none whose rows are counted",
                file=tally.file,
                row=number,
                column="table",
                value=name,
                remedy=join_sentences(did_you_mean(name, known), "Correct the name, or strike the row."),
            )
    for missing in _missing(package):
        yield _gone(package, *missing)


def _missing(package: DataPackage) -> Iterator[tuple[str, str, int, int]]:
    """Yield table, ids, recorded number and present number where rows are missing."""
    now = {name: count_rows(table) for name in _tallied(package) if (table := _countable(package, name))}
    for _, record in package.table(TALLY).records:
        name, row, before = record["table"], record["row"], record["rows"]
        if name in now and before.isdigit() and now[name][row] < int(before):
            yield name, row, int(before), now[name][row]


def _gone(package: DataPackage, name: str, row: str, before: int, now: int) -> Gone:
    if before == 1:
        what = f"a row is on record and is gone: {row}"
    else:
        what = f"{before} rows are on record and {now or 'none'} {'is' if now == 1 else 'are'} left: {row}"
    return Gone(
        what,
        file=package.file(name),
        remedy=f"Put it back, or say why it goes: explainer withdraw {name} '{row}' --reason …",
    )


def withdraw(project: Project, reason: str, only: tuple[str, str] | None = None) -> list[tuple[str, str]]:
    """Record in the tally why rows were removed, and return them, each as table and ids.

    Parameters
    ----------
    project : Project
        The project.
    reason : str
        The reason.
    only : tuple of str, optional
        A single row, as table and ids (default: all that are missing).

    Raises
    ------
    Fault
        If none is missing; nothing is written then.
    """
    with transaction.lock(project):
        package = DataPackage(project)
        if not keeps_row_counts(package):
            raise Fault(
                f"describes no table called {TALLY!r}",
                file=project.relative(project.package),
                remedy="Describe it as the explainer's own data package does.",
            )
        file = package.file(TALLY)
        missing = [(name, row, now) for name, row, _, now in _missing(package)]
        withdrawn = [row for row in missing if only in (None, row[:2])]
        if not withdrawn:
            raise Fault(
                "no row that is on record is gone"
                if only is None
                else f"{only[0]} has {only[1]!r} as on record",
                file=file,
                remedy="Strike the row from its table first.",
            )
        tally = CsvEdit((project.root / file).read_bytes(), file)
        for name, row, now in withdrawn:
            place = tally.find(table=name, row=row)
            tally.set(place, "rows", str(now))
            tally.set(place, "withdrawn", reason)
        transaction.replace(project, {project.root / file: tally.content}, "Withdrawing")
        return [row[:2] for row in withdrawn]


def updated_counts(package: DataPackage) -> bytes:
    """Return the tally after recording all present rows, in the order of the package."""
    tally = package.table(TALLY)
    before = {(record["table"], record["row"]): record for _, record in tally.records}
    out = []
    for name in _tallied(package):
        now = count_rows(package.table(name))
        earlier = {row for table, row in before if table == name}
        for row in sorted(now.keys() | earlier):
            earlier_row = before.get((name, row), {"rows": "0", "withdrawn": ""})
            # Rows that are back are no longer withdrawn.
            reason = "" if now[row] > int(earlier_row["rows"]) else earlier_row["withdrawn"]
            cells = {"table": name, "row": row, "rows": str(now[row]), "withdrawn": reason}
            out.append([cells[column] for column in tally.columns])
    return write_rows([tally.columns, *out])


def _tallied(package: DataPackage) -> list[str]:
    return [name for name, resource in package.resources.items() if resource.get(TALLIED)]


def _countable(package: DataPackage, name: str) -> CsvTable | None:
    """Return a table whose rows can be counted; other checks report what is wrong with any other."""
    try:
        table = package.table(name)
    except Fault:
        return None
    return table if set(table.columns) <= set(table.header) else None
