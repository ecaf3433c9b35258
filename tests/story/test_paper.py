"""The story's PDFs: the sheet, how full each page is, and that everything stands in the order of the text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

import story
from reading import Page, words
from tagged import Tags

pytestmark = pytest.mark.slow

LETTER = (612, 792)
#: Points from the edges of a page within which only its running head and its number stand.
HEAD, FOOT = 60, 50
MOST_PAGES = 24
#: Points that a heading takes, with the rule and the space above it.
HEADING = 60


@cache
def document(path: Path) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(path)


@pytest.fixture(params=story.PAGES, ids=str)
def pdf(request, published) -> pypdfium2.PdfDocument:
    return document(published.report / story.PAGES[request.param])


def test_the_sheet_is_american(pdf):
    assert {tuple(map(round, page.get_size())) for page in pdf} == {LETTER}


def test_a_screen_reader_is_told_who_wrote_it_in_what_language_and_what_each_cell_is_of(published):
    for name in story.PAGES.values():
        tags = Tags((published.report / name).read_bytes())
        assert tags.faults() == []
        assert tags.root["/Lang"] == "en-US"
        assert tags.reader.metadata.author == "The PARS explainer team"


def test_the_report_has_few_pages(published):
    assert len(document(published.report / "report.pdf")) <= MOST_PAGES


def test_every_page_but_the_last_of_a_part_is_half_full(pdf):
    """A part ends with the document, or where the data of the charts begin."""
    low = []
    for number, page in enumerate(pdf):
        lines = [box for box in boxes(page) if box[1] > FOOT and box[3] < LETTER[1] - HEAD]
        lowest = min(box[1] for box in lines)
        if number < len(pdf) - 1 and lowest > LETTER[1] / 2:
            low.append(number + 1)
    assert low == []


def boxes(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """Return where each line of text and each picture of a page is: left, bottom, right, top in points."""
    text = page.get_textpage()
    pictures = [one.get_bounds() for one in page.get_objects(max_depth=1)]
    return [*(text.get_rect(at) for at in range(text.count_rects())), *pictures]


def test_headings_and_figures_stand_in_the_order_of_the_page(published):
    for name, file in story.PAGES.items():
        pdf = document(published.report / file)
        expected = [
            words(one.text_content()).rstrip(".")
            for one in Page(published.report / f"{name}.html").main.xpath(
                ".//h2 | .//h3 | .//figure//a[@class='number']"
            )
        ]
        found = sorted([*headings(pdf), *captions(pdf)])
        assert [what for *_, what in found if what in expected] == expected


def test_something_stands_below_every_heading(pdf):
    bare = []
    for index, top, what in headings(pdf):
        # Not the page's number.
        below = [box for box in boxes(pdf[index]) if box[1] > FOOT and box[3] < LETTER[1] - top - HEADING]
        if not below:
            bare.append(what)
    assert bare == []


def headings(pdf: pypdfium2.PdfDocument) -> list[tuple[int, float, str]]:
    """Return page, distance from its head and words of each heading."""
    places = []
    for entry in pdf.get_toc():
        _, (_, y, *_) = entry.get_dest().get_view()
        places.append((entry.get_dest().get_index(), LETTER[1] - y, words(entry.get_title())))
    return places


def captions(pdf: pypdfium2.PdfDocument) -> list[tuple[int, float, str]]:
    """Return page, distance from its head and number of each caption."""
    places = []
    for number, page in enumerate(pdf):
        text = page.get_textpage()
        for match in re.finditer(r"^(?:Figure|Table)\s\d+(?=\.)", text.get_text_range(), re.MULTILINE):
            _, bottom, _, _ = text.get_charbox(match.start())
            places.append((number, LETTER[1] - bottom, words(match[0])))
    return places


def test_notes_are_numbered_in_order(published):
    pdf = document(published.report / "report.pdf")
    numbers = [
        int(number)
        for page in pdf
        for number in re.findall(r"^(\d{1,3})(?=[A-Z])", page.get_textpage().get_text_range(), re.MULTILINE)
    ]
    assert len(numbers) > 20
    assert numbers == list(range(1, len(numbers) + 1))
