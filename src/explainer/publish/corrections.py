"""Corrections of the report, for those who read it by machine."""

from __future__ import annotations

from datetime import date
from typing import Any

from explainer import csvfile
from explainer.project import Project

FILE = "corrections.csv"


def read(project: Project) -> list[dict[str, str]]:
    """Return the rows of the table of corrections, latest first; none where there is no such table.

    Rows without a day are left out: a correction is something that happened.
    """
    path = project.data / FILE
    if not path.is_file():
        return []
    header, *rows = csvfile.read_sheet(path, project.relative(path)).rows
    found = [dict(zip(header, row, strict=False)) for row in rows if row]
    dated = [row for row in found if _is_day(row.get("corrected_on", ""))]
    return sorted(dated, key=lambda row: row["corrected_on"], reverse=True)


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def comment(row: dict[str, str]) -> dict[str, Any]:
    """Return one correction as schema.org has it."""
    said = [
        f"{name}: {row[column]}"
        for column, name in (("was", "Was"), ("is", "Now"), ("reason", "Reason"))
        if row.get(column)
    ]
    return {"@type": "CorrectionComment", "datePublished": row["corrected_on"], "text": "; ".join(said)}
