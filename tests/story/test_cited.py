"""CITATION.cff: what it says of the report is what the report's own files say."""

from __future__ import annotations

import csv
import json

import pytest
import yaml

import story

CITATION = yaml.safe_load((story.HERE / "CITATION.cff").read_text(encoding="utf-8"))
REPORT = CITATION["preferred-citation"]


@pytest.mark.slow
def test_it_cites_the_report_as_the_report_does(published):
    (own,) = json.loads((published.report / "cite.json").read_text(encoding="utf-8"))
    assert own["title"] == REPORT["title"]
    assert [author["literal"] for author in own["author"]] == [author["name"] for author in REPORT["authors"]]
    assert own["issued"]["date-parts"] == [[int(part) for part in REPORT["date-published"].split("-")]]
    assert own.get("URL") == REPORT.get("url")


def test_it_names_the_contact_and_the_source_that_the_report_does():
    front = yaml.safe_load((story.HERE / "index.qmd").read_text(encoding="utf-8").split("---\n", 2)[1])
    assert CITATION.get("repository-code") == front.get("repository")
    assert REPORT.get("url") == front.get("url")


def test_the_article_that_it_names_is_the_one_of_the_tables():
    (reference,) = CITATION["references"]
    path = story.HERE / "data/article/article.csv"
    (article,) = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert reference["url"] == article["url"]
    assert reference["title"] == article["headline"]
    assert reference["publisher"]["name"] == article["outlet"]
    assert reference["date-published"] == article["dateline"]
