"""The measures see what they are there to see: each is shown a page with the fault, and one without."""

from __future__ import annotations

import pytest

import measure

GOOD = """
<main style="width: 500px; font: 16px/1.3 sans-serif">
<h1 style="line-height: 1">A heading that is long enough to be set in more than one line, for sure it is</h1>
<details open><summary>More</summary><p>Words.</p></details>
<figure id="fig-a"><svg width="400" height="100" viewBox="0 0 400 100">
<rect width="400" height="100" fill="#eee"/><text x="5" y="50" font-size="16" fill="#222">Label</text>
</svg></figure>
<p style="position: absolute; width: 1px; height: 1px; overflow: hidden">For a screen reader</p>
</main>"""


def chart(text: str, size: str = 'width="400" height="100"', under: str = "") -> str:
    return f'<figure id="fig-b"><svg {size} viewBox="0 0 400 100">{under}{text}</svg></figure>'


FAULTS = {
    measure.sideways: '<p style="width: 3000px">A wide paragraph</p>',
    measure.clipped: '<p style="width: 9px; overflow: hidden">Words that are cut off</p>',
    measure.scrolled: '<div style="width: 9px; overflow-x: auto">Words to scroll to</div>',
    measure.overlapping: '<p>One</p><p style="margin-top: -2.3em">Two</p>',
    measure.folded: "<details><summary>More</summary><p>Words.</p></details>",
    measure.faint: chart('<text x="5" y="50" font-size="16" fill="#aaa">Faint</text>'),
    measure.moving: '<p style="transition: color 1s">Words</p>',
}


@pytest.fixture(scope="module")
def page(browser):
    return browser.new_page(viewport={"width": 800, "height": 600})


@pytest.mark.parametrize("question", FAULTS, ids=lambda question: question.__name__)
def test_each_measure_finds_its_fault_and_nothing_in_a_good_page(page, question):
    page.set_content(GOOD)
    assert question(page) == []
    page.set_content(GOOD + FAULTS[question])
    assert len(question(page)) >= 1


def test_words_on_a_dark_bar_are_held_against_the_bar(page):
    bar = '<rect width="400" height="100" fill="#222"/>'
    page.set_content(chart('<text x="5" y="50" font-size="16" fill="#333">On the bar</text>', under=bar))
    assert len(measure.faint(page)) == 1
    page.set_content(chart('<text x="5" y="50" font-size="16" fill="#fff">On the bar</text>', under=bar))
    assert measure.faint(page) == []


def test_the_size_of_chart_text_is_what_the_reader_sees(page):
    page.set_content(chart('<text x="5" y="50" font-size="16">Half</text>', 'style="width: 200px"'))
    (text,) = measure.chart_text(page)
    assert text["pixels"] == pytest.approx(8)
    assert text["cut"] <= 0
    page.set_content(chart('<text x="390" y="50" font-size="16">Beyond the edge</text>'))
    (text,) = measure.chart_text(page)
    assert text["cut"] > 50


def test_an_empty_or_hidden_chart_shows_nothing(page):
    page.set_content(chart("") + chart('<rect width="9" height="9"/>', 'style="display: none"'))
    assert [(found["drawn"], found["marks"]) for found in measure.charts(page)] == [(1, 0), (0, 0)]
