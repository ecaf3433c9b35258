"""The pages for readers who use a keyboard or a screen reader, and what axe-core finds wrong with them."""

from __future__ import annotations

import pytest
from test_reading import NOTEBOOKS, PAGES, REPORT, SCHEMES

import measure
from explainer.acceptance.access import faint, violations
from explainer.acceptance.chromium import until

pytestmark = pytest.mark.slow


@pytest.fixture
def visit(reader):
    return reader


def focused(page) -> str:
    """Return what has the focus, as a message would call it."""
    return measure.ask(page, "named(document.activeElement)")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_page(visit, scheme):
    page = visit(color_scheme=scheme).page
    assert violations(page) == []
    measure.open_disclosures(page)
    page.locator("a.badge").first.click()
    assert page.locator(":popover-open").is_visible()
    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone(visit):
    page = visit(width=360).page
    measure.open_disclosures(page)
    page.locator("a.mark").first.click()
    assert page.locator(":popover-open").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize("path", [*REPORT[1:], *NOTEBOOKS])
def test_axe_finds_nothing_on_the_pages_behind_the_report(visit, path):
    page = visit(path, color_scheme="light").page
    measure.open_disclosures(page)
    assert violations(page) == []
    # What is on the page and what it is called do not depend on the scheme.
    page.emulate_media(color_scheme="dark")
    assert faint(page) == []


def test_axe_would_find_something(visit):
    page = visit(NOTEBOOKS[-1]).page
    page.evaluate("document.querySelector('h1').innerHTML = '<a href=\"#x\" style=\"color: #ddd\"><img></a>'")
    measure.open_disclosures(page)
    cells = page.locator("td:visible")
    cells.nth(cells.count() - 9).evaluate(
        "cell => { cell.style.color = '#ccc'; cell.textContent = 'faint'; }"
    )
    rules = {line.partition(":")[0] for line in violations(page)}
    assert {"image-alt", "link-name", "color-contrast"} <= rules


# ---------------------------------------------------------------- tables


# The first page has charts, and no table.
@pytest.mark.parametrize("path", [path for path in PAGES if path])
def test_every_table_says_what_its_headings_head(visit, path):
    page = visit(path).page
    assert page.locator("table").count() > 0
    headless = (
        "table => !table.querySelector('thead th[scope=col]') || table.querySelector('th:not([scope])')"
    )
    assert measure.ask(page, f"all('table').filter({headless}).map(named)") == []
    assert measure.ask(page, "all('thead td').map(named)") == []


# ---------------------------------------------------------------- keyboard


@pytest.mark.parametrize("width", [320, 1280])
def test_tab_reaches_every_control_once_in_reading_order_and_shows_where_it_is(visit, width):
    page = visit(width=width, reduced_motion="reduce").page
    expected = measure.stops(page)
    assert len(expected) > 100
    assert measure.ask(page, "all('[tabindex]').filter(node => node.tabIndex > 0).map(named)") == []
    reached = measure.tab_through(page, len(expected) + 1)
    assert [stop["name"] for stop in reached] == expected
    assert [stop["name"] for stop in reached if not stop["ring"]] == [], "no ring around the focus"
    assert [stop["name"] for stop in reached if stop["covered"]] == [], "the focus is behind something"


def test_the_skip_link_comes_first_shows_itself_and_leads_past_the_contents(visit):
    page = visit().page
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("node => node === document.activeElement")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), focused(page)


def test_contents_lead_to_their_sections(visit):
    page = visit(reduced_motion="reduce").page
    links = page.locator("nav.contents a")
    assert links.count() >= 8
    link = links.nth(4)
    link.focus()
    page.keyboard.press("Enter")
    target = page.locator(f"[id='{link.get_attribute('href').lstrip('#')}']")
    until(page, "scrollY > 100")
    assert 0 <= target.bounding_box()["y"] < 200


@pytest.mark.parametrize("kind", ["badge", "mark"])
def test_what_opens_opens_with_enter_and_closes_with_escape_and_the_focus_is_back(visit, kind):
    page = visit().page
    link = page.locator(f"a.{kind}").first
    opens = page.locator(f"[id='{link.get_attribute('href').lstrip('#')}']")
    link.focus()
    assert not opens.is_visible()
    page.keyboard.press("Enter")
    assert opens.is_visible()
    assert opens.inner_text().strip()
    page.keyboard.press("Tab")
    assert opens.evaluate("node => node.contains(document.activeElement)"), "its links come next"
    page.keyboard.press("Escape")
    assert not opens.is_visible()
    assert link.evaluate("node => node === document.activeElement")
    page.keyboard.press("Enter")
    opens.get_by_text("Close").click()
    assert not opens.is_visible()
    assert link.evaluate("node => node === document.activeElement")


def test_disclosures_open_and_close_with_the_keyboard(visit):
    page = visit().page
    summary = page.locator("figure summary").first
    summary.focus()
    for key, is_open in (("Enter", True), ("Enter", False), ("Space", True)):
        page.keyboard.press(key)
        assert summary.evaluate("node => node.parentElement.open") is is_open
