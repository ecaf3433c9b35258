"""The PDF against the page: a number on paper must be one of the page, between the same words.

The text of a PDF is one stream: paragraphs are cut by pages, notes stand between, figures stand elsewhere,
long tables at the end. So numbers are held against those of the page one by one, by the letters around them,
and each number of the page accounts for one on paper. What paper adds by rule is known beforehand: page
numbers, numbers of notes, where a table stands, heads that are repeated, the signs of what is not stated.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html

from explainer.verify.numbers import page, tokens

#: How many letters on one side tell a place from others.
REACH = 12
ENOUGH = 9
SENT_ON = re.compile(r"Data table on page \d+")
#: What paper alone has after words that it marks: by a letter how the report comes by them, and who says so.
SIGN = re.compile(r"\[(?:a(?:: [^\[\]]*)?|[ci])\]")
BROKEN = re.compile(r"(?<=\w[-\u2010\u2011\u2013/])\s*\n\s*(?=\w)")


@dataclass(frozen=True)
class Place:
    """A number with the letters around it.

    Parameters
    ----------
    key : str
        What it says.
    before, after : str
        The letters on each side, as far as the passage and `REACH` go.
    start : int
        Where it begins in its text.
    """

    key: str
    before: str
    after: str
    start: int = 0

    def accounts_for(self, other: Place) -> bool:
        """Return whether a number on paper may be this one of the page.

        On one side a page may end, a note or a mark may stand between: then the other side has to do.
        """
        if other.before.endswith(self.before) and other.after.startswith(self.after):
            return True
        one_side = (self.before, other.before), (self.after, other.after)
        return any(len(mine) >= ENOUGH and mine == theirs for mine, theirs in one_side)


def unaccounted(tree: lxml.html.HtmlElement, pdf: str) -> Iterator[tuple[str, tokens.Token]]:
    """Yield the numbers of a PDF that the page does not have there, with the text that they stand in.

    Parameters
    ----------
    tree : lxml.html.HtmlElement
        The finished page.
    pdf : str
        The text of the PDF, its pages apart by form feeds.
    """
    notes = page.notes(tree)
    text = _as_read(pdf, dict(notes))
    known: dict[str, list[Place]] = {}
    again: dict[str, list[Place]] = {}
    for passage, repeats in page.printed(tree):
        for place in _places(passage):
            (again if repeats else known).setdefault(place.key, []).append(place)
    # Each note has its mark, as often as it is pointed at, and stands at its entry.
    for number in [*(number for number, _ in notes), *dict(notes)]:
        known.setdefault(str(number), []).append(Place(str(number), "", ""))
    printed = page.addresses(tree)
    on_paper: dict[str, list[tuple[Place, tokens.Token]]] = {}
    for place, token in zip(_places(text), tokens.find(text), strict=True):
        if not _in_address(text, token, printed):
            on_paper.setdefault(place.key, []).append((place, token))
    left = []
    for key, found in on_paper.items():
        rest = [one for one in found if not any(own.accounts_for(one[0]) for own in again.get(key, []))]
        left += _unmatched(rest, known.get(key, []))
    spare = Counter({key: len(places) - len(on_paper.get(key, [])) for key, places in known.items()})
    for token in sorted(left, key=lambda token: token.start):
        if not _run_together(token.text, spare):
            yield text, token


def _run_together(figures: str, spare: Counter[str]) -> bool:
    """Return whether figures are two numbers that paper lacks, side by side in a drawing there."""
    for at in range(1, len(figures)):
        parts = Counter([figures[:at], figures[at:]])
        if all(spare[part] >= wanted for part, wanted in parts.items()):
            spare.subtract(parts)
            return True
    return False


def _as_read(pdf: str, notes: dict[int, str]) -> str:
    """Return the text of a PDF: no page numbers, broken words whole, notes apart from their numbers."""
    pages = pdf.split("\f")
    footer = [rf"(?<!\d){number} / {len(pages)}(?!\d)" for number in range(1, len(pages) + 1)]
    kept = (re.sub(own, " ", words, count=1) for own, words in zip(footer, pages, strict=True))
    text = SENT_ON.sub("Data table on page", unicodedata.normalize("NFKC", "\n".join(kept)))
    for number, entry in notes.items():
        text = text.replace(f"\n{number}{entry[:ENOUGH]}", f"\n{number} {entry[:ENOUGH]}")
    return " ".join(SIGN.sub(" ", " ".join(BROKEN.sub("", text).split())).split())


def _in_address(text: str, token: tokens.Token, printed: list[str]) -> bool:
    """Return whether a number is within an address, which paper breaks into lines anywhere."""
    beside = text[max(0, token.start - 1) : token.start] + text[token.end : token.end + 1]
    if not beside.strip():
        return False
    before = "".join(text[max(0, token.start - 2 * ENOUGH) : token.start].split())[-5:]
    after = "".join(text[token.end : token.end + 2 * ENOUGH].split())[:5]
    return any(before + token.text in address or token.text + after in address for address in printed)


def _places(text: str) -> Iterator[Place]:
    for token in tokens.find(text):
        before = _letters(text[max(0, token.start - 6 * REACH) : token.start])[-REACH:]
        after = _letters(text[token.end : token.end + 6 * REACH])[:REACH]
        yield Place(token.key, before, after, token.start)


def _letters(text: str) -> str:
    """Return the letters of `text` alone: figures between them may be those of notes."""
    return re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _unmatched(found: list[tuple[Place, tokens.Token]], known: list[Place]) -> list[tokens.Token]:
    """Return the numbers on paper that are left when each of the page accounts for one, as many as can."""
    order = sorted(range(len(known)), key=lambda at: -len(known[at].before) - len(known[at].after))
    fits = [[at for at in order if known[at].accounts_for(place)] for place, _ in found]
    taken: dict[int, int] = {}

    def take(number: int, tried: set[int]) -> bool:
        for at in fits[number]:
            if at not in tried:
                tried.add(at)
                if at not in taken or take(taken[at], tried):
                    taken[at] = number
                    return True
        return False

    # Those with least choice first: what no place of the page can account for is then what is left.
    for number in sorted(range(len(found)), key=lambda number: len(fits[number])):
        take(number, set())
    matched = set(taken.values())
    return [token for number, (_, token) in enumerate(found) if number not in matched]
