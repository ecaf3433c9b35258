"""One thing that a rule found in an article: where it stands, what it is, what it comes to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

#: Stands for the dateline where a place in a block is asked for.
DATELINE = -1


@dataclass(frozen=True)
class Candidate:
    """A stretch of a block of text that one rule proposes as a fact.

    Parameters
    ----------
    start, end : int
        The token as printed: ``block[start:end]``.
    kind : str
        A kind of the fact sheet.
    printed : str
        The token.
    rule : str
        Which rule found it, as a phrase for an editor.
    value : str
        What it comes to: a day, month or year, a plain number, an ISO week; blank where it gives none.
    unit : str
        What is counted.
    relation : str
        How a date or an interval stands to its event, as in the fact sheet.
    says : str
        How the value was found, or a doubt, as a phrase.
    reach : tuple of int, optional
        Start and end of the words that may be quoted with it, such as ``about 1,200 customers``.
    key : str
        What two candidates of one thing share; blank where candidates are not joined.
    name : str
        The name in full, for people and organizations.
    weak : bool
        Whether the rule guesses.
    anchor : int, optional
        What an interval is counted from: where a day stands in the block, or `DATELINE`.
    """

    start: int
    end: int
    kind: str
    printed: str
    rule: str
    value: str = ""
    unit: str = ""
    relation: str = ""
    says: str = ""
    reach: tuple[int, int] | None = None
    key: str = ""
    name: str = ""
    weak: bool = False
    anchor: int | None = None


@dataclass(frozen=True)
class Skipped:
    """A number or a name that is seen and not proposed, with the reason.

    Parameters
    ----------
    start, end : int
        ``block[start:end]``.
    printed : str
        The words.
    reason : str
        Why, as a phrase for an editor.
    """

    start: int
    end: int
    printed: str
    reason: str


def without_overlaps(found: Iterable[Candidate | Skipped]) -> list[Candidate | Skipped]:
    """Return `found` without what overlaps something that comes earlier in it, in the order of the text."""
    kept: list[Candidate | Skipped] = []
    for item in found:
        # Kept items do not overlap each other, so only the neighbours by place can be in the way.
        place = bisect_left(kept, item.start, key=lambda other: other.start)
        before = place and kept[place - 1].end > item.start
        after = place < len(kept) and kept[place].start < item.end
        if not before and not after:
            kept.insert(place, item)
    return kept
