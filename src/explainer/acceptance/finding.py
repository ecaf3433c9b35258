"""What was found of one promise: it holds, it fails, or it was not checked, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

#: Details of one finding that are printed.
MOST_DETAILS = 5
#: Characters of a detail that are printed.
LONGEST = 200


class Outcome(StrEnum):
    """Whether a promise holds."""

    HOLDS = "holds"
    FAILS = "FAILS"
    UNCHECKED = "not checked"


@dataclass(frozen=True)
class Finding:
    """One promise and what became of it.

    Parameters
    ----------
    outcome : Outcome
        Whether it holds.
    text : str
        What holds or fails, or why it was not checked; one line.
    details : tuple of str
        What is wrong, one place each.
    """

    outcome: Outcome
    text: str
    details: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Return it as lines for a terminal, with the first of its details."""
        more = len(self.details) - MOST_DETAILS
        shown = [*self.details[:MOST_DETAILS], *([f"and {more:,} more"] if more > 0 else [])]
        return [f"  {self.outcome:<11}  {self.text}", *(f"{'':15}{_shortened(detail)}" for detail in shown)]


def held(text: str, wrong: Iterable[str]) -> Finding:
    """Return that a promise holds, or fails where anything is wrong."""
    details = tuple(wrong)
    return Finding(Outcome.FAILS if details else Outcome.HOLDS, text, details)


def unchecked(text: str) -> Finding:
    """Return that a promise was not checked, and why."""
    return Finding(Outcome.UNCHECKED, text)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
