"""Names for the facts of a draft: from the words around them, never from their values.

A name stays when a value is corrected, and a number in it would look typed where a notebook uses it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from string import ascii_lowercase

from explainer.draft.candidate import NAMED, Candidate
from explainer.english.calendar_words import MONTHS, PARTS_OF_DAY, WEEKDAYS
from explainer.english.numbers import NUMBER_WORDS, ORDINALS
from explainer.english.vocabulary import BREAK_WORDS, SPEECH_VERBS

_LENGTH = 48
_WORD = re.compile(r"[^\W\d_]{3,}(?![\w’'])")
_SAYS_NOTHING = {*BREAK_WORDS, *SPEECH_VERBS, *NUMBER_WORDS, *ORDINALS, *PARTS_OF_DAY}
_SAYS_NOTHING |= {word.lower() for name in (*MONTHS, *WEEKDAYS) for word in (name, name[:3])} | {
    "sept",
    "percent",
}
#: So many words beside a fact may name it, if they stand within so many characters.
_BESIDE, _REACH = 2, 120


class FactNames:
    """Names, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._endings: Counter[str] = Counter()

    def give(self, text: str, sentence: tuple[int, int], candidate: Candidate) -> str:
        """Return a new name for what a candidate in a `sentence` of the block `text` says."""
        beside = _words_beside(text, sentence, candidate)
        if candidate.kind in NAMED:
            about = slugged(candidate.name)
        elif candidate.kind in ("count", "measure", "money") and candidate.unit:
            about = slugged(candidate.unit)
        else:
            about = slugged(" ".join([*beside, candidate.kind]))
        about = about or candidate.kind
        options = [about, *(slugged(f"{about} {word}") for word in beside if slugged(word) not in about)]
        name = next((name for name in options if name not in self._given), "")
        name = name or self._lettered(options[-1])
        self._given.add(name)
        return name

    def _lettered(self, name: str) -> str:
        """Return a name with the next letters behind it: a to z, then aa to zz."""
        while (option := f"{name}-{_letters(self._endings[name])}") in self._given:
            self._endings[name] += 1
        self._endings[name] += 1
        return option


def _letters(number: int) -> str:
    """Return a number as the columns of a spreadsheet are called, from 0."""
    before, last = divmod(number, len(ascii_lowercase))
    return (_letters(before - 1) if before else "") + ascii_lowercase[last]


def slugged(text: str) -> str:
    """Return the words of `text` as a slug of lower-case ASCII letters and hyphens; blank if it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = re.findall(r"(?<![a-z0-9])[a-z]+(?![a-z0-9])", plain.replace("'", ""))
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) >= _LENGTH:
            break
        slug = f"{slug}-{word[:_LENGTH]}" if slug else word[:_LENGTH]
    return slug


def _words_beside(text: str, sentence: tuple[int, int], candidate: Candidate) -> list[str]:
    """Return the last telling words before a candidate in its sentence, or the first ones after it."""
    start, end = max(sentence[0], candidate.start - _REACH), min(sentence[1], candidate.end + _REACH)
    before = _telling(text[start : candidate.start])[-_BESIDE:]
    return before or _telling(text[candidate.end : end])[:_BESIDE]


def _telling(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.lower() not in _SAYS_NOTHING]
