"""Numbers that may stand without a table: the rows of ``data/exceptions.csv``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from explainer.system.errors import Fault
from explainer.verify.numbers import tokens


class Exceptions:
    """The exceptions of a story, and which of them were needed.

    Parameters
    ----------
    allowed : iterable of str
        A number with the words around it.
    """

    def __init__(self, allowed: Iterable[str]) -> None:
        self._is_used = dict.fromkeys(allowed, False)

    def allow(self, text: str, token: tokens.Token) -> bool:
        """Return whether an exception's words stand at a number, whole and around the whole of it.

        An exception that is nothing but a number is for a passage that is nothing else, such as a cell.
        """
        for words in self._is_used:
            if any(start <= token.start and token.end <= end for start, end in _places(words, text)):
                self._is_used[words] = True
                return True
        return False

    def unused(self) -> Iterator[Fault]:
        """Yield a fault for each row that no number needed."""
        for words, is_used in self._is_used.items():
            if not is_used:
                yield Fault(
                    "an exception to the number gate is not needed",
                    file="data/exceptions.csv",
                    column="words",
                    value=words,
                    remedy="Delete the row, or write the number with the words beside it",
                )


def _places(words: str, text: str) -> list[tuple[int, int]]:
    if not _has_words_beside(words):
        return [(0, len(text))] if text.strip() == words else []
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w|[.,]\d)", text)]


def _has_words_beside(words: str) -> bool:
    """Return whether an exception has words beside its numbers."""
    rest = words
    for token in reversed(list(tokens.find(words))):
        rest = rest[: token.start] + rest[token.end :]
    return bool(re.search(r"[^\W\d_]{2}", rest))
