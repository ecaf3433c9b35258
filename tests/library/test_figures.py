"""Figures and tables taken out of executed notebooks."""

import csv
import io
import json
import shutil

import altair as alt
import nbformat
import pandas as pd
import pytest

from explainer.authoring import Figure
from explainer.authoring.records import Records, escape_markdown, spreadsheet_safe, to_csv
from explainer.authoring.svg import parse
from explainer.authoring.tables import Table
from explainer.evidence.citations import named
from explainer.report import exhibits, figures
from explainer.report.figures import collect_figures
from explainer.system.errors import Fault
from explainer.system.project import Project

FRAME = pd.DataFrame(
    {
        "what": ["=HYPERLINK(1)", '<script>alert(1)</script> | *a* & "b"'],
        "many": [3, -5],
        "share": [0.5, None],
        "day": pd.to_datetime(["2018-07-02", None]),
    }
)
SOURCES = """\
source_id,outlet,title_short,url,published
daily,The Daily,Fruit counted,https://example.org/fruit,2031-05-09
late,The Daily,Fruit eaten,,2031-05-10
echo,The Echo,Fruit sold,,2031-05-10
echo_again,The Echo,Fruit lost,,2031-05-10
blog,Pip,Fruit,,
"""
PACKAGE = {
    "resources": [
        {
            "name": "sources",
            "path": "sources.csv",
            "schema": {
                "fields": [
                    {"name": name, "type": "date" if name == "published" else "string"}
                    for name in SOURCES.split("\n")[0].split(",")
                ],
                "primaryKey": ["source_id"],
            },
        }
    ]
}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "_quarto.yml").write_text("project:\n  type: default\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps(PACKAGE))
    (tmp_path / "data" / "sources.csv").write_text(SOURCES)
    (tmp_path / "notebooks").mkdir()
    return Project(tmp_path)


def figure(**changed):
    chart = alt.Chart(FRAME).mark_bar().encode(x="many:Q", y="what:N")
    words = {
        "takeaway": "Fewer pears",
        "caption": "Fruit.",
        "alt": "Bars: 3 and minus 5.",
        "sources": ["daily"],
    }
    return Figure(**{"chart": chart, "data": FRAME, **words, **changed})


def test_a_source_is_named_by_as_much_as_tells_it_from_the_others(project):
    assert {source: told["name"] for source, told in named(project).items()} == {
        "daily": "The Daily, May 9, 2031",
        "late": "The Daily, May 10, 2031",
        "echo": "The Echo, Fruit sold, May 10, 2031",
        "echo_again": "The Echo, Fruit lost, May 10, 2031",
        "blog": "Pip",
    }


def cell(label, shown=None):
    outputs = []
    if shown is not None:
        bundle = shown._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        outputs = [nbformat.v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)]
    return nbformat.v4.new_code_cell(
        f"#| label: {label}\nshow()", outputs=outputs, id=label, execution_count=1
    )


def write(project, name, *cells):
    title = nbformat.v4.new_markdown_cell(f"# {name}", id="title")
    nbformat.write(nbformat.v4.new_notebook(cells=[title, *cells]), project.notebooks / f"{name}.ipynb")


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_every_figure_and_table_is_written_with_its_words(project):
    narrow = alt.Chart(FRAME).mark_bar().encode(x="many:Q", y="what:N").properties(width=340)
    write(project, "2-pears", cell("tbl-pears", Table(FRAME, caption="All fruit.")))
    write(project, "1-apples", cell("fig-apples", figure(narrow=narrow)), cell("setup"))
    found = collect_figures(project)
    figures.write(project, found)

    assert list(found) == ["fig-apples", "tbl-pears"]
    assert json.loads((project.build / "figures.json").read_text()) == found
    apples = found["fig-apples"]
    assert apples["kind"] == "fig"
    assert apples["notebook"] == "notebooks/1-apples.ipynb"
    assert apples["page"] == "notebooks/1-apples.html"
    assert (apples["takeaway"], apples["caption"], apples["alt"]) == (
        "Fewer pears",
        "Fruit.",
        "Bars: 3 and minus 5.",
    )
    assert apples["sources"] == [
        {
            "id": "daily",
            "text": "The Daily, Fruit counted",
            "name": "The Daily, May 9, 2031",
            "url": "https://example.org/fruit",
        }
    ]
    assert apples["rows"][0] == {"what": "=HYPERLINK(1)", "many": 3, "share": 0.5, "day": "2018-07-02"}
    assert apples["rows"][1]["share"] is None and apples["rows"][1]["day"] is None
    assert apples["cells"][1][1:] == ["-5", "–", "–"]
    assert set(apples["files"]) == {"data", "page", "narrow", "print", "spec", "narrow-spec"}
    assert set(found["tbl-pears"]["files"]) == {"data"}
    for entry in found.values():
        for path in entry["files"].values():
            assert (project.root / path).is_file()
    assert json.loads((project.root / apples["files"]["spec"]).read_text())["datasets"]


def test_page_and_narrow_pictures_share_no_id(project):
    narrow = alt.Chart(FRAME).mark_bar().encode(x="many:Q", y="what:N").properties(width=340)
    write(project, "1", cell("fig-a", figure(narrow=narrow)), cell("fig-b", figure()))
    found = collect_figures(project)
    pictures = [
        found["fig-a"]["files"]["page"],
        found["fig-a"]["files"]["narrow"],
        found["fig-b"]["files"]["page"],
    ]
    ids = []
    for picture in pictures:
        root = parse((project.root / picture).read_text())
        ids += [element.get("id") for element in root.iter() if element.get("id")]
        assert all(name in ids for name in root.get("aria-labelledby").split())
    assert len(ids) == len(set(ids)) == 6


def test_collecting_twice_gives_the_same_bytes(project):
    write(project, "1", cell("fig-a", figure()), cell("tbl-b", Table(FRAME, caption="All.")))
    collect_figures(project)
    first = tree(project.build)
    shutil.rmtree(project.build)
    collect_figures(project)
    assert tree(project.build) == first
    assert str(project.root).encode() not in b"".join(first.values())


def test_what_a_notebook_no_longer_makes_is_removed(project):
    write(project, "1", cell("fig-a", figure()), cell("fig-b", figure(narrow=alt.Chart(FRAME).mark_bar())))
    collect_figures(project)
    assert (project.build / "figures" / "fig-b" / "page-narrow.svg").is_file()
    write(project, "1", cell("fig-b", figure()))
    collect_figures(project)
    assert sorted(path.name for path in (project.build / "figures").iterdir()) == ["fig-b"]
    assert not (project.build / "figures" / "fig-b" / "page-narrow.svg").exists()


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written(project):
    write(project, "1", cell("fig-a", figure()))
    collect_figures(project)
    before = tree(project.build)
    write(
        project,
        "1",
        cell("fig-a"),
        cell("tbl-b"),
        cell("fig-c", figure(sources=["nightly"])),
        cell("fig-d", figure()),
    )
    with pytest.raises(Fault) as caught:
        collect_figures(project)
    said = str(caught.value)
    assert (
        "notebooks/1.ipynb:code cell 1 (fig-a): the cell is labeled, but its output holds no figure" in said
    )
    assert "notebooks/1.ipynb:code cell 2 (tbl-b): the cell is labeled, but its output holds no table" in said
    assert "notebooks/1.ipynb:code cell 3 (fig-c): no such source ('nightly')" in said
    assert tree(project.build) == before


def test_a_table_under_a_figures_label_is_refused(project):
    write(project, "1", cell("fig-a", Table(FRAME, caption="All.")))
    with pytest.raises(Fault, match=r"fig-a.*no figure.*Figure\(\.\.\.\)"):
        collect_figures(project)


def test_a_label_used_twice_names_both_cells(project):
    write(project, "1", cell("fig-a", figure()))
    write(project, "2", cell("fig-a", figure()))
    with pytest.raises(Fault, match=r"notebooks/2\.ipynb.*notebooks/1\.ipynb, code cell 1"):
        collect_figures(project)


def test_an_output_of_an_older_version_is_not_published(project):
    old = cell("fig-a", figure())
    (mime,) = [mime for mime in old.outputs[0].data if mime.endswith("figure+json")]
    del old.outputs[0].data[mime]["cells"]
    write(project, "1", old)
    with pytest.raises(Fault, match=r"fig-a.*older version.*Run the notebook"):
        collect_figures(project)


def test_a_picture_that_was_tampered_with_is_refused_where_it_stands(project):
    bad = cell("fig-a", figure())
    data = bad.outputs[0].data
    data["image/svg+xml"] = data["image/svg+xml"].replace("</svg>", "<script>alert(1)</script></svg>")
    write(project, "1", bad)
    with pytest.raises(Fault, match=r"notebooks/1\.ipynb:code cell 1 \(fig-a\).*script"):
        collect_figures(project)


def test_hostile_data_stay_data_everywhere(project):
    write(project, "1", cell("fig-a", figure(takeaway="<script>alert(1)</script>")))
    found = collect_figures(project)["fig-a"]["files"]
    for kind in ("page", "print"):
        text = (project.root / found[kind]).read_text()
        assert "<script" not in text and "&lt;script&gt;" in text
    rows = list(csv.DictReader((project.root / found["data"]).open(encoding="utf-8", newline="")))
    assert rows[0] == {"what": "'=HYPERLINK(1)", "many": "3", "share": "0.5", "day": "2018-07-02"}
    assert rows[1] == {"what": FRAME["what"][1], "many": "-5", "share": "", "day": ""}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_a_spreadsheet_would_run_is_defused(start):
    defused = start.replace("\r", "\n")
    assert spreadsheet_safe(f"{start}1+1") == f"'{defused}1+1"
    columns = [{"name": f"{start}x", "title": "x", "type": "string"}]
    (row,) = csv.reader(io.StringIO(to_csv(columns, []), newline=""))
    assert row == [f"'{defused}x"]


def test_plain_text_and_numbers_are_left_as_they_are():
    columns = [{"name": name, "title": name, "type": "any"} for name in "abcd"]
    rows = [{"a": "29 people", "b": -7, "c": -0.5, "d": True}]
    assert to_csv(columns, rows) == "a,b,c,d\n29 people,-7,-0.5,true\n"


def plain(inlines):
    parts = {"Space": lambda _: " ", "Str": str, "Quoted": lambda held: f'"{plain(held[1])}"'}
    return "".join(parts[inline["t"]](inline.get("c")) for inline in inlines)


def test_markdown_of_hostile_cells_is_one_row_of_plain_text():
    pypandoc = pytest.importorskip("pypandoc")
    hostile = '<b>&amp;|*x* _y_ `z` [l](u) $m$ @cite ^s~ \n# {{< var x >}} \\ a--b... "q"'
    table = Records(pd.DataFrame({"a": [hostile], "b": [1]})).to_markdown()
    read = json.loads(pypandoc.convert_text(table, "json", format="markdown"))["blocks"]
    assert [block["t"] for block in read] == ["Table"]
    body = read[0]["c"][4][0][3]
    assert len(body) == 1
    inlines = body[0][1][0][4][0]["c"]
    assert {inline["t"] for inline in inlines} <= {"Str", "Space", "Quoted"}
    text = plain(inlines)
    assert text.translate({0x201C: '"', 0x201D: '"'}) == " ".join(hostile.split())
    assert escape_markdown("a\nb") == "a b"


def test_words_of_a_cell_lead_to_an_address():
    frame = pd.DataFrame({"who": ["a", "b"], "url": ["https://e.org/#:~:text=x", None]})
    table = Table(frame, caption="c", columns={"who": "Who"}, links={"who": "url"})
    assert table.to_dict()["links"] == [{"who": "https://e.org/#:~:text=x"}, {}]
    assert "| [a](<https://e.org/#:~:text=x>) |\n| b |" in table._repr_mimebundle_()["text/markdown"]


@pytest.mark.parametrize("address", ["javascript:x()", "//e.org", "https://e.org/a b", "https://e.org/>"])
def test_only_web_addresses_become_links(address):
    frame = pd.DataFrame({"who": ["a"], "url": [address]})
    with pytest.raises(Fault, match="not a web address"):
        Table(frame, caption="c", links={"who": "url"})


@pytest.mark.parametrize("links, what", [({"no": "url"}, "not shown"), ({"who": "no"}, "no such column")])
def test_links_on_columns_that_are_not_there_are_refused(links, what):
    frame = pd.DataFrame({"who": ["a"], "url": ["https://e.org"]})
    with pytest.raises(Fault, match=what):
        Table(frame, caption="c", columns={"who": "Who"}, links=links)


def addresses(frame: pd.DataFrame, **settings) -> list[str]:
    """Return the ids of the rows of a table that shows a frame's words."""
    table = Table(frame, caption="c", columns={"words": "Words"}, **settings)
    return exhibits.row_ids({"label": "tbl-a"} | table.to_dict())


def test_the_address_of_a_row_with_a_key_stays_when_its_words_are_edited():
    frame = pd.DataFrame({"words": ["Apples", "Pears", "Plums"], "fact_id": ["F_1", "f2", "f3"]})
    edited = frame.assign(words=["Cooking apples", "Plums", "Pears"])
    assert addresses(frame, key="fact_id") == ["tbl-a.f-1", "tbl-a.f2", "tbl-a.f3"]
    assert addresses(edited, key="fact_id") == addresses(frame, key="fact_id")
    assert addresses(edited) != addresses(frame)
    # Another row, or another order, changes none.
    more = pd.concat([frame.iloc[[2]], pd.DataFrame({"words": ["Figs"], "fact_id": ["f0"]}), frame.iloc[:2]])
    assert addresses(more, key="fact_id") == ["tbl-a.f3", "tbl-a.f0", "tbl-a.f-1", "tbl-a.f2"]


def test_rows_with_the_same_key_or_none_have_addresses_of_their_own():
    frame = pd.DataFrame(
        {
            "words": ["Apples", "Pears", "Plums", "Figs", "Nuts"],
            "a": ["x", "x", "x", None, "x-2"],
            "b": ["1", "1", "1", None, None],
        }
    )
    assert addresses(frame, key=["a", "b"]) == [
        "tbl-a.x-1",
        "tbl-a.x-1-2",
        "tbl-a.x-1-3",
        "tbl-a.figs",
        "tbl-a.x-2",
    ]
    assert addresses(frame, key="a") == ["tbl-a.x", "tbl-a.x-2", "tbl-a.x-3", "tbl-a.figs", "tbl-a.x-2-2"]
    with pytest.raises(Fault, match="no such column"):
        addresses(frame, key="c")


def test_tables_show_what_they_are_told_to():
    table = Table(
        pd.DataFrame({"name": ["York", "Essex"], "adp": [690.1, None], "n": [1200, 3], "skip": [1, 2]}),
        caption="Two.",
        columns={"name": "Facility", "adp": "Average", "n": "Beds"},
        formats={"n": "{:,}"},
        missing="no figure",
    )
    bundle = table._repr_mimebundle_()
    assert "text/html" not in bundle
    assert bundle["text/plain"] == "Two. (2 rows)"
    assert bundle["text/markdown"].split("\n") == [
        "| Facility | Average | Beds |",
        "| :--- | ---: | ---: |",
        "| York | 690.1 | 1,200 |",
        "| Essex | no figure | 3 |",
    ]
    with pytest.raises(Fault, match="caption"):
        Table(FRAME, caption="")


def test_files_are_the_same_in_whatever_order_a_notebook_has_its_keys(project):
    def turned(node):
        if isinstance(node, dict):
            return {key: turned(node[key]) for key in reversed(node)}
        return [turned(one) for one in node] if isinstance(node, list) else node

    narrow = alt.Chart(FRAME).mark_bar().encode(x="many:Q", y="what:N").properties(width=340)
    write(project, "1-apples", cell("fig-apples", figure(narrow=narrow)))
    collect_figures(project)
    before = tree(project.build / "figures")
    path = project.notebooks / "1-apples.ipynb"
    path.write_text(json.dumps(turned(json.loads(path.read_text()))))
    # What was made of the same outputs is not made again.
    figures._texts_of_outputs.clear()
    collect_figures(project)
    assert tree(project.build / "figures") == before
