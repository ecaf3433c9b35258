"""A report of more than one page: every page that Quarto renders, by both engines, and what links them."""

from __future__ import annotations

import re
import shutil

import pytest

import mini
from explainer.report.pages import read_pages, sources
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain
from reading import Page, Pdf, squeezed

PROOF = """\
---
title: "The proof"
format:
  html: default
  typst:
    output-file: proof-of-the-fair.pdf
---

Who sold what, and see @fig-crates. The rest is in @sec-who.

## Growers {#sec-growers}

{{< embed notebooks/1-crates.ipynb#tbl-growers >}}

## Working {#sec-working}

::: {.derivations}
:::

## Sources {#sec-sources}

::: {#refs}
:::
"""
ROWS = """\
---
title: "Row by row"
date: 2031-06-09
format: html
---

The fullest row is in @fig-stalls, says the Echo [@echo_0510]; see @tbl-growers.

{{< embed notebooks/2-stalls.ipynb#fig-stalls >}}
"""
#: What moves from the first page to the others, and what takes its place.
EDITS = (
    ("{{< embed notebooks/1-crates.ipynb#tbl-growers >}}\n\n", ""),
    ("{{< embed notebooks/2-stalls.ipynb#fig-stalls >}}\n\n", ""),
    (
        "## Sources\n\n::: {#refs}\n:::\n",
        '::: {.content-visible when-format="typst"}\n## On paper\n\n::: {#refs}\n:::\n:::\n\n'
        '[Only a screen says so.]{.content-hidden when-format="typst"}\n',
    ),
)


def make(root) -> Project:
    """Make the little report with three pages, of which the last has no PDF."""
    project = mini.make(root)
    for old, new in EDITS:
        mini.edit(project.index, old, new)
    mini.edit(project.quarto_yml, "    - index.qmd\n", "    - index.qmd\n    - proof.qmd\n    - rows.qmd\n")
    mini.write(root / "proof.qmd", PROOF)
    mini.write(root / "rows.qmd", ROWS)
    return project


@pytest.fixture(scope="session")
def embedded(shared) -> Project:
    """Return the report as the embedded engine renders it."""
    return shared("pages", make)


@pytest.fixture(scope="session")
def by_quarto(embedded, tmp_path_factory, quarto_path) -> Project:
    """Return the report as Quarto renders it."""
    project = mini.copy_of(embedded, tmp_path_factory.mktemp("quarto") / "pages")
    shutil.rmtree(project.report)
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@pytest.fixture
def pages(embedded) -> dict[str, Page]:
    return {name: Page(embedded.report / f"{name}.html") for name in ("index", "proof", "rows")}


@pytest.fixture
def copy(embedded, tmp_path) -> Project:
    return mini.copy_of(embedded, tmp_path / "pages")


def links(page: Page, words: str) -> set[str]:
    """Return the addresses of the links that say `words`."""
    return {address for text, address in page.links if text == words}


def test_each_page_is_made_in_the_formats_that_it_declares(embedded):
    made = {path.name for path in embedded.report.glob("*.*") if path.suffix in (".html", ".pdf")}
    assert made == {"index.html", "proof.html", "rows.html", "report.pdf", "proof-of-the-fair.pdf"}
    assert Pdf(embedded.report / "proof-of-the-fair.pdf").reader.metadata.title == "The proof"


def test_figures_and_tables_are_numbered_through_all_pages(pages):
    numbers = {figure["label"]: figure["number"] for page in pages.values() for figure in page.figures}
    assert numbers == {"fig-crates": "Figure 1.", "tbl-growers": "Table 1.", "fig-stalls": "Figure 2."}


def test_references_lead_to_the_page_that_holds_their_target(pages):
    assert links(pages["index"], "Table 1") >= {"proof.html#tbl-growers"}
    assert links(pages["rows"], "Table 1") == {"proof.html#tbl-growers"}
    assert links(pages["proof"], "Figure 1") == {"index.html#fig-crates"}
    assert links(pages["proof"], "Who sold what") == {"index.html#sec-who"}
    assert links(pages["rows"], "Figure 2") == {"#fig-stalls"}


def test_paper_names_the_page_that_holds_the_target(embedded):
    report, proof = (Pdf(embedded.report / name) for name in ("report.pdf", "proof-of-the-fair.pdf"))
    assert squeezed("Table 1 in “The proof”") in squeezed(report.text)
    assert "proof.html#tbl-growers" in report.links
    assert squeezed("Figure 1 in “The fair, 29 crates later”") in squeezed(proof.text)


def test_sources_are_listed_once_for_all_pages(pages):
    listed = pages["proof"].tree.xpath("//ul[@id='refs']/li/@id")
    assert set(listed) == {"ref-post_0509", "ref-echo_0510", "ref-blog"}
    for name in ("index", "rows"):
        cited = set(re.findall(r'href="([^"]*#ref-[^"]*)"', pages[name].text))
        assert cited and all(address.startswith("proof.html#ref-") for address in cited)
        assert not pages[name].tree.xpath("//*[@id='refs']")


def test_paper_lists_the_sources_of_its_own_page(embedded):
    text = Pdf(embedded.report / "report.pdf").text
    assert "On paper" in text and "Only a screen" not in text
    page = Page(embedded.report / "index.html")
    assert "On paper" not in page.visible and "Only a screen says so." in page.visible


def test_derivations_stand_on_the_page_that_lists_them(pages):
    used = set(re.findall(r'href="#how\.([^"]+)"', pages["index"].text))
    assert used
    listed = set(pages["proof"].tree.xpath("//details[@class='derivations']//li/span/@id"))
    assert listed == {f"computed.{name}" for name in used}
    assert not pages["index"].tree.xpath("//*[contains(@class, 'derivations')]")


def test_an_address_of_what_moved_answers_on_the_first_page(pages):
    moved = {link.get("id"): link.get("href") for link in pages["index"].tree.find_class("moved")}
    assert moved == {
        "sec-growers": "proof.html#sec-growers",
        "tbl-growers": "proof.html#tbl-growers",
        "sec-working": "proof.html#sec-working",
        "sec-sources": "proof.html#sec-sources",
    }
    (nav,) = pages["index"].tree.find_class("pages")
    assert (nav.get("data-ref"), nav.get("data-computed")) == ("proof.html", "proof.html")


def test_pages_and_notebooks_lead_to_each_other(embedded, pages):
    assert links(pages["index"], "The proof") == {"proof.html"}
    for name in ("proof", "rows"):
        assert links(pages[name], "← The fair, 29 crates later") == {"index.html"}
        assert pages[name].tree.findtext(".//title").endswith(" – The fair, 29 crates later")
    crates, stalls = (Page(embedded.report / f"notebooks/{name}.html") for name in ("1-crates", "2-stalls"))
    assert links(crates, "In the report: Table 1") == {"../proof.html#tbl-growers"}
    assert links(stalls, "In the report: Figure 2") == {"../rows.html#fig-stalls"}
    embed = Page(embedded.report / "embed/fig-stalls.html")
    assert any(address == "../rows.html#fig-stalls" for _, address in embed.links)


def test_a_page_has_a_day_of_its_own_or_that_of_the_report(pages):
    days = {
        name: page.tree.find(".//p[@class='byline']/time").get("datetime") for name, page in pages.items()
    }
    assert days == {"index": "2031-06-01", "proof": "2031-06-01", "rows": "2031-06-09"}


def test_an_edit_of_one_page_changes_that_page_alone(copy):
    before = mini.snapshot(copy.report)
    mini.edit(copy.root / "proof.qmd", "Who sold what, and", "Whoever sold it,")
    done = explain(copy, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stderr
    after = mini.snapshot(copy.report)
    assert {name for name in after if after[name] != before.get(name)} == {
        "proof.html",
        "proof-of-the-fair.pdf",
    }


FAULTS = [
    (
        "proof.qmd",
        "Who sold what, and",
        "It took 48 hours, and",
        "proof.qmd:9:The proof: '48' traces to no table",
    ),
    (
        "proof.qmd",
        "@fig-crates",
        "@fig-crate",
        "proof.qmd:9: this refers to a figure or table that no notebook has",
    ),
    ("proof.qmd", "@sec-who", "@sec-whom", "proof.qmd:9: this refers to a section that no page has"),
    (
        "rows.qmd",
        "2-stalls.ipynb#fig-stalls",
        "1-crates.ipynb#fig-crates",
        "rows.qmd:9: this figure or table is already embedded in line 27 of index.qmd",
    ),
    ("rows.qmd", 'title: "Row by row"\n', "", "rows.qmd:1: the front matter has no title"),
    ("rows.qmd", "date: 2031-06-09", "date: soon", "rows.qmd: the date in the front matter is no date"),
    ("rows.qmd", "format: html", "format: docx", "rows.qmd:4:format: this format is not made ('docx')"),
    ("rows.qmd", "format: html", "format: typst", "rows.qmd:format: a page needs the format html"),
    ("proof.qmd", "proof-of-the-fair.pdf", "report.pdf", "proof.qmd: this PDF is that of index.qmd too"),
    ("proof.qmd", "proof-of-the-fair.pdf", "../a.pdf", "proof.qmd:output-file: a PDF stands beside its page"),
    ("rows.qmd", "format: html", "output-file: x", "rows.qmd:output-file: a page has the name of its source"),
    (
        "_quarto.yml",
        "- rows.qmd",
        "- row.qmd",
        "_quarto.yml: render names a page that is not there ('row.qmd')",
    ),
    (
        "_quarto.yml",
        "- rows.qmd",
        "- notes.md",
        "_quarto.yml: render names a file that is no page ('notes.md')",
    ),
    ("_quarto.yml", "- rows.qmd", "- more/a.qmd", "_quarto.yml: a page is not in the project's own folder"),
    (
        "index.qmd",
        'content-hidden when-format="typst"',
        'content-hidden when-format="pdf"',
        "names pdf; a page is made",
    ),
    (
        "index.qmd",
        'content-hidden when-format="typst"',
        'content-hidden when-meta="a"',
        "names when-meta; only when-for",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_a_faulty_page_is_refused_with_its_place(copy, file, old, new, message):
    before = mini.snapshot(copy.report)
    mini.write(copy.root / "notes.md", "Notes.\n")
    mini.write(copy.root / "more" / "a.qmd", ROWS)
    mini.edit(copy.root / file, old, new)
    done = explain(copy, "render", "--engine", "pandoc")
    assert done.returncode == 1, done.stdout
    assert message in done.stderr
    assert mini.snapshot(copy.report) == before


@pytest.mark.parametrize(
    ("render", "names"),
    [
        ('"*.qmd"', ["index", "proof", "rows"]),
        ('["*.qmd", "!rows.qmd"]', ["index", "proof"]),
        ('[rows.qmd, "*.qmd"]', ["index", "rows", "proof"]),
        ('["*.ipynb"]', ["index"]),
    ],
)
def test_render_is_read_as_quarto_reads_it(tmp_path, render, names):
    project = make(tmp_path)
    mini.write(tmp_path / "_draft.qmd", ROWS)
    mini.write(project.quarto_yml, f"project:\n  render: {render}\n")
    assert [path.stem for path in sources(project)] == names
    assert [page.address for page in read_pages(project)] == [f"{name}.html" for name in names]


def test_a_pdf_of_that_name_is_that_of_one_page(tmp_path):
    project = make(tmp_path)
    mini.edit(tmp_path / "rows.qmd", "format: html", "format: [html, typst]")
    assert [page.pdf for page in read_pages(project)] == ["report.pdf", "proof-of-the-fair.pdf", "rows.pdf"]
    mini.edit(tmp_path / "proof.qmd", "proof-of-the-fair.pdf", "rows.pdf")
    with pytest.raises(Fault, match=r"this PDF is that of proof\.qmd too"):
        read_pages(project)


@pytest.mark.quarto
@pytest.mark.parametrize("name", ["index", "proof", "rows"])
def test_both_engines_make_the_same_pages(embedded, by_quarto, name):
    one, other = (Page(project.report / f"{name}.html") for project in (embedded, by_quarto))
    assert other.visible == one.visible
    assert (other.headings, other.ids) == (one.headings, one.ids)
    assert other.figures == one.figures
    assert other.links == one.links


@pytest.mark.quarto
@pytest.mark.parametrize("name", ["report.pdf", "proof-of-the-fair.pdf"])
def test_both_engines_make_the_same_pdfs(embedded, by_quarto, name):
    one, other = (Pdf(project.report / name) for project in (embedded, by_quarto))
    assert squeezed(other.text) == squeezed(one.text)
    assert (other.headings, other.links) == (one.headings, one.links)


@pytest.mark.quarto
def test_both_engines_leave_the_same_files(embedded, by_quarto):
    assert set(mini.snapshot(by_quarto.report)) == set(mini.snapshot(embedded.report))
    assert {path.name for path in by_quarto.root.iterdir()} - {".quarto", ".gitignore"} == {
        path.name for path in embedded.root.iterdir()
    }
