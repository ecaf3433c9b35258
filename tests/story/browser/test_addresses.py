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
    for (const one of document.querySelectorAll("details[open]")) one.open = false;
    // The page's own listener comes first.
    const gone = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = to;
    await gone;
    const box = node.getBoundingClientRect();
    const seen = node.checkVisibility() && box.bottom > 0 && box.top < innerHeight;
    if (!seen) wrong.push(`${node.id}: not seen`);
  }
  return [all.length, wrong];
}"""
#: How many there are at least of each kind, by page.
LEAST = {
    "": {"section": 5, "figure": 5},
    "evidence.html": {"section": 5, "table": 10, "row": 400, "computed value": 40},
}


def test_each_has_an_address_that_opens_it(reader):
    visited = reader(reduced_motion="reduce")
    seen = 0
    for path, least in LEAST.items():
        page = visited.open(path)
        for kind in [*least, "correction"]:
            count, wrong = page.evaluate(GO, KINDS[kind])
            assert wrong == [], (path, kind)
            assert count >= least.get(kind, 0), (path, kind)
        seen += count
    log = story.HERE / "data" / "corrections.csv"
    with log.open(newline="", encoding="utf-8") as file:
        corrections = {row["correction"] for row in csv.DictReader(file)}
    assert seen >= len(corrections) > 0, "each correction is on one of the pages"


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
