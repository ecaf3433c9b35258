"""What an article says now where it no longer says what the fact sheet holds.

The fact sheet keeps phrases and not the text, so the words of a fact are laid along its paragraph, word by
word, and the place where that costs least is what became of them. Words that another fact still finds stand
there unchanged: a fact can agree with them but cannot have turned into them.
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

#: Share of the words, by weight, that must be accounted for.
MOST_COST = 0.42
_NEVER = float("inf")
_CALENDAR = {name.casefold() for name in (*MONTHS, *WEEKDAYS)}
# Far less than any difference between words: only decides between places that fit equally well.
_PER_CHARACTER = 1e-5

Range = tuple[int, int]


@dataclass(frozen=True)
class Now:
    """What stands in the place of a fact's words.

    Parameters
    ----------
    start, end : int
        Where, in the text of the paragraph.
    same : bool
        Whether the words are the fact's own and only its neighbours have changed.
    """

    start: int
    end: int
    same: bool


@dataclass(frozen=True)
class _Word:
    word: str
    weight: float
    sort: str  # number, calendar, name or word
    start: int = 0
    end: int = 0
    vouched: bool = False


def now(fact: Fact, text: Text, vouched: Sequence[Range], anchors: Sequence[int]) -> Now | None:
    """Return what the paragraph says in place of a fact that is not found in it.

    Parameters
    ----------
    fact : Fact
        The fact.
    text : Text
        Its paragraph in the copy.
    vouched : sequence of (int, int)
        Ranges of the text that are accounted for.
    anchors : sequence of int
        Places in the text near which the fact belongs; they decide between equals.

    Returns
    -------
    Now or None
        None if nothing there is like it.
    """
    wanted, exact = _wanted(fact)
    given = _given(text, vouched)
    if not wanted or not given:
        return None
    most = MOST_COST * sum(word.weight for word in wanted)
    best: tuple[float, int, int] | None = None
    for cost, pairs in _alignments(wanted, given):
        places = [pairs[index] for index in range(*exact) if index in pairs]
        if not places or cost > most or _contradicted(len(wanted), given, pairs, vouched):
            continue
        first, last = min(places), max(places)
        cost += _PER_CHARACTER * _distance(given[first].start, anchors)
        if best is None or cost < best[0]:
            best = cost, first, last
    if best is None:
        return None
    _, first, last = best
    laid, own = given[first : last + 1], wanted[slice(*exact)]
    start, end = _with_signs(text.text, laid[0].start, laid[-1].end)
    same = [word.word for word in laid] == [word.word for word in own]
    return Now(*_whole(text.text, start, end, vouched), same)


def _distance(place: int, anchors: Sequence[int]) -> int:
    """Return how far a place is from the nearest anchor, or from the start of the text without one."""
    return min((abs(anchor - place) for anchor in anchors), default=place)


def _with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a range by the signs that belong to its words: of accounts, currencies and percentages."""
    while start > 0 and text[start - 1] in "@#$€£":
        start -= 1
    return start, end + text[end:].startswith("%")


def _whole(text: str, start: int, end: int, vouched: Sequence[Range]) -> Range:
    """Widen a range to the whole of a number or date that it holds a part of, but not over another fact."""
    for mention in mentions(text):
        if mention.kind == "name" or not (mention.start < end and start < mention.end):
            continue
        first, last = min(start, mention.start), max(end, mention.end)
        if not any(begin < stop for begin, stop in _beyond((first, last), (start, end), vouched)):
            start, end = first, last
    return start, end


def _beyond(wide: Range, narrow: Range, ranges: Sequence[Range]) -> Iterator[Range]:
    """Yield what of the ranges lies in the wide one and not in the narrow one."""
    for first, last in ranges:
        yield max(first, wide[0]), min(last, narrow[0])
        yield max(first, narrow[1]), min(last, wide[1])


def _wanted(fact: Fact) -> tuple[list[_Word], Range]:
    """Return the words of a selector, and which of them are the fact's own."""
    selector, is_name = fact.selector, fact.kind in NAMES
    parts = []
    for part in (selector.prefix, selector.exact, selector.suffix):
        capitals = {word for printed in re.findall(r"\b[A-Z]\S*", part) for word in words(printed)}
        parts.append([_word(word, is_name or word in capitals) for word in words(part)])
    before, own = len(parts[0]), len(parts[1])
    return [*parts[0], *parts[1], *parts[2]], (before, before + own)


def _given(text: Text, vouched: Sequence[Range]) -> list[_Word]:
    """Return the words of a paragraph with their places."""
    found = []
    for word, start, end in text.folded.words():
        known = any(first < end and start < last for first, last in vouched)
        capital = any(char.isupper() for char in text.text[start:end])
        found.append(_word(word, capital, start, end, known))
    return found


def _word(word: str, capital: bool, start: int = 0, end: int = 0, vouched: bool = False) -> _Word:
    if word[0].isdigit() or word in NUMBER_WORDS:
        return _Word(word, 1.5, "number", start, end, vouched)
    if word in _CALENDAR:
        return _Word(word, 1.0, "calendar", start, end, vouched)
    if word in OPENING_WORDS:
        return _Word(word, 0.5, "word", start, end, vouched)
    return _Word(word, 1.0, "name" if capital else "word", start, end, vouched)


def _swap(wanted: _Word, given: _Word) -> float:
    """Return what it costs to take one word for another."""
    if wanted.word == given.word:
        return 0.0
    if given.vouched:
        return _NEVER
    unlike = 1 - difflib.SequenceMatcher(None, wanted.word, given.word, autojunk=False).ratio()
    if wanted.sort == given.sort and wanted.sort != "word":
        return wanted.weight * (0.25 + 0.1 * unlike)
    if {wanted.sort, given.sort} & {"number", "calendar"}:
        return wanted.weight
    return wanted.weight * (unlike if unlike < 0.5 else 0.9)


def _alignments(wanted: list[_Word], given: list[_Word]) -> list[tuple[float, dict[int, int]]]:
    """Return the cheapest way to lay the wanted words along the given ones, for each word it may end at."""
    cost, step = _least_costs(wanted, given)
    found = []
    for last in range(1, len(given) + 1):
        i, j, pairs = len(wanted), last, {}
        while i > 0:
            if step[i][j] == "swap":
                i, j = i - 1, j - 1
                pairs[i] = j
            elif step[i][j] == "drop":
                i -= 1
            else:
                j -= 1
        if pairs:
            found.append((cost[-1][last], pairs))
    return found


def _least_costs(wanted: list[_Word], given: list[_Word]) -> tuple[list[list[float]], list[list[str]]]:
    """Return cost and last step of laying the first i wanted words along the first j given ones."""
    rows, columns = len(wanted) + 1, len(given) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    step = [[""] * columns for _ in range(rows)]
    for i in range(1, rows):
        drop = wanted[i - 1].weight
        cost[i][0], step[i][0] = cost[i - 1][0] + drop, "drop"
        for j in range(1, columns):
            options = [
                (cost[i - 1][j - 1] + _swap(wanted[i - 1], given[j - 1]), "swap"),
                (cost[i - 1][j] + drop, "drop"),
            ]
            if i < rows - 1 and not given[j - 1].vouched:
                options.append((cost[i][j - 1] + 0.5 * given[j - 1].weight, "pass"))
            cost[i][j], step[i][j] = min(options)
    return cost, step


def _contradicted(wanted: int, given: list[_Word], pairs: dict[int, int], vouched: Sequence[Range]) -> bool:
    """Return whether words were dropped where another fact vouches that others, or none, have stood there.

    Those are then other words that happen to be alike, such as the same name in another sentence.
    """
    laid = sorted(pairs.items())
    gaps = [(left, right) for left, right in itertools.pairwise(laid) if right[0] > left[0] + 1]
    around = [(left, right) for (_, left), (_, right) in gaps]
    if laid and laid[0][0] > 0:
        around.append((laid[0][1] - 1, laid[0][1]))
    if laid and laid[-1][0] < wanted - 1:
        around.append((laid[-1][1], laid[-1][1] + 1))
    return any(
        start <= given[first].start and given[last].end <= end
        for first, last in around
        if first >= 0 and last < len(given)
        for start, end in vouched
    )


def anchors(fact: Fact, facts: Sequence[Fact], places: dict[str, int]) -> list[int]:
    """Return where the fact belongs: by the facts it is linked with, or else by its neighbours in the sheet.

    Parameters
    ----------
    fact : Fact
        The fact.
    facts : sequence of Fact
        All facts of its paragraph, in the order of the sheet.
    places : dict
        Where those that were found stand, by `fact_id`.
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
