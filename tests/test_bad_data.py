"""Every kind of bad edit is refused with file, row, column and a sentence, and nothing is written."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from typer.testing import CliRunner

import explainer.cli.check  # noqa: F401  (gives the program its command)
from damaged import Copy
from explainer.cli import app
from explainer.faults import Fault
from explainer.package import check, load

# What an edit returns: where the fault must be (table, row, column) and words it must hold.
Expected = tuple[str, int | None, str | None, str]
CASES: dict[str, Callable[[Copy], Expected]] = {}


def case(edit: Callable[[Copy], Expected]) -> Callable[[Copy], Expected]:
    CASES[edit.__name__.replace("_", " ")] = edit
    return edit


def reheaded(copy: Copy, name: str, change: Callable[[list[str]], list[str]]) -> None:
    """Change the names of the columns of a table and leave its rows alone."""
    rows = copy.rows(name)
    copy.write(name, [change(rows[0]), *rows[1:]])


@case
def file_missing(copy: Copy) -> Expected:
    copy.paths["sources"].unlink()
    return "sources", None, None, "is missing. Put the file back"


@case
def folder_in_place_of_file(copy: Copy) -> Expected:
    copy.paths["sources"].unlink()
    copy.paths["sources"].mkdir()
    return "sources", None, None, "cannot be read: Is a directory"


@case
def file_not_permitted(copy: Copy) -> Expected:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    copy.paths["sources"].chmod(0)
    return "sources", None, None, "cannot be read: Permission denied. Check the file's permissions"


@case
def file_empty(copy: Copy) -> Expected:
    copy.paths["sources"].write_bytes(b"\n\n")
    return "sources", None, None, "is empty"


@case
def not_utf8(copy: Copy) -> Expected:
    lines = copy.paths["sources"].read_bytes().split(b"\n")
    lines[3] += "café".encode("latin-1")
    copy.paths["sources"].write_bytes(b"\n".join(lines))
    return "sources", 4, None, "is not UTF-8 text (b'\\xe9'). Save it again as CSV"


@case
def saved_as_utf16(copy: Copy) -> Expected:
    text = copy.paths["sources"].read_text(encoding="utf-8")
    copy.paths["sources"].write_text(text, encoding="utf-16")
    return "sources", 1, None, "is not UTF-8 text"


@case
def saved_with_semicolons(copy: Copy) -> Expected:
    copy.write("corroboration", copy.rows("corroboration"), delimiter=";")
    return "corroboration", 1, None, "separated by semicolons"


@case
def quotation_mark_left_open(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    text = copy.paths["sources"].read_text(encoding="utf-8") + 'late,"an open cell\n'
    copy.paths["sources"].write_text(text, encoding="utf-8")
    return "sources", len(rows) + 1, None, "quotes do not match"


@case
def column_misspelt(copy: Copy) -> Expected:
    reheaded(copy, "facts", lambda header: ["fact_di" if name == "fact_id" else name for name in header])
    return "facts", 1, "fact_di", "no column of this name is known. Did you mean 'fact_id'?"


@case
def column_missing(copy: Copy) -> Expected:
    rows = copy.rows("facts")
    place = rows[0].index("subject")
    copy.write("facts", [row[:place] + row[place + 1 :] for row in rows])
    return "facts", 1, "subject", "this column is missing. Put it back, after kind"


@case
def column_added(copy: Copy) -> Expected:
    copy.write("facts", [[*row, "x"] for row in copy.rows("facts")])
    return "facts", 1, "x", "no column of this name is known"


@case
def columns_reordered(copy: Copy) -> Expected:
    copy.write("facts", [[row[1], row[0], *row[2:]] for row in copy.rows("facts")])
    return "facts", 1, "paragraph", "another order: fact_id should stand here"


@case
def column_twice(copy: Copy) -> Expected:
    copy.write("facts", [[*row, row[0]] for row in copy.rows("facts")])
    return "facts", 1, "fact_id", "two columns have this name"


@case
def column_without_name(copy: Copy) -> Expected:
    copy.write("facts", [[*row, ""] for row in copy.rows("facts")])
    return "facts", 1, str(len(copy.rows("facts")[0])), "has no name"


@case
def day_that_does_not_exist(copy: Copy) -> Expected:
    copy.set("sources", 2, "published", "2018-02-30")
    return "sources", 2, "published", "not a date ('2018-02-30'). Write a day that exists"


@case
def american_date(copy: Copy) -> Expected:
    copy.set("article", 2, "dateline", "7/27/2018")
    return "article", 2, "dateline", "not a date ('7/27/2018')"


@case
def date_without_zeros(copy: Copy) -> Expected:
    copy.set("sources", 3, "published", "2018-7-2")
    return "sources", 3, "published", "not a date"


@case
def partial_date_impossible(copy: Copy) -> Expected:
    copy.set("timeline-context", 3, "date", "2018-13")
    return "timeline-context", 3, "date", "not a date ('2018-13'). Write a date that exists as year"


@case
def date_against_its_precision(copy: Copy) -> Expected:
    row = copy.find("timeline-context", "precision", lambda cell: cell == "day")
    copy.set("timeline-context", row, "date", "2018-06")
    return "timeline-context", row, "date", "does not fit precision 'day'"


@case
def not_a_number(copy: Copy) -> Expected:
    copy.set("facilities", 2, "adp_fy2017", "many")
    return "facilities", 2, "adp_fy2017", "not a number ('many'). Write digits"


@case
def number_only_to_a_machine(copy: Copy) -> Expected:
    copy.set("facilities", 2, "adp_fy2017", "NaN")
    return "facilities", 2, "adp_fy2017", "not a number ('NaN')"


@case
def number_with_thousands_mark(copy: Copy) -> Expected:
    copy.set("facilities", 2, "peak_fy2017", "1,200")
    return "facilities", 2, "peak_fy2017", "not a whole number ('1,200')"


@case
def negative_count(copy: Copy) -> Expected:
    copy.set("facilities", 2, "peak_fy2017", "-1")
    return "facilities", 2, "peak_fy2017", "must not be negative ('-1')"


@case
def number_out_of_range(copy: Copy) -> Expected:
    copy.set("gazetteer", 2, "lat", "139.95")
    return "gazetteer", 2, "lat", "must be at most 90"


@case
def truth_misspelt(copy: Copy) -> Expected:
    copy.set("linked-claims", 2, "approximate", "maybe")
    return "linked-claims", 2, "approximate", "neither true nor false ('maybe')"


@case
def key_twice(copy: Copy) -> Expected:
    copy.set("sources", 5, "source_id", copy.get("sources", 3, "source_id"))
    return "sources", 5, "source_id", "this key stands in row 3 already"


@case
def key_of_several_columns_twice(copy: Copy) -> Expected:
    rows = copy.rows("corroboration")
    copy.write("corroboration", [*rows, rows[1]])
    where = "fact_key+source_id+source_value"
    return "corroboration", len(rows) + 1, where, "this key stands in row 2 already"


@case
def unknown_id(copy: Copy) -> Expected:
    right = copy.get("corroboration", 4, "source_id")
    copy.set("corroboration", 4, "source_id", right + "x")
    return "corroboration", 4, "source_id", f"no such id in 'sources' ('{right}x'). Did you mean '{right}'?"


@case
def unknown_paragraph(copy: Copy) -> Expected:
    copy.set("facts", 3, "paragraph", "999")
    return "facts", 3, "paragraph", "no such id in 'paragraphs' ('999')"


@case
def unknown_id_in_a_list(copy: Copy) -> Expected:
    right = copy.get("sources", 7, "source_id")
    copy.set("timeline-context", 2, "source_ids", f"{copy.get('sources', 2, 'source_id')}; {right}x")
    hint = f"no such id in 'sources' ('{right}x'). Did you mean '{right}'?"
    return "timeline-context", 2, "source_ids", hint


@case
def id_twice_in_a_list(copy: Copy) -> Expected:
    right = copy.get("sources", 2, "source_id")
    copy.set("timeline-context", 2, "source_ids", f"{right}; {right}")
    return "timeline-context", 2, "source_ids", "stands twice in the list"


@case
def list_that_ends_in_a_separator(copy: Copy) -> Expected:
    copy.set("timeline-context", 2, "source_ids", copy.get("sources", 2, "source_id") + ";")
    return "timeline-context", 2, "source_ids", "an item of the list is empty"


@case
def blank_required_cell(copy: Copy) -> Expected:
    copy.set("facts", 4, "exact", "")
    return "facts", 4, "exact", "must not be blank. Fill it in"


@case
def blank_key(copy: Copy) -> Expected:
    copy.set("linked-claims", 4, "claim_id", "")
    return "linked-claims", 4, "claim_id", "must not be blank"


@case
def space_at_the_end(copy: Copy) -> Expected:
    copy.set("sources", 4, "outlet", "The Outlet ")
    return "sources", 4, "outlet", "has a space at its start or end"


@case
def value_not_on_the_list(copy: Copy) -> Expected:
    copy.set("facts", 5, "status", "state")
    return (
        "facts",
        5,
        "status",
        "not one of the allowed values ('state'). Did you mean 'stated'? Allowed: stated",
    )


@case
def address_of_the_wrong_form(copy: Copy) -> Expected:
    copy.set("sources", 2, "url", "www.example.org")
    return "sources", 2, "url", "not a web address ('www.example.org'). Write it in full"


@case
def name_of_the_wrong_form(copy: Copy) -> Expected:
    copy.set("linked-claims", 4, "claim_id", "New Name")
    return "linked-claims", 4, "claim_id", "not written as this column wants it ('New Name')"


@case
def printed_day_that_does_not_exist(copy: Copy) -> Expected:
    copy.set("facts", 2, "as_printed", "July 38")
    copy.set("facts", 2, "exact", "on July 38")
    return "facts", 2, "as_printed", "names no single day ('July 38')"


@case
def printed_token_that_its_words_do_not_hold(copy: Copy) -> Expected:
    copy.set("facts", 5, "as_printed", "31")
    return "facts", 5, "as_printed", "is not among the words in exact"


@case
def evidence_of_seven_words(copy: Copy) -> Expected:
    copy.set("facts", 3, "as_printed", "gamma")
    copy.set("facts", 3, "exact", "alpha beta gamma delta epsilon zeta eta")
    return "facts", 3, "exact", "has 7 words, more than 6"


@case
def attributed_to_nobody(copy: Copy) -> Expected:
    row = copy.find("facts", "status", lambda cell: cell == "attributed")
    copy.set("facts", row, "attributed_to", "")
    return "facts", row, "attributed_to", "must not be blank when status is 'attributed'"


@case
def stated_yet_attributed_to_somebody(copy: Copy) -> Expected:
    row = copy.find("facts", "status", lambda cell: cell == "stated")
    copy.set("facts", row, "attributed_to", "Somebody")
    return "facts", row, "attributed_to", "must be blank unless status is 'attributed' ('Somebody')"


@case
def fact_that_refers_to_itself(copy: Copy) -> Expected:
    row = copy.find("facts", "refers_to", bool)
    own = copy.get("facts", row, "fact_id")
    copy.set("facts", row, "refers_to", own)
    return "facts", row, "refers_to", f"leads back to itself ('{own} -> {own}')"


@case
def facts_that_refer_to_each_other(copy: Copy) -> Expected:
    for row, other in ((2, 3), (3, 2)):
        copy.set("facts", row, "refers_to", copy.get("facts", other, "fact_id"))
    return "facts", 2, "refers_to", "leads back to itself"


@case
def one_cell_too_many(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    rows[5].append("stray")
    copy.write("sources", rows)
    return "sources", 6, None, f"more cells than the {len(rows[0])} columns ('stray')"


@case
def cells_missing(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    rows[5] = rows[5][:-2]
    copy.write("sources", rows)
    return "sources", 6, rows[0][-2], f"fewer cells than the {len(rows[0])} columns"


@case
def row_without_cells(copy: Copy) -> Expected:
    rows = copy.rows("sources")
    copy.write("sources", [*rows[:3], [""] * len(rows[0]), *rows[3:]])
    return "sources", 4, None, "the row is empty. Remove it"


@case
def fault_below_a_cell_with_line_breaks(copy: Copy) -> Expected:
    copy.set("sources", 2, "note", "first line\nsecond line\nthird line")
    copy.set("sources", 4, "published", "2018-02-30")
    return "sources", 4, "published", "not a date"


@case
def outlines_damaged(copy: Copy) -> Expected:
    path = copy.paths["counties"]
    path.write_bytes(path.read_bytes()[:1000])
    return "counties", None, None, "is not JSON"


@case
def outlines_missing(copy: Copy) -> Expected:
    copy.paths["counties"].unlink()
    return "counties", None, None, "cannot be read: No such file"


@pytest.mark.parametrize("name", CASES)
def test_a_bad_edit_is_refused(name: str, tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    table, row, column, words = CASES[name](copy)
    before = copy.content()

    faults = check(copy.project)

    assert len(faults) == 1, [str(fault) for fault in faults]
    (fault,) = faults
    assert (fault.file, fault.row, fault.column) == (copy.file(table), row, column)
    assert words in str(fault)
    if table != "counties":
        with pytest.raises(Fault) as refused:
            load(table, copy.project)
        assert words in str(refused.value)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check"])
    assert result.exit_code == 1
    assert result.output.splitlines()[0] == str(fault)
    assert result.output.splitlines()[-1].endswith(": 1 fault")
    assert copy.content() == before


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 20


def test_all_faults_come_at_once_in_order(tmp_path) -> None:
    copy = Copy(tmp_path)
    copy.set("sources", 9, "published", "yesterday")
    copy.set("sources", 3, "kind", "rumor")
    copy.set("sources", 3, "published", "2018-02-30")
    copy.set("facts", 5, "exact", "")
    copy.paths["questions"].unlink()
    found = [(fault.file, fault.row, fault.column) for fault in check(copy.project)]
    assert found == [
        (copy.file("facts"), 5, "exact"),
        (copy.file("sources"), 3, "published"),
        (copy.file("sources"), 3, "kind"),
        (copy.file("sources"), 9, "published"),
        (copy.file("questions"), None, None),
    ]


def test_a_table_is_refused_when_the_one_it_refers_to_is_broken(tmp_path) -> None:
    copy = Copy(tmp_path)
    reheaded(copy, "sources", lambda header: ["id", *header[1:]])
    with pytest.raises(Fault, match=r"data/sources/sources.csv:1:id: no column of this name"):
        load("corroboration", copy.project)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda package: package["resources"][2]["schema"].update(primaryKey=["nothing"]),
            "primaryKey names a column",
        ),
        (
            lambda package: package["resources"][2]["schema"]["foreignKeys"][0]["reference"].update(
                resource="paragraf"
            ),
            "names a table that is not described ('paragraf'). Did you mean 'paragraphs'?",
        ),
        (
            lambda package: package["resources"][2]["schema"]["fields"][0].update(type="words"),
            "the schema of 'facts' is not valid",
        ),
        (lambda package: package.pop("resources"), "is not a data package"),
    ],
)
def test_a_bad_description_is_refused(change, words: str, tmp_path) -> None:
    copy = Copy(tmp_path)
    copy.describe(change)
    faults = check(copy.project)
    assert [fault.file for fault in faults] == ["data/datapackage.json"]
    assert words in str(faults[0])


def test_the_description_of_a_table_still_to_be_written_is_checked(tmp_path) -> None:
    copy = Copy(tmp_path)

    def change(package: dict) -> None:
        later = next(resource for resource in package["resources"] if resource.get("producedBy"))
        later["schema"]["primaryKey"] = ["nothing"]

    copy.describe(change)
    (fault,) = check(copy.project)
    assert "primaryKey names a column that" in str(fault)


def test_a_description_that_is_not_json_is_refused_with_its_line(tmp_path) -> None:
    copy = Copy(tmp_path)
    text = copy.project.package.read_text(encoding="utf-8")
    copy.project.package.write_text(text.replace('"resources": [', '"resources": [,', 1), encoding="utf-8")
    (fault,) = check(copy.project)
    line = text[: text.index('"resources": [')].count("\n") + 1
    assert fault.row in (line, line + 1)
    assert "is not JSON" in str(fault)
