"""The number gate finds every number that no table accounts for, and says where it stands."""

from __future__ import annotations

import lxml.html
import pytest

from explainer.gate import check as gate
from explainer.gate import page, tokens
from explainer.gate.traces import Allowance, Traces


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("29 people", ["29"]),
        ("Twenty-nine people", ["29"]),
        ("1,685 facilities and 690.10 a day", ["1685", "690.1"]),
        ("on Friday, July 27, 2018", ["Friday", "July", "27", "2018"]),
        ("Fri Jul 27", ["Friday", "July", "27"]),
        ("by 3:30 p.m.", ["3:30"]),
        ("2018-07-02", ["2018-07-02"]),
        ("in the 1990s, on the 3rd", ["1990", "3"]),
        ("a dozen, five hundred", ["dozen", "5", "hundred"]),
        ("it may march on", []),
        ("someone, often, F01, wtf2go, A4-paper", []),
        ("PDF/UA-1", []),
    ],
)
def test_numbers_are_found_however_they_are_written(text, keys):
    assert [token.key for token in tokens.find(text)] == keys


def test_a_day_is_also_known_by_its_parts():
    assert tokens.keys("2018-07-02") == {"2018-07-02", "2018", "July", "2", "Monday"}


TRACES = Traces(
    values=frozenset({"35"}),
    facts={"count": frozenset({"29"})},
    figures={"fig-x": frozenset({"4", "July"})},
    allowances=(Allowance("one more thing", "an idiom"), Allowance("never printed", "nothing")),
)
PAGE = """<!DOCTYPE html><html><head><meta name="description" content="About {meta} arrests"></head><body>
<nav><a href="#a">Part 7</a></nav><main><h2>Arrests</h2>
<p>Of <span class="value">35</span> days, {prose}.
<a class="fact" data-fact="count" href="x">{fact} people</a>
were held (<a href="#fig-x">Figure 3</a>; <span class="citation">Post, May 9</span>), and one more thing.</p>
<figure id="fig-x"><p class="takeaway">All {takeaway} days</p>
<svg><title>t</title><desc>In {alt}</desc><g class="axis"><text>500</text></g><text>{drawn}</text></svg>
<figcaption><p class="caption"><span class="number">Figure 3.</span> c</p><p class="source">Up to {note}.
Sources: <a href="x">Post, May 9</a></p></figcaption></figure></main>
<p class="stamp">Built from data 123</p></body></html>"""
FINE = {
    "meta": "many",
    "prose": "it rained",
    "fact": "29",
    "takeaway": "4",
    "alt": "July",
    "drawn": "4",
    "note": "35",
}


@pytest.fixture
def project(tmp_path):
    class Story:
        index = tmp_path / "index.qmd"

        @staticmethod
        def relative(path):
            return path.name

    Story.index.write_text("---\ntitle: x\n---\n\n## Arrests\n\nOf {{< var d >}} days, it took 12 hours.\n")
    return Story


def faults(project, monkeypatch, pdf="", **changed):
    monkeypatch.setattr(gate, "collect", lambda project, variables: TRACES)
    return gate.check(project, lxml.html.document_fromstring(PAGE.format(**FINE | changed)), pdf, {})


def test_a_page_written_by_tables_passes_but_for_an_idle_exception(project, monkeypatch):
    (idle,) = faults(project, monkeypatch)
    assert (idle.file, idle.value) == ("data/exceptions.csv", "never printed")


@pytest.mark.parametrize(
    ("where", "words", "file", "row"),
    [
        ("prose", "it took 12 hours", "index.qmd", 7),
        ("prose", "it took twelve hours", "index.qmd", None),
        ("prose", "it rained on Monday", "index.qmd", None),
        ("meta", "36", "index.qmd", None),
        ("fact", "31", "index.qmd", None),
        ("takeaway", "5", "fig-x", None),
        ("alt", "June", "fig-x", None),
        ("drawn", "77", "fig-x", None),
        ("note", "200", "fig-x", None),
    ],
)
def test_a_number_typed_by_hand_is_found_wherever_it_stands(project, monkeypatch, where, words, file, row):
    fault, idle = faults(project, monkeypatch, **{where: words})
    assert (fault.file, fault.row) == (file, row)
    assert idle.file == "data/exceptions.csv"
    assert any(token.text in str(fault) for token in tokens.find(words))


def test_a_number_that_only_the_pdf_has_is_found(project, monkeypatch):
    assert len(faults(project, monkeypatch, pdf="29 people\f35 days")) == 1
    found, _ = faults(project, monkeypatch, pdf="29 people and 88 more")
    assert found.file == "report.pdf" and "88" in str(found)


def test_an_address_that_the_pdf_breaks_is_no_number_of_its_own(project, monkeypatch):
    page = {"prose": "see https://example.org/a-487568651.html"}
    assert len(faults(project, monkeypatch, pdf="see https://example.org/a- 487568651.html", **page)) == 1


def test_passages_leave_out_what_is_not_prose():
    tree = lxml.html.document_fromstring(PAGE.format(**FINE))
    text = " ".join(passage.text for passage in page.prose(tree))
    assert "Part 7" not in text and "Built from" not in text and "May" not in text and "takeaway" not in text
