"""The number gate finds every number that no table accounts for, and says where it stands."""

from __future__ import annotations

import lxml.html
import nbformat
import pytest

from explainer.notebooks.ipynb import read
from explainer.system.project import Project
from explainer.verify import prose
from explainer.verify.numbers import check as gate
from explainer.verify.numbers import page, tokens, typed
from explainer.verify.numbers.traces import Allowance, Traces


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
TRACES = Traces(
    facts={"count": frozenset({"29"})},
    figures={"fig-x": frozenset({"4", "July", "35", "9", "12", "2018-07-03", "May"})},
    drawn={"fig-x": frozenset({"500", "17"})},
    notebooks={"fig-x": "notebooks/1-x.ipynb"},
    allowances=(Allowance("one more thing", "an idiom"), Allowance("never printed 3", "nothing")),
)
PAGE = """<!DOCTYPE html><html><head><meta name="description" content="About many arrests"></head><body>
<nav><a href="#a">Part 7</a></nav><main><h2>Arrests</h2>
<p>Of <span class="value">35</span> days, {prose}.
<a class="fact" data-fact="count" href="x" title="stated, paragraph 8">{fact} people</a>
were held (<a class="ref" href="#fig-x">Figure 3</a>;
<span class="cited"><span class="citation">({affix} <a href="#ref-post">Post, May 9</a>)</span></span>),
and one more thing.</p>
<p>Then it rained.</p>
<figure id="fig-x"><p class="takeaway">All {takeaway} days</p>
<svg><title>t</title><desc>In {alt}</desc><g class="axis"><text>500</text><text>{axis}</text></g>
<text>{drawn}</text></svg>
<figcaption><p class="caption"><span class="number">Figure 3.</span> c</p><p class="source">Up to {note}.
Sources: <a href="x">Post, May 9</a></p>
<table><caption>Data of Figure 3. c</caption><tr><th scope="col">{heading}</th></tr>
<tr><td>35</td></tr></table>
</figcaption></figure>
<ul id="refs" class="references"><li id="ref-post">Post, May 9. Said.</li></ul>
</main><p class="stamp">Built from data 123</p></body></html>"""
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
SOURCE = """---
title: x
description: "About {{< var d >}} arrests"
---

## Arrests

Of {{< var d >}} days, it took 12 hours.
It ended in October.
In October it began.
"""


@pytest.fixture
def project(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / "1-x.ipynb")
    (tmp_path / "index.qmd").write_text(SOURCE)
    return Project(tmp_path)


def faults(project, monkeypatch, pdf="", traces=TRACES, **changed):
    monkeypatch.setattr(gate, "collect", lambda project: traces)
    return gate.check(project, lxml.html.document_fromstring(PAGE.format(**FINE | changed)), pdf)


def test_a_page_written_by_tables_passes_but_for_an_idle_exception(project, monkeypatch):
    (idle,) = faults(project, monkeypatch)
    assert (idle.file, idle.value) == ("data/exceptions.csv", "never printed 3")


@pytest.mark.parametrize(
    ("where", "words", "file", "row"),
    [
        ("prose", "it took 12 hours", "index.qmd", 8),
        ("prose", "it took twelve hours", "index.qmd", None),
        ("prose", "it rained on Monday", "index.qmd", None),
        ("prose", '<a href="#fig-x">47 arrests</a> followed', "index.qmd", None),
        ("prose", "there were <code>47</code>", "index.qmd", None),
        ("prose", '<a href="x" title="of 47">it</a> rained', "index.qmd", None),
        ("prose", '<span aria-label="of 47">it</span> rained', "index.qmd", None),
        ("prose", '<img alt="of 47" src="x"> rained', "index.qmd", None),
        ("fact", "31", "index.qmd", None),
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
    found = typed.find(read(project.root / "notebooks" / "1-x.ipynb", project))
    text = "after July 3, 2018, there are 9 rows and 44 more"
    assert not [token for token in tokens.find(text) for one in found if one.stands_in(text, token, "fig-x")]


def test_the_description_is_read_where_its_variables_can_be_seen(project, monkeypatch):
    project.index.write_text(SOURCE.replace("arrests", "of 35 arrests"))
    fault, _ = faults(project, monkeypatch)
    assert (fault.file, fault.row, fault.column) == ("index.qmd", 3, "description")
    assert "'35' traces to no table" in str(fault)


def test_a_word_that_ends_a_sentence_and_stands_elsewhere_is_found_in_its_line(project, monkeypatch):
    fault, _ = faults(project, monkeypatch, prose="it rained. It ended in October")
    assert fault.row == 9
    assert "'October' traces to no table" in str(fault)


PAPER = (
    "Arrests\nOf 35 days, it rained. 29 people\nwere held (Figure 3), and one more thing. \n1\n"
    "Then it rained.\n"
    "1Post, May 9. Said.\n1 / 2\fArrests\nAll 4 days\n500 4\nFigure 3. c\nUp to July. Sources: Post, May 9\n"
    "Data table on page 2\nPost, May 9. Said.\nData of Figure 3\nDays\n35\nDays\nBuilt from data 123\n2 / 2"
)


def test_what_paper_adds_by_rule_is_no_number_of_its_own(project, monkeypatch):
    assert len(faults(project, monkeypatch, pdf=PAPER)) == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("35 people in July", ["35", "July"]),
        ("29 arrests on page 2", ["29", "2"]),
        ("four", ["four"]),
        ("7", ["7"]),
        ("1 1 1", ["1", "1", "1"]),
        ("of 35 days, it rained", ["35"]),
    ],
)
def test_a_number_that_paper_has_once_too_often_is_found(project, monkeypatch, words, found):
    *wrong, _ = faults(project, monkeypatch, pdf=PAPER.replace("All 4 days", f"{words}\nAll 4 days"))
    assert {fault.file for fault in wrong} == {"report.pdf"}
    assert len(wrong) == len(found)


def test_signs_on_paper_stand_between_no_words(project, monkeypatch):
    told = PAPER.replace("29 people", "29 people [a: Ann, the\nmayor]").replace("35 days", "35 [c]\ndays [i]")
    assert told.count("[") == 3
    assert len(faults(project, monkeypatch, pdf=told)) == 1


def test_two_numbers_of_a_drawing_may_run_together_on_paper_and_no_others(project, monkeypatch):
    drawn = {"drawn": "17", "axis": "500"}
    apart = PAPER.replace("500 4", "500 17")
    assert len(faults(project, monkeypatch, pdf=apart, **drawn)) == 1
    assert len(faults(project, monkeypatch, pdf=PAPER.replace("500 4", "50017"), **drawn)) == 1
    wrong, _ = faults(project, monkeypatch, pdf=apart + "\n50017", **drawn)
    assert wrong.file == "report.pdf"


def test_an_address_that_the_pdf_breaks_is_no_number_of_its_own(project, monkeypatch):
    said = {"prose": 'see <a href="x">https://example.org/a-487568651.html</a>'}
    pdf = "see https://example.org/a-\n487568651.html"
    assert len(faults(project, monkeypatch, pdf=pdf, **said)) == 1


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
    traces = Traces(**vars(TRACES) | {"allowances": (Allowance("one more thing", ""), Allowance(words, ""))})
    found = faults(
        project, monkeypatch, traces=traces, drawn="17", prose="there were 47 arrests and 4,321 others"
    )
    named = [fault.what.split("'")[1] for fault in found if fault.file == "index.qmd"]
    assert named == left
    assert [fault.value for fault in found if fault.file != "index.qmd"] == (
        [words] if len(left) == 2 else []
    )


def test_an_exception_that_is_a_number_alone_is_for_a_cell_that_is_nothing_else(project, monkeypatch):
    traces = Traces(**vars(TRACES) | {"allowances": (Allowance("one more thing", ""), Allowance("47", ""))})
    cells = "<table><tr><td>47</td><td>47 of them</td></tr></table>"
    (fault,) = faults(project, monkeypatch, traces=traces, prose=f"it rained</p>{cells}<p>")
    assert (fault.file, fault.value) == ("index.qmd", "47 of them")


def test_passages_leave_out_what_is_not_prose():
    tree = lxml.html.document_fromstring(PAGE.format(**FINE))
    text = " ".join(passage.text for passage in page.prose(tree))
    assert "Part 7" not in text and "Built from" not in text and "May" not in text and "takeaway" not in text


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


WORKING = """<!DOCTYPE html><html><body class="notebook"><header><nav>Notebook 2 of 5</nav></header><main>
<h1>{title}</h1><p class="byline">The working, cell by cell: <code>1-x.ipynb</code></p>
<p>{words} <code>ice-top25</code>, one row for each.</p>
<div class="cell"><pre><code>"9 " + "months"</code></pre>
<div class="cell-output cell-output-display"><p>{sentence}</p>
<table><tr><td>july-9 and 35</td></tr></table></div></div>
</main></body></html>"""
TEXTS = {"title": "The working", "words": "Counted from", "sentence": "There were 50 left."}


def told_of_working(project, monkeypatch, **changed):
    path = project.root / "notebooks" / "1-x.ipynb"
    notebook = nbformat.read(path, as_version=4)
    texts = TEXTS | changed
    notebook.cells += [nbformat.v4.new_markdown_cell(f"# {texts['title']}\n\n{texts['words']} `ice-top25`.")]
    nbformat.write(notebook, path)
    monkeypatch.setattr(gate, "collect", lambda project: TRACES)
    tree, working = (
        lxml.html.document_fromstring(page) for page in (PAGE.format(**FINE), WORKING.format(**texts))
    )
    found = gate.check(project, tree, "", {"notebooks/1-x.html": working})
    assert found[-1].value == "never printed 3"
    return [(fault.what, fault.file, fault.column, fault.value) for fault in found[:-1]]


def test_text_and_results_of_a_notebook_that_are_computed_pass(project, monkeypatch):
    assert told_of_working(project, monkeypatch) == []
    assert told_of_working(project, monkeypatch, words="Counted from here, and one more thing: ") == []


@pytest.mark.parametrize(
    ("where", "words", "token"),
    [
        ("title", "Sixty days", "Sixty"),
        ("words", "Nine events from", "Nine"),
        ("words", "The list of July 9 in", "July"),
        ("words", "<code>29</code> people in", "29"),
        ("words", "<code>29 people</code> in", "29"),
    ],
)
def test_a_number_in_the_text_of_a_notebook_is_named_with_its_cell(project, monkeypatch, where, words, token):
    found = told_of_working(project, monkeypatch, **{where: words})
    what, file, column, value = found[0]
    assert what == f"{token!r} is typed into the text of a notebook"
    assert file == "notebooks/1-x.ipynb"
    assert token in value
    assert column == ("The working" if "<code>" in words else "Markdown cell 1")


def test_a_sentence_that_a_cell_puts_out_is_computed_and_not_typed(project, monkeypatch):
    (found,) = told_of_working(project, monkeypatch, sentence="Up to 9 days.")
    assert found == (
        "'9' is typed into the code and printed by a cell",
        "notebooks/1-x.ipynb",
        "code cell 1 (fig-x), line 6",
        "Up to 9 days.",
    )
