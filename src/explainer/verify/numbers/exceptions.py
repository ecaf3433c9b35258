"""Numbers that may stand without a table: the rows of ``data/exceptions.csv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from explainer.system.errors import Fault
from explainer.verify.numbers import tokens


@dataclass(frozen=True)
class Allowance:
    """Words that may hold a number which no table gives, and why.

    Parameters
    ----------
    words : str
        The number with the words around it.
    reason : str
        Why it may stand there.
    """

    words: str
    reason: str


class Exceptions:
    """The allowances of a story, and which of them were needed.

    Parameters
    ----------
    allowances : iterable of Allowance
        The rows.
    """

    def __init__(self, allowances: Iterable[Allowance]) -> None:
        self._allowances = tuple(allowances)
        self._used: set[str] = set()

    def allow(self, text: str, token: tokens.Token) -> bool:
        """Return whether an exception's words stand at a number, whole and around the whole of it.

        An exception that is nothing but a number is for a passage that is nothing else, such as a cell.
        """
        for allowance in self._allowances:
            spans = _places(allowance.words, text)
            if any(start <= token.start and token.end <= end for start, end in spans):
                self._used.add(allowance.words)
                return True
        return False

    def unused(self) -> Iterator[Fault]:
        """Yield a fault for each row that no number needed."""
        for allowance in self._allowances:
            if allowance.words not in self._used:
                yield Fault(
                    "an exception to the number gate is not needed",
                    file="data/exceptions.csv",
                    column="words",
                    value=allowance.words,
                    remedy="Delete the row, or write the number with the words beside it",
                )


def _places(words: str, text: str) -> list[tuple[int, int]]:
    if not _has_words_beside(words):
        return [(0, len(text))] if text.strip() == words else []
    found = re.finditer(rf"(?<!\w){re.escape(words)}(?!\w|[.,]\d)", text)
    return [match.span() for match in found]


def _has_words_beside(words: str) -> bool:
    """Return whether an exception has words beside its numbers."""
    rest = words
    for token in reversed(list(tokens.find(words))):
        rest = rest[: token.start] + rest[token.end :]
    return bool(re.search(r"[^\W\d_]{2}", rest))
