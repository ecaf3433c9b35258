"""How good a draft of a text is that nobody here wrote: releases of federal agencies, graded by hand."""

from __future__ import annotations

import pytest

import grading

#: Least precision, recall and share of attributed rows with the right speaker, at what is reached.
LEAST = {"development": (0.97, 0.96, 0.97), "held out": (0.95, 0.89, 0.9)}


@pytest.fixture(scope="module", params=LEAST)
def graded(request):
    return LEAST[request.param], grading.grade(grading.texts(request.param))


def test_a_draft_holds_what_an_editor_would_put_in_the_sheet(graded):
    (precision, recall, _), grade = graded
    assert grade.precision() >= precision
    assert grade.recall() >= recall


def test_rows_name_the_speaker(graded):
    (_, _, speaker), grade = graded
    assert grade.rows_right + grade.rows_wrong >= 20
    assert grade.speaker >= speaker


def test_every_text_has_a_source_and_a_key():
    named = {row["text"] for row in grading.table("sources.csv")}
    assert named == {path.stem for path in grading.RELEASES.glob("*.txt")}
    assert named == {row["text"] for row in grading.table("key.csv")}
    assert {row["text"] for row in grading.table("speakers.csv")} <= named


def test_a_key_holds_only_what_its_text_prints():
    texts = {row["text"]: (grading.RELEASES / f"{row['text']}.txt") for row in grading.table("sources.csv")}
    whole = {name: " ".join(path.read_text(encoding="utf-8").split()) for name, path in texts.items()}
    assert [row for row in grading.table("key.csv") if row["as_printed"] not in whole[row["text"]]] == []
