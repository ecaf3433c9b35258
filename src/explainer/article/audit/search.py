"""Where each fact occurs in a copy, and what happened to those that moved or changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from explainer.article.audit import changes
from explainer.article.audit.coverage import Range, listed
from explainer.article.audit.facts import Fact, FactSheet
from explainer.article.audit.paragraphs import Located, Text
from explainer.english.typeset import FoldedTexts, Hit
from explainer.english.word_breaks import Cut, cuts


@dataclass
class Finding:
    """The result for one fact.

    Parameters
    ----------
    fact : Fact
        The fact.
    status : str
        ``found`` (once, in its paragraph), ``missing`` or ``ambiguous``.
    change : str
        Of a missing fact: ``changed`` (other words in its place), ``gone`` (nothing like it),
        ``neighbors`` (its words occur there, but not those around them), ``moved`` (to another
        paragraph), ``token`` (found, but the token of ``as_printed`` is not).
    now : str
        The words in its place, if there are any.
    around : str
        Those words with what stands around them; what changed is between brackets.
    places : list of str
        Of an ambiguous or moved fact: each place where its words occur.
    """

    fact: Fact
    status: str = "found"
    change: str = ""
    now: str = ""
    around: str = ""
    places: list[str] = field(default_factory=list)


class Search:
    """Searches for all facts: those that are there first, since no other fact can have been replaced by them.

    Parameters
    ----------
    sheet : FactSheet
        The fact sheet.
    located : Located
        The paragraphs of the copy.
    """

    def __init__(self, sheet: FactSheet, located: Located) -> None:
        self._sheet = sheet
        self._located = located
        self._hits: dict[str, list[tuple[Text, Hit]]] = {}
        #: Ranges that facts account for, by paragraph: their words, or what has replaced them.
        self.explained: dict[int, list[Range]] = defaultdict(list)
        self._replaced: dict[int, list[Range]] = defaultdict(list)
        # Ranges of unchanged words, by paragraph.
        self._confirmed: dict[int, list[Range]] = defaultdict(list)
        self._places: dict[str, int] = {}
        texts = located.texts
        index = FoldedTexts([text.folded for text in texts], [text.glued for text in texts])
        for fact in sheet.facts:
            selector = fact.selector
            near = (texts[at] for at in index.containing(selector.prefix, selector.exact, selector.suffix))
            self._hits[fact.fact_id] = [(text, hit) for text in near for hit in text.find(fact.selector)]
            own = self._own(fact)
            # Neighbors only tell places apart: what they mention needs a fact of its own.
            self.explained[fact.paragraph] += [(hit.start, hit.end) for hit in own]
            if len(own) == 1:
                self._confirmed[fact.paragraph].append((own[0].outer_start, own[0].outer_end))
                self._places[fact.fact_id] = own[0].start
        for number, ranges in listed(sheet, located)[0].items():
            self._confirmed[number] += ranges

    def findings(self) -> list[Finding]:
        """Return the result for each fact, in the order of the sheet."""
        lost = {fact.fact_id: self._lost(fact) for fact in self._sheet.facts if not self._own(fact)}
        return [lost.get(fact.fact_id) or self._found(fact) for fact in self._sheet.facts]

    def twins(self) -> list[tuple[Fact, Fact]]:
        """Return pairs of facts of one kind that rest on the same words, or in part on the same."""
        before: dict[tuple[int, str], list[tuple[Fact, Hit]]] = defaultdict(list)
        pairs: dict[tuple[str, str], tuple[Fact, Fact]] = {}
        for fact in self._sheet.facts:
            alike = before[fact.paragraph, fact.kind]
            own = self._own(fact)
            for other, there in alike:
                if any(hit.start < there.end and there.start < hit.end for hit in own):
                    pairs[other.fact_id, fact.fact_id] = other, fact
            alike += [(fact, hit) for hit in own]
        return list(pairs.values())

    def cuts(self) -> list[tuple[Fact, Cut]]:
        """Return the words inside of which those of a fact begin or end, where it occurs once."""
        return [
            (fact, cut)
            for fact in self._sheet.facts
            for text, hit in self._hits[fact.fact_id]
            if text.number == fact.paragraph and len(self._own(fact)) == 1
            for cut in cuts(text.text, hit.outer_start, hit.outer_end)
        ]

    def _own(self, fact: Fact) -> list[Hit]:
        """Return where a fact occurs in its own paragraph."""
        return [hit for text, hit in self._hits[fact.fact_id] if text.number == fact.paragraph]

    def _lost(self, fact: Fact) -> Finding:
        if elsewhere := self._hits[fact.fact_id]:
            return Finding(fact, "missing", "moved", places=[_place(*each) for each in elsewhere])
        text = self._located.paragraphs.get(fact.paragraph)
        if text is None:
            return Finding(fact, "missing", "gone")
        anchors = changes.anchors(fact, self._sheet.by_paragraph[fact.paragraph], self._places)
        replacement = changes.find_replacement(fact, text, self._confirmed[fact.paragraph], anchors)
        if replacement is None:
            return Finding(fact, "missing", "gone")
        self.explained[fact.paragraph].append((replacement.start, replacement.end))
        self._replaced[fact.paragraph].append((replacement.start, replacement.end))
        return Finding(
            fact,
            "missing",
            "neighbors" if replacement.same else "changed",
            now=" ".join(text.text[replacement.start : replacement.end].split()),
            around=around(text.text, replacement.start, replacement.end),
        )

    def _found(self, fact: Fact) -> Finding:
        hits = self._hits[fact.fact_id]
        if len(hits) > 1:
            # Words that have replaced another fact raise no doubt about this one.
            rest = [(text, hit) for text, hit in hits if not self._is_replacement(text, hit)]
            if len(rest) == 1 and rest[0][0].number == fact.paragraph:
                hits = rest
        if len(hits) > 1:
            return Finding(fact, "ambiguous", places=[_place(*each) for each in hits])
        ((text, hit),) = hits
        if not fact.printed_in(text):
            return Finding(fact, "missing", "token", around=around(text.text, hit.start, hit.end))
        return Finding(fact)

    def _is_replacement(self, text: Text, hit: Hit) -> bool:
        ranges = self._replaced.get(text.number, []) if text.number else []
        return any(start < hit.end and hit.start < end for start, end in ranges)


def around(text: str, start: int, end: int, reach: int = 40) -> str:
    """Return a range of a text between brackets, with whole words before and after it."""
    first, last = max(0, start - reach), min(len(text), end + reach)
    before, after = text[first:start], text[end:last]
    if first > 0:
        before = "…" + before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(f"{before}[{text[start:end]}]{after}".split())


def _place(text: Text, hit: Hit) -> str:
    where = f"paragraph {text.number}" if text.number else "outside the paragraphs"
    return f"{where}: {around(text.text, hit.start, hit.end)}"
