"""Whatever stands in a table's file, it loads or is refused in words; and what is written is what is read."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from damaged import EXAMPLE, Copy
from explainer.data.csv_read import Sheet, parse_sheet, write_rows
from explainer.data.package import load
from explainer.data.repairs import repaired
from explainer.data.schema import table_faults
from explainer.data.spelling import clean
from explainer.system.errors import Fault

PACKAGE = json.loads(EXAMPLE.package.read_text(encoding="utf-8"))
TABLES = {
    resource["name"]: resource
    for resource in PACKAGE["resources"]
    if "schema" in resource and "producedBy" not in resource
}
#: Bytes that mean something to some encoding, dialect or column.
TELLING = [
    *(b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\0", b"\x1a", b"\xff\xfe", b"\xfe\xff"),
    *(b"\xef\xbb\xbf", b"\xe9", b"\x8f", b"\xc3\xa9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc2\xa0"),
    *(b"sep=;\n", b"7/8/2018", b"43308", b"1,200", b"9" * 5000, b"1e999", b"NaN", b"-0", b"0000-00-00"),
    *(
        b"9999-12-31",
        b"#REF!",
        b"=1+1",
        b"<<<<<<< HEAD",
        b"PK\x03\x04",
        b" ",
        b"29 days after",
    ),
    *("٣".encode(), "½".encode(), "−5".encode(), "“".encode(), "Ⅻ".encode(), "\u2028".encode()),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    return Copy(tmp_path_factory.mktemp("loaders"))


def holds_or_refuses(copy: Copy, name: str, content: bytes) -> None:
    """Check and load a table with this content; afterwards the copy is as it was."""
    path = copy.paths[name]
    before = path.read_bytes()
    try:
        path.write_bytes(content)
        frame = load(name, copy.project)
    except Fault as fault:
        assert all(str(one) and one.remedy for one in getattr(fault, "faults", [fault]))
    else:
        assert list(frame.columns) == [field["name"] for field in TABLES[name]["schema"]["fields"]]
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("before", [b"", b"\0", b'"', b"\n", b"\xff"])
def test_a_file_of_hardly_anything_loads_or_is_refused(copy: Copy, before: bytes) -> None:
    for piece in [b"", *TELLING]:
        holds_or_refuses(copy, "facts", before + piece)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(TABLES)), st.binary(max_size=400))
def test_any_bytes_load_or_are_refused(copy: Copy, name: str, content: bytes) -> None:
    holds_or_refuses(copy, name, content)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(TABLES)),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(TELLING) | st.binary(max_size=6)),
        min_size=1,
        max_size=4,
    ),
)
def test_a_damaged_table_loads_or_is_refused(copy: Copy, name: str, wounds: list) -> None:
    content = copy.paths[name].read_bytes()
    for where, lost, put in wounds:
        place = int(where * len(content))
        content = content[:place] + put + content[place + lost :]
    holds_or_refuses(copy, name, content)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_table_with_any_cell_loads_or_is_refused(copy: Copy, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(TABLES)))
    rows = copy.rows(name)
    telling = [text.decode() for text in TELLING if text.isascii() and len(text) < 9]
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(rows) - 1))
        column = data.draw(st.integers(0, len(rows[row]) - 1))
        rows[row][column] = data.draw(st.text(max_size=12) | st.sampled_from(telling))
    holds_or_refuses(copy, name, write_rows(rows).replace(b"\xed", b""))


# A cell as a table of the package may hold it: no spaces at its ends, nothing that does not show.
CELL = st.text(st.characters(exclude_categories=("C",), include_characters="\n"), max_size=20).map(clean)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_is_written_is_what_is_read(rows: list[list[str]]) -> None:
    rows = [["a", "b", "c"], *rows, ["x", "", '"']]
    sheet = parse_sheet(write_rows(rows), "a.csv", ["a", "b", "c"])
    assert (sheet.rows, sheet.notes) == (rows, [])
    assert [write_rows(rows).decode().split("\n")[line - 1][:1] for line in sheet.lines[:1]] == ["a"]


FIELDS = [
    {"name": "id", "type": "string"},
    {"name": "day", "type": "date"},
    {"name": "count", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "share", "type": "number"},
    {"name": "so", "type": "boolean"},
    {"name": "kind", "type": "string", "constraints": {"enum": ["stated", "attributed"]}},
    {"name": "words", "type": "string"},
]
RESOURCE = {"name": "made", "schema": {"fields": FIELDS}}
#: Real words: of two letters without one, nobody can say in which encoding they are.
WORDS = [
    "café",
    "naïve",
    "Straße",
    "“quoted”",
    "L’Été",
    "a;b",
    "x,y",
    'say "so"',
    "one\ntwo",
    "€5",
    "–",
    "|",
    "it's",
]
LETTERS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
ROW = st.tuples(
    st.integers(0, 999).map(lambda number: f"row-{number}"),
    st.dates(datetime.date(1930, 1, 13), datetime.date(2170, 12, 31)),
    st.integers(0, 2_000_000),
    st.decimals(-1000, 1000, places=2, allow_nan=False),
    st.booleans(),
    st.sampled_from(["stated", "attributed"]),
    LETTERS,
)
DAYS = {
    "iso": lambda day: day.isoformat(),
    "american": lambda day: f"{day.month}/{day.day}/{day.year}",
    "european": lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
    "name": lambda day: f"{day.day}-{day:%b}-{day.year}",
}
ENDS = ["\n", "\r\n"]


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(ROW, min_size=1, max_size=6),
    day=st.sampled_from(sorted(DAYS)),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(ENDS),
    loud=st.booleans(),
    comma=st.booleans(),
    empty=st.integers(0, 2),
)
def test_a_spreadsheet_in_another_dialect_is_read_as_the_clean_table(
    rows, day, separator, encoding, end, loud, comma, empty
) -> None:
    import csv
    import io

    header = [field["name"] for field in FIELDS]
    clean_rows, spelled = [header], [header + [""] * empty]
    for name, date, count, share, so, kind, words in rows:
        date = date if date.day > 12 else date.replace(day=date.day + 12)
        clean_rows.append([name, date.isoformat(), str(count), f"{share:.2f}", str(so).lower(), kind, words])
        spelled.append(
            [
                f"{name} " if loud else name,
                DAYS[day](date),
                f"{count}.0" if loud else str(count),
                f"{share:.2f}".replace(".", ",") if comma else f"{share:.2f}",
                str(so).upper() if loud else str(so).lower(),
                kind.capitalize() if loud else kind,
                words,
                *[""] * empty,
            ]
        )
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(spelled)

    sheet = parse_sheet(out.getvalue().encode(encoding), "made.csv", header)
    table = repaired(RESOURCE, "made.csv", sheet)

    assert table.rows == clean_rows
    assert table_faults(table) == []
    assert bool(table.repairs) == (sheet.content != write_rows(clean_rows))


@pytest.mark.parametrize("start", [b"", b"\x80", b"\0", b"\xc3\xa9\x80", b'"'])
def test_a_cell_that_no_reader_takes_is_refused(copy: Copy, start: bytes) -> None:
    holds_or_refuses(copy, "questions", start + b"x" * 140_000 + start)


def test_a_sheet_knows_the_line_of_each_row() -> None:
    content = b'a,b\n1,"x\ny\nz"\n2,x\n\n3,y\n'
    sheet = parse_sheet(content, "a.csv", ["a", "b"])
    assert sheet.rows == [["a", "b"], ["1", "x\ny\nz"], ["2", "x"], [], ["3", "y"]]
    assert sheet.lines == [1, 2, 5, 6, 7]
    assert isinstance(sheet, Sheet) and sheet.content == content
