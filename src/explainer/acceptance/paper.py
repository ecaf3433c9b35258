"""The PDF of a page of prose, held against that page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

from explainer.acceptance.reading import Page, squeezed, words

#: What stands in a paragraph and is another thing on paper: sources, notes, and what opens or only a screen
#: reader is told.
ELSEWHERE = "contains(@class, 'cited') or contains(@class, 'status') or @role='doc-noteref' or @popover"
TEXTS = f".//text()[not(ancestor::*[{ELSEWHERE}])]"
#: Paragraphs of the page that are its text; notes stand at the foot of the sheet on paper.
BESIDE = "self::figure or self::nav or @popover or @id='refs' or @role='doc-endnotes' or @id='footnotes'"
PROSE = f".//p[not(ancestor::*[{BESIDE}])]"
#: Marks that may stand after the sign of a note on paper and before it on the page, or the other way round.
STOPS = ".,;:"


class Paper:
    """One PDF of a report.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        with pypdfium2.PdfDocument(path) as document:
            self.headings = [words(one.get_title()) for one in document.get_toc()]
            texts = [page.get_textpage().get_text_bounded() for page in document]
        #: The words of each page, without white space and hyphens.
        self.pages = [_plain(text) for text in texts]

    def place(self, stretch: str, after: tuple[int, int]) -> tuple[int, int] | None:
        """Return page and place of the next such words, whole or going on overleaf; None if none."""
        for number in range(after[0], len(self.pages)):
            start = after[1] if number == after[0] else 0
            place = self.pages[number].find(stretch, start)
            if place >= 0:
                return number, place
            if number + 1 < len(self.pages) and (place := self._overleaf(number, stretch, start)) >= 0:
                return number, place
        return None

    def _overleaf(self, number: int, stretch: str, start: int) -> int:
        """Return where a stretch begins on one page that goes on at the next; -1 if it does not."""
        here, there = self.pages[number], self.pages[number + 1]
        for length in range(len(stretch) - 1, 0, -1):
            place = here.find(stretch[:length], start)
            if place >= 0:
                return place if stretch[length:] in there else -1
        return -1


def differences(page: Page, paper: Paper) -> Iterator[str]:
    """Yield what a page has that its PDF has not, or not in its order: headings, then words.

    The PDF may have more at its end: the list of sources stands on one page only.
    """
    headings = [text for tag, _, text in page.headings if tag != "h1"]
    for at, heading in enumerate(headings):
        if paper.headings[at : at + 1] != [heading]:
            yield f"the heading {heading!r} is not heading {at + 1} of the PDF"
            break
    last = (0, 0)
    for paragraph in page.main.xpath(PROSE):
        for text in paragraph.xpath(TEXTS):
            place = paper.place(_plain(text).strip(STOPS), last)
            if place is None:
                yield f"not in the PDF, or not in this order: {words(text)[:80]!r}"
                break
            last = place


def _plain(text: str) -> str:
    """Return a text without white space and hyphens, as PDFium does not tell which stand at a line's end."""
    return re.sub("[-\u2010\x02\ufffe]", "", squeezed(text))
