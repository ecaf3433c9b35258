"""Numbers in a text, however they are written: figures, words, dates, weekdays and months."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from num2words import num2words

MOST_IN_WORDS = 100
LARGE = ("hundred", "thousand", "million", "billion", "dozen")


@dataclass(frozen=True)
class Token:
    """One number as it stands in a text.

    Parameters
    ----------
    text : str
        As printed.
    key : str
        What it says, the same for every way of writing it: ``29`` for *29* and *twenty-nine*,
        ``July`` for *Jul*.
    start : int
        Where it begins in its text.
    """

    text: str
    key: str
    start: int


@cache
def _named() -> dict[str, str]:
    """Return the key of every number word, weekday and month; capitals count only for the last two."""
    names = {num2words(number): str(number) for number in range(MOST_IN_WORDS + 1)}
    names |= {word: word for word in LARGE}
    for full, short in zip(calendar.day_name, calendar.day_abbr, strict=True):
        names |= {full: full, f"{full}s": full, short: full}
    for full, short in zip(calendar.month_name, calendar.month_abbr, strict=True):
        if full:
            names |= {full: full, short: full}
    return names | {"Sept": "September"}


@cache
def _pattern() -> re.Pattern[str]:
    capital, other = [], []
    for name in sorted(_named(), key=len, reverse=True):
        (capital if name[0].isupper() else other).append(re.escape(name).replace(r"\-", "[-\u2011]"))
    figures = r"\d{4}-\d{2}-\d{2}(?!\d)|\d{1,2}:\d{2}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    return re.compile(
        rf"(?<![\w.,/-])(?P<figures>{figures})(?:st|nd|rd|th|s)?(?![\w/]|[.,]\d)"
        rf"|(?<![\w-])(?P<capital>{'|'.join(capital)})(?![\w-])"
        rf"|(?<![\w-])(?P<other>(?i:{'|'.join(other)}))(?![\w-])"
    )


def find(text: str) -> Iterator[Token]:
    """Yield every number of `text` in order."""
    for match in _pattern().finditer(text):
        if match["figures"]:
            key = match["figures"].replace(",", "")
            if re.fullmatch(r"\d+\.\d+", key):
                key = key.rstrip("0").rstrip(".")
        else:
            word = match[0].replace("\u2011", "-")
            key = _named().get(word) or _named()[word.lower()]
        yield Token(match[0], key, match.start())


def keys(text: str) -> set[str]:
    """Return the keys of all numbers in `text`, an ISO date also by its parts."""
    found: set[str] = set()
    for token in find(text):
        found.add(token.key)
        found |= parts_of_date(token.key)
    return found


def parts_of_date(key: str) -> set[str]:
    """Return the ways in which prose may name a day: year, month, day and weekday."""
    try:
        day = date.fromisoformat(key)
    except ValueError:
        return set()
    names = {calendar.month_name[day.month], calendar.day_name[day.weekday()]}
    return names | {str(day.year), str(day.day)}
