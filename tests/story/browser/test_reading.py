"""The pages as they meet readers: any width, light and dark, no script, no network, large text, on paper."""

from __future__ import annotations

import re

import lxml.html
import pypdfium2
import pytest

import measure
import story
from explainer.acceptance import host
from explainer.acceptance.chromium import settle, until

pytestmark = pytest.mark.slow

NOTEBOOKS = [
    f"notebooks/{path.stem}.html" for path in sorted((story.HERE / "notebooks").glob("[0-9]*.ipynb"))
]
#: The pages of prose: the report, and the evidence behind it.
REPORT = ["", "evidence.html"]
PAGES = [*REPORT, *NOTEBOOKS]
#: How the source of a page names the charts on it: embeds in prose, labels of cells in a notebook.
CHART = re.compile(r"\{\{< embed \S+#(fig-\S+) >\}\}|\"#\| label: (fig-[\w-]+)")
WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
#: CSS pixels between the margins of an A4 sheet as browsers print it.
SHEET = 718

GROUND = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"


@pytest.fixture
def visit(reader):
    return reader


def charts_of(path: str) -> list[str]:
    """Return the labels of the charts that a page's source puts on it."""
    source = story.HERE / (path or "index.html")
    source = source.with_suffix(".ipynb" if path in NOTEBOOKS else ".qmd")
    return ["".join(labels) for labels in CHART.findall(source.read_text(encoding="utf-8"))]


def shows_every_chart(page, path: str = "") -> None:
    """Each chart of the page's source is there and drawn once, with marks, and within the window."""
    found = measure.charts(page)
    assert [chart["id"] for chart in found] == charts_of(path)
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


def test_most_pages_have_charts():
    assert [path for path in PAGES if not charts_of(path)] == ["evidence.html", "notebooks/6-background.html"]
    assert len(charts_of("")) >= 7


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", REPORT)
def test_the_page_fits_and_every_chart_shows(visit, path, scheme):
    page = visit(path, width=WIDTHS[0], color_scheme=scheme).page
    for width in WIDTHS:
        measure.resize(page, width, scheme)
        shows_every_chart(page, path)
        fits(page)
        measure.open_disclosures(page)
        fits(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_page_follows_the_scheme_of_the_system_and_its_charts_stay_readable(visit, scheme):
    page = visit(color_scheme=scheme).page
    assert (sum(page.evaluate(GROUND)) < 3 * 64) == (scheme == "dark")
    assert measure.faint(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_notebooks_fit_narrow_and_wide_and_text_in_charts_is_large_enough_on_a_phone(visit, path):
    page = visit(path, width=360).page
    texts = measure.chart_text(page)
    assert {text["chart"] for text in texts} == set(charts_of(path))
    assert [text for text in texts if text["pixels"] < 11] == []
    if path in NOTEBOOKS:
        for width in (WIDTHS[0], WIDTHS[-1]):
            measure.resize(page, width)
            shows_every_chart(page, path)
            fits(page)


# ---------------------------------------------------------------- without script, without network


@pytest.mark.parametrize(("path", "least"), [("", 7), ("evidence.html", 14)])
def test_without_script_all_is_laid_out_at_once_and_every_control_works(visit, path, least):
    page = visit(path, width=360, height=800, java_script_enabled=False).page
    styles = measure.ask(
        page, "all('.exhibit, .references').map(one => getComputedStyle(one).contentVisibility)"
    )
    assert len(styles) >= least
    assert set(styles) == {"visible"}
    page.set_viewport_size({"width": 1280, "height": 900})
    shows_every_chart(page, path)
    assert measure.open_disclosures(page) >= 8
    assert measure.folded(page) == []
    assert measure.ask(page, "all('button').filter(seen).map(named)") == [], (
        "they do nothing without a script"
    )
    for kind in ("badge", "mark"):
        link = page.locator(f"p > a.{kind}").first
        note = page.locator(f"[id='{link.get_attribute('href').lstrip('#')}']")
        link.click()
        assert note.is_visible()
        note.get_by_text("Close").click()
        assert not note.is_visible()


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


def test_text_of_twice_the_size_fits(start, site):
    # The browser of a reader who has set letters to twice the usual size, and nothing else.
    page = start("--blink-settings=defaultFontSize=32").new_page()
    for path in ("", NOTEBOOKS[0]):
        page.goto(site.address + path)
        settle(page)
        assert float(page.evaluate("getComputedStyle(document.documentElement).fontSize")[:-2]) >= 32
        for width in (640, 1280):
            measure.resize(page, width)
            fits(page)


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


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("path", "targets"),
    [
        ("", ["sec-since", "fig-public-ranks", "fig-facility-map", "sec-method"]),
        ("evidence.html", ["sec-differ", "tbl-claim-check", "tbl-evidence", "tbl-searches", "sec-sources"]),
    ],
)
def test_links_into_the_page_lead_to_their_place_though_what_is_far_off_is_laid_out_late(
    visit, path, targets, width
):
    page = visit(path, width=width, height=800).page
    for target in targets:
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


@pytest.mark.parametrize("path", REPORT)
def test_on_paper_everything_is_open_and_nothing_is_cut_off(visit, path):
    page = visit(path, width=SHEET, color_scheme="dark").page
    page.emulate_media(media="print")
    shows_every_chart(page, path)
    assert measure.folded(page) == []
    fits(page)
    assert measure.scrolled(page) == []
    assert page.evaluate(GROUND) == [255, 255, 255], "dark paper"
    assert measure.faint(page) == [], "charts in the colours of a dark screen"
    # No use on paper, as ways about the page are.
    useless = "button, main nav, input, [data-embed]"
    assert measure.ask(page, f"all('{useless}').filter(seen).map(named)") == []


@pytest.mark.parametrize(("name", "least"), [("evidence.html", 2045)])
def test_the_browsers_own_print_holds_every_cell_of_every_table(visit, published, tmp_path, name, least):
    path = tmp_path / "printed.pdf"
    visit(name).page.pdf(path=path, format="A4")
    sheets = [sheet.get_textpage().get_text_range() for sheet in pypdfium2.PdfDocument(path)]
    printed = re.sub(r"\W+", "", "".join(sheets))
    cells = lxml.html.fromstring((published.report / name).read_bytes()).xpath("//th | //td")
    assert len(cells) > least
    # Addresses are printed in the list of sources. Those of cells would make each row four lines high.
    assert "text29" not in printed
    assert "phillyvoice" in printed or name == "index.html"
    missing = [
        cell.text_content() for cell in cells if re.sub(r"\W+", "", cell.text_content()) not in printed
    ]
    assert missing == []
