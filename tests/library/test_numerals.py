"""Numbers in figures and in words come to the same value."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from explainer.english.numbers import NUMBER, plain, value_of


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,200", "1200"),
        ("14.50", "14.5"),
        ("1.3 million", "1300000"),
        ("twenty-nine", "29"),
        ("Twenty nine", "29"),
        ("a hundred", "100"),
        ("two dozen", "24"),
        ("half a million", "500000"),
        ("half a dozen", "6"),
        ("two thousand five hundred and six", "2506"),
    ],
)
def test_reads(printed, value):
    assert re.fullmatch(NUMBER, printed, re.IGNORECASE)
    assert plain(value_of(printed)) == value


@given(st.integers(0, 999_999_999))
def test_reads_back_what_the_library_spells(number):
    words = num2words(number).replace(",", "")
    assert re.fullmatch(NUMBER, words)
    assert value_of(words) == Decimal(number)
    assert value_of(f"{number:,}") == Decimal(number)


@pytest.mark.parametrize("text", ["3rd", "COVID-19", "page1", "someone", "tend", "@12", "v2"])
def test_does_not_read_parts_of_words(text):
    assert not re.search(NUMBER, text, re.IGNORECASE)
