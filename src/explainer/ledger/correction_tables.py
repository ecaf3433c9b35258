"""Reading the log of corrections, the record of published facts and the fact sheet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from explainer.system.errors import Fault

if TYPE_CHECKING:
    from explainer.data.package import DataPackage
    from explainer.data.table import CsvTable

LOG, RECORD, SHEET = "corrections", "published", "facts"
KEY = "fact_id"
#: The cell that every fact has: blank in the log, it means that the fact is withdrawn.
TOKEN = "as_printed"
#: The words in which the token occurs.
WORDS = "exact"


@dataclass(frozen=True)
class TableRow:
    """One row of a table.

    Parameters
    ----------
    number : int
        Row as a spreadsheet shows it.
    cells : dict
        Text by column.
    """

    number: int
    cells: dict[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class CorrectionTables:
    """What was published, what was corrected since, and what is in the fact sheet now.

    Parameters
    ----------
    columns : list of str
        The published columns of the fact sheet.
    log : list of TableRow
        The corrections, in order.
    record, sheet : dict
        Rows of the record and of the fact sheet, by `fact_id`.
    log_file, sheet_file : str
        Names of the tables in faults.
    """

    columns: list[str]
    log: list[TableRow]
    record: dict[str, TableRow]
    sheet: dict[str, TableRow]
    log_file: str
    sheet_file: str

    def cell(self, fact: str, column: str) -> str:
        """Return a cell of the sheet; blank if the fact is not in it."""
        return self.sheet[fact][column] if fact in self.sheet else ""

    def chains(self) -> dict[tuple[str, str], list[TableRow]]:
        """Return the corrections of each corrected cell, by fact and column, the oldest first."""
        chains: dict[tuple[str, str], list[TableRow]] = defaultdict(list)
        for row in self.log:
            chains[row[KEY], row["column"]].append(row)
        return dict(chains)

    def withdrawn_since(self, row: TableRow) -> bool:
        """Return whether the fact of a correction was withdrawn by a later one."""
        later = self.log[self.log.index(row) + 1 :]
        return any((other[KEY], other["column"], other["is"]) == (row[KEY], TOKEN, "") for other in later)


def keeps_corrections(package: DataPackage) -> bool:
    """Return whether a story keeps a log and a record, which its package then describes."""
    return LOG in package.resources and RECORD in package.resources


def read_correction_tables(package: DataPackage) -> CorrectionTables | None:
    """Return the three tables; None if one of them cannot be read or lacks a column."""
    try:
        log, record, sheet = (package.table(name) for name in (LOG, RECORD, SHEET))
    except Fault:
        return None
    if any(not set(table.columns) <= set(table.header) for table in (log, record, sheet)):
        return None
    return CorrectionTables(
        columns=[name for name in record.columns if name in sheet.columns and name != KEY],
        log=sorted(_rows(log), key=_by_number),
        record={row[KEY]: row for row in _rows(record)},
        sheet={row[KEY]: row for row in _rows(sheet)},
        log_file=log.file,
        sheet_file=sheet.file,
    )


def _rows(table: CsvTable) -> list[TableRow]:
    return [TableRow(number, cells) for number, cells in table.records]


def _by_number(row: TableRow) -> tuple[int, int]:
    """Return the sort key of a correction; the schema reports numbers that are not valid."""
    number = row["correction"]
    return (int(number) if number.isascii() and number.isdigit() else 0, row.number)
