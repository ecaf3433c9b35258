"""Rows that the report rests on do not vanish unnoticed: the record of facts and the tally of all others."""

from __future__ import annotations

import json

import pytest

import mini
from damaged import EXAMPLE
from explainer.data.package import DataPackage
from explainer.ledger.data_check import DataCheck
from explainer.ledger.publish import publish
from explainer.ledger.row_counts import count_rows, identifying_columns, withdraw
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain, start

TALLY = "data/tally.csv"
CORROBORATION = "data/sources/corroboration.csv"
BLOG = 'F01_apples,blog,apples,,differs,count,"28, <b>by count</b>",28,false,own,,,One lost & found\n'


@pytest.fixture
def project(tmp_path) -> Project:
    """The small story with its tally."""
    project = mini.tables(tmp_path)
    whole = json.loads(EXAMPLE.package.read_text(encoding="utf-8"))
    package = json.loads(project.package.read_text(encoding="utf-8"))
    package["resources"] += [one for one in whole["resources"] if one["name"] == "tally"]
    mini.write(project.package, json.dumps(package))
    mini.write(project.root / TALLY, "table,row,rows,withdrawn\n")
    publish(project)
    return project


def told(project: Project) -> list[str]:
    return [str(fault) for fault in DataCheck(project).faults]


def strike(project: Project, row: str = BLOG) -> None:
    mini.edit(project.root / CORROBORATION, row, "")


def test_publish_counts_the_rows(project):
    assert (project.root / TALLY).read_text(encoding="utf-8").splitlines() == [
        "table,row,rows,withdrawn",
        "paragraphs,1,1,",
        "paragraphs,2,1,",
        "paragraphs,3,1,",
        "sources,blog,1,",
        "sources,echo_0510,1,",
        "sources,post_0509,1,",
        "questions,F01_apples,1,",
        "questions,F02_close,1,",
        "corroboration,F01_apples; blog,1,",
        "corroboration,F01_apples; echo_0510,1,",
        "corroboration,F02_close; echo_0510,1,",
    ]
    assert publish(project).startswith("data/published.csv is up to date")


def test_a_struck_row_fails_the_check_and_says_what_to_do(project):
    strike(project)
    gone = (
        "data/sources/corroboration.csv: a row is on record and is gone: F01_apples; blog. Put it back, or "
        "say why it goes: explainer withdraw corroboration 'F01_apples; blog' --reason …"
    )
    assert told(project) == [gone]
    done = explain(project, "check")
    assert done.returncode == 1 and gone in done.stdout
    assert explain(project, "publish").returncode == 1


def test_the_honest_case_is_one_step(project):
    strike(project)
    done = start(project, "withdraw", "corroboration", "F01_apples; blog", "--reason", "Read wrongly.")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Withdrawn: corroboration, F01_apples; blog.\n"
    assert told(project) == []
    assert "corroboration,F01_apples; blog,0,Read wrongly.\n" in (project.root / TALLY).read_text()
    assert publish(project).startswith("data/published.csv is up to date")


def test_all_that_was_struck_at_once(project):
    strike(project)
    strike(project, "F01_apples,echo_0510,apples,,same,,29,29,false,own,,,\n")
    assert len(told(project)) == 2
    assert withdraw(project, "Both read wrongly.") == [
        ("corroboration", "F01_apples; blog"),
        ("corroboration", "F01_apples; echo_0510"),
    ]
    assert told(project) == []


def test_what_comes_back_is_on_record_again(project):
    strike(project)
    withdraw(project, "Read wrongly.")
    path = project.root / CORROBORATION
    path.write_text(path.read_text(encoding="utf-8") + BLOG, encoding="utf-8")
    assert told(project) == []
    assert publish(project).endswith("data/tally.csv counts the rows of the other tables.")
    assert "corroboration,F01_apples; blog,1,\n" in (project.root / TALLY).read_text(encoding="utf-8")
    strike(project)
    assert len(told(project)) == 1


def test_one_of_two_rows_with_the_same_ids(project):
    path = project.root / CORROBORATION
    path.write_text(
        path.read_text(encoding="utf-8") + "F01_apples,blog,apples,,adds,,ripe,,,own,,,\n", encoding="utf-8"
    )
    publish(project)
    strike(project)
    (fault,) = told(project)
    assert "2 rows are on record and 1 is left: F01_apples; blog. Put it back" in fault


def test_other_words_of_a_source_are_no_loss(project):
    mini.edit(project.root / CORROBORATION, "28, <b>by count</b>", "28, by hand")
    assert told(project) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "no row that is on record is gone"),
        (("corroboration", "F01_apples; blog"), "corroboration has 'F01_apples; blog' as on record"),
    ],
)
def test_nothing_to_withdraw(project, given, says):
    before = (project.root / TALLY).read_bytes()
    with pytest.raises(Fault, match=says):
        withdraw(project, "None.", given)
    assert (project.root / TALLY).read_bytes() == before


def test_a_table_that_is_not_counted(project):
    mini.edit(project.root / TALLY, "sources,blog", "source,blog")
    (fault,) = told(project)
    assert "data/tally.csv:5:table: no such table, or none whose rows are counted ('source')" in fault
    assert "Did you mean 'sources'?" in fault


def test_a_key_without_ids_counts_as_a_whole():
    package = DataPackage(EXAMPLE)
    assert identifying_columns(package.resources["ice-public-top25"]) == ["rank_fy2017"]
    assert identifying_columns(package.resources["versions"]) == ["fact_key"]
    assert count_rows(package.table("versions")).most_common()[-1][1] > 1
