"""The second story, whose article is in the public domain and lies beside it whole."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import lxml.html
import pytest
from pypdf import PdfReader

import mini
from explainer.starter.new import create
from explainer.system.project import Project
from program import explain

STORY = mini.HERE / "examples" / "mount-carbon"


def copy(root: Path) -> Project:
    """Copy what git would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."]
    listed = subprocess.run(command, cwd=STORY, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listed.split("\0")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(STORY / name, root / name)
    return Project(root)


@pytest.fixture(scope="session")
def built(shared) -> Project:
    return shared("mount-carbon", copy)


@pytest.fixture
def draft(tmp_path) -> Project:
    return copy(tmp_path / "mount-carbon")


@pytest.fixture
def page(built) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring((built.report / "index.html").read_bytes())


def test_it_has_the_shape_that_a_new_story_has(tmp_path):
    new = create(tmp_path, "mount-carbon").project.root
    own = {"README.md", "index.qmd", ".gitignore"}
    for path in sorted(path for path in new.rglob("*") if path.is_file()):
        name = path.relative_to(new)
        if name.parts[0] in (".git", "_build"):
            continue
        assert (STORY / name).is_file(), f"{name} is in a new story, and not here"
        if name.parts[0] != "data" and path.suffix != ".ipynb" and name.name not in own:
            assert (STORY / name).read_bytes() == path.read_bytes(), name


def test_the_whole_release_is_accounted_for(draft):
    done = explain(draft, "audit", "release.txt")
    assert done.returncode == 0, done.stdout
    assert "Every fact stands where it should, and every mention is accounted for." in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("approximately 28 tank cars", "approximately 27 tank cars", "cars-derailed"),
        ("Downstream water", "On Wednesday, downstream water", "Wednesday"),
        ("immediately ignited", "soon ignited", "oil-ignited"),
        ("will continue to monitor", "will go on to monitor", "monitoring"),
    ],
)
def test_a_copy_that_says_something_else_is_named(draft, old, new, named):
    mini.edit(draft.root / "release.txt", old, new)
    done = explain(draft, "audit", "release.txt")
    assert done.returncode == 1 and named in done.stdout


def test_the_data_has_no_fault_and_its_record_is_of_today(draft):
    before = mini.snapshot(draft.data)
    done = explain(draft, "check")
    assert (done.returncode, done.stderr) == (0, "") and "no fault" in done.stdout
    assert explain(draft, "publish").returncode == 0
    assert mini.snapshot(draft.data) == before


@pytest.mark.slow
def test_a_run_of_today_gives_the_committed_tables_and_notebooks(built):
    for folder in ("data", "notebooks"):
        for name, content in mini.snapshot(built.root / folder).items():
            assert (STORY / folder / name).read_bytes() == content, name


@pytest.mark.slow
def test_the_report_is_short_and_each_chart_has_a_finding(page):
    prose = (STORY / "index.qmd").read_text(encoding="utf-8").split("---\n", 2)[2]
    prose = re.sub(
        r"\{\{< embed .*?>\}\}|\[@[^]]*\]|\]\{\.fact[^}]*\}|^:::.*$", "", prose, flags=re.MULTILINE
    )
    words = re.sub(r"\{\{< var .*?>\}\}", "1", prose).split()
    assert 600 <= len(words) <= 900
    findings = page.xpath("//figure[starts-with(@id, 'fig-')]//*[contains(@class, 'takeaway')]")
    assert len(findings) == 4 and all(len(one.text_content()) > 40 for one in findings)


@pytest.mark.slow
def test_readers_are_told_what_was_corrected(page):
    after = page.xpath("//h2[@id='sec-corrections']/following::*")
    told = " ".join(one.text_content() for one in after if one.tag in ("p", "li", "dd", "td"))
    assert "the release says only that the derailments are similar" in told


@pytest.mark.slow
@pytest.mark.parametrize("name", ["report.pdf", "evidence.pdf"])
def test_its_pdf_is_there(built, name):
    pages = PdfReader(built.report / name).pages
    assert 2 <= len(pages) <= 16 and all(sheet.extract_text().strip() for sheet in pages)


@pytest.mark.slow
def test_nothing_of_the_first_story_stands_in_it(built):
    for file in built.report.rglob("*"):
        if file.suffix in (".html", ".csv", ".json", ".jsonld", ".md", ".txt"):
            assert not re.search(r"Philly|PARS\b|\bKenney\b", file.read_text(encoding="utf-8")), file
