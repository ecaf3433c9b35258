"""Rows of a fact sheet, proposed from the blocks of an article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from explainer.data.damage import looks_rewritten
from explainer.draft import numbers
from explainer.draft.candidate import DATELINE, NAMED, Candidate, Skipped, without_overlaps
from explainer.draft.dates import Clock
from explainer.draft.names import Names
from explainer.draft.naming import FactNames
from explainer.draft.speech import Credit, credits
from explainer.draft.unique import Block
from explainer.english.dates import spoken
from explainer.evidence.selectors import MOST_WORDS, Selector

#: Kinds that form alone decides, so that they come first.
_BY_FORM = ("date", "weekday", "time")


@dataclass(frozen=True)
class Proposal:
    """One row for an editor to accept or strike.

    Parameters
    ----------
    fact_id : str
        Slug, unique in the draft.
    paragraph : int
        Number of the block, from 1.
    candidate : Candidate
        What a rule proposes.
    selector : Selector
        Selects it, and nothing else in its block.
    attributed_to : str
        Who is credited with it; blank for the article's own voice.
    refers_to, relative_to : str
        Other rows of the draft, or blank.
    note : str
        The rule that proposed it, its value, and doubts.
    """

    fact_id: str
    paragraph: int
    candidate: Candidate
    selector: Selector
    attributed_to: str
    refers_to: str
    relative_to: str
    note: str

    def row(self) -> dict[str, str]:
        """Return the row, by column of the fact sheet."""
        candidate = self.candidate
        return {
            "fact_id": self.fact_id,
            "paragraph": str(self.paragraph),
            "kind": candidate.kind,
            "subject": _subject(candidate),
            "as_printed": candidate.printed,
            "status": "attributed" if self.attributed_to else "stated",
            "attributed_to": self.attributed_to,
            "exact": self.selector.exact,
            "prefix": self.selector.prefix,
            "suffix": self.selector.suffix,
            "unit": candidate.unit,
            "refers_to": self.refers_to,
            "relation": candidate.relation,
            "relative_to": self.relative_to,
            "note": self.note,
        }

    def skipped(self, reason: str) -> Skipped:
        """Return what it proposes as skipped."""
        return Skipped(self.candidate.start, self.candidate.end, self.candidate.printed, reason)

    def without(self, gone: Collection[str]) -> Proposal:
        """Return the row without references to facts that are gone."""
        refers_to = "" if self.refers_to in gone else self.refers_to
        relative_to = "" if self.relative_to in gone else self.relative_to
        return replace(self, refers_to=refers_to, relative_to=relative_to)


@dataclass
class Proposals:
    """The rows proposed for an article, and what was skipped.

    Parameters
    ----------
    blocks : list of str
        The article.
    dateline : date
        The day to resolve its dates against.
    dateline_block : int or None
        Which block gives that day, from 0.
    gazetteer : mapping of str to str
        Kind of each name that is known beforehand.
    """

    blocks: list[str]
    dateline: date
    dateline_block: int | None = None
    gazetteer: Mapping[str, str] = field(default_factory=dict)
    rows: list[Proposal] = field(default_factory=list)
    skipped: list[tuple[int, Skipped]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names = FactNames()
        self._first: dict[str, str] = {}
        self._dateline_fact = ""
        self._whole = "\n".join(self.blocks)
        names = Names(self.gazetteer)
        names.learn(self.blocks)
        clock = Clock(self.dateline)
        # The block with the dateline first: intervals that are counted from it name its fact.
        order = sorted(range(len(self.blocks)), key=lambda place: (place != self.dateline_block, place))
        items = [without_overlaps(_find(text, clock, names)) for text in self.blocks]
        candidates = [[item for item in read if isinstance(item, Candidate)] for read in items]
        self.credits = credits(self.blocks, candidates)
        for place, read in enumerate(items):
            self.skipped += [(place + 1, item) for item in read if isinstance(item, Skipped)]
        for place in order:
            self._propose(place, candidates[place])
        self.rows.sort(key=lambda row: (row.paragraph, row.candidate.start))
        self.skipped.sort(key=lambda item: (item[0], item[1].start))

    def skip(self, rows: Mapping[int, str]) -> None:
        """Move rows, by their position, to what was skipped, each with the reason."""
        gone = {self.rows[at].fact_id for at in rows}
        self.skipped += [
            (row.paragraph, row.skipped(rows[at])) for at, row in enumerate(self.rows) if at in rows
        ]
        self.skipped.sort(key=lambda item: (item[0], item[1].start))
        self.rows = [row.without(gone) for at, row in enumerate(self.rows) if at not in rows]

    def _propose(self, place: int, candidates: list[Candidate]) -> None:
        text, by_sentence = self.blocks[place], self.credits[place]
        block = Block(text)
        selected = [(candidate, self._selector(place, block, candidate)) for candidate in _once(candidates)]
        chosen = [(candidate, selector) for candidate, selector in selected if selector]
        ids = {
            candidate.start: self._names.give(text, _sentence_of(by_sentence, candidate), candidate)
            for candidate, _ in chosen
        }
        if place == self.dateline_block:
            self._dateline_fact = self._fact_of_dateline(chosen, ids)
        before: Candidate | None = None
        for candidate, selector in chosen:
            credit = _credit_at(by_sentence, candidate.start)
            self.rows.append(
                Proposal(
                    fact_id=ids[candidate.start],
                    paragraph=place + 1,
                    candidate=candidate,
                    selector=selector,
                    attributed_to=credit.speaker if credit.covers(candidate, text) else "",
                    refers_to=self._refers_to(text, candidate, before, ids),
                    relative_to=self._relative_to(candidate, ids),
                    note=_note(candidate, credit),
                )
            )
            before = candidate

    def _fact_of_dateline(self, chosen: list[tuple[Candidate, Selector]], ids: Mapping[int, str]) -> str:
        """Return the fact that gives the dateline; blank if none of those chosen in its block does."""
        day = str(self.dateline)
        return next((ids[candidate.start] for candidate, _ in chosen if candidate.value == day), "")

    def _refers_to(
        self, text: str, candidate: Candidate, before: Candidate | None, ids: Mapping[int, str]
    ) -> str:
        """Return the first fact of the same name, or of an age the person it belongs to; blank if none."""
        fact_id = ids[candidate.start]
        if candidate.key:
            first = self._first.setdefault(candidate.key, fact_id)
            return first if first != fact_id else ""
        return _person_of(text, before, candidate, ids) if candidate.kind == "age" and before else ""

    def _relative_to(self, candidate: Candidate, ids: Mapping[int, str]) -> str:
        if candidate.anchor is None:
            return ""
        return self._dateline_fact if candidate.anchor == DATELINE else ids.get(candidate.anchor, "")

    def _selector(self, place: int, block: Block, candidate: Candidate) -> Selector | None:
        selector = None
        if len(candidate.printed.split()) > MOST_WORDS:
            reason = f"longer than {MOST_WORDS} words"
        else:
            selector = block.select(candidate.start, candidate.end, candidate.reach, self._whole)
            reason = "no neighbors tell it from the same words elsewhere in the paragraph"
            if looks_rewritten(candidate.printed):
                reason = "a date alone, printed as a spreadsheet writes dates"
        if selector is None:
            skipped = Skipped(candidate.start, candidate.end, candidate.printed, reason)
            self.skipped.append((place + 1, skipped))
        return selector


def _find(text: str, clock: Clock, names: Names) -> Iterator[Candidate | Skipped]:
    """Yield all candidates of a block, those of the surest rules first."""
    times = list(clock.find(text))
    yield from (time for time in times if time.kind in _BY_FORM)
    yield from numbers.codes(text)
    yield from (time for time in times if time.kind not in _BY_FORM)
    yield from numbers.find(text)
    yield from names.find(text)
    yield from numbers.rest(text)


def _once(candidates: list[Candidate]) -> Iterator[Candidate]:
    """Yield candidates, but each name once per paragraph if it is printed the same way."""
    names: set[tuple[str, str]] = set()
    for candidate in candidates:
        name = (candidate.key, candidate.printed)
        if not candidate.key or name not in names:
            names.add(name)
            yield candidate


def _person_of(text: str, before: Candidate, age: Candidate, ids: Mapping[int, str]) -> str:
    """Return the fact of the person whose age follows the name."""
    beside = before.kind == "person" and text[before.end : age.start] in (", ", " ")
    return ids[before.start] if beside else ""


def _subject(candidate: Candidate) -> str:
    """Return a first wording of what a row is about."""
    if candidate.kind in ("date", "weekday"):
        return spoken(date.fromisoformat(candidate.value))
    if candidate.kind in NAMED:
        return candidate.name
    if candidate.kind in ("count", "measure"):
        return candidate.unit[:1].upper() + candidate.unit[1:] if candidate.unit else "Count"
    return {
        "money": "Sum of money",
        "age": "Age",
        "percentage": "Share",
        "time": "Time of day",
        "interval": "Stretch of time",
    }[candidate.kind]


def _sentence_of(by_sentence: list[Credit], candidate: Candidate) -> tuple[int, int]:
    credit = _credit_at(by_sentence, candidate.start)
    return credit.start, credit.end


def _credit_at(by_sentence: list[Credit], place: int) -> Credit:
    return by_sentence[bisect_right(by_sentence, place, key=lambda credit: credit.start) - 1]


def _note(candidate: Candidate, credit: Credit) -> str:
    parts = [f"proposed: {candidate.rule}", candidate.value, candidate.says, credit.doubt]
    return "; ".join(part for part in parts if part)
