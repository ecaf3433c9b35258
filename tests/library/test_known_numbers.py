"""What the gate takes as accounted for: by facts and their days, by frames, values, sources and drawings."""

from __future__ import annotations

import json

import pytest

import mini
from explainer.verify.numbers import hardcoded
from explainer.verify.numbers.exceptions import Exceptions
from explainer.verify.numbers.figures import passages
from explainer.verify.numbers.hardcoded import HardcodedNumber
from explainer.verify.numbers.known import collect_known_numbers
from explainer.verify.numbers.templates import WORDS, find_typed_numbers
from explainer.verify.numbers.tokens import Token, find, keys, parts_of_date

HEADER = "name,type,value,unit,status,fact_ids,source_ids,derivation\n"


@pytest.fixture
def project(tmp_path):
    project = mini.tables(tmp_path)
    mini.write(project.data / "tidy/values-crates.csv", HEADER + "crates.sold,count,88,crates,computed,,,\n")
    mini.write(project.data / "tidy/values-stalls.csv", HEADER + "fair.day,date,2031-03-04,,computed,,,\n")
    return project


def figure(**changed):
    """Return a figure as ``figures.json`` has it."""
    return {
        "notebook": "notebooks/1-crates.ipynb",
        "rows": [{"n": 2.5, "who": "a", "at": "2031-02-03"}, {"n": 3.5, "who": "b"}, {"n": 7, "who": "a"}],
        "cells": [["1,685", "x"]],
        "columns": [{"name": "n"}, {"name": "who"}],
        "sources": [{"id": "echo_0510", "text": "Echo, of 1999"}, {"id": "gone", "text": "none"}],
        "files": {},
    } | changed


def known(project, **changed):
    return collect_known_numbers(project, {"fig-x": figure(**changed)})


def test_a_fact_accounts_for_what_it_prints_and_for_the_day_that_it_comes_to(project):
    facts = known(project).facts
    assert facts["visitors"] == {"1200"}
    assert facts["apples"] == {"29"}
    assert facts["closing-day"] == {"Friday", "May", "9", "2031"}
    assert facts["fair-closes"] == frozenset()
    mini.edit(project.data / "article/facts.csv", "on Friday,,,,,,,", "on Friday,,,,fair-closes,on,,")
    assert known(project).facts["fair-closes"] == {"Friday", "May", "9", "2031"}, "the event that it dates"


def test_a_figure_accounts_for_its_frame_and_what_its_notebook_saves(project):
    numbers = known(project).figures["fig-x"]
    assert {"2.5", "3.5", "7", "1685"} <= numbers, "cells, as they are and as they are printed"
    assert {"2", "3", "4"} <= numbers, "rounded to even and up, rows in all, rows of each kind"
    assert {"2031-02-03", "February"} <= numbers
    assert "88" in numbers and "March" not in numbers, "values of its own notebook, not of another"
    assert {"1999", "2031", "10", "May"} <= numbers, "what its sources are called, and their days"
    assert not {"5", "0", "00:00"} & numbers, "not the midnight of a day either"


def test_how_many_rows_there_are_of_each_kind_counts(project):
    rows = [{"who": who} for who in "aaaaab"]
    numbers = known(project, rows=rows, columns=[{"name": "who"}], cells=[]).figures["fig-x"]
    assert {"5", "1", "6"} <= numbers and "4" not in numbers


def test_a_drawing_accounts_for_the_numbers_in_its_data_and_no_others(project):
    spec = {
        "datasets": {"a": [{"x": 17, "y": 2.5, "on": True, "what": "of 44"}], "b": [{"x": 3}]},
        "width": 600,
    }
    mini.write(project.build / "spec.json", json.dumps(spec))
    assert known(project, files={"spec": "_build/spec.json"}).drawn["fig-x"] == {"17", "2.5", "3"}
    assert known(project).drawn["fig-x"] == frozenset()


def test_exceptions_are_the_words_of_their_table(project):
    assert known(project).exceptions[:3] == ("one article", "for one.", "one grower")
    package = json.loads(project.package.read_text(encoding="utf-8"))
    kept = [one for one in package["resources"] if one["name"] != "exceptions"]
    mini.write(project.package, json.dumps(package | {"resources": kept}))
    assert known(project).exceptions == ()


def test_an_idle_exception_is_named_with_what_to_do():
    exceptions = Exceptions(["47 of them", "9 lives"])
    (token,) = find("there were 47 of them")
    assert exceptions.allow("there were 47 of them", token)
    assert not exceptions.allow("there were 47 of those", token)
    (idle,) = exceptions.unused()
    assert str(idle) == (
        "data/exceptions.csv:words: an exception to the number gate is not needed ('9 lives'). "
        "Delete the row, or write the number with the words beside it"
    )


@pytest.mark.parametrize(
    ("words", "text", "allowed"),
    [
        ("47", "47", True),
        ("47", " 47 ", True),
        ("47", "47 x", False),
        ("7 a", "7 a", True),
        ("7 of", "17 of", False),
        ("of 7", "of 7.5", False),
        ("of 7", "of 7,500", False),
        ("of 7", "of 7.", True),
        ("of 7", "proof 7 of 7", True),
        ("two (2) x", "two (2) x", True),
        ("2 x", "2 x y", False),
        ("twenty-nine ab", "twenty-nine ab", True),
    ],
)
def test_where_an_exception_holds(words, text, allowed):
    token = list(find(text))[-1]
    assert Exceptions([words]).allow(text, token) is allowed


@pytest.mark.parametrize(
    ("before", "after", "label", "text", "printed"),
    [
        ("Upto", "days", None, "Up to 9 days", True),
        ("Upto", "days", None, "Up to 9 months", False),
        ("Upto", "days", None, "Down to 9 days", False),
        ("to", "", None, "Up to 9 days", True),
        ("", "day", None, "Up to 9 days", True),
        ("", "", "fig-x", "9", True),
        ("", "", "fig-x", "9 days", False),
        ("", "", "fig-x", "up to 9", False),
        ("", "", "fig-y", "9", False),
    ],
)
def test_a_number_is_printed_where_its_neighbors_are(before, after, label, text, printed):
    (token,) = find(text)
    assert HardcodedNumber("cell 1", label, "9", before, after).is_printed(text, token, "fig-x") is printed
    assert not HardcodedNumber("cell 1", label, "8", before, after).is_printed(text, token, "fig-x")


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("a 29, b", [Token("29", "29", 2)]),
        ("on the first and the second, at second hand", [Token("first", "1", 7), Token("second", "2", 21)]),
        ("www.x.org/29 and 3", [Token("3", "3", 17)]),
        ("0029.50 and 7.00", [Token("0029.50", "0029.5", 0), Token("7.00", "7", 12)]),
        ("MIX MD DC CIV DCL", [Token("MIX", "MIX", 0), Token("CIV", "CIV", 10)]),
        ("IIII VX", []),
        ("one hundredth of it", [Token("one hundredth", "100", 0)]),
        ("no one, one who, one that, One of", []),
        ("the man\u2019s first, its second", [Token("first", "1", 10), Token("second", "2", 21)]),
        ("the brothers\u2019 second, the brothers second", [Token("second", "2", 14)]),
        ("march on; a march; on May", [Token("May", "May", 22)]),
        ("3 may, may 3, may, 3", [Token("3", "3", 0), Token("may", "May", 2), Token("may", "May", 7),
                                  Token("3", "3", 11), Token("may", "May", 14), Token("3", "3", 19)]),
        ("Tues, Weds, Thur, Thurs, Sept", [Token("Tues", "Tuesday", 0), Token("Weds", "Wednesday", 6),
                                           Token("Thur", "Thursday", 12), Token("Thurs", "Thursday", 18),
                                           Token("Sept", "September", 25)]),
        ("Mondays, mon", [Token("Mondays", "Monday", 0)]),
        ("10:45 at 1,234.50", [Token("10:45", "10:45", 0), Token("1,234.50", "1234.5", 9)]),
    ],
)  # fmt: skip
def test_what_a_number_is_and_where_it_stands(text, tokens):
    assert list(find(text)) == tokens
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_a_day_has_parts_and_nothing_else_has():
    assert parts_of_date("2018-12-30") == {"2018", "December", "30", "Sunday"}
    assert parts_of_date("2018-13-30") == parts_of_date("30") == set()
    assert keys("2018-01-01, and 7") == {"2018-01-01", "2018", "January", "1", "Monday", "7"}


DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg"><title>T 1</title><desc>D 2</desc><g class="role-axis axis">'
    "<text>3</text><text>Jul 4</text><text>No 5 to</text></g><text>6<tspan> of</tspan></text></svg>"
)


def test_every_word_of_a_figure_has_its_place(project):
    mini.write(project.root / "a.svg", DRAWING)
    mini.write(project.root / "b.svg", DRAWING.replace("6", "7"))
    item = {
        "takeaway": "One\n two",
        "caption": "c",
        "note": "",
        "alt": "Said",
        "columns": [{"name": "n 8", "title": None}, {"name": "x", "title": "X  9"}],
        "files": {"page": "a.svg", "narrow": "b.svg", "print": "none.svg"},
    }
    drawn = [("T 1", "drawing"), ("D 2", "alternative text"), ("No 5 to", "drawing")]
    assert [(passage.text, passage.place) for passage in passages(project, item)] == [
        ("One two", "takeaway"),
        ("c", "caption"),
        ("n 8", "column heading"),
        ("X 9", "column heading"),
        ("Said", "alternative text"),
        *drawn,
        ("6 of", "drawing"),
        *drawn,
        ("7 of", "drawing"),
    ]
    assert list(passages(project, {"columns": [], "files": {}})) == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "page.html",
            "<!-- 1\n2 --><script>\n3</script>\n<p title='Of 4' id=\"5\">Six <b>$x7$</b>{{ 8 }}{% 9 %}"
            '{# 10 #}</p>\n<img alt="11">',
            [(4, "Six"), (4, "Of 4"), (5, "11")],
        ),
        ("report.typ", '// 1\n#let x = "2" // 3\n[4 of] + 5\nIn 6\n#7', [(2, "2"), (3, "4 of"), (4, "In 6")]),
        ("report.typ", '"https://x.org/8"', [(1, "https://x.org/8")]),
    ],
)
def test_the_words_of_a_template_are_read_with_their_lines(name, text, words):
    assert list(WORDS[name](text)) == words


def test_a_number_typed_into_a_template_is_named_whole(project):
    mini.own_theme_file(project, "figure.html")
    path = project.theme / "figure.html"
    mini.write(path, path.read_text(encoding="utf-8") + "<p>All 47 of them</p>\n<p>All 48</p>\n")
    row = path.read_text(encoding="utf-8").count("\n") - 1
    faults = [str(fault) for fault in find_typed_numbers(project, Exceptions(["All 48"]))]
    assert faults == [
        f"theme/figure.html:{row}: '47' is typed into a template ('All 47 of them'). "
        "Take it out, or list the words in data/exceptions.csv with a reason"
    ]


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ('draw("All " + str(29) + " of it")', [("29", "All", "ofit")]),
        ('draw("All " + num2words(29))', [("29", "All", "")]),
        ('draw("All " + str(29, 3) + round(30))', []),
        ("count = 31\nf'{count} of them'", [("31", "", "ofthem")]),
        ("count = 31\nrows = count + 1\nf'{count} of them'", []),
        ("count = 31\ncount = 32\nf'{count} of them'", []),
        ("def f(count):\n    pass\ncount = 31\nf'{count} of them'", []),
        ("a, (b, c) = 1, (33, 'Up to 34')\nf'{b} or {c}'", [("34", "33orUpto", ""), ("33", "", "orUpto34"),
                                                           ("34", "Upto", "")]),
        ("f'{35} of {x}'", [("35", "", "of")]),
        ("assert x, 'of 36'\n'of 37'", [("37", "of", "")]),
        ("f'{True} {None} 38'", [("38", "", "")]),
        ("%time 39", []),
        ("'a very long line of words before 40 and a very long line behind'",
         [("40", "ineofwordsbefore", "andaverylongline")]),
    ],
)  # fmt: skip
def test_which_numbers_are_typed_into_code(code, numbers):
    found = hardcoded._find((("code cell 1", "fig-x", code),))
    assert sorted((one.text, one.before, one.after) for one in found) == sorted(numbers)
    assert all(one.place.startswith("code cell 1, line ") and one.label == "fig-x" for one in found)
