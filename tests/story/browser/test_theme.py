"""Light and dark by the reader's choice: the switch, what it keeps, and a page that never flashes."""

from __future__ import annotations

import pytest
from test_reading import GROUND, NOTEBOOKS, SCHEMES

pytestmark = pytest.mark.slow

#: Note the ground of every frame that the browser draws, from the first one on.
WATCH = f"""
window.grounds = [];
const note = () => {{
  if (document.body) window.grounds.push({GROUND});
  requestAnimationFrame(note);
}};
requestAnimationFrame(note);
"""


def is_dark(page) -> bool:
    return sum(page.evaluate(GROUND)) < 3 * 64


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_switch_turns_the_page_and_its_charts_and_names_what_it_would_do(reader, scheme):
    page = reader(color_scheme=scheme).page
    switch = page.locator("button.switch")
    ink = "getComputedStyle(document.querySelector('figure svg text')).fill"
    names, inks = [], []
    for expected in (scheme == "dark", scheme != "dark", scheme == "dark"):
        assert is_dark(page) is expected
        names.append(switch.get_attribute("aria-label"))
        inks.append(page.evaluate(ink))
        switch.focus()
        page.keyboard.press("Enter")
    assert names[0] == names[2] != names[1]
    assert inks[0] == inks[2] != inks[1]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_choice_is_kept_on_every_page_and_no_frame_shows_the_other(visit, scheme):
    page = visit(color_scheme=scheme, expects=lambda complaint: "failed: " in complaint).page
    page.locator("button.switch").click()
    chosen = is_dark(page)
    assert chosen is (scheme != "dark")
    page.add_init_script(WATCH)
    for address in (page.url, page.url + NOTEBOOKS[0]):
        page.goto(address, wait_until="networkidle")
        grounds = page.evaluate("window.grounds")
        assert len(grounds) > 2
        assert {sum(ground) < 3 * 64 for ground in grounds} == {chosen}


def test_a_choice_like_the_systems_is_not_kept_so_that_the_page_follows_again(reader):
    page = reader(color_scheme="light").page
    for _ in range(2):
        page.locator("button.switch").click()
    assert page.evaluate("localStorage.length") == 0
    page.emulate_media(color_scheme="dark")
    assert is_dark(page)


def test_a_page_that_may_keep_nothing_still_turns(visit):
    # A page that is loaded anew may drop what it was still asking for.
    page = visit(color_scheme="light", expects=lambda complaint: "failed: " in complaint).page
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }});")
    page.reload(wait_until="networkidle")
    page.locator("button.switch").click()
    assert is_dark(page)


def test_nothing_is_kept_before_the_reader_chooses(reader):
    page = reader().page
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
