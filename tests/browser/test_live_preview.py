"""The live preview in a browser: an edit comes by itself, and the reader stays where they were."""

from __future__ import annotations

import pytest

import mini
from explainer.preview.session import Session

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


def test_an_edit_reloads_the_page_where_it_was_and_a_fault_stands_over_the_last_good_one(shown):
    project, page = shown
    page.locator("h1", has_text="29 crates later").wait_for(timeout=LONGEST)
    page.evaluate("document.querySelector('#fig-stalls').scrollIntoView({behavior: 'instant'})")
    place = "document.querySelector('#fig-stalls').getBoundingClientRect().top"
    before = page.evaluate(place)
    assert page.evaluate("scrollY") > 400
    page.evaluate("window.stayed = true")

    # A long paragraph above what is being looked at: the page comes anew, and the figure stays in its place.
    mini.edit(project.index, "See also @tbl-growers", f"{'Nobody knows why. ' * 60}See also @tbl-growers")
    page.get_by_text("Nobody knows why.").wait_for(timeout=LONGEST, state="attached")
    assert page.evaluate("window.stayed") is None
    page.wait_for_function(f"Math.abs({place} - {before}) < 2", timeout=LONGEST)

    # What is not checked says so; once it is, the note goes and nothing moves.
    page.locator(PANEL).wait_for(timeout=LONGEST, state="detached")
    assert abs(page.evaluate(place) - before) < 2

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
