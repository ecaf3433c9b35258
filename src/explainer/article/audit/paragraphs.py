"""Which lines of a copy are which paragraph of the fact sheet.

A paragraph is known by its opening words. Copies differ: lines are wrapped or run together, the caption comes
early or late, a site's own lines stand between. Where the opening itself has changed, the words of the
paragraph's facts show which one it is.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from explainer.article.copies import Article, Line
from explainer.english.typeset import Folded, FoldedTexts, Hit, bare
from explainer.evidence.selectors import Selector

#: How alike the opening of a paragraph and of a line must be, from 0 to 1, when no fact vouches for it.
ALIKE = 0.6
#: Share of a paragraph's selectors that must stand in a line that is not where the paragraph should be.
VOUCHED = 0.5
#: Lines that open alike, beyond which no more are weighed against each other.
MOST_CANDIDATES = 50
#: Lines of a copy in which no paragraph opens as it should, beyond which it is of something else; around
#: paragraphs that do open as they should, so many are looked through for the others.
MOST_UNLIKE = 500
#: Characters that belong to no paragraph, beyond which they are only told and not read for what they mention.
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
        Words that the fact sheet itself shows run together.
    opens_with : str
        The opening words of the fact sheet where they are no longer those of the copy.
    """

    number: int | None
    text: str
    glued: frozenset[str] = frozenset()
    opens_with: str = ""

    @cached_property
    def folded(self) -> Folded:
        """The text without what a typesetter chooses."""
        return Folded(self.text)

    def find(self, selector: Selector) -> list[Hit]:
        """Return where the selected words stand."""
        return self.folded.find(selector.exact, selector.prefix, selector.suffix, glued=self.glued)


@dataclass
class Located:
    """A copy taken apart.

    Parameters
    ----------
    paragraphs : dict
        `Text` by number of the paragraph, for those found.
    absent : list of int
        Paragraphs that were not found.
    added : list of Text
        Lines of the article that belong to no paragraph.
    """

    paragraphs: dict[int, Text] = field(default_factory=dict)
    absent: list[int] = field(default_factory=list)
    added: list[Text] = field(default_factory=list)

    @property
    def texts(self) -> list[Text]:
        """Everything that is of the article; of much that is in no paragraph, the beginning."""
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
        The words of each paragraph's facts; they decide where the opening has changed.
    """
    lines = _split_at_openings(list(article.lines), openings.values())
    wanted = {number: bare(opening) for number, opening in openings.items()}
    letters = [bare(line.text) for line in lines]
    starts = _in_order(
        [(number, at) for number, opening in wanted.items() for at in _candidates(opening, letters)]
    )
    taken = set(starts.values())
    for number, opening in wanted.items():
        # A copy that has a caption or a headline elsewhere.
        if number not in starts and (free := [at for at in _candidates(opening, letters) if at not in taken]):
            starts[number] = free[0]
            taken.add(free[0])
    if starts or len(lines) <= MOST_UNLIKE:
        _by_likeness(starts, lines, wanted, selectors)
    return _cut(lines, openings, wanted, letters, starts)


def _split_at_openings(lines: list[Line], openings: Iterable[str]) -> list[Line]:
    """Break lines in which a paragraph opens after another, as where a copy has lost its line ends."""
    chunks = [list(group) for _, group in itertools.groupby(lines, key=lambda line: line.chunk)]
    folded = [Folded("\n".join(line.text for line in chunk)) for chunk in chunks]
    index = FoldedTexts(folded)
    cuts: dict[int, set[int]] = defaultdict(set)
    for opening in openings:
        held = [(at, hit.start) for at in index.containing(opening) for hit in folded[at].find(opening)]
        if len(held) == 1:  # words that stand once cannot be the opening of anything else
            cuts[held[0][0]].add(held[0][1])
    return [part for at, chunk in enumerate(chunks) for part in _cut_lines(chunk, sorted(cuts[at]))]


def _cut_lines(chunk: list[Line], cuts: list[int]) -> Iterator[Line]:
    """Yield the lines of a chunk, broken at places of its text."""
    start = 0
    for line in chunk:
        inside = [cut - start for cut in cuts if start < cut < start + len(line.text)]
        # Nothing is broken off but words: an opening may stand behind a quotation mark.
        inside = [cut for cut in inside if re.search(r"\w", line.text[:cut])]
        for first, last in itertools.pairwise([0, *inside, len(line.text)]):
            yield replace(line, text=line.text[first:last].strip())
        start += len(line.text) + 1


def _candidates(opening: str, letters: list[str]) -> list[int]:
    """Return the lines at which a paragraph may open; its opening words may run over several lines."""
    found = []
    for at, start in enumerate(letters):
        if not start or not (opening.startswith(start) or start.startswith(opening)):
            continue
        joined = "".join(letters[at : at + 1 + len(opening)]) if len(start) < len(opening) else start
        rest = joined[len(opening) : len(opening) + 1]
        if joined.startswith(opening) and not (opening[-1:].isdigit() and rest.isdigit()):
            found.append(at)
            if len(found) == MOST_CANDIDATES:
                break
    return found


def _in_order(candidates: list[tuple[int, int]]) -> dict[int, int]:
    """Return the largest choice of (paragraph, line) in which both rise, the most compact of those."""
    candidates = sorted(candidates)
    best: list[tuple[int, int, int]] = []  # paragraphs chosen, minus the lines skipped, candidate before
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


def _by_likeness(
    starts: dict[int, int],
    lines: list[Line],
    wanted: Mapping[int, str],
    selectors: Mapping[int, list[Selector]],
) -> None:
    """Add to `starts` the paragraphs whose opening has changed, each to the line that is most like it."""
    texts = {at: Text(None, lines[at].text) for at in _free_lines(starts, len(lines))}
    scores = []
    for number, opening in wanted.items():
        if number in starts:
            continue
        gap = _gap(number, starts, wanted, lines, texts)
        for at, text in texts.items():
            likeness = _likeness(text, opening, selectors.get(number, []))
            if score := _score(likeness, gap, at, first=_opens_chunk(lines, at)):
                scores.append((score, -number, -at))
    for _, number, at in sorted(scores, reverse=True):
        if -number not in starts and -at not in starts.values():
            starts[-number] = -at


@dataclass(frozen=True)
class _Gap:
    """Where a paragraph should stand: between two lines at which others open.

    Parameters
    ----------
    before, after : int
        Those lines.
    only : int or None
        The one line of the article between them, where no other paragraph is missing there.
    """

    before: int
    after: int
    only: int | None


@dataclass(frozen=True)
class _Likeness:
    """How like a line is to a paragraph, from 0 to 1: by its opening, and by the share of its selectors."""

    opening: float
    selectors: float


def _free_lines(starts: Mapping[int, int], count: int) -> list[int]:
    """Return the lines at which no paragraph opens; of very many, those near to where others open."""
    taken = set(starts.values())
    if count <= MOST_UNLIKE:
        return [at for at in range(count) if at not in taken]
    half = MOST_UNLIKE // 2
    near = {at for start in taken for at in range(start - half, start + half)}
    return [at for at in range(count) if at in near and at not in taken]


def _gap(
    number: int,
    starts: Mapping[int, int],
    wanted: Mapping[int, str],
    lines: list[Line],
    texts: Mapping[int, Text],
) -> _Gap:
    before = max((starts[other] for other in starts if other < number), default=-1)
    after = min((starts[other] for other in starts if other > number), default=len(lines))
    between = [at for at in texts if before < at < after and lines[at].main]
    neighbors_known = {number - 1, number + 1} <= {*starts, min(wanted) - 1, max(wanted) + 1}
    return _Gap(before, after, between[0] if len(between) == 1 and neighbors_known else None)


def _likeness(text: Text, opening: str, selectors: list[Selector]) -> _Likeness:
    start = text.folded.bare[: len(opening)]
    alike = difflib.SequenceMatcher(None, opening, start, autojunk=False).ratio()
    stand = sum(bool(text.find(selector)) for selector in selectors)
    return _Likeness(alike, stand / len(selectors) if selectors else 0.0)


def _opens_chunk(lines: list[Line], at: int) -> bool:
    return at == 0 or lines[at - 1].chunk != lines[at].chunk


def _score(likeness: _Likeness, gap: _Gap, at: int, *, first: bool) -> float:
    """Return how well a line fits a paragraph, 0 where it is not taken for it.

    Parameters
    ----------
    likeness : _Likeness
        How like it is.
    gap : _Gap
        Where the paragraph should stand.
    at : int
        The line.
    first : bool
        Whether a chunk of the copy begins with it.
    """
    in_place = first and gap.before < at < gap.after
    # What stands alone between the neighbours has taken the place of the whole paragraph.
    alone = in_place and gap.only == at
    by_selectors = likeness.selectors >= VOUCHED and (first or likeness.opening >= ALIKE / 2)
    if likeness.opening >= ALIKE or by_selectors or (likeness.selectors and in_place) or alone:
        return likeness.selectors + likeness.opening + in_place
    return 0.0


def _cut(
    lines: list[Line],
    openings: Mapping[int, str],
    wanted: Mapping[int, str],
    letters: list[str],
    starts: Mapping[int, int],
) -> Located:
    """Give each paragraph its lines, and gather those that belong to none."""
    located = Located(absent=[number for number in openings if number not in starts])
    opened = set(starts.values())
    owned: set[int] = set()
    for number, opening in openings.items():
        if number not in starts:
            continue
        start = starts[number]
        first, letters_wanted = letters[start], wanted[number]
        changed = not (first.startswith(letters_wanted) or letters_wanted.startswith(first))
        own = _lines_of(start, lines, letters, opened, 0 if changed else len(letters_wanted))
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
    start: int, lines: list[Line], letters: list[str], opened: set[int], opening_length: int
) -> range:
    """Return the lines of a paragraph that opens at `start`, up to where another opens or its chunk ends.

    An opening of `opening_length` letters may run over several chunks.
    """
    end, length = start + 1, len(letters[start])
    while end < len(lines) and end not in opened:
        if lines[end].chunk != lines[end - 1].chunk and length >= opening_length:
            break
        length += len(letters[end])
        end += 1
    return range(start, end)
