"""Whether each mention in an article is accounted for: by a fact, or by the list of what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explainer.article.audit.facts import NAMES, FactSheet, LeftOut
from explainer.article.audit.paragraphs import Located, Text
from explainer.english.mentions import (
    Mention,
    capitalized_within_sentences,
    lowercase_words,
    mentions,
    name_words,
)

#: Roles of paragraphs set like headlines, many words with capitals.
TITLED = frozenset({"headline", "kicker", "subheading", "link"})
_BODY = frozenset({"body", "caption", "standfirst"})

Range = tuple[int, int]


@dataclass(frozen=True)
class Uncovered:
    """A mention that nothing accounts for.

    Parameters
    ----------
    text : Text
        The paragraph, or the lines that belong to none.
    kind : str
        ``date``, ``weekday``, ``time``, ``month``, ``number``, ``name``, or ``place`` for a name of the
        gazetteer.
    start, end : int
        Its range in the text.
    """

    text: Text
    kind: str
    start: int
    end: int


@dataclass
class Coverage:
    """How the mentions of a copy are accounted for.

    Parameters
    ----------
    covered, left_out : int
        Mentions that facts cover, and those of which at least one word is on the list.
    uncovered : list of Uncovered
        The rest.
    stale : list of LeftOut
        Rows of the list whose words do not occur in their paragraph.
    """

    covered: int
    left_out: int
    uncovered: list[Uncovered]
    stale: list[LeftOut]

    @property
    def total(self) -> int:
        """All mentions."""
        return self.covered + self.left_out + len(self.uncovered)


def cover(sheet: FactSheet, located: Located, explained: dict[int, list[Range]]) -> Coverage:
    """Account for every mention.

    Parameters
    ----------
    sheet : FactSheet
        The facts and the list of what is left out.
    located : Located
        The paragraphs of the copy.
    explained : dict
        Ranges that facts account for, by paragraph: their words, or what has replaced them.
    """
    on_list, stale = listed(sheet, located)
    known = _known(sheet, located)
    common = {word for text in located.texts for word in lowercase_words(text.text)}
    places = {word for place in sheet.places for word in name_words(place)}
    result = Coverage(0, 0, [], stale)
    for text in located.texts:
        by_fact = _by_fact(sheet, text, explained)
        accounted = by_fact + on_list.get(text.number or 0, [])
        titled = sheet.roles.get(text.number or 0) in TITLED
        for mention in mentions(text.text, known=known, common=common, titled=titled):
            if uncovered := _uncovered(text, mention, accounted, places):
                result.uncovered.append(uncovered)
                continue
            covered = all(_within(part, by_fact) for part in mention.parts)
            result.covered += covered
            result.left_out += not covered
    return result


def _uncovered(text: Text, mention: Mention, accounted: list[Range], places: set[str]) -> Uncovered | None:
    """Return the parts of a mention that nothing accounts for, from the first of them to the last."""
    rest = [part for part in mention.parts if not _within(part, accounted)]
    if not rest:
        return None
    start, end = rest[0][0], rest[-1][1]
    is_place = mention.kind == "name" and name_words(text.text[start:end]) <= places
    return Uncovered(text, "place" if is_place else mention.kind, start, end)


def listed(sheet: FactSheet, located: Located) -> tuple[dict[int, list[Range]], list[LeftOut]]:
    """Return the ranges that are left out on purpose, by paragraph, and the rows whose words do not occur."""
    ranges: dict[int, list[Range]] = {}
    stale = []
    for row in sheet.left_out:
        text = located.paragraphs.get(row.paragraph)
        hits = text.folded.find(row.words, glued=text.glued) if text else []
        ranges.setdefault(row.paragraph, []).extend((hit.start, hit.end) for hit in hits)
        if not hits:
            stale.append(row)
    return ranges, stale


def _by_fact(sheet: FactSheet, text: Text, explained: dict[int, list[Range]]) -> list[Range]:
    """Return the ranges of a text that facts account for: by their selectors and by their tokens."""
    if text.number is None:
        return []
    facts = sheet.by_paragraph.get(text.number, [])
    printed = [(hit.start, hit.end) for fact in facts for hit in fact.printed_in(text)]
    return [*explained.get(text.number, []), *printed]


def _known(sheet: FactSheet, located: Located) -> set[str]:
    """Return words that are parts of names, by fact sheet, gazetteer and the article's own sentences."""
    names = [fact.as_printed for fact in sheet.facts if fact.kind in NAMES] + sheet.places
    known = {word for name in names for word in name_words(name)}
    for number, text in located.paragraphs.items():
        if sheet.roles.get(number) in _BODY:
            known |= capitalized_within_sentences(text.text)
    return known


def _within(part: Range, ranges: Sequence[Range]) -> bool:
    return any(start <= part[0] and part[1] <= end for start, end in ranges)
