"""What the page shows beside a fact: its status and the words it rests on."""

from __future__ import annotations

import json

import pandas as pd

from explainer.files import write_text
from explainer.package import load
from explainer.project import Project
from explainer.selectors import Selector


def collect(project: Project) -> dict[str, dict[str, str]]:
    """Return, for each fact, what a fact span in the prose needs.

    Returns
    -------
    dict
        By `fact_id`: ``status``, ``label`` (for people: who vouches for it, and where it stands)
        and ``url`` (the article, at the words).
    """
    article = load("article", project).iloc[0]
    facts = load("facts", project).merge(
        load("paragraphs", project)[["paragraph", "role", "body_number"]], on="paragraph"
    )
    return {
        row.fact_id: {
            "status": row.status,
            "label": f"{_voucher(row)}, {_place(row)}",
            "url": Selector(row.exact, _text(row.prefix), _text(row.suffix)).link(article["url"]),
        }
        for row in facts.itertuples()
    }


def write(project: Project) -> None:
    """Write ``_build/facts.json`` for the filters."""
    text = json.dumps(collect(project), ensure_ascii=False, indent=1, sort_keys=True)
    write_text(project.build / "facts.json", text + "\n")


def _voucher(row) -> str:
    return f"attributed to {row.attributed_to}" if row.status == "attributed" else str(row.status)


def _place(row) -> str:
    return f"paragraph {row.body_number}" if row.role == "body" else str(row.role)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
