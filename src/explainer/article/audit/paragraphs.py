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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from explainer.article.copies import Article, Line
from explainer.english.typeset import Folded, bare
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

    def find(self, selector: Selector):
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
    cuts: dict[int, set[int]] = defaultdict(set)
    for opening in openings:
        held = [(at, hit.start) for at, text in enumerate(folded) for hit in text.find(opening)]
        if len(held) == 1:  # words that stand once cannot be the opening of anything else
            cuts[held[0][0]].add(held[0][1])
    broken = []
    for at, chunk in enumerate(chunks):
        start = 0
        for line in chunk:
            inside = [cut - start for cut in sorted(cuts[at]) if start < cut < start + len(line.text)]
            # Nothing is broken off but words: an opening may stand behind a quotation mark.
            inside = [cut for cut in inside if re.search(r"\w", line.text[:cut])]
            for first, last in itertools.pairwise([0, *inside, len(line.text)]):
                broken.append(replace(line, text=line.text[first:last].strip()))
            start += len(line.text) + 1
    return broken


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
    taken = set(starts.values())
    near = set(range(len(lines)))
    if len(lines) > MOST_UNLIKE:
        half = MOST_UNLIKE // 2
        near = {at for start in taken for at in range(start - half, start + half)}
    texts = {at: Text(None, line.text) for at, line in enumerate(lines) if at in near and at not in taken}
    scores = []
    edges = {min(wanted) - 1, max(wanted) + 1}
    for number, opening in wanted.items():
        if number in starts:
            continue
        before = max((starts[other] for other in starts if other < number), default=-1)
        after = min((starts[other] for other in starts if other > number), default=len(lines))
        between = [at for at in texts if before < at < after and lines[at].main]
        for at, text in texts.items():
            start = text.folded.bare[: len(opening)]
            alike = difflib.SequenceMatcher(None, opening, start, autojunk=False).ratio()
            own = selectors.get(number, [])
            share = sum(bool(text.find(selector)) for selector in own) / len(own) if own else 0.0
            first = at == 0 or lines[at - 1].chunk != lines[at].chunk
            in_place = first and before < at < after
            # What stands alone between the neighbours has taken the place of the whole paragraph.
            alone = in_place and between == [at] and {number - 1, number + 1} <= {*starts, *edges}
            if (
                alike >= ALIKE
                or (share >= VOUCHED and (first or alike >= ALIKE / 2))
                or (share and in_place)
                or alone
            ):
                scores.append((share + alike + in_place, -number, -at))
    for _, number, at in sorted(scores, reverse=True):
        if -number not in starts and -at not in starts.values():
            starts[-number] = -at


def _cut(
    lines: list[Line],
    openings: Mapping[int, str],
    wanted: Mapping[int, str],
    letters: list[str],
    starts: Mapping[int, int],
) -> Located:
    """Give each paragraph its lines, and gather those that belong to none."""
    owner: dict[int, int] = {at: number for number, at in starts.items()}
    changed = set()
    for number, start in starts.items():
        at, length = start, len(letters[start])
        if not (letters[start].startswith(wanted[number]) or wanted[number].startswith(letters[start])):
            changed.add(number)
        while at + 1 < len(lines) and at + 1 not in owner:
            # Lines of one chunk belong together; so does an opening that runs over several chunks.
            opening = length < len(wanted[number]) and number not in changed
            if lines[at + 1].chunk != lines[at].chunk and not opening:
                break
            at += 1
            owner[at] = number
            length += len(letters[at])
    located = Located(absent=[number for number in openings if number not in starts])
    for number in openings:
        if number in starts:
            own = "\n".join(lines[at].text for at in sorted(owner) if owner[at] == number)
            glued = frozenset(re.findall(r"\w+", Folded(openings[number]).text))
            located.paragraphs[number] = Text(
                number, own, glued, openings[number] if number in changed else ""
            )
    chunks: dict[int, list[str]] = {}
    for at, line in enumerate(lines):
        if at not in owner and line.main:
            chunks.setdefault(line.chunk, []).append(line.text)
    located.added = [Text(None, "\n".join(parts)) for parts in chunks.values()]
    return located
