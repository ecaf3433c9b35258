"""What can be cited has an address that answers: it shows what it names, and opens what was closed."""

from __future__ import annotations

import csv
import json
import re

import lxml.html
import pytest

import story

pytestmark = pytest.mark.slow

#: What has an address, by what it is called here: where it is, and the link that shows it, from there.
KINDS = {
    "section": ("main :is(h2, h3)[id]", ":scope > .here"),
    "figure": ("figure.exhibit-fig[id]", "a.number"),
    "table": ("figure.exhibit-tbl[id]", "a.number"),
    "row": ("figure.exhibit-tbl tbody tr", ".here"),
    "computed value": ("[id^='computed.']", ".here"),
    "correction": ("[id^='correction-']", ".here"),
}
#: Goes to each address as a link does, and returns those that do not show what they name.
GO = """async ([where, link]) => {
  const wrong = [];
  const all = [...document.querySelectorAll(where)];
  for (const node of all) {
    const to = node.querySelector(link)?.getAttribute("href") ?? "";
    if (!node.id || decodeURIComponent(to) !== "#" + node.id) {
      wrong.push(`${node.id || node.textContent}: no link to itself`);
      continue;
    }
    document.querySelectorAll("details").forEach((one) => { one.open = false; });
    location.hash = to;
    await new Promise((done) => setTimeout(done, 10));
    const box = node.getBoundingClientRect();
    const seen = node.checkVisibility() && box.bottom > 0 && box.top < innerHeight;
    if (!seen) wrong.push(`${node.id}: not seen`);
  }
  return [all.length, wrong];
}"""
LEAST = {
    ("", "section"): 5,
    ("", "figure"): 5,
    ("evidence.html", "section"): 5,
    ("evidence.html", "table"): 10,
    ("evidence.html", "row"): 400,
    ("evidence.html", "computed value"): 40,
}


@pytest.mark.parametrize("page, kind", LEAST, ids=str)
def test_each_has_an_address_that_opens_it(visit, page, kind):
    count, wrong = visit(page, reduced_motion="reduce").page.evaluate(GO, KINDS[kind])
    assert wrong == []
    assert count >= LEAST[page, kind]


def test_each_correction_has_an_address_on_one_of_the_pages(visit):
    log = story.HERE / "data" / "corrections.csv"
    with log.open(newline="", encoding="utf-8") as file:
        corrections = {row["correction"] for row in csv.DictReader(file)}
    seen = 0
    for page in ("", "evidence.html"):
        count, wrong = visit(page, reduced_motion="reduce").page.evaluate(GO, KINDS["correction"])
        assert wrong == []
        seen += count
    assert seen >= len(corrections) > 0


def test_each_fact_has_an_address(published):
    with (story.HERE / "data/article/facts.csv").open(newline="", encoding="utf-8") as file:
        facts = [row["fact_id"] for row in csv.DictReader(file)]
    page = lxml.html.document_fromstring((published.report / "data/facts.html").read_bytes())
    assert [name.removeprefix("row-") for name in page.xpath("//tbody/tr/@id")] == facts


def test_no_address_of_a_row_is_made_of_words_that_are_edited(published):
    entries = json.loads((published.build / "figures.json").read_bytes())
    shown = [entry for entry in entries.values() if entry["kind"] == "tbl"]
    assert [entry["label"] for entry in shown if not all(entry["ids"] or [""])] == []
    # Few sources answer the same part of a question twice, and nothing else shares its key.
    shared = {entry["label"]: len(entry["ids"]) - len(set(entry["ids"])) for entry in shown}
    assert shared.pop("tbl-evidence") < 5 and set(shared.values()) == {0}


def test_the_first_page_pays_nothing_for_the_addresses_of_rows(published):
    text = (published.report / "index.html").read_text(encoding="utf-8")
    assert not re.search(r'<tr id="', text)
