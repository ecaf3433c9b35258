"""Recognizes what a text mentions: dates, weekdays, words for time, numbers and names.

By rules rather than a model, so that the same text always gives the same mentions. The rules err on the side
of too many: an editor lists false ones once, with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from explainer.english.calendar_words import MODAL_MONTHS, MONTH, MONTHS, PART_OF_DAY, SEASON, WEEKDAY, YEAR
from explainer.english.numbers import NUMBER_WORDS, ORDINALS
from explainer.english.ranges import DisjointRanges
from explainer.english.sentences import opens_sentence
from explainer.english.vocabulary import OPENING_WORDS, SHORT_WORDS

_DAY = r"[0-3]?\d(?:st|nd|rd|th)?(?!\d)"
_IN_YEAR = rf"(?:,?\s+{YEAR}(?!\d))"
_DATE = re.compile(
    rf"\b{MONTH}\s+{_DAY}{_IN_YEAR}?|\b{_DAY}(?:\s+of)?\s+{MONTH}\b{_IN_YEAR}?|\b{MONTH}{_IN_YEAR}"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"\b{WEEKDAY}s?\b|\b(?-i:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\.(?=\s)",
    re.IGNORECASE,
)
_PERIOD = r"(?:days?|weeks?|weekends?|months?|years?|decades?|centur(?:y|ies)|quarters?|seasons?)"
_TIME_WORDS = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|overnight)\b"
    rf"|\b(?:last|next|this|past|previous|coming) (?:{_PERIOD}|{SEASON}|{PART_OF_DAY})\b"
    rf"|\brecent {_PERIOD}\b|\ban? {_PERIOD} (?:ago|later|earlier|before|after)\b",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(r"\b(?:" + "|".join(MONTHS) + r")\b")
_FIGURES = re.compile(r"[$€£]?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?\b\s?%?|[\u00bc-\u00be\u2150-\u215e]")
_OTHER_NUMBERS = "half dozen dozens hundreds thousands millions billions twice thrice"
_WORDS = {*NUMBER_WORDS, *(word for word in ORDINALS if "-" not in word), *_OTHER_NUMBERS.split()}
_NUMBER_WORD = f"(?:{'|'.join(sorted(_WORDS, key=lambda word: (-len(word), word)))})"
_SPELLED = re.compile(rf"\b{_NUMBER_WORD}(?:(?:[-‐‑\s]|\s+and\s+){_NUMBER_WORD})*\b", re.IGNORECASE)

# An account, initials with periods, or a word. Parts of a hyphenated word are words of their own, and so are
# two words that the copy runs together at a capital ("NEWSPier").
_TOKEN = re.compile(
    r"@+\w+|(?:[^\W\d_]\.){2,}|[^\W\d_]+?(?=(?<=[A-Z]{2})[A-Z][a-z])|[^\W_]+(?:['’](?!s\b)[^\W_]+)*"
)
_ADVERB = re.compile(r"\w+ly,")  # at the start of a sentence: "Ultimately, ..."
_CONNECTORS = re.compile(r"\s+|\s*&\s*|\s*/\s*|-|\s+of(?:\s+the)?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """Something that a text mentions.

    Parameters
    ----------
    kind : str
        ``date``, ``weekday``, ``time`` (words such as *today* and *last week*), ``month``, ``number`` or
        ``name``.
    start, end : int
        Its range in the text.
    parts : tuple of (int, int)
        The ranges of its words; the words of a name can be accounted for one by one.
    """

    kind: str
    start: int
    end: int
    parts: tuple[tuple[int, int], ...]


def mentions(
    text: str, *, known: Collection[str] = (), common: Collection[str] = (), titled: bool = False
) -> list[Mention]:
    """Return the mentions in a text, in order.

    Parameters
    ----------
    text : str
        A paragraph.
    known : collection of str
        Words known to belong to names. They count even where a capital letter means nothing: at the start of
        a sentence, in a headline, in all capitals.
    common : collection of str
        Words that the article has in lowercase somewhere; at the start of a sentence they are no names.
    titled : bool
        Whether the text is a headline or a label, in which most words may be capitalized.
    """
    results: list[Mention] = []
    taken = DisjointRanges()
    for kind, pattern in (
        ("date", _DATE),
        ("weekday", _WEEKDAY),
        ("time", _TIME_WORDS),
        ("month", _MONTH_ALONE),
        ("number", _FIGURES),
        ("number", _SPELLED),
    ):
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match[0].rstrip())
            if kind == "month" and match[0] in MODAL_MONTHS and opens_sentence(text, start):
                continue
            if taken.add((start, end)):
                results.append(Mention(kind, start, end, ((start, end),)))
    parts = [part for part in _name_parts(text, known, common, titled) if taken.add(part)]
    names = [Mention("name", group[0][0], group[-1][1], tuple(group)) for group in _grouped(text, parts)]
    return sorted([*results, *names], key=lambda mention: mention.start)


def name_words(text: str) -> set[str]:
    """Return the capitalized words of a name, for `known` of `mentions`."""
    return {match[0] for match in _TOKEN.finditer(text) if _is_capitalized(match[0])}


def capitalized_within_sentences(text: str) -> set[str]:
    """Return the words that are capitalized within a sentence, where only names are."""
    tokens = list(_TOKEN.finditer(text))
    if _mostly_capitals(tokens, False):
        return set()
    return {
        match[0] for match in tokens if _is_capitalized(match[0]) and not opens_sentence(text, match.start())
    }


def lowercase_words(text: str) -> set[str]:
    """Return the words that are in lowercase."""
    return {match[0] for match in _TOKEN.finditer(text) if match[0].islower()}


def _name_parts(
    text: str, known: Collection[str], common: Collection[str], titled: bool
) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the words that belong to names."""
    tokens = list(_TOKEN.finditer(text))
    ignores_capitals = _mostly_capitals(tokens, titled)
    for match in tokens:
        word, start = match[0], match.start()
        if word.startswith("@") or word in known:
            is_name = True
        elif ignores_capitals or (word.casefold() in SHORT_WORDS and text.startswith(".", match.end())):
            is_name = False
        elif opens_sentence(text, start):
            plain = word.casefold() in common or word in MODAL_MONTHS or _ADVERB.match(text, start)
            is_name = _is_capitalized(word) and not plain
        else:
            is_name = _is_capitalized(word)
        if is_name:
            yield match.span()


def _grouped(text: str, parts: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Group the words of each name."""
    groups: list[list[tuple[int, int]]] = []
    for part in parts:
        if groups and _CONNECTORS.fullmatch(text[groups[-1][-1][1] : part[0]]):
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


def _is_capitalized(word: str) -> bool:
    if word.startswith("@"):
        return True
    if not word[0].isupper():
        return False
    if word.casefold() in OPENING_WORDS or re.match(r"I['’]", word):
        return len(word) > 1 and word.isupper() and word.casefold() in ("us", "it", "who")
    return not re.search(r"n['’]t$|['’](?:re|ve|ll|d|m)$", word)


def _mostly_capitals(tokens: list[re.Match[str]], titled: bool) -> bool:
    """Return whether most words are capitalized, so that a capital does not mark a name."""
    words = [match[0] for match in tokens if match[0].isalpha() and len(match[0]) > 1]
    if len(words) > 3 and sum(word.isupper() for word in words) > len(words) / 2:
        return True
    long = [word for word in words if len(word) > 3]
    return titled and len(long) > 1 and sum(word[0].isupper() for word in long) > 0.7 * len(long)
