"""Whether all that an article mentions is accounted for: by a fact, or by the list of what is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explainer.article.audit.facts import NAMES, FactSheet, LeftOut
from explainer.article.audit.paragraphs import Located, Text
from explainer.english.mentions import capitals_within, mentions, name_words, small_words

#: Roles of paragraphs that are set as headlines are, many words with capitals.
TITLED = frozenset({"headline", "kicker", "link"})
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
        Where it stands there.
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
        Mentions that facts cover, and those that are on the list for at least one of their words.
    uncovered : list of Uncovered
        The rest.
    stale : list of LeftOut
        Rows of the list whose words do not stand in their paragraph.
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
        Ranges that facts account for, by paragraph: where they were found, and what changed ones say now.
    """
    on_list, stale = listed(sheet, located)
    known = _known(sheet, located)
    common = {word for text in located.texts for word in small_words(text.text)}
    places = {word for place in sheet.places for word in name_words(place)}
    result = Coverage(0, 0, [], stale)
    for text in located.texts:
        by_fact = [*explained.get(text.number, []), *printed(sheet, text)] if text.number else []
        accounted = [*by_fact, *on_list.get(text.number, [])] if text.number else []
        titled = sheet.roles.get(text.number) in TITLED
        for mention in mentions(text.text, known=known, common=common, titled=titled):
            rest = [part for part in mention.parts if not _within(part, accounted)]
            if rest:
                name = text.text[rest[0][0] : rest[-1][1]]
                kind = "place" if mention.kind == "name" and name_words(name) <= places else mention.kind
                result.uncovered.append(Uncovered(text, kind, rest[0][0], rest[-1][1]))
            elif all(_within(part, by_fact) for part in mention.parts):
                result.covered += 1
            else:
                result.left_out += 1
    return result


def listed(sheet: FactSheet, located: Located) -> tuple[dict[int, list[Range]], list[LeftOut]]:
    """Return the ranges that are left out on purpose, by paragraph, and the rows that name no words there."""
    ranges: dict[int, list[Range]] = {}
    stale = []
    for row in sheet.left_out:
        text = located.paragraphs.get(row.paragraph)
        hits = text.folded.find(row.words, glued=text.glued) if text else []
        ranges.setdefault(row.paragraph, []).extend((hit.start, hit.end) for hit in hits)
        if not hits:
            stale.append(row)
    return ranges, stale


def printed(sheet: FactSheet, text: Text) -> list[Range]:
    """Return where the tokens of a paragraph's facts stand in it."""
    return [
        (hit.start, hit.end)
        for fact in sheet.facts
        if fact.paragraph == text.number
        for hit in fact.printed_in(text)
    ]


def _known(sheet: FactSheet, located: Located) -> set[str]:
    """Return words that are parts of names, by fact sheet, gazetteer and the article's own sentences."""
    names = [fact.as_printed for fact in sheet.facts if fact.kind in NAMES] + sheet.places
    known = {word for name in names for word in name_words(name)}
    for number, text in located.paragraphs.items():
        if sheet.roles.get(number) in _BODY:
            known |= capitals_within(text.text)
    return known


def _within(part: Range, ranges: Sequence[Range]) -> bool:
    return any(start <= part[0] and part[1] <= end for start, end in ranges)
