"""What prose may say of a value, in the form that its number wants."""

import pytest

from explainer.data.variables import forms


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        ("1", "questions", "question"),
        ("2", "questions", "questions"),
        ("0", "days", "days"),
        ("1", "facilities", "facility"),
        ("1", "people", "person"),
        ("1", "US dollars a year", "US dollars a year"),
        ("1", "Facilities", "Facility"),
        ("1", "county jails", "county jail"),
        ("1", "police officers", "police officer"),
        ("1", "firemen", "fireman"),
        ("1", "churches", "church"),
        ("1", "buses", "bus"),
        ("1", "cases", "case"),
        ("1", "keys", "key"),
        ("1", "classes", "class"),
        ("1", "lives", "life"),
        ("1", "year", "year"),
        ("1", "campus", "campus"),
        ("1", "analyses", "analysis"),
    ],
)
def test_the_unit_of_a_count_agrees_with_its_number(value, unit, wanted):
    assert forms("count", value, unit)["unit"] == wanted


def test_a_count_of_nothing_named_has_no_unit_to_write():
    assert forms("count", "1685") == {
        "n": "1,685",
        "words": "one thousand, six hundred and eighty-five",
        "Words": "One thousand, six hundred and eighty-five",
        "ap": "1,685",
    }


def test_a_day_is_written_long_short_and_by_its_weekday():
    assert forms("date", "2018-07-27") == {
        "long": "July 27, 2018",
        "day": "July 27",
        "month": "July 2018",
        "year": "2018",
        "weekday": "Friday",
        "iso": "2018-07-27",
    }


def test_a_measure_is_grouped_and_can_be_rounded():
    assert forms("number", "1650.4") == {"n": "1,650.4", "rounded": "1,650"}
