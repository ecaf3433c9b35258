"""Reading notebooks: cells, options, labels, and what an editor is told when one is wrong."""

from __future__ import annotations

import json

import pytest

from explainer.notebooks import ipynb as nb
from explainer.system.errors import Fault, Faults
from tiny_project import make, write


def read(project, cells, name="1-x"):
    return nb.read(write(project, name, cells), project)


@pytest.fixture
def project(tmp_path):
    return make(tmp_path, {})


def test_option_lines_win_over_metadata_and_leave_the_code(project):
    path = write(project, "1-x", ["#| label: fig-a\n#| echo: false\nx = 1\n#| not: an option"])
    node = json.loads(path.read_text())
    node["cells"][1]["metadata"] = {"label": "fig-b", "fig-cap": "A caption", "echo": True}
    path.write_text(json.dumps(node))
    cell = nb.read(path, project).code_cells[0]
    assert cell.options == {"label": "fig-a", "echo": False, "fig-cap": "A caption"}
    assert cell.code == "x = 1\n#| not: an option"
    assert cell.place == "code cell 1 (fig-a)"


def test_code_cells_are_numbered_as_jupyter_numbers_them(project):
    notebook = read(project, ["a = 1", "md:Words", "", "b = 2"])
    assert [cell.number for cell in notebook.code_cells if cell.source] == [1, 2]
    assert notebook.cells[2].place == "Markdown cell 2"


def test_notebooks_are_in_natural_order(project):
    for name in ("10-x", "2-x", "1-x"):
        write(project, name, [])
    (project.notebooks / ".ipynb_checkpoints").mkdir()
    (project.notebooks / ".hidden.ipynb").write_text("not a notebook")
    assert [notebook.name for notebook in nb.read_all(project)] == ["1-x", "2-x", "10-x"]


@pytest.mark.parametrize(
    ("markdown", "title"),
    [
        ("# Plain", "Plain"),
        ("```\n# a comment\n```\n\n# After code", "After code"),
        ("## Second\n\n# First level #", "First level"),
        ("# With an id {#top}", "With an id"),
    ],
)
def test_title_is_the_first_heading(project, markdown, title):
    path = write(project, "1-x", [f"md:{markdown}"])
    node = json.loads(path.read_text())
    del node["cells"][0]
    path.write_text(json.dumps(node))
    assert nb.read(path, project).title == title


def test_a_notebook_without_title_is_told_to_have_one(project):
    path = write(project, "1-x", ["#This is code"])
    node = json.loads(path.read_text())
    del node["cells"][0]
    path.write_text(json.dumps(node))
    (fault,) = nb.check(nb.read(path, project))
    assert fault.file == "notebooks/1-x.ipynb"
    assert "Begin the first Markdown cell" in str(fault)


def test_missing_ids_are_the_same_at_each_reading(project):
    path = write(project, "1-x", ["a = 1", "b = 2"])
    node = json.loads(path.read_text())
    del node["cells"][1]["id"]
    node["cells"][2]["id"] = node["cells"][0]["id"]
    node["nbformat_minor"] = 4
    path.write_text(json.dumps(node))
    ids = [cell.node.id for cell in nb.read(path, project).cells]
    assert len(set(ids)) == 3
    assert ids == [cell.node.id for cell in nb.read(path, project).cells]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'{"cells": [', "is not JSON"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"[]", "not a version 4 notebook"),
        (b'{"worksheets": []}', "not a version 4 notebook"),
        (b'{"cells": [{"cell_type": "nonsense"}], "metadata": {}}', "is not a valid notebook"),
        (b'{"cells": [3], "metadata": {}}', "is not a valid notebook"),
        (b'{"cells": [{"cell_type": "code", "source": 3}], "metadata": {}}', "is not a valid notebook"),
        (
            b'{"cells": [{"cell_type": {}, "source": "", "metadata": {}}], "metadata": {}}',
            "its cells are not made as nbformat 4 describes",
        ),
    ],
)
def test_unreadable_content_is_a_fault_that_names_the_file(project, content, what):
    path = project.notebooks / "1-x.ipynb"
    path.write_bytes(content)
    with pytest.raises(Fault, match=what) as caught:
        nb.read(path, project)
    assert caught.value.where.startswith("notebooks/1-x.ipynb")
    assert "Restore" in str(caught.value)


def test_invalid_json_is_placed_by_line(project):
    path = project.notebooks / "1-x.ipynb"
    path.write_text('{\n "cells": [\n oops')
    with pytest.raises(Fault) as caught:
        nb.read(path, project)
    assert (caught.value.row, caught.value.column) == (3, "2")


def test_a_folder_in_place_of_a_notebook_is_a_fault(project):
    (project.notebooks / "1-x.ipynb").mkdir()
    with pytest.raises(Faults) as caught:
        nb.read_all(project)
    assert "notebooks/1-x.ipynb: cannot be read" in str(caught.value)


@pytest.mark.parametrize(
    "options", ["#| label: fig-a: b", "#| just words", "#| label: [1, 2]", "#| label: 3"]
)
def test_bad_options_are_a_fault_that_names_the_cell(project, options):
    with pytest.raises(Fault) as caught:
        read(project, ["x = 1", f"{options}\nx = 2"])
    assert caught.value.file == "notebooks/1-x.ipynb"
    assert caught.value.column.startswith("code cell 2")
    assert "#| " in caught.value.remedy


def test_a_label_twice_in_one_notebook_names_both_cells(project):
    write(project, "1-x", ["#| label: same\n1", "#| label: same\n2"])
    with pytest.raises(Faults) as caught:
        nb.read_all(project)
    assert "code cell 2 (same): this label is already that of notebooks/1-x.ipynb, code cell 1" in str(
        caught.value
    )


def test_a_figure_label_twice_in_two_notebooks_is_refused_and_others_are_not(project):
    write(project, "1-x", ["#| label: setup\n1", "#| label: fig-a\n2"])
    write(project, "2-y", ["#| label: setup\n1"])
    assert list(nb.index(nb.read_all(project))) == ["fig-a"]
    write(project, "2-y", ["#| label: setup\n1", "#| label: fig-a\n2"])
    with pytest.raises(Faults) as caught:
        nb.read_all(project)
    (fault,) = caught.value.faults
    assert str(fault).startswith("notebooks/2-y.ipynb:code cell 2 (fig-a)")


def test_all_notebooks_that_are_wrong_are_named_at_once(project):
    for name in ("1-x", "2-y"):
        (project.notebooks / f"{name}.ipynb").write_text("{")
    with pytest.raises(Faults) as caught:
        nb.read_all(project)
    assert [fault.file for fault in caught.value.faults] == ["notebooks/1-x.ipynb", "notebooks/2-y.ipynb"]


def test_an_unknown_label_offers_the_nearest_and_lists_all(project):
    notebook = read(project, ["#| label: fig-days\n1", "#| label: tbl-sums\n2"])
    assert notebook.cell("tbl-sums").number == 2
    with pytest.raises(Fault) as caught:
        notebook.cell("fig-dyas")
    assert caught.value.remedy == "Did you mean fig-days? There are: fig-days, tbl-sums."


@pytest.mark.parametrize("name", ["2-y", "2-y.ipynb", "notebooks/2-y.ipynb"])
def test_a_notebook_is_found_by_each_of_its_names(project, name):
    for stem in ("1-x", "2-y"):
        write(project, stem, [])
    assert nb.find(nb.read_all(project), name).name == "2-y"


def test_an_unknown_notebook_offers_the_nearest(project):
    write(project, "1-facts", [])
    with pytest.raises(Fault, match="no such notebook") as caught:
        nb.find(nb.read_all(project), "1-fact")
    assert "Did you mean 1-facts?" in str(caught.value)
    with pytest.raises(Fault, match="no such notebook") as caught:
        nb.read(project.notebooks / "1-fact.ipynb", project)
    assert "Did you mean 1-facts?" in str(caught.value)
