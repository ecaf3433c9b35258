"""What leaves the page: to a reader mode, to the clipboard, to somebody's ears, and as an address."""

from __future__ import annotations

import re

import pytest

import measure
import readability
import spoken

pytestmark = pytest.mark.slow

#: Paragraphs and items of the text, without what stands in figures or opens on demand.
OWN = """() => [...document.querySelectorAll(".text p, .key-figures li")]
  .filter(part => !part.closest("figure, .opens")).map(part => part.textContent)"""
#: A stop or comma with a blank before it, two blanks, or a word that runs into the next.
BROKEN = re.compile(r"\s[.,;:)]|\(\s|[a-z]{2}[A-Z][a-z]|[a-z]\(|\)[a-z]")
#: Names that look like that.
NAMES = re.compile("PhillyVoice|DeportICE|NewsBreak|CityLab|CarwilB|PennLive|ProPublica")


@pytest.fixture
def visit(reader):
    return reader


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def readability_source(tmp_path_factory) -> str:
    return readability.fetch(tmp_path_factory.mktemp("npm"))


def test_reader_mode_keeps_every_word_of_every_paragraph(visit, readability_source):
    page = visit().page
    own = [words(text) for text in page.evaluate(OWN)]
    read = {words(text) for text in readability.paragraphs(page, readability_source)}
    assert len(own) > 10
    assert [text for text in own if text and text not in read] == []


def test_reader_mode_shows_none_of_what_opens(visit, readability_source):
    page = visit().page
    notes = page.evaluate("() => [...document.querySelectorAll('.opens')].map(note => note.textContent)")
    read = " ".join(words(text) for text in readability.paragraphs(page, readability_source))
    assert len(notes) > 20
    assert [note for note in notes if words(note) in read] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_copied_paragraph_is_the_sentence_as_it_is_read(visit, width):
    page = visit(width=width).page
    copied = page.evaluate("""() => [
      ...document.querySelectorAll(".text > p, .key-figures li, .callout > p")
    ].map(part => {
      getSelection().selectAllChildren(part);
      return [part.textContent, getSelection().toString()];
    })""")
    assert len(copied) > 25
    assert [words(text) for _, text in copied] == [words(own) for own, _ in copied]
    broken = [text for _, text in copied if BROKEN.search(NAMES.sub("N", words(text)))]
    assert broken == []


#: Leave only a part of the page.
PARTS = {
    "the first two screens": ("", """() => {
      for (const part of document.querySelectorAll(".text > *, .foot"))
        if (part.matches(".foot") || part.getBoundingClientRect().top > 2 * innerHeight) part.remove();
    }"""),
    "two charts": (
        "",
        """() => {
      document.body.replaceChildren(...[...document.querySelectorAll('.exhibit-fig')].slice(0, 2));
    }""",
    ),
    "a table": (
        "evidence.html",
        "() => document.body.replaceChildren(document.querySelector('.exhibit-tbl'))",
    ),
}  # fmt: skip
MOST = 1.25


def test_each_thing_is_said_once(visit):
    said, seen = {}, {}
    for part, (path, leave) in PARTS.items():
        page = visit(path).page
        page.evaluate(leave)
        said[part] = len(" ".join(spoken.spoken(page)).split())
        seen[part] = spoken.seen(page)
        assert seen[part] > 200, part
    assert sum(said.values()) <= MOST * sum(seen.values()), (said, seen)


def test_a_chart_is_one_image_with_one_name_and_one_description(visit):
    page = visit().page
    page.evaluate(PARTS["two charts"][1])
    said = [words(part) for part in spoken.spoken(page)]
    long = [part for part in said if len(part) > 80]
    assert len(long) >= 4
    assert len(long) == len(set(long)), "a caption or a description is read twice"
    assert not page.evaluate("() => [...document.querySelectorAll('[title]')].length")


def test_no_link_says_its_words_twice(visit):
    page = visit().page
    assert measure.ask(page, "all('a[title]').map(named)") == []


def test_every_section_figure_and_value_has_a_link_to_its_address(visit):
    page = visit("evidence.html").page
    bare = """() => [...document.querySelectorAll(
      ".text h2[id], .text h3[id], .text figure[id], .derivations span[id], .corrections span[id]"
    )].filter(part => !part.querySelector(`a[href="#${CSS.escape(part.id).replaceAll("\\\\\\\\", "")}"]`)
      && ![...part.querySelectorAll("a")].some(link => link.getAttribute("href") === `#${part.id}`)
    ).map(part => part.id)"""
    assert page.evaluate(bare) == []
    heading = page.locator(".text h2").first
    sign = heading.locator("a.here")
    assert sign.evaluate("node => getComputedStyle(node).opacity") == "0"
    sign.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert sign.evaluate("node => node === document.activeElement && getComputedStyle(node).opacity") == "1"
    page.keyboard.press("Enter")
    assert page.url.endswith(f"#{heading.get_attribute('id')}")


@pytest.mark.parametrize("place", ["tbl-facts", "computed.days.announcement.access_ends"])
def test_an_address_opens_what_is_closed(visit, place):
    page = visit(f"evidence.html#{place}").page
    opened = """id => {
      const here = document.getElementById(id);
      const box = here.querySelector(":scope > details") ?? here.closest("details");
      return box.open && here.getBoundingClientRect().top < innerHeight;
    }"""
    page.wait_for_function(opened, arg=place)


def test_every_note_about_a_fact_leads_to_its_row(visit, site):
    page = visit().page
    rows = page.evaluate(
        "() => [...document.querySelectorAll('.opens a[href*=\"#row-\"]')].map(link => link.href)"
    )
    assert len(rows) > 20
    page.goto(rows[0])
    row = page.locator("tr:target")
    assert row.is_visible()
