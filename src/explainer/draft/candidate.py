"""What rules propose from an article, or skip with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from explainer.english.ranges import DisjointRanges

#: Kinds of which a name is a fact.
NAMED = ("person", "organization", "place", "facility", "system", "agreement")
#: In place of a position in a block: the dateline.
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
        Which rule proposes it, as a phrase for an editor.
    value : str
        Its value: a day, month or year, a plain number, an ISO week; blank where there is none.
    unit : str
        What is counted.
    relation : str
        How a date or an interval stands to its event, as in the fact sheet.
    says : str
        How the value was derived, or a doubt, as a phrase.
    reach : tuple of int, optional
        Range of the words that may be quoted with it, such as ``about 1,200 customers``.
    key : str
        The same for all candidates that mean one thing; blank where candidates are not joined.
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
    """A number or a name that is not proposed, with the reason.

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


def without_overlaps(items: Iterable[Candidate | Skipped]) -> list[Candidate | Skipped]:
    """Return `items` without those that overlap an earlier one, in the order of the text."""
    taken = DisjointRanges()
    chosen = [item for item in items if taken.add((item.start, item.end))]
    return sorted(chosen, key=lambda item: item.start)
