"""The whole of an audit that finds something of every kind: its lines, its table and its JSON."""

from __future__ import annotations

import pytest

import ferry
from explainer.article.audit import audit, changes, paragraphs
from explainer.article.audit.paragraphs import _cut_lines
from explainer.article.audit.report import as_data, as_text, cut_faults, problems
from explainer.article.copies import Line, read

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


def test_words_that_stand_twice_are_told_with_both_places(tmp_path):
    project = ferry.make(tmp_path / "ferry")
    ferry.edit(project, "facts", "bruised", exact="with", as_printed="with", kind="claim", unit="")
    ferry.edit(project, "facts", "boat", prefix="that the")
    copy = tmp_path / "copy.txt"
    copy.write_text(ferry.TEXT.replace("within the hour", "with care"), encoding="utf-8")
    (line,) = [line for line in problems(audit(project, read(copy))) if "bruised" in line]
    assert line == (
        "data/article/facts.csv:10: bruised: the words stand 2 times (paragraph 4: …Ruth Okafor, who counted "
        "17 passengers [with] bruises. Twenty-two others were led…; paragraph 4: …led ashore by the Coast "
        "Watch – all [with] care.). Add prefix or suffix."
    )


def test_what_is_left_out_of_a_paragraph_that_is_gone_is_a_row_to_strike(tmp_path):
    project = ferry.make(tmp_path / "ferry")
    ferry.edit(project, "left-out", "6", paragraph="7")
    copy = tmp_path / "copy.txt"
    copy.write_text(ferry.TEXT.replace("Follow the Ansel Herald", ""), encoding="utf-8")
    result = audit(project, read(copy))
    assert result.located.absent == [7]
    assert [row.words for row in result.coverage.stale] == ["HARBOR NEWS"]
    assert (
        "data/article/left-out.csv:3:words: 'HARBOR NEWS' does not stand in paragraph 7. Strike the row."
        in problems(result)
    )


def test_of_another_article_everything_is_gone(tmp_path):
    project = ferry.make(tmp_path / "ferry")
    copy = tmp_path / "copy.txt"
    copy.write_text("The council passed a budget of 41 million on Thursday, and more.\n", encoding="utf-8")
    data = as_data(audit(project, read(copy)))
    assert {(fact["status"], fact["change"], fact["now"]) for fact in data["facts"]} == {
        ("missing", "gone", None)
    }
    assert [row["found"] for row in data["left_out"]] == [False, False]
    assert data["uncovered"] == [] and data["twins"] == [] and not data["complete"]
    counts = {name: count for name, count in data["counts"].items() if count}
    assert counts == {
        "facts": 18,
        "missing": 18,
        "paragraphs": 7,
        "paragraphs_missing": 7,
        "paragraphs_not_in_the_sheet": 1,
    }


def test_a_day_is_replaced_by_a_day_and_a_name_by_a_name():
    def cost(expected, present, *, capital=False):
        return changes._substitution_cost(changes._word(expected, capital), changes._word(present, capital))

    assert cost("monday", "monday") == 0
    assert cost("monday", "thursday") < 0.35 < cost("monday", "stone") == cost("stone", "monday") == 1
    assert cost("29", "thirty") <= 1.5 * 0.35 < cost("29", "stone") == 1.5
    assert cost("okafor", "reyes", capital=True) <= 0.35
    assert cost("okafor", "reyes") == 0.9 and cost("raised", "raises") < 0.2
    assert cost("the", "stone") == 0.45


@pytest.mark.parametrize(
    ("expected", "pairs", "confirmed", "contradicted"),
    [
        (2, {0: 2}, (10, 20), True),
        (2, {0: 2}, (10, 14), False),
        (2, {0: 5}, (20, 40), False),
        (2, {1: 2}, (5, 15), True),
        (2, {1: 2}, (10, 15), False),
        (2, {1: 0}, (0, 5), False),
        (3, {0: 1, 2: 3}, (5, 20), True),
        (3, {0: 1, 2: 3}, (5, 10), False),
        (3, {0: 1, 1: 2, 2: 3}, (0, 30), False),
    ],
)
def test_words_may_not_be_dropped_where_another_fact_has_both_sides(expected, pairs, confirmed, contradicted):
    present = [changes._word(word, False, 5 * at, 5 * at + 4) for at, word in enumerate("abcdef")]
    assert changes._contradicted(expected, present, pairs, [confirmed]) is contradicted


def test_words_that_have_replaced_others_raise_no_doubt_about_a_fact(tmp_path):
    project = ferry.make(tmp_path / "ferry")
    copy = tmp_path / "copy.txt"
    copy.write_text(ferry.TEXT.replace("April 14", "April 2"), encoding="utf-8")
    result = audit(project, read(copy))
    told = {finding.fact.fact_id: (finding.status, finding.now) for finding in result.findings}
    assert told["until"] == ("missing", "April 2")
    assert told["last-trip"] == ("found", "")
    assert [finding.fact.fact_id for finding in result.missing + result.ambiguous] == ["until"]


def test_paragraphs_that_run_together_are_cut_where_each_opens():
    lines = [Line("One two.", 0), Line("Three “Four five.", 0), Line("Six.", 0)]
    at = "One two.\nThree “Four five.\nSix.".index
    cuts = [at("Four"), at("Six") + 1]
    assert [line.text for line in _cut_lines(lines, cuts)] == [
        "One two.",
        "Three “",
        "Four five.",
        "S",
        "ix.",
    ]
    assert [line.text for line in _cut_lines([Line("“Four five.", 0)], [1])] == ["“Four five."]


def test_the_nearer_of_two_words_is_what_has_replaced_another():
    def cost(expected, present):
        return changes._substitution_cost(changes._word(expected, False), changes._word(present, False))

    assert cost("29", "28") < cost("29", "57") and cost("monday", "sunday") < cost("monday", "thursday")


def test_of_equal_series_the_one_that_skips_fewest_lines_is_taken():
    assert paragraphs._in_order([(1, 0), (1, 4), (2, 5)]) == {1: 4, 2: 5}
    assert paragraphs._in_order([(1, 0), (2, 1), (2, 5)]) == {1: 0, 2: 1}
    assert paragraphs._in_order([(1, 3), (2, 1), (3, 2)]) == {2: 1, 3: 2}
    assert paragraphs._in_order([]) == {}


def test_a_chunk_opens_at_the_first_line_and_where_another_follows():
    lines = [Line("One.", 0), Line("Two.", 0), Line("Three.", 1)]
    assert [paragraphs._opens_chunk(lines, at) for at in range(3)] == [True, False, True]
    assert paragraphs._opens_chunk(lines[:2], 0)


@pytest.fixture
def held(tmp_path):
    """Hold a changed sheet against a text; both are those of the ferry but for what is given."""

    def against(text=ferry.TEXT, name="copy.txt", **rows):
        project = ferry.make(tmp_path / "ferry")
        for fact, cells in rows.items():
            ferry.edit(project, "facts", fact, **cells)
        copy = tmp_path / name
        copy.write_text(text, encoding="utf-8")
        return audit(project, read(copy))

    return against


def test_a_copy_is_named_as_its_file_is(held):
    assert as_text(held(name="[bold]copy.txt")).startswith("[bold]copy.txt against the fact sheet\n")


def test_words_that_cut_a_word_are_named_whole(held):
    (fault,) = cut_faults(held(fare={"prefix": "’s lowest fare is"}))
    assert str(fault) == (
        "data/article/facts.csv:15:prefix: the words begin inside 'line’s', which is one word to browsers: "
        "no link finds them ('$4'). Write 'line' at the end of prefix."
    )


def test_a_place_in_no_paragraph_is_called_so(held):
    (line,) = [
        line
        for line in problems(held(ferry.TEXT + "\n\nThe owners said 9 days after is enough for all.\n"))
        if "interval" in line
    ]
    assert "stand 2 times (paragraph 5: The collision came [9 days after]" in line
    assert "; outside the paragraphs: " in line


def test_a_name_that_only_the_gazetteer_knows_counts_at_the_start_of_a_sentence(held):
    result = held(ferry.TEXT.replace("all within the hour.", "all within the hour. Tarn was shut."))
    assert [
        (mention.text.number, mention.kind, mention.text.text[mention.start : mention.end])
        for mention in result.coverage.uncovered
    ] == [(4, "place", "Tarn")]


def test_capitals_of_a_headline_are_no_names(held):
    headline = "Ferry Stops After Harbor Collision"
    result = held(ferry.TEXT.replace("Ferry stops after harbor collision", headline))
    assert not result.coverage.uncovered
    body = held(ferry.TEXT.replace("all within the hour.", "all within the Harbor Collision Hour."))
    assert [mention.text.number for mention in body.coverage.uncovered] == [4]
