"""Readers see what was corrected: in the log, beside the fact, under the headline, on paper."""

from __future__ import annotations

import json
from collections import Counter

import lxml.html
import pytest

import mini
from program import explain
from reading import Page, Pdf, squeezed, words

REASON = "Misread: it is <b>31</b> & not 77 *crates* $x$ #let"
LOG = [
    "June 4, 2031. It says nothing of them. Visitors: “1200” was withdrawn.",
    "June 3, 2031. The article was changed. Misread: it is <b>31</b> & not 77 *crates* $x$ #let. "
    "Apples sold: “30” is now “31”.",
    "June 2, 2031. A slip. Apples sold: “29” is now “30”.",
]
NONE = (
    "No correction has been made to this report. Corrections will be listed here with their date, "
    "what was said and what is said now."
)
PLACE = "## Corrections {#sec-corrections}\n\n::: {.corrections}\n:::\n\n## Sources\n"
ACTS = (
    ("apples", "--to", "30", "--exact", "sold 30 crates", "--reason", "A slip.", "--on", "2031-06-02"),
    (
        *("apples", "--to", "31", "--exact", "sold 31 crates", "--reason", REASON, "--on", "2031-06-03"),
        *("--kind", "article"),
    ),
    ("visitors", "--remove", "--reason", "It says nothing of them", "--on", "2031-06-04"),
)


def render(project, *engine):
    done = explain(project, "render", "--engine", *(engine or ("pandoc",)))
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture(scope="module")
def corrected(rendered, tmp_path_factory):
    """Return the little report after three corrections, with a place for its log."""
    project = mini.copy_of(rendered, tmp_path_factory.mktemp("corrected") / "mini")
    mini.edit(project.index, "## Sources\n", PLACE)
    for act in ACTS:
        done = explain(project, "correct", *act)
        assert done.returncode == 0, done.stderr
    assert explain(project, "publish").returncode == 0
    return render(project)


@pytest.fixture(scope="module")
def page(corrected):
    return Page(corrected.report / "index.html")


@pytest.fixture(scope="module")
def pdf(corrected):
    return Pdf(corrected.report / "report.pdf")


def shown(page):
    (log,) = page.tree.find_class("corrections")
    return [words(item.text_content()) for item in log.iter("li")]


def test_log_is_dated_and_the_latest_comes_first(page):
    assert shown(page) == LOG
    assert [item[0].get("id") for item in page.tree.xpath("//div[@class='corrections']//li")] == [
        "correction-3", "correction-2", "correction-1",
    ]  # fmt: skip
    assert not page.tree.xpath("//div[@class='corrections']//b"), "a reason is words, not mark-up"


def test_each_mention_of_a_corrected_fact_leads_to_its_last_correction(page):
    mentions = page.tree.xpath("//a[@data-fact='apples']")
    marks = [mark for mark in page.tree.find_class("corrected") if mark.get("href") == "#correction-2"]
    assert len(mentions) == len(marks) + 1, "a key figure set large has none; the words beside it do"
    for mark in marks:
        assert mark.getprevious().get("data-fact") == "apples"
        assert mark.get("aria-label") == "corrected on June 3, 2031" and not mark.text_content()
    assert not page.tree.xpath("//a[@data-fact='fair-closes']/following-sibling::*[1][@class='corrected']")


def test_the_headline_says_so(page):
    (byline,) = page.tree.find_class("byline")[:1]
    (link,) = byline.iter("a")
    assert words(link.text_content()) == "Corrected June 4, 2031" and link.get("href") == "#correction-3"
    assert link.find("time").get("datetime") == "2031-06-04"


def test_paper_says_the_same(pdf):
    printed = squeezed(pdf.text)
    for entry in LOG:
        assert squeezed(entry) in printed
    assert "31 crates corrected" in words(pdf.prose) and squeezed("Corrected June 4, 2031") in printed


def test_links_on_paper_lead_to_the_entries(page, pdf):
    places = [
        (note["/Dest"] if "/Dest" in note else note["/A"]["/D"])[:4]
        for sheet in pdf.reader.pages
        for note in (one.get_object() for one in sheet.get("/Annots", []))
        if "/Dest" in note or "/D" in note.get("/A", {})
    ]
    sheet, kind, left, top = places[0]  # under the headline, so the first of all
    found = Counter(place[3] for place in places if place[:3] == [sheet, kind, left])
    marks = len(page.tree.find_class("corrected")) - 1
    assert found.pop(top) == 1 and list(found.values()) == [marks]
    assert next(iter(found)) < top, "the entry before the last stands below it"
    (log,) = (one for one in pdf.reader.pages if one.indirect_reference == sheet)
    assert LOG[0][:40] in words(log.extract_text())


def test_machines_are_told(page):
    (script,) = page.tree.xpath("//script[@type='application/ld+json']")
    report = json.loads(script.text)["@graph"][0]
    assert report["dateModified"] == "2031-06-04"
    assert [one["datePublished"] for one in report["correction"]] == [
        "2031-06-04",
        "2031-06-03",
        "2031-06-02",
    ]
    assert [f"{one['text']}" in entry for one, entry in zip(report["correction"], LOG, strict=True)] == [
        True
    ] * 3
    assert report["datePublished"] == "2031-06-01"


def test_the_annotation_of_a_corrected_fact_says_so(corrected):
    items = json.loads((corrected.report / "facts.jsonld").read_text(encoding="utf-8"))["items"]
    facts = {item["id"].rpartition(":")[2]: item for item in items}
    assert set(facts) == {"apples", "closing-day", "fair-closes"}, "what was withdrawn is gone"
    assert facts["apples"]["modified"] == "2031-06-03T00:00:00Z"
    assert facts["apples"]["body"]["correction"] == LOG[1]
    assert not any(
        "modified" in facts[fact] or "correction" in facts[fact]["body"] for fact in set(facts) - {"apples"}
    )


def test_what_the_log_says_is_no_licence_for_the_prose(corrected, tmp_path):
    project = mini.copy_of(corrected, tmp_path / "mini")
    mini.edit(project.index, "Most came from one grower", "Most of 77 came from one grower")
    done = explain(project, "render", "--engine", "pandoc")
    assert done.returncode == 1 and "'77' traces to no table" in done.stderr
    mini.edit(project.index, "Most of 77 came from one grower", "Most came from one grower")
    mini.edit(project.index, "::: {.corrections}", "Corrected 88 times.\n\n::: {.corrections}")
    done = explain(project, "render", "--engine", "pandoc")
    assert done.returncode == 1 and "'88' traces to no table" in done.stderr


def test_sheet_that_contradicts_the_log_is_not_rendered(corrected, tmp_path):
    project = mini.copy_of(corrected, tmp_path / "mini")
    before = mini.snapshot(project.report)
    mini.edit(
        project.data / "article/facts.csv",
        "Apples sold,31,attributed,growers,sold 31",
        "Apples sold,9,attributed,growers,sold 9",
    )
    done = explain(project, "render", "--engine", "pandoc")
    assert done.returncode == 1 and "data/corrections.csv:4:expected" in done.stderr
    assert mini.snapshot(project.report) == before


def test_change_that_was_not_corrected_is_told_by_a_render(report):
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 0
    assert "warning: data/article/facts.csv:4:as_printed: fact apples was published with '29'" in done.stdout


def test_report_without_corrections_says_nothing_of_marks(rendered):
    page, pdf = Page(rendered.report / "index.html"), Pdf(rendered.report / "report.pdf")
    assert "correct" not in page.visible.lower() and "correct" not in pdf.text.lower()
    assert not page.tree.find_class("corrected") and not page.tree.find_class("corrections")


def test_log_without_entries_says_so_on_page_and_paper(report):
    before = {path.name: path.read_bytes() for path in report.notebooks.glob("*.ipynb")}
    mini.edit(report.index, "## Sources\n", PLACE)
    render(report)
    page, pdf = Page(report.report / "index.html"), Pdf(report.report / "report.pdf")
    (log,) = page.tree.find_class("corrections")
    assert words(log.text_content()) == NONE
    assert squeezed(NONE) in squeezed(pdf.text)
    assert not page.tree.find_class("corrected")
    assert {path.name: path.read_bytes() for path in report.notebooks.glob("*.ipynb")} == before


def test_log_comes_to_a_page_that_has_no_place_for_it(corrected, tmp_path):
    project = mini.copy_of(corrected, tmp_path / "mini")
    mini.edit(project.index, PLACE, "## Sources\n")
    render(project)
    page = Page(project.report / "index.html")
    assert shown(page) == LOG
    assert page.headings[-1][0] == "h2" and page.headings[-1][2] == "Corrections"
    assert Pdf(project.report / "report.pdf").headings[-1] == "Corrections"


@pytest.mark.quarto
def test_quarto_shows_the_same(corrected, page, pdf, tmp_path, quarto_path):
    project = mini.copy_of(corrected, tmp_path / "mini")
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 0, done.stdout + done.stderr
    other = Page(project.report / "index.html")
    assert other.visible == page.visible and other.links == page.links and other.ids == page.ids
    assert lxml.html.tostring(other.tree.find_class("corrections")[0]) == lxml.html.tostring(
        page.tree.find_class("corrections")[0]
    )
    assert squeezed(Pdf(project.report / "report.pdf").text) == squeezed(pdf.text)
