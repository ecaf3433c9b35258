"""The shortest selector that finds some words of a block and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from explainer.data.damage import looks_rewritten
from explainer.english.typeset import Folded
from explainer.english.word_breaks import is_break
from explainer.evidence.selectors import MOST_WORDS, Selector

# A spreadsheet reads a cell that begins so as a formula.
_FORMULA = tuple("=+-@")
#: How many characters before the words are searched for neighbors.
_REACH = 400
#: How many selectors are tried for one that is unique in the whole article.
_TRIES = 8
_WORD = re.compile(r"\S+")
_POSSESSIVE = re.compile(r"['’]\w")


class Block:
    """A block of text in which words are selected.

    Parameters
    ----------
    text : str
        The block.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> Folded:
        """The block as an audit compares it, whatever its quotes and dashes."""
        return Folded(self.text)

    def select(
        self, start: int, end: int, reach: tuple[int, int] | None = None, whole: str = ""
    ) -> Selector | None:
        """Return a selector of the words at ``start:end``.

        Parameters
        ----------
        start, end : int
            The words.
        reach : tuple of int, optional
            A wider range, which is tried first.
        whole : str
            The whole article, in which the selector should also be unique, if six words are enough.

        Returns
        -------
        Selector or None
            The shortest that occurs exactly once in the block, with up to six words on either side. None if
            neighbors do not help, as where a line is repeated.
        """
        ranges = [reach] if reach and reach != (start, end) else []
        # One word more helps where a neighbor may not stand in a cell alone, such as the dash of a dateline.
        ranges += [(start, end), *self._one_word_more(start, end)]
        return next((one for range_ in ranges if (one := self._shortest(*range_, whole))), None)

    def _one_word_more(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the words at ``start:end`` with the word before them, and with the word after them."""
        before = [word.start() for word in _WORD.finditer(self.text, max(0, start - _REACH), start)]
        if before:
            yield before[-1], end
        if after := _WORD.search(self.text, end):
            yield start, after.end()

    def _shortest(self, start: int, end: int, whole: str) -> Selector | None:
        best, tries = None, 0
        for selector in self._candidates(start, end):
            if best:
                tries += 1
                if _length(selector) > MOST_WORDS or tries > _TRIES:
                    break
            if self._finds(selector, start, end):
                best = best or selector
                if selector.count(whole) <= 1:
                    return selector
        return best

    def _candidates(self, start: int, end: int) -> Iterator[Selector]:
        """Yield selectors of the words at ``start:end``, those with the fewest neighbors first."""
        exact = self.text[start:end]
        words = len(exact.split())
        if not 0 < words <= MOST_WORDS or _is_mistaken(exact):
            return
        before = [word.start() for word in _WORD.finditer(self.text, max(0, start - _REACH), start)]
        if start > _REACH:
            before = before[1:]  # it may be the end of a word that begins farther back
        before = before[-MOST_WORDS:]
        after = [word.end() for word in islice(_WORD.finditer(self.text, end), MOST_WORDS)]
        # "Harbor Board's" is one word to browsers, which find its beginning only with the rest as suffix.
        least = 1 if _POSSESSIVE.match(self.text, end) else 0
        pairs = [(left, right) for left in range(len(before) + 1) for right in range(least, len(after) + 1)]
        pairs.sort(key=lambda pair: (pair[0] + pair[1], pair[0]))
        selectors = [
            Selector(
                exact,
                self.text[before[-left] : start].strip() if left else "",
                self.text[end : after[right - 1]].strip() if right else "",
            )
            for left, right in pairs
        ]
        # If all neighbors together are not enough, fewer are not.
        if selectors[-1].count(self.text) == 1:
            yield from (
                selector
                for selector in selectors
                if not _is_mistaken(selector.prefix) and not _is_mistaken(selector.suffix)
            )

    def _finds(self, selector: Selector, start: int, end: int) -> bool:
        """Return whether a selector finds only the words at ``start:end``, in the text as set and folded."""
        if selector.count(self.text) != 1:
            return False
        # The audit also counts overlaps: "1 1" occurs twice in "1 1 1".
        hits = self.folded.find(selector.exact, selector.prefix, selector.suffix)
        if len(hits) != 1 or (hits[0].start, hits[0].end) != (start, end):
            return False
        # A browser finds whole words only.
        return is_break(self.text, hits[0].outer_start) and is_break(self.text, hits[0].outer_end)


def _is_mistaken(cell: str) -> bool:
    """Return whether a spreadsheet takes a cell for a formula or a date."""
    return cell.startswith(_FORMULA) or looks_rewritten(cell)


def _length(selector: Selector) -> int:
    return sum(len(part.split()) for part in (selector.prefix, selector.exact, selector.suffix))
