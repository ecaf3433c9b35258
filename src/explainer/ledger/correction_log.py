"""The log of corrections for readers: one entry per correction, in sentences."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from explainer.data.package import DataPackage
from explainer.ledger.correction_tables import (
    KEY,
    TOKEN,
    WORDS,
    CorrectionTables,
    TableRow,
    read_correction_tables,
)
from explainer.system.project import Project

#: What stands before the reason of each kind of correction.
KINDS = {"transcription": "", "article": "The article was changed. "}


def entries(project: Project) -> list[dict[str, Any]]:
    """Return every correction, the oldest first; empty in a story without a log.

    Returns
    -------
    list of dict
        ``id`` (the anchor in the page), ``date`` (ISO) and ``day`` (in words), ``fact`` and ``subject``,
        ``kind``, ``changes`` (``column``, ``was``, ``is`` and ``text`` of each cell), ``because`` (kind
        and reason, which readers are told first) and ``what`` (the changes, cell by cell) in sentences, and
        ``text`` (day, reason and changes).
    """
    package = DataPackage(project)
    rows = read_correction_tables(package)
    if rows is None:
        return []
    titles = {field["name"]: field["title"] for field in package.resource("facts")["schema"]["fields"]}
    return [
        _entry(rows, list(same), titles) for _, same in groupby(rows.log, key=lambda row: row["correction"])
    ]


def latest_by_fact(log: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the last entry of each corrected fact."""
    return {entry["fact"]: entry for entry in log}


def _entry(rows: CorrectionTables, same: list[TableRow], titles: dict[str, str]) -> dict[str, Any]:
    # Imported here, because `explainer check` reads the log too and needs no number words.
    from explainer.data.variables import forms

    first = same[0]
    fact = first[KEY]
    subject = (rows.sheet.get(fact) or rows.record[fact])["subject"]
    changes = [
        {
            "column": row["column"],
            "was": row["was"],
            "is": row["is"],
            "text": _change(row["column"], row["was"], row["is"], titles),
        }
        for row in same
    ]
    what = _what(subject, changes)
    day = forms("date", first["corrected_on"])["long"]
    because = KINDS[first["kind"]] + _sentence(first["reason"])
    return {
        "id": f"correction-{first['correction']}",
        "date": first["corrected_on"],
        "day": day,
        "fact": fact,
        "subject": subject,
        "kind": first["kind"],
        "because": because,
        "changes": changes,
        "what": what,
        "text": f"{day}. {because} {what}",
    }


def _what(subject: str, changes: list[dict[str, str]]) -> str:
    """Return the changes as a sentence, leaving out words that changed along with the token in them."""
    token = any(change["column"] == TOKEN for change in changes)
    texts = [change["text"] for change in changes if not (token and change["column"] == WORDS)]
    return f"{subject}: {'; '.join(texts)}."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _change(column: str, was: str, now: str, titles: dict[str, str]) -> str:
    """Return the change of a cell in words; the token needs no column name."""
    if column == TOKEN:
        if not was:
            return f"“{now}” was put back"
        return f"“{was}” is now “{now}”" if now else f"“{was}” was withdrawn"
    name = titles[column].lower()
    if not was:
        return f"{name}: “{now}” was added"
    return f"{name}: “{was}” is now “{now}”" if now else f"{name}: “{was}” was taken out"
