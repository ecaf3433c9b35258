"""``explainer diff`` over this story: a changed count is shown wherever it stands."""

from __future__ import annotations

import shutil

import pytest

import mini
import story
from differences import commit, parts, titles
from explainer.diff import compare


@pytest.mark.slow
def test_a_changed_count_of_the_story_is_told_wherever_it_stands(published, tmp_path):
    project = mini.copy_of(published, tmp_path / "story")
    shutil.rmtree(project.report)
    commit(project)
    story.set_fact(project, "arrest-count", as_printed="31", exact="31 people arrested")

    found = compare.diff(project, "HEAD", say=lambda line: None)

    assert titles(found)["Facts"] == [("changed", "arrest-count")]
    assert parts(found, "Facts", "arrest-count")[:2] == [
        ("as_printed", "29", "31"), ("exact", "29 people arrested", "31 people arrested"),
    ]  # fmt: skip
    assert {"fig-arrests"} <= {title for _, title in titles(found)["Charts"]}
    (prose,) = [section for section in found.sections if section.title == "Prose"]
    told = [(part.was, part.now) for item in prose.items for part in item.parts]
    assert len(told) >= 2 and all("29" in was and "31" in now for was, now in told)
    assert "Notebooks" not in titles(found)
    assert not project.report.exists()
