"""The same report by a real Quarto and by the embedded engine: a little one, and the story's own."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

import mini
from explainer.acceptance.reading import SAME_BY_EITHER_ENGINE
from explainer.report.pages import read_pages
from explainer.system.project import Project
from program import explain
from reading import Page, Pdf, hold_the_same, numbers_on_paper_alone, squeezed

pytestmark = pytest.mark.quarto

STORY = [pytest.mark.slow]
LITTLE = ["index.html", "notebooks/1-crates.html", "notebooks/2-stalls.html"]
STORY_PAGES = read_pages(Project(mini.HERE))
WHOLE = [
    *(page.address for page in STORY_PAGES),
    *(f"notebooks/{path.stem}.html" for path in sorted(mini.HERE.glob("notebooks/*.ipynb"))),
]
ON_PAPER_ALONE = re.compile(r'\{\.content-visible when-format="typst"\}\n#+ (.+?)(?: \{.*)?\n')
#: The pages of prose of each report, each with its PDF, and the headings that only the PDF has.
PROSE = {
    "little": {"index": ("report.pdf",)},
    "story": {
        page.path.stem: (page.pdf, *ON_PAPER_ALONE.findall(page.text)) for page in STORY_PAGES if page.pdf
    },
}
FOLDERS = ["little", pytest.param("story", marks=STORY)]
PAGES = [
    *(("little", name) for name in LITTLE),
    *(pytest.param(("story", name), marks=STORY, id=f"story-{name}") for name in WHOLE),
]


#: One object a file, as a PDF takes seconds to read.
pdf_of = cache(Pdf)


@pytest.fixture(scope="session")
def quarto_published(published, tmp_path_factory, quarto_path) -> Project:
    """Return the story's own report as Quarto renders it."""
    root = tmp_path_factory.mktemp("quarto") / "story"
    shutil.copytree(published.root, root, symlinks=True)
    project = Project(root)
    shutil.rmtree(project.report)
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Rendered with Quarto" in done.stdout
    return project


@pytest.fixture
def both(request, quarto_path):
    """Return a function that gives the reports of both engines, the embedded one's first."""

    def reports(which: str) -> list[Path]:
        names = {
            "little": ("rendered", "quarto_rendered"),
            "story": ("published", "quarto_published"),
        }
        return [request.getfixturevalue(name).report for name in names[which]]

    return reports


@pytest.fixture(params=PAGES, ids=lambda param: "-".join(param))
def pages(request, both):
    which, name = request.param
    return [Page(report / name) for report in both(which)]


@pytest.fixture(params=FOLDERS)
def folders(request, both):
    return both(request.param)


@pytest.fixture
def prose(request, folders):
    """Return the pages of prose of the reports in `folders`, as `PROSE` has them."""
    return PROSE[request.node.callspec.params["folders"]]


@pytest.mark.parametrize("aspect", SAME_BY_EITHER_ENGINE)
def test_either_engine_gives_the_same(pages, aspect):
    pandoc, quarto = map(SAME_BY_EITHER_ENGINE[aspect], pages)
    assert quarto == pandoc
    assert pandoc


def test_drawings_keep_the_case_of_their_names(pages):
    for page in pages:
        assert "viewbox=" not in page.text
        assert ("viewBox=" in page.text) == ("<svg" in page.text)


def test_same_pdf(folders, prose):
    for name, *_ in prose.values():
        pandoc, quarto = (pdf_of(folder / name) for folder in folders)
        assert squeezed(quarto.text) == squeezed(pandoc.text)
        assert quarto.headings == pandoc.headings
        assert quarto.numbers == pandoc.numbers
        assert quarto.links == pandoc.links
        assert quarto.alternatives() == pandoc.alternatives()
        assert len(quarto.reader.pages) == len(pandoc.reader.pages)
        for pdf in (quarto, pandoc):
            assert b"pdfuaid:part" in pdf.bytes
        assert quarto.reader.metadata == pandoc.reader.metadata


def test_same_files(folders):
    pandoc, quarto = map(mini.snapshot, folders)
    assert set(quarto) == set(pandoc)


def test_page_and_pdf_have_the_same_headings_figures_and_tables(folders, prose):
    for folder in folders:
        for page, (pdf, *paper_alone) in prose.items():
            hold_the_same(Page(folder / f"{page}.html"), pdf_of(folder / pdf), *paper_alone)


def test_every_number_on_paper_is_one_of_the_pages(folders, prose):
    for folder in folders:
        # On paper, data stand below their chart; on screen, in its embed.
        files = [*(folder / f"{page}.html" for page in prose), *folder.glob("embed/*.html")]
        pages = [Page(file) for file in files]
        for pdf, *_ in prose.values():
            assert numbers_on_paper_alone(folder / pdf, *pages) == []
