"""The live preview in a browser: an edit comes by itself, and the reader stays where they were."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

import mini
from explainer.acceptance.chromium import until
from explainer.preview.server import PreviewState, Server
from explainer.preview.session import Session
from explainer.system.errors import Fault
from explainer.system.project import THEME
from explainer.verify.messages import as_record

pytestmark = pytest.mark.slow

LONGEST = 240_000  # milliseconds; only a test that fails waits so long
PANEL = "#explainer-preview-panel"


@pytest.fixture
def shown(browser, rendered, tmp_path):
    """Return a preview's project, and a browser's page of it once it is built."""
    project = mini.copy_of(rendered, tmp_path / "mini")
    session = Session(project, 0, lambda line: None)
    session.start()
    context = browser.new_context(viewport={"width": 800, "height": 400})
    page = context.new_page()
    page.goto(session.address)
    yield project, page
    context.close()
    session.close()


def test_an_edit_is_put_in_its_place_and_a_fault_stands_over_the_last_good_page(shown):
    project, page = shown
    page.locator("h1", has_text="29 crates later").wait_for(timeout=LONGEST)
    page.evaluate("document.querySelector('#fig-stalls').scrollIntoView({behavior: 'instant'})")
    place = "document.querySelector('#fig-stalls').getBoundingClientRect().top"
    before = page.evaluate(place)
    assert page.evaluate("scrollY") > 400
    page.evaluate("window.stayed = true")

    # A paragraph above what is being looked at grows long: the page stays, and the figure in its place.
    mini.edit(project.index, "See also @tbl-growers", f"{'Nobody knows why. ' * 60}See also @tbl-growers")
    page.get_by_text("Nobody knows why.").wait_for(timeout=LONGEST, state="attached")
    assert page.evaluate("window.stayed")
    until(page, f"Math.abs({place} - {before}) < 2", timeout=LONGEST)

    # New rules are put in place of the old ones.
    rules = (THEME / "style.css").read_text(encoding="utf-8")
    mini.write(project.theme / "style.css", f"{rules}\n#fig-stalls {{ border-left: 7px solid }}\n")
    border = "getComputedStyle(document.querySelector('#fig-stalls')).borderLeftWidth"
    until(page, f"{border} === '7px'", timeout=LONGEST)
    assert page.evaluate("window.stayed")
    until(page, f"Math.abs({place} - {before}) < 2", timeout=LONGEST)

    good = page.locator("main").inner_text()
    mini.edit(project.data / "article/facts.csv", "29,attributed", "29,claimed")
    panel = page.locator(f"{PANEL}[role=alert]")
    panel.wait_for(timeout=LONGEST)
    assert "data/article/facts.csv:4:status" in panel.inner_text()
    assert page.locator("main").inner_text() == good
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    mini.edit(project.data / "article/facts.csv", "29,claimed", "29,attributed")
    panel.wait_for(timeout=LONGEST, state="detached")
    assert page.locator("main").inner_text() == good


@dataclass
class ServedPage:
    """A page in a browser, and the file that it is made from."""

    page: Page
    file: Path
    state: PreviewState

    def change(self, edit: Callable[[str], str]) -> None:
        """Change the file, and wait until the browser shows it."""
        text = self.file.read_text(encoding="utf-8")
        changed = edit(text)
        assert changed != text
        self.file.write_text(changed, encoding="utf-8")
        self.state.update()
        version = self.state.version("index.html")
        until(self.page, f"document.querySelector('script[data-version]')?.dataset.version === '{version}'")

    def is_the_same(self) -> bool:
        """Whether no other page came in place of the first; the next one is told from this."""
        stayed = self.page.evaluate("window.stayed === true")
        self.page.evaluate("window.stayed = true")
        return stayed

    def is_whole(self) -> bool:
        """Whether what is shown is what the file says: the same elements, the same words, the same marks."""
        return self.page.evaluate(
            """async () => {
                const text = await (await fetch(location.pathname)).text();
                const next = new DOMParser().parseFromString(text, "text/html");
                // The page's own script changes these.
                const own = ".switch, .contents, .tools, [data-embed], script, .said-of-chart";
                const said = (root) => {
                    const copy = root.querySelector("main").cloneNode(true);
                    for (const one of copy.querySelectorAll(own)) one.remove();
                    for (const one of copy.querySelectorAll(".laid")) one.classList.remove("laid");
                    return copy.innerHTML;
                };
                return said(document) === said(next);
            }"""
        )


@pytest.fixture
def served(browser, rendered, tmp_path):
    """Return the little report's page as a preview serves it, without what builds it."""
    folder = tmp_path / "site"
    shutil.copytree(rendered.report, folder)
    state = PreviewState(folder)
    server = Server(state, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(server.address)
    found = ServedPage(page, folder / "index.html", state)
    found.is_the_same()
    yield found
    context.close()
    state.close()
    server.shutdown()
    server.server_close()


CELL = re.compile(r"(<table.*?<td[^>]*>)([^<]+)", re.DOTALL)
MARK = re.compile(r"(<figure.*?<svg.*?)<path[^>]*/>", re.DOTALL)
TABLE = re.compile(r'(<figure id="tbl-[^>]*>)')
ID = re.compile(r' id="[^"]*"')
ROW = re.compile(r"<tr[^>]*>\s*<th scope=\"row\".*?</tr>\n", re.DOTALL)


def test_words_cells_rows_and_marks_change_in_place_and_what_stands_open_stays_open(served):
    page = served.page
    page.locator(".exhibit details summary").first.click()
    opened = page.evaluate("document.querySelector('.exhibit details').open")
    served.change(lambda text: CELL.sub(r"\1changed cell", text, count=1))
    served.change(lambda text: text.replace("</table>", "</table><p>A new line.</p>", 1))
    served.change(lambda text: TABLE.sub(r"\1<p>Its remark.</p>", text, count=1))
    late = "[...document.querySelectorAll('.exhibit')].map(one => getComputedStyle(one).contentVisibility)"
    assert set(page.evaluate(late)) == {"visible"}
    # One row more, one mark fewer, another attribute.
    served.change(lambda text: ROW.sub(lambda row: row[0] + ID.sub("", row[0]), text, count=1))
    served.change(lambda text: MARK.sub(r"\1", text, count=1))
    served.change(lambda text: re.sub(r"max-width:\d+px", "max-width:333px", text, count=1))
    assert served.is_the_same()
    assert served.is_whole()
    assert opened and page.evaluate("document.querySelector('.exhibit details').open")
    assert page.get_by_text("changed cell").count() and page.get_by_text("A new line.").count()
    # And back again.
    served.change(lambda text: text.replace("<p>A new line.</p>", ""))
    assert served.is_the_same() and served.is_whole() and page.get_by_text("A new line.").count() == 0


def test_what_the_pages_script_holds_comes_with_a_new_page(served):
    # A section more: the contents would not follow it.
    served.change(lambda text: text.replace("<h2", '<h2 id="another">Another</h2>\n<h2', 1))
    assert not served.is_the_same() and served.is_whole()
    # A style sheet more.
    served.change(lambda text: text.replace("<style>", "<style>h2 { color: red }</style>\n<style>", 1))
    assert not served.is_the_same() and served.is_whole()


def test_new_rules_take_the_place_of_the_old(served):
    served.change(lambda text: text.replace("<style>", "<style>h2 { word-spacing: 9px }", 1))
    assert served.is_the_same() and served.is_whole()
    assert served.page.evaluate("getComputedStyle(document.querySelector('h2')).wordSpacing") == "9px"


def test_a_chart_that_is_explored_is_drawn_from_the_new_data(served):
    page = served.page
    served.change(lambda text: CELL.sub(r"\1changed cell", text, count=1))
    page.locator(".explore").first.click()
    page.locator(".live svg").wait_for()
    assert served.is_the_same(), "the button works after a change in place"
    served.change(lambda text: text.replace("changed cell", "another cell"))
    assert not served.is_the_same() and served.is_whole()


def test_a_preview_that_ends_leaves_the_page_in_sight(served):
    page = served.page
    served.state.update([as_record(Fault("something is wrong"))])
    page.locator(PANEL).wait_for()
    # It tells of a new page, and is gone when that is asked for.
    page.route(page.url, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        served.file.write_text(CELL.sub(r"\1changed cell", served.file.read_text("utf-8"), count=1), "utf-8")
        served.state.update()
    page.wait_for_timeout(300)
    assert served.is_the_same() and page.get_by_text("changed cell").count() == 0
    page.unroute(page.url)
    served.change(lambda text: text.replace("changed cell", "another cell"))
    assert page.get_by_text("another cell").count()
    served.state.close()
    page.wait_for_timeout(300)
    assert served.is_the_same() and served.is_whole()
