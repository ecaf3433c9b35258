"""The corrections, the record of what was published and the fact sheet side by side, as text."""

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
#: The cell that no fact can be without: blank in the log means that the fact itself is gone.
TOKEN = "as_printed"
#: The words that the token stands among.
WORDS = "exact"


@dataclass(frozen=True)
class TableRow:
    """One row of a table.

    Parameters
    ----------
    number : int
        As a spreadsheet shows it.
    cells : dict
        Text by column.
    """

    number: int
    cells: dict[str, str] = field(repr=False)

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(frozen=True)
class CorrectionTables:
    """What was published, what was corrected since, and what the fact sheet says now.

    Parameters
    ----------
    columns : list of str
        The columns of the fact sheet that are published, by the description of the record.
    log : list of TableRow
        The corrections in the order in which they were made.
    record, sheet : dict
        CorrectionTables by `fact_id`.
    log_file, sheet_file : str
        What faults call the tables.
    """

    columns: list[str]
    log: list[TableRow]
    record: dict[str, TableRow]
    sheet: dict[str, TableRow]
    log_file: str
    sheet_file: str

    def cell(self, fact: str, column: str) -> str:
        """Return what the sheet says in a cell; blank for a fact that it does not have."""
        return self.sheet[fact][column] if fact in self.sheet else ""

    def chains(self) -> dict[tuple[str, str], list[TableRow]]:
        """Return the corrections of each cell that was corrected, by fact and column, the oldest first."""
        chains: dict[tuple[str, str], list[TableRow]] = defaultdict(list)
        for row in self.log:
            chains[row[KEY], row["column"]].append(row)
        return dict(chains)

    def withdrawn_since(self, row: TableRow) -> bool:
        """Return whether the fact of a correction was withdrawn by a later one."""
        later = self.log[self.log.index(row) + 1 :]
        return any((one[KEY], one["column"], one["is"]) == (row[KEY], TOKEN, "") for one in later)


def keeps_corrections(package: DataPackage) -> bool:
    """Return whether a story keeps corrections at all: its package describes the log and the record."""
    return LOG in package.resources and RECORD in package.resources


def read_correction_tables(package: DataPackage) -> CorrectionTables | None:
    """Return the three tables, or None where one of them cannot be read or lacks a column."""
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
    """Sort by number; what is no number is reported by the schema."""
    number = row["correction"]
    return (int(number) if number.isascii() and number.isdigit() else 0, row.number)
