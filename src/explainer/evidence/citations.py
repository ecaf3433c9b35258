"""The sources as references that Pandoc can cite: CSL JSON from the table of sources."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from explainer.data.frames import each_row
from explainer.data.package import load
from explainer.data.variables import forms
from explainer.system.files import write_text
from explainer.system.project import Project


def collect(project: Project) -> list[dict[str, Any]]:
    """Return one CSL item a source, in the order of the table.

    ``title`` is the table's own description of the piece, not its headline; the style prints it without
    quotation marks. A source without a day of publication is cited as undated. ``note`` is the table's doubt
    about it, and whose text it repeats.
    """
    rows = list(each_row(load("sources", project)))
    outlets = {row.source_id: row.outlet for row in rows}
    return [_item(row, outlets) for row in rows]


def named(project: Project) -> dict[str, dict[str, str]]:
    """Return how each source is named where it is no citation: its outlet, day, name and address, by id.

    The name is the outlet; where an outlet has more sources than one, with the day, and where it has more of
    one day, with the title too.
    """
    table = load("sources", project)
    known = table.duplicated("outlet", keep=False)
    alike = table.duplicated(["outlet", "published"], keep=False)
    sources = {}
    for row, dated, titled in zip(each_row(table), known, alike, strict=True):
        published = day(row.published)
        parts = [row.outlet, *([row.title_short] if titled else []), *([published] if dated else [])]
        url = "" if pd.isna(row.url) else str(row.url)
        sources[row.source_id] = {
            "outlet": str(row.outlet),
            "day": published,
            "name": ", ".join(parts),
            "url": url,
        }
    return sources


def day(published: pd.Timestamp) -> str:
    """Return a day of publication in words."""
    return "undated" if pd.isna(published) else forms("date", published.date().isoformat())["long"]


def write(project: Project) -> list[dict[str, Any]]:
    """Write ``_build/references.json`` and return what it holds."""
    items = collect(project)
    text = json.dumps(items, ensure_ascii=False) + "\n"
    write_text(project.build / "references.json", text)
    return items


def _item(row: Any, outlets: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": row.source_id,
        "type": "article-newspaper",
        "container-title": str(row.outlet),
        "title": str(row.title_short),
    }
    notes = [] if pd.isna(row.note) else [str(row.note).rstrip(".")]
    if pd.notna(row.based_on):
        notes.append(f"Based on {outlets[row.based_on]}")
    if notes:
        item["note"] = ". ".join(notes)
    if pd.notna(row.url):
        item["URL"] = row.url
    if pd.notna(row.published):
        day = row.published
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    return item
