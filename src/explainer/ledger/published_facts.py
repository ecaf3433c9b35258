"""The record of what was published, and what has changed since without a correction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from explainer.data.csv_read import write_rows
from explainer.ledger.correction_tables import (
    KEY,
    TOKEN,
    CorrectionTables,
    TableRow,
    read_correction_tables,
)
from explainer.system.errors import Caution, Gone

if TYPE_CHECKING:
    from explainer.data.package import DataPackage


@dataclass(frozen=True)
class UncorrectedChange:
    """One published cell that the sheet has otherwise, with no correction to say so.

    Parameters
    ----------
    fact, column : str
        Which cell; `column` is as_printed where the whole fact is gone.
    published, now : str
        What was published, and what the sheet says now.
    """

    fact: str
    column: str
    published: str
    now: str


def _changes(rows: CorrectionTables) -> Iterator[UncorrectedChange]:
    """Yield what has changed since it was published and that no correction accounts for."""
    chains = rows.chains()
    for fact, record in rows.record.items():
        if record["withdrawn"].lower() in ("true", "1"):
            continue
        for column in rows.columns if fact in rows.sheet else [TOKEN]:
            change = UncorrectedChange(fact, column, record[column], rows.cell(fact, column))
            if change.published != change.now and not _is_corrected(chains.get((fact, column), []), change):
                yield change


def _is_corrected(chain: list[TableRow], change: UncorrectedChange) -> bool:
    """Return whether corrections lead from what was published to what the sheet says."""
    return (
        bool(chain) and chain[-1]["is"] == change.now and any(row["was"] == change.published for row in chain)
    )


def uncorrected_changes(package: DataPackage) -> Iterator[Caution]:
    """Yield a warning for each published fact that was changed without a correction."""
    rows = read_correction_tables(package)
    if rows is None:
        return
    for change in _changes(rows):
        if change.fact in rows.sheet:
            yield _caution(rows, change)
    yield from _missing_corrections(rows)


def missing_facts(package: DataPackage) -> Iterator[Gone]:
    """Yield each published fact that the sheet no longer has, without a correction that withdraws it."""
    rows = read_correction_tables(package)
    if rows is None:
        return
    for change in _changes(rows):
        if change.fact not in rows.sheet:
            yield Gone(
                f"fact {change.fact} was published as {change.published!r} and is gone, without a correction",
                file=rows.sheet_file,
                remedy=f"Put it back, or record it: explainer correct {change.fact} --remove --reason …",
            )


def _caution(rows: CorrectionTables, change: UncorrectedChange) -> Caution:
    """Return a change as the warning that names it."""
    return Caution(
        f"fact {change.fact} was published with {change.published!r} here and has {change.now!r} now, "
        "without a correction",
        file=rows.sheet_file,
        row=rows.sheet[change.fact].number,
        column=change.column,
        remedy=f"Set it back, or record it: explainer correct {change.fact} --reason …",
    )


def _missing_corrections(rows: CorrectionTables) -> Iterator[Caution]:
    """Yield a warning for each fact that has fewer corrections than were published with it."""
    stand = _corrections_by_fact(rows)
    for fact, record in rows.record.items():
        before, now = record["corrections"], stand.get(fact, 0)
        if before.isdigit() and int(before) > now:
            yield Caution(
                f"{before} rows on fact {fact} were published and {now or 'none'} of them "
                f"{'is' if now == 1 else 'are'} left",
                file=rows.log_file,
                remedy="Put them back: what was corrected stays in the log.",
            )


def _corrections_by_fact(rows: CorrectionTables) -> dict[str, int]:
    count: dict[str, int] = {}
    for row in rows.log:
        count[row[KEY]] = count.get(row[KEY], 0) + 1
    return count


def updated_record(package: DataPackage, rows: CorrectionTables) -> bytes:
    """Return the record as it is once the sheet is published: by fact, so that no reordering shows."""
    columns = package.table("published").columns
    counted = _corrections_by_fact(rows)
    out = [columns]
    for fact in sorted(rows.sheet.keys() | rows.record.keys()):
        row = rows.sheet.get(fact) or rows.record[fact]
        cells = {KEY: fact, **{column: row[column] for column in rows.columns}}
        cells["corrections"] = str(counted.get(fact, 0))
        cells["withdrawn"] = "false" if fact in rows.sheet else "true"
        out.append([cells[column] for column in columns])
    return write_rows(out)
