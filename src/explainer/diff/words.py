"""Which words of a text changed, and which texts of two lists belong together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeVar

T = TypeVar("T")
Kind = Literal["same", "removed", "added"]
WORD = re.compile(r"\s+|\w+(?:[.,’'-]\w+)*|[^\w\s]")
#: From how much in common two texts are taken for versions of one.
ALIKE = 0.4
#: Beyond so many pairs, texts that were replaced are only taken in turn.
MANY = 4000


def marks(was: str, now: str) -> list[tuple[Kind, str]]:
    """Return both texts as one: what is the same, what was removed and what was added, in order.

    A gap of white space between two changed words is changed with them, so that a phrase is marked as one.
    """
    before, after = WORD.findall(was), WORD.findall(now)
    found: list[tuple[Kind, str]] = []
    removed, added = "", ""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        same = "".join(before[i1:i2])
        if kind == "equal" and (same.strip() or not (removed or added)):
            found += [("removed", removed)] if removed else []
            found += [("added", added)] if added else []
            found.append(("same", same))
            removed, added = "", ""
        else:
            removed += same
            added += "".join(after[j1:j2])
    found += [("removed", removed)] if removed else []
    found += [("added", added)] if added else []
    return found


def likeness(was: str, now: str) -> float:
    """Return how much two texts have in common, from 0 to 1, by words."""
    before = [word.lower() for word in WORD.findall(was) if not word.isspace()]
    after = [word.lower() for word in WORD.findall(now) if not word.isspace()]
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


def align(
    was: Sequence[T], now: Sequence[T], text: Callable[[T], str]
) -> Iterator[tuple[T | None, T | None]]:
    """Yield what differs between two lists of texts: pairs that are versions of one, and what has no pair.

    Parameters
    ----------
    was, now : sequence
        The lists.
    text : callable
        Gives the text of an entry.
    """
    matcher = SequenceMatcher(None, list(map(text, was)), list(map(text, now)), autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            yield from _pairs(was[i1:i2], now[j1:j2], text)


def _pairs(
    was: Sequence[T], now: Sequence[T], text: Callable[[T], str]
) -> Iterator[tuple[T | None, T | None]]:
    start = 0
    for one in was:
        ahead = (
            range(start, len(now)) if len(was) * len(now) <= MANY else range(start, min(start + 1, len(now)))
        )
        best = max(ahead, key=lambda at: likeness(text(one), text(now[at])), default=None)
        if best is None or likeness(text(one), text(now[best])) < ALIKE:
            yield one, None
            continue
        yield from ((None, other) for other in now[start:best])
        yield one, now[best]
        start = best + 1
    yield from ((None, other) for other in now[start:])
