"""Folding text: removing differences of typography, such as quotes, dashes, case, white space and ligatures.

Two copies of a text, one pasted from a page and one saved by a program, are equal once folded. Letters and
digits stay: neither a different digit nor a longer number ever matches.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from explainer.english.numbers import NUMBER_WORDS

QUOTES = '‘’‚‛“”„‟«»‹›′″`´ʼ＇＂"'
DASHES = "‐‑‒–—―−﹘﹣－"
_PLAIN = {ord(char): "'" for char in QUOTES} | {ord(char): "-" for char in DASHES}

# Characters that may be repeated or surrounded by white space are removed, in this order.
_REDUNDANT = (
    re.compile(r"(?<=\.) (?=\.)"),
    re.compile(r" +(?=-|\.\.\.)|(?<=-)[ -]+|(?<=\.\.\.) +|(?<= ) +|(?<=')'+"),
)
_WORDS = re.compile(r"\d+(?:[.,]\d+)*|\w+")
_WORD = re.compile(r"\w")
_WHOLE_WORD = re.compile(r"\w+")
#: As `Folded.find` counts words: an underscore is none of their letters.
_INDEXED = re.compile(r"[^\W_]+")
#: At a space that a copy may leave out.
_OPTIONAL_SPACE = re.compile(r"(?<=[^\W_]) (?=[\W_])|(?<=[\W_]) ")

_LAST_WORD = re.compile(r"([a-z]+)(?:-| (?:and )?)$")
_NEXT_WORD = re.compile(r"(?:-| (?:and )?)([a-z]+)")

Range = tuple[int, int]


@dataclass(frozen=True)
class Hit:
    """Where some words occur: the words alone, and together with a prefix and suffix.

    Parameters
    ----------
    start, end : int
        Range of the words in the original text.
    outer_start, outer_end : int
        Range of the words with prefix and suffix.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int


class Folded:
    """A text and its folded form, with a map from one to the other.

    Parameters
    ----------
    original : str
        The text.
    """

    def __init__(self, original: str) -> None:
        self.original = original
        if original.isascii():  # where each character is folded alone, to one other
            text, places = original.translate(_ASCII), [(at, at + 1) for at in range(len(original))]
        else:
            folds = [(_fold(original[start:end]), (start, end)) for start, end in _clusters(original)]
            text = "".join(folded for folded, _ in folds)
            places = [place for folded, place in folds for _ in folded]
        for pattern in _REDUNDANT:
            for match in reversed(list(pattern.finditer(text))):
                del places[match.start() : match.end()]
            text = pattern.sub("", text)
        #: The folded text.
        self.text = text
        self._places = places

    @cached_property
    def bare(self) -> str:
        """The letters and digits alone, for comparing beginnings regardless of punctuation."""
        return "".join(_WORD.findall(self.text))

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the original text for a range of the folded one."""
        return self._places[start][0], self._places[end - 1][1]

    def words(self) -> Iterator[tuple[str, int, int]]:
        """Yield each folded word with its range of the original text."""
        for match in _WORDS.finditer(self.text):
            yield match[0], *self.range(*match.span())

    def find(
        self, exact: str, prefix: str = "", suffix: str = "", *, glued: Collection[str] = ()
    ) -> list[Hit]:
        """Return where some words occur between a prefix and a suffix.

        Parameters
        ----------
        exact : str
            The words.
        prefix, suffix : str
            The words just before and after, if they matter.
        glued : collection of str
            Folded words that the copy has run together from two; `exact` may be a part of one.
        """
        parts = [_fold_whole(part) for part in (prefix, exact, suffix)]
        if not parts[1]:
            return []
        whole = " ".join(part for part in parts if part)
        spans = self._regular(parts) if any(_optional_space(part) for part in parts) else self._literal(parts)
        return [
            Hit(*self.range(*inner), *self.range(*outer))
            for outer, inner in spans
            if self._stands_alone(*outer, whole, glued)
        ]

    def _literal(self, parts: Sequence[str]) -> list[tuple[Range, Range]]:
        """Return the ranges of the whole and the middle where parts stand, a space between them or none."""
        before, middle, after = parts
        spans = []
        gaps = [(" ", "") if part else ("",) for part in (before, after)]
        for left, right in itertools.product(*gaps):
            words = f"{before}{left}{middle}{right}{after}"
            start = len(before) + len(left)
            place = self.text.find(words)
            while place >= 0:  # overlapping occurrences all count
                inner = (place + start, place + start + len(middle))
                spans.append(((place, place + len(words)), inner))
                place = self.text.find(words, place + 1)
        return sorted(spans)

    def _regular(self, parts: Sequence[str]) -> list[tuple[Range, Range]]:
        """Return the same where white space within the parts is optional too."""
        before, middle, after = (_pattern(part) for part in parts)
        pattern = (f"({before}) ?" if before else "()") + f"({middle})" + (f" ?({after})" if after else "()")
        first, last = (1 if before else 2), (3 if after else 2)
        # A lookahead, so that overlapping occurrences all count.
        return [
            ((match.start(first), match.end(last)), match.span(2))
            for match in re.finditer(f"(?={pattern})", self.text)
        ]

    def _stands_alone(self, start: int, end: int, words: str, glued: Collection[str]) -> bool:
        """Return whether a range consists of whole words and whole numbers."""
        inside_first = words[0].isalnum() and start > 0 and self.text[start - 1].isalnum()
        inside_last = words[-1].isalnum() and self.text[end : end + 1].isalnum()
        if (inside_first and not self._is_glued(start, glued)) or (
            inside_last and not self._is_glued(end, glued)
        ):
            return False
        return not (self._splits_figures(start, end, words) or self._splits_number_words(start, end, words))

    def _splits_figures(self, start: int, end: int, words: str) -> bool:
        """Return whether a range begins or ends within a number such as 1,200."""
        before, after = self.text[max(0, start - 2) : start], self.text[end : end + 2]
        return bool(
            (words[0].isdigit() and re.search(r"\d[.,]$", before))
            or (words[-1].isdigit() and re.match(r"[.,]\d", after))
        )

    def _splits_number_words(self, start: int, end: int, words: str) -> bool:
        """Return whether a range begins or ends within a number such as twenty-two."""
        first, last = re.match(r"[a-z]+", words), re.search(r"[a-z]+$", words)
        before = _LAST_WORD.search(self.text[max(0, start - 30) : start])
        after = _NEXT_WORD.match(self.text[end : end + 30])
        return any(
            edge is not None
            and edge[0] in NUMBER_WORDS
            and outside is not None
            and outside[1] in NUMBER_WORDS
            for edge, outside in ((first, before), (last, after))
        )

    def _is_glued(self, place: int, glued: Collection[str]) -> bool:
        """Return whether the word around `place` is known to be two words run together."""
        if not glued or not (self.text[place - 1].isalpha() and self.text[place].isalpha()):
            return False
        words = (match for match in _WHOLE_WORD.finditer(self.text) if match.start() < place < match.end())
        return any(word[0] in glued for word in words)


class FoldedTexts:
    """An index of the words of folded texts, to find those that may contain some words.

    Parameters
    ----------
    texts : sequence of Folded
        The texts.
    glued : sequence of collection of str, optional
        For each text its folded words that are two run together.
    """

    def __init__(self, texts: Sequence[Folded], glued: Sequence[Collection[str]] = ()) -> None:
        self._all = range(len(texts))
        self._places: dict[str, set[int]] = defaultdict(set)
        for at, text in enumerate(texts):
            for word in _INDEXED.findall(text.text):
                self._places[word].add(at)
        for at, run_together in enumerate(glued):
            for word in run_together:
                for cut in range(1, len(word)):
                    self._places[word[:cut]].add(at)
                    self._places[word[cut:]].add(at)

    def containing(self, *parts: str) -> Sequence[int]:
        """Return the indexes, in order, of the texts that have every word of the parts."""
        words = {word for part in parts for word in _INDEXED.findall(_fold_whole(part))}
        if not words:
            return self._all
        sets = sorted((self._places.get(word, set()) for word in words), key=len)
        return sorted(sets[0].intersection(*sets[1:]))


def fold(text: str) -> str:
    """Return `text` folded."""
    return Folded(text).text


def bare(text: str) -> str:
    """Return only the letters and digits of `text`, folded."""
    return Folded(text).bare


def words(text: str) -> list[str]:
    """Return the folded words of `text`; a number with its periods and commas is one word."""
    return _WORDS.findall(fold(text))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each character with the combining marks that follow it."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not unicodedata.combining(text[place]):
            yield start, place
            start = place


@cache
def _fold(cluster: str) -> str:
    category = unicodedata.category(cluster[0])
    if category == "Cf":  # soft hyphens, joiners, direction marks, byte order marks
        return ""
    if cluster.isspace() or category.startswith("Z"):
        return " "
    plain = cluster.translate(_PLAIN)
    if category == "No":  # a superscript 2 is not the digit 2: "10²" is not "102"
        return plain
    return unicodedata.normalize("NFKC", plain).casefold().translate(_PLAIN)


_ASCII = {code: _fold(chr(code)) for code in range(128)}


@lru_cache(maxsize=1 << 16)
def _fold_whole(text: str) -> str:
    return fold(text).strip()


def _optional_space(folded: str) -> bool:
    """Return whether a copy may leave out a space: one beside a punctuation mark."""
    return bool(_OPTIONAL_SPACE.search(folded))


def _pattern(folded: str) -> str:
    """Return a pattern in which white space next to punctuation is optional."""
    parts = _OPTIONAL_SPACE.split(folded)
    return "(?: ?)".join(re.escape(part) for part in parts)
