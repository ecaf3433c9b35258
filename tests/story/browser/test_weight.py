"""What a visit costs and where it leads: bytes, requests, hosts, and links that are there."""

from __future__ import annotations

from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from test_reading import PAGES

pytestmark = pytest.mark.slow

#: Bytes of a whole first visit, headers included, as a compressing host sends them.
LIMIT = 90_000
#: The height of the page in CSS pixels at most, by its width, with nothing opened.
HEIGHTS = {360: 24_000, 1280: 14_000}
MOST_FIGURES = 8


@pytest.mark.parametrize("width", [360, 1280])
def test_a_visit_costs_little_before_the_reader_asks_for_anything(visit, site, width):
    site.answers.clear()
    page = visit(width=width).page
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    assert [answer for answer in site.answers if answer.status != 200] == []
    assert site.sent <= LIMIT, sorted(((answer.sent, answer.path) for answer in site.answers), reverse=True)


@pytest.mark.parametrize("width", HEIGHTS)
def test_the_page_is_short(reader, width):
    page = reader(width=width).page
    assert page.evaluate("document.documentElement.scrollHeight") <= HEIGHTS[width]
    assert page.locator("figure").count() <= MOST_FIGURES + page.locator("figure.exhibit-tbl").count()


@pytest.mark.parametrize(
    "place", ["tbl-facts", "sec-sources", "ref-phila_gov", "computed.days.announcement.access_ends"]
)
def test_an_old_address_leads_to_the_page_of_evidence(reader, site, place):
    # A page that is left at once may drop what it was still asking for; the host had all of it.
    site.answers.clear()
    page = reader(f"index.html#{place}", expects=lambda complaint: "failed: " in complaint).page
    page.wait_for_url(f"{site.address}evidence.html#{place}")
    assert page.evaluate("id => Boolean(document.getElementById(id))", place)
    assert [answer for answer in site.answers if answer.status != 200] == []


def test_the_lighter_type_keeps_its_kerning(reader):
    """The distances between letters are most of what was taken out of the fonts; those of prose stay."""
    page = reader().page
    page.evaluate("document.fonts.ready")
    measure = """([font, text]) => {
      const pen = document.createElement("canvas").getContext("2d");
      const [close, apart] = ["normal", "none"].map((fontKerning) => {
        Object.assign(pen, { font, fontKerning });
        return pen.measureText(text).width;
      });
      return close - apart;
    }"""
    for face in (
        "400 100px Newsreader",
        "700 100px Newsreader",
        "400 100px Libre Franklin",
        "600 100px Libre Franklin",
    ):
        assert page.evaluate("face => document.fonts.check(face)", face)
        closer = {
            pair: round(page.evaluate(measure, [face, pair])) for pair in ("To", "AV", "P,", "y.", "nn", "11")
        }
        assert max(closer[pair] for pair in ("To", "AV", "P,", "y.")) <= -4
        assert (closer["nn"], closer["11"]) == (0, 0)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_asks_another_host_logs_an_error_or_misses_a_file(reader, site, path):
    """The visit itself complains of other hosts and of errors."""
    site.answers.clear()
    visited = reader(path)
    visited.page.wait_for_load_state("networkidle")
    asked = visited.asked
    assert [answer for answer in site.answers if answer.status != 200] == []
    assert asked[0] == site.address + path


def test_every_link_within_the_report_leads_somewhere(published, site):
    pages = {
        path.relative_to(published.report).as_posix(): lxml.html.fromstring(path.read_bytes())
        for path in sorted(published.report.rglob("*.html"))
    }
    assert len(pages) >= 6
    ids = {name: set(tree.xpath("//@id")) for name, tree in pages.items()}
    lost, followed = [], 0
    for name, tree in pages.items():
        for link in tree.xpath("//@href | //@src"):
            parts = urlsplit(urljoin(site.address + name, link))
            if not parts.geturl().startswith(site.address):
                continue
            followed += 1
            target = unquote(parts.path).lstrip("/") or "index.html"
            if target not in pages:
                if not (published.report / target).is_file():
                    lost.append(f"{name}: {link}")
            elif parts.fragment and unquote(parts.fragment) not in ids[target]:
                lost.append(f"{name}: {link}")
    assert followed > 100
    assert lost == []
