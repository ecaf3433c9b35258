"""What the standard knows is enforced by the standard's own library, with no code of ours for each thing."""

from __future__ import annotations

from typing import Any

import pytest

from explainer.data.schema import schema_notes, table_faults
from explainer.data.table import CsvTable

VERSION = "https://datapackage.org/profiles/2.0/datapackage.json"


def table(name: str, rows: list[list[str]], *fields: dict[str, Any], **schema: Any) -> CsvTable:
    resource = {"name": name, "schema": {"fields": list(fields), **schema}}
    return CsvTable(resource, f"{name}.csv", [[field["name"] for field in fields], *rows])


@pytest.mark.parametrize(
    ("field", "good", "bad", "words"),
    [
        ({"constraints": {"maxLength": 3}}, "abc", "abcd", "breaks the limit maxLength 3"),
        ({"constraints": {"minLength": 3}}, "abc", "ab", "breaks the limit minLength 3"),
        (
            {"type": "number", "constraints": {"exclusiveMinimum": 0}},
            "0.5",
            "0",
            "breaks the limit exclusiveMinimum 0",
        ),
        (
            {"type": "date", "constraints": {"minimum": "2018-07-01"}},
            "2018-07-01",
            "2018-06-30",
            "must be at least 2018-07-01",
        ),
        (
            {"type": "integer", "constraints": {"enum": [29, 31]}},
            "31",
            "30",
            "not one of the allowed values ('30'). Allowed: 29, 31",
        ),
        ({"format": "email"}, "desk@example.org", "desk", "not a email"),
        ({"type": "yearmonth"}, "2018-07", "July", "not a yearmonth"),
    ],
)
def test_what_no_table_used_before_is_enforced(field: dict, good: str, bad: str, words: str) -> None:
    field = {"name": "one", "type": "string", **field}
    assert schema_notes({"fields": [field]}, VERSION) == []
    (fault,) = table_faults(table("made", [[good], [bad]], field), version=VERSION)
    assert (fault.row, fault.column, fault.value) == (3, "one", bad)
    assert words in str(fault)


def test_a_key_of_two_columns_leads_to_another_table_or_is_refused() -> None:
    outlet, day = {"name": "outlet", "type": "string"}, {"name": "day", "type": "date"}
    told = table("told", [["Post", "2018-07-27"], ["Echo", "2018-07-28"]], outlet, day)
    reference = {"resource": "told", "fields": ["outlet", "day"]}
    said = table(
        "said",
        [["Post", "2018-07-27"], ["Post", "2018-07-28"]],
        outlet,
        day,
        foreignKeys=[{"fields": ["outlet", "day"], "reference": reference}],
    )
    (fault,) = table_faults(said, {"told": told}.get, VERSION)
    assert str(fault) == (
        "said.csv:3:outlet+day: no such id in 'told' ('Post, 2018-07-28'). "
        "Use an id of 'told', or add it there first."
    )


def test_a_rule_that_nobody_knows_is_refused_and_not_passed_over() -> None:
    field = {"name": "one", "type": "boolean", "constraints": {"maxLength": 3}}
    assert schema_notes({"fields": [field]}, VERSION) == [
        'constraint "maxLength" is not supported by type "boolean"'
    ]


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("integer", "1_000"),
        ("number", "٣"),
        ("number", "Infinity"),
        ("date", "2018-7-1"),
        ("boolean", "True"),
    ],
)
def test_what_the_standard_reads_and_a_spreadsheet_would_not_is_refused(kind: str, cell: str) -> None:
    (fault,) = table_faults(table("made", [[cell]], {"name": "one", "type": kind}))
    assert (fault.row, fault.column, fault.value) == (2, "one", cell)
