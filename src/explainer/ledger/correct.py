"""Correcting a fact: the fact sheet and the log change together."""

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
    keeps_corrections,
    read_correction_tables,
)
from explainer.ledger.data_check import DataCheck
from explainer.system import transaction
from explainer.system.errors import Fault, Faults, Gone
from explainer.system.project import Project


@dataclass(frozen=True)
class Correction:
    """A correction of a fact.

    Parameters
    ----------
    fact : str
        The id of the fact.
    to : mapping of str to str
        The new values, by column; empty to record edits that were already made in the sheet.
    reason : str
        The reason, which is printed in the report.
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
    """What a correction changed.

    Parameters
    ----------
    logged : tuple of (str, str, str)
        Column, old value and new value of each row added to the log.
    set_back : tuple of str
        Columns whose published value was restored.
    """

    logged: tuple[tuple[str, str, str], ...] = ()
    set_back: tuple[str, ...] = ()


def withdrawal() -> dict[str, str]:
    """Return the change that removes a fact from the sheet."""
    return {TOKEN: ""}


def correct(project: Project, correction: Correction) -> CorrectionResult:
    """Edit the fact sheet and add to the log, after checking the resulting tables.

    Returns
    -------
    CorrectionResult
        What was changed; empty if the sheet and the log have the correction already.

    Raises
    ------
    Fault
        If the fact was never published, or the result would not pass `explainer check`; nothing is written.
    """
    with transaction.lock(project):
        rows = _read_tables(project, correction.fact)
        to = dict(correction.to) or _manual_edits(rows, correction.fact)
        _check_columns(rows, to)
        before = {column: _last_published(rows, correction.fact, column) for column in to}
        logged = [(column, before[column], value) for column, value in to.items() if before[column] != value]
        edits = {column: value for column, value in to.items() if rows.cell(correction.fact, column) != value}
        if not logged and not edits:
            return CorrectionResult()
        _check_words(project, rows, correction.fact, to)
        contents = _contents(project, rows, correction, logged, edits)
        stage = transaction.stage_files(project, contents)
        # If several rows were removed, each needs a correction of its own.
        if faults := [
            fault for fault in DataCheck(project, stage=stage).faults if not isinstance(fault, Gone)
        ]:
            raise Faults(faults)
        transaction.replace(project, contents, f"The correction of {correction.fact}")
    return CorrectionResult(tuple(logged), tuple(column for column in edits if before[column] == to[column]))


def _read_tables(project: Project, fact: str) -> CorrectionTables:
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
    if fact not in rows.record:
        known = fact in rows.sheet
        what = "has not been published" if known else "does not exist"
        check = "Check its id."
        remedy = "Edit the fact sheet: only what readers were told (see `explainer publish`) is corrected."
        raise Fault(
            f"fact {fact} {what}",
            file=rows.sheet_file,
            row=rows.sheet[fact].number if known else None,
            remedy=remedy if known else join_sentences(did_you_mean(fact, rows.record), check),
        )
    return rows


def _check_columns(rows: CorrectionTables, to: Mapping[str, str]) -> None:
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
    """Return the cells of a fact that differ from their last published values."""
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


def _last_published(rows: CorrectionTables, fact: str, column: str) -> str:
    """Return the last published value of a cell: that of its last correction, if any."""
    chain = rows.chains().get((fact, column))
    return chain[-1]["is"] if chain else rows.record[fact][column]


def _check_words(project: Project, rows: CorrectionTables, fact: str, to: Mapping[str, str]) -> None:
    """Check that each new value occurs in the words that it is taken from, which else have to change too."""
    fields = DataPackage(project).resource("facts")["schema"]["fields"]
    for description in fields:
        column, source = description["name"], description.get("within")
        if not source or not to.get(column):
            continue
        words = to.get(source, rows.cell(fact, source))
        if Folded(words).find(to[column]):
            continue
        old = rows.cell(fact, column)
        guess = words.replace(old, to[column]) if words.count(old) == 1 else "…"
        raise Fault(
            f"{to[column]!r} is not among the words in {source}, {words!r}, which have to change with it",
            file=rows.sheet_file,
            row=rows.sheet[fact].number if fact in rows.sheet else None,
            column=source,
            remedy=f'Add --{source} "{guess}" if that is what the article says.',
        )


def _contents(
    project: Project,
    rows: CorrectionTables,
    correction: Correction,
    logged: list[tuple[str, str, str]],
    edits: Mapping[str, str],
) -> dict[Path, bytes]:
    """Return the new content of the log and the sheet, the log first.

    If an interrupted correction were never finished, `explainer check` would fail with the log alone, but
    only warn with the sheet alone.
    """
    contents = {}
    if logged:
        contents[project.root / rows.log_file] = _log(project, rows, correction, logged)
    if edits:
        contents[project.root / rows.sheet_file] = _sheet(project, rows, correction.fact, edits)
    return contents


def _log(
    project: Project, rows: CorrectionTables, correction: Correction, logged: list[tuple[str, str, str]]
) -> bytes:
    log = CsvEdit((project.root / rows.log_file).read_bytes(), rows.log_file)
    number = max((int(row["correction"]) for row in rows.log), default=0) + 1
    changed = {column for column, _, _ in logged}
    is_withdrawal = any((column, now) == (TOKEN, "") for column, _, now in logged)
    for (fact, column), (*_, last) in rows.chains().items():
        if fact == correction.fact and last["expected"] and (is_withdrawal or column in changed):
            log.set(log.find(correction=last["correction"], column=column), "expected", "")
    for column, was, now in logged:
        log.append(
            {
                "correction": str(number),
                "corrected_on": correction.on.isoformat(),
                KEY: correction.fact,
                "kind": correction.kind,
                "column": column,
                "was": was,
                "is": now,
                "reason": correction.reason,
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
