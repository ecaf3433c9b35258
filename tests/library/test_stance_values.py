"""A stance that the value in its own row contradicts is a fault, at the cell."""

from __future__ import annotations

import pytest

import mini
from damaged import Copy
from explainer.data.package import DataPackage
from explainer.ledger import stance_values
from explainer.ledger.data_check import DataCheck
from explainer.ledger.stance_values import Value, stance_value_faults


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


def row_of(copy: Copy, source: str, about: str) -> int:
    """Return the row of a source on a fact, or on a part of a question."""
    rows = copy.rows("corroboration")
    columns = [rows[0].index(name) for name in ("source_id", "fact_id", "part")]
    return next(
        number
        for number, row in enumerate(rows[1:], start=2)
        if row[columns[0]] == source and about in (row[columns[1]], row[columns[2]])
    )


def told(copy: Copy) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, str(fault)) for fault in DataCheck(copy.project).faults]


@pytest.mark.parametrize(
    ("value", "other", "agrees"),
    [
        (Value("2018-07-06"), Value("2018-07-06"), True),
        (Value("2018-07-07"), Value("2018-07-06"), False),
        (Value("2018-07-07", about=True), Value("2018-07-06"), True),
        (Value("2018-07-08", about=True), Value("2018-07-06"), False),
        (Value("29"), Value("29"), True),
        (Value("30"), Value("29"), False),
        (Value("30", about=True), Value("29"), True),
        (Value("31", about=True), Value("29"), False),
        (Value("1996-04-15"), Value("1996-04"), True),
        (Value("1996-04-15"), Value("1996-05"), False),
        (Value("1996-04-15"), Value("1996"), None),
        (Value("29"), Value("2018-07-06"), None),
        (Value("29"), Value("2018-07"), None),
    ],
)
def test_how_near_a_value_must_be(value, other, agrees):
    assert value.agrees(other) is agrees


@pytest.mark.parametrize(
    ("source", "about", "cells", "column", "words"),
    [
        (
            "nbc_weekend",
            "arrest-count",
            {"answer_value": "35"},
            "stance",
            "is not what its value says: the source "
            "gives about 35, and arrest-count is 29 ('same'). Write differs",
        ),
        (
            "nbc_weekend",
            "arrest-count",
            {"about": "false"},
            "stance",
            "the source gives 30, and arrest-count is 29",
        ),
        (
            "inq_0703",
            "arrest-count",
            {"stance": "adds", "answer_value": "36"},
            "stance",
            "is not what its value says",
        ),
        (
            "inq_0703",
            "arrest-count",
            {"stance": "differs", "differs_in": "count"},
            "stance",
            "does not differ: the source gives 29, and arrest-count is 29 ('differs'). Write same or adds",
        ),
        (
            "kyw_0706",
            "camp-start",
            {"source_value": "Saturday", "answer_value": "2018-07-07"},
            "stance",
            "the source gives 2018-07-07, and camp-start is 2018-07-06",
        ),
        (
            "whyy_0703",
            "protest-interval",
            {"source_value": "Tuesday", "answer_value": "2018-07-03"},
            "stance",
            "the source gives 2018-07-03, and protest-interval is 2018-07-02",
        ),
        (
            "kyw_0706",
            "camp-start",
            {"answer_value": "29"},
            "answer_value",
            "cannot be compared: the source gives 29, and camp-start is 2018-07-06 ('29'). Write a day",
        ),
        (
            "nbc_weekend",
            "day of those arrests",
            {"source_value": "Tuesday", "answer_value": "2018-07-03"},
            "stance",
            "differs from nothing: the source gives 2018-07-03, and nobody gives another value for this part",
        ),
        (
            "workers_0705",
            "arrests on July 5",
            {"answer_value": "7"},
            "stance",
            "differs from nothing: the source",
        ),
        (
            "ice_list_2017",
            "publicly operated facilities",
            {"answer_value": "111"},
            "stance",
            "differs from nothing",
        ),
        (
            "ice_list_2017",
            "start of the York County contract",
            {"source_value": "May", "answer_value": "2003-05-23"},
            "stance",
            "is not what its value says: the source gives 2003-05-23, and the linked text 2003-04",
        ),
        (
            "pv_0727",
            "other findings of the city",
            {"answer_value": "3", "about": "false"},
            "answer_value",
            "a silent source gives no value ('3'). Clear it, or change the stance.",
        ),
    ],
)
def test_a_stance_that_its_own_value_contradicts_is_refused_at_the_cell(
    copy, source, about, cells, column, words
):
    row = row_of(copy, source, about)
    for name, value in cells.items():
        copy.set("corroboration", row, name, value)
    (fault,) = told(copy)
    assert fault[:2] == (row, column)
    assert words in fault[2] and fault[2].startswith(f"data/sources/corroboration.csv:{row}:{column}: ")


@pytest.mark.parametrize(
    ("source", "about", "cells"),
    [
        ("nbc_weekend", "arrest-count", {"stance": "differs", "differs_in": "count", "answer_value": "35"}),
        ("metro_0706", "camp-start", {"source_value": "That night", "answer_value": "2018-07-05"}),
        ("workers_0705", "arrests on July 5", {"answer_value": "3"}),
    ],
)
def test_a_stance_that_its_value_bears_out_is_accepted(copy, source, about, cells):
    row = row_of(copy, source, about)
    for name, value in cells.items():
        copy.set("corroboration", row, name, value)
    assert told(copy) == []


def test_every_real_row_with_a_value_is_compared(copy):
    """Each value on a fact, made another by much, is noticed: none is passed over."""
    rows = copy.rows("corroboration")
    fact, value, stance = (rows[0].index(name) for name in ("fact_id", "answer_value", "stance"))
    changed = 0
    for row in rows[1:]:
        if row[fact] and row[value] and row[stance] != "differs":
            row[value] = "1999-01-01" if "-" in row[value] else "9000"
            changed += 1
    copy.write("corroboration", rows)
    assert len(list(stance_value_faults(DataPackage(copy.project)))) == changed >= 40


def test_a_changed_fact_asks_for_a_second_look_instead(tmp_path):
    project = mini.make(tmp_path / "mini")
    mini.edit(project.data / "article" / "facts.csv", *mini.SOLD_31)
    assert not list(stance_value_faults(DataPackage(project)))
    mini.edit(project.data / "sources" / "questions.csv", "{apples},true,29", "{apples},true,31")
    (fault,) = stance_value_faults(DataPackage(project))
    assert "the source gives 29, and apples is 31" in str(fault) and fault.row == 2


def test_a_fault_below_a_cell_of_two_lines_has_both_its_row_and_its_line(tmp_path):
    project = mini.tables(tmp_path)
    table = project.data / "sources" / "corroboration.csv"
    mini.edit(table, "29,29,false,own,,,\n", '29,29,false,own,,,"Two\nlines"\n')
    mini.edit(table, "differs,count,", "same,,")
    (fault,) = stance_value_faults(DataPackage(project))
    assert (fault.row, fault.line) == (3, 4)


def test_a_story_without_values_has_no_such_faults(tmp_path):
    project = mini.make(tmp_path / "mini")
    package = project.package.read_text(encoding="utf-8")
    assert package.count('"answer_value"') >= 1
    project.package.write_text(package.replace('"answer_value"', '"another_value"'), encoding="utf-8")
    assert not list(stance_value_faults(DataPackage(project)))


@pytest.mark.parametrize(
    ("printed", "exact", "stance", "refused"),
    [
        ("28", "approximately 28 boats", "same", False),
        ("about 28", "about 28 boats", "same", False),
        ("28", "28 boats", "same", True),
        ("28", "at least 28 boats", "same", True),
        ("28", "approximately 28 boats", "differs", True),
        ("28", "28 boats", "differs", False),
    ],
)
def test_a_count_that_the_article_prints_as_rough_is_rough(printed, exact, stance, refused):
    class Facts:
        records = ((2, {"fact_id": "boats", "kind": "count", "as_printed": printed, "exact": exact}),)

    (fact,) = stance_values._counts_of_facts(Facts).values()
    row = {"fact_id": "boats", "part": "", "stance": stance}
    contradiction = stance_values._contradiction(Value("27"), row, {"boats": fact}, {}, [])
    assert bool(contradiction) is refused
