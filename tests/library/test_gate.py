"""The number gate finds every number that no table accounts for, and says where it stands."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest

import mini
from explainer.notebooks.ipynb import read
from explainer.report import shortcodes
from explainer.system.project import Project
from explainer.verify import markdown, prose
from explainer.verify.numbers import check as gate
from explainer.verify.numbers import tokens
from explainer.verify.numbers.hardcoded import find_hardcoded_numbers
from explainer.verify.numbers.known import KnownNumbers


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("29 people", ["29"]),
        ("Twenty-nine people", ["29"]),
        ("1,685 facilities and 690.10 a day", ["1685", "690.1"]),
        ("on Friday, July 27, 2018", ["Friday", "July", "27", "2018"]),
        ("Fri Jul 27", ["Friday", "July", "27"]),
        ("by 3:30 p.m.", ["3:30"]),
        ("2018-07-02", ["2018-07-02"]),
        ("in the 1990s, on the 3rd", ["1990", "3"]),
        ("a dozen, five hundred", ["dozen", "5", "hundred"]),
        ("two-thirds of them", ["2", "3"]),
        ("the third camp and the sixth", ["3", "6"]),
        ("half of them, twice", ["half", "2"]),
        ("hundreds, thousands, dozens", ["hundred", "thousand", "dozen"]),
        ("a couple of weeks, a score of people, a pair", ["2", "score", "2"]),
        ("a twenty-nine-year-old", ["29"]),
        ("nineteen-eighty", ["19", "80"]),
        ("fifty-odd people in their nineties", ["50", "90"]),
        ("7/27", ["7", "27"]),
        ("mid-October", ["October"]),
        ("IN OCTOBER, on sunday", ["October", "Sunday"]),
        ("at 5pm, 1.5m of them", ["5", "1.5"]),
        ("PARS-53, Q3, F01 and wtf2go", ["53", "3", "1", "2"]),
        ("-7 and +8", ["7", "8"]),
        ("Part XIV, Title II", ["XIV", "II"]),
        ("½ of them, ３ more and ①", ["1\u20442", "3", "1"]),
        ("notes 3,4 and 2018-07", ["3", "4", "2018", "7"]),
        ("twenty\u2011nine", ["29"]),
        ("the first arrest, a second one, July first", ["1", "2", "1", "July", "1"]),
        ("who first asked, at first, second to none", []),
        ("one arrest", ["1"]),
        ("no one, this one, one another, one of them", []),
        ("it may march on", []),
        ("March was wet. May was not.", []),
        ("a wet March, in MAY, may 3", ["March", "May", "May", "3"]),
        ("Sat and Sun", ["Saturday", "Sunday"]),
        ("they sat in the sun and dec", []),
        ("someone, often, weight, I, DC, MD, ICE", []),
        ("see https://example.org/a-487568651.html", []),
    ],
)
def test_numbers_are_found_however_they_are_written(text, keys):
    assert [token.key for token in tokens.find(text)] == keys


def test_a_day_is_also_known_by_its_parts():
    assert tokens.keys("2018-07-02") == {"2018-07-02", "2018", "July", "2", "Monday"}


CODE = """#| label: fig-x
frame = rows[rows["date"] > "2018-07-03"]
assert len(frame) == 4, "there are 9 days"
count, room = 35, 44
scale = room + 1
draw(frame, title="Up to 9 days", slug="july-9", top="12")
f"All {len(frame)} days", f"{count} of them", "9 " + "months", f"{ {'a': 8} }", "May"
"""
KNOWN = KnownNumbers(
    facts={"count": frozenset({"29"})},
    figures={"fig-x": frozenset({"4", "July", "35", "9", "12", "2018-07-03", "May"})},
    drawn={"fig-x": frozenset({"500", "17"})},
    exceptions=("one more thing", "never printed 3"),
)
SOURCE = """---
title: x
description: "About {{{{< var d >}}}} arrests"
---

## Arrests

Of {{{{< var d >}}}} days, {prose}.
[{fact} people]{{.fact ref="count"}}
were held (@fig-x; [{affix} @post]),
and one more thing.

Then it rained.

{{{{< embed notebooks/1-x.ipynb#fig-x >}}}}
"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg"><title>t</title><desc>In {alt}</desc>'
    '<g class="axis"><text>500</text><text>{axis}</text></g><text>{drawn}</text></svg>'
)
FINE = {
    "prose": "it rained",
    "fact": "29",
    "affix": "see",
    "takeaway": "4",
    "alt": "July",
    "axis": "Days left",
    "drawn": "4",
    "note": "July",
    "heading": "Days",
}


@pytest.fixture
def project(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "1-x.ipynb")
    return Project(tmp_path)


def figure(words):
    """Return what figures.json says of the one figure."""
    return {
        "notebook": "notebooks/1-x.ipynb",
        "takeaway": f"All {words['takeaway']} days",
        "caption": "c",
        "alt": f"In {words['alt']}",
        "note": f"Up to {words['note']}.",
        "sources": [{"id": "post", "text": "Post, May 9", "url": "x"}],
        "columns": [{"name": "days", "title": words["heading"]}],
        "cells": [["35"]],
        "files": {"page": "_build/figures/fig-x/page.svg"},
    }


def faults(project, monkeypatch, known=KNOWN, source=SOURCE, **changed):
    words = FINE | changed
    mini.write(project.index, source.format(**words))
    mini.write(project.build / "figures" / "fig-x" / "page.svg", SVG.format(**words))
    return gate.find_typed_numbers(project, known, {"fig-x": figure(words)}, {"d": "35"})


def test_a_page_written_by_tables_passes_but_for_an_idle_exception(project, monkeypatch):
    (idle,) = faults(project, monkeypatch)
    assert (idle.file, idle.value) == ("data/exceptions.csv", "never printed 3")


@pytest.mark.parametrize(
    ("where", "words", "file", "row"),
    [
        ("prose", "it took 12 hours", "index.qmd", 8),
        ("prose", "it took twelve hours", "index.qmd", 8),
        ("prose", "it rained on Monday", "index.qmd", 8),
        ("prose", "[47 arrests](#fig-x) followed", "index.qmd", 8),
        ("prose", "there were `47`", "index.qmd", 8),
        ("prose", '[it](x "of 47") rained', "index.qmd", None),
        ("prose", '[it]{aria-label="of 47"} rained', "index.qmd", None),
        ("prose", "![of 47](x) rained", "index.qmd", 8),
        ("fact", "31", "index.qmd", 9),
        ("affix", "see 47 more", "index.qmd", None),
        ("takeaway", "5", "notebooks/1-x.ipynb, fig-x", None),
        ("takeaway", "twenty-seven", "notebooks/1-x.ipynb, fig-x", None),
        ("alt", "June", "notebooks/1-x.ipynb, fig-x", None),
        ("drawn", "77", "notebooks/1-x.ipynb, fig-x", None),
        ("drawn", "17 here", "notebooks/1-x.ipynb, fig-x", None),
        ("axis", "Days of 2017", "notebooks/1-x.ipynb, fig-x", None),
        ("note", "200", "notebooks/1-x.ipynb, fig-x", None),
        ("heading", "Days of 2017", "notebooks/1-x.ipynb, fig-x", None),
    ],
)
def test_a_number_typed_by_hand_is_found_wherever_it_stands(project, monkeypatch, where, words, file, row):
    fault, idle = faults(project, monkeypatch, **{where: words})
    assert (fault.file, fault.row) == (file, row)
    assert idle.file == "data/exceptions.csv"
    assert any(token.text in str(fault) for token in tokens.find(words))
    assert "\ufffc" not in str(fault)


@pytest.mark.parametrize(("where", "words"), [("drawn", "17"), ("axis", "Jul 9"), ("axis", "1,000 m")])
def test_ticks_and_numbers_that_a_chart_draws_from_its_data_pass(project, monkeypatch, where, words):
    assert len(faults(project, monkeypatch, **{where: words})) == 1


@pytest.mark.parametrize(
    ("where", "words", "line"),
    [
        ("drawn", "Up to 9 days", 6),
        ("note", "9 months", 7),
        ("takeaway", "35 of them", 7),
        ("drawn", "12", 6),
        ("heading", "May", 7),
    ],
)
def test_a_number_typed_into_a_figure_is_found_although_its_frame_has_it(
    project, monkeypatch, where, words, line
):
    fault, _ = faults(project, monkeypatch, **{where: words})
    assert (fault.file, fault.column) == ("notebooks/1-x.ipynb", f"code cell 1 (fig-x), line {line}")
    assert "is typed into the code and printed in fig-x" in str(fault)


def test_strings_that_select_rows_and_messages_are_not_typed_words(project):
    found = find_hardcoded_numbers(read(project.root / "notebooks" / "1-x.ipynb", project))
    text = "after July 3, 2018, there are 9 rows and 44 more"
    assert not [token for token in tokens.find(text) for one in found if one.is_printed(text, token, "fig-x")]


def test_the_description_is_read_where_its_variables_can_be_seen(project, monkeypatch):
    fault, _ = faults(project, monkeypatch, source=SOURCE.replace("} arrests", "} of 35 arrests"))
    assert (fault.file, fault.row, fault.column) == ("index.qmd", 3, "description")
    assert "'35' traces to no table" in str(fault)


def test_a_word_that_ends_a_sentence_and_stands_elsewhere_is_found_in_its_line(project, monkeypatch):
    prose = "it rained.\nIt ended in October.\nIn October it began"
    first, second, _ = faults(project, monkeypatch, prose=prose)
    assert (first.row, second.row) == (9, 10)
    assert "'October' traces to no table" in str(first)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("47 arrests", ["4,321"]),
        ("47 arrests and 4,321 others", []),
        ("4", ["47", "4,321"]),
        ("47", ["47", "4,321"]),
        ("7 arrests", ["47", "4,321"]),
        ("and 4", ["47", "4,321"]),
        ("47 arrest", ["47", "4,321"]),
        ("7 arrests and 4,321", ["47", "4,321"]),
    ],
)
def test_an_exception_covers_whole_numbers_between_whole_words(project, monkeypatch, words, left):
    known = replace(KNOWN, exceptions=("one more thing", words))
    found = faults(
        project, monkeypatch, known=known, drawn="17", prose="there were 47 arrests and 4,321 others"
    )
    named = [fault.what.split("'")[1] for fault in found if fault.file == "index.qmd"]
    assert named == left
    assert [fault.value for fault in found if fault.file != "index.qmd"] == (
        [words] if len(left) == 2 else []
    )


def test_an_exception_that_is_a_number_alone_is_for_a_cell_that_is_nothing_else(project, monkeypatch):
    known = replace(KNOWN, exceptions=("one more thing", "47"))
    cells = "| a | b |\n|---|---|\n| 47 | 47 of them |"
    (fault,) = faults(project, monkeypatch, known=known, prose=f"it rained\n\n{cells}\n\nIt")
    assert (fault.file, fault.value) == ("index.qmd", "47 of them")


def test_passages_leave_out_what_is_not_prose():
    source = "See @sec-a 7, @fig-x [@post_0509]. <!-- 8 --> {{< var a.b.n >}}\n\n{{< pagebreak >}}"
    assert numbers_in(source) == ["7"]


def numbers_in(source):
    tree = markdown.to_tree(markdown.read("index.qmd", shortcodes.expand(source))["html"])
    return [token.text for passage in markdown.passages(tree) for token in tokens.find(passage.text)]


@pytest.mark.parametrize(
    "words",
    [
        "[48]{.value}",
        '[48]{.value data-value="a.b.n"}',
        "[48]{.status}",
        "[48]{.number}",
        "[48]{.badge .opens .day .stamp .derivations}",
        "[48]{.corrections}",
        "[48]{.citation}",
        "::: {.references}\n48\n:::",
        "[48](#sec-a){.ref}",
        "[see](#sec-a)[48](#sec-a)",
        "`48`",
        "`48`{.value}",
        "Said [see 48 more, @post].",
        "Said [@post; see @blog, left of 48].",
        "Said [@post and 48 others; @blog].",
        '[it](#sec-a "48 of them")',
        '[it]{title="48 of them"}',
        '[it]{aria-label="48 of them"}',
        '[]{.quarto-shortcode__-escaped data-value="48"}',
        '::: {.callout-note title="Of 48"}\nWords.\n:::',
        "## Of 48",
        "> 48",
        "Term\n:   48",
        "48\n:   Term",
        "    48",
        "| 48\n| lines",
        "Said.[^a]\n\n[^a]: Of 48.",
        "Said *very **48** words*",
        "They said '48' and",
        "$48$",
        "| a |\n|---|\n| 48 |\n\n: A table",
        "| a |\n|---|\n| b |\n\n: Of 48",
    ],
)
def test_a_number_of_the_author_is_read_however_it_is_marked(words):
    assert numbers_in(f"## A {{#sec-a}}\n\n{words}\n\n## Sources\n\n::: {{#refs}}\n:::") == ["48"]


@pytest.mark.parametrize("key", markdown.PRINTED)
def test_front_matter_that_pages_print_is_read(key):
    assert numbers_in(f'---\n{key}: "Of {{{{< var a.n >}}}} and 48"\nother: 47\n---\n\nWords.') == ["48"]


def test_what_quartos_settings_add_to_every_page_is_read(project, monkeypatch):
    mini.write(project.quarto_yml, "project:\n  title: Part 7\nformat:\n  html:\n    toc-depth: 3\n")
    assert len(faults(project, monkeypatch)) == 1
    mini.write(project.quarto_yml, 'format:\n  html:\n    kicker: "{{< var d >}} days, 12 weeks"\n')
    mini.write(project.notebooks / "_metadata.yml", "subtitle: Since 1999\n")
    found = faults(project, monkeypatch)[:-1]
    assert [(one.file, one.what) for one in found] == [
        ("_quarto.yml", "'12' traces to no table"),
        ("notebooks/_metadata.yml", "'1999' traces to no table"),
    ]


def test_facts_of_a_notebook_are_held_to_the_sheet_and_cells_cannot_pose_as_outputs(project, monkeypatch):
    path = project.root / "notebooks" / "1-x.ipynb"
    notebook = nbformat.read(path, as_version=4)
    words = '[29 people]{.fact ref="count"} and [31]{.fact ref="count"}'
    posing = ':::\n\n::: {data-place="x" data-output="yes"}\n48\n:::'
    notebook.cells += [nbformat.v4.new_markdown_cell(words), nbformat.v4.new_markdown_cell(posing)]
    nbformat.write(notebook, path)
    fact, number, _ = faults(project, monkeypatch)
    assert (fact.what, fact.value) == ("these words are not what fact count says", "31")
    assert (fact.file, fact.column) == ("notebooks/1-x.ipynb", "Markdown cell 1")
    assert number.what == "'48' is typed into the text of a notebook"


def test_front_matter_of_a_notebook_is_read(project, monkeypatch):
    path = project.root / "notebooks" / "1-x.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_raw_cell("---\nsubtitle: Of 48\ntoc-depth: 3\n---"))
    nbformat.write(notebook, path)
    fault, _ = faults(project, monkeypatch)
    assert (fault.file, fault.what) == ("notebooks/1-x.ipynb", "'48' is typed into the text of a notebook")


def test_a_page_of_a_thousand_facts_is_read_to_its_end(project, monkeypatch):
    facts = "\n\n".join(['It rained [29 people]{{.fact ref="count"}}'] * 999)
    last = '[31]{{.fact ref="count"}}'
    wrong, _ = faults(project, monkeypatch, source=f"{SOURCE}\n{facts}\n\n{last}\n")
    assert wrong.what == "these words are not what fact count says"


def test_a_number_in_a_storys_own_template_is_found(project, monkeypatch):
    assert len(faults(project, monkeypatch)) == 1
    template = mini.own_theme_file(project, "page.html")
    mini.edit(template, "Skip to the text", "Skip 9 lines")
    mini.edit(template, 'aria-label="Contents"', 'aria-label="Contents of 8"')
    paper = mini.own_theme_file(project, "report.typ")
    mini.edit(paper, "[ The sign names", "[ In 1999, the sign names")
    found = [(one.file, one.value) for one in faults(project, monkeypatch)[:-1]]
    assert found == [
        ("theme/page.html", "Skip 9 lines"),
        ("theme/page.html", "Contents of 8"),
        ("theme/report.typ", " In 1999, the sign names the speaker where that is another than before."),
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a\n\n```{=typst}\n35 people in October\n```\n", 3),
        ("a\n\n  ~~~ {=html}\n35\n  ~~~\n", 3),
        ("in `35`{=typst} days", 1),
        ("---\ntitle: in `35`{=html}\n---\n", 2),
        ('<b class="value">47</b>', 1),
        ("<span>47</span>", 1),
        ("a\n</main>", 2),
    ],
)
def test_what_only_one_of_page_and_paper_would_print_is_refused(text, row):
    first, *_ = prose._raw(text, "index.qmd")
    assert (first.file, first.row) == ("index.qmd", row)
    assert first.what == "only the page or only the PDF would print this"


@pytest.mark.parametrize(
    "text",
    [
        "`` `35`{=typst} `` is shown",
        "```\n<b>shown</b> `z`{=html}\n```",
        "<https://example.org> and a < b > c",
        "<!-- a <b>remark</b> -->",
        "[29]{.fact ref=a} and `code`{.python}",
    ],
)
def test_code_that_is_shown_is_not_refused(text):
    assert not list(prose._raw(text, "index.qmd"))


TEXTS = {"title": "The working", "words": "Counted from", "sentence": "There were 50 left."}
TABLE = "| a |\n|---|\n| july-9 and 35 |"


def faults_in_notebook(project, monkeypatch, **changed):
    path = project.root / "notebooks" / "1-x.ipynb"
    notebook = nbformat.read(path, as_version=4)
    texts = TEXTS | changed
    notebook.cells += [
        nbformat.v4.new_markdown_cell(
            f"# {texts['title']}\n\n{texts['words']} `ice-top25`, one row for each."
        ),
        nbformat.v4.new_code_cell(
            "show()",
            outputs=[
                nbformat.v4.new_output("display_data", {"text/markdown": text})
                for text in (texts["sentence"], TABLE)
            ],
        ),
    ]
    nbformat.write(notebook, path)
    found = faults(project, monkeypatch)
    assert found[-1].value == "never printed 3"
    return [(fault.what, fault.file, fault.column, fault.value) for fault in found[:-1]]


def test_text_and_results_of_a_notebook_that_are_computed_pass(project, monkeypatch):
    assert faults_in_notebook(project, monkeypatch) == []
    assert faults_in_notebook(project, monkeypatch, words="Counted from here, and one more thing: ") == []


@pytest.mark.parametrize(
    ("where", "words", "token"),
    [
        ("title", "Sixty days", "Sixty"),
        ("words", "Nine events from", "Nine"),
        ("words", "The list of July 9 in", "July"),
        ("words", "`29` people in", "29"),
        ("words", "`29 people` in", "29"),
    ],
)
def test_a_number_in_the_text_of_a_notebook_is_named_with_its_cell(project, monkeypatch, where, words, token):
    found = faults_in_notebook(project, monkeypatch, **{where: words})
    what, file, column, value = found[0]
    assert what == f"{token!r} is typed into the text of a notebook"
    assert file == "notebooks/1-x.ipynb"
    assert token in value
    assert column == "Markdown cell 1"


def test_a_sentence_that_a_cell_puts_out_is_computed_and_not_typed(project, monkeypatch):
    (found,) = faults_in_notebook(project, monkeypatch, sentence="Up to 9 days.")
    assert found == (
        "'9' is typed into the code and printed by a cell",
        "notebooks/1-x.ipynb",
        "code cell 1 (fig-x), line 6",
        "Up to 9 days.",
    )


def test_each_fault_is_whole(project, monkeypatch):
    found = faults(
        project,
        monkeypatch,
        prose="it took 12 hours",
        fact="31",
        takeaway="5",
        alt="June",
        drawn="Up to 9 days",
        note="200",
        heading="Days of 2017",
        axis="Days of 2018",
    )
    end = "or list the words in data/exceptions.csv with a reason"
    compute = f"Compute it from the frame, or save it as a value in the notebook, {end}"
    figure = "notebooks/1-x.ipynb, fig-x"
    assert [str(fault) for fault in found] == [
        "index.qmd:8:Arrests: '12' traces to no table ('Of … days, it took 12 hours. … were held (…; see …), "
        f"and'). Write it as {{{{< var name >}}}} or within a fact span, {end}",
        "index.qmd:9: these words are not what fact count says ('31 people'). "
        "Write what the fact sheet has, or name another fact",
        f"{figure}:takeaway: '5' traces to no table ('All 5 days'). {compute}",
        f"{figure}:source: '200' traces to no table ('Up to 200.'). {compute}",
        f"{figure}:column heading: '2017' traces to no table ('Days of 2017'). {compute}",
        f"{figure}:alternative text: 'June' traces to no table ('In June'). {compute}",
        f"{figure}:drawing: '2018' traces to no table ('Days of 2018'). {compute}",
        "notebooks/1-x.ipynb:code cell 1 (fig-x), line 6: '9' is typed into the code and printed in fig-x, "
        f"drawing ('Up to 9 days'). {compute}",
        "data/exceptions.csv:words: an exception to the number gate is not needed ('never printed 3'). "
        "Delete the row, or write the number with the words beside it",
    ]
