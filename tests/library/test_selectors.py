"""Selectors find their words, and links encode them as the specification says."""

from urllib.parse import unquote

import pytest

from explainer.evidence.selectors import Selector

TEXT = "The storm hit Friday night. Officials met\n Friday night, again, with well-known helpers/friends."


def test_neighbours_make_repeated_words_unique():
    assert Selector("Friday night").count(TEXT) == 2
    assert Selector("Friday night", prefix="met").count(TEXT) == 1
    assert Selector("Friday night", suffix=", again").count(TEXT) == 1
    assert Selector("friends", prefix="helpers/").count(TEXT) == 1
    assert Selector("Saturday").count(TEXT) == 0


def test_fragment_marks_prefix_and_suffix():
    fragment = Selector("Friday night", prefix="Officials met", suffix=", again").fragment()
    assert fragment == ":~:text=Officials%20met-,Friday%20night,-%2C%20again"


def test_commas_hyphens_and_ampersands_are_encoded():
    fragment = Selector("well-known, A & B").fragment()
    assert fragment == ":~:text=well%2Dknown%2C%20A%20%26%20B"
    assert unquote(fragment) == ":~:text=well-known, A & B"


def test_a_link_keeps_its_own_fragment():
    assert Selector("x").link("https://example.org/a") == "https://example.org/a#:~:text=x"
    assert Selector("x").link("https://example.org/a#top") == "https://example.org/a#top:~:text=x"


def test_annotation_leaves_out_what_is_blank():
    assert Selector("x", prefix="y").as_annotation() == {
        "type": "TextQuoteSelector",
        "exact": "x",
        "prefix": "y ",
    }


@pytest.mark.parametrize(
    "prefix, exact, suffix, text",
    [
        ("the", "mayor", "said", "the mayor said"),
        ("“", "I cannot", ",”", "“I cannot,”"),
        ("said he '", "will go", "'", "said he 'will go'"),
        ("@", "account", ":", "@account:"),
        ("non-", "renewal", "’s", "non-renewal’s"),
    ],
)
def test_parts_of_an_annotation_join_to_the_text(prefix, exact, suffix, text):
    found = Selector(exact, prefix=prefix, suffix=suffix).as_annotation()
    assert found["prefix"] + found["exact"] + found["suffix"] == text


def test_neighbors_that_are_blank_leave_nothing_in_link_or_annotation():
    assert Selector("x", suffix="y").as_annotation() == {
        "type": "TextQuoteSelector",
        "exact": "x",
        "suffix": " y",
    }
    assert Selector("x", suffix="y").link("https://example.org/a") == "https://example.org/a#:~:text=x,-y"
