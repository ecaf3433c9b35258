"""The days that a fact sheet's dates come to, the events they date, and their names in prose."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from explainer.analysis import find_events, name_dates, resolve_dates
from explainer.english.dates import resolve, spoken
from explainer.system.errors import Fault

DATELINE = date(2018, 7, 27)  # a Friday
COLUMNS = [
    "fact_id",
    "kind",
    "subject",
    "as_printed",
    "status",
    "refers_to",
    "relation",
    "relative_to",
    "unit",
]
ROWS = [
    ("meeting", "claim", "The meeting", "met", "stated", None, None, None, None),
    ("vote", "claim", "The vote", "voted", "attributed", None, None, None, None),
    ("talk", "claim", "The talk", "talked", "stated", None, None, None, None),
    (
        "vote-again",
        "interval",
        "Votes again",
        "2 weeks",
        "attributed",
        "talk",
        "after",
        "meeting-day",
        "weeks",
    ),
    ("meeting-day", "weekday", "Day of the meeting", "Wednesday", "stated", "meeting", None, None, None),
    ("vote-day", "date", "Day of the vote", "August 31, 2018", "attributed", "vote", None, None, None),
    ("vote-day-again", "date", "Once more", "September 1", "stated", "vote", None, None, None),
    ("some-time", "interval", "Some time", "a while", "stated", None, "after", None, "days"),
    ("today", "date", "Today", "July 27", "stated", None, None, None, "days"),
    ("loop", "interval", "In a circle", "2 days", "stated", None, "after", "loop", "days"),
    ("few", "interval", "A few", "3 days", "stated", None, "before", None, None),
    ("later", "interval", "Later", "Twelve days", "stated", None, "after", None, "days"),
]
FACTS = pd.DataFrame(ROWS, columns=COLUMNS).astype("string")


class Named:
    """Takes down what is named, in place of the values of a notebook."""

    def __init__(self):
        self.names = {}

    def date(self, name, day, **about):
        self.names[name] = ("date", day.date().isoformat(), about)

    def count(self, name, number, **about):
        self.names[name] = ("count", number, about)

    def text(self, name, words, **about):
        self.names[name] = ("text", words, about)


def test_dates_are_counted_from_the_dateline_or_from_the_fact_they_name():
    resolved = resolve_dates(FACTS, pd.Timestamp(DATELINE)).set_index("fact_id")
    assert {name: day.date().isoformat() for name, day in resolved["date"].items()} == {
        "vote-again": "2018-08-08",
        "meeting-day": "2018-07-25",
        "vote-day": "2018-08-31",
        "vote-day-again": "2018-09-01",
        "today": "2018-07-27",
        "few": "2018-07-24",
        "later": "2018-08-08",
    }, "in the order of the sheet, without what names no day or counts from itself"
    assert resolved["date"].dtype == "datetime64[s]"
    assert resolved["derivation"].to_dict() == {
        "vote-again": "2 weeks after July 25, 2018",
        "meeting-day": "the last Wednesday up to July 27, 2018",
        "vote-day": "as printed",
        "vote-day-again": "the September 1 nearest to July 27, 2018",
        "today": "the July 27 nearest to July 27, 2018",
        "few": "3 days before July 27, 2018",
        "later": "12 days after July 27, 2018",
    }
    assert set(resolved["precision"]) == {"day"}


def test_an_event_is_what_a_date_is_the_date_of():
    events = find_events(FACTS, resolve_dates(FACTS, DATELINE), DATELINE)
    assert events.drop(columns="derivation").astype(str).values.tolist() == [
        ["meeting", "2018-07-25", "day", "Wednesday", "The meeting", "computed", "computed",
         "meeting; meeting-day", "before"],
        ["talk", "2018-08-08", "day", "Wednesday", "The talk", "computed", "computed", "talk; vote-again",
         "after"],
        ["vote", "2018-08-31", "day", "Friday", "The vote", "attributed", "attributed", "vote; vote-day",
         "after"],
    ]  # fmt: skip
    assert list(events.columns) == [
        "event_id", "date", "precision", "weekday", "what", "status", "date_status", "derivation", "fact_ids",
        "phase",
    ]  # fmt: skip


def test_a_date_without_its_year_keeps_its_status_but_not_for_the_whole_day():
    facts = FACTS[FACTS["fact_id"].isin(["meeting", "today"])].copy()
    facts.loc[facts["fact_id"] == "today", "refers_to"] = "meeting"
    (event,) = find_events(facts, resolve_dates(facts, DATELINE), DATELINE).to_dict("records")
    assert (event["status"], event["date_status"], event["phase"]) == ("stated", "computed", "article")


def test_days_and_printed_words_are_named_for_the_prose():
    values, resolved = Named(), resolve_dates(FACTS, DATELINE)
    name_dates(values, find_events(FACTS, resolved, DATELINE), resolved)
    assert values.names["dates.talk"] == (
        "date",
        "2018-08-08",
        {
            "status": "computed",
            "fact_ids": "talk; vote-again",
            "derivation": "2 weeks after July 25, 2018",
        },
    )
    assert values.names["printed.vote_again"] == (
        "count",
        2,
        {"unit": "weeks", "status": "attributed", "fact_ids": ["vote-again"]},
    )
    assert values.names["printed.vote_day"] == (
        "text",
        "August 31, 2018",
        {"status": "attributed", "fact_ids": ["vote-day"]},
    )
    assert values.names["printed.today"][:2] == ("text", "July 27"), "not an interval"
    assert values.names["printed.later"][:2] == ("count", 12), "with a capital, too"
    assert values.names["printed.few"][:2] == ("text", "3 days"), "of an interval without a unit, the words"
    assert list(values.names) == [
        "dates.meeting", "dates.talk", "dates.vote", "printed.vote_again", "printed.meeting_day",
        "printed.vote_day", "printed.vote_day_again", "printed.today", "printed.few",
        "printed.later",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "relation", "derivation"),
    [
        ("yesterday", "on", "the day before July 27, 2018"),
        ("this morning", "on", "July 27, 2018 itself"),
        ("TOMORROW", "on", "the day after July 27, 2018"),
        ("Next Tuesday", "on", "the first Tuesday after July 27, 2018"),
        ("Friday", "coming", "the first Friday after July 27, 2018"),
        ("Last Friday", "on", "the last Friday before July 27, 2018"),
        ("Last Monday", "on", "the last Monday before July 27, 2018"),
        ("FRIDAY", "on", "the last Friday up to July 27, 2018"),
        ("1 day", "after", "1 day after July 27, 2018"),
        ("5000 days", "after", "5000 days after July 27, 2018"),
        ("an Hour before, two Weeks", "before", "2 weeks before July 27, 2018"),
        ("August 31", "on", "the August 31 nearest to July 27, 2018"),
    ],
)
def test_a_derivation_says_by_which_rule(printed, relation, derivation):
    assert resolve(printed, DATELINE, relation).derivation == derivation


@pytest.mark.parametrize(
    ("printed", "relation", "day"),
    [
        ("Friday", "coming", date(2018, 8, 3)),
        ("Last Monday", "on", date(2018, 7, 23)),
        ("three weeks", "before", date(2018, 7, 6)),
        ("2 years", "before", date(2016, 7, 27)),
        ("an month", "after", date(2018, 8, 27)),
        ("25-day", "after", date(2018, 8, 21)),
        ("Wednesday Morning, March 18", "on", date(2018, 3, 18)),
        ("  July 6 ", "on", date(2018, 7, 6)),
    ],
)
def test_the_rules_hold_however_a_date_is_written(printed, relation, day):
    assert resolve(printed, DATELINE, relation).day == day


def test_a_leap_day_is_the_nearest_one_there_is():
    assert resolve("February 29", date(2096, 3, 1)).day == date(2096, 2, 29)
    assert resolve("February 29", date(1903, 1, 1)).day == date(1904, 2, 29), "1900 was no leap year"
    assert resolve("February 29", date(1897, 6, 1)).day == date(1896, 2, 29)
    assert resolve("March 1", date(1, 2, 1)).day == date(1, 3, 1), "at the beginning of the calendar"
    assert resolve("March 1", date(9999, 2, 1)).day == date(9999, 3, 1), "and at its end"


@pytest.mark.parametrize(
    ("printed", "relation", "column", "value", "what"),
    [
        ("soon", "on", "as_printed", "soon", "this is not a date that can be resolved"),
        ("5001 days", "after", "as_printed", "5001 days", "this is not a date that can be resolved"),
        ("2.5 days", "after", "as_printed", "2.5 days", "this is not a date that can be resolved"),
        ("5000 years", "before", "as_printed", "5000 years", "this is not a date that can be resolved"),
        ("July 2018", "on", "as_printed", "July 2018", "this names no single day"),
        ("2 days", "since", "relation", "since", "an interval needs a direction"),
    ],
)
def test_what_comes_to_no_day_is_refused_at_its_column(printed, relation, column, value, what):
    with pytest.raises(Fault) as refused:
        resolve(printed, DATELINE, relation)
    fault = refused.value
    assert (fault.what, fault.column, fault.value) == (what, column, value)
    assert fault.remedy is not None and fault.remedy[0].isupper()


def test_a_day_in_prose():
    assert spoken(date(2018, 7, 6)) == "July 6, 2018"
