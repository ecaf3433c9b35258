"""Every mark of the page leads to evidence: links to words, derivations, accounts, annotations."""

from __future__ import annotations

import json
import re

import pytest

import mini
from explainer.report import derivations
from fact_links import directive, rows, selectors
from program import explain, start
from reading import Page, words


def linked(project):
    """Return the fact and the address of each link to the article's words."""
    tree = Page(project.report / "index.html").tree
    return [(link.get("data-fact"), link.get("href")) for link in tree.xpath("//a[@data-fact]")]


def test_each_link_selects_the_words_of_its_fact(rendered):
    sheet = selectors(rendered)
    found = linked(rendered)
    assert {fact for fact, _ in found} == {"fair-closes", "apples"}
    for fact, address in found:
        assert directive(address) == sheet[fact]
        assert address.startswith("https://example.org/fair#")


def test_annotations_have_the_shape_of_the_data_model(rendered):
    """What https://www.w3.org/TR/annotation-model/ asks of annotation, body, target and selector."""
    page = json.loads((rendered.report / "facts.jsonld").read_text(encoding="utf-8"))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    sheet, facts = selectors(rendered), rows(rendered, "article/facts.csv")
    assert [item["id"].rpartition(":")[2] for item in page["items"]] == [row["fact_id"] for row in facts]
    assert len({item["id"] for item in page["items"]}) == len(facts)
    for item, row in zip(page["items"], facts, strict=True):
        assert re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", item["id"]), "an IRI"
        assert item["type"] == "Annotation"
        body, target = item["body"], item["target"]
        assert (body["type"], body["format"], body["value"]) == ("TextualBody", "text/plain", row["subject"])
        assert body["status"] == row["status"]
        assert body.get("attributedTo", "") == row["attributed_to"]
        assert target["source"] == "https://example.org/fair"
        selector = dict(target["selector"])
        assert selector.pop("type") == "TextQuoteSelector"
        assert selector == {part: text for part, text in sheet[row["fact_id"]].items() if text}
        # Names that the context does not define would be dropped by a reader of JSON-LD.
        assert set(body) - {"type", "value", "format", "language", "purpose"} <= set(page["@context"][1])


def test_export_gives_what_the_report_has(rendered, tmp_path):
    published = (rendered.report / "facts.jsonld").read_text(encoding="utf-8")
    assert explain(rendered, "export", "--annotations").stdout == published
    done = start(rendered, "export", "--annotations", "--output", str(tmp_path / "a.jsonld"))
    assert done.returncode == 0 and (tmp_path / "a.jsonld").read_text(encoding="utf-8") == published
    assert explain(rendered, "export", "xlsx", "--annotations").returncode == 2


def test_page_leads_to_the_annotations(rendered):
    assert "facts.jsonld" in {address for _, address in Page(rendered.report / "index.html").links}


def test_everything_that_opens_has_one_place_and_no_link_holds_another(rendered):
    tree = Page(rendered.report / "index.html").tree
    opened = [part.get("id") for part in tree.xpath("//*[@popover]")]
    assert opened and len(opened) == len(set(opened))
    leading = {href.removeprefix("#") for href in tree.xpath("//a/@href")}
    assert set(opened) <= leading
    assert not tree.xpath("//a//a | //p//*[@popover] | //main//p//button | //main//li//button")
    computed = {name.removeprefix("how.") for name in opened if name.startswith("how.")}
    listed = {
        part.get("id").removeprefix("computed.")
        for part in tree.xpath("//details[@class='derivations']//li/span")
    }
    assert computed == listed == {"fair.day", "crates.all", "stalls.total"}


def test_badge_opens_to_what_the_tables_say(rendered):
    tree = Page(rendered.report / "index.html").tree
    (account,) = tree.xpath("//*[@id='who-apples']")
    assert [words(line.text_content()) for line in account.find_class("said")] == [
        "Same Valley Echo, May 10, 2031: 29 (own reporting).",
        "Differs Pip & Core, undated: 28, <b>by count</b> "
        "(One lost & found; differs in the count; own reporting).",
        "No dated report of it is earlier than the article.",
        "The words it rests on",
    ]


def test_derivation_names_the_date_and_leaves_out_what_the_date_is_about():
    assert (
        derivations.in_words("days from 2031-05-09 to 2031-06-01.") == "days from May 9, 2031 to June 1, 2031"
    )
    assert derivations.in_words("row 2031-99-99, a1-2031-05-09") == "row 2031-99-99, a1-2031-05-09"
    refers = {"day": "closing", "a": "b", "b": "a"}
    assert derivations.leading(["closing", "day", "other"], refers) == ["day", "other"]
    assert derivations.leading(["a", "b"], refers) == ["a", "b"], "two that are about each other both stay"
    assert derivations.leading([], refers) == []


@pytest.mark.parametrize(
    ("file", "start", "told"),
    [
        ("article/facts.csv", "fair-closes,", ["fair-closes"]),
        ("article/facts.csv", "apples,", ["apples"]),
        ("sources/sources.csv", "echo_0510,", ["corroboration.csv", "echo_0510"]),
    ],
)
def test_evidence_that_the_prose_uses_cannot_be_removed(report, file, start, told):
    before = mini.snapshot(report.report)
    path = report.data / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1
    assert all(word in done.stderr for word in told), done.stderr
    assert "Traceback" not in done.stderr
    assert mini.snapshot(report.report) == before
