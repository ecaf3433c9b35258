"""The pages as they meet readers: any width, light and dark, no script, no network, large text, on paper."""

from __future__ import annotations

import re

import lxml.html
import pytest
from pypdf import PdfReader

import host
import measure
import story
from browser import LAID, until

pytestmark = pytest.mark.slow

NOTEBOOKS = [
    f"notebooks/{path.stem}.html" for path in sorted((story.HERE / "notebooks").glob("[0-9]*.ipynb"))
]
PAGES = ["", *NOTEBOOKS]
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
#: CSS pixels between the margins of an A4 sheet as browsers print it.
SHEET = 718

GROUND = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"


def shows_every_chart(page) -> None:
    """Each figure with a chart draws it once, with marks, and within the window."""
    found = measure.charts(page)
    assert found
    for chart in found:
        assert chart["drawn"] == 1, chart
        assert chart["marks"] > 5, chart
        assert chart["width"] <= page.viewport_size["width"], chart


def fits(page) -> None:
    """Nothing sticks out, is cut off or lies on something else."""
    assert measure.sideways(page) == []
    assert measure.clipped(page) == []
    assert measure.overlapping(page) == []
    assert [text for text in measure.chart_text(page) if text["cut"] > 1] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_and_every_chart_shows(visit, width, scheme):
    page = visit(width=width, color_scheme=scheme).page
    shows_every_chart(page)
    fits(page)
    measure.open_disclosures(page)
    fits(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_follows_the_scheme_of_the_system_and_its_charts_stay_readable(visit, scheme):
    page = visit(color_scheme=scheme).page
    assert (sum(page.evaluate(GROUND)) < 3 * 64) == (scheme == "dark")
    assert measure.faint(page) == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_notebooks_fit_narrow_and_wide(visit, path):
    for width in (WIDTHS[0], WIDTHS[-1]):
        page = visit(path, width=width).page
        shows_every_chart(page)
        fits(page)


@pytest.mark.parametrize("path", PAGES)
def test_text_in_charts_is_never_smaller_than_eleven_pixels_on_a_phone(visit, path):
    texts = measure.chart_text(visit(path, width=360).page)
    assert texts
    assert [text for text in texts if text["pixels"] < 11] == []


# ---------------------------------------------------------------- without script, without network


def test_without_script_every_chart_shows_and_every_control_works(visit):
    page = visit(java_script_enabled=False).page
    shows_every_chart(page)
    assert measure.open_disclosures(page) >= 20
    assert measure.folded(page) == []
    dead = measure.ask(page, "all('button:not([popovertarget])').filter(seen).map(named)")
    assert dead == [], "buttons that do nothing without a script"
    for button in (page.locator("button.badge").first, page.locator("button.value").first):
        button.click()
        assert page.locator(":popover-open").is_visible()
        page.keyboard.press("Escape")


def test_with_the_network_cut_after_load_everything_still_shows(browser, published):
    with host.serving(published.report) as served:
        page = browser.new_page()
        page.goto(served.address, wait_until="networkidle")
    page.context.set_offline(True)
    wanted = []
    page.on("request", lambda request: wanted.append(request.url))
    shows_every_chart(page)
    measure.open_disclosures(page)
    page.keyboard.press("End")
    until(page, "scrollY + innerHeight >= document.documentElement.scrollHeight - 2")
    fits(page)
    assert wanted == []
    page.close()


# ---------------------------------------------------------------- wishes of readers


@pytest.fixture(scope="module")
def large(start):
    """Return the browser of a reader who has set letters to twice the usual size, and nothing else."""
    return start("--blink-settings=defaultFontSize=32")


@pytest.mark.parametrize("path", ["", NOTEBOOKS[0]])
@pytest.mark.parametrize("width", [640, 1280])
def test_text_of_twice_the_size_fits(large, site, path, width):
    page = large.new_page(viewport={"width": width, "height": 900})
    page.goto(site.address + path, wait_until="networkidle")
    until(page, LAID)
    assert float(page.evaluate("getComputedStyle(document.documentElement).fontSize")[:-2]) >= 32
    fits(page)
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_forced_colours_leave_charts_and_marks_to_be_seen(visit, scheme):
    page = visit(color_scheme=scheme, forced_colors="active").page
    shows_every_chart(page)
    assert measure.faint(page) == []
    # What a colour says elsewhere, a shape or a line has to say here.
    styles = page.evaluate(
        """() => ["stated", "attributed", "computed", "inferred"].map(way =>
             getComputedStyle(document.querySelector(`.key .mark-${way}`)).textDecorationStyle)"""
    )
    assert styles == ["solid", "dotted", "dashed", "wavy"]


def test_nothing_moves_for_readers_who_want_less_motion(visit):
    assert measure.moving(visit(reduced_motion="reduce").page) == []


def test_without_script_everything_is_laid_out_at_once(visit):
    page = visit(width=360, height=800, java_script_enabled=False).page
    styles = page.locator(".exhibit, .references").all()
    assert len(styles) > 15
    assert {one.evaluate("one => getComputedStyle(one).contentVisibility") for one in styles} == {"visible"}


@pytest.mark.parametrize("width", [360, 1280])
def test_links_into_the_page_lead_to_their_place_though_what_is_far_off_is_laid_out_late(visit, width):
    page = visit(width=width, height=800).page
    for target in ("sec-differ", "tbl-evidence", "fig-facility-map", "sec-sources"):
        page.evaluate("target => { location.hash = target }", target)
        until(
            page,
            "target => Math.abs(document.getElementById(target).getBoundingClientRect().top) < 80",
            arg=target,
        )


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_that_is_loaded_again_stands_where_it_stood(visit, width):
    page = visit(width=width, height=800).page
    page.evaluate("document.getElementById('sec-places').scrollIntoView()")
    top = "document.getElementById('sec-places').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.reload()
    until(page, f"Math.abs({top} - {before}) < 2")


# ---------------------------------------------------------------- paper


def test_on_paper_everything_is_open_and_nothing_is_cut_off(visit):
    page = visit(width=SHEET, color_scheme="dark").page
    page.emulate_media(media="print")
    shows_every_chart(page)
    assert measure.folded(page) == []
    fits(page)
    assert measure.scrolled(page) == []
    assert page.evaluate(GROUND) == [255, 255, 255], "dark paper"
    assert measure.faint(page) == [], "charts in the colours of a dark screen"
    # Buttons in the text are words of it. Others are no use on paper, and neither are ways about the page.
    useless = "button:not([popovertarget]), main nav, input, [data-embed]"
    assert measure.ask(page, f"all('{useless}').filter(seen).map(named)") == []


def test_the_browsers_own_print_holds_every_cell_of_every_table(visit, published, tmp_path):
    path = tmp_path / "printed.pdf"
    visit().page.pdf(path=path, format="A4")
    printed = re.sub(r"\W+", "", "".join(sheet.extract_text() for sheet in PdfReader(path).pages))
    cells = lxml.html.fromstring((published.report / "index.html").read_bytes()).xpath("//th | //td")
    assert len(cells) > 1000
    # Their addresses would make each row four lines high.
    assert "phillyvoice" in printed and "text29" not in printed
    missing = [
        cell.text_content() for cell in cells if re.sub(r"\W+", "", cell.text_content()) not in printed
    ]
    assert missing == []
