"""A changed fact asks for a second look at what others were judged to say of it."""

from __future__ import annotations

import mini
from explainer.data.package import DataPackage
from explainer.ledger.data_check import DataCheck
from explainer.ledger.stale_comparisons import stale_comparisons


def test_changed_fact_warns_that_the_sources_were_compared_with_what_it_was(tmp_path):
    project = mini.make(tmp_path / "mini")
    assert not list(stale_comparisons(DataPackage(project)))
    mini.edit(project.data / "article" / "facts.csv", "Apples sold,29", "Apples sold,31")
    (caution,) = stale_comparisons(DataPackage(project))
    assert (caution.file, caution.row, caution.column) == ("data/sources/questions.csv", 2, "compared_with")
    assert caution.what == "the sources were compared with '29', and the sheet says '31' now"
    check = DataCheck(project)
    assert str(caution) in [str(warning) for warning in check.warnings]


def test_answers_that_point_at_no_fact_are_left_alone(tmp_path):
    project = mini.make(tmp_path / "mini")
    mini.edit(project.data / "sources" / "questions.csv", "{apples},true,29", "Many,true,")
    assert not list(stale_comparisons(DataPackage(project)))
