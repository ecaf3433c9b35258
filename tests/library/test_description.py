"""The whole data package that comes of a story's own description, and when it is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from frictionless import Package

import mini
from explainer.data import description
from explainer.data.description import UNIVERSAL, compose, refresh
from explainer.data.package import DataPackage
from explainer.ledger.data_check import DataCheck
from explainer.system.errors import Fault
from explainer.system.project import MARKER, Project

KINDS = {"name": "kind", "constraints": {"enum": ["stall", "claim"]}}
KEYS = {"name": "fact_key", "constraints": {"pattern": "^F[0-9]$"}}
STORY = {
    "name": "fair",
    "title": "The fair",
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "resources": [
        {"name": "facts", "schema": {"fields": [KINDS]}},
        {"name": "questions", "schema": {"fields": [KEYS]}},
        {"name": "values-crates", "producedBy": "1-crates"},
        {
            "name": "stalls",
            "path": "stalls.csv",
            "schema": {"fields": [{"name": "stall", "type": "string"}], "primaryKey": ["stall"]},
        },
    ],
}  # fmt: skip


@pytest.fixture
def project(tmp_path) -> Project:
    """Return a story that describes its own tables, with the tables of the little report."""
    (tmp_path / MARKER).touch()
    made = Project(tmp_path)
    write(made, STORY)
    return made


def write(project: Project, story: dict) -> None:
    mini.write(project.story, json.dumps(story, indent=1))


def field(package: dict, table: str, column: str) -> dict:
    (resource,) = [resource for resource in package["resources"] if resource["name"] == table]
    return next(field for field in resource["schema"]["fields"] if field["name"] == column)


def test_the_library_describes_what_every_story_has(project):
    package = compose(project)
    assert package["name"] == "fair"
    names = [resource["name"] for resource in package["resources"]]
    assert names[:3] == ["article", "paragraphs", "facts"]
    assert names[-2:] == ["values-crates", "stalls"]
    assert "events" not in names  # a notebook writes it, and the story names none that does
    assert not list(Package.metadata_validate(package))
    assert all(resource["licenses"] == STORY["licenses"] for resource in package["resources"])


def test_a_story_adds_to_a_table_of_the_library(project):
    package = compose(project)
    kinds = field(package, "facts", "kind")["constraints"]["enum"]
    assert kinds.count("claim") == 1 and kinds[-1] == "stall"
    assert field(package, "questions", "fact_key")["constraints"] == {"required": True, "pattern": "^F[0-9]$"}
    (values,) = [resource for resource in package["resources"] if resource["name"] == "values-crates"]
    assert values["path"] == "tidy/values-crates.csv" and values["producedBy"] == "1-crates"
    assert values["title"] == "Values of notebook 1-crates"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"name": "facts", "path": "f.csv"}, "facts: the library relies on this path, \"article/facts.csv\""),
        ({"name": "facts", "schema": {"primaryKey": ["kind"]}}, "the library relies on this primaryKey"),
        (
            {"name": "facts", "schema": {"fields": [{"name": "paragraph", "type": "string"}]}},
            "facts, column paragraph: the library relies on this type, \"integer\"",
        ),
    ],
)  # fmt: skip
def test_a_story_cannot_change_what_the_library_relies_on(project, entry, words):
    write(project, STORY | {"resources": [entry]})
    with pytest.raises(Fault) as caught:
        compose(project)
    assert words in caught.value.what
    assert caught.value.file == "data/story.json" and caught.value.remedy


TABLE = {"name": "stalls", "path": "stalls.csv", "schema": {"fields": [{"name": "stall", "type": "string"}]}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a data package: it must be an object with a list of resources"),
        ('{"resources": [{}]}', "is not a data package: resources[0] lacks name"),
        ([{"name": "facts", "schema": {"fields": [{}]}}], "resources[facts].schema.fields[0] lacks name"),
        (
            [{"name": "facts", "schema": []}],
            "resources[facts].schema must be an object with a list of fields",
        ),
        ([TABLE, TABLE], "resources has this name 2 times"),
        (
            [TABLE | {"path": "../stalls.csv"}],
            "resources[stalls].path must be the path of a file below data/",
        ),
        # Only what the library describes may be left out.
        ([{"name": "stalls", "schema": TABLE["schema"]}], "resources[stalls] lacks path"),
        ([TABLE | {"schema": {}}], "resources[stalls].schema lacks fields"),
        (
            [TABLE | {"schema": {"fields": [{"name": "stall"}]}}],
            "resources[stalls].schema.fields[stall] lacks type",
        ),
        ([{"name": "facts", "schema": {"fields": [{"name": "hue"}]}}], "schema.fields[hue] lacks type"),
        ([TABLE | {"claimReview": "stall"}], "resources[stalls].claimReview must be an object"),
    ],
)
def test_a_story_that_cannot_be_read_is_told_with_its_file(project, text, words):
    mini.write(project.story, text if isinstance(text, str) else json.dumps({"resources": text}))
    check = DataCheck(project)
    assert [fault.file for fault in check.faults] == ["data/story.json"]
    assert words in check.faults[0].what


def test_the_data_are_described_in_the_words_of_the_story_alone(project):
    story = json.loads(project.story.read_bytes())
    mini.write(project.story, json.dumps(story | {"description": "Fruit sold in May."}))
    assert compose(project)["description"] == "Fruit sold in May."
    # What the library adds to the standard is for those who read the description itself.
    assert "listOf (a list of ids of another table)" in compose(project)["rules"]


def test_the_whole_description_is_written_only_where_it_is_behind(project):
    assert refresh(project)
    assert json.loads(project.package.read_bytes()) == compose(project)
    assert not refresh(project)
    write(project, STORY | {"title": "Another"})
    check = DataCheck(project)
    assert [str(repair) for repair in check.repairs] == [
        "data/datapackage.json: is not what data/story.json describes."
    ]
    assert list(check.fix()) == ["data/datapackage.json"]
    assert json.loads(project.package.read_bytes())["title"] == "Another"


def test_a_folder_without_a_story_describes_everything_itself(tmp_path):
    project = mini.tables(tmp_path)
    assert description.is_current(project) and not refresh(project)
    assert DataPackage(project).descriptor == json.loads(project.package.read_bytes())


def test_nothing_of_one_story_is_in_the_library():
    text = UNIVERSAL.read_text(encoding="utf-8").casefold()
    for word in ("phillyvoice", "pars", "detention", "the city"):
        assert word not in text.replace("parse", "")
    enums = [column["constraints"].get("enum", []) for table in json.loads(text)["resources"]
             for column in table["schema"]["fields"] if "constraints" in column]  # fmt: skip
    assert not {"demand", "agreement", "system", "linked"} & {value for enum in enums for value in enum}


def test_universal_tables_are_written_as_people_read_them():
    text = Path(UNIVERSAL).read_text(encoding="utf-8")
    assert text == description.to_json(json.loads(text))
