"""Repairing what a spreadsheet changed in a table, where only one meaning is possible.

Repairs are made in memory and listed; `explainer check --fix` writes them to the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from explainer.data.csv_read import Sheet
from explainer.data.spelling import clean, is_plain, readings
from explainer.data.table import CsvTable, Repair


def repaired(resource: dict[str, Any], file: str, sheet: Sheet) -> CsvTable:
    """Return the table in `sheet`, with repairs where only one meaning is possible.

    Parameters
    ----------
    resource : dict
        The table's entry in the data package.
    file : str
        Path from the project's root.
    sheet : Sheet
        The content of its file.
    """
    rows = [list(row) for row in sheet.rows]
    repairs = [Repair(note, file) for note in sheet.notes]
    columns = [field["name"] for field in resource["schema"]["fields"]]
    repairs += _drop_blank_columns(rows, file)
    repairs += _repair_header(rows, columns, file)
    repairs += _reorder_columns(rows, columns, file)
    table = CsvTable(resource, file, rows, sheet)
    if table.header == table.columns:
        repairs += _repair_cells(table)
    table.repairs.extend(repairs)
    return table


def _drop_blank_columns(rows: list[list[str]], file: str) -> Iterator[Repair]:
    """Remove empty columns without a name on the right.

    A row that is longer than the header stays as it is: an extra comma may have shifted its cells.
    """
    before = after = len(rows[0])
    while after > 1 and not any(clean(row[after - 1]) for row in rows if len(row) >= after):
        after -= 1
    if after < before:
        for row in rows:
            if len(row) <= before:
                del row[after:]
        yield Repair("has empty columns on the right", file)


def _repair_header(rows: list[list[str]], columns: list[str], file: str) -> Iterator[Repair]:
    """Correct column names that differ from a known one only in spaces or case."""
    header = rows[0]
    for place, name in enumerate(header):
        if name in columns:
            continue
        known = [column for column in columns if column.casefold() == clean(name).casefold()]
        if len(known) == 1 and known[0] not in header:
            header[place] = known[0]
            yield Repair("spaces or capital letters", file, 1, known[0], name, known[0])


def _reorder_columns(rows: list[list[str]], columns: list[str], file: str) -> Iterator[Repair]:
    """Restore the order of columns, if every row is complete."""
    header = list(rows[0])
    if header == columns or sorted(header) != sorted(columns) or any(len(row) != len(header) for row in rows):
        return
    places = [header.index(name) for name in columns]
    rows[:] = [[row[place] for place in places] for row in rows]
    yield Repair("has its columns in another order", file)


def _repair_cells(table: CsvTable) -> Iterator[Repair]:
    for place, field in enumerate(table.fields):
        for number, row in enumerate(table.rows[1:], start=2):
            if place < len(row) and row[place] and not is_plain(field, row[place]):
                was = row[place]
                row[place], what = _repaired_cell(field, was)
                if row[place] != was:
                    yield Repair(what, table.file, number, field["name"], was, row[place])


def _repaired_cell(field: dict[str, Any], cell: str) -> tuple[str, str]:
    """Return the repaired cell, if its meaning is certain, and what was wrong with it."""
    text = clean(cell)
    if text and not is_plain(field, text):
        possible = readings(field, text)
        if len(possible) == 1:
            return possible[0].value, possible[0].how
    return text, "spaces or characters that do not show"
