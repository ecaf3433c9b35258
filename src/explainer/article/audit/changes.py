"""What an article says now where it no longer says what the fact sheet holds.

The fact sheet holds phrases and not the text, so the words of a fact are aligned with its paragraph at the
least cost; what they align with has replaced them. Words that another fact confirms are unchanged: a fact can
match them but cannot have been replaced by them.
"""

from __future__ import annotations

import bisect
import difflib
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explainer.article.audit.facts import NAMES, Fact
from explainer.article.audit.paragraphs import Text
from explainer.english.calendar_words import MONTHS, WEEKDAYS
from explainer.english.mentions import mentions
from explainer.english.numbers import NUMBER_WORDS
from explainer.english.typeset import words
from explainer.english.vocabulary import OPENING_WORDS

#: The highest cost of an alignment, as a share of the weight of the words.
MOST_COST = 0.42
_NEVER = float("inf")
_CALENDAR = {name.casefold() for name in (*MONTHS, *WEEKDAYS)}
# Far less than any difference between words, so it only breaks ties between places.
_PER_CHARACTER = 1e-5

Range = tuple[int, int]


@dataclass(frozen=True)
class Replacement:
    """The words in place of those of a fact.

    Parameters
    ----------
    start, end : int
        Where, in the text of the paragraph.
    same : bool
        Whether the words are the fact's own and only their neighbors have changed.
    """

    start: int
    end: int
    same: bool


@dataclass(frozen=True)
class _Word:
    word: str
    weight: float
    kind: str  # number, calendar, name or word
    start: int = 0
    end: int = 0
    confirmed: bool = False


def find_replacement(
    fact: Fact, text: Text, confirmed: Sequence[Range], anchors: Sequence[int]
) -> Replacement | None:
    """Return what the paragraph says in place of a fact that is not found in it.

    Parameters
    ----------
    fact : Fact
        A fact that does not occur in it.
    text : Text
        Its paragraph in the copy.
    confirmed : sequence of (int, int)
        Ranges of the text that other facts, or the list of what is left out, account for.
    anchors : sequence of int
        Places in the text near which the fact belongs; they break ties.

    Returns
    -------
    Replacement or None
        None if nothing there resembles the fact.
    """
    expected, exact = _expected_words(fact)
    present = _paragraph_words(text, confirmed)
    if not expected or not present:
        return None
    most = MOST_COST * sum(word.weight for word in expected)
    best: tuple[float, int, int] | None = None
    for cost, pairs in _alignments(expected, present):
        places = [pairs[index] for index in range(*exact) if index in pairs]
        if not places or cost > most or _contradicted(len(expected), present, pairs, confirmed):
            continue
        first, last = min(places), max(places)
        cost += _PER_CHARACTER * _distance(present[first].start, anchors)
        if best is None or cost < best[0]:
            best = cost, first, last
    if best is None:
        return None
    _, first, last = best
    laid, own = present[first : last + 1], expected[slice(*exact)]
    start, end = _with_signs(text.text, laid[0].start, laid[-1].end)
    same = [word.word for word in laid] == [word.word for word in own]
    return Replacement(*_widened(text.text, start, end, confirmed), same)


def _distance(place: int, anchors: Sequence[int]) -> int:
    """Return how far a place is from the nearest anchor, or from the start of the text without one."""
    return min((abs(anchor - place) for anchor in anchors), default=place)


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a range by the signs of accounts, currencies and percentages that belong to its words."""
    while start > 0 and text[start - 1] in "@#$€£":
        start -= 1
    return start, end + text[end:].startswith("%")


def _widened(text: str, start: int, end: int, confirmed: Sequence[Range]) -> Range:
    """Widen a range to the whole number or date that it is part of, but not over another fact."""
    for mention in mentions(text):
        if mention.kind == "name" or not (mention.start < end and start < mention.end):
            continue
        first, last = min(start, mention.start), max(end, mention.end)
        if not any(begin < stop for begin, stop in _beyond((first, last), (start, end), confirmed)):
            start, end = first, last
    return start, end


def _beyond(wide: Range, narrow: Range, ranges: Sequence[Range]) -> Iterator[Range]:
    """Yield what of the ranges lies in the wide one and not in the narrow one."""
    for first, last in ranges:
        yield max(first, wide[0]), min(last, narrow[0])
        yield max(first, narrow[1]), min(last, wide[1])


def _expected_words(fact: Fact) -> tuple[list[_Word], Range]:
    """Return the words of a selector, and the range of those that are the fact's own."""
    selector, is_name = fact.selector, fact.kind in NAMES
    parts = []
    for part in (selector.prefix, selector.exact, selector.suffix):
        capitals = {word for printed in re.findall(r"\b[A-Z]\S*", part) for word in words(printed)}
        parts.append([_word(word, is_name or word in capitals) for word in words(part)])
    before, own = len(parts[0]), len(parts[1])
    return [*parts[0], *parts[1], *parts[2]], (before, before + own)


def _paragraph_words(text: Text, confirmed: Sequence[Range]) -> list[_Word]:
    """Return the words of a paragraph with their places."""
    result = []
    for word, start, end in text.folded.words():
        known = any(first < end and start < last for first, last in confirmed)
        capital = any(char.isupper() for char in text.text[start:end])
        result.append(_word(word, capital, start, end, known))
    return result


def _word(word: str, capital: bool, start: int = 0, end: int = 0, confirmed: bool = False) -> _Word:
    if word[0].isdigit() or word in NUMBER_WORDS:
        return _Word(word, 1.5, "number", start, end, confirmed)
    if word in _CALENDAR:
        return _Word(word, 1.0, "calendar", start, end, confirmed)
    if word in OPENING_WORDS:
        return _Word(word, 0.5, "word", start, end, confirmed)
    return _Word(word, 1.0, "name" if capital else "word", start, end, confirmed)


def _substitution_cost(expected: _Word, present: _Word) -> float:
    """Return the cost of aligning an expected word with one of the paragraph."""
    if expected.word == present.word:
        return 0.0
    if present.confirmed:
        return _NEVER
    unlike = 1 - difflib.SequenceMatcher(None, expected.word, present.word, autojunk=False).ratio()
    if expected.kind == present.kind and expected.kind != "word":
        return expected.weight * (0.25 + 0.1 * unlike)
    if {expected.kind, present.kind} & {"number", "calendar"}:
        return expected.weight
    return expected.weight * (unlike if unlike < 0.5 else 0.9)


def _alignments(expected: list[_Word], present: list[_Word]) -> list[tuple[float, dict[int, int]]]:
    """Return the cheapest alignment that ends at each word of the paragraph: its cost and its pairs."""
    cost, step = _least_costs(expected, present)
    alignments = []
    for last in range(1, len(present) + 1):
        i, j, pairs = len(expected), last, {}
        while i > 0:
            if step[i][j] == "swap":
                i, j = i - 1, j - 1
                pairs[i] = j
            elif step[i][j] == "drop":
                i -= 1
            else:
                j -= 1
        if pairs:
            alignments.append((cost[-1][last], pairs))
    return alignments


def _least_costs(expected: list[_Word], present: list[_Word]) -> tuple[list[list[float]], list[list[str]]]:
    """Return cost and last step of aligning the first i expected words with the first j of the paragraph."""
    rows, columns = len(expected) + 1, len(present) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    step = [[""] * columns for _ in range(rows)]
    for i in range(1, rows):
        drop = expected[i - 1].weight
        cost[i][0], step[i][0] = cost[i - 1][0] + drop, "drop"
        for j in range(1, columns):
            options = [
                (cost[i - 1][j - 1] + _substitution_cost(expected[i - 1], present[j - 1]), "swap"),
                (cost[i - 1][j] + drop, "drop"),
            ]
            if i < rows - 1 and not present[j - 1].confirmed:
                options.append((cost[i][j - 1] + 0.5 * present[j - 1].weight, "pass"))
            cost[i][j], step[i][j] = min(options)
    return cost, step


def _contradicted(
    expected: int, present: list[_Word], pairs: dict[int, int], confirmed: Sequence[Range]
) -> bool:
    """Return whether words were dropped where another fact confirms the words on both sides."""
    # The alignment then rests on other words that happen to be alike, such as a name in another sentence.
    laid = sorted(pairs.items())
    gaps = [(left, right) for left, right in itertools.pairwise(laid) if right[0] > left[0] + 1]
    around = [(left, right) for (_, left), (_, right) in gaps]
    if laid[0][0] > 0:
        around.append((laid[0][1] - 1, laid[0][1]))
    if laid[-1][0] < expected - 1:
        around.append((laid[-1][1], laid[-1][1] + 1))
    return any(
        start <= present[first].start and present[last].end <= end
        for first, last in around
        if first >= 0 and last < len(present)
        for start, end in confirmed
    )


def anchors(fact: Fact, facts: Sequence[Fact], places: dict[str, int]) -> list[int]:
    """Return where the fact belongs: near the facts it is linked with, or else its neighbors in the sheet.

    Parameters
    ----------
    fact : Fact
        The fact.
    facts : sequence of Fact
        All facts of its paragraph, in the order of the sheet.
    places : dict
        Where those that the copy has stand, by `fact_id`.
    """
    known = [other for other in facts if other.fact_id in places]
    linked = [
        places[other.fact_id]
        for other in known
        if other.refers_to == fact.fact_id
        or (fact.refers_to and fact.refers_to in (other.fact_id, other.refers_to))
    ]
    if linked:
        return linked
    at = bisect.bisect([other.row for other in known], fact.row)
    return [places[other.fact_id] for other in known[max(0, at - 1) : at + 1]]
