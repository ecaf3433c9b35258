"""What a spreadsheet writes in its own way is read as it was meant, said, and written on request."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pandas as pd
import pytest
from typer.testing import CliRunner

import explainer.cli.check  # noqa: F401  (gives the program its command)
from damaged import Copy, Expected, one_cell
from explainer.cli import app
from explainer.data.package import load
from explainer.data.spelling import readings
from explainer.ledger.data_check import DataCheck
from explainer.system.errors import Fault
from explainer.verify import messages

CASES: dict[str, Callable[[Copy], Expected]] = {}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer", "constraints": {"minimum": 0}}
DATE = {"type": "date"}
TRUTH = {"type": "boolean"}


def case(edit: Callable[[Copy], Expected]) -> Callable[[Copy], Expected]:
    CASES[edit.__name__.replace("_", " ")] = edit
    return edit


def rewritten(copy: Copy, name: str, change: Callable[[bytes], bytes]) -> None:
    path = copy.paths[name]
    path.write_bytes(change(path.read_bytes()))


def respelled(copy: Copy, name: str, row: int, column: str, spelling: str) -> None:
    """Put another spelling of what stands there in a cell."""
    assert copy.get(name, row, column) != spelling
    copy.set(name, row, column, spelling)


@case
def byte_order_mark(copy: Copy) -> Expected:
    rewritten(copy, "sources", lambda content: b"\xef\xbb\xbf" + content)
    return "sources", None, None, "begins with a byte order mark."


@case
def windows_line_ends(copy: Copy) -> Expected:
    rewritten(copy, "facts", lambda content: content.replace(b"\n", b"\r\n"))
    return "facts", None, None, "has Windows or old Mac line ends."


@case
def old_mac_line_ends(copy: Copy) -> Expected:
    rewritten(copy, "facts", lambda content: content.replace(b"\n", b"\r"))
    return "facts", None, None, "has Windows or old Mac line ends."


@case
def semicolons(copy: Copy) -> Expected:
    copy.write("corroboration", copy.rows("corroboration"), delimiter=";")
    return "corroboration", None, None, "has semicolons between its cells."


@case
def tabs(copy: Copy) -> Expected:
    copy.write("facts", copy.rows("facts"), delimiter="\t")
    return "facts", None, None, "has tabs between its cells."


@case
def bars(copy: Copy) -> Expected:
    copy.write("facts", copy.rows("facts"), delimiter="|", quoting=csv.QUOTE_ALL)
    return "facts", None, None, "has bars between its cells."


@case
def line_that_names_the_separator(copy: Copy) -> Expected:
    rewritten(copy, "facts", lambda content: b"sep=,\n" + content)
    return "facts", None, None, "begins with the line 'sep=,'."


@case
def utf16_little_end_first(copy: Copy) -> Expected:
    rewritten(copy, "sources", lambda content: b"\xff\xfe" + content.decode().encode("utf-16-le"))
    return "sources", None, None, "is UTF-16 text."


@case
def utf16_big_end_first(copy: Copy) -> Expected:
    rewritten(copy, "sources", lambda content: b"\xfe\xff" + content.decode().encode("utf-16-be"))
    return "sources", None, None, "is UTF-16 text."


@case
def empty_rows_at_the_end(copy: Copy) -> Expected:
    width = len(copy.rows("facts")[0])
    rewritten(copy, "facts", lambda content: content + b",".join([b""] * width) + b"\n" + b" ,\n")
    return "facts", None, None, "has empty rows at its end."


@case
def empty_columns_on_the_right(copy: Copy) -> Expected:
    copy.write("facts", [[*row, "", " "] for row in copy.rows("facts")])
    return "facts", None, None, "has empty columns on the right."


@case
def count_with_its_thousands_set_apart(copy: Copy) -> Expected:
    copy.set("arrest-reports", 2, "number", "1,685")
    told = "'1,685' was read as '1685' (thousands set apart)."
    return "arrest-reports", 2, "number", told


@case
def columns_in_another_order(copy: Copy) -> Expected:
    copy.write("facts", [[row[1], row[0], *row[2:]] for row in copy.rows("facts")])
    return "facts", None, None, "has its columns in another order."


@case
def column_in_capital_letters(copy: Copy) -> Expected:
    rows = copy.rows("facts")
    copy.write("facts", [[" Fact_ID", *rows[0][1:]], *rows[1:]])
    return "facts", 1, "fact_id", "' Fact_ID' was read as 'fact_id' (spaces or capital letters)."


@case
def partial_date_with_a_slash(copy: Copy) -> Expected:
    row = copy.find("timeline-context", "precision", lambda cell: cell == "month")
    right = copy.get("timeline-context", row, "date")
    wrong = right.replace("-", "/")
    copy.set("timeline-context", row, "date", wrong)
    return "timeline-context", row, "date", f"'{wrong}' was read as '{right}' (year first)."


@case
def decimal_comma(copy: Copy) -> Expected:
    right = copy.get("facilities", 2, "adp_fy2017")
    copy.set("facilities", 2, "adp_fy2017", right.replace(".", ","))
    told = f"'{right.replace('.', ',')}' was read as '{right}' (a comma for the decimal point)."
    return "facilities", 2, "adp_fy2017", told


@case
def decimal_comma_that_only_the_limits_of_the_column_tell_from_thousands(copy: Copy) -> Expected:
    row = copy.find("gazetteer", "place_id", lambda cell: cell == "label-pa")
    copy.set("gazetteer", row, "lat", "40,780")
    rewritten(copy, "gazetteer", lambda content: content)
    return "gazetteer", row, "lat", "'40,780' was read as '40.780' (a comma for the decimal point)."


@case
def truth_in_capital_letters(copy: Copy) -> Expected:
    right = copy.get("arrest-reports", 2, "approximate")
    copy.set("arrest-reports", 2, "approximate", right.upper())
    told = f"'{right.upper()}' was read as '{right}' (capital letters)."
    return "arrest-reports", 2, "approximate", told


@case
def listed_value_with_a_capital_letter(copy: Copy) -> Expected:
    assert copy.get("facts", 2, "status") == "stated"
    copy.set("facts", 2, "status", "Stated")
    return "facts", 2, "status", "'Stated' was read as 'stated' (other capital letters)."


@case
def space_at_the_end(copy: Copy) -> Expected:
    right = copy.get("sources", 4, "outlet")
    copy.set("sources", 4, "outlet", right + " ")
    told = f"'{right} ' was read as '{right}' (spaces or characters that do not show)."
    return "sources", 4, "outlet", told


@case
def space_that_does_not_break(copy: Copy) -> Expected:
    row = copy.find("facts", "exact", lambda cell: " " in cell)
    right = copy.get("facts", row, "exact")
    wrong = right.replace(" ", "\u00a0")
    copy.set("facts", row, "exact", wrong)
    told = f"{wrong!r} was read as {right!r} (spaces or characters that do not show)."
    return "facts", row, "exact", told


@case
def character_of_no_width_in_an_id(copy: Copy) -> Expected:
    right = copy.get("corroboration", 4, "source_id")
    copy.set("corroboration", 4, "source_id", f"{right}\u200b")
    told = f"'{right}\\u200b' was read as '{right}' (spaces or characters that do not show)."
    return "corroboration", 4, "source_id", told


@case
def accent_apart_from_its_letter(copy: Copy) -> Expected:
    copy.set("sources", 4, "outlet", "Café")
    path = copy.paths["sources"]
    content = path.read_bytes()
    path.write_bytes(content.replace("Café".encode(), "Cafe\u0301".encode()))
    return "sources", 4, "outlet", "'Cafe\u0301' was read as 'Café' (spaces or characters that do not show)."


#: One cell edited: table, row, column, what stands there now, and words of what is told.
CELLS = {
    "american date": (
        "article",
        2,
        "dateline",
        "7/27/2018",
        "'7/27/2018' was read as '2018-07-27' (month first).",
    ),
    "european date": (
        "article",
        2,
        "dateline",
        "27.07.2018",
        "'27.07.2018' was read as '2018-07-27' (day first).",
    ),
    "american date with its midnight": (
        "article",
        2,
        "dateline",
        "7/27/2018 12:00 AM",
        "'7/27/2018 12:00 AM' was read as '2018-07-27' (month first).",
    ),
    "date with its midnight": (
        "article",
        2,
        "dateline",
        "2018-07-27 00:00:00",
        "'2018-07-27 00:00:00' was read as '2018-07-27' (year first).",
    ),
    "date with slashes": (
        "article",
        2,
        "dateline",
        "2018/7/27",
        "'2018/7/27' was read as '2018-07-27' (year first).",
    ),
    "date with the month by name": (
        "article",
        2,
        "dateline",
        "27-Jul-2018",
        "'27-Jul-2018' was read as '2018-07-27' (a month by its name).",
    ),
    "date with dashes in place of hyphens": (
        "article",
        2,
        "dateline",
        "2018–07–27",
        "'2018–07–27' was read as '2018-07-27' (year first).",
    ),
    "count with a decimal": ("arrest-reports", 2, "number", "29.0", "'29.0' was read as '29' (decimals)."),
}
CASES |= {name: one_cell(*cell) for name, cell in CELLS.items()}


MEANT = {
    "count with its thousands set apart": ("number", "1685"),
    "decimal comma that only the limits of the column tell from thousands": ("lat", "40.780"),
    "accent apart from its letter": ("outlet", "Café"),
}


def meant(copy: Copy, name: str, table: str, row: int | None) -> bytes:
    """Return the clean file: the committed one, with the one cell that a case had to change."""
    rows = list(csv.reader(io.StringIO(Copy.committed(table), newline="")))
    if name in MEANT:
        column, value = MEANT[name]
        rows[(row or 4) - 1][rows[0].index(column)] = value
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_meant_said_and_written_on_request(name: str, tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    table, row, column, told = CASES[name](copy)
    damaged = copy.content()
    clean = meant(copy, name, table, row)
    assert damaged[copy.file(table)] != clean

    found = DataCheck(copy.project)

    assert [str(fault) for fault in found.faults] == []
    (repair,) = found.repairs
    assert (repair.file, repair.row, repair.column) == (copy.file(table), row, column)
    assert str(repair) == f"{repair.where}: {told}"
    read = load(table, copy.project)
    assert copy.content() == damaged, "nothing is written without being asked"

    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "--fix"])
    assert result.exit_code == 0
    assert f"Written: {copy.file(table)}. As before: _build/before-fix." in result.output
    assert copy.content() == damaged | {copy.file(table): clean}
    assert (tmp_path / "_build/before-fix" / copy.file(table)).read_bytes() == damaged[copy.file(table)]
    pd.testing.assert_frame_equal(load(table, copy.project), read)
    again = CliRunner().invoke(app, ["check", "--fix"])
    assert again.output.endswith("rows: no fault\n") and "Written" not in again.output


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize(
    ("field", "cell", "wanted"),
    [
        (NUMBER, "1,234.5", ["1234.5"]),
        (NUMBER, "1.234,5", ["1234.5"]),
        (NUMBER, "1 234,5", ["1234.5"]),
        (NUMBER, "1'234'567", []),
        (NUMBER, "1’234.50", []),
        (NUMBER, "−5", ["-5"]),
        (NUMBER, "+5", ["5"]),
        (NUMBER, "1,2", ["1.2"]),
        (NUMBER, "1,200", ["1200", "1.200"]),
        (NUMBER, "1,20,000", []),
        (NUMBER, "1,234,5", []),
        (NUMBER, "12,34.5", []),
        (NUMBER, "$5", []),
        (NUMBER, "5%", []),
        (NUMBER, "٣", []),
        (WHOLE, "1,200", ["1200"]),
        (WHOLE, "1.200", ["1200"]),
        (WHOLE, "1,000", ["1000", "1"]),
        (WHOLE, "1 200 000", ["1200000"]),
        (WHOLE, "29,00", ["29"]),
        (WHOLE, "29.5", []),
        (TRUTH, "TRUE", ["true"]),
        (TRUTH, "False", ["false"]),
        (TRUTH, "FALSCH", []),
        (TRUTH, "yes", []),
        (TRUTH, "0", []),
        (WHOLE, "−5", []),
        (DATE, "7/27/2018", ["2018-07-27"]),
        (DATE, "07-27-2018", ["2018-07-27"]),
        (DATE, "27/7/2018", ["2018-07-27"]),
        (DATE, "7/7/2018", ["2018-07-07"]),
        (DATE, "7/8/2018", ["2018-07-08", "2018-08-07"]),
        (DATE, "7/27/18", ["2018-07-27", "1918-07-27"]),
        (DATE, "2/29/2018", []),
        (DATE, "20180727", ["2018-07-27"]),
        (DATE, "July 27, 2018", ["2018-07-27"]),
        (DATE, "Jul 27 2018", ["2018-07-27"]),
        (DATE, "27 July 2018", ["2018-07-27"]),
        (DATE, "Sept 3, 2018", ["2018-09-03"]),
        (DATE, "27 Juli 2018", []),
        (DATE, "27-Jul", []),
        (DATE, "2018-07-27T00:00:00Z", ["2018-07-27"]),
        (DATE, "7/27/2018 12:00 AM", ["2018-07-27"]),
        (DATE, "7/27/2018 14:05", []),
        (DATE, "43308", []),
        (DATE, "43308.5", []),
        (DATE, "2018", []),
        (DATE, "433080", []),
        (DATE, "7/27-2018", []),
    ],
)
def test_a_spelling_means_what_it_can_mean(field: dict, cell: str, wanted: list[str]) -> None:
    assert [reading.value for reading in readings(field, cell)] == wanted


def test_a_whole_column_rewritten_is_one_line(tmp_path) -> None:
    copy = Copy(tmp_path)
    rows = copy.rows("sources")
    place = rows[0].index("published")
    days = [row[place].split("-") for row in rows[1:] if row[place]]
    safe = sum(int(day) > 12 or month == day for _, month, day in days)
    for row in rows[1:]:
        year, month, day = row[place].split("-") if row[place] else ("", "", "")
        row[place] = row[place] and f"{int(month)}/{int(day)}/{year}"
    copy.write("sources", rows)
    found = DataCheck(copy.project)
    assert len(found.repairs) == safe > 20
    assert len(found.faults) == len(days) - safe > 20
    (line,) = messages.repair_lines(found.repairs)
    assert line.endswith(f"(month first). And {safe - 1} more like it in this column.")


def test_what_can_be_repaired_is_written_although_the_rest_cannot(tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    copy.set("sources", 3, "published", "7/8/2018")
    copy.set("sources", 4, "published", "7/28/2018")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "--fix"])
    assert result.exit_code == 1
    assert copy.get("sources", 3, "published") == "7/8/2018"
    assert copy.get("sources", 4, "published") == "2018-07-28"
    assert result.output.splitlines()[-1].endswith("rows: 1 fault")


def test_a_table_whose_columns_are_wrong_is_not_written(tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    rows = copy.rows("sources")
    copy.write("sources", [["id", *rows[0][1:]], *rows[1:]], delimiter=";")
    before = copy.content()
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "--fix"])
    assert result.exit_code == 1
    assert "sources.csv:1:id: no column of this name is known" in result.output
    assert copy.content() == before


def test_a_table_that_was_changed_meanwhile_is_not_written(tmp_path) -> None:
    copy = Copy(tmp_path)
    copy.set("article", 2, "dateline", "7/27/2018")
    found = DataCheck(copy.project)
    copy.set("article", 2, "dateline", "7/28/2018")
    before = copy.content()
    with pytest.raises(Fault, match=r"article.csv: was changed while it was being checked"):
        list(found.fix())
    assert copy.content() == before


def test_the_rows_of_a_file_that_names_its_separator_are_those_of_the_spreadsheet(tmp_path) -> None:
    copy = Copy(tmp_path)
    copy.set("sources", 2, "note", "one\ntwo\nthree")
    copy.set("sources", 4, "published", "2018-02-30")
    rewritten(copy, "sources", lambda content: b"sep=,\r\n" + content.replace(b"\n", b"\r\n"))
    (fault,) = DataCheck(copy.project).faults
    assert (fault.row, fault.line, fault.column) == (4, 7, "published")


def test_the_json_says_everything(tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    copy.set("sources", 2, "note", "one\ntwo")
    copy.set("sources", 3, "published", "2018-02-30")
    copy.set("article", 2, "dateline", "7/27/2018")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "--format", "json"])
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert sorted(told) == ["faults", "fixed", "ok", "repairs", "rows", "tables", "warnings"]
    assert told["ok"] is False and told["fixed"] == [] and told["warnings"] == []
    assert told["faults"] == [
        {
            "file": "data/sources/sources.csv",
            "row": 3,
            "line": 4,
            "column": "published",
            "value": "2018-02-30",
            "what": "not a date",
            "remedy": "Write a day that exists as year-month-day, such as 2000-12-31.",
            "message": "data/sources/sources.csv:3:published: not a date ('2018-02-30'). "
            "Write a day that exists as year-month-day, such as 2000-12-31.",
        }
    ]
    assert told["repairs"] == [
        {
            "file": "data/article/article.csv",
            "row": 2,
            "column": "dateline",
            "what": "month first",
            "was": "7/27/2018",
            "now": "2018-07-27",
        }
    ]
    fixed = json.loads(CliRunner().invoke(app, ["check", "--fix", "--format", "json"]).output)
    assert fixed["fixed"] == ["data/article/article.csv"]


def test_annotations_cannot_be_broken_out_of(tmp_path, monkeypatch) -> None:
    copy = Copy(tmp_path)
    copy.set("sources", 2, "published", "100%\n::error file=x,line=1::y")
    copy.set("article", 2, "dateline", "7/27/2018")
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "--format", "github"])
    assert result.exit_code == 1
    error, notice, last = result.output.splitlines()
    assert error == (
        "::error file=data/sources/sources.csv,line=2,title=published%3A not a date::"
        "data/sources/sources.csv:2:published: not a date ('100%25\\n::error file=x,line=1::y'). "
        "Write a day that exists as year-month-day, such as 2000-12-31."
    )
    assert notice.startswith("::notice file=data/article/article.csv,title=month first::data/article/")
    assert last.endswith("rows: 1 fault, 1 repair (`explainer check --fix` writes them)")


def test_an_unknown_format_is_wrong_usage(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(Copy(tmp_path).project.root)
    assert CliRunner().invoke(app, ["check", "--format", "xml"]).exit_code == 2
