"""Rules that Table Schema does not have, each switched on by a property of a field in the data package.

===================  ===============================================================================
property of a field  rule
===================  ===============================================================================
``listOf``           every item of the cell is an id of another table: ``{"resource": .., "field": ..}``
``maxWords``         the cell has at most so many words
``partialDate``      a date that exists and may stop at month or year; true, or the column that says which
``filledWhen``       filled exactly when another column has a value, or one of several, or is blank:
                     ``{"column": "value"}``, ``{"column": ["value", ..]}``, ``{"column": ""}``; ``*`` is any
``requiredWhen``     not blank in rows where another column has one of some values, blank or not in others:
                     ``{"column": ["value", ...]}``
``typedBy``          another column says what the value is: count, number, year, date or text
``acyclic``          following the ids from row to row never comes back
``within``           the words of the cell stand in another column of the row, however they are typeset
``namesDay``         the cell is a printed date that exists, in rows where another column has one of some
                     values: ``{"column": ["value", ...]}``
``wholeWhen``        a number in the cell is whole and not negative, in rows where another column has one of
                     some values: ``{"column": ["value", ...]}``
``weekdayOf``        the weekday of the date in another column
``atLeast``          no less than the number in another column
``saidIn``           the day that another column names in words, where it names one
``phaseOf``          before, article or after: how the date in a column lies to one in another table:
                     ``{"column": .., "resource": .., "field": ..}``
``datesEvent``       printed dates of the same event agree, and a weekday fits its date:
                     ``{"event": .., "from": .., "relation": .., "when": {..}, "resource": .., "field": ..}``
``memberOf``         an item of a list in the row of another table that a column leads to:
                     ``{"key": column, "resource": .., "field": .., "list": column of the other table}``
``idOrName``         a cell that is spelled as an id, without spaces or capitals, is an id of another table:
                     ``{"resource": .., "field": ..}``
``onMap``            a latitude that lies, with its longitude, on the map, and in the outline that another
                     column names: ``{"longitude": .., "name": .., "resource": .., "layer": ..}``
``asText``           false where text may be no more than ``7/27/2018`` or ``27-Jul``, which is what a
                     spreadsheet makes of a printed date and is refused in every other column of text
===================  ===============================================================================

A rule that compares cells says nothing about a row in which one of them is blank or at fault itself.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from explainer.data.damage import looks_rewritten
from explainer.data.geo import Outline, OutlineMap
from explainer.data.schema import MISSPELLED, TableLookup, no_such_id
from explainer.data.spelling import is_partial_date
from explainer.data.table import CsvTable, split_cell
from explainer.english.calendar_words import WEEKDAYS
from explainer.english.dates import resolve, spoken
from explainer.english.numbers import NUMBER, value_of
from explainer.english.suggestions import did_you_mean
from explainer.english.typeset import Folded
from explainer.system.errors import Fault

#: Returns the outlines of a layer of a map, by the names of file and layer; none where it cannot be read.
OutlineLookup = Callable[[str, str], list[Outline]]

#: What spreadsheets make of "July 27, 2018", "July 27", "27 July 2018" and "July 2018".
_MONTH_AND_DAY = re.compile(r"\b([A-Z][a-z]{2,8})\.? (\d{1,2})\b")
_COUNTED_FROM = re.compile(r"\b(before|after|since|until|from)\b", re.IGNORECASE)
_WEEKDAY = re.compile("|".join(WEEKDAYS), re.IGNORECASE)
_ID = re.compile(r"[a-z0-9_-]+")
_ANY_DAY = datetime.date(2000, 1, 1)
_PARTS = {"year": 1, "month": 2, "day": 3}
_PLAIN_VALUE = {
    "count": (re.compile(r"[0-9]+"), "not a count", "Write a whole number from 0."),
    "number": (re.compile(r"-?[0-9]+(\.[0-9]+)?"), "not a number", "Write digits, such as 12.5."),
    "year": (re.compile(r"[0-9]{4}"), "not a year", "Write four digits."),
}


class Finding(NamedTuple):
    """A cell that breaks a rule: its row, what is wrong, the value that is, and what to do."""

    row: int
    what: str
    value: str | None
    remedy: str


@dataclass(frozen=True)
class Context:
    """A table whose cells are checked, and where to find what they are compared with.

    Parameters
    ----------
    table : CsvTable
        The table, with the right header.
    lookup : callable
        Returns another table, or None where that cannot be read: then nothing is compared with it.
    outlines : callable
        Returns a layer of a map.
    """

    table: CsvTable
    lookup: TableLookup
    outlines: OutlineLookup

    @property
    def records(self) -> list[tuple[int, dict[str, str]]]:
        """Row number and cells by column."""
        return self.table.records

    def other(self, name: str) -> CsvTable | None:
        """Return a table by its name, which may be that of the checked one."""
        return self.table if name == self.table.name else self.lookup(name)

    def first_day(self, setting: dict[str, Any]) -> datetime.date | None:
        """Return the first date in a column of another table, such as the day of the article."""
        other = self.other(setting["resource"])
        return _day(next((cell for _, cell in other.cells(setting["field"])), "")) if other else None


def rule_faults(
    table: CsvTable, lookup: TableLookup, outlines: OutlineLookup = lambda name, layer: []
) -> Iterator[Fault]:
    """Yield each cell of `table` that breaks a rule of its column.

    Parameters
    ----------
    table : CsvTable
        The table, with the right header.
    lookup : callable
        Returns the tables that its cells are compared with.
    outlines : callable, optional
        Returns the layers of maps that its coordinates are compared with.
    """
    context = Context(table, lookup, outlines)
    for field in table.fields:
        column = field["name"]
        for name, rule in RULES.items():
            setting = field.get(name, _is_free_text(field) if name == "asText" else None)
            for row, what, value, remedy in rule.check(context, column, setting) if setting else ():
                yield Fault(what, file=table.file, row=row, column=column, value=value, remedy=remedy)


@lru_cache(maxsize=128)  # the parts of a build check the same tables
def keeps_rules(table: CsvTable, others: tuple[tuple[str, CsvTable | None], ...]) -> bool:
    """Return whether no cell breaks a rule; False, too, where a rule compares it with a map.

    Parameters
    ----------
    table : CsvTable
        The table, with the right header.
    others : tuple of pairs
        Name and content of each table that its cells are compared with.
    """
    if any("onMap" in field for field in table.fields):
        return False
    return next(rule_faults(table, dict(others).get), None) is None


def _is_free_text(field: dict[str, Any]) -> bool:
    return field["type"] == "string" and not field.get("partialDate")


def _as_text(context: Context, column: str, _: bool) -> Iterator[Finding]:
    for row, record in context.records:
        cell = record[column]
        if looks_rewritten(cell) and not _is_part_of_longer(context, column, record):
            what = "looks like a date that a spreadsheet rewrote"
            remedy = "Put back the words, and format the column as text before you edit it."
            yield Finding(row, what, cell, remedy)


def _is_part_of_longer(context: Context, column: str, record: dict[str, str]) -> bool:
    """Return whether a cell stands among more words in another column, which no spreadsheet rewrites."""
    (other,) = (field.get("within", "") for field in context.table.fields if field["name"] == column)
    longer = record.get(other, "")
    return longer != record[column] and bool(Folded(longer).find(record[column]))


def _list_of(context: Context, column: str, target: dict[str, str]) -> Iterator[Finding]:
    resource = target["resource"]
    other = context.other(resource)
    known = other.values(target["field"]) if other else None
    for row, cell in context.table.cells(column):
        items = split_cell(cell)
        for item in dict.fromkeys(items):
            if not item:
                yield Finding(row, "an item of the list is empty", cell, "Remove the extra semicolon.")
            elif items.count(item) > 1:
                yield Finding(row, "stands twice in the list", item, "Remove one of them.")
            elif known is not None and item not in known:
                what, remedy = no_such_id(resource, did_you_mean(item, known))
                yield Finding(row, what, item, remedy)


def _max_words(context: Context, column: str, limit: int) -> Iterator[Finding]:
    for row, cell in context.table.cells(column):
        words = len(cell.split())
        if words > limit:
            yield Finding(row, f"has {words} words, more than {limit}", cell, f"Keep to {limit} words.")


def _partial_date(context: Context, column: str, precision_column: str | bool) -> Iterator[Finding]:
    for row, record in context.records:
        cell = record[column]
        if not cell:
            continue
        if not is_partial_date(cell):
            what, remedy = MISSPELLED["partial date"]
            yield Finding(row, what, cell, remedy)
        elif isinstance(precision_column, str):
            precision, parts = record[precision_column], len(cell.split("-"))
            if _PARTS.get(precision, parts) != parts:
                what = f"does not fit {precision_column} {precision!r}"
                yield Finding(row, what, cell, f"Change the date or its {precision_column}.")


def _filled_when(context: Context, column: str, condition: dict[str, str | list[str]]) -> Iterator[Finding]:
    ((other, expected),) = condition.items()
    values = expected if isinstance(expected, list) else [expected]
    label = {"*": "filled", "": "blank"}.get(values[0], " or ".join(map(repr, values)))
    for row, record in context.records:
        due = bool(record[other]) if expected == "*" else record[other] in values
        if due and not record[column]:
            yield _blank(row, other, label)
        elif record[column] and not due:
            what = f"must be blank unless {other} is {label}"
            yield Finding(row, what, record[column], f"Clear it, or change {other}.")


def _required_when(context: Context, column: str, when: dict[str, list[str]]) -> Iterator[Finding]:
    ((other, values),) = when.items()
    for row, record in _rows_where(context, when):
        if not record[column]:
            yield _blank(row, other, " or ".join(map(repr, values)))


def _blank(row: int, other: str, label: str) -> Finding:
    what = f"must not be blank when {other} is {label}"
    return Finding(row, what, None, f"Fill it in, or change {other}.")


def _member_of(context: Context, column: str, setting: dict[str, str]) -> Iterator[Finding]:
    other = context.other(setting["resource"])
    if other is None:
        return
    lists = {record[setting["field"]]: split_cell(record[setting["list"]]) for _, record in other.records}
    for row, record in context.records:
        key, cell = record[setting["key"]], record[column]
        if cell and key in lists and cell not in lists[key]:
            what = f"is not among {setting['list']} of {key} in {setting['resource']!r}"
            members = f"Use one of {', '.join(lists[key])}" if any(lists[key]) else "Leave it blank"
            yield Finding(row, what, cell, f"{members}, or add it there.")


def _id_or_name(context: Context, column: str, target: dict[str, str]) -> Iterator[Finding]:
    other = context.other(target["resource"])
    known = other.values(target["field"]) if other else None
    for row, cell in context.table.cells(column):
        if known is not None and _ID.fullmatch(cell) and cell not in known:
            what, remedy = no_such_id(target["resource"], did_you_mean(cell, known))
            yield Finding(row, what, cell, remedy)


def _typed_by(context: Context, column: str, type_column: str) -> Iterator[Finding]:
    for row, record in context.records:
        cell, kind = record[column], record[type_column]
        if not cell:
            continue
        if kind == "date" and not (len(cell) == 10 and is_partial_date(cell)):
            what, remedy = MISSPELLED["date"]
            yield Finding(row, what, cell, remedy)
        elif kind in _PLAIN_VALUE:
            plain, what, remedy = _PLAIN_VALUE[kind]
            if not plain.fullmatch(cell):
                yield Finding(row, what, cell, remedy)


def _acyclic(context: Context, column: str, _: bool) -> Iterator[Finding]:
    keys = context.table.schema["foreignKeys"]
    (target,) = (key["reference"]["fields"][0] for key in keys if key["fields"] == [column])
    follows = {record[target]: record[column] for _, record in context.records if record[column]}
    row_of = {record[target]: row for row, record in context.records}
    done: set[str] = set()
    for start in follows:
        path: list[str] = []
        here = start
        while here in follows and here not in done and here not in path:
            path.append(here)
            here = follows[here]
        if here in path:
            circle = [*path[path.index(here) :], here]
            yield Finding(row_of[here], "leads back to itself", " -> ".join(circle), "Break the circle.")
        done.update(path)


def _within(context: Context, column: str, other: str) -> Iterator[Finding]:
    for row, record in context.records:
        if record[column] and record[other] and not Folded(record[other]).find(record[column]):
            what = f"is not among the words in {other}, {record[other]!r}"
            role = f"{other} are the article's words, and this is the part that counts"
            yield Finding(row, what, record[column], f"Change both together: {role}.")


def _rows_where(context: Context, when: dict[str, list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows in which a column has one of some values."""
    ((condition, values),) = when.items()
    for row, record in context.records:
        if record[condition] in values:
            yield row, record


def _names_day(context: Context, column: str, when: dict[str, list[str]]) -> Iterator[Finding]:
    for row, record in _rows_where(context, when):
        try:
            # Whether the words name a day does not depend on the day they are counted from.
            resolve(record[column], _ANY_DAY, record.get("relation") or "on")
        except Fault as fault:
            yield Finding(row, fault.what, record[column], fault.remedy or "")


def _whole_when(context: Context, column: str, when: dict[str, list[str]]) -> Iterator[Finding]:
    (condition,) = when
    for row, record in _rows_where(context, when):
        cell = record[column]
        if re.search(r"(?<!\w)[-−–]\s*\d", cell):
            yield Finding(row, "must not be negative", cell, "Correct the number.")
        for match in re.finditer(NUMBER, cell, re.IGNORECASE):
            if (value := value_of(match[0])) != value.to_integral_value():
                what = "is a count, and must be whole"
                yield Finding(row, what, cell, f"Correct the number, or {condition}.")


def _weekday_of(context: Context, column: str, other: str) -> Iterator[Finding]:
    for row, record in context.records:
        day, cell = _day(record[other]), record[column]
        if day and cell and cell != (right := WEEKDAYS[day.weekday()]):
            yield Finding(row, f"{day} is a {right}", cell, f"Correct the weekday, or {other}.")


def _at_least(context: Context, column: str, other: str) -> Iterator[Finding]:
    for row, record in context.records:
        high, low = record[column], record[other]
        if _is_number(high) and _is_number(low) and float(high) < float(low):
            yield Finding(
                row, f"is less than {other}, which is {low}", high, "Correct one of the two numbers."
            )


def _said_in(context: Context, column: str, other: str) -> Iterator[Finding]:
    for row, record in context.records:
        day, words = _day(record[column]), record[other]
        if day is None or _COUNTED_FROM.search(words):
            continue
        remedy = f"Correct the date, or {other}, which says {words!r}."
        if message := _wrong_weekday(words, day):
            yield Finding(row, f"is {message}", record[column], remedy)
        for match in _MONTH_AND_DAY.finditer(words):
            with suppress(Fault):
                if (named := resolve(match[0], day).day) != day:
                    yield Finding(row, f"is not {match[0]}, which is {named}", record[column], remedy)


def _wrong_weekday(words: str, day: datetime.date) -> str:
    """Return which weekday `day` is and which one `words` name; nothing where they agree."""
    named, right = _WEEKDAY.search(words), WEEKDAYS[day.weekday()]
    return f"a {right}, not a {named[0].title()}" if named and named[0].title() != right else ""


def _phase_of(context: Context, column: str, setting: dict[str, str]) -> Iterator[Finding]:
    anchor = context.first_day(setting)
    for row, record in context.records:
        date, phase = record[setting["column"]], record[column]
        if not (anchor and phase and is_partial_date(date)):
            continue
        # A date that stops at the year or month of the article may lie on either side of it.
        day = anchor.isoformat()[: len(date)]
        right = "before" if date < day else "after" if date > day else "article"
        if phase != right and (right != "article" or len(date) == 10):
            what = f"{date} is {'the day of the article' if right == 'article' else f'{right} it, {anchor}'}"
            yield Finding(row, what, phase, f"Write {right}, or correct {setting['column']}.")


def _dates_event(context: Context, column: str, setting: dict[str, Any]) -> Iterator[Finding]:
    dateline = context.first_day(setting)
    if dateline is None:
        return
    days = resolved_days(context, column, setting, dateline)
    first: dict[str, int] = {}
    records = dict(context.records)
    for row, day in sorted(days.items()):
        words, event = records[row][column], records[row][setting["event"]]
        if re.search(r"\d", words) and _wrong_weekday(words, day):
            right = f"{spoken(day)} is a {WEEKDAYS[day.weekday()]}"
            yield Finding(row, right, words, "Correct the weekday, or the day.")
        if not event or records[row][setting["relation"]] == "since":
            continue
        earlier = first.setdefault(event, row)
        if days[earlier] != day:
            other = f"{records[earlier][column]!r} in row {earlier}"
            what = f"comes to {day}, but {other} dates {event} to {days[earlier]}"
            yield Finding(row, what, words, "Correct one of the two, or let them date two events.")


def resolved_days(
    context: Context, column: str, setting: dict[str, Any], dateline: datetime.date
) -> dict[int, datetime.date]:
    """Return the day that each printed date comes to, by row, for those that come to one.

    Parameters
    ----------
    context : Context
        The table of the dates.
    column : str
        The column in which they are printed.
    setting : dict
        The rule ``datesEvent`` of that column.
    dateline : date
        The day from which they are counted.
    """
    pending = dict(_rows_where(context, setting["when"]))
    key = context.table.columns[0]
    days: dict[int, datetime.date] = {}
    by_key: dict[str, datetime.date] = {}
    while ready := [
        row for row, record in pending.items() if not (of := record[setting["from"]]) or of in by_key
    ]:
        for row in ready:
            record = pending.pop(row)
            with suppress(Fault):
                anchor = by_key.get(record[setting["from"]], dateline)
                days[row] = resolve(record[column], anchor, record[setting["relation"]] or "on").day
                by_key[record[key]] = days[row]
    return days


def _on_map(context: Context, column: str, setting: dict[str, str]) -> Iterator[Finding]:
    outlines = context.outlines(setting["resource"], setting["layer"])
    if not outlines:
        return
    area = OutlineMap(outlines)
    for row, record in context.records:
        try:
            y, x = float(record[column]), float(record[setting["longitude"]])
        except ValueError:
            continue
        name = record.get(setting["name"], "")
        if not area.covers(x, y):
            hint = "Latitude and longitude are exchanged. " if area.covers(y, x) else ""
            hint = hint or ("West of Greenwich a longitude is negative. " if area.covers(-x, y) else "")
            what = f"{y}, {x} is not on the map, which goes from {area.extent}"
            yield Finding(row, what, record[column], f"{hint}Correct the coordinates.")
        elif name in area.names and name not in (there := area.names_at(x, y)):
            where = next(iter(there), "outside all outlines")
            what = f"{y}, {x} is not in {name} but in {where}"
            yield Finding(row, what, record[column], f"Correct the coordinates, or {setting['name']}.")


def _day(cell: str) -> datetime.date | None:
    """Return a cell as a day; None where it is blank or no day written as year-month-day."""
    with suppress(ValueError):
        return datetime.date.fromisoformat(cell) if len(cell) == 10 else None
    return None


def _is_number(cell: str) -> bool:
    return _PLAIN_VALUE["number"][0].fullmatch(cell) is not None


def _is_whole(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", cell) is not None


@dataclass(frozen=True)
class Rule:
    """How one rule is checked, and which parts of its setting have to name a column that exists.

    Parameters
    ----------
    check : callable
        Yields the cells that break it, given the table, the column and the setting.
    columns : callable
        Returns the columns of the same table that a setting names.
    other_columns : tuple of str
        Keys of the setting whose values name a column of the table under ``resource``.
    """

    check: Callable[[Context, str, Any], Iterator[Finding]]
    columns: Callable[[Any], Iterable[str]] = lambda setting: ()
    other_columns: tuple[str, ...] = ()


def _itself(setting: str | bool) -> list[str]:
    return [setting] if isinstance(setting, str) else []


def _under(*keys: str) -> Callable[[dict[str, str]], list[str]]:
    return lambda setting: [setting[key] for key in keys]


def _of_dates_event(setting: dict[str, Any]) -> list[str]:
    return [setting["event"], setting["from"], setting["relation"], *setting["when"]]


#: By the property that switches it on. Where a cell breaks several, the first is reported.
RULES: dict[str, Rule] = {
    "asText": Rule(_as_text),
    "maxWords": Rule(_max_words),
    "partialDate": Rule(_partial_date, _itself),
    "filledWhen": Rule(_filled_when, list),
    "requiredWhen": Rule(_required_when, list),
    "typedBy": Rule(_typed_by, _itself),
    "acyclic": Rule(_acyclic),
    "within": Rule(_within, _itself),
    "namesDay": Rule(_names_day, list),
    "wholeWhen": Rule(_whole_when, list),
    "listOf": Rule(_list_of, other_columns=("field",)),
    "memberOf": Rule(_member_of, _under("key"), ("field", "list")),
    "idOrName": Rule(_id_or_name, other_columns=("field",)),
    "weekdayOf": Rule(_weekday_of, _itself),
    "atLeast": Rule(_at_least, _itself),
    "saidIn": Rule(_said_in, _itself),
    "phaseOf": Rule(_phase_of, _under("column"), ("field",)),
    "datesEvent": Rule(_dates_event, _of_dates_event, ("field",)),
    "onMap": Rule(_on_map, _under("longitude", "name")),
}
