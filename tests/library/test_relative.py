"""Words for the distance of days follow the number."""

from __future__ import annotations

import pytest

from explainer.english.phrases import apart, beside


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "the day of the flood"),
        (1, "the day after the flood"),
        (-1, "the day before the flood"),
        (2, "two days after the flood"),
        (-9, "nine days before the flood"),
        (10, "10 days after the flood"),
    ],
)
def test_a_day_beside_an_event(days, words):
    assert beside(days, "the flood") == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "the same day"),
        (1, "a day later"),
        (-1, "a day earlier"),
        (2, "two days later"),
        (-30, "30 days earlier"),
    ],
)
def test_how_much_later(days, words):
    assert apart(days) == words
