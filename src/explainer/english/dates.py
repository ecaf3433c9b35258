"""Dates as an article prints them, resolved to days of the calendar.

`dateutil` parses the words; the rules for what they leave out are here:

* a date without a year is the one nearest to the anchor;
* a weekday is the last such day on or before the anchor, the anchor itself included; ``last`` leaves the
  anchor out, and ``next``, or a fact sheet that says ``coming``, takes the first such day after it;
* ``yesterday``, ``today`` and ``tomorrow`` are counted from the anchor;
* an interval ("25 days after") is counted from its anchor in the direction the fact sheet gives.

The anchor is the article's dateline unless the fact sheet names another fact.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil import parser as dateutil_parser
from dateutil.relativedelta import relativedelta

from explainer.english.calendar_words import PARTS_OF_DAY, WEEKDAYS
from explainer.english.numbers import NUMBER, value_of
from explainer.system.errors import Fault

#: Words for a day as seen from the anchor, and how far off it is.
NEARBY = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
NEARBY |= {f"this {part}": 0 for part in PARTS_OF_DAY}
_INTERVAL = re.compile(rf"(?P<number>{NUMBER}|\ban?)[ -](?P<unit>day|week|month|year)s?\b", re.IGNORECASE)
_UNITS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}
# Larger intervals lie outside the calendar.
_MOST_UNITS = 5000


@dataclass(frozen=True)
class Resolved:
    """The day that a printed date stands for.

    Parameters
    ----------
    day : date
        The day of the calendar.
    precision : str
        ``day``, or the part of the day that is printed (``afternoon``).
    derivation : str
        How the day was derived, as a phrase; ``as printed`` if the date is complete.
    """

    day: date
    precision: str
    derivation: str

    @property
    def as_printed(self) -> bool:
        """Whether the article prints the complete date."""
        return self.derivation == "as printed"


def spoken(day: date) -> str:
    """Return a day as written in prose, such as ``July 27, 2018``."""
    return f"{calendar.month_name[day.month]} {day.day}, {day.year}"


def resolve(printed: str, anchor: date, relation: str = "on") -> Resolved:
    """Resolve a printed date against its anchor.

    Parameters
    ----------
    printed : str
        The token as printed: ``July 27, 2018``, ``August 31``, ``Friday afternoon``, ``25 days after``.
    anchor : date
        The dateline, or the day of the fact that the token is counted from.
    relation : str
        How the event relates to the token: ``on`` or ``since``; ``coming`` for a weekday that lies ahead;
        ``before`` or ``after`` for intervals.

    Raises
    ------
    Fault
        If the token names no day, or a day that does not exist.

    Examples
    --------
    >>> resolve("Friday", date(2018, 7, 29)).day
    datetime.date(2018, 7, 27)
    """
    words = printed.strip()
    precision = next((part for part in PARTS_OF_DAY if part in words.lower()), "day")
    interval = _INTERVAL.search(words)
    if interval:
        return _from_interval(interval, words, anchor, relation)
    if re.search(r"\d", words):
        return _from_calendar(words, anchor, precision)
    if nearby := next((word for word in NEARBY if re.search(rf"\b{word}\b", words, re.IGNORECASE)), None):
        return _from_nearby(nearby, anchor, "night" if nearby == "tonight" else precision)
    if weekday := next((name for name in WEEKDAYS if name.lower() in words.lower()), None):
        return _from_weekday(weekday, words, anchor, relation, precision)
    return _from_calendar(words, anchor, precision)


def _from_nearby(word: str, anchor: date, precision: str) -> Resolved:
    days = NEARBY[word]
    derivation = {
        0: f"{spoken(anchor)} itself",
        1: f"the day after {spoken(anchor)}",
        -1: f"the day before {spoken(anchor)}",
    }
    return Resolved(anchor + timedelta(days=days), precision, derivation[days])


def _from_weekday(weekday: str, words: str, anchor: date, relation: str, precision: str) -> Resolved:
    back = (anchor.weekday() - WEEKDAYS.index(weekday)) % 7
    if relation == "coming" or re.match(r"next\b", words, re.IGNORECASE):
        day = anchor + timedelta(days=7 - back)
        return Resolved(day, precision, f"the first {weekday} after {spoken(anchor)}")
    if re.match(r"last\b", words, re.IGNORECASE):
        day = anchor - timedelta(days=back or 7)
        return Resolved(day, precision, f"the last {weekday} before {spoken(anchor)}")
    return Resolved(anchor - timedelta(days=back), precision, f"the last {weekday} up to {spoken(anchor)}")


def _from_interval(interval: re.Match[str], words: str, anchor: date, relation: str) -> Resolved:
    if relation not in ("before", "after"):
        raise Fault(
            "an interval needs a direction",
            column="relation",
            value=relation,
            remedy="Write before or after: how the event stands to the day it is counted from",
        )
    unit = interval["unit"].lower()
    value = value_of(interval["number"])
    number = int(value)
    if value != number or number > _MOST_UNITS:
        raise _no_date(words)
    step = _UNITS[unit] * number
    try:
        day = anchor - step if relation == "before" else anchor + step
    except (ValueError, OverflowError) as fault:
        raise _no_date(words) from fault
    plural = "" if number == 1 else "s"
    return Resolved(day, "day", f"{number} {unit}{plural} {relation} {spoken(anchor)}")


def _no_date(words: str) -> Fault:
    return Fault(
        "this is not a date that can be resolved",
        column="as_printed",
        value=words,
        remedy="Write the date as the article prints it, such as July 18, Friday or 25 days after",
    )


def _from_calendar(words: str, anchor: date, precision: str) -> Resolved:
    try:
        first, second = _parsed(words)
    except (ValueError, OverflowError) as fault:
        raise _no_date(words) from fault
    if (first.month, first.day) != (second.month, second.day):
        raise Fault(
            "this names no single day",
            column="as_printed",
            value=words,
            remedy="Give the fact a kind other than date, or print the day",
        )
    if first.year == second.year:
        return Resolved(first.date(), precision, "as printed")
    # Eight years either way: the longest gap between two February 29ths.
    years = range(max(anchor.year - 8, 1), min(anchor.year + 8, 9999) + 1)
    options = [date(year, first.month, first.day) for year in years
               if first.day <= calendar.monthrange(year, first.month)[1]]  # fmt: skip
    day = min(options, key=lambda option: abs(option - anchor))
    return Resolved(day, precision, f"the {words} nearest to {spoken(anchor)}")


@lru_cache(maxsize=4096)  # an article names the same days again and again
def _parsed(words: str) -> tuple[datetime, datetime]:
    """Return a date with two defaults that differ throughout, which shows what the words leave out."""
    # "Wednesday morning, March 18"
    dated = re.sub(rf" (?:{'|'.join(PARTS_OF_DAY)})\b", "", words, flags=re.IGNORECASE)
    first, second = (
        dateutil_parser.parse(dated, default=base, fuzzy=False)
        for base in (datetime(2000, 1, 1), datetime(2004, 2, 2))
    )
    return first, second
