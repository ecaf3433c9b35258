"""Warnings are told beside the faults and stop nothing."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import explainer.cli.check  # noqa: F401  (gives the program its command)
from explainer.cli import app
from explainer.ledger import data_check
from explainer.system.errors import Caution, Fault


@pytest.mark.parametrize(
    ("faults", "warnings", "code", "last"),
    [
        ([], ["a"], 0, "3 rows: no fault, 1 warning"),
        ([], ["a", "b"], 0, "3 rows: no fault, 2 warnings"),
        (["x"], ["a"], 1, "3 rows: 1 fault, 1 warning"),
        ([], [], 0, "3 rows: no fault"),
    ],
)
def test_check_marks_and_counts_warnings(monkeypatch, faults, warnings, code, last):
    class Found:
        def __init__(self, project):
            self.tables, self.rows, self.repairs = 1, 3, []
            self.faults = [Fault(what, file="a.csv", row=2, column="n") for what in faults]
            self.warnings = [Caution(what, file="a.csv", row=3, column="n") for what in warnings]

    monkeypatch.setattr(data_check, "DataCheck", Found)
    done = CliRunner().invoke(app, ["check"])
    lines = done.output.splitlines()
    assert done.exit_code == code
    assert lines[-1].endswith(last)
    assert lines[:-1] == [f"a.csv:2:n: {what}." for what in faults] + [
        f"warning: a.csv:3:n: {what}." for what in warnings
    ]
