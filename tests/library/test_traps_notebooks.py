"""Known traps of notebooks published with Quarto, each with what catches it here.

1. Charts as HTML lose their alternative text.
2. Charts without a picture print as ``alt.Chart(...)`` in the PDF.
3. Of HTML and SVG together the page takes the HTML.
4. Inline code in a Markdown cell is published as it stands.
5. A cache that does not see imported modules and data files shows old numbers.
9. Random ids make an unchanged notebook differ from its last run.
13. An HTML output makes the page load scripts from another host.
14. Timings and local paths get into the page.
"""

from __future__ import annotations

import json
import os
import re

import altair as alt
import nbformat
import pandas as pd
import pytest

from explainer.authoring import figure
from explainer.notebooks import ipynb as nb
from explainer.notebooks import runner
from explainer.notebooks.normalize import FIGURE, TABLE, normalize
from explainer.system.errors import Faults
from tiny_project import make, snapshot, write

CELLS = [
    """\
import altair as alt
import pandas as pd
from pathlib import Path
import helper
from explainer import Figure, Table, load, setup
setup()""",
    'frame = load("raw")\nframe["n"] *= helper.FACTOR\nframe',
    """\
#| label: fig-n
chart = alt.Chart(frame).mark_bar().encode(x="n:Q", y="id:N")
alt = f"The most is {frame.n.max()}."
Figure(chart, data=frame, takeaway="One is more", caption="Bars of n", alt=alt)""",
    '#| label: tbl-n\nTable(frame, caption=f"{len(frame)} rows of n")',
    'print(Path.cwd(), Path("../data/raw.csv").resolve())\nPath.home() / "x"',
]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    project = make(tmp_path_factory.mktemp("traps"), {"1-n": CELLS})
    (project.notebooks / "helper.py").write_text("FACTOR = 10\n")
    runner.run(project)
    return project


@pytest.fixture
def cells(published):
    return {cell.label or cell.number: cell for cell in read(published).code_cells}


def read(project):
    return nb.read(project.notebooks / "1-n.ipynb", project)


def shown(tmp_path, data, source="#| label: fig-n\nchart"):
    """Return a notebook whose one code cell has put out `data`, and its project."""
    project = make(tmp_path, {})
    notebook = nb.read(write(project, "1-n", [source]), project)
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    notebook.code_cells[0].node.outputs = [nbformat.from_dict(output)]
    return notebook, project


def refused(tmp_path, data, **keywords):
    with pytest.raises(Faults) as caught:
        normalize(*shown(tmp_path, data, **keywords))
    return str(caught.value)


@pytest.fixture
def chart():
    return alt.Chart(pd.DataFrame({"n": [1]})).mark_bar().encode(x="n:Q")


def bundle(chart, renderer):
    with alt.renderers.enable(renderer):
        found = chart._repr_mimebundle_()
    return found[0] if isinstance(found, tuple) else found


def test_1_a_figure_has_its_alternative_text_where_quarto_reads_it(cells):
    cell = cells["fig-n"]
    assert cell.output("image/svg+xml").startswith("<svg")
    assert cell.node.metadata == {"fig-cap": "Bars of n", "fig-alt": "The most is 20."}
    assert cell.options["fig-alt"] == cell.output(FIGURE)["alt"]
    assert cells["tbl-n"].node.metadata == {"tbl-cap": "2 rows of n"}


def test_1_a_chart_as_html_is_refused(tmp_path, chart):
    data = bundle(chart, "html")
    assert "text/html" in data, "Altair has another default now; see that the trap is still caught"
    text = refused(tmp_path, data)
    assert text.startswith("notebooks/1-n.ipynb:code cell 1 (fig-n): puts out a type")
    assert "text/html" in text


def test_2_a_chart_that_would_print_as_code_is_refused(tmp_path, chart):
    data = {"text/plain": repr(chart)}
    assert data["text/plain"].startswith("alt.Chart(")
    assert "does not show a Figure ('fig-n')" in refused(tmp_path, data)


def test_2_no_output_says_how_the_chart_is_made(cells):
    for cell in cells.values():
        assert "alt.Chart(" not in json.dumps(cell.outputs)


def test_2_what_only_a_notebook_program_can_draw_is_refused(tmp_path, chart):
    data = bundle(chart, "mimetype")
    assert any("vegalite" in kind for kind in data)
    assert "puts out a type" in refused(tmp_path, data)


def test_3_a_picture_does_not_make_up_for_html(tmp_path):
    data = {"image/svg+xml": "<svg/>", "text/html": "<div/>", FIGURE: {"caption": "c", "alt": "a"}}
    assert "text/html" in refused(tmp_path, data)


def test_3_a_picture_without_caption_and_alternative_is_refused(tmp_path):
    assert "does not show a Figure" in refused(tmp_path, {"image/svg+xml": "<svg/>"})
    text = refused(tmp_path / "t", {"text/markdown": "| a |"}, source="#| label: tbl-n\ntable")
    assert "does not show a Table" in text


def test_captions_go_when_the_figure_does(tmp_path):
    notebook, project = shown(tmp_path, {FIGURE: {"caption": "c", "alt": "a"}, "image/svg+xml": "<svg/>"})
    normalize(notebook, project)
    assert notebook.code_cells[0].node.metadata == {"fig-cap": "c", "fig-alt": "a"}
    notebook, project = shown(tmp_path / "t", {"text/plain": "1"}, source="1")
    notebook.code_cells[0].node.metadata.update({"fig-cap": "c", "fig-alt": "a", "tags": ["kept"]})
    normalize(notebook, project)
    assert notebook.code_cells[0].node.metadata == {"tags": ["kept"]}


def test_the_types_are_those_of_the_charts_and_tables(cells):
    assert figure.MIME == FIGURE
    assert cells["tbl-n"].output(TABLE)["caption"]


def test_4_inline_code_in_prose_is_refused_before_anything_runs(tmp_path):
    project = make(tmp_path, {"1-n": ["x = 1", "md:Words.\n\nThere are `{python} x` of them."]})
    before = snapshot(project)
    with pytest.raises(Faults) as caught:
        runner.run(project)
    assert str(caught.value).startswith("notebooks/1-n.ipynb:Markdown cell 2, line 3: inline code would be")
    assert "`{python} x`" in str(caught.value)
    assert snapshot(project) == before


def test_4_talk_about_braces_is_not(tmp_path):
    make(tmp_path, {"1-n": ["md:A set `{1, 2}` and ``python``."]})
    runner.plan(make(tmp_path / "b", {"1-n": ["md:A set `{1, 2}` and `python`."]}))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("notebooks/helper.py", "notebooks/helper.py changed"),
        ("data/raw.csv", "data/raw.csv changed"),
    ],
)
def test_5_a_changed_module_or_table_makes_the_notebook_run(published, file, why):
    path = published.root / file
    before = path.read_bytes()
    assert runner.reasons(published, read(published)) == []
    try:
        path.write_bytes(before + b"\n")
        assert runner.reasons(published, read(published)) == [why]
    finally:
        path.write_bytes(before)


def test_5_every_module_of_the_library_that_drew_counts(published):
    stamp = json.loads((published.build / "run/1-n.json").read_text())
    assert {
        "explainer/authoring/figure.py",
        "explainer/authoring/tables.py",
        "explainer/notebooks/normalize.py",
    } <= set(stamp["library"])


def test_9_a_second_run_differs_in_nothing(published):
    before = snapshot(published)
    assert runner.run(published, force=True).ran == ["1-n"]
    assert snapshot(published) == before


def test_9_a_memory_address_is_refused(tmp_path):
    text = refused(tmp_path, {"text/plain": "<object at 0x7f3339fa7040>"}, source="object()")
    assert "code cell 1: shows a memory address" in text


def test_13_nothing_puts_out_html(cells):
    assert cells[2].output("text/markdown").startswith("| id")
    for cell in cells.values():
        assert cell.output("text/html") is None


def test_13_a_frame_without_setup_is_refused(tmp_path):
    frame = pd.DataFrame({"a": [1]})
    text = refused(tmp_path, {"text/html": frame._repr_html_(), "text/plain": repr(frame)}, source="frame")
    assert "Call setup() of explainer in the first cell" in text


def test_14_no_timings_are_kept(published, tmp_path):
    text = read(published).raw.decode()
    assert not re.search(r'"execution": |iopub|\d\d:\d\d:\d\d', text)
    notebook, project = shown(tmp_path, {"text/plain": "1"}, source="1")
    notebook.code_cells[0].node.metadata.execution = {"iopub.status.busy": "2031-01-01T00:00:00Z"}
    normalize(notebook, project)
    assert notebook.code_cells[0].node.metadata == {}


def test_14_no_path_of_this_machine_is_kept(published, cells):
    assert cells[5].outputs[0].text == "./notebooks ./data/raw.csv\n"
    assert cells[5].output("text/plain") == "PosixPath('~/x')"
    assert str(published.root) not in read(published).raw.decode()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("{root}/data/x.csv", "./data/x.csv"),
        ("file://{root}/data/x.csv", "./data/x.csv"),
        ("It is in {root}.", "It is in .."),
        ("{root}-other/x", "{root}-other/x"),
        ("https://example.org{root}/x", "https://example.org{root}/x"),
        ("{python}/lib/x.py", "python/lib/x.py"),
        ("{packages}/pandas/x.py:3: Warning", "site-packages/pandas/x.py:3: Warning"),
        ("/tmp/ipykernel_123/456.py:3: Warning", "<cell>:3: Warning"),
    ],
)
def test_14_paths_are_replaced_and_addresses_are_not(tmp_path, said, kept):
    notebook, project = shown(tmp_path, {"text/plain": "x"}, source="1")
    known = {
        "root": project.root,
        "python": os.sys.prefix,
        "packages": os.path.dirname(os.path.dirname(nbformat.__file__)),
    }
    notebook.code_cells[0].outputs[0].data["text/plain"] = said.format(**known)
    normalize(notebook, project)
    assert notebook.code_cells[0].output("text/plain") == kept.format(**known)
