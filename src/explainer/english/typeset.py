"""Text without what a typesetter chooses: quotes, dashes, case, white space, ligatures, hidden characters.

Two copies of one text, one pasted from a page and one saved by a program, are equal once folded. Letters and
digits are kept: a different digit, or a number that only contains the wanted one, never matches.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from explainer.english.numbers import NUMBER_WORDS

QUOTES = '‘’‚‛“”„‟«»‹›′″`´ʼ＇＂"'
DASHES = "‐‑‒–—―−﹘﹣－"
_PLAIN = {ord(char): "'" for char in QUOTES} | {ord(char): "-" for char in DASHES}

# What may differ in number or be set apart by white space is left out, in this order.
_SURPLUS = (
    re.compile(r"(?<=\.) (?=\.)"),
    re.compile(r" +(?=-|\.\.\.)|(?<=-)[ -]+|(?<=\.\.\.) +|(?<= ) +|(?<=')'+"),
)
_WORDS = re.compile(r"\d+(?:[.,]\d+)*|\w+")
_WORD = re.compile(r"\w")
_WHOLE_WORD = re.compile(r"\w+")

_LAST_WORD = re.compile(r"([a-z]+)(?:-| (?:and )?)$")
_NEXT_WORD = re.compile(r"(?:-| (?:and )?)([a-z]+)")


@dataclass(frozen=True)
class Hit:
    """Where wanted words stand: the words alone, and together with the neighbours asked for.

    Parameters
    ----------
    start, end : int
        The words, as a range of the original text.
    outer_start, outer_end : int
        The words and their neighbours.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int


class Folded:
    """A text and its folded form, with the way back.

    Parameters
    ----------
    original : str
        The text as it is set.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        chars: list[tuple[str, int, int]] = []
        for start, end in _clusters(original):
            chars += [(char, start, end) for char in _fold(original[start:end])]
        for pattern in _SURPLUS:
            whole = "".join(char for char, _, _ in chars)
            for surplus in reversed(list(pattern.finditer(whole))):
                del chars[surplus.start() : surplus.end()]
        #: The folded text.
        self.text = "".join(char for char, _, _ in chars)
        self._starts = [start for _, start, _ in chars]
        self._ends = [end for _, _, end in chars]

    @cached_property
    def bare(self) -> str:
        """Letters and digits only, for comparing openings whatever stands between the words."""
        return "".join(_WORD.findall(self.text))

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return a range of the folded text as one of the original."""
        return self._starts[start], self._ends[end - 1]

    def words(self) -> Iterator[tuple[str, int, int]]:
        """Yield each folded word with its range of the original text."""
        for found in _WORDS.finditer(self.text):
            yield found[0], *self.range(*found.span())

    def find(
        self, exact: str, prefix: str = "", suffix: str = "", *, glued: Collection[str] = ()
    ) -> list[Hit]:
        """Return where the words stand between these neighbours.

        Parameters
        ----------
        exact : str
            The words.
        prefix, suffix : str
            What stands just before and after, where that matters.
        glued : collection of str
            Folded words of which the wanted ones may be a part, because the copy has run two words together.
        """
        parts = [_fold_whole(part) for part in (prefix, exact, suffix)]
        if not parts[1]:
            return []
        before, wanted, after = (_pattern(part) for part in parts)
        pattern = (f"({before}) ?" if before else "()") + f"({wanted})" + (f" ?({after})" if after else "()")
        whole = " ".join(part for part in parts if part)
        hits = []
        # A lookahead, so that occurrences that overlap are all counted.
        for found in re.finditer(f"(?={pattern})", self.text):
            outer = (found.start(1 if parts[0] else 2), found.end(3 if parts[2] else 2))
            if self._stands_alone(*outer, whole, glued):
                hits.append(Hit(*self.range(*found.span(2)), *self.range(*outer)))
        return hits

    def _stands_alone(self, start: int, end: int, wanted: str, glued: Collection[str]) -> bool:
        """Return whether a range is made of whole words and whole numbers."""
        starts_word = wanted[0].isalnum() and start > 0 and self.text[start - 1].isalnum()
        ends_word = wanted[-1].isalnum() and self.text[end : end + 1].isalnum()
        if (starts_word and not self._glued(start, glued)) or (ends_word and not self._glued(end, glued)):
            return False
        in_figures = self._is_part_of_figures(start, end, wanted)
        return not (in_figures or self._is_part_of_words(start, end, wanted))

    def _is_part_of_figures(self, start: int, end: int, wanted: str) -> bool:
        """Return whether a range begins or ends within a number such as 1,200."""
        before, after = self.text[max(0, start - 2) : start], self.text[end : end + 2]
        return bool(
            (wanted[0].isdigit() and re.search(r"\d[.,]$", before))
            or (wanted[-1].isdigit() and re.match(r"[.,]\d", after))
        )

    def _is_part_of_words(self, start: int, end: int, wanted: str) -> bool:
        """Return whether a range begins or ends within a number such as twenty-two."""
        first, last = re.match(r"[a-z]+", wanted), re.search(r"[a-z]+$", wanted)
        before = _LAST_WORD.search(self.text[max(0, start - 30) : start])
        after = _NEXT_WORD.match(self.text[end : end + 30])
        return any(
            own is not None and own[0] in NUMBER_WORDS and other is not None and other[1] in NUMBER_WORDS
            for own, other in ((first, before), (last, after))
        )

    def _glued(self, place: int, glued: Collection[str]) -> bool:
        """Return whether the word around `place` is known to be two run together, letters on both sides."""
        if not glued or not (self.text[place - 1].isalpha() and self.text[place].isalpha()):
            return False
        around = (word for word in _WHOLE_WORD.finditer(self.text) if word.start() < place < word.end())
        return any(word[0] in glued for word in around)


class FoldedTexts:
    """Folded texts in one, to see which of them may hold some words without a search in each.

    Parameters
    ----------
    texts : sequence of Folded
        The texts.
    """

    def __init__(self, texts: Sequence[Folded]) -> None:
        self._whole = "\n".join(text.text for text in texts)  # folded white space is never a line break
        lengths = (len(text.text) + 1 for text in texts)
        self._starts = list(itertools.accumulate(lengths, initial=0))[:-1]

    def holding(self, words: str) -> Iterator[int]:
        """Yield the places, in order, of the texts that hold the longest of the words."""
        longest = max(_WHOLE_WORD.findall(_fold_whole(words)), key=len, default="")
        if not longest:
            yield from range(len(self._starts))
            return
        place = 0
        while (place := self._whole.find(longest, place)) >= 0:
            at = bisect_right(self._starts, place) - 1
            yield at
            if at + 1 == len(self._starts):
                return
            place = self._starts[at + 1]


def fold(text: str) -> str:
    """Return `text` folded."""
    return Folded(text).text


def bare(text: str) -> str:
    """Return the folded letters and digits of `text`, nothing between them."""
    return Folded(text).bare


def words(text: str) -> list[str]:
    """Return the folded words of `text`; a number is one with its points and commas."""
    return _WORDS.findall(fold(text))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield each character together with the combining marks that follow it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place


@cache
def _fold(cluster: str) -> str:
    category = unicodedata.category(cluster[0])
    if category == "Cf":  # soft hyphens, joiners, marks of direction, byte order marks
        return ""
    if cluster.isspace() or category.startswith("Z"):
        return " "
    plain = cluster.translate(_PLAIN)
    if category == "No":  # a superscript 2 is not the digit 2: "10²" is not "102"
        return plain
    return unicodedata.normalize("NFKC", plain).casefold().translate(_PLAIN)


@lru_cache(maxsize=4096)
def _fold_whole(text: str) -> str:
    return fold(text).strip()


@lru_cache(maxsize=4096)
def _pattern(folded: str) -> str:
    """Return a pattern in which white space beside punctuation may be missing."""
    out = []
    for place, char in enumerate(folded):
        if char == " " and not (folded[place - 1].isalnum() and folded[place + 1].isalnum()):
            out.append("(?: ?)")
        else:
            out.append(re.escape(char))
    return "".join(out)
