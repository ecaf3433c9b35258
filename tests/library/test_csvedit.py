"""One cell of a CSV file is changed and every other byte stays."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainer.data.csv_edit import CsvEdit
from explainer.system.errors import Fault

PLAIN = b"id,word,note\na,one,\nb,two,x\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PLAIN, b"id,word,note\na,one,\nb,NEW,x\n"),
        (PLAIN.replace(b"\n", b"\r\n"), b"id,word,note\r\na,one,\r\nb,NEW,x\r\n"),
        (b"\xef\xbb\xbf" + PLAIN, b"\xef\xbb\xbfid,word,note\na,one,\nb,NEW,x\n"),
        (PLAIN.removesuffix(b"\n"), b"id,word,note\na,one,\nb,NEW,x"),
        (PLAIN.replace(b"two", b'"two"'), b'id,word,note\na,one,\nb,"NEW",x\n'),
        (
            b'"id",word,note\n\n"a","o,\n""ne""", y\nb,two,\n\n',
            b'"id",word,note\n\n"a","o,\n""ne""", y\nb,NEW,\n\n',
        ),
        ("id,word,note\né,“o”,\nb,two,\n".encode(), "id,word,note\né,“o”,\nb,NEW,\n".encode()),
    ],
)
def test_only_the_cell_changes(before, after):
    sheet = CsvEdit(before, "a.csv")
    sheet.set(sheet.find(id="b"), "word", "NEW")
    assert sheet.content == after


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a b", b"a b"),
        ("a,b", b'"a,b"'),
        ('"a"', b'"""a"""'),
        ("a\nb", b'"a\nb"'),
        (" a", b'" a"'),
        ("", b""),
    ],
)
def test_quotation_marks_come_where_they_are_needed(value, written):
    sheet = CsvEdit(PLAIN, "a.csv")
    sheet.set(1, "word", value)
    assert sheet.content == PLAIN.replace(b"one", written)


def test_rows_are_added_and_removed_with_the_line_ends_of_the_file():
    sheet = CsvEdit(b"id,word,note\r\na,one,", "a.csv")
    sheet.append({"note": "x,y", "id": "c"})
    assert sheet.content == b'id,word,note\r\na,one,\r\nc,,"x,y"\r\n'
    sheet.remove(1)
    assert sheet.content == b'id,word,note\r\nc,,"x,y"\r\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"id,word\xff\n", "is not UTF-8 text"),
        (b"id;word\nb;two\n", "has no column id"),
        (b"id,word\na,one\n", "has no rows with b"),
        (b"id,word\nb,one\nb,two\n", "has 2 rows with b"),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(content, told):
    with pytest.raises(Fault, match=told):
        CsvEdit(content, "a.csv").find(id="b")


# Python's own writer leaves a lone CR bare, which no reader takes.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@given(
    rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
    value=TEXT,
    data=st.data(),
)
def test_any_table_reads_the_same_but_for_the_cell(rows, quoting, end, value, data):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([("id", "word"), *rows])
    sheet = CsvEdit(out.getvalue().encode(), "a.csv")
    at = data.draw(st.integers(1, len(rows)))
    sheet.set(at, "word", value)
    found = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"), newline=""), strict=True))
    wanted = [["id", "word"], *map(list, rows)]
    wanted[at][1] = value
    assert found == wanted
