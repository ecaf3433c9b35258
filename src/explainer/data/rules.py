"""Rules that Table Schema does not know, switched on by properties of a field in the data package.

===================  ===============================================================================
property of a field  rule
===================  ===============================================================================
``listOf``           every item of the cell is an id of another table: ``{"resource": .., "field": ..}``
``maxWords``         the cell has at most so many words
``partialDate``      a real date that may stop at month or year; true, or the column that says which
``filledWhen``       filled exactly when another column has a value: ``{"column": "value"}``, ``*`` is any
``typedBy``          another column says what the value is: count, number, year, date or text
``acyclic``          following the ids from row to row never comes back
``within``           the words of the cell stand in another column of the row, however they are typeset
``asText``           false where text may be no more than ``7/27/2018`` or ``27-Jul``, which is what a
                     spreadsheet makes of a printed date and is refused in every other column of text
``wholeWhen``        a number in the cell is whole and not negative, in rows where another column has one of
                     some values: ``{"column": ["value", ...]}``
``namesDay``         the cell is a printed date that exists, in rows where another column has one of some
                     values: ``{"column": ["value", ...]}``
===================  ===============================================================================
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

from explainer.data.spelling import is_partial_date
from explainer.data.standard import Others
from explainer.data.table import Table, split_cell
from explainer.data.tableschema import WANTED, did_you_mean, no_such_id
from explainer.english.dates import resolve
from explainer.english.numbers import NUMBER, value_of
from explainer.english.typeset import Folded
from explainer.system.errors import Fault

#: What spreadsheets make of "July 27, 2018", "July 27", "27 July 2018" and "July 2018".
_REWRITTEN = re.compile(
    r"\d{1,2}([/-])\d{1,2}\1(\d{2}|\d{4})|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|\d{1,2}-[A-Z][a-z]{2}(-(\d{2}|\d{4}))?|[A-Z][a-z]{2}-\d{2}"
)
ANCHOR = datetime.date(2000, 1, 1)
PARTS = {"year": 1, "month": 2, "day": 3}
PLAIN_VALUE = {
    "count": (re.compile(r"[0-9]+"), "not a count", "Write a whole number from 0."),
    "number": (re.compile(r"-?[0-9]+(\.[0-9]+)?"), "not a number", "Write digits, such as 12.5."),
    "year": (re.compile(r"[0-9]{4}"), "not a year", "Write four digits."),
}


def rule_faults(table: Table, others: Others) -> Iterator[Fault]:
    """Yield what is wrong with `table` by the rules of its fields; `others` gives the tables it refers to."""
    for field in table.fields:
        if field["type"] == "string" and field.get("asText", True) and not field.get("partialDate"):
            yield from _as_text(table, field["name"])
        for name, rule in RULES.items():
            if field.get(name):
                yield from rule(table, field["name"], field[name])
        if "listOf" in field:
            yield from _lists(table, field["name"], field["listOf"], others)


def _fault(table: Table, row: int, column: str, what: str, value: str | None, remedy: str) -> Fault:
    return Fault(what, file=table.file, row=row, column=column, value=value, remedy=remedy)


def _lists(table: Table, column: str, target: dict[str, str], others: Others) -> Iterator[Fault]:
    resource = target["resource"]
    other = table if resource == table.name else others(resource)
    known = other and other.values(target["field"])
    for row, cell in table.cells(column):
        items = split_cell(cell)
        for item in sorted(set(items), key=items.index):
            if not item:
                yield _fault(
                    table, row, column, "an item of the list is empty", cell, "Remove the extra semicolon."
                )
            elif items.count(item) > 1:
                yield _fault(table, row, column, "stands twice in the list", item, "Remove one of them.")
            elif known is not None and item not in known:
                what, remedy = no_such_id(resource, did_you_mean(item, known))
                yield _fault(table, row, column, what, item, remedy)


def _max_words(table: Table, column: str, limit: int) -> Iterator[Fault]:
    for row, cell in table.cells(column):
        words = len(cell.split())
        if words > limit:
            yield _fault(
                table, row, column, f"has {words} words, more than {limit}", cell, f"Keep to {limit} words."
            )


def _partial_date(table: Table, column: str, precision_column: str | bool) -> Iterator[Fault]:
    for row, record in table.records:
        cell = record[column]
        if not cell:
            continue
        parts = cell.split("-")
        if not is_partial_date(cell):
            what, remedy = WANTED["partial date"]
            yield _fault(table, row, column, what, cell, remedy)
        elif isinstance(precision_column, str):
            precision = record[precision_column]
            if PARTS.get(precision, len(parts)) != len(parts):
                what = f"does not fit {precision_column} {precision!r}"
                yield _fault(table, row, column, what, cell, f"Change the date or its {precision_column}.")


def _filled_when(table: Table, column: str, condition: dict[str, str]) -> Iterator[Fault]:
    ((other, wanted),) = condition.items()
    label = "filled" if wanted == "*" else repr(wanted)
    for row, record in table.records:
        due = bool(record[other]) if wanted == "*" else record[other] == wanted
        if due and not record[column]:
            what = f"must not be blank when {other} is {label}"
            yield _fault(table, row, column, what, None, f"Fill it in, or change {other}.")
        elif record[column] and not due:
            what = f"must be blank unless {other} is {label}"
            yield _fault(table, row, column, what, record[column], f"Clear it, or change {other}.")


def _typed_by(table: Table, column: str, type_column: str) -> Iterator[Fault]:
    for row, record in table.records:
        cell, kind = record[column], record[type_column]
        if not cell:
            continue
        if kind == "date" and not (len(cell) == 10 and is_partial_date(cell)):
            what, remedy = WANTED["date"]
            yield _fault(table, row, column, what, cell, remedy)
        elif kind in PLAIN_VALUE:
            plain, what, remedy = PLAIN_VALUE[kind]
            if not plain.fullmatch(cell):
                yield _fault(table, row, column, what, cell, remedy)


def _acyclic(table: Table, column: str, _: bool) -> Iterator[Fault]:
    (target,) = (
        key["reference"]["fields"][0] for key in table.schema["foreignKeys"] if key["fields"] == [column]
    )
    follows = {record[target]: record[column] for _, record in table.records if record[column]}
    row_of = {record[target]: row for row, record in table.records}
    done: set[str] = set()
    for start in follows:
        path: list[str] = []
        here = start
        while here in follows and here not in done and here not in path:
            path.append(here)
            here = follows[here]
        if here in path:
            circle = [*path[path.index(here) :], here]
            yield _fault(
                table, row_of[here], column, "leads back to itself", " -> ".join(circle), "Break the circle."
            )
        done.update(path)


def _within(table: Table, column: str, other: str) -> Iterator[Fault]:
    for row, record in table.records:
        if record[column] and record[other] and not Folded(record[other]).find(record[column]):
            yield _fault(
                table,
                row,
                column,
                f"is not among the words in {other}, {record[other]!r}",
                record[column],
                f"Change both together: {other} are the article's words, and this is the part that counts.",
            )


def _names_day(table: Table, column: str, when: dict[str, list[str]]) -> Iterator[Fault]:
    ((condition, values),) = when.items()
    for row, record in table.records:
        if record[condition] not in values:
            continue
        try:
            # Any anchor will do: whether the words name a day does not depend on it.
            resolve(record[column], ANCHOR, record.get("relation") or "on")
        except Fault as fault:
            yield _fault(table, row, column, fault.what, record[column], fault.remedy or "")


def _as_text(table: Table, column: str) -> Iterator[Fault]:
    for row, cell in table.cells(column):
        if _REWRITTEN.fullmatch(cell):
            what = "looks like a date that a spreadsheet rewrote"
            remedy = "Put back the words, and format the column as text before you edit it."
            yield _fault(table, row, column, what, cell, remedy)


def _whole_when(table: Table, column: str, when: dict[str, list[str]]) -> Iterator[Fault]:
    ((condition, values),) = when.items()
    for row, record in table.records:
        cell = record[column]
        if record[condition] not in values:
            continue
        if re.search(r"(?<!\w)[-−–]\s*\d", cell):
            yield _fault(table, row, column, "must not be negative", cell, "Correct the number.")
        for found in re.finditer(NUMBER, cell, re.IGNORECASE):
            if (value := value_of(found[0])) != value.to_integral_value():
                what = "is a count, and must be whole"
                yield _fault(table, row, column, what, cell, f"Correct the number, or {condition}.")


RULES: dict[str, Callable[[Table, str, Any], Iterator[Fault]]] = {
    "maxWords": _max_words,
    "partialDate": _partial_date,
    "filledWhen": _filled_when,
    "typedBy": _typed_by,
    "acyclic": _acyclic,
    "within": _within,
    "namesDay": _names_day,
    "wholeWhen": _whole_when,
}
