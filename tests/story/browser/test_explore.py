"""Charts that readers explore: swapped in on demand, from this host alone, and back whenever that fails."""

from __future__ import annotations

import pytest
from test_reading import SCHEMES, fits

import measure
from explainer.acceptance.access import violations
from explainer.acceptance.chromium import until

pytestmark = pytest.mark.slow

CHART = "figure:has(.explore)"


@pytest.fixture
def visit(reader):
    return reader


def explored(page, figure):
    """Press the button and wait for the chart that moves."""
    button = figure.locator(".explore")
    button.focus()
    page.keyboard.press("Enter")
    figure.locator(".explore", has_text="Back to the static chart").wait_for()
    return button


def test_every_chart_opens_says_so_and_gives_way_to_the_static_one_again(visit, site):
    found = visit(width=1280)
    page = found.page
    figures = page.locator(CHART)
    assert figures.count() == len(measure.charts(page)) >= 7
    asked = len(found.asked)
    for figure in figures.all():
        static = figure.locator(".chart svg:visible")
        assert static.count() == 1
        button = explored(page, figure)
        assert static.count() == 0
        assert figure.locator(".live svg [role='graphics-symbol']").count() > 3
        assert figure.locator(".said-of-chart").inner_text().strip()
        assert figure.locator(".live :is(summary, .vega-actions)").count() == 0, "a menu without a name"
        page.keyboard.press("Tab")
        assert figure.locator(".live [role='graphics-symbol']:focus").count() == 1, "its first mark is next"
        button.focus()
        page.keyboard.press("Enter")
        assert figure.locator(".live").count() == 0
        assert static.count() == 1
    later = [url for url in found.asked[asked:] if not url.startswith("data:")]
    assert later[0] == f"{site.address}scripts/vega.js"
    assert len(later) == len(set(later)) == figures.count() + 1, "the library once, each chart once"


def test_marks_are_read_with_the_arrow_keys(visit):
    page = visit().page
    figure = page.locator(CHART).first
    explored(page, figure)
    figure.locator(".live [role='graphics-symbol'][tabindex='0']").focus()
    said = figure.locator(".said-of-chart")
    heard = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        heard.append(said.inner_text())
    assert heard[0] == heard[2] != heard[1]
    assert all(heard)


@pytest.mark.parametrize("width", [320, 1280])
def test_open_charts_fit_and_have_no_needless_words_on_each_other(visit, width):
    page = visit(width=width).page
    for figure in page.locator(CHART).all():
        explored(page, figure)
    fits(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_open_charts_follow_the_scheme_and_turn_with_the_switch(visit, scheme):
    page = visit(color_scheme=scheme).page
    figure = page.locator(CHART).first
    explored(page, figure)
    assert measure.faint(page) == []
    ink = "node => getComputedStyle(node.querySelector('.live svg text')).fill"
    before = figure.evaluate(ink)
    page.locator("button.switch").click()
    until(
        page,
        "before => { const text = document.querySelector('.live svg text');"
        " return text && getComputedStyle(text).fill !== before; }",
        arg=before,
    )
    assert measure.faint(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_with_charts_open(visit, scheme):
    page = visit(color_scheme=scheme).page
    for figure in page.locator(CHART).all()[:3]:
        explored(page, figure)
    assert violations(page) == []


def test_where_the_network_is_cut_the_static_chart_stays_and_says_why(visit):
    page = visit(expects=lambda complaint: "scripts/vega.js" in complaint).page
    page.context.set_offline(True)
    figure = page.locator(CHART).first
    figure.locator(".explore").click()
    until(page, "document.querySelector('.said-of-chart')?.textContent.includes('static')")
    assert figure.locator(".chart svg:visible").count() == 1
    assert figure.locator(".live").count() == 0
    page.context.set_offline(False)
    explored(page, figure)


def test_a_chart_that_cannot_be_drawn_gives_way_to_the_static_one(visit):
    page = visit().page
    script = "globalThis.explainerCharts = new Proxy({}, {get: () => ({wide: {mark: 'none'}})});"
    page.route("**/figures/*.vl.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    figure = page.locator(CHART).first
    figure.locator(".explore").click()
    until(page, "document.querySelector('.said-of-chart')?.textContent.includes('static')")
    assert figure.locator(".chart svg:visible").count() == 1


def test_charts_open_from_a_file_too(browser, published):
    context = browser.new_context()
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((published.report / "index.html").as_uri())
    explored(page, page.locator(CHART).first)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    context.close()
