"""The notebooks as they are committed: executed, fit to publish, and what a run of today gives."""

from __future__ import annotations

import json
import re
from base64 import b64decode

import pytest

import mini
from explainer.notebooks import ipynb as nb
from explainer.notebooks import runner
from explainer.notebooks.graph import build
from explainer.notebooks.normalize import ALLOWED, CAPTIONS, FIGURE, METADATA, TABLE, text
from explainer.system.project import Project

PROJECT = Project.find(__file__)
NOTEBOOKS = nb.read_all(PROJECT)

each = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.name)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 5


@each
def test_it_was_executed_from_the_top(notebook):
    counts = [cell.node.execution_count for cell in notebook.code_cells]
    assert counts == list(range(1, len(counts) + 1))


@each
def test_no_cell_failed_or_warned(notebook):
    for cell in notebook.code_cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.place
            assert output.get("name") != "stderr", f"{cell.place}: {output.get('text')}"


@each
def test_outputs_are_of_types_that_can_be_published(notebook):
    for cell in notebook.code_cells:
        for output in cell.outputs:
            assert set(output.get("data", {})) <= ALLOWED, cell.place


@each
def test_nothing_says_when_or_where_it_ran(notebook):
    raw = notebook.raw.decode()
    for trace in ("/home/", "/Users/", "/tmp/", "ipykernel_", "iopub", str(PROJECT.root), " at 0x"):
        assert trace not in raw
    assert notebook.node.metadata == METADATA
    for cell in notebook.cells:
        assert set(cell.node.metadata) <= {*CAPTIONS, "tags"}, cell.place


@each
def test_ids_say_what_the_cell_is(notebook):
    ids = [cell["id"] for cell in json.loads(notebook.raw)["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]+", name) for name in ids)


@each
def test_figures_and_tables_have_what_readers_need(notebook):
    for label, cell in notebook.labels.items():
        if label.startswith("fig-"):
            words = cell.output(FIGURE)
            assert words["caption"].strip() and words["alt"].strip() and words["takeaway"].strip(), label
            assert words["alt"] != words["caption"], label
            assert cell.node.metadata["fig-cap"] == words["caption"]
            assert cell.node.metadata["fig-alt"] == words["alt"]
            assert cell.output("image/svg+xml").startswith("<svg"), label
            # JupyterLab shows no SVG of a notebook that nobody has trusted yet.
            assert b64decode(cell.output("image/png")).startswith(b"\x89PNG"), label
            assert cell.outputs[0].metadata["image/png"]["alt"] == words["alt"], label
        elif label.startswith("tbl-"):
            assert cell.node.metadata["tbl-cap"] == cell.output(TABLE)["caption"] != ""
            assert cell.output("text/markdown"), label


@each
def test_captions_and_descriptions_are_not_typed_into_cell_options(notebook):
    for cell in notebook.code_cells:
        assert not re.search(r"^#\| *(fig-cap|fig-alt|tbl-cap)", cell.source, re.MULTILINE), cell.place


@each
def test_it_has_a_title_and_no_inline_code(notebook):
    assert nb.check(notebook) == []


@each
def test_the_file_is_written_as_a_run_writes_it(notebook):
    assert notebook.raw.decode() == text(notebook)


def test_the_package_names_the_notebook_that_saves_each_table():
    graph = build(NOTEBOOKS, PROJECT)
    package = json.loads(PROJECT.package.read_bytes())
    said = {resource["name"]: resource.get("producedBy") for resource in package["resources"]}
    assert {name: writer for name, writer in said.items() if writer} == {
        table: name for name, uses in graph.uses.items() for table in uses.writes
    }


def test_the_notebooks_run_in_the_order_of_their_names():
    order = build(NOTEBOOKS, PROJECT).needs
    names = [notebook.name for notebook in NOTEBOOKS]
    assert all(names.index(needed) < names.index(name) for name in names for needed in order[name])


def content(project: Project) -> dict[str, bytes]:
    """Return the tables and notebooks, without what JupyterLab and Python keep beside them."""
    return {
        f"{folder}/{name}": text
        for folder in ("data", "notebooks")
        for name, text in mini.snapshot(project.root / folder).items()
        if not {".ipynb_checkpoints", "__pycache__"}.intersection(name.split("/"))
    }


@pytest.mark.slow
def test_a_run_of_today_gives_the_committed_bytes(published):
    names = {notebook.name for notebook in NOTEBOOKS}
    ran = {path.stem for path in (published.build / "run").glob("*.json")}
    assert ran == names, "none had run there before"
    before, after = content(PROJECT), content(published)
    assert sorted(file for file in after.keys() | before if after.get(file) != before.get(file)) == []
    assert [name.name for name in nb.read_all(published) if runner.reasons(published, name)] == []
