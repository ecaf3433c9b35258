"""Headings of rows in the tags of a PDF, also where cells span."""

from __future__ import annotations

import typst

from explainer.build import row_headings
from tagged import Tags, of_table

HEAD = '#set document(title: "T")\n#set text(lang: "en")\n'


def marked(source: str, tmp_path) -> Tags:
    path = tmp_path / "page.typ"
    path.write_text(HEAD + source, encoding="utf-8")
    made = typst.compile(str(path), pdf_standards=["ua-1"], timestamp=0)
    return Tags(row_headings.mark(made))


def kinds(tags: Tags) -> list[list[str]]:
    ((_, rows),) = tags.tables()
    return [[str(cell["/S"])[1:] for cell in row] for row in rows]


def test_the_first_cell_of_each_row_heads_it(tmp_path):
    tags = marked("#table(columns: 2, table.header[A][B], [a], [1], [b], [], [], [3])", tmp_path)
    assert kinds(tags) == [["TH", "TD"]] * 3
    assert tags.faults() == []


def test_a_cell_below_one_that_spans_rows_heads_nothing(tmp_path):
    source = "#table(columns: 2, table.header[A][B], table.cell(rowspan: 2)[a], [1], [2], [b], [3])"
    tags = marked(source, tmp_path)
    assert kinds(tags) == [["TH", "TD"], ["TD"], ["TH", "TD"]]
    ((_, rows),) = tags.tables()
    assert [str(name) for name in of_table(rows[2][1])["/Headers"]] == ["U1x1y0", "R1y3"]


def test_a_table_without_a_head_and_a_page_without_tables_stay_as_they_are(tmp_path):
    assert kinds(marked("#table(columns: 2, [a], [1], [b], [2])", tmp_path))[0] == ["TD", "TD"]
    assert not marked("Words.", tmp_path).tables()


def test_a_column_that_only_keeps_rows_together_is_not_announced(tmp_path):
    source = "#table(columns: 2, table.header[A][], [a], table.cell(rowspan: 2)[], [b])"
    assert kinds(marked(source, tmp_path)) == [["TH"], ["TH"]]
