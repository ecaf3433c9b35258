"""Text fragments are read, and their words found, as browsers do."""

from __future__ import annotations

import pytest

from explainer.evidence.fragments import Fragment, directives


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("a%20b", Fragment("a b")),
        ("a,b", Fragment("a", "b")),
        ("p-,a", Fragment("a", prefix="p")),
        ("a,-s", Fragment("a", suffix="s")),
        ("p%2Dq-,a,b,-s%2C", Fragment("a", "b", "p-q", "s,")),
        ("%20a%0A%20b", Fragment("a b")),
    ],
)
def test_a_directive_has_its_parts(text, fragment):
    address = f"https://example.org/a?b=1#:~:text={text}"
    assert directives(address) == ("https://example.org/a?b=1", [fragment])
    assert directives(f"https://example.org/a#top:~:x=1&text={text}&text=z") == (
        "https://example.org/a#top",
        [fragment, Fragment("z")],
    )


def test_an_address_without_directives_is_itself():
    assert directives("https://example.org/a#top") == ("https://example.org/a#top", [])


@pytest.mark.parametrize(
    "text", ["", "a-b", "a,b,c", "p-,", ",a", "-s", "p-,a-b", "a,b-,-s", "a,-s-t", "%ff"]
)
def test_a_directive_that_browsers_read_otherwise_is_refused(text):
    with pytest.raises(ValueError, match=r"is not encoded|can't decode"):
        directives(f"https://example.org/#:~:text={text}")
    with pytest.raises(ValueError, match=r"^there is no text= after :~:$"):
        directives(f"https://example.org/#:~:{text}")


@pytest.mark.parametrize(
    ("fragment", "blocks", "place"),
    [
        (Fragment("city"), ["The cities", "A City."], 1),
        (Fragment("city"), ["The cities"], None),
        (Fragment("a b"), ["x", "so a", "b"], None),
        (Fragment("a b"), ["x", "so  a\n b it is"], 1),
        (Fragment("he said “no”"), ["then he said 'no' twice", 'he said "no"'], 1),
        (Fragment("it’s"), ["it's"], 0),
        (Fragment("b", prefix="a"), ["c b", "a b", "a b"], 1),
        (Fragment("b", suffix="c"), ["b d", "b, c", "b c"], 2),
        (Fragment("b", prefix="a", suffix="c"), ["a b", "b c", "a b c"], 2),
        (Fragment("a", "d"), ["a b", "c d"], 0),
        (Fragment("a", "d", suffix="e"), ["d a", "a d", "x d e"], 0),
        (Fragment("a", "d"), ["d", "a"], None),
        (Fragment("a", "d", prefix="x"), ["a", "x a", "d"], 1),
        (Fragment("a b"), ["a\N{NO-BREAK SPACE}b"], 0),
        (Fragment("cd"), ["abcd", "cd"], 1),
        (Fragment("cd", prefix="ab"), ["abcd", "zab cd", "ab cd"], 0),
    ],
)
def test_words_are_found_in_the_first_block_where_they_stand_whole(fragment, blocks, place):
    assert fragment.find(blocks) == place
