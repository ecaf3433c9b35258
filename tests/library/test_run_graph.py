"""Which notebook needs which: from the tables that their code loads and saves."""

from __future__ import annotations

import json

import pytest

from explainer.notebooks import graph
from explainer.notebooks import ipynb as nb
from explainer.system.errors import Fault, Faults
from tiny_project import IMPORTS, NOTEBOOKS, make


def build(tmp_path, notebooks):
    project = make(tmp_path, notebooks)
    return graph.build(nb.read_all(project), project)


def refused(tmp_path, notebooks):
    with pytest.raises(Fault) as caught:
        build(tmp_path, notebooks)
    return str(caught.value)


def test_a_notebook_needs_whichever_saves_what_it_loads(tmp_path):
    found = build(tmp_path, NOTEBOOKS)
    assert found.needs == {"1-tenfold": set(), "2-double": {"1-tenfold"}, "3-other": set()}
    assert found.levels() == [["1-tenfold", "3-other"], ["2-double"]]
    assert found.ancestors(["2-double"]) == {"1-tenfold", "2-double"}


def test_order_follows_the_tables_and_not_the_names(tmp_path):
    cells = {"1-last": [IMPORTS, 'load("one")'], "2-first": [IMPORTS, 'save("one", load("raw"))']}
    assert build(tmp_path, cells).order() == ["2-first", "1-last"]


@pytest.mark.parametrize(
    "cell",
    [
        'from explainer.data.package import load as get\nget("one")',
        'import explainer.data.package\nexplainer.data.package.load("one")',
        'import explainer.data.package as tables\ntables.load("one")',
        'from explainer.data import package\npackage.load(name="one")',
        'def helper():\n    return load("one")\nhelper()',
        '%config\nload("one")\n!true',
    ],
)
def test_loads_are_found_however_they_are_written(tmp_path, cell):
    cells = {"1-a": [IMPORTS, 'save("one", load("raw"))'], "2-b": [IMPORTS, cell]}
    assert build(tmp_path, cells).needs["2-b"] == {"1-a"}


def test_what_is_no_table_of_the_package_does_not_count(tmp_path):
    cells = [
        'import json\njson.load(open("one"))\nchart.save("one.svg")\nnumpy.load("one")\nfigure.save(path)'
    ]
    assert build(tmp_path, {"1-a": cells}).uses["1-a"] == graph.Uses()


def test_a_values_object_saves_too(tmp_path):
    cells = {"1-a": ['v = Values()\nv.save("two")'], "2-b": [IMPORTS, 'load("two")']}
    assert build(tmp_path, cells).needs["2-b"] == {"1-a"}


@pytest.mark.parametrize("how", ["foreignKeys", "listOf"])
def test_a_table_that_points_to_another_needs_it_checked_before(tmp_path, how):
    project = make(
        tmp_path, {"1-a": [IMPORTS, 'load("raw")'], "2-b": [IMPORTS, 'save("one", load("other"))']}
    )
    package = json.loads(project.package.read_text())
    schema = package["resources"][0]["schema"]
    if how == "listOf":
        schema["fields"][0]["listOf"] = {"resource": "one", "field": "id"}
    else:
        schema["foreignKeys"] = [{"fields": ["id"], "reference": {"resource": "one", "fields": ["id"]}}]
    project.package.write_text(json.dumps(package))
    assert graph.build(nb.read_all(project), project).needs["1-a"] == {"2-b"}


def test_a_circle_is_a_fault_that_says_how_it_closes(tmp_path):
    cells = {
        "1-a": [IMPORTS, 'save("one", load("two"))'],
        "2-b": [IMPORTS, 'save("two", load("one"))'],
    }
    text = refused(tmp_path, cells)
    assert "in a circle" in text
    assert "1-a needs two, which 2-b saves" in text
    assert "2-b needs one, which 1-a saves" in text


def test_two_notebooks_may_not_save_one_table(tmp_path):
    cells = {name: [IMPORTS, 'frame = load("raw")\nsave("one", frame)'] for name in ("1-a", "2-b")}
    text = refused(tmp_path, cells)
    assert text.startswith("notebooks/2-b.ipynb:code cell 2, line 2: saves a table that notebooks/1-a.ipynb")
    assert "'one'" in text


def test_a_notebook_may_not_load_what_it_saves_only_later(tmp_path):
    text = refused(tmp_path, {"1-a": [IMPORTS, 'frame = load("one")', 'save("one", frame)']})
    assert text.startswith("notebooks/1-a.ipynb:code cell 3, line 1: saves one, which code cell 2, line 1")


def test_a_notebook_may_load_what_it_saved_before(tmp_path):
    found = build(tmp_path, {"1-a": [IMPORTS, 'save("one", load("raw"))', 'load("one")']})
    assert list(found.uses["1-a"].reads) == ["raw"]


@pytest.mark.parametrize("call", ["load(name)", 'load(f"{name}")', 'save("o" + "ne", frame)', "load()"])
def test_a_name_that_is_not_written_out_is_a_fault_that_says_what_to_write(tmp_path, call):
    text = refused(tmp_path, {"1-a": [IMPORTS, f'name = "one"\n{call}']})
    assert text.startswith("notebooks/1-a.ipynb:code cell 2, line 2:")
    assert f'as in {call[:4]}("…")' in text


def test_a_table_that_is_not_in_the_package_is_a_fault_before_anything_runs(tmp_path):
    text = refused(tmp_path, {"1-a": [IMPORTS, 'load("othr")']})
    assert (
        "code cell 2, line 1: no table of the data package has this name ('othr'). Did you mean other?"
        in text
    )


def test_code_that_is_not_python_is_a_fault_before_anything_runs(tmp_path):
    text = refused(tmp_path, {"1-a": ["x = 1", "y = 2\nx = = 3"]})
    assert text.startswith("notebooks/1-a.ipynb:code cell 2, line 2: is not valid Python")
    assert "x = = 3" in text


def test_everything_wrong_is_said_at_once(tmp_path):
    with pytest.raises(Faults) as caught:
        build(tmp_path, {"1-a": [IMPORTS, "load(x)", "1 +"], "2-b": [IMPORTS, "load(y)"]})
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"resources": [{"path": "x.csv"}]}', '{"resources": [1]}']
)
def test_a_damaged_data_package_is_a_fault(tmp_path, content):
    project = make(tmp_path, NOTEBOOKS)
    project.package.write_text(content)
    with pytest.raises(Fault, match=r"is not (JSON|a data package)") as caught:
        graph.build(nb.read_all(project), project)
    assert caught.value.file == "data/datapackage.json"
