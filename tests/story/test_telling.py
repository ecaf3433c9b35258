"""How the story is told: in which order, with which head, and of Philadelphia before it speaks of itself."""

from __future__ import annotations

import re

import pytest
import yaml

import story

_, HEAD, BODY = (story.HERE / "index.qmd").read_text(encoding="utf-8").split("---\n", 2)
FRONT = yaml.safe_load(HEAD)
SECTION = re.compile(r"^## .*\{#(sec-[\w-]+)\}$", re.MULTILINE)
#: How the report is made is told in its last section.
MACHINERY = r"tables?|notebooks?|rows?|cells?|columns?|fact sheet|CSV|data ?sets?|variables?"
BRITISH = (
    r"\w*(?:licence|colour|isation|honour|favour|behaviour|grey|programme|judgement)\w*|whilst|cancelled"
)


def before_the_method() -> str:
    """Return the prose before the section on method, without code and addresses."""
    text = BODY[: BODY.index("{#sec-method}")]
    text = re.sub(r"\{\{<.*?>\}\}|\{[^}]*\}|\]\([^)]*\)|@[\w-]+", " ", text)
    return re.sub(r"^:::.*$", " ", text, flags=re.MULTILINE)


def test_what_happened_comes_first_and_how_we_know_last():
    told = [name for name in SECTION.findall(BODY) if name not in ("sec-corrections", "sec-sources")]
    assert told == [
        "sec-timeline",
        "sec-voices",
        "sec-arrests",
        "sec-others",
        "sec-since",
        "sec-places",
        "sec-method",
    ]


@pytest.mark.parametrize("part", ["title", "subtitle", "description"])
def test_headline_and_standfirst_name_the_year(part):
    assert re.search(r"\{\{< var dates\.announcement\.(year|month) >\}\}", FRONT[part])


def test_nothing_speaks_of_how_the_report_is_made_before_the_section_on_method():
    text = before_the_method()
    assert len(text.split()) > 1000
    assert re.findall(rf"\b(?:{MACHINERY})\b", text, re.IGNORECASE) == []


def test_each_line_of_the_summary_leads_to_its_section():
    (box,) = re.findall(r"::: \{\.callout-note title=\"In short\"\}\n(.*?)\n:::\n", BODY, re.DOTALL)
    lines = [part for part in box.split("\n\n") if part.startswith("**What ")]
    assert [re.match(r"\*\*What ([a-z ]+)\.", line)[1] for line in lines] == [
        "held up",
        "was missing",
        "cannot be told",
    ]
    for line in lines:
        links = re.findall(r"\]\(#(sec-[\w-]+)\)", line)
        assert links and set(links) <= set(SECTION.findall(BODY)), line


def test_the_page_shows_its_charts_and_leaves_tables_to_the_evidence():
    assert re.findall(r"\{\{< embed \S+#(\S+) >\}\}", BODY) == [
        "fig-timeline",
        "fig-positions",
        "fig-arrests",
        "fig-corroboration",
        "fig-facility-years",
        "fig-facility-map",
        "fig-public-ranks",
    ]


def test_the_page_says_who_was_not_asked_and_up_to_when_was_searched():
    method = BODY[BODY.index("{#sec-method}") :]
    assert "We did not ask PhillyVoice" in method
    assert "{{< var searches.last.long >}}" in method


@pytest.mark.parametrize(
    "name", ["index.qmd", "evidence.qmd", "data/context/background.csv", "data/sources/sources.csv"]
)
def test_spelling_is_american(name):
    text = re.sub(r"https?://\S+", "", (story.HERE / name).read_text(encoding="utf-8"))
    assert re.findall(rf"\b(?:{BRITISH})\b", text, re.IGNORECASE) == []
