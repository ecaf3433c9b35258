"""The page for notebook authors: its examples run, in order, as the cells of a notebook."""

from __future__ import annotations

import json
import re

import nbformat
import pytest

import explainer
import mini
from explainer.data.package import load
from explainer.notebooks import runner

PAGE = (mini.HERE / "docs" / "notebooks.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A small project whose one notebook is made of the page's examples, run."""
    project = mini.make(tmp_path_factory.mktemp("docs"))
    for name in mini.NOTEBOOKS:
        (project.notebooks / f"{name}.ipynb").unlink()
    mini.notebook(project.notebooks / "1-crates.ipynb", ["md:# Crates", *BLOCKS])
    runner.run(project)
    return project


@pytest.fixture(scope="module")
def outputs(project):
    """What the cells show: a dict by label or, without one, by position."""
    cells = nbformat.read(project.notebooks / "1-crates.ipynb", as_version=4).cells[1:]
    shown = {}
    for number, cell in enumerate(cells):
        label = re.match(r"#\| label: (\S+)", cell.source)
        shown[label[1] if label else number] = [output.get("data", {}) for output in cell.outputs]
    return shown


def test_the_page_shows_each_of_the_six_names():
    assert sorted(re.findall(r"^## `(\w+)`", PAGE, re.MULTILINE)) == sorted(explainer.__all__)
    for name in explainer.__all__:
        assert re.search(rf"^(?!from ).*\b{name}\(", "\n".join(BLOCKS), re.MULTILINE), name


def test_the_examples_show_a_figure_and_a_table(outputs):
    (figure,), (table,) = outputs["fig-crates"], outputs["tbl-growers"]
    assert figure["application/vnd.explainer.figure+json"]["takeaway"] == "O'Neill sold most crates"
    assert "<svg" in figure["image/svg+xml"]
    assert table["text/markdown"].startswith("| Grower | Crates |")
    assert not any("text/html" in output for shown in outputs.values() for output in shown)


def test_the_examples_save_what_the_page_says(project):
    values = load("values-crates", project).set_index("name")
    assert values["value"].to_dict() == {"crates.sold": "29", "crates.all": "36", "fair.day": "2031-05-09"}
    assert values.loc["crates.sold", "fact_ids"] == "apples"


def test_each_of_the_six_has_a_docstring_with_an_example():
    for name in explainer.__all__:
        assert "Examples\n" in getattr(explainer, name).__doc__, name


def test_the_names_are_imported_on_first_use():
    described = json.dumps(sorted(explainer.__all__))
    assert described == '["Figure", "Table", "Values", "load", "save", "setup"]'
    with pytest.raises(AttributeError, match="Tabel"):
        explainer.Tabel  # noqa: B018
