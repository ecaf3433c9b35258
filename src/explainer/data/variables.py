"""The report's variables: every value in all forms that prose may need."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml
from num2words import num2words

from explainer.data.package import load, names
from explainer.english.nouns import singular
from explainer.english.numbers import in_words_up_to_nine
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_text
from explainer.system.project import Project

PREFIX = "values-"
#: Ten times as fast if the C library is available, with the same output.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def forms(kind: str, value: str, unit: str = "") -> dict[str, str]:
    """Return a value in the forms that prose may use.

    Parameters
    ----------
    kind : str
        ``count``, ``number``, ``date``, ``year`` or ``text``.
    value : str
        The value in the table.
    unit : str
        What a count counts, in the plural, such as ``questions``.

    Returns
    -------
    dict
        Counts: ``n`` (1,685), ``words`` (twenty-nine), ``Words`` (at the start of a sentence), ``ap`` (words
        up to nine, then figures), ``unit`` (singular or plural). Numbers: ``n``, ``rounded``. Dates: ``long``
        (July 27, 2018), ``day`` (July 27), ``month``, ``year``, ``weekday``, ``iso``. Years: ``n``. Texts:
        ``text``, ``Text``.
    """
    return dict(_forms(kind, value, unit))


@lru_cache(maxsize=10_000)  # page and derivations need the same forms, and again after an edit
def _forms(kind: str, value: str, unit: str) -> dict[str, str]:
    if kind == "count":
        words = num2words(int(value))
        count = {
            "n": f"{int(value):,}",
            "words": words,
            "Words": _capital(words),
            "ap": in_words_up_to_nine(int(value)),
        }
        return count | ({"unit": singular(unit) if int(value) == 1 else unit} if unit else {})
    if kind == "number":
        return {"n": f"{Decimal(value):,}", "rounded": f"{round(float(value)):,}"}
    if kind == "date":
        day = date.fromisoformat(value)
        month = calendar.month_name[day.month]
        return {
            "long": f"{month} {day.day}, {day.year}",
            "day": f"{month} {day.day}",
            "month": f"{month} {day.year}",
            "year": str(day.year),
            "weekday": calendar.day_name[day.weekday()],
            "iso": value,
        }
    if kind == "year":
        return {"n": value}
    return {"text": value, "Text": _capital(value)}


def collect(project: Project) -> dict[str, Any]:
    """Return all values as the nested mapping of ``{{< var >}}``.

    Raises
    ------
    Faults
        If two tables define a name, or a name is both a value and a group of values.
    """
    tree: dict[str, Any] = {}
    faults: list[Fault] = []
    values: set[str] = set()
    groups: set[str] = set()
    for table in sorted(name for name in names(project) if name.startswith(PREFIX)):
        for row in load(table, project).to_dict("records"):
            name = row["name"]
            parts = name.split(".")
            above = [".".join(parts[:depth]) for depth in range(1, len(parts))]
            if name in values | groups or values.intersection(above):
                faults.append(_name_taken(table, name))
                continue
            values.add(name)
            groups.update(above)
            _branch(tree, parts[:-1])[parts[-1]] = forms(row["type"], row["value"], row["unit"])
    if faults:
        raise Faults(faults)
    return tree


def _branch(tree: dict[str, Any], groups: list[str]) -> dict[str, Any]:
    """Return the mapping at a path of groups, and create it if needed."""
    for group in groups:
        tree = tree.setdefault(group, {})
    return tree


def _name_taken(table: str, name: str) -> Fault:
    return Fault(
        "this name of a value is taken",
        file=f"data/tidy/{table}.csv",
        column="name",
        value=name,
        remedy="Rename it in the notebook that writes this table",
    )


def write(project: Project, tree: dict[str, Any]) -> None:
    """Write the result of `collect` to ``_variables.yml``, for Quarto."""
    text = yaml.dump(tree, Dumper=DUMPER, allow_unicode=True, sort_keys=True, width=1000)
    write_text(project.variables, "# Written from data/tidy/values-*.csv; edits here are lost.\n" + text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
