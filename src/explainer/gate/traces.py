"""What the tables account for: every number that the report may print, and where it may print it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from explainer import corrections
from explainer.gate import tokens
from explainer.package import load, names
from explainer.project import Project


@dataclass(frozen=True)
class Allowance:
    """Words that may hold a number which no table gives, and why.

    Parameters
    ----------
    words : str
        The number with the words around it.
    reason : str
        Why it may stand there.
    """

    words: str
    reason: str


@dataclass(frozen=True)
class Traces:
    """Keys of numbers by what they come from.

    Parameters
    ----------
    values : frozenset of str
        Of all values that notebooks save for the prose.
    facts : dict
        By `fact_id`: of what the article prints, and of the day that it resolves to.
    figures : dict
        By label: of the frame behind each figure or table, and of the data in its chart.
    allowances : tuple of Allowance
        The exceptions.
    corrections : frozenset of str
        Of the table of corrections: days, old and new values, reasons, and the subjects of the facts.
    """

    values: frozenset[str]
    facts: dict[str, frozenset[str]]
    figures: dict[str, frozenset[str]]
    allowances: tuple[Allowance, ...]
    corrections: frozenset[str] = frozenset()

    def of_figure(self, label: str) -> frozenset[str]:
        """Return what the words of a figure may say: its own frame, the values and the facts."""
        return self.figures[label] | self.values | self.of_facts()

    def of_facts(self) -> frozenset[str]:
        """Return what all facts together say."""
        return frozenset().union(*self.facts.values())


def collect(project: Project, variables: Mapping[str, str]) -> Traces:
    """Return what the tables of `project` account for.

    Parameters
    ----------
    project : Project
        With its figures collected in ``_build``.
    variables : mapping
        Every value in every form, by dotted name.
    """
    figures = json.loads((project.build / "figures.json").read_text(encoding="utf-8"))
    return Traces(
        values=_keys(variables.values()),
        facts=_facts(project),
        figures={label: _figure(project, item) for label, item in figures.items()},
        allowances=tuple(Allowance(row["words"], row["reason"]) for row in _rows("exceptions", project)),
        corrections=_corrections(project),
    )


def _rows(table: str, project: Project) -> list[dict[str, Any]]:
    """Return the rows of a table that a story may do without."""
    return load(table, project).to_dict("records") if table in names(project) else []


def _keys(texts: Iterable[object]) -> frozenset[str]:
    return frozenset().union(*(tokens.keys(str(text)) for text in texts if not _missing(text)))


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT


def _facts(project: Project) -> dict[str, frozenset[str]]:
    facts = load("facts", project)
    known = {row.fact_id: set(_keys([row.as_printed, row.exact])) for row in facts.itertuples()}
    for event in _rows("events", project):
        for fact_id in event["fact_ids"].split("; "):
            known[fact_id] |= tokens.parts_of_date(event["date"].date().isoformat())
    return {fact_id: frozenset(found) for fact_id, found in known.items()}


def _corrections(project: Project) -> frozenset[str]:
    cells = [cell for row in _rows("corrections", project) for cell in row.values()]
    return _keys([*cells, *(entry["subject"] for entry in corrections.entries(project))])


def _figure(project: Project, item: dict[str, Any]) -> frozenset[str]:
    texts = [column["title"] for column in item["columns"]]
    texts += [cell for row in item["cells"] for cell in row]
    texts += [value for row in item["rows"] for value in row.values()]
    spec = item.get("files", {}).get("spec")
    if spec:
        texts += _data(json.loads((project.root / spec).read_text(encoding="utf-8")))
    return _keys(texts)


def _data(spec: dict[str, Any]) -> list[object]:
    """Return every datum that a chart draws."""
    return [
        value
        for frame in spec.get("datasets", {}).values()
        for row in frame
        for cell in row.values()
        for value in (cell if isinstance(cell, list) else [cell])
    ]
