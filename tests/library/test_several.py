"""A desk with many stories: one command does all of them, and none stops another."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import mini
from explainer.starter.new import create
from explainer.system.project import Project
from program import explain


@pytest.fixture(scope="module")
def desk(ferry, tmp_path_factory) -> Project:
    """Return a folder with two good stories, one with a fault, and one thing that is no story."""
    root = tmp_path_factory.mktemp("desk")
    shutil.rmtree(mini.copy_of(ferry, root / "ferry").report)
    for name in ("harbor", "pier"):
        create(root, name)
    mini.edit(root / "harbor" / "data" / "article" / "facts.csv", ",attributed,", ",attributd,")
    (root / "notes.txt").write_text("Call the coast guard.")
    return Project(root)


def test_each_story_is_checked_and_gets_a_line(desk):
    done = explain(desk, "check", "ferry", "harbor", "notes.txt", "pier", "./ferry")
    assert done.returncode == 1
    lines = [line for line in done.stdout.splitlines() if not line.startswith("  ")]
    assert lines[0].startswith("ferry: ") and lines[0].endswith(": no fault")
    assert lines[1:3] == ["harbor: failed", "notes.txt: failed"]
    assert lines[3].startswith("pier: ") and len(lines) == 4  # one line for the one that is named twice
    assert "  data/article/facts.csv:" in done.stdout and "Did you mean 'attributed'?" in done.stdout
    assert "  This is not the folder of a story: it has no _quarto.yml." in done.stdout
    assert done.stderr == "2 of 4 failed.\n"


def test_stories_without_a_fault_end_well(desk):
    done = explain(desk, "check", "ferry", "pier")
    assert done.returncode == 0 and done.stderr == ""


def test_a_story_inside_another_folder_of_one_is_not_taken_for_it(desk):
    (desk.root / "ferry" / "drafts").mkdir(exist_ok=True)
    done = explain(desk, "check", "ferry/drafts")
    assert done.returncode == 1 and "ferry/drafts: failed" in done.stdout


def test_each_story_is_rendered_whatever_is_wrong_with_the_others(desk):
    done = explain(desk, "render", "harbor", "ferry", "--engine", "pandoc")
    assert done.returncode == 1
    assert done.stdout.startswith("harbor: failed\n  ") and "\nferry: Rendered with Pandoc " in done.stdout
    assert (desk.root / "ferry" / "_report" / "report.pdf").is_file()
    assert not (desk.root / "harbor" / "_report").exists()
    again = explain(desk, "render", "ferry", "--engine", "pandoc")
    assert again.returncode == 0 and again.stdout.rstrip().endswith(", nothing changed")


def test_programs_read_one_story_at_a_time(desk):
    done = explain(desk, "check", "ferry", "--format", "json")
    assert done.returncode == 2 and "is for one story, in its own folder" in done.stderr
    unknown = explain(Project(Path(desk.root)), "render", "ferry", "--engine", "word")
    assert unknown.returncode == 2
