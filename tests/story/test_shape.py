"""This repository's root is a story as `explainer new` makes one."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
import yaml

import story
from explainer.data import description
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import codespaces, ipynb
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
        if name.parts[0] in (".git", ".devcontainer", "_build", "tests") or path.suffix == ".ipynb":
            continue
        assert (ROOT.root / name).exists(), f"{name} is in a new story, and not here"
    assert (ROOT.root / "tests").is_dir() and list(ROOT.notebooks.glob("*.ipynb"))


def test_quartos_settings_are_those_of_a_new_story(made):
    theirs = yaml.safe_load(
        made.quarto_yml.read_text(encoding="utf-8").replace(FOLDER, "src/explainer/theme")
    )
    ours = yaml.safe_load(ROOT.quarto_yml.read_text(encoding="utf-8"))
    assert ours == theirs
    settings = "notebooks/_metadata.yml"
    assert (ROOT.root / settings).read_bytes() == (made.root / settings).read_bytes()


def test_python_conda_and_the_editor_are_set_up_as_in_a_new_story(made):
    theirs, ours = (tomllib.loads(one.pyproject.read_text(encoding="utf-8")) for one in (made, ROOT))
    assert ours["project"]["requires-python"] == theirs["project"]["requires-python"]
    theirs, ours = (
        yaml.safe_load((one.root / "environment.yml").read_text(encoding="utf-8")) for one in (made, ROOT)
    )
    assert ours["channels"] == theirs["channels"]
    # There Python and the library; here the oldest Python, and what the library needs. Binder takes the
    # Python that is named exactly.
    for one in (theirs, ours):
        assert re.fullmatch(r"python=3\.\d+", one["dependencies"][0])
    conda = {line for line in theirs["dependencies"] if isinstance(line, str)}
    assert conda - {"python=3.12"} <= {line for line in ours["dependencies"] if isinstance(line, str)}


def test_what_a_new_story_tests_is_tested_here(made):
    (test,) = (made.root / "tests").glob("test_*.py")
    commands = re.findall(r'explainer\("(\w+)"\)', test.read_text(encoding="utf-8"))
    assert commands == ["check", "render"]
    assert not DataCheck(ROOT).faults  # `published` in tests/conftest.py renders it


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


def test_a_codespace_is_set_up_as_in_a_new_story(made):
    assert (ROOT.root / codespaces.COMMON).read_bytes() == (made.root / codespaces.COMMON).read_bytes()
    assert not codespaces.changes(ROOT), "make check ARGS=--fix"
    for notebook in ipynb.read_all(ROOT):
        configuration = json.loads((ROOT.root / codespaces.file_for(notebook.name)).read_bytes())
        assert configuration["customizations"]["codespaces"]["openFiles"] == [notebook.file]
