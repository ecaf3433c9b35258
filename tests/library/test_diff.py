"""``explainer diff``: exactly what an edit does to the report, and nothing that readers cannot see."""

from __future__ import annotations

import json
import shutil

import lxml.html
import pytest

import mini
from differences import commit, git, parts, titles
from explainer.diff import blocks, compare, make, sides
from explainer.diff.facts import corroboration, values
from explainer.diff.figures import figures
from explainer.diff.model import Difference, Item, Pictures, Section, TextChange
from explainer.diff.prose import prose
from explainer.diff.report_html import as_html
from explainer.diff.report_markdown import as_markdown
from explainer.diff.report_text import as_text
from explainer.diff.rows import rows
from explainer.diff.words import marks
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain, start

HOSTILE = '<script>alert("1")</script> [a](https://evil.example) *b* @all \x1b[31m'


@pytest.fixture(scope="module")
def committed(rendered, tmp_path_factory) -> Project:
    """Return the little project, run and committed; copy it before a change."""
    project = mini.copy_of(rendered, tmp_path_factory.mktemp("diff") / "mini")
    shutil.rmtree(project.report)
    commit(project)
    return project


@pytest.fixture
def project(committed, tmp_path) -> Project:
    """Return a copy of it that a test may edit."""
    return mini.copy_of(committed, tmp_path / "mini")


def test_shows_exactly_the_planted_changes(project):
    facts = project.data / "article" / "facts.csv"
    mini.edit(facts, *mini.SOLD_31)
    mini.edit(facts, "visitors,2,count,Visitors,1200,stated,,1200 visitors,,,visitors,,,,\n", "")
    mini.edit(
        facts,
        "on Friday,,,,,,,\n",
        "on Friday,,,,,,,\nwarden,3,person,A warden,Warden,stated,,the warden,,,,,,,\n",
    )
    mini.edit(project.index, "It's no list when", "It is no list when")
    mini.edit(
        project.notebooks / "2-stalls.ipynb",
        *[f'caption=\\"Stalls in {which} row.\\"' for which in ("each", "every")],
    )
    with (project.data / "sources" / "sources.csv").open("a", encoding="utf-8") as file:
        file.write("gazette,Gazette,The last crates,https://example.org/g,2031-05-11,news,Gazette,,\n")
    with (project.data / "sources" / "corroboration.csv").open("a", encoding="utf-8") as file:
        file.write("F01_apples,gazette,apples,,same,,29,29,false,own,,,\n")
    before = mini.snapshot(project.data) | mini.snapshot(project.notebooks)

    found = compare.diff(project, "HEAD", say=lambda line: None)

    assert titles(found) == {
        "Facts": [("changed", "apples"), ("added", "warden"), ("removed", "visitors")],
        "Prose": [
            ("changed", "The top of the page"),
            ("changed", "The fair, 31 crates later"),
            ("changed", "Who sold what"),
            ("changed", "Footnotes"),
        ],
        "Charts": [("changed", "fig-crates"), ("changed", "fig-stalls")],
        "Tables in the report": [("changed", "tbl-growers")],
        "Who else reported it": [("changed", "apples")],
        "Values": [("changed", "crates.sold"), ("changed", "crates.all")],
        "Data": [("added", "gazette"), ("added", "F01_apples, gazette, 29")],
        "Notebooks": [("changed", "notebooks/2-stalls.ipynb")],
    }
    link = "https://example.org/fair#:~:text=sold%2029%20crates"
    assert parts(found, "Facts", "apples") == [
        ("as_printed", "29", "31"),
        ("exact", "sold 29 crates", "sold 31 crates"),
        ("link to its words", link, link.replace("29", "31")),
    ]
    assert parts(found, "Prose", "Who sold what") == [
        (
            "",
            "Counts are approximate: twenty-nine is what growers said (Valley Echo, May 10, 2031).",
            "Counts are approximate: thirty-one is what growers said (Valley Echo, May 10, 2031).",
        )
    ]
    lines = "It’s no list when a line begins with a number and a stop, like 29."
    told = ("", lines, lines.replace("It’s", "It is").replace("29", "31"))
    assert told in parts(found, "Prose", "The fair, 31 crates later")
    alt = 'Bars: 29, 7 and 1,200 crates, the last "the most".'
    assert parts(found, "Charts", "fig-crates") == [
        ("alt", alt, alt.replace("29", "31")),
        ("row O'Neill <Sons> & Co, Crates", "29", "31"),
    ]
    assert parts(found, "Charts", "fig-stalls") == [
        ("caption", "Stalls in each row.", "Stalls in every row.")
    ]
    assert parts(found, "Who else reported it", "apples") == [
        ("badge", "also reported by 1; differs: the count", "also reported by 2; differs: the count"),
        ("", None, "Same: Gazette, May 11, 2031: 29 (own reporting)"),
    ]
    assert mini.snapshot(project.data) | mini.snapshot(project.notebooks) == before


def test_other_order_and_other_quoting_are_no_change(project):
    for name in ("article/facts.csv", "sources/sources.csv", "sources/corroboration.csv", "published.csv"):
        path = project.data / name
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\r\n".join([header, *reversed(lines)]) + "\r\n", encoding="utf-8")
    mini.edit(
        project.data / "article" / "facts.csv", "growers,sold 29 crates,", '"growers","sold 29 crates",'
    )

    done = start(project, "diff")

    assert (done.returncode, done.stdout) == (0, "No change to the report.\n")


def test_a_moved_date_is_told_where_it_stands(project):
    mini.edit(project.notebooks / "1-crates.ipynb", *[f'Timestamp(\\"2031-05-0{day}' for day in (9, 8)])
    days = [f"{day},stated,,on {day}," for day in ("Friday", "Thursday")]
    mini.edit(project.data / "article" / "facts.csv", *days)

    found = compare.diff(project, "HEAD", say=lambda line: None)

    assert parts(found, "Values", "fair.day")[0] == ("value", "May 9, 2031", "May 8, 2031")
    line = "The fair closed on Friday, May 9, 2031, after 29 crates were sold."
    assert parts(found, "Prose", "The fair, 29 crates later") == [
        ("", line, line.replace("Friday, May 9", "Thursday, May 8"))
    ]


def test_a_side_whose_runs_are_current_is_not_run_again(project):
    mini.edit(project.index, "It's no list when", "It is no list when")

    first, second = explain(project, "diff"), explain(project, "diff", "HEAD", "--format", "markdown")

    assert "Making the report of HEAD" in first.stderr
    assert "Running" not in first.stderr
    assert "Prose: 1 changed" in first.stdout
    assert second.stderr == ""
    assert "<del>It’s</del><ins>It is</ins> no list when a line" in second.stdout


def test_formats_and_folders(project, tmp_path):
    other = mini.copy_of(project, tmp_path / "other")
    mini.edit(other.index, "It's no list when", "It is no list when")

    page = explain(project, "diff", "HEAD", "--to", str(other.root), "--output", "changes.html")
    back = explain(project, "diff", str(other.root), "--to", "HEAD")

    assert page.stdout == "Written: changes.html\n"
    html = (project.root / "changes.html").read_text(encoding="utf-8")
    assert lxml.html.document_fromstring(html.encode()).findtext(".//h2") == "Prose"
    assert "[-It is-]{+It’s+} no list when a line" in back.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["no-such"], 1, "there is no such revision, and no such folder ('no-such')"),
        (["HEAD", "--to", "data"], 1, "data: this folder is no project: it has no _quarto.yml"),
        (["--format", "pdf"], 2, "'pdf' is not one of text, markdown, html"),
        (["HEAD", "HEAD", "HEAD"], 2, "unexpected extra argument"),
        (["--output=--exec"], 0, "Written: --exec"),
        (["--", "--exec=ls"], 1, "there is no such revision, and no such folder ('--exec=ls')"),
    ],
)
def test_wrong_sides_are_said_plainly(committed, arguments, code, said):
    done = explain(committed, "diff", *arguments)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    (committed.root / "--exec").unlink(missing_ok=True)


def test_without_git_a_folder_is_asked_for(tmp_path):
    project = mini.make(tmp_path / "mini")
    with pytest.raises(Fault, match="this project is in no git checkout"):
        sides.side(project, "HEAD")
    git(project, "init", "--quiet")
    with pytest.raises(Fault, match="nothing is committed yet"):
        sides.side(project, "HEAD")


def test_a_revision_without_a_report_is_refused(tmp_path):
    project = mini.make(tmp_path / "mini")
    project.index.rename(tmp_path / "index.qmd")
    commit(project)
    with pytest.raises(Fault, match=r"there is no report in HEAD: it has no index\.qmd"):
        sides.side(project, "HEAD")


def test_a_project_below_the_top_of_its_checkout_is_found(tmp_path):
    project = mini.make(tmp_path / "story" / "mini")
    commit(Project(tmp_path))
    assert sides.at_revision(project, "HEAD").keys() == sides.in_folder(project.root).keys()


def test_faults_of_the_other_side_bear_its_name(project):
    mini.edit(project.data / "article" / "facts.csv", "apples,3,count", "apples,three,count")
    git(project, "commit", "--quiet", "--all", "--message", "A slip")
    git(project, "checkout", "--quiet", "HEAD~1", "--", ".")

    done = explain(project, "diff")

    assert done.returncode == 1
    assert "HEAD:data/article/facts.csv:4:paragraph: " in done.stderr


def test_rows_are_told_apart_by_their_keys():
    was = [{"id": "a", "n": "1"}, {"id": "b", "n": "2"}, {"id": "c", "n": ""}]
    now = [{"id": "c", "n": ""}, {"id": "d", "n": "4"}, {"id": "a", "n": "9"}]
    found = [(change.how, change.key, change.parts) for change in rows(was, now, ["id"])]
    assert found == [
        ("added", ("d",), (TextChange("id", None, "d"), TextChange("n", None, "4"))),
        ("changed", ("a",), (TextChange("n", "1", "9"),)),
        ("removed", ("b",), (TextChange("id", "b", None), TextChange("n", "2", None))),
    ]


def test_rows_with_one_name_take_further_columns_as_their_key():
    was = [{"who": "x", "day": "1", "n": "1"}, {"who": "x", "day": "2", "n": "2"}]
    now = [{"who": "x", "day": "2", "n": "3"}, {"who": "x", "day": "1", "n": "4"}]
    assert [(change.key, change.parts) for change in rows(was, now, ["who"])] == [
        (("x", "2"), (TextChange("n", "2", "3"),)),
        (("x", "1"), (TextChange("n", "1", "4"),)),
    ]


def test_a_row_that_stands_twice_and_then_once_is_removed():
    assert [change.how for change in rows([{"a": "1"}, {"a": "1"}], [{"a": "1"}], [])] == ["removed"]


def test_sentences_are_paired_and_their_words_marked():
    was = [["Top", "One stays. Two crates were sold there. Three goes away entirely now."]]
    now = [["Top", "One stays. Nine crates were sold there."], ["Top", "A paragraph that is wholly new."]]
    (item,) = prose(was, now)
    assert (item.title, item.parts) == (
        "Top",
        (
            TextChange("", "Two crates were sold there.", "Nine crates were sold there."),
            TextChange("", "Three goes away entirely now.", None),
            TextChange("", None, "A paragraph that is wholly new."),
        ),
    )
    assert marks("Two crates were sold.", "Nine big crates were sold.") == [
        ("removed", "Two"), ("added", "Nine big"), ("same", " crates were sold."),
    ]  # fmt: skip


def test_blocks_are_what_readers_see():
    page = b"""<html><body><header>No</header><main><h1>Top</h1><p>Some <a href="#">linked</a> words
      <button class="badge">2 confirm</button><span class="opens">hidden</span>, and more.</p>
      <ul><li>One<ul><li>Two</li></ul></li></ul>
      <figure class="exhibit" id="fig-a"><svg><text>9</text></svg></figure>
      <h2>Next</h2><div>Bare <b>text</b></div></main></body></html>"""
    assert blocks.blocks(page) == [
        ["", "Top"],
        ["Top", "Some linked words, and more."],
        ["Top", "One"],
        ["Top", "Two"],
        ["Top", "[fig-a]"],
        ["Top", "Next"],
        ["Next", "Bare text"],
    ]


def test_a_drawing_is_the_same_whatever_the_order_of_its_rows():
    def spec(rows: list[int], mark: str = "bar") -> str:
        values = [{"n": number} for number in rows]
        name = f"data-{rows[0]}"
        return json.dumps({"mark": mark, "data": {"name": name}, "datasets": {name: values}, "sort": [2, 1]})

    assert make.drawing(spec([1, 2])) == make.drawing(spec([2, 1]))
    assert make.drawing(spec([1, 2])) != make.drawing(spec([1, 3]))
    assert make.drawing(spec([1, 2])) != make.drawing(spec([1, 2], "line"))


def test_a_chart_that_is_only_drawn_otherwise_is_shown_with_both_pictures():
    entry = {
        "kind": "fig", "takeaway": "T", "caption": "C", "alt": "A", "note": "", "sources": [], "links": [],
        "columns": [{"name": "n", "title": "N"}], "cells": [["1"]], "picture": "<svg>1</svg>", "drawing": "x",
    }  # fmt: skip
    (item,) = figures({"fig-a": entry}, {"fig-a": entry | {"picture": "<svg>2</svg>", "drawing": "y"}}, "fig")
    assert item == Item(
        "changed", "fig-a", "T; only its drawing", (), Pictures(("<svg>1</svg>", "A"), ("<svg>2</svg>", "A"))
    )
    assert figures({"fig-a": entry}, {"fig-a": entry | {"picture": "<svg>2</svg>"}}, "fig") == []
    assert [item.how for item in figures({}, {"fig-a": entry}, "fig")] == ["added"]


def test_values_and_badges_that_come_and_go():
    value = {"shown": "29", "status": "stated", "derivation": "read"}
    assert [item.how for item in values({"a": value}, {"b": value})] == ["added", "removed"]
    said = {"subject": "S", "account": {"label": "not found elsewhere", "first": "", "questions": []}}
    assert corroboration({"f": {"subject": "S"}}, {"f": said}) == [
        Item("changed", "f", "S", (TextChange("badge", None, "not found elsewhere"),))
    ]


@pytest.fixture
def hostile() -> Difference:
    """Return a difference in which every text is out to break the page."""
    item = Item(
        "changed",
        HOSTILE,
        HOSTILE,
        (TextChange(HOSTILE, "29", HOSTILE), TextChange("", None, HOSTILE), TextChange("", HOSTILE, None)),
        Pictures((f"<svg>{HOSTILE}</svg>", HOSTILE), None),
    )
    return Difference(HOSTILE, "b", (Section("Facts", (item,)),))


def test_hostile_text_is_text_in_html(hostile):
    html = as_html(hostile)
    tree = lxml.html.document_fromstring(html.encode())
    assert tree.xpath("//script | //a[not(starts-with(@href, '#'))] | //*[@onerror]") == []
    assert {image.get("src")[:26] for image in tree.iter("img")} == {"data:image/svg+xml;base64,"}
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    ]
    assert tree.findtext(".//title") == (
        'From <script>alert("1")</script> [a](https://evil.example) *b* @all \\x1b[31m to b'
    )
    assert "\x1b" not in html


def test_hostile_text_is_text_in_markdown(hostile):
    text = as_markdown(hostile)
    told = 'From &lt;script&gt;alert\\("1"\\)&lt;/script&gt; \\[a\\]\\(https\\://evil.example\\) '
    assert text.startswith(f"# {told}\\*b\\* @<!-- -->all \\\\x1b\\[31m to b\n")
    assert "<script" not in text


def test_hostile_text_does_not_steer_the_terminal(hostile):
    assert "\x1b" not in as_text(hostile)
    assert "\\x1b[31m" in as_text(hostile)


def test_colour_only_where_it_is_asked_for():
    found = Difference(
        "a", "b", (Section("Facts", (Item("changed", "f", "", (TextChange("n", "29", "31"),)),)),)
    )
    assert as_text(found) == "From a to b\n\nFacts: 1 changed\n  ~ f\n      n: 29 → 31\n"
    assert "\x1b[31m29\x1b[0m → \x1b[32m31\x1b[0m" in as_text(found, color=True)
    assert as_text(Difference("a", "b", ())) == "No change to the report.\n"
