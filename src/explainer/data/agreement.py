"""Rules that hold the cells of a row against each other, against another table and against the map.

===================  ===============================================================================
property of a field  rule
===================  ===============================================================================
``daysBetween``      the days from one column to another: ``{"from": .., "to": ..}``
``weekdayOf``        the weekday of the date in another column
``atLeast``          no less than the number in another column
``saidIn``           the day that another column names in words, where it names one
``phaseOf``          before, article or after: how the date in a column lies to one in another table:
                     ``{"column": .., "resource": .., "field": ..}``
``sameAs``           what another table says of the row that a column names:
                     ``{"by": .., "resource": .., "key": .., "field": ..}``
``datesEvent``       printed dates that date the same event agree, and a weekday fits its date:
                     ``{"event": .., "from": .., "relation": .., "when": {..}, "resource": .., "field": ..}``
``onMap``            a latitude that lies, with its longitude, on the map, and in the outline that another
                     column names: ``{"longitude": .., "name": .., "resource": .., "layer": ..}``
===================  ===============================================================================

A rule says nothing about a row in which the cells it compares are blank or at fault themselves.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Protocol

from explainer.data.spelling import is_partial_date
from explainer.data.table import Table
from explainer.english.dates import WEEKDAYS, resolve, spoken
from explainer.system.errors import Fault

_MONTH_AND_DAY = re.compile(r"\b([A-Z][a-z]{2,8})\.? (\d{1,2})\b")
_COUNTED_FROM = re.compile(r"\b(before|after|since|until|from)\b", re.IGNORECASE)
_WEEKDAY = re.compile("|".join(WEEKDAYS), re.IGNORECASE)

Point = tuple[float, float]


class Others(Protocol):
    """What lies around a table."""

    def table(self, name: str) -> Table | None:
        """Return another table; None where it has faults of its own or is not there yet."""

    def outlines(self, name: str, layer: str) -> list[dict[str, Any]] | None:
        """Return a layer of a map as features; None where it has faults of its own."""


def agreement_faults(table: Table, others: Others) -> Iterator[Fault]:
    """Yield each cell of `table` that does not agree with the others it depends on."""
    for field in table.fields:
        for name, rule in RULES.items():
            if field.get(name):
                for row, what, remedy in rule(table, field["name"], field[name], others):
                    value = dict(table.records)[row][field["name"]]
                    where = {"file": table.file, "row": row, "column": field["name"]}
                    yield Fault(what, **where, value=value, remedy=remedy)


#: Row, what is wrong there, and what to do.
Finding = tuple[int, str, str]


def _days_between(table: Table, column: str, rule: dict[str, str], _: Others) -> Iterator[Finding]:
    for row, record in table.records:
        start, end, days = _day(record[rule["from"]]), _day(record[rule["to"]]), record[column]
        if start and end and _is_whole(days) and (end - start).days != int(days):
            what = f"from {start} to {end} it is {(end - start).days} days"
            yield row, what, "Correct the number, or one of the dates."


def _weekday_of(table: Table, column: str, other: str, _: Others) -> Iterator[Finding]:
    for row, record in table.records:
        day = _day(record[other])
        if day and record[column] and record[column] != (right := WEEKDAYS[day.weekday()]):
            yield row, f"{day} is a {right}", f"Correct the weekday, or {other}."


def _at_least(table: Table, column: str, other: str, _: Others) -> Iterator[Finding]:
    for row, record in table.records:
        if (
            _is_whole(record[column])
            and _is_whole(record[other])
            and int(record[column]) < int(record[other])
        ):
            yield row, f"is less than {other}, which is {record[other]}", "Correct one of the two numbers."


def _said_in(table: Table, column: str, other: str, _: Others) -> Iterator[Finding]:
    for row, record in table.records:
        day, words = _day(record[column]), record[other]
        if day is None or _COUNTED_FROM.search(words):
            continue
        remedy = f"Correct the date, or {other}, which says {words!r}."
        if (weekday := _WEEKDAY.search(words)) and weekday[0].title() != (right := WEEKDAYS[day.weekday()]):
            yield row, f"is a {right}, not a {weekday[0].title()}", remedy
        for found in _MONTH_AND_DAY.finditer(words):
            with suppress(Fault):
                if (said := resolve(found[0], day).day) != day:
                    yield row, f"is not {found[0]}, which is {said}", remedy


def _phase_of(table: Table, column: str, rule: dict[str, str], others: Others) -> Iterator[Finding]:
    anchor = _anchor(rule, others)
    for row, record in table.records:
        date, phase = record[rule["column"]], record[column]
        if not (anchor and phase and is_partial_date(date)):
            continue
        # A date that stops at the year or month of the article may lie on either side of it.
        day = anchor.isoformat()[: len(date)]
        right = "before" if date < day else "after" if date > day else "article"
        if phase != right and (right != "article" or len(date) == 10):
            what = f"{date} is {'the day of the article' if right == 'article' else f'{right} it, {anchor}'}"
            yield row, what, f"Write {right}, or correct {rule['column']}."


def _same_as(table: Table, column: str, rule: dict[str, str], others: Others) -> Iterator[Finding]:
    other = others.table(rule["resource"])
    if other is None:
        return
    said = {record[rule["key"]]: record[rule["field"]] for _, record in other.records}
    for row, record in table.records:
        key = record[rule["by"]]
        if key in said and said[key] != record[column]:
            what = f"{rule['resource']} has {said[key]!r} for {key}"
            yield row, what, "Run `explainer run`, or correct the one that is wrong."


def _dates_event(table: Table, column: str, rule: dict[str, Any], others: Others) -> Iterator[Finding]:
    dateline = _anchor(rule, others)
    if dateline is None:
        return
    days = _resolved(table, column, rule, dateline)
    first: dict[str, int] = {}
    records = dict(table.records)
    for row, day in sorted(days.items()):
        words, event = records[row][column], records[row][rule["event"]]
        weekday = _WEEKDAY.search(words)
        if weekday and re.search(r"\d", words) and weekday[0].title() != (right := WEEKDAYS[day.weekday()]):
            yield row, f"{spoken(day)} is a {right}", "Correct the weekday, or the day."
        if not event or records[row][rule["relation"]] == "since":
            continue
        if days[first.setdefault(event, row)] != day:
            other = first[event]
            said = f"{records[other][column]!r} in row {other}"
            what = f"comes to {day}, but {said} dates {event} to {days[other]}"
            yield row, what, "Correct one of the two, or let them date two events."


def _resolved(
    table: Table, column: str, rule: dict[str, Any], dateline: datetime.date
) -> dict[int, datetime.date]:
    """Return the day that each printed date comes to, by row, for those that come to one."""
    ((condition, values),) = rule["when"].items()
    pending = {row: record for row, record in table.records if record[condition] in values}
    key = table.columns[0]
    days: dict[int, datetime.date] = {}
    by_key: dict[str, datetime.date] = {}
    while ready := [
        row for row, record in pending.items() if not (of := record[rule["from"]]) or of in by_key
    ]:
        for row in ready:
            record = pending.pop(row)
            with suppress(Fault):
                anchor = by_key.get(record[rule["from"]], dateline)
                days[row] = resolve(record[column], anchor, record[rule["relation"]] or "on").day
                by_key[record[key]] = days[row]
    return days


def _on_map(table: Table, column: str, rule: dict[str, str], others: Others) -> Iterator[Finding]:
    outlines = others.outlines(rule["resource"], rule["layer"])
    if not outlines:
        return
    rings = [(feature["properties"].get("name"), list(_rings(feature))) for feature in outlines]
    points = [point for _, shape in rings for ring in shape for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)

    def holds(x: float, y: float) -> bool:
        return west <= x <= east and south <= y <= north

    for row, record in table.records:
        try:
            y, x = float(record[column]), float(record[rule["longitude"]])
        except ValueError:
            continue
        at = f"{y}, {x}"
        if not holds(x, y):
            hint = "Latitude and longitude are exchanged. " if holds(y, x) else ""
            hint = hint or ("West of Greenwich a longitude is negative. " if holds(-x, y) else "")
            what = f"{at} is not on the map, which goes from {south:g}, {west:g} to {north:g}, {east:g}"
            yield row, what, f"{hint}Correct the coordinates."
            continue
        name = record.get(rule["name"], "")
        named = [shape for other, shape in rings if other == name]
        if name and named and not any(_inside(x, y, shape) for shape in named):
            there = next((other for other, shape in rings if _inside(x, y, shape)), "outside all outlines")
            yield row, f"{at} is not in {name} but in {there}", f"Correct the coordinates, or {rule['name']}."


def _rings(feature: dict[str, Any]) -> Iterator[list[Point]]:
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def _inside(x: float, y: float, rings: list[list[Point]]) -> bool:
    """Return whether a ray from the point crosses the rings an odd number of times."""
    odd = False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def _anchor(rule: dict[str, Any], others: Others) -> datetime.date | None:
    """Return the first date in a column of another table."""
    other = others.table(rule["resource"])
    days = [_day(cell) for _, cell in other.cells(rule["field"])] if other else []
    return days[0] if days else None


def _day(cell: str) -> datetime.date | None:
    with suppress(ValueError):
        return datetime.date.fromisoformat(cell) if len(cell) == 10 else None
    return None


def _is_whole(cell: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,18}", cell) is not None


RULES: dict[str, Callable[[Table, str, Any, Others], Iterator[Finding]]] = {
    "daysBetween": _days_between,
    "weekdayOf": _weekday_of,
    "atLeast": _at_least,
    "saidIn": _said_in,
    "phaseOf": _phase_of,
    "sameAs": _same_as,
    "datesEvent": _dates_event,
    "onMap": _on_map,
}
