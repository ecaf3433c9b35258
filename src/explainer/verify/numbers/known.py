"""What the tables account for: every number that the report may print, and where it may print it."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from explainer.data.frames import each_row
from explainer.data.package import DataPackage, load, names
from explainer.data.variables import PREFIX, forms
from explainer.system.project import Project
from explainer.verify.numbers import tokens


@dataclass(frozen=True)
class KnownNumbers:
    """Keys of numbers by what they come from.

    Parameters
    ----------
    facts : dict
        By `fact_id`: of what the article prints, and of the day that it resolves to.
    figures : dict
        By label: of the frame behind each figure or table and the number of its rows, of the values that its
        notebook saves, and of the sources that it cites.
    drawn : dict
        By label: of the numbers, not the texts, in the data that a chart draws.
    exceptions : tuple of str
        Numbers with the words around them that need no table.
    """

    facts: dict[str, frozenset[str]]
    figures: dict[str, frozenset[str]]
    drawn: dict[str, frozenset[str]]
    exceptions: tuple[str, ...]


def collect_known_numbers(project: Project, figures: Mapping[str, dict[str, Any]]) -> KnownNumbers:
    """Return what the tables of `project` and its collected figures account for."""
    values, published = _values(project), _published(project)
    return KnownNumbers(
        facts=_facts(project),
        figures={
            label: _figure(item, published) | values.get(Path(item["notebook"]).stem, frozenset())
            for label, item in figures.items()
        },
        drawn={label: _drawn(project, item) for label, item in figures.items()},
        exceptions=tuple(row["words"] for row in _rows("exceptions", project)),
    )


def _rows(table: str, project: Project) -> list[dict[str, Any]]:
    """Return the rows of a table; none of a table that a story does without."""
    if table not in names(project):
        return []
    frame = load(table, project).rename(columns=str)
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def _keys(texts: Iterable[object]) -> frozenset[str]:
    return frozenset().union(*(tokens.keys(str(text)) for text in texts))


def _facts(project: Project) -> dict[str, frozenset[str]]:
    from explainer.analysis.dates import resolve_dates  # here, as it loads pandas

    facts, article = load("facts", project), load("article", project)
    known = {row.fact_id: set(_keys([row.as_printed, row.exact])) for row in each_row(facts)}
    # A date may be told by the day that it comes to, and so may the event that it dates.
    for row in each_row(resolve_dates(facts, article["dateline"].iloc[0])):
        for fact_id in (row.fact_id, row.refers_to):
            if fact_id in known:
                known[fact_id] |= tokens.parts_of_date(row.date.date().isoformat())
    return {fact_id: frozenset(keys) for fact_id, keys in known.items()}


def _values(project: Project) -> dict[str, frozenset[str]]:
    """Return the keys of all values in all forms, by the name of the notebook that saves them."""
    package = DataPackage(project)
    known: dict[str, frozenset[str]] = {}
    for table in package.resources:
        if table.startswith(PREFIX):
            rows = _rows(table, project)
            texts = [text for row in rows for text in forms(row["type"], row["value"]).values()]
            notebook = package.resource(table)["producedBy"]
            known[notebook] = known.get(notebook, frozenset()) | _keys(texts)
    return known


def _published(project: Project) -> dict[str, str]:
    """Return the day of each source, without the time that pandas gives it, where it is known."""
    return {row["source_id"]: str(row.get("published"))[:10] for row in _rows("sources", project)}


def _figure(item: dict[str, Any], published: Mapping[str, str]) -> frozenset[str]:
    cells = [value for row in item["rows"] for value in row.values()]
    texts = [*cells, *(cell for row in item["cells"] for cell in row)]
    # Rounded up at the half, as charts do it, or to even, as Python does.
    texts += [way(cell) for cell in cells if isinstance(cell, float) for way in (round, _half_up)]
    # How many rows there are, and how many of each kind.
    texts.append(len(item["rows"]))
    for column in item["columns"]:
        texts += Counter(str(row.get(column["name"])) for row in item["rows"]).values()
    for source in item["sources"]:
        texts += [source["text"], published.get(source["id"])]
    return _keys(texts)


def _half_up(number: float) -> int:
    return math.floor(number + 0.5)


def _drawn(project: Project, item: dict[str, Any]) -> frozenset[str]:
    """Return the numbers that a chart is given to draw: a day in a calendar, say."""
    path = item.get("files", {}).get("spec")
    spec = json.loads((project.root / path).read_text(encoding="utf-8")) if path else {}
    cells = [cell for rows in spec.get("datasets", {}).values() for row in rows for cell in row.values()]
    return _keys(cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool))
