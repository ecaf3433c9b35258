"""Rows of a fact sheet, proposed from the blocks of an article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from explainer.draft import numbers
from explainer.draft.dates import Clock
from explainer.draft.mention import DATELINE, LeftOut, Mention, without_overlaps
from explainer.draft.names import Names
from explainer.draft.speech import Credit, credits
from explainer.draft.unique import Block
from explainer.english.dates import spoken
from explainer.evidence.selectors import MOST_WORDS, Selector

NAMED = ("person", "organization", "place", "facility", "system", "agreement")
#: Kinds whose form alone settles them, so that they come before everything else.
_SURE = ("date", "weekday", "time")
_SLUG_LENGTH = 48


@dataclass(frozen=True)
class Proposal:
    """One row for an editor to accept or strike.

    Parameters
    ----------
    fact_id : str
        Slug, unique in the draft.
    paragraph : int
        Number of the block, from 1.
    mention : Mention
        What was found.
    selector : Selector
        Finds it, and nothing else in its block.
    attributed_to : str
        Who is credited with it; blank for the article's own voice.
    refers_to, relative_to : str
        Other rows of the draft, or blank.
    note : str
        The rule that proposed it, what it comes to, and doubts.
    """

    fact_id: str
    paragraph: int
    mention: Mention
    selector: Selector
    attributed_to: str
    refers_to: str
    relative_to: str
    note: str

    def row(self) -> dict[str, str]:
        """Return the row, by column of the fact sheet."""
        mention = self.mention
        return {
            "fact_id": self.fact_id,
            "paragraph": str(self.paragraph),
            "kind": mention.kind,
            "subject": _subject(mention),
            "as_printed": mention.printed,
            "status": "attributed" if self.attributed_to else "stated",
            "attributed_to": self.attributed_to,
            "exact": self.selector.exact,
            "prefix": self.selector.prefix,
            "suffix": self.selector.suffix,
            "unit": mention.unit,
            "refers_to": self.refers_to,
            "relation": mention.relation,
            "relative_to": self.relative_to,
            "note": self.note,
        }


@dataclass
class Proposals:
    """What was found in an article: the rows, and what was seen and not proposed.

    Parameters
    ----------
    blocks : list of str
        The article.
    dateline : date
        What its dates are resolved against.
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
    left_out: list[tuple[int, LeftOut]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids: set[str] = set()
        self._first: dict[str, str] = {}
        self._dateline_fact = ""
        self._whole = "\n".join(self.blocks)
        names = Names(self.gazetteer)
        names.learn(self.blocks)
        clock = Clock(self.dateline)
        # The block with the dateline first: intervals that are counted from it name its fact.
        order = sorted(range(len(self.blocks)), key=lambda place: (place != self.dateline_block, place))
        for place in order:
            found = without_overlaps(_find(self.blocks[place], clock, names))
            self._propose(place, found)
        self.rows.sort(key=lambda row: (row.paragraph, row.mention.start))
        self.left_out.sort(key=lambda item: (item[0], item[1].start))

    def _propose(self, place: int, found: list[Mention | LeftOut]) -> None:
        text = self.blocks[place]
        block = Block(text)
        mentions = [item for item in found if isinstance(item, Mention)]
        self.left_out += [(place + 1, item) for item in found if isinstance(item, LeftOut)]
        by_sentence = credits(text, mentions)
        chosen = [(mention, self._selector(place, block, mention)) for mention in _once(mentions)]
        chosen = [(mention, selector) for mention, selector in chosen if selector]
        ids = {mention.start: self._new_id(mention) for mention, _ in chosen}
        if place == self.dateline_block and not self._dateline_fact:
            wanted = str(self.dateline)
            self._dateline_fact = next((ids[m.start] for m, _ in chosen if m.value == wanted), "")
        for number, (mention, selector) in enumerate(chosen):
            fact_id = ids[mention.start]
            refers_to = ""
            if mention.key:
                first = self._first.setdefault(mention.key, fact_id)
                refers_to = first if first != fact_id else ""
            elif mention.kind == "age" and number:
                refers_to = _bearer(text, chosen[number - 1][0], mention, ids)
            anchor = mention.anchor
            relative_to = self._dateline_fact if anchor == DATELINE else ids.get(anchor, "")
            credit = next(c for c in by_sentence if c.start <= mention.start < c.end)
            speaker = credit.speaker if credit.covers(mention, text) else ""
            note = _note(mention, credit)
            self.rows.append(
                Proposal(fact_id, place + 1, mention, selector, speaker, refers_to, relative_to, note)
            )

    def _selector(self, place: int, block: Block, mention: Mention) -> Selector | None:
        selector = None
        if len(mention.printed.split()) > MOST_WORDS:
            reason = f"longer than {MOST_WORDS} words"
        else:
            selector = block.select(mention.start, mention.end, mention.reach, self._whole)
            reason = "no neighbours tell it from the same words elsewhere in the paragraph"
        if selector is None:
            left = LeftOut(mention.start, mention.end, mention.printed, reason)
            self.left_out.append((place + 1, left))
        return selector

    def _new_id(self, mention: Mention) -> str:
        unit = mention.unit if mention.kind in ("count", "measure", "money") else ""
        prefix = "age " if mention.kind == "age" else ""
        name = mention.name if mention.kind in NAMED else mention.printed
        slug = slugged(f"{prefix}{name} {unit}") or mention.kind
        fact_id, number = slug, 1
        while fact_id in self._ids:
            number += 1
            fact_id = f"{slug}-{number}"
        self._ids.add(fact_id)
        return fact_id


def slugged(text: str) -> str:
    """Return `text` as a slug: plain small letters and digits, parted by hyphens; blank if it has neither."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) >= _SLUG_LENGTH:
            break
        slug = f"{slug}-{word[:_SLUG_LENGTH]}" if slug else word[:_SLUG_LENGTH]
    return slug


def _find(text: str, clock: Clock, names: Names) -> Iterator[Mention | LeftOut]:
    """Yield all that the rules find in a block, the surest first."""
    times = list(clock.find(text))
    yield from (found for found in times if found.kind in _SURE)
    yield from numbers.codes(text)
    yield from (found for found in times if found.kind not in _SURE)
    yield from numbers.find(text)
    yield from names.find(text)
    yield from numbers.rest(text)


def _once(mentions: list[Mention]) -> Iterator[Mention]:
    """Yield mentions without the second and later ones of a name printed the same way in one paragraph."""
    seen: set[tuple[str, str]] = set()
    for mention in mentions:
        if mention.key:
            if (mention.key, mention.printed) in seen:
                continue
            seen.add((mention.key, mention.printed))
        yield mention


def _bearer(text: str, before: Mention, age: Mention, ids: Mapping[int, str]) -> str:
    """Return the fact of the person whose age stands right behind the name."""
    beside = before.kind == "person" and text[before.end : age.start] in (", ", " ")
    return ids[before.start] if beside else ""


def _subject(mention: Mention) -> str:
    """Return a first wording of what a row is about."""
    if mention.kind in ("date", "weekday"):
        return spoken(date.fromisoformat(mention.value))
    if mention.kind in NAMED:
        return mention.name
    if mention.kind in ("count", "measure"):
        return mention.unit[:1].upper() + mention.unit[1:] if mention.unit else "Count"
    return {
        "money": "Sum of money",
        "age": "Age",
        "percentage": "Share",
        "time": "Time of day",
        "interval": "Stretch of time",
    }[mention.kind]


def _note(mention: Mention, credit: Credit) -> str:
    parts = [f"proposed: {mention.rule}", mention.value, mention.says, credit.doubt]
    return "; ".join(part for part in parts if part)
