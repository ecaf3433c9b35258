"""Who else reported a fact: voices counted once, the article's own outlet not at all, the earliest first."""

from __future__ import annotations

import pandas as pd
import pytest

from explainer.evidence import corroboration

OUTLET = "The Post"
SOURCES = (
    pd.DataFrame(
        [
            ("wire", "Wire", "2031-05-09", "Wire"),
            ("wire_copy", "Daily Copy", "2031-05-08", "Wire"),
            ("echo", "Echo", None, "Echo"),
            ("blog", "Blog", "2031-05-12", None),
            ("post_later", "The Post", "2031-05-10", "The Post"),
            ("city", "City Hall", "2031-05-11", "City Hall"),
            ("early", "Herald.com", "2031-05-09", "Herald"),
            ("late", "Herald", "2031-05-09", "Herald"),
            ("late_copy", "Copy of Herald", "2031-05-13", "Herald"),
        ],
        columns=["source_id", "outlet", "published", "voice"],
    )
    .assign(
        based_on=lambda t: t["source_id"].map({"late": "early", "late_copy": "early"}).astype("string"),
    )
    .assign(published=lambda t: pd.to_datetime(t["published"]))
)
QUESTIONS = pd.DataFrame(
    [
        ("F01", "Day", "day; fair", "article"),
        ("F02", "Crates", "crates; fair", "article"),
        ("F03", "Never answered", None, "article"),
        ("F04", "Nobody knows", "alone", "article"),
        ("G01", "Linked", "linked", "linked"),
    ],
    columns=["fact_key", "fact", "fact_ids", "scope"],
).assign(speaker=lambda t: t["fact_key"].map({"F02": "City Hall"}).astype("string"))


def reports(*rows):
    """Return the table of reports: question, source, stance and, if it differs, the day of the report."""
    filled = [(*row, None)[:4] for row in rows]
    frame = pd.DataFrame(filled, columns=["fact_key", "source_id", "stance", "reported"])
    return frame.assign(source_value="29", note=pd.NA, reported=pd.to_datetime(frame["reported"]))


def classified(*rows):
    return corroboration.classify_reports(reports(*rows), SOURCES, QUESTIONS, OUTLET)


def counted(rows):
    return rows.loc[rows["counted"], "source_id"].tolist()


def test_copies_of_one_story_count_once_and_the_rest_says_with_whom():
    rows = classified(
        ("F01", "wire", "confirms"), ("F01", "wire_copy", "confirms"), ("F01", "echo", "confirms")
    )
    assert rows["source_id"].tolist() == ["wire_copy", "wire", "echo"], "earliest first, undated last"
    assert counted(rows) == ["wire_copy", "echo"]
    assert rows["remark"].tolist() == ["", "counted with Wire", ""]
    assert corroboration.count_voices(rows).to_dict("records") == [
        {"fact_key": "F01", "confirms": 2, "adds": 0, "conflicts": 0}
    ]
    assert corroboration.outlets_by_voice(rows).to_dict() == {"Wire": "Daily Copy; Wire"}


def test_a_voice_counts_once_for_each_stance_and_question():
    rows = classified(
        ("F01", "wire", "confirms"), ("F01", "wire_copy", "conflicts"), ("F02", "wire", "confirms")
    )  # fmt: skip
    assert rows["counted"].all()


def test_the_outlet_cannot_confirm_itself_but_can_contradict_itself():
    rows = classified(("F01", "post_later", "confirms"), ("F02", "post_later", "conflicts"))
    assert rows["counted"].tolist() == [False, True]
    assert rows["remark"].tolist() == [corroboration.OWN_OUTLET, ""]


def test_the_speaker_cannot_confirm_itself_but_can_contradict_itself():
    rows = classified(("F01", "city", "confirms"), ("F02", "city", "confirms"), ("F02", "city", "conflicts"))
    assert rows["counted"].tolist() == [True, False, True]
    assert rows["remark"].tolist() == ["", corroboration.QUOTED_SPEAKER, ""]


def test_of_two_versions_of_a_story_the_later_counts_and_a_copy_supersedes_nothing():
    rows = classified(
        ("F01", "late", "confirms"), ("F01", "early", "conflicts"), ("F02", "early", "conflicts"),
        ("F02", "late_copy", "confirms"),
    )  # fmt: skip
    assert rows["counted"].tolist() == [True, False, True, True]
    assert rows["remark"].tolist() == ["", corroboration.SUPERSEDED, "", ""]


def test_silence_is_not_heard_and_a_source_without_a_voice_speaks_for_itself():
    rows = classified(("F01", "echo", "silent"), ("F01", "blog", "adds"))
    assert rows["voice"].tolist() == ["Blog"]


def test_facts_are_classed_by_what_the_voices_make_of_them():
    rows = classified(
        ("F01", "wire", "confirms"), ("F01", "wire_copy", "confirms"), ("F02", "echo", "conflicts"),
        ("F02", "blog", "adds"), ("F03", "echo", "adds"), ("G01", "echo", "confirms"),
    )  # fmt: skip
    facts = corroboration.corroborate_facts(QUESTIONS, rows).set_index("fact_id")
    assert facts["kind"].to_dict() == {
        "day": "confirmed",
        "fair": "disputed",
        "crates": "disputed",
        "alone": "single",
        "linked": "confirmed",
    }
    assert facts.loc["fair", ["confirms", "adds", "conflicts"]].tolist() == [1, 1, 1]
    assert facts.loc["fair", "fact_keys"] == "F01; F02"
    assert facts.loc["day", "first_source_ids"] == "wire_copy"
    assert pd.isna(facts.loc["crates", "first_published"]), "who differs did not report it"


def test_an_update_counts_from_its_own_day():
    rows = classified(("F01", "wire", "confirms"), ("F01", "wire_copy", "confirms", "2031-05-11"))
    assert corroboration.corroborate_facts(QUESTIONS, rows).iloc[0]["first_source_ids"] == "wire"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((6, 0, 0), "6 confirm"),
        ((1, 4, 0), "1 confirms"),
        ((5, 0, 1), "5 confirm, 1 differs"),
        ((0, 0, 2), "2 differ"),
        ((0, 1, 0), "only here, 1 adds"),
        ((0, 0, 0), "only here"),
    ],
)
def test_badge_says_how_many(counts, words):
    assert corroboration.badge(*counts) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2031-05-08", "First reported, as far as dates are known, by Echo, Wire, May 8, 2031."),
        ("2031-05-09", "First reported on the day of the article; that day also by Echo, Wire."),
        ("2031-05-10", "No dated report of it is earlier than the article."),
        (None, ""),
    ],
)
def test_first_report_is_told_against_the_article(day, words):
    dateline = pd.Timestamp("2031-05-09")
    assert (
        corroboration.first_report(pd.Timestamp(day) if day else pd.NaT, ["Echo", "Wire", "Echo"], dateline)
        == words
    )
