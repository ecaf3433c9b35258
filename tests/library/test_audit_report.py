"""The whole of an audit that finds something of every kind: its lines, its table and its JSON."""

from __future__ import annotations

import pytest

import ferry
from explainer.article.audit import audit
from explainer.article.audit.report import as_data, as_text, problems
from explainer.article.copies import read

TEXT = ferry.TEXT.replace("Twenty-two others were", "They were").replace(
    "raised fares", "raised its fares"
) + ("\n\nThe weather stays wet for most of it and then some.\n")


@pytest.fixture
def result(tmp_path):
    """The audit of a copy and a sheet that both have many things wrong."""
    project = ferry.make(tmp_path / "ferry")
    ferry.add(project, "paragraphs", "8,footer,,Subscribe to our letter,")
    ferry.add(project, "facts", "day,3,weekday,The day,Monday,stated,,said Monday,,,,,,,")
    ferry.add(project, "left-out", "5,Nobody,other,x")
    ferry.edit(project, "facts", "port", paragraph="4")
    ferry.edit(project, "facts", "boat", exact="the", as_printed="the")
    ferry.edit(project, "facts", "watch", prefix="by a")
    copy = tmp_path / "copy.txt"
    copy.write_text(TEXT, encoding="utf-8")
    return audit(project, read(copy))


LINES = [
    "data/article/facts.csv:8: port (paragraph 4): 'Port Ansel' stands in another paragraph "
    "(paragraph 3: …April 14, after it struck a pier in [Port Ansel].). Correct the paragraph.",
    "data/article/facts.csv:11: ashore (paragraph 4): said 'Twenty-two others', which is no longer "
    "there. Strike the row, or get a copy that was not changed.",
    "data/article/facts.csv:12: watch (paragraph 4): 'Coast Watch' stands there still, but not "
    "between the words that the row gives (…bruises. They were led ashore by the [Coast Watch] – all "
    "within the hour.). Correct prefix and suffix.",
    "data/article/facts.csv:14: fares (paragraph 5): said 'the line raised fares', says now 'the line "
    "raised its fares' (The collision came 9 days after [the line raised its fares]. The line’s "
    "lowest fare is $4, and…). Correct the row, or get a copy that was not changed.",
    "data/article/facts.csv:5: boat: the words stand 9 times (paragraph 3: [The] ferry’s owners said "
    "Monday that the…; paragraph 3: The ferry’s owners said Monday that [the] Blue Heron will not "
    "sail until April…; paragraph 4: …with bruises. They were led ashore by [the] Coast Watch – all "
    "within the hour.; paragraph 4: …ashore by the Coast Watch – all within [the] hour.; paragraph 5: "
    "[The] collision came 9 days after the line…; and 4 more). Add prefix or suffix.",
    "data/article/facts.csv:20: day and announced (row 4) are of one kind and rest on the same words, "
    "or in part ('Monday', 'said Monday'). Strike one, or choose other words.",
    "paragraph 3: name 'Port Ansel' is neither in the fact sheet nor left out on purpose (…April 14, "
    "after it struck a pier in [Port Ansel].). Add a fact, or a row to data/article/left-out.csv.",
    "data/article/left-out.csv:4:words: 'Nobody' does not stand in paragraph 5. Strike the row.",
    "data/article/paragraphs.csv: paragraph 8 no longer opens with 'Subscribe to our letter', but "
    "with 'The weather stays wet for most'. Correct the row.",
]


def test_lines(result):
    assert problems(result) == LINES


TABLE = """\
copy.txt against the fact sheet
┏━━━━━━━━━━━━┳━━━━━━━━┳━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━┳━━━━━━━━━━┓
┃            ┃ in all ┃ found ┃ missing ┃ ambiguous ┃ left out ┃ uncovered ┃ reworded ┃
┡━━━━━━━━━━━━╇━━━━━━━━╇━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━╇━━━━━━━━━━┩
│ facts      │     19 │    14 │       4 │         1 │          │           │          │
│ mentions   │     15 │    12 │         │           │        2 │         1 │          │
│ paragraphs │      8 │     8 │       0 │           │          │         0 │        0 │
└────────────┴────────┴───────┴─────────┴───────────┴──────────┴───────────┴──────────┘
"""


def test_text_is_the_table_and_the_lines(result):
    assert as_text(result) == TABLE + "\n".join(LINES) + "\n"


DATA = {
    "copy": "copy.txt",
    "article": {
        "outlet": "Ansel Herald",
        "headline": "Ferry stops after harbor collision",
        "url": "https://example.org/ferry",
        "dateline": "2031-03-03",
    },
    "complete": False,
    "looks_like_the_article": True,
    "counts": {
        "facts": 19,
        "found": 14,
        "missing": 4,
        "ambiguous": 1,
        "mentions": 15,
        "covered": 12,
        "left_out": 2,
        "uncovered": 1,
        "paragraphs": 8,
        "paragraphs_found": 8,
        "paragraphs_missing": 0,
        "paragraphs_not_in_the_sheet": 0,
        "paragraphs_reworded": 0,
    },
    "facts": [
        {
            "fact_id": "boat",
            "row": 5,
            "paragraph": 3,
            "kind": "system",
            "as_printed": "the",
            "status": "ambiguous",
            "selector": {"type": "TextQuoteSelector", "exact": "the"},
            "places": [
                "paragraph 3: [The] ferry’s owners said Monday that the…",
                "paragraph 3: The ferry’s owners said Monday that [the] Blue Heron will not "
                "sail until April…",
                "paragraph 4: …with bruises. They were led ashore by [the] Coast Watch – "
                "all within the hour.",
                "paragraph 4: …ashore by the Coast Watch – all within [the] hour.",
                "paragraph 5: [The] collision came 9 days after the line…",
                "paragraph 5: The collision came 9 days after [the] line raised its fares. The line’s…",
                "paragraph 5: …days after the line raised its fares. [The] line’s lowest "
                "fare is $4, and Okafor’s…",
                "paragraph 7: Follow [the] Ansel Herald",
                "paragraph 8: [The] weather stays wet for most of it and…",
            ],
        },
        {
            "fact_id": "port",
            "row": 8,
            "paragraph": 4,
            "kind": "place",
            "as_printed": "Port Ansel",
            "status": "missing",
            "selector": {"type": "TextQuoteSelector", "exact": "Port Ansel"},
            "change": "moved",
            "said": "Port Ansel",
            "now": None,
            "places": ["paragraph 3: …April 14, after it struck a pier in [Port Ansel]."],
        },
        {
            "fact_id": "ashore",
            "row": 11,
            "paragraph": 4,
            "kind": "count",
            "as_printed": "Twenty-two",
            "status": "missing",
            "selector": {"type": "TextQuoteSelector", "exact": "Twenty-two others"},
            "change": "gone",
            "said": "Twenty-two others",
            "now": None,
        },
        {
            "fact_id": "watch",
            "row": 12,
            "paragraph": 4,
            "kind": "organization",
            "as_printed": "Coast Watch",
            "status": "missing",
            "selector": {"type": "TextQuoteSelector", "exact": "Coast Watch", "prefix": "by a "},
            "change": "neighbors",
            "said": "Coast Watch",
            "now": "Coast Watch",
            "around": "…bruises. They were led ashore by the [Coast Watch] – all within the hour.",
        },
        {
            "fact_id": "fares",
            "row": 14,
            "paragraph": 5,
            "kind": "claim",
            "as_printed": "raised fares",
            "status": "missing",
            "selector": {"type": "TextQuoteSelector", "exact": "the line raised fares"},
            "change": "changed",
            "said": "the line raised fares",
            "now": "the line raised its fares",
            "around": "The collision came 9 days after [the line raised its fares]. The line’s "
            "lowest fare is $4, and…",
        },
    ],
    "uncovered": [
        {
            "paragraph": 3,
            "kind": "name",
            "words": "Port Ansel",
            "around": "…April 14, after it struck a pier in [Port Ansel].",
        }
    ],
    "left_out": [
        {
            "row": 2,
            "paragraph": 5,
            "words": "Okafor",
            "kind": "person",
            "reason": "Named again; fact captain",
            "found": True,
        },
        {
            "row": 3,
            "paragraph": 6,
            "words": "HARBOR NEWS",
            "kind": "other",
            "reason": "Label of the site",
            "found": True,
        },
        {"row": 4, "paragraph": 5, "words": "Nobody", "kind": "other", "reason": "x", "found": False},
    ],
    "gone": [],
    "twins": [["announced", "day"]],
    "cut_words": [],
    "reworded": [],
    "paragraphs": {"missing": [], "opening_changed": [8], "not_in_the_sheet": []},
}


def test_data(result):
    data = as_data(result)
    assert len(data["facts"]) == 19
    found = [fact for fact in data["facts"] if fact["status"] == "found"]
    assert found[0] == {
        "fact_id": "published",
        "row": 2,
        "paragraph": 1,
        "kind": "date",
        "as_printed": "March 3, 2031",
        "status": "found",
        "selector": {"type": "TextQuoteSelector", "exact": "March 3, 2031"},
    }
    assert data | {"facts": [fact for fact in data["facts"] if fact not in found]} == DATA
