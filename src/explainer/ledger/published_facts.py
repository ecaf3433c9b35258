"""The record of published facts, and changes since then without a correction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

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


class UncorrectedChange(NamedTuple):
    """A published cell that changed without a correction; its column is `TOKEN` if the fact is gone."""

    fact: str
    column: str
    published: str
    now: str


def _changes(rows: CorrectionTables) -> Iterator[UncorrectedChange]:
    """Yield each change since publication without a correction."""
    chains = rows.chains()
    for fact, record in rows.record.items():
        if record["withdrawn"].lower() in ("true", "1"):
            continue
        for column in rows.columns if fact in rows.sheet else [TOKEN]:
            change = UncorrectedChange(fact, column, record[column], rows.cell(fact, column))
            if change.published != change.now and not _is_corrected(chains.get((fact, column), []), change):
                yield change


def _is_corrected(chain: list[TableRow], change: UncorrectedChange) -> bool:
    """Return whether corrections lead from the published value to the one in the sheet."""
    return (
        bool(chain) and chain[-1]["is"] == change.now and any(row["was"] == change.published for row in chain)
    )


def uncorrected_changes(package: DataPackage) -> Iterator[Caution]:
    """Yield a warning for each published fact that was changed without a correction."""
    rows = read_correction_tables(package)
    if rows is None:
        return
    for fact, column, published, now in _changes(rows):
        if fact in rows.sheet:
            yield Caution(
                f"fact {fact} was published with {published!r} here and has {now!r} now, "
                "without a correction",
                file=rows.sheet_file,
                row=rows.sheet[fact].number,
                column=column,
                remedy=f"Set it back, or record it: explainer correct {fact} --reason …",
            )
    yield from _missing_corrections(rows)


def missing_facts(package: DataPackage) -> Iterator[Gone]:
    """Yield each published fact that is missing from the sheet without having been withdrawn."""
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


def _missing_corrections(rows: CorrectionTables) -> Iterator[Caution]:
    """Yield a warning for each fact with fewer corrections than were published."""
    counts = Counter(row[KEY] for row in rows.log)
    for fact, record in rows.record.items():
        before, now = record["corrections"], counts[fact]
        if before.isdigit() and int(before) > now:
            yield Caution(
                f"{before} rows on fact {fact} were published and {now or 'none'} of them "
                f"{'is' if now == 1 else 'are'} left",
                file=rows.log_file,
                remedy="Put them back: what was corrected stays in the log.",
            )


def updated_record(package: DataPackage, rows: CorrectionTables) -> bytes:
    """Return the record after publishing the sheet, sorted by fact, so that reordering changes nothing."""
    columns = package.table("published").columns
    counts = Counter(row[KEY] for row in rows.log)
    out = [columns]
    for fact in sorted(rows.sheet.keys() | rows.record.keys()):
        row = rows.sheet.get(fact) or rows.record[fact]
        cells = {KEY: fact, **{column: row[column] for column in rows.columns}}
        cells["corrections"] = str(counts[fact])
        cells["withdrawn"] = "false" if fact in rows.sheet else "true"
        out.append([cells[column] for column in columns])
    return write_rows(out)
