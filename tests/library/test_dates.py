"""Printed dates resolve to the days they stand for."""

from datetime import date

import pandas as pd
import pytest

from explainer.analysis.dates import name_dates
from explainer.authoring.values import Values
from explainer.english.dates import resolve
from explainer.system.errors import Fault

DATELINE = date(2018, 7, 27)  # a Friday


@pytest.mark.parametrize(
    ("printed", "relation", "day", "precision"),
    [
        ("July 27, 2018", "on", date(2018, 7, 27), "day"),
        ("Friday", "on", date(2018, 7, 27), "day"),
        ("Friday afternoon", "on", date(2018, 7, 27), "afternoon"),
        ("Wednesday", "on", date(2018, 7, 25), "day"),
        ("Saturday", "on", date(2018, 7, 21), "day"),
        ("August 31", "on", date(2018, 8, 31), "day"),
        ("July 6", "since", date(2018, 7, 6), "day"),
        ("Aug. 31", "on", date(2018, 8, 31), "day"),
        ("25 days after", "before", date(2018, 7, 2), "day"),
        ("2 weeks", "after", date(2018, 8, 10), "day"),
        ("1 month", "before", date(2018, 6, 27), "day"),
        ("twelve days after", "before", date(2018, 7, 15), "day"),
        ("a week ago", "before", date(2018, 7, 20), "day"),
        ("yesterday", "on", date(2018, 7, 26), "day"),
        ("this morning", "on", date(2018, 7, 27), "morning"),
        ("tonight", "on", date(2018, 7, 27), "night"),
        ("tomorrow morning", "on", date(2018, 7, 28), "morning"),
        ("last Friday", "on", date(2018, 7, 20), "day"),
        ("next Friday", "on", date(2018, 8, 3), "day"),
        ("Tuesday", "coming", date(2018, 7, 31), "day"),
    ],
)
def test_resolves(printed, relation, day, precision):
    found = resolve(printed, DATELINE, relation)
    assert (found.day, found.precision) == (day, precision)


def test_a_yearless_date_is_the_nearest_one():
    assert resolve("January 3", date(2018, 12, 30)).day == date(2019, 1, 3)
    assert resolve("December 30", date(2018, 1, 3)).day == date(2017, 12, 30)
    assert resolve("February 29", date(2019, 6, 1)).day == date(2020, 2, 29)


def test_says_how_it_was_found():
    assert resolve("25 days after", DATELINE, "before").derivation == "25 days before July 27, 2018"
    assert resolve("July 27, 2018", DATELINE).as_printed
    assert not resolve("July 27", DATELINE).as_printed


@pytest.mark.parametrize("printed", ["February 30", "July", "soon", "2018", "", "July 2018", "9000 years"])
def test_what_names_no_day_is_a_fault(printed):
    with pytest.raises(Fault, match=r"date|day"):
        resolve(printed, DATELINE, "after" if "years" in printed else "on")


def test_an_interval_needs_a_direction():
    with pytest.raises(Fault, match="direction"):
        resolve("25 days after", DATELINE, "on")


def test_a_day_in_figures_is_a_date_among_the_values():
    resolved = pd.DataFrame(
        {
            "fact_id": ["best-by", "sale"],
            "kind": "date",
            "as_printed": ["11/9/2023", "July 27"],
            "date": pd.to_datetime(["2023-11-09", "2018-07-27"]),
            "status": "stated",
            "unit": pd.NA,
        }
    )
    values = Values()
    name_dates(values, pd.DataFrame(), resolved)
    # A spreadsheet would rewrite the words.
    assert values.frame()[["name", "type", "value"]].to_numpy().tolist() == [
        ["printed.best_by", "date", "2023-11-09"],
        ["printed.sale", "text", "July 27"],
    ]
