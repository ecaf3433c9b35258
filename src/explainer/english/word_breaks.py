"""Where words begin and end, as browsers cut them: the default word boundaries of Unicode (UAX #29).

By these, ``Philadelphia’s`` is one word, and ``well-known`` is two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

_BREAK = regex.compile(r"\b", regex.WORD)


@dataclass(frozen=True)
class Cut:
    """A word of a text that a stretch of the text begins or ends inside of.

    Parameters
    ----------
    side : str
        ``prefix`` where the stretch begins inside it, ``suffix`` where it ends inside it.
    word : str
        The whole word.
    rest : str
        What the stretch leaves out of it.
    """

    side: str
    word: str
    rest: str


def is_break(text: str, place: int) -> bool:
    """Return whether no word runs across a place in a text.

    Examples
    --------
    >>> is_break("the mayor’s office", 9), is_break("a well-known man", 6)
    (False, True)
    """
    return place in (0, len(text)) or _BREAK.match(text, place) is not None


def cuts(text: str, start: int, end: int) -> Iterator[Cut]:
    """Yield the words inside of which the stretch ``start:end`` of a text begins and ends."""
    first, last = _word_around(text, start)
    if first < start:
        yield Cut("prefix", text[first:last], text[first:start])
    first, last = _word_around(text, end)
    if end < last:
        yield Cut("suffix", text[first:last], text[end:last])


def _word_around(text: str, place: int) -> tuple[int, int]:
    """Return where the word begins and ends that runs across a place; the place itself at a break."""
    start = end = place
    while not is_break(text, start):
        start -= 1
    while not is_break(text, end):
        end += 1
    return start, end
