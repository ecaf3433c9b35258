"""The documentation names only what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
CODE = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
#: Written by a build, so absent from a fresh clone.
GENERATED = ("_build/", "_report/", ".venv/")


def page_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem != "CHANGELOG"], ids=page_name)
def test_every_path_named_on_a_page_exists(page: Path) -> None:
    paths = [
        words
        for words in CODE.findall(page.read_text("utf-8"))
        if re.fullmatch(r"[A-Za-z.][\w.-]*/[\w./-]*", words)
    ]
    missing = {path for path in paths if not path.startswith(GENERATED) and not (ROOT / path).exists()}
    # Some pages name what is in a folder they speak of.
    assert {path for path in missing if not path.endswith("/")} == set()


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    text = CODE.sub("", BLOCK.sub("", page.read_text("utf-8")))
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    local = [link for link in links if not link.startswith("http")]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_index_of_the_docs_lists_every_page() -> None:
    listed = set(re.findall(r"\]\(([\w./-]+\.md)\)", (ROOT / "docs" / "README.md").read_text("utf-8")))
    assert {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_the_fact_of_the_architecture_has_the_number_that_the_page_speaks_of() -> None:
    for path, row in {
        "data/article/facts.csv": "arrest-count",
        "data/tidy/counts.csv": "arrest-count",
        "data/tidy/values-protests.csv": "protests.arrests_article",
    }.items():
        [line] = re.findall(rf"^{row},.*", (ROOT / path).read_text("utf-8"), re.MULTILINE)
        assert ",29," in line
    assert "{{< var protests.arrests_article.n >}}" in (ROOT / "index.qmd").read_text("utf-8")
