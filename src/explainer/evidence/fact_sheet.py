"""What the page shows beside a fact: its status, the words it rests on, and who else reported it."""

from __future__ import annotations

import json
from typing import Any

from explainer.data.frames import cell_text, each_row
from explainer.data.package import load
from explainer.evidence import corroboration
from explainer.evidence.selectors import Selector
from explainer.ledger import correction_log
from explainer.system.files import write_text
from explainer.system.project import Project

#: Statuses of what stands in the article itself.
SAID = ("stated", "attributed")


def collect(project: Project) -> dict[str, dict[str, Any]]:
    """Return, for each fact, what a fact span in the prose needs.

    Returns
    -------
    dict
        By `fact_id`: ``status``, ``subject``, ``printed``, ``place`` (where it stands), ``label`` (for
        people: who vouches for it, and where it stands), ``url`` (the article, at the words) and, where it is
        attributed, ``speaker`` (to whom), where other sources were asked about it, ``account`` (see
        `corroboration.accounts`), and where it was corrected, ``corrected`` (``id`` and ``day`` of
        its last correction).
    """
    article = load("article", project).iloc[0]
    accounts = corroboration.accounts(project)
    corrected = correction_log.latest_by_fact(correction_log.entries(project))
    facts = load("facts", project).merge(
        load("paragraphs", project)[["paragraph", "role", "body_number"]], on="paragraph"
    )
    return {
        row.fact_id: {
            "status": row.status,
            "subject": row.subject,
            "printed": row.as_printed,
            "place": _place(row),
            "label": f"{_voucher(row)}, {_place(row)}",
            "url": selector(row).link(article["url"]),
        }
        | ({"speaker": row.attributed_to} if row.status == "attributed" else {})
        | ({"account": accounts[row.fact_id]} if row.fact_id in accounts else {})
        | ({"corrected": _mark(corrected[row.fact_id])} if row.fact_id in corrected else {})
        for row in each_row(facts)
    }


def write(project: Project) -> dict[str, dict[str, Any]]:
    """Write ``_build/facts.json`` for the filters and return what it holds."""
    facts = collect(project)
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    write_text(project.build / "facts.json", text + "\n")
    return facts


def selector(row: Any) -> Selector:
    """Return the selector of a row of the fact sheet."""
    return Selector(row.exact, cell_text(row.prefix), cell_text(row.suffix))


def _mark(entry: dict[str, Any]) -> dict[str, str]:
    return {part: entry[part] for part in ("id", "day")}


def _voucher(row: Any) -> str:
    return f"attributed to {row.attributed_to}" if row.status == "attributed" else str(row.status)


def _place(row: Any) -> str:
    return f"paragraph {row.body_number}" if row.role == "body" else str(row.role)
