"""The pages of the tables in a browser: sorted by their headings, in both schemes, faultless for axe."""

from __future__ import annotations

from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from explainer.acceptance import host

pytestmark = pytest.mark.slow
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIRST = "[...document.querySelectorAll('tbody th')].map(cell => cell.firstChild.textContent.trim())"


@pytest.fixture(scope="module")
def site(rendered):
    with host.serving(rendered.report) as server:
        yield server


@pytest.fixture
def visit(reader):
    return reader


@pytest.mark.parametrize("path", ["data/index.html", "data/facts.html", "data/corrections.html"])
def test_axe_finds_nothing(visit, path):
    page = visit(path).page
    for summary in page.locator("summary").all():
        summary.click()
    page.evaluate(AXE_SCRIPT)
    for width, scheme in product([1280, 360], ["light", "dark"]):
        at = f"{width} {scheme}"
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
        assert len(found["passes"]) > 15, "axe-core has looked"
        wrong = [(at, rule["id"], node["target"]) for rule in found["violations"] for node in rule["nodes"]]
        assert wrong == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), at


def test_headings_sort_the_rows(visit):
    page = visit("data/facts.html").page
    before = page.evaluate(FIRST)
    page.get_by_role("button", name="Fact", exact=True).click()
    assert page.evaluate(FIRST) == sorted(before)
    page.get_by_role("button", name="Fact", exact=True).click()
    assert page.evaluate(FIRST) == sorted(before, reverse=True)
    assert page.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Paragraph", exact=True).click()
    numbers = page.evaluate(
        "[...document.querySelectorAll('tbody tr')].map(row => Number(row.cells[1].innerText))"
    )
    assert numbers == sorted(numbers)
    assert page.locator("[aria-sort]").count() == 1


def test_blank_cells_come_last_in_either_order(visit):
    page = visit("data/facts.html").page
    heading = page.get_by_role("button", name="Unit", exact=True)
    place = page.evaluate(
        "[...document.querySelectorAll('thead th')].findIndex(one => one.innerText.trim() === 'Unit')"
    )
    for _ in range(2):
        heading.click()
        cells = page.evaluate(
            "place => [...document.querySelectorAll('tbody tr')].map(row => row.cells[place].innerText)",
            place,
        )
        assert cells == sorted(cells, key=lambda cell: cell == "")


def test_a_row_that_is_linked_to_is_shown_and_marked(visit):
    page = visit("data/corroboration.html").page
    page.locator("a[href='facts.html#row-apples']").first.click()
    row = page.locator("#row-apples")
    row.wait_for()
    color = "row => getComputedStyle(row.cells[0]).backgroundColor"
    assert row.evaluate(color) != page.locator("#row-visitors").evaluate(color)


def test_page_is_complete_without_script(visit):
    page = visit("data/facts.html", java_script_enabled=False).page
    assert page.locator("tbody tr").count() == 4
    assert page.locator("thead button").count() == 0


def test_the_chosen_colors_stay(visit):
    page = visit("data/index.html", color_scheme="light").page
    page.locator(".switch").click()
    page.locator("a[href='facts.html']").first.click()
    page.wait_for_url("**/data/facts.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
