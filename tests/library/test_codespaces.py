"""A codespace opens the notebook whose page has led to it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest

from explainer.export import notebooks
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import codespaces
from explainer.starter.new import create
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain

REPOSITORY = "https://github.com/desk/story"


@pytest.fixture
def story(tmp_path) -> Project:
    return create(tmp_path, "ferry").project


def configuration(project: Project, name: str) -> Path:
    return project.root / codespaces.file_for(name)


def add_notebook(project: Project, name: str) -> None:
    cells = [nbformat.v4.new_markdown_cell("# A title")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), project.notebooks / f"{name}.ipynb")


def repairs(project: Project) -> list[str]:
    return [str(repair) for repair in DataCheck(project).repairs]


def opened(project: Project, path: str, repository: str = REPOSITORY) -> list[str] | None:
    """Return the files that the link of a notebook opens in a codespace; None where there is no link."""
    ways = notebooks.ways(project, [{"path": path}], repository)[path]
    links = [urlsplit(way["href"]) for way in ways if way["title"] == "Codespaces"]
    if not links:
        return None
    (link,) = links
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://codespaces.new/desk/story"
    (file,) = parse_qs(link.query)["devcontainer_path"]
    return json.loads((project.root / file).read_bytes())["customizations"]["codespaces"]["openFiles"]


def test_the_link_of_each_notebook_of_a_new_story_opens_it(story):
    for path in ("notebooks/1-facts.ipynb", "notebooks/2-sources.ipynb"):
        assert opened(story, path) == [path]
    assert not repairs(story)
    tracked = codespaces.file_for("1-facts")
    assert (story.root / tracked).is_file() and not codespaces.changes(story)


def test_a_configuration_is_the_storys_own_but_for_what_it_opens(story):
    common = story.root / codespaces.COMMON
    content = json.loads(common.read_bytes()) | {"containerEnv": {"LANG": "en_US"}}
    content["customizations"]["codespaces"] = {"openFiles": ["README.md"], "repositories": {}}
    common.write_text(json.dumps(content), encoding="utf-8")
    assert repairs(story) == [
        f"{codespaces.file_for(name)}: is not what .devcontainer/devcontainer.json gives."
        for name in ("1-facts", "2-sources")
    ]
    done = explain(story, "check", "--fix")
    assert done.returncode == 0 and codespaces.file_for("2-sources") in done.stdout
    made = json.loads(configuration(story, "1-facts").read_bytes())
    assert made.pop("name") == "1-facts"
    assert made["customizations"]["codespaces"].pop("openFiles") == ["notebooks/1-facts.ipynb"]
    assert made["customizations"]["codespaces"] == {"repositories": {}}
    for one in (made, content):
        del one["customizations"]["codespaces"]
    assert made == content


@pytest.mark.parametrize("command", [("check", "--fix"), ("run",), ("render",)])
def test_a_notebook_that_comes_or_goes_takes_its_configuration_along(story, command):
    other = story.root / ".devcontainer/gpu/devcontainer.json"
    other.parent.mkdir()
    other.write_text('{"image": "x", "customizations": {"codespaces": {"openFiles": ["README.md"]}}}')
    add_notebook(story, "3 – Más")
    codespaces.refresh(story)
    assert opened(story, "notebooks/3 – Más.ipynb") == ["notebooks/3 – Más.ipynb"]
    (story.notebooks / "3 – Más.ipynb").rename(story.notebooks / "3-more.ipynb")
    assert repairs(story) == [
        ".devcontainer/3 – Más/devcontainer.json: opens a notebook that is gone.",
        ".devcontainer/3-more/devcontainer.json: is missing: with it, a codespace opens this notebook.",
    ]
    done = explain(story, *command)
    assert done.returncode == 0, done.stderr
    assert not repairs(story) and opened(story, "notebooks/3-more.ipynb") == ["notebooks/3-more.ipynb"]
    assert not configuration(story, "3 – Más").exists() and other.exists()


@pytest.mark.parametrize("common", [None, '{"build": {"dockerfile": "Dockerfile"}}'])
def test_without_one_that_can_stand_elsewhere_there_is_no_link(story, common):
    path = story.root / codespaces.COMMON
    path.unlink()
    if common:
        path.write_text(common, encoding="utf-8")
    codespaces.refresh(story)
    assert not configuration(story, "1-facts").exists()
    assert opened(story, "notebooks/1-facts.ipynb") is None and not repairs(story)


@pytest.mark.parametrize(
    ("text", "what", "row"),
    [
        ('{\n  // an image\n  "image": "x"}', "is not JSON: Expecting property name", 2),
        ("[]", "is no configuration of a dev container", None),
        ('{"image": "x", "customizations": []}', "is no configuration of a dev container", None),
        (
            '{"image": "x", "customizations": {"codespaces": 1}}',
            "is no configuration of a dev container",
            None,
        ),
    ],
)
def test_one_that_cannot_be_read_is_a_fault_of_its_line(story, text, what, row):
    (story.root / codespaces.COMMON).write_text(text, encoding="utf-8")
    (fault,) = DataCheck(story).faults
    assert (fault.file, fault.row) == (codespaces.COMMON, row) and fault.what.startswith(what)
    assert fault.remedy
    with pytest.raises(Fault):
        codespaces.refresh(story)


def test_a_report_is_made_anew_when_a_notebooks_link_changes(story):
    index = story.index.read_text(encoding="utf-8")
    story.index.write_text(index.replace("---\n", f"---\nrepository: {REPOSITORY}\n", 1), encoding="utf-8")
    page = story.report / "notebooks/1-facts.html"
    assert explain(story, "render").returncode == 0
    assert "?devcontainer_path=.devcontainer%2F1-facts%2Fdevcontainer.json" in page.read_text(
        encoding="utf-8"
    )
    (story.root / codespaces.COMMON).unlink()
    assert explain(story, "render").returncode == 0
    assert "codespaces.new" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "repository",
    [
        "https://github.com/desk",
        "https://github.com/desk/story/tree/main/ferry",
        "https://gitlab.com/a/b/-/tree/main/c",
    ],
)
def test_a_folder_in_a_repository_is_no_place_to_run_a_notebook(story, repository):
    # Both services read their settings from the root of a repository, and open paths from there.
    _, _, *services = notebooks.ways(story, [{"path": "notebooks/1-facts.ipynb"}], repository)[
        "notebooks/1-facts.ipynb"
    ]
    assert not services
