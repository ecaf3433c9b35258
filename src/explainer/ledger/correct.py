"""Correcting a fact: the cell of the fact sheet and the row of the log, both or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from explainer.data.csv_edit import CsvEdit
from explainer.data.package import DataPackage
from explainer.english.suggestions import did_you_mean, join_sentences
from explainer.english.typeset import Folded
from explainer.ledger.correction_tables import (
    KEY,
    TOKEN,
    CorrectionTables,
    TableRow,
    keeps_corrections,
    read_correction_tables,
)
from explainer.ledger.data_check import DataCheck
from explainer.system import transaction
from explainer.system.errors import Fault, Faults, Gone
from explainer.system.project import Project


@dataclass(frozen=True)
class Correction:
    """What is to be corrected.

    Parameters
    ----------
    fact : str
        The fact, by its id.
    to : mapping of str to str
        The new value of each cell, by column; none to record what was changed in the sheet already.
    reason : str
        Why; printed in the report.
    on : date
        The day of the correction.
    kind : str
        ``transcription`` or ``article``.
    """

    fact: str
    to: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    on: date = field(default_factory=date.today)
    kind: str = "transcription"


@dataclass(frozen=True)
class CorrectionResult:
    """What a correction changed: each cell with its published value and its new one.

    Parameters
    ----------
    logged : tuple of (str, str, str)
        Column, old and new value of each row that was added to the log.
    set_back : tuple of str
        Columns that say again what was published.
    """

    logged: tuple[tuple[str, str, str], ...] = ()
    set_back: tuple[str, ...] = ()


def withdrawal() -> dict[str, str]:
    """Return what takes a fact out of the sheet."""
    return {TOKEN: ""}


def correct(project: Project, wanted: Correction) -> CorrectionResult:
    """Edit the fact sheet and add to the log, after checking what the tables would then say.

    Returns
    -------
    CorrectionResult
        What was changed; nothing where the sheet and the log say all of it already.

    Raises
    ------
    Fault
        If the fact was never published, or the result would not pass `explainer check`; nothing is written.
    """
    with transaction.lock(project):
        rows = _rows(project, wanted)
        to = dict(wanted.to) or _manual_edits(rows, wanted.fact)
        _known_columns(rows, to)
        before = {column: _last_published(rows, wanted.fact, column) for column in to}
        logged = [(column, before[column], value) for column, value in to.items() if before[column] != value]
        edits = {column: value for column, value in to.items() if rows.cell(wanted.fact, column) != value}
        if not logged and not edits:
            return CorrectionResult()
        _hint_at_words(project, rows, wanted.fact, to)
        contents = _contents(project, rows, wanted, logged, edits)
        stage = transaction.stage_files(project, contents)
        # Of several rows that were struck, each is recorded on its own.
        if faults := [
            fault for fault in DataCheck(project, stage=stage).faults if not isinstance(fault, Gone)
        ]:
            raise Faults(faults)
        transaction.replace(project, contents, f"The correction of {wanted.fact}")
    return CorrectionResult(tuple(logged), tuple(column for column in edits if before[column] == to[column]))


def _rows(project: Project, wanted: Correction) -> CorrectionTables:
    package = DataPackage(project)
    if not keeps_corrections(package):
        raise Fault(
            "describes no tables called 'corrections' and 'published'",
            file=project.relative(project.package),
            remedy="Describe them as the explainer's own data package does.",
        )
    rows = read_correction_tables(package)
    if rows is None:
        raise Faults(DataCheck(project).faults)
    if wanted.fact not in rows.record:
        known = wanted.fact in rows.sheet
        what = "has not been published" if known else "does not exist"
        check = "Check its id."
        remedy = "Edit the fact sheet: only what readers were told (see `explainer publish`) is corrected."
        raise Fault(
            f"fact {wanted.fact} {what}",
            file=rows.sheet_file,
            row=rows.sheet[wanted.fact].number if known else None,
            remedy=remedy if known else join_sentences(did_you_mean(wanted.fact, rows.record), check),
        )
    return rows


def _known_columns(rows: CorrectionTables, to: Mapping[str, str]) -> None:
    for column in to:
        if column not in rows.columns:
            raise Fault(
                f"column {column} is not one that is published",
                file=rows.sheet_file,
                column=column,
                remedy=join_sentences(
                    did_you_mean(column, rows.columns), f"Published: {', '.join(rows.columns)}."
                ),
            )


def _manual_edits(rows: CorrectionTables, fact: str) -> dict[str, str]:
    """Return the cells of a fact that differ from what was published last."""
    columns = rows.columns if fact in rows.sheet else [TOKEN]
    cells = {column: rows.cell(fact, column) for column in columns}
    edits = {column: now for column, now in cells.items() if now != _last_published(rows, fact, column)}
    if not edits:
        raise Fault(
            f"fact {fact} says what readers have been told",
            file=rows.sheet_file,
            row=rows.sheet[fact].number if fact in rows.sheet else None,
            remedy="Name the new value with --to.",
        )
    return edits


def _chain(rows: CorrectionTables, fact: str, column: str) -> list[TableRow]:
    return rows.chains().get((fact, column), [])


def _last_published(rows: CorrectionTables, fact: str, column: str) -> str:
    """Return what was published last: by a correction, or else with the fact sheet."""
    chain = _chain(rows, fact, column)
    return chain[-1]["is"] if chain else rows.record[fact][column]


def _hint_at_words(project: Project, rows: CorrectionTables, fact: str, to: Mapping[str, str]) -> None:
    """Say which other cell has to change too: the token stands among the words it rests on.

    Raises
    ------
    Fault
        If a new value is not among them.
    """
    fields = DataPackage(project).resource("facts")["schema"]["fields"]
    for one in fields:
        column, other = one["name"], one.get("within")
        if not other or not to.get(column):
            continue
        words = to.get(other, rows.cell(fact, other))
        if Folded(words).find(to[column]):
            continue
        old = rows.cell(fact, column)
        guess = words.replace(old, to[column]) if words.count(old) == 1 else "…"
        raise Fault(
            f"{to[column]!r} is not among the words in {other}, {words!r}, which have to change with it",
            file=rows.sheet_file,
            row=rows.sheet[fact].number if fact in rows.sheet else None,
            column=other,
            remedy=f'Add --{other} "{guess}" if that is what the article says.',
        )


def _contents(
    project: Project,
    rows: CorrectionTables,
    wanted: Correction,
    logged: list[tuple[str, str, str]],
    edits: Mapping[str, str],
) -> dict[Path, bytes]:
    """Return log and sheet as they are to be; the log first.

    If all trace of an interrupted correction were lost, the log alone would fail in check, where the sheet
    alone would only be warned of.
    """
    contents = {}
    if logged:
        contents[project.root / rows.log_file] = _log(project, rows, wanted, logged)
    if edits:
        contents[project.root / rows.sheet_file] = _sheet(project, rows, wanted.fact, edits)
    return contents


def _log(
    project: Project, rows: CorrectionTables, wanted: Correction, logged: list[tuple[str, str, str]]
) -> bytes:
    log = CsvEdit((project.root / rows.log_file).read_bytes(), rows.log_file)
    number = max((int(row["correction"]) for row in rows.log), default=0) + 1
    gone = (TOKEN, "") in {(column, now) for column, _, now in logged}
    for (fact, column), chain in rows.chains().items():
        if (
            fact == wanted.fact
            and chain[-1]["expected"]
            and (gone or column in {one for one, _, _ in logged})
        ):
            last = chain[-1]
            place = log.find(correction=last["correction"], column=column)
            log.set(place, "expected", "")
    for column, was, now in logged:
        log.append(
            {
                "correction": str(number),
                "corrected_on": wanted.on.isoformat(),
                KEY: wanted.fact,
                "kind": wanted.kind,
                "column": column,
                "was": was,
                "is": now,
                "reason": wanted.reason,
                "expected": now,
            }
        )
    return log.content


def _sheet(project: Project, rows: CorrectionTables, fact: str, edits: Mapping[str, str]) -> bytes:
    sheet = CsvEdit((project.root / rows.sheet_file).read_bytes(), rows.sheet_file)
    if fact not in rows.sheet:
        raise Fault(
            f"fact {fact} is not in the fact sheet",
            file=rows.sheet_file,
            remedy=f"Put its row back, and record that: explainer correct {fact} --reason …",
        )
    place = sheet.find(**{KEY: fact})
    if edits.get(TOKEN) == "":
        sheet.remove(place)
    else:
        for column, value in edits.items():
            sheet.set(place, column, value)
    return sheet.content
