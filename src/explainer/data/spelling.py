"""Dates, numbers and booleans as spreadsheets spell them, and what each spelling can mean.

A spelling with one meaning is accepted, one with two is not: ``7/8/2018`` is the seventh of August or the
eighth of July. The other cells of the column prove nothing, because a spreadsheet swaps day and month where
the result is a date and leaves the other cells unchanged.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from explainer.english.calendar_words import MONTHS

_NAMES = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)
_MONTH = rf"(?P<month>{_NAMES}|sept)\.?"
_TIME = re.compile(
    r"(?:T| +)0{1,2}:00(?::00(?:\.0+)?)?(?:Z| ?AM)?$|(?:T| +)12:00(?::00)? ?AM$", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})[-. ]*{_MONTH}[-, ]*(?P<year>\d{{4}}|\d{{2}})", re.I | re.ASCII)
_MONTH_FIRST = re.compile(rf"{_MONTH}[- ]*(?P<day>\d{{1,2}})[-, ]+(?P<year>\d{{4}}|\d{{2}})", re.I | re.ASCII)

_GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[,. ])\d{3})(?:(?P=mark)\d{3})*(?:(?P<point>[.,])\d+)?", re.ASCII)
_DECIMAL = re.compile(r"\d+[.,]\d+", re.ASCII)
_MINUS = str.maketrans("−–‑", "---")

#: The one spelling of each type, with no more digits than a 64-bit integer has.
PLAIN = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "partial date": re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"),
    "integer": re.compile(r"-?[0-9]{1,18}"),
    "number": re.compile(r"-?[0-9]{1,18}(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?"),
    "boolean": re.compile(r"true|false"),
}

_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass(frozen=True)
class Reading:
    """A possible meaning of a cell: the value in its one spelling, and how the cell spells it."""

    value: str
    how: str


def clean(cell: str) -> str:
    """Return text with invisible characters, spaces, split accents and line ends normalized."""
    text = _INVISIBLE.sub("", _SPACES.sub(" ", cell.replace("\r\n", "\n").replace("\r", "\n")))
    return unicodedata.normalize("NFC", text).strip()


def is_plain(field: dict[str, Any], cell: str) -> bool:
    """Return whether a cell is in the one spelling of its type; its value may still be wrong."""
    allowed = field.get("constraints", {}).get("enum")
    if allowed is not None:
        return cell in map(str, allowed)
    if plain := PLAIN.get(kind_of(field)):
        return plain.fullmatch(cell) is not None
    return clean(cell) == cell


def is_partial_date(cell: str) -> bool:
    """Return whether a cell is an existing date, which may be only a year or a month."""
    if not PLAIN["partial date"].fullmatch(cell):
        return False
    try:
        datetime.date(*[*map(int, cell.split("-")), 1, 1][:3])
    except ValueError:
        return False
    return True


def readings(field: dict[str, Any], cell: str) -> list[Reading]:
    """Return the possible meanings of a cell within the limits of its column.

    Parameters
    ----------
    field : dict
        The column's description in the data package.
    cell : str
        The cell, already `clean`.
    """
    by_value: dict[str, Reading] = {}
    for reading in _READERS.get(kind_of(field), _names)(cell, field):
        by_value.setdefault(reading.value, reading)
    return [reading for reading in by_value.values() if _fits(reading.value, field)]


def kind_of(field: dict[str, Any]) -> str:
    """Return the type of a column, ``partial date`` for dates that may be only a month or year."""
    return "partial date" if field.get("partialDate") else field["type"]


def day_readings(cell: str) -> Iterator[Reading]:
    """Yield each day that `cell` can mean; a two-digit year is in either of two centuries."""
    text = _TIME.sub("", cell.translate(_MINUS))
    if match := _YEAR_FIRST.fullmatch(text):
        if match[2] or len(text) == 8:
            yield from _days(match[1], match[3], match[4], "year first")
    elif match := _YEAR_LAST.fullmatch(text):
        yield from _days(match[4], match[1], match[3], "month first")
        yield from _days(match[4], match[3], match[1], "day first")
    elif match := _DAY_FIRST.fullmatch(text) or _MONTH_FIRST.fullmatch(text):
        month = next(n for n, name in enumerate(MONTHS, start=1) if name[:3] == match["month"][:3].title())
        yield from _days(match["year"], str(month), match["day"], "a month by its name")


def _days(year: str, month: str, day: str, how: str) -> Iterator[Reading]:
    for whole in (year,) if len(year) == 4 else (f"20{year}", f"19{year}"):
        try:
            yield Reading(datetime.date(int(whole), int(month), int(day)).isoformat(), how)
        except ValueError:
            continue


def _partial_dates(cell: str, field: dict[str, Any]) -> Iterator[Reading]:
    yield from day_readings(cell)
    match = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})", cell.translate(_MINUS))
    if match and 1 <= int(match[2]) <= 12:
        yield Reading(f"{match[1]}-{int(match[2]):02}", "year first")


def _numbers(cell: str, field: dict[str, Any]) -> Iterator[Reading]:
    text = cell.translate(_MINUS)
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-" if sign else "+").strip()
    whole = field["type"] == "integer"
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped["point"] != grouped["mark"]:
        digits = text.replace(grouped["mark"], "").replace(",", ".")
        yield from _number(sign + digits, "thousands set apart", whole)
    if _DECIMAL.fullmatch(text):
        how = "a comma for the decimal point" if "," in text else "decimals"
        yield from _number(sign + text.replace(",", "."), how, whole)
    if re.fullmatch(r"[0-9]+", text):
        yield from _number(sign + text, "a sign that is not a hyphen" if sign else "a sign", whole)


def _number(text: str, how: str, whole: bool) -> Iterator[Reading]:
    value = Decimal(text)
    if not whole:
        yield Reading(text, how)
    elif value == value.to_integral_value():
        yield Reading(f"{value:.0f}", how)


def _booleans(cell: str, field: dict[str, Any]) -> Iterator[Reading]:
    if cell.lower() in ("true", "false"):
        yield Reading(cell.lower(), "capital letters")


def _names(cell: str, field: dict[str, Any]) -> Iterator[Reading]:
    for allowed in field.get("constraints", {}).get("enum", ()):
        if cell.casefold() == str(allowed).casefold():
            yield Reading(str(allowed), "other capital letters")


_READERS: dict[str, Callable[[str, dict[str, Any]], Iterator[Reading]]] = {
    "date": lambda cell, field: day_readings(cell),
    "partial date": _partial_dates,
    "integer": _numbers,
    "number": _numbers,
    "boolean": _booleans,
}


def _fits(value: str, field: dict[str, Any]) -> bool:
    """Return whether a number is within the limits of its column: 39,987 is not a latitude, 39.987 is."""
    if field["type"] not in ("integer", "number"):
        return True
    limits = field.get("constraints", {})
    low, high = limits.get("minimum"), limits.get("maximum")
    number = Decimal(value)
    return (low is None or number >= Decimal(str(low))) and (high is None or number <= Decimal(str(high)))
