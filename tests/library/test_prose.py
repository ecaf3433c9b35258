"""What a page refers to is there, or the editor is told where it is not."""

from __future__ import annotations

import json

import pytest

import mini
from explainer.verify.prose import check_prose

SOURCES = [{"id": "post"}, {"id": "blog"}]
FACTS = {"fair-closes": {}, "apples": {}}


@pytest.fixture
def project(tmp_path):
    return mini.make(tmp_path)


def faults(project, words, front=""):
    mini.write(project.index, f"---\ntitle: T\n{front}---\n\n## A {{#sec-a}}\n\n{words}\n")
    figures = {
        "fig-a": {"notebook": "notebooks/1-crates.ipynb"},
        "fig-b": {"notebook": "notebooks/1-crates.ipynb"},
    }
    own = ("refers", "cites", "fact", "link", "block", "figure or table", "variable", "shortcode")
    found = check_prose(project, {"n": "1"}, figures, FACTS, SOURCES)
    return [fault for fault in found if fault.file == "index.qmd" and any(word in fault.what for word in own)]


EMBED = "{{< embed notebooks/1-crates.ipynb#fig-a >}}"


@pytest.mark.parametrize(
    ("words", "what", "remedy"),
    [
        ("See @fig-zzz.", "this refers to a figure or table that no notebook has", "Did you mean fig-b?"),
        ("See @fig-b.", "this refers to a figure or table that no page shows", "Embed it, or"),
        ("See @sec-zzz.", "this refers to a section that no page has", "Did you mean sec-a?"),
        ("Says [see @nobody, *left*].", "this cites a source that does not exist", "Check the name. Sources"),
        ("Says @{nobody}.", "this cites a source that does not exist", "Check the name."),
        ("::: {#fig-zzz}\n:::", "no notebook has a figure or table with this label", "Did you mean fig-b?"),
        ("::: {#fig-b}\n:::\n\n::: {#fig-b}\n:::", "this figure or table is shown twice", "Drop one"),
        ('[a]{.fact ref="apple"}', "this fact does not exist", "Did you mean apples?"),
        ("[a]{.fact ref=apple}", "this fact does not exist", "Did you mean apples?"),
        ("[a]{.fact}", "a fact span names no fact", "Write [words]{.fact"),
        ("Said [see [48](#ref-post), @post].", "a link stands for a citation", "Write [@post] instead."),
        ("::: {#refs}\n48\n:::", "the block {#refs} holds words", "Take them out"),
        ("{{< var no.such >}}", "this variable does not exist", ""),
    ],
)
def test_what_is_referred_to_in_vain_is_named_with_its_line(project, words, what, remedy):
    first, *more = faults(project, words)
    assert (first.what, first.row) == (what, 7)
    assert (first.remedy or "").startswith(remedy)
    assert all((one.what, one.row > 7) == (what, True) for one in more)


def test_a_reference_in_the_front_matter_is_checked_too(project):
    (fault,) = faults(project, "Words.", 'subtitle: "By [@nobody]"\n')
    assert (fault.what, fault.row) == ("this cites a source that does not exist", 3)


def test_each_place_of_a_bad_reference_is_told(project):
    found = faults(project, "See @fig-y, @fig-x.\n\nAnd @fig-y, `@fig-x`.")
    assert [(fault.value, fault.row) for fault in found] == [("@fig-y", 7), ("@fig-y", 9), ("@fig-x", 7)]


def test_what_is_there_passes(project):
    words = (
        f'{EMBED}\n\nSee @fig-a, @sec-a [-@post; @blog], a\\@b.org and `@nobody`. [a]{{.fact ref="apples"}}.'
    )
    assert faults(project, f"{words}\n\n::: {{#refs}}\n:::") == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("As @post and\n@nobody say.", "this cites a source that does not exist"),
        ("A\n[fact]{.fact ref=none}.", "this fact does not exist"),
        ("A\n{{< var no.such >}}.", "this variable does not exist"),
    ],
)
def test_references_of_notebooks_are_told_with_cell_and_line(project, words, what):
    path = project.notebooks / "2-stalls.ipynb"
    content = json.loads(path.read_text())
    content["cells"][0]["source"] = f"# Stalls\n\n{words}"
    path.write_text(json.dumps(content))
    mini.write(project.index, "---\ntitle: T\n---\n\nWords.\n")
    found = check_prose(project, {}, {}, FACTS, SOURCES)
    places = [fault.column for fault in found if fault.what == what and "2-stalls" in fault.file]
    assert places == ["Markdown cell 1, line 4"]
