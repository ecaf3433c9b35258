"""The pages on a new story: their commands run, and what they say of descriptions holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mini
from explainer.cli import _register, app
from explainer.data.description import compose
from explainer.ledger.data_check import DataCheck
from explainer.system.project import MARKER, Project
from program import explain

README = (mini.HERE / "README.md").read_text(encoding="utf-8")
PAGE = (mini.HERE / "docs" / "new-story.md").read_text(encoding="utf-8")
STARTER = (mini.HERE / "src/explainer/starter/files/README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_five_commands_of_the_readme_run(tmp_path):
    (commands,) = blocks(README.split("## Start another story")[1].split("\n## ")[0], "sh")
    lines = commands.splitlines()
    assert len(lines) == 5
    shutil.copy(mini.HERE / "tests" / "articles" / "storm.txt", tmp_path)
    bin = tmp_path / "bin"
    mini.write(
        bin / "explainer",
        f"#!{sys.executable}\nfrom explainer.cli import main\nif __name__ == '__main__':\n    main()\n",
    )
    (bin / "explainer").chmod(0o755)
    environment = mini.without_quarto() | {"HOME": str(tmp_path)}
    environment["PATH"] = f"{bin}:{environment['PATH']}"
    script = "\n".join(["set -e", *lines])
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the article's url" in done.stdout and "Readers will miss" in done.stdout
    assert (tmp_path / "storm" / "_report" / "index.html").is_file()


@pytest.mark.parametrize("text", [README, PAGE, STARTER], ids=["README", "new-story", "README of a story"])
def test_every_command_that_is_named_exists(text):
    _register()
    names = {
        command.name or command.callback.__name__.replace("_", "-")
        for command in app.registered_commands
        if command.callback
    }
    called = set(re.findall(r"\bexplainer ([a-z][a-z-]*)", "\n".join(re.findall(r"`[^`]+`", text))))
    called |= set(re.findall(r"^explainer ([a-z-]+)", "\n".join(blocks(text, "sh")), re.MULTILINE))
    assert called and called <= names


def test_the_descriptions_that_the_page_shows_are_a_storys(tmp_path):
    (shown,) = blocks(PAGE, "json")
    (tmp_path / MARKER).touch()
    project = Project(tmp_path)
    mini.write(project.story, json.dumps({"name": "storm", "resources": json.loads(f"[{shown}]")}))
    tables = {resource["name"]: resource for resource in compose(project)["resources"]}
    kinds = next(field for field in tables["facts"]["schema"]["fields"] if field["name"] == "kind")
    assert "ship" in kinds["constraints"]["enum"]
    assert tables["values-trips"]["producedBy"] == "3-trips"


def test_every_file_that_the_readme_of_a_story_names_is_written(tmp_path):
    from explainer.starter.new import create

    root = create(tmp_path, "ferry").project.root
    for name in re.findall(r"`((?:data|notebooks|tests)/[\w./-]*|[a-z]+\.(?:qmd|toml))`", STARTER):
        assert (root / name).exists() or name == "data/tidy/", name
    assert isinstance(root, Path)


def test_the_source_that_the_page_adds_passes_the_check(tmp_path):
    from explainer.starter.new import create

    story = create(tmp_path, "storm", mini.HERE / "tests" / "articles" / "storm.txt").project
    (rows,) = blocks(PAGE, "csv")
    for line in rows.splitlines():
        name, row = line.split(maxsplit=1)
        with (story.data / "sources" / name).open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    check = DataCheck(story)
    assert not check.faults and not check.warnings


def test_the_second_page_is_made_as_the_page_says(ferry, tmp_path):
    story = mini.copy_of(ferry, tmp_path / "ferry")
    (page,) = blocks(PAGE, "markdown")
    (embed,) = [line for line in page.splitlines() if line.startswith("{{< embed")]
    mini.write(story.root / "evidence.qmd", page)
    mini.edit(story.index, embed, "See [the evidence](evidence.html).")
    done = explain(story, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'id="tbl-facts"' in (story.report / "evidence.html").read_text(encoding="utf-8")
    assert 'href="evidence.html"' in (story.report / "index.html").read_text(encoding="utf-8")
    assert (story.report / "evidence.pdf").is_file()
