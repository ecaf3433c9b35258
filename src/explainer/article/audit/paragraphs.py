"""Which lines of a copy belong to which paragraph of the fact sheet.

A paragraph is recognized by its opening words. Copies differ: lines are wrapped or run together, the caption
comes early or late, a site's own lines stand between. Where the opening has changed, the words of the
paragraph's facts identify it.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from explainer.article.copies import Article, Line
from explainer.english.typeset import Folded, FoldedTexts, Hit, bare
from explainer.evidence.selectors import Selector

#: How alike the openings of a paragraph and a line must be, from 0 to 1, where no fact confirms them.
ALIKE = 0.6
#: Share of a paragraph's selectors that must occur in a line that is not where the paragraph should be.
CONFIRMED = 0.5
#: At most so many lines that open alike are compared.
MOST_CANDIDATES = 50
#: A longer copy in which no paragraph opens as it should is another text. Around paragraphs that do, so many
#: lines are searched for the others.
MOST_UNLIKE = 500
#: Beyond so many characters, text that belongs to no paragraph is listed but not searched for mentions.
MOST_ADDED = 100_000


@dataclass(frozen=True)
class Text:
    """The text of a paragraph in a copy, or of lines that belong to none.

    Parameters
    ----------
    number : int or None
        The paragraph of the fact sheet; None for what is not in it.
    text : str
        The words as the copy sets them.
    glued : frozenset of str
        Words that the fact sheet itself has run together.
    opens_with : str
        The opening words of the fact sheet, where the copy no longer has them.
    """

    number: int | None
    text: str
    glued: frozenset[str] = frozenset()
    opens_with: str = ""

    @cached_property
    def folded(self) -> Folded:
        """The text without the choices of a typesetter."""
        return Folded(self.text)

    def find(self, selector: Selector) -> list[Hit]:
        """Return where the selected words occur."""
        return self.folded.find(selector.exact, selector.prefix, selector.suffix, glued=self.glued)


@dataclass
class Located:
    """A copy, divided into paragraphs.

    Parameters
    ----------
    paragraphs : dict
        `Text` by number of the paragraph, for those that the copy has.
    absent : list of int
        Paragraphs that the copy does not have.
    added : list of Text
        Lines of the article that belong to no paragraph.
    """

    paragraphs: dict[int, Text] = field(default_factory=dict)
    absent: list[int] = field(default_factory=list)
    added: list[Text] = field(default_factory=list)

    @property
    def texts(self) -> list[Text]:
        """All text of the article; of text in no paragraph, the first `MOST_ADDED` characters."""
        lengths = itertools.accumulate(len(text.text) for text in self.added)
        read = [text for text, length in zip(self.added, lengths, strict=True) if length <= MOST_ADDED]
        return [*self.paragraphs.values(), *read]


def locate(article: Article, openings: Mapping[int, str], selectors: Mapping[int, list[Selector]]) -> Located:
    """Find each paragraph of the fact sheet in a copy.

    Parameters
    ----------
    article : Article
        The copy.
    openings : mapping of int to str
        Opening words by paragraph, in order.
    selectors : mapping of int to list of Selector
        The words of each paragraph's facts; they identify it where the opening has changed.
    """
    lines = _split_at_openings(list(article.lines), openings.values())
    bare_openings = {number: bare(opening) for number, opening in openings.items()}
    bare_lines = [bare(line.text) for line in lines]
    starts = _in_order(
        [(number, at) for number, opening in bare_openings.items() for at in _candidates(opening, bare_lines)]
    )
    for number, opening in bare_openings.items():
        if number in starts:
            continue
        # A caption or a headline may be elsewhere in a copy.
        free = (at for at in _candidates(opening, bare_lines) if at not in starts.values())
        if (start := next(free, None)) is not None:
            starts[number] = start
    if starts or len(lines) <= MOST_UNLIKE:
        _add_similar(starts, lines, bare_openings, selectors)
    return _divide(lines, openings, bare_openings, bare_lines, starts)


def _split_at_openings(lines: list[Line], openings: Iterable[str]) -> list[Line]:
    """Break lines in which a paragraph opens after another, as where a copy has lost its line ends."""
    chunks = [list(group) for _, group in itertools.groupby(lines, key=lambda line: line.chunk)]
    folded = [Folded("\n".join(line.text for line in chunk)) for chunk in chunks]
    index = FoldedTexts(folded)
    cuts: dict[int, set[int]] = defaultdict(set)
    for opening in openings:
        held = [(at, hit.start) for at in index.containing(opening) for hit in folded[at].find(opening)]
        if len(held) == 1:  # words that occur once cannot open anything else
            cuts[held[0][0]].add(held[0][1])
    return [part for at, chunk in enumerate(chunks) for part in _cut_lines(chunk, sorted(cuts[at]))]


def _cut_lines(chunk: list[Line], cuts: list[int]) -> Iterator[Line]:
    """Yield the lines of a chunk, broken at places of its text."""
    start = 0
    for line in chunk:
        inside = [cut - start for cut in cuts if start < cut < start + len(line.text)]
        # A quotation mark before the opening stays with it.
        inside = [cut for cut in inside if re.search(r"\w", line.text[:cut])]
        for first, last in itertools.pairwise([0, *inside, len(line.text)]):
            yield replace(line, text=line.text[first:last].strip())
        start += len(line.text) + 1


def _candidates(opening: str, bare_lines: list[str]) -> list[int]:
    """Return the lines at which a paragraph may open; its opening words may run over several lines."""
    places = []
    for at, start in enumerate(bare_lines):
        if not start or not (opening.startswith(start) or start.startswith(opening)):
            continue
        joined = "".join(bare_lines[at : at + 1 + len(opening)]) if len(start) < len(opening) else start
        rest = joined[len(opening) : len(opening) + 1]
        if joined.startswith(opening) and not (opening[-1:].isdigit() and rest.isdigit()):
            places.append(at)
            if len(places) == MOST_CANDIDATES:
                break
    return places


def _in_order(candidates: list[tuple[int, int]]) -> dict[int, int]:
    """Return the longest series of (paragraph, line) in which both increase; of equals, the most compact."""
    candidates = sorted(candidates)
    best: list[tuple[int, int, int]] = []  # paragraphs chosen, lines skipped (negative), previous candidate
    for index, (number, at) in enumerate(candidates):
        chosen = (1, 0, -1)
        for before, (other, line) in enumerate(candidates[:index]):
            if other < number and line < at:
                count, skipped, _ = best[before]
                chosen = max(chosen, (count + 1, skipped - (at - line - 1), before))
        best.append(chosen)
    starts: dict[int, int] = {}
    index = max(range(len(best)), key=lambda each: best[each][:2], default=-1)
    while index >= 0:
        starts[candidates[index][0]] = candidates[index][1]
        index = best[index][2]
    return starts


def _add_similar(
    starts: dict[int, int],
    lines: list[Line],
    bare_openings: Mapping[int, str],
    selectors: Mapping[int, list[Selector]],
) -> None:
    """Add to `starts` the paragraphs whose opening has changed, each at the line most like it."""
    texts = {at: Text(None, lines[at].text) for at in _free_lines(starts, len(lines))}
    scores = []
    for number, opening in bare_openings.items():
        if number in starts:
            continue
        gap = _gap(number, starts, bare_openings, lines, texts)
        for at, text in texts.items():
            likeness = _likeness(text, opening, selectors.get(number, []))
            if score := _score(likeness, gap, at, first=_opens_chunk(lines, at)):
                scores.append((score, -number, -at))
    for _, number, at in sorted(scores, reverse=True):
        if -number not in starts and -at not in starts.values():
            starts[-number] = -at


class _Gap(NamedTuple):
    """Where a paragraph should be: between two lines at which others open."""

    before: int
    after: int
    #: The only line of the article between them, if no other paragraph is missing there.
    only: int | None


class _Likeness(NamedTuple):
    """How like a line is to a paragraph, from 0 to 1: by its opening, and by the share of its selectors."""

    opening: float
    selectors: float


def _free_lines(starts: Mapping[int, int], count: int) -> list[int]:
    """Return the lines at which no paragraph opens; of very many, those near where others open."""
    taken = set(starts.values())
    free = set(range(count)) - taken
    if count > MOST_UNLIKE:
        half = MOST_UNLIKE // 2
        free &= {at for start in taken for at in range(start - half, start + half)}
    return sorted(free)


def _gap(
    number: int,
    starts: Mapping[int, int],
    bare_openings: Mapping[int, str],
    lines: list[Line],
    texts: Mapping[int, Text],
) -> _Gap:
    before = max((starts[other] for other in starts if other < number), default=-1)
    after = min((starts[other] for other in starts if other > number), default=len(lines))
    between = [at for at in texts if before < at < after and lines[at].main]
    neighbors_known = {number - 1, number + 1} <= {*starts, min(bare_openings) - 1, max(bare_openings) + 1}
    return _Gap(before, after, between[0] if len(between) == 1 and neighbors_known else None)


def _likeness(text: Text, opening: str, selectors: list[Selector]) -> _Likeness:
    start = text.folded.bare[: len(opening)]
    alike = difflib.SequenceMatcher(None, opening, start, autojunk=False).ratio()
    matches = sum(bool(text.find(selector)) for selector in selectors)
    return _Likeness(alike, matches / len(selectors) if selectors else 0.0)


def _opens_chunk(lines: list[Line], at: int) -> bool:
    return at == 0 or lines[at - 1].chunk != lines[at].chunk


def _score(likeness: _Likeness, gap: _Gap, at: int, *, first: bool) -> float:
    """Return how well a line, maybe the first of a chunk, fits a paragraph; 0 if it does not."""
    in_place = first and gap.before < at < gap.after
    # The only line between the neighbors has replaced the whole paragraph.
    alone = in_place and gap.only == at
    by_selectors = likeness.selectors >= CONFIRMED and (first or likeness.opening >= ALIKE / 2)
    if likeness.opening >= ALIKE or by_selectors or (likeness.selectors and in_place) or alone:
        return likeness.selectors + likeness.opening + in_place
    return 0.0


def _divide(
    lines: list[Line],
    openings: Mapping[int, str],
    bare_openings: Mapping[int, str],
    bare_lines: list[str],
    starts: Mapping[int, int],
) -> Located:
    """Assign its lines to each paragraph, and collect those that belong to none."""
    located = Located(absent=[number for number in openings if number not in starts])
    opened = set(starts.values())
    owned: set[int] = set()
    for number, opening in openings.items():
        if number not in starts:
            continue
        start = starts[number]
        first, bare_opening = bare_lines[start], bare_openings[number]
        changed = not (first.startswith(bare_opening) or bare_opening.startswith(first))
        own = _lines_of(start, lines, bare_lines, opened, 0 if changed else len(bare_opening))
        owned.update(own)
        glued = frozenset(re.findall(r"\w+", Folded(opening).text))
        words = "\n".join(lines[at].text for at in own)
        located.paragraphs[number] = Text(number, words, glued, opening if changed else "")
    chunks: dict[int, list[str]] = {}
    for at, line in enumerate(lines):
        if at not in owned and line.main:
            chunks.setdefault(line.chunk, []).append(line.text)
    located.added = [Text(None, "\n".join(parts)) for parts in chunks.values()]
    return located


def _lines_of(
    start: int, lines: list[Line], bare_lines: list[str], opened: set[int], opening_length: int
) -> range:
    """Return the lines of a paragraph that opens at `start`, up to where another opens or its chunk ends.

    An opening of `opening_length` letters may run over several chunks.
    """
    end, length = start + 1, len(bare_lines[start])
    while end < len(lines) and end not in opened:
        if lines[end].chunk != lines[end - 1].chunk and length >= opening_length:
            break
        length += len(bare_lines[end])
        end += 1
    return range(start, end)
