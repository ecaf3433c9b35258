"""Which words of a text changed, and which texts of two lists belong together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeVar

T = TypeVar("T")
#: A piece of text and what became of it.
Mark = tuple[Literal["same", "removed", "added"], str]
WORD = re.compile(r"\s+|\w+(?:[.,’'-]\w+)*|[^\w\s]")
#: Texts at least this much alike, from 0 to 1, count as versions of each other.
ALIKE = 0.4
#: Beyond so many pairs, replaced texts are paired in order instead of by likeness.
MOST_PAIRS = 4000


def marks(was: str, now: str) -> list[Mark]:
    """Return both texts as one: what is the same, what was removed and what was added, in order.

    A gap of white space between two changed words is changed with them, so that a phrase is marked as one.
    """
    before, after = WORD.findall(was), WORD.findall(now)
    pieces: list[Mark] = []
    removed, added = "", ""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in [*matcher.get_opcodes(), ("equal", len(before), None, len(after), None)]:
        same = "".join(before[i1:i2])
        if kind != "equal" or (removed + added and same.isspace()):
            removed += same
            added += "".join(after[j1:j2])
            continue
        pieces += [("removed", removed), ("added", added), ("same", same)]
        removed, added = "", ""
    return [(kind, text) for kind, text in pieces if text]


def likeness(was: str, now: str) -> float:
    """Return how alike two texts are, word by word, from 0 to 1."""
    before = [word.lower() for word in WORD.findall(was) if not word.isspace()]
    after = [word.lower() for word in WORD.findall(now) if not word.isspace()]
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def align(
    was: Sequence[T], now: Sequence[T], text: Callable[[T], str]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield what differs between two lists of texts: versions of one text in pairs, the others alone.

    Parameters
    ----------
    was, now : sequence
        The lists.
    text : callable
        Returns the text of an entry.
    """
    matcher = SequenceMatcher(None, list(map(text, was)), list(map(text, now)), autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            yield from _pairs(was[i1:i2], now[j1:j2], text)


def _pairs(
    was: Sequence[T], now: Sequence[T], text: Callable[[T], str]
) -> Iterator[tuple[T | None, T | None]]:
    start = 0
    reach = len(now) if len(was) * len(now) <= MOST_PAIRS else 1
    for before in was:
        likenesses = [likeness(text(before), text(after)) for after in now[start : start + reach]]
        best = max(likenesses, default=0.0)
        if best < ALIKE:
            yield before, None
            continue
        end = start + likenesses.index(best)
        yield from ((None, after) for after in now[start:end])
        yield before, now[end]
        start = end + 1
    yield from ((None, after) for after in now[start:])
