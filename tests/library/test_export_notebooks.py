"""Notebooks to take away: each in a folder in which it runs, and where others run it in a browser."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml

from explainer.export import notebooks
from explainer.notebooks import ipynb
from explainer.notebooks.ipynb import Notebook
from explainer.report import value_cells
from explainer.system.project import Project
from explainer.system.release import version

SITE = {"title": "The fair", "home": "https://example.org/fair/"}
PATH = "notebooks/1-a.ipynb"


def run_alone(report: Path, name: str, folder: Path) -> Path:
    """Run the bundle of a notebook in a folder of its own, and return that."""
    with zipfile.ZipFile(report / "notebooks" / f"{name}.zip") as archive:
        archive.extractall(folder)
    (root,) = folder.iterdir()
    command = [sys.executable, "-m", "jupyter", "execute", "--inplace", f"notebooks/{name}.ipynb"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return root


def outputs(path: Path) -> list[tuple[str, list[dict]]]:
    cells = nbformat.read(path, as_version=4).cells
    return [
        (cell.id, [dict(output.get("data", {"text": output.get("text")})) for output in cell.outputs])
        for cell in cells
        if cell.cell_type == "code"
    ]


@pytest.mark.slow
def test_every_bundle_runs_in_an_empty_folder_and_gives_the_same(rendered, tmp_path):
    for notebook in ipynb.read_all(rendered):
        root = run_alone(rendered.report, notebook.name, tmp_path / notebook.name)
        assert outputs(root / notebook.file) == outputs(rendered.root / notebook.file)
        for path in (root / "data").rglob("*.csv"):
            assert path.read_bytes() == (rendered.root / path.relative_to(root)).read_bytes(), path


@pytest.mark.slow
def test_a_bundle_of_the_story_brings_the_outlines_of_its_map(published, tmp_path):
    name = "4-facilities"
    root = run_alone(published.report, name, tmp_path)
    assert outputs(root / f"notebooks/{name}.ipynb") == outputs(published.notebooks / f"{name}.ipynb")
    assert list((root / "data/geo").glob("*.topojson"))


def test_a_bundle_is_whole_and_the_same_bytes_each_time(rendered, tmp_path):
    made = notebooks.files(rendered, SITE)
    assert made == notebooks.files(rendered, SITE)
    for notebook in ipynb.read_all(rendered):
        assert made[notebook.file] == notebook.raw
        published = rendered.report / notebook.file
        assert published.read_bytes() == notebook.raw
        path = tmp_path / "bundle.zip"
        path.write_bytes(made[notebook.file.replace(".ipynb", ".zip")])
        with zipfile.ZipFile(path) as archive:
            texts = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
        package = json.loads(texts["data/datapackage.json"])
        names = {resource["name"] for resource in package["resources"]}
        for resource in package["resources"]:
            assert f"data/{resource['path']}" in texts
            for key in resource.get("schema", {}).get("foreignKeys", []):
                assert key["reference"]["resource"] in names | {""}
        assert tomllib.loads(texts["pyproject.toml"].decode())["project"]["dependencies"]
        *_, packages = yaml.safe_load(texts["environment.yml"])["dependencies"]
        assert f"news-explainer=={version()}" in packages["pip"]
        assert f"uv run jupyter lab {notebook.file}" in texts["README.txt"].decode()
        assert "https://example.org/fair/" in texts["README.txt"].decode()


@pytest.mark.parametrize(
    "repository, expected",
    [
        (None, []),
        ("mailto:desk@example.org", []),
        (
            "https://github.com/desk/story.git",
            ["https://mybinder.org/v2/gh/desk/story/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2F1-a.ipynb"],
        ),
        (
            "https://gitlab.com/desk/group/story/",
            [
                "https://mybinder.org/v2/gl/desk%2Fgroup%2Fstory/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2F1-a.ipynb"
            ],
        ),
        (
            "https://example.org/git/story",
            [
                "https://mybinder.org/v2/git/https%3A%2F%2Fexample.org%2Fgit%2Fstory/HEAD"
                "?urlpath=lab%2Ftree%2Fnotebooks%2F1-a.ipynb"
            ],
        ),
    ],
)
def test_services_open_that_notebook_of_the_repository(repository, expected, tmp_path):
    own, bundle, *services = notebooks.ways(Project(tmp_path), [{"path": PATH}], repository)[PATH]
    assert (own["href"], bundle["href"]) == ("1-a.ipynb", "1-a.zip")
    assert [one["href"] for one in services] == expected


CELLS = {
    "set-up": "from explainer import Values",
    "days": 'values.date("fair.day", day)\nvalues.count("fair.all", 36)',
    "each": 'for name in names:\n    values.count(f"crates.{name}_sold", 1)\n    values.text(f"{name}", "x")',
    "rows": 'rows = {"fair.rows": 3}\n%time 1',
    "save": 'name_dates(values, events, resolved)\nvalues.save("values-fair")',
}


@pytest.fixture
def fair(tmp_path) -> Notebook:
    project = Project(tmp_path)
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    project.notebooks.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.notebooks / "1-fair.ipynb")
    return ipynb.read(project.notebooks / "1-fair.ipynb", project)


@pytest.mark.parametrize(
    "name, cell",
    [
        ("fair.day", "days"),
        ("fair.all", "days"),
        ("crates.pears_sold", "each"),
        ("crates.sold", "save"),
        ("fair.rows", "save"),  # not Python
        ("dates.opening", "save"),
    ],
)
def test_a_value_knows_the_cell_that_made_it(fair, name, cell):
    assert value_cells.find(fair, "values-fair", name).node.id == cell


def test_a_value_of_another_table_has_no_cell(fair):
    assert value_cells.find(fair, "values-other", "other.day") is None
