"""How each value was computed: by which rule, from which facts and sources, in which notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from explainer.data.frames import split_list
from explainer.data.package import DataPackage, load
from explainer.data.variables import PREFIX, forms
from explainer.evidence import citations, fact_sheet
from explainer.notebooks import ipynb
from explainer.notebooks.ipynb import Notebook
from explainer.report import value_cells
from explainer.report.site import anchor, page_of, plain
from explainer.system.errors import Fault
from explainer.system.project import Project

ISO_DATE = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")
#: The form in which the list of derivations prints a value.
FORMS = {"count": "n", "number": "n", "date": "long", "year": "n", "text": "text"}


def collect_derivations(project: Project, facts: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return what the page says about each value.

    Parameters
    ----------
    project : Project
        With its tables of values written.
    facts : dict
        As `explainer.evidence.fact_sheet.collect` gives them.

    Returns
    -------
    dict
        By dotted name: ``status``, ``type``, ``shown`` (the value with its unit), ``derivation`` (the rule, a
        sentence without its stop), ``fact`` (the fact whose words say it; blank for computed values),
        ``facts`` and ``sources`` (``text`` and ``url`` of what it rests on) and ``notebook`` (``title`` of
        where it was worked out, and ``page``, the address of the cell).

    Raises
    ------
    Fault
        If the notebook that a table of values comes from is gone.
    """
    package = DataPackage(project)
    notebooks = {notebook.name: notebook for notebook in ipynb.read_all(project)}
    about = load("facts", project).set_index("fact_id")["refers_to"].dropna()
    refers = {str(fact): str(other) for fact, other in about.items()}
    sources = citations.named(project)
    derivations: dict[str, dict[str, Any]] = {}
    for table in sorted(name for name in package.resources if name.startswith(PREFIX)):
        notebook = _maker(package, table, notebooks)
        rows = load(table, project)
        for column in ("fact_ids", "source_ids"):
            rows[column] = split_list(rows[column])
        for record in rows.fillna("").to_dict("records"):
            row = {str(column): value for column, value in record.items()}
            rests_on = leading(row["fact_ids"], refers)
            derivations[row["name"]] = _derivation(
                row, notebook, table, [(fact, facts[fact]) for fact in rests_on]
            ) | {"sources": [_source(sources[source]) for source in row["source_ids"]]}
    return derivations


def _derivation(
    row: dict[str, Any], notebook: Notebook, table: str, rests_on: list[tuple[str, dict[str, Any]]]
) -> dict[str, Any]:
    cell = value_cells.find(notebook, table, row["name"])
    place = f"#{anchor(cell.node.id)}" if cell else ""
    return {
        "status": row["status"],
        "type": row["type"],
        "shown": _shown(row),
        "derivation": in_words(row["derivation"]),
        "fact": rests_on[0][0] if rests_on and row["status"] in fact_sheet.SAID else "",
        "facts": [_fact(entry) for _, entry in rests_on],
        "notebook": {"title": plain(notebook.title), "page": page_of(notebook.file) + place},
    }


def _maker(package: DataPackage, table: str, notebooks: dict[str, Notebook]) -> Notebook:
    """Return the notebook that saves a table of values."""
    name = package.resource(table).get("producedBy", "")
    if name not in notebooks:
        raise Fault(
            "holds values of a notebook that is not there",
            file=package.file(table),
            value=name,
            remedy=f"Put notebooks/{name}.ipynb back, or take the table out of the data package.",
        )
    return notebooks[name]


def _source(source: Mapping[str, str]) -> dict[str, str]:
    return {"text": f"{source['outlet']}, {source['day']}", "url": source["url"]}


def leading(fact_ids: list[str], refers: dict[str, str]) -> list[str]:
    """Return the facts of a list that no other fact in it is about: a date says also what happened on it."""
    about = {refers.get(fact) for fact in fact_ids}
    return [fact for fact in fact_ids if fact not in about] or fact_ids


def in_words(derivation: str) -> str:
    """Return a derivation with its days as people write them, and without a stop at the end."""

    def written(match: re.Match[str]) -> str:
        try:
            date.fromisoformat(match[0])
        except ValueError:
            return match[0]
        return forms("date", match[0])["long"]

    return ISO_DATE.sub(written, derivation).rstrip(". ")


def _shown(row: dict[str, Any]) -> str:
    shown = forms(row["type"], row["value"])[FORMS[row["type"]]]
    unit = row["unit"]
    return f"{shown} {unit}" if unit and not row["derivation"].startswith(unit) else shown


def _fact(entry: dict[str, Any]) -> dict[str, str]:
    return {"text": f"{entry['subject']} ({entry['place']})", "url": entry["url"]}
