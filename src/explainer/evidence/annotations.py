"""The fact sheet as W3C Web Annotations: each fact, and the words of the article that it rests on."""

from __future__ import annotations

import json
from typing import Any

from explainer.data.frames import cell_text, each_row
from explainer.data.package import load
from explainer.evidence import fact_sheet
from explainer.ledger import correction_log
from explainer.system.project import Project

#: Where the finished report has them.
FILE = "facts.jsonld"
#: Where the report has the row of a fact.
ROW = "data/facts.html#row-"
#: In place of the address of an article that has none.
UNADDRESSED = "urn:explainer:article"
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def collect(project: Project, home: str | None = None) -> dict[str, Any]:
    """Return an ``AnnotationPage`` with one ``Annotation`` a fact, in the order of the fact sheet.

    The body is a statement in this report's words with its status; the target is the article with a
    ``TextQuoteSelector``. Where the report's address, `home`, is known, each annotation is named by that of
    the fact's row, else by `fact_id`. They bear no times, so that the same tables give the same bytes; a
    fact that was corrected says so, with the day.
    """
    corrected = correction_log.latest_by_fact(correction_log.entries(project))
    url = cell_text(load("article", project).iloc[0]["url"]) or UNADDRESSED
    facts = load("facts", project)
    openings = load("paragraphs", project).set_index("paragraph")["opens_with"]
    return {
        "@context": [
            CONTEXT,
            {
                "status": "urn:explainer:status",
                "attributedTo": "urn:explainer:attributedTo",
                "correction": "urn:explainer:correction",
            },
        ],
        "id": f"{home}{FILE}" if home else "urn:explainer:facts",
        "type": "AnnotationPage",
        "items": [
            {"id": f"{home}{ROW}{row.fact_id}" if home else f"urn:explainer:fact:{row.fact_id}"}
            | _annotation(row, url, openings[row.paragraph], corrected.get(row.fact_id))
            for row in each_row(facts)
        ],
    }


def to_json(project: Project, home: str | None = None) -> str:
    """Return the annotations as the text of a JSON-LD file; see `collect`."""
    return json.dumps(collect(project, home), ensure_ascii=False, indent=1) + "\n"


def _annotation(row: Any, url: str, opening: str, corrected: dict[str, Any] | None) -> dict[str, Any]:
    body = {
        "type": "TextualBody",
        "value": row.subject,
        "format": "text/plain",
        "language": "en",
        "purpose": "describing",
        "status": row.status,
    }
    if row.status == "attributed":
        body["attributedTo"] = row.attributed_to
    if corrected:
        body["correction"] = corrected["text"]
    return {
        "type": "Annotation",
        "motivation": "describing",
        **({"modified": f"{corrected['date']}T00:00:00Z"} if corrected else {}),
        "body": body,
        "target": {"source": url, "selector": fact_sheet.selector(row).as_annotation(opening)},
    }
