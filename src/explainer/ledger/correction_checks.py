"""Checking the log of corrections against itself and against the fact sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from explainer.ledger.correction_tables import (
    CorrectionTables,
    TableRow,
    read_correction_tables,
)
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from explainer.data.package import DataPackage

#: Columns with the same value in all rows of a correction.
SHARED = ("corrected_on", "fact_id", "kind", "reason")


def correction_faults(package: DataPackage) -> Iterator[Fault]:
    """Yield each cell in which corrections contradict each other or the fact sheet."""
    rows = read_correction_tables(package)
    if rows is None:
        return
    yield from _numbers(rows)
    for (fact, column), chain in rows.chains().items():
        if column in rows.columns:
            yield from _chain(rows, chain)
            yield from _in_force(rows, fact, column, chain)


def _fault(rows: CorrectionTables, row: TableRow, column: str, what: str, remedy: str) -> Fault:
    return Fault(
        what, file=rows.log_file, row=row.number, column=column, value=row[column] or None, remedy=remedy
    )


def _numbers(rows: CorrectionTables) -> Iterator[Fault]:
    """Yield rows with the number of another correction, and numbers that are not in the order of days."""
    first: dict[str, TableRow] = {}
    for row in rows.log:
        same = first.setdefault(row["correction"], row)
        for column in SHARED:
            if row[column] != same[column]:
                what = f"row {same.number} is the same correction and has {same[column]!r} here"
                yield _fault(rows, row, column, what, "Write the same, or give this row a number of its own.")
    for before, row in pairwise(first.values()):
        if row["corrected_on"] < before["corrected_on"]:
            what = f"lies before {before['corrected_on']}, the day of correction {before['correction']}"
            yield _fault(
                rows, row, "corrected_on", what, "Number corrections in the order in which they were made."
            )


def _chain(rows: CorrectionTables, chain: list[TableRow]) -> Iterator[Fault]:
    """Yield corrections of a cell that do not start from the result of the one before."""
    for row in chain:
        if row["was"] == row["is"]:
            yield _fault(
                rows, row, "is", "is the same as in was", "Correct one of the two, or remove the row."
            )
    for before, row in pairwise(chain):
        if row["was"] != before["is"]:
            what = f"the correction before this one, in row {before.number}, left {before['is']!r}"
            yield _fault(rows, row, "was", what, "Write the same, so that each correction leads to the next.")


def _in_force(rows: CorrectionTables, fact: str, column: str, chain: list[TableRow]) -> Iterator[Fault]:
    """Yield wrong expected values: only the last correction has one, which is the value of the cell now."""
    *older, last = chain
    for row in older:
        if row["expected"]:
            what = f"a later correction of this cell, in row {last.number}, has taken its place"
            yield _fault(rows, row, "expected", what, "Clear it.")
    if rows.withdrawn_since(last):
        if last["expected"]:
            yield _fault(rows, last, "expected", "the fact was withdrawn since", "Clear it.")
        return
    if last["expected"] != last["is"]:
        what = f"must be what the correction left, {last['is']!r}"
        yield _fault(rows, last, "expected", what, "Write the same as in is.")
        return
    now = rows.cell(fact, column)
    if now != last["expected"]:
        remedy = (
            f"Set the fact sheet back, or record one more correction: explainer correct {fact} --reason …"
        )
        yield _fault(rows, last, "expected", _contradiction(rows, fact, column, now), remedy)


def _contradiction(rows: CorrectionTables, fact: str, column: str, now: str) -> str:
    if fact not in rows.sheet:
        return f"{rows.sheet_file} has no fact {fact} any more"
    at = f"{rows.sheet_file}:{rows.sheet[fact].number}:{column}"
    return f"{at} says {now!r} and not what this correction expects"
