"""Who else reported a fact: voices counted once, the article's own outlet not at all, the earliest first."""

from __future__ import annotations

from types import SimpleNamespace

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
            ("list", "Registry", None, None),
        ],
        columns=["source_id", "outlet", "published", "voice"],
    )
    .assign(
        kind=lambda t: t["source_id"].map({"list": "dataset"}).fillna("news"),
        based_on=lambda t: t["source_id"].map({"late": "early", "late_copy": "early"}).astype("string"),
    )
    .assign(published=lambda t: pd.to_datetime(t["published"]))
)
QUESTIONS = pd.DataFrame(
    [("F01", "Day", None), ("F02", "Crates", "City Hall"), ("G01", "Linked", None)],
    columns=["fact_key", "fact", "speaker"],
).astype({"speaker": "string"})
COUNTS = ("same", "adds", "differs", "release", "speaker", "record")
COLUMNS = [
    "fact_key",
    "source_id",
    "fact_id",
    "stance",
    "part",
    "basis",
    "basis_of",
    "differs_in",
    "reported",
]


def reports(*rows, **cells):
    """Return the table of reports: question, source, fact and stance, and other cells, alike in each row."""
    frame = pd.DataFrame([row + (None,) * (len(COLUMNS) - len(row)) for row in rows], columns=COLUMNS)
    frame = frame.astype("string").assign(source_value="29", note=pd.NA, **cells)
    return frame.assign(reported=pd.to_datetime(frame["reported"]))


def classified(*rows, **cells):
    return corroboration.classify_reports(reports(*rows, **cells), SOURCES, QUESTIONS, OUTLET)


def counted(rows):
    return rows.loc[rows["counted"], "source_id"].tolist()


def by_fact(*rows, **cells):
    return corroboration.corroborate_facts(classified(*rows, **cells)).set_index("fact_id")


def test_copies_of_one_story_count_once_and_the_rest_says_with_whom():
    rows = classified(
        ("F01", "wire", "day", "same"), ("F01", "wire_copy", "day", "same"), ("F01", "echo", "day", "same")
    )
    assert rows["source_id"].tolist() == ["wire_copy", "wire", "echo"], "earliest first, undated last"
    assert counted(rows) == ["wire_copy", "echo"]
    assert rows["remark"].tolist() == ["", "counted with Wire", ""]
    (counts,) = corroboration.count_voices(rows).to_dict("records")
    assert {key: counts[key] for key in ("fact_id", "same", "adds", "differs")} == {
        "fact_id": "day", "same": 2, "adds": 0, "differs": 0,
    }  # fmt: skip
    assert corroboration.outlets_by_voice(rows).to_dict() == {"Wire": "Daily Copy; Wire"}


def test_a_voice_counts_once_for_each_stance_and_fact_whatever_the_question():
    rows = classified(
        ("F01", "wire", "day", "same"), ("F01", "wire_copy", "day", "differs"),
        ("F01", "wire", "fair", "same"), ("F02", "wire_copy", "fair", "same"),
    )  # fmt: skip
    assert rows["counted"].sum() == 3
    assert corroboration.count_voices(rows).set_index("fact_id")["same"].to_dict() == {"day": 1, "fair": 1}


def test_the_outlet_cannot_support_itself_but_can_contradict_itself():
    rows = classified(("F01", "post_later", "day", "same"), ("F02", "post_later", "crates", "differs"))
    assert rows["counted"].tolist() == [False, True]
    assert rows["remark"].tolist() == [corroboration.OWN_OUTLET, ""]


def test_the_speaker_cannot_support_itself_but_can_contradict_itself():
    rows = classified(
        ("F01", "city", "day", "same"),
        ("F02", "city", "crates", "same"),
        ("F02", "city", "crates", "differs"),
    )
    assert rows["counted"].tolist() == [True, False, True]
    assert rows["remark"].tolist() == ["", corroboration.QUOTED_SPEAKER, ""]


def test_of_two_versions_of_a_story_the_later_counts_and_a_copy_supersedes_nothing():
    rows = classified(
        ("F01", "late", "day", "same"), ("F01", "early", "day", "differs"),
        ("F02", "early", "crates", "differs"), ("F02", "late_copy", "crates", "same"),
        ("F01", "early", "fair", "same"),
    )  # fmt: skip
    told = dict(zip(zip(rows["fact_id"], rows["stance"], strict=True), rows["remark"], strict=True))
    assert told == {
        ("day", "same"): "", ("day", "differs"): corroboration.SUPERSEDED, ("crates", "differs"): "",
        ("crates", "same"): "", ("fair", "same"): "",
    }  # fmt: skip


def test_silence_is_listed_and_not_counted_and_a_source_without_a_voice_speaks_for_itself():
    rows = classified(("F01", "echo", "day", "silent"), ("F01", "blog", "day", "adds"))
    assert rows["voice"].tolist() == ["Blog", "Echo"] and counted(rows) == ["blog"]
    silent = by_fact(("F01", "echo", "day", "silent")).loc["day"]
    assert (silent["kind"], silent["badge"]) == ("unmatched", "not found elsewhere")
    assert silent[["same", "adds", "differs", "merged"]].tolist() == [0, 0, 0, 0]


def test_a_mark_counts_the_rows_of_its_own_fact_and_no_others():
    facts = by_fact(
        ("F01", "wire", "day", "same"), ("F01", "echo", "fair", "same"),
        ("F01", "blog", "fair", "differs", None, "own", None, "day"),
        ("F01", "blog", None, "differs", "the tent"),
        ("F02", "echo", "crates", "adds"),
    )  # fmt: skip
    assert facts["badge"].to_dict() == {
        "day": "also reported by 1",
        "fair": "also reported by 1; differs: the day",
        "crates": "not found elsewhere; 1 adds to it",
    }
    assert facts["kind"].to_dict() == {"day": "reported", "fair": "differs", "crates": "unmatched"}
    assert facts["fact_keys"].to_dict() == {"day": "F01", "fair": "F01", "crates": "F02"}


def test_facts_of_no_row_have_no_mark():
    assert (
        "day"
        not in by_fact(("F01", "wire", None, "adds", "the tent"), ("F02", "echo", "crates", "adds")).index
    )


@pytest.mark.parametrize(
    ("basis", "of", "support"),
    [
        ("own", None, "independent"),
        ("quotes", "Growers: Ann", "independent"),
        ("quotes", "City Hall: Bo", "speaker"),
        ("release", None, "release"),
        ("outlet", "wire", "other"),
        ("unclear", None, "other"),
        (None, None, "other"),
    ],
)
def test_what_a_report_rests_on(basis, of, support):
    rows = classified(("F02", "echo", "crates", "same", None, basis, of))
    assert rows["support"].tolist() == [support]
    listed = classified(("F02", "list", "crates", "same", None, basis, of))["support"]
    assert listed.tolist() == ["release" if basis == "release" else "record"]


def test_repeats_of_the_release_are_counted_apart_and_merged_as_one():
    rows = [
        ("F01", "wire", "day", "same", None, "release"), ("F01", "wire_copy", "day", "same", None, "own"),
        ("F01", "echo", "day", "same", None, "release"), ("F01", "blog", "day", "same", None, "release"),
        ("F01", "late", "day", "same", None, "unclear"),
    ]  # fmt: skip
    day = by_fact(*rows).loc["day"]
    counts = day[["same", "release", "independent", "merged"]].tolist()
    assert counts == [4, 2, 1, 3], "a voice rests on the best of its rows"
    assert day["badge"] == "also reported by 2; 2 repeat the release"


def test_whoever_quotes_the_speaker_of_the_article_is_counted_apart():
    rows = [
        ("F02", "wire", "crates", "same", None, "quotes", "City Hall: Bo"),
        ("F02", "wire_copy", "crates", "same", None, "unclear"),
        ("F02", "echo", "crates", "same", None, "quotes", "City Hall"),
        ("F02", "echo", "crates", "same", None, "own"),
        ("F02", "blog", "crates", "same", None, "quotes", "Growers: Ann"),
    ]
    crates = by_fact(*rows).loc["crates"]
    assert crates[["same", "speaker", "independent"]].tolist() == [3, 1, 2]
    assert crates["badge"] == "also reported by 2; 1 quotes the same speaker"


def test_whoever_quotes_somebody_that_differs_does_not_differ_itself():
    rows = [
        ("F02", "echo", "crates", "same", None, "own"),
        ("F02", "echo", "crates", "differs", None, "quotes", "Growers: Ann", "wording"),
    ]
    differing = classified(*rows).set_index("stance")["voice"]
    assert differing.to_dict() == {"same": "Echo", "differs": "Growers: Ann, quoted in Echo"}
    assert by_fact(*rows).loc["crates", "badge"] == "also reported by 1; differs: the wording"


def test_tables_without_the_columns_of_evidence_still_have_their_marks():
    plain = reports(("F01", "wire", "day", "same")).drop(columns=["part", "basis", "basis_of", "differs_in"])
    rows = corroboration.classify_reports(plain, SOURCES, QUESTIONS, OUTLET)
    assert corroboration.corroborate_facts(rows)["badge"].tolist() == ["also reported by 1"]


def test_an_update_counts_from_its_own_day():
    late = ("F01", "wire_copy", "day", "same", None, "own", None, None, "2031-05-11")
    assert by_fact(("F01", "wire", "day", "same"), late).loc["day", "first_source_ids"] == "wire"


def test_whoever_differs_did_not_report_it_first():
    assert pd.isna(by_fact(("F02", "echo", "crates", "differs")).loc["crates", "first_published"])


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"same": 6}, "also reported by 6"),
        ({"same": 1, "adds": 4}, "also reported by 1"),
        ({"same": 5, "release": 3}, "also reported by 2; 3 repeat the release"),
        ({"same": 1, "release": 1}, "1 repeats the release"),
        ({"same": 1, "speaker": 1}, "1 quotes the same speaker"),
        (
            {"same": 5, "speaker": 2, "release": 1},
            "also reported by 2; 2 quote the same speaker; 1 repeats the release",
        ),
        ({"same": 2, "record": 1}, "also reported by 1; also found in 1 record"),
        ({"same": 3, "record": 3}, "also found in 3 records"),
        ({"same": 5, "differs": 1, "differs_in": "day"}, "also reported by 5; differs: the day"),
        ({"differs": 2, "differs_in": "day; scope"}, "2 differ: the day and the scope"),
        ({"differs": 1, "differs_in": "time"}, "differs: the time"),
        ({"differs": 1}, "differs"),
        ({"adds": 1}, "not found elsewhere; 1 adds to it"),
        ({"adds": 2}, "not found elsewhere; 2 add to it"),
        ({}, "not found elsewhere"),
    ],
)
def test_badge_says_how_many(counts, words):
    fact = dict.fromkeys(COUNTS, 0) | {"differs_in": ""} | counts
    assert corroboration.badge(SimpleNamespace(**fact)) == words


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
