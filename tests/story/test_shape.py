"""This repository's root is a story as `explainer new` makes one."""

from __future__ import annotations

import json

import pytest
import yaml

import story
from explainer.data import description
from explainer.notebooks import ipynb
from explainer.starter import readiness
from explainer.starter.new import FILES, create
from explainer.system.extension import FOLDER
from explainer.system.project import Project

ROOT = Project(story.HERE)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Project:
    return create(tmp_path_factory.mktemp("new"), "ferry").project


def test_what_a_new_story_has_is_here_in_the_same_places(made):
    for path in made.root.rglob("*"):
        name = path.relative_to(made.root)
        if name.parts[0] in (".git", "_build") or name.parts[:1] == ("tests",) or path.suffix == ".ipynb":
            continue
        assert (ROOT.root / name).exists(), f"{name} is in a new story, and not here"
    assert (ROOT.root / "tests").is_dir() and list(ROOT.notebooks.glob("*.ipynb"))


def test_quartos_settings_are_those_of_a_new_story(made):
    theirs = yaml.safe_load(
        made.quarto_yml.read_text(encoding="utf-8").replace(FOLDER, "src/explainer/theme")
    )
    ours = yaml.safe_load(ROOT.quarto_yml.read_text(encoding="utf-8"))
    pages = ours["project"].pop("render")
    assert set(theirs["project"].pop("render")) <= set(pages)  # a story may have more pages
    assert ours == theirs
    settings = "notebooks/_metadata.yml"
    assert (ROOT.root / settings).read_bytes() == (made.root / settings).read_bytes()


def test_what_git_ignores_in_a_new_story_is_ignored_here():
    theirs = (FILES / "gitignore").read_text(encoding="utf-8").split()
    assert set(theirs) <= set((ROOT.root / ".gitignore").read_text(encoding="utf-8").split())


def test_the_story_describes_its_own_tables_and_the_library_the_rest(made):
    assert description.is_current(ROOT), "make check ARGS=--fix"
    own = {resource["name"] for resource in json.loads(ROOT.story.read_bytes())["resources"]}
    universal = {resource["name"] for resource in json.loads(made.package.read_bytes())["resources"]}
    for resource in json.loads(ROOT.story.read_bytes())["resources"]:
        if resource["name"] in universal and not resource["name"].startswith("values-"):
            assert "path" not in resource, f"{resource['name']} is the library's"
    assert universal - own, "tables that need no word of the story"


def test_its_tables_lack_nothing_for_publication():
    assert [lack for lack in readiness.missing(ROOT) if "data/" in lack] == []


def test_a_codespace_opens_every_notebook(made):
    for project in (ROOT, made):
        settings = json.loads((project.root / ".devcontainer/devcontainer.json").read_bytes())
        opened = settings["customizations"]["codespaces"]["openFiles"]
        assert opened == [notebook.file for notebook in ipynb.read_all(project)]
