"""The traps of the tools this report is made with, by number, as far as they can be met without Quarto."""

from __future__ import annotations

import json
import re

import lxml.html
import nbformat
import pytest
import yaml

import mini
from explainer.build import finish
from explainer.engines import quarto
from explainer.notebooks import ipynb
from explainer.report import notebook_page
from explainer.system.project import THEME, Project
from program import explain
from reading import Page, Pdf, numbers_on_paper_alone

PAGES = ["index.html", "notebooks/1-crates.html", "notebooks/2-stalls.html"]
HERE = Project(mini.HERE)


@pytest.fixture(params=PAGES)
def page(request, rendered):
    return Page(rendered.report / request.param)


def config():
    return yaml.safe_load(HERE.quarto_yml.read_text(encoding="utf-8"))


def test_trap_1_every_figure_has_its_alternative_text(rendered, page):
    items = json.loads((rendered.build / "figures.json").read_text())
    for figure in page.figures:
        assert figure["label"].startswith("tbl-") or figure["alts"]
        assert all(alt == items[figure["label"]]["alt"] for alt in figure["alts"])


def test_trap_2_no_chart_is_printed_as_its_code(rendered, page):
    assert "alt.Chart(...)" not in page.visible
    assert "alt.Chart" not in Pdf(rendered.report / "report.pdf").text


def test_trap_3_figures_put_out_no_html_for_a_renderer_to_choose(rendered):
    for notebook in ipynb.read_all(rendered):
        for cell in notebook.code_cells:
            assert not any("text/html" in output.get("data", {}) for output in cell.outputs)


def test_trap_4_inline_code_in_a_notebook_is_refused(rendered, tmp_path):
    project = mini.copy_of(rendered, tmp_path / "mini")
    mini.edit(project.notebooks / "2-stalls.ipynb", "# Stalls", "# Stalls `{python} 1 + 1`")
    (found,) = [fault for notebook in ipynb.read_all(project) for fault in ipynb.check(notebook)]
    assert "inline code would be published as it stands" in str(found)


def test_trap_5_quarto_neither_runs_nor_freezes(rendered):
    assert config()["execute"] == {"enabled": False, "freeze": False}
    assert not (rendered.root / "_freeze").exists()


def test_trap_6_no_page_names_a_host_to_load_from(page):
    for attribute in ("srcset", "data", "poster"):
        assert not page.tree.xpath(f"//*[@{attribute}]")
    assert not page.tree.xpath("//iframe | //*[@src][not(self::script)]")
    loaded = page.tree.xpath("//script/@src | //link[not(@rel='canonical')]/@href")
    assert not [address for address in loaded if "//" in address]
    assert not re.search(r"url\(\s*[\"']?(?:https?:)?//", page.text)


def quarto_that(report, folder, does="", version="1.7.34"):
    """Return a stand-in for Quarto that puts out the pages of the last report, and then `does` something."""
    path = folder / "bin" / "quarto"
    lines = [
        "#!/bin/sh",
        f'if [ "$1" = --version ]; then echo {version}; exit; fi',
        "mkdir -p _build/quarto && cp -r _report/. _build/quarto && cp _build/pandoc/index.typ index.typ",
        does,
    ]
    mini.write(path, "\n".join(lines) + "\n")
    path.chmod(0o755)
    return explain(report, "render", "--engine", "quarto", QUARTO_PATH=str(path))


def test_trap_7_a_home_page_that_only_leads_elsewhere_is_not_published(report, tmp_path):
    before = mini.snapshot(report.report)
    assert quarto_that(report, tmp_path).returncode == 0, "as long as the pages are pages"
    head = '<meta charset="utf-8"><title>T</title><meta http-equiv="refresh" content="0;URL=index.html">'
    leads = tmp_path / "leads.html"
    leads.write_text(f'<!DOCTYPE html><html lang="en"><head>{head}</head></html>')
    # Of another version: with the same Quarto and the same inputs, nothing would be rendered again.
    done = quarto_that(report, tmp_path, f"cp '{leads}' _build/quarto/index.html", version="1.7.35")
    assert done.returncode == 1
    assert "index.html: sends its reader elsewhere" in done.stderr
    assert mini.snapshot(report.report) == before


def test_an_empty_page_is_told_as_such(report, tmp_path):
    done = quarto_that(report, tmp_path, ": > _build/quarto/index.html")
    assert (done.returncode, done.stderr.splitlines()[-1][:25]) == (1, "index.html: the engine ma")


def test_trap_7_both_formats_are_declared_and_rendered_at_once():
    assert set(config()["format"]) == {"html", "typst"}
    assert config()["project"]["type"] == "default", "a website makes a home page of its own"
    assert config()["project"]["render"][0] == "index.qmd"


def test_trap_8_a_figure_has_one_number_and_follows_the_page_into_the_dark(page):
    for figure in page.figures:
        assert re.fullmatch(r"(Figure|Table) \d+\.", figure["number"])
        assert all(b"var(--" in drawing for drawing in figure["drawings"])
    assert "prefers-color-scheme:dark" in page.text


def test_trap_9_no_random_ids(page):
    assert "altair-viz" not in page.text


def test_trap_10_charts_are_opened_without_the_menu_that_has_no_name(rendered, page):
    assert "vega-embed" not in page.text, "its own pages and menus are not in the page"
    called = (rendered.report / "scripts/vega.js").read_text().rpartition("globalThis.explainerVega=")[2]
    assert re.search(r"\bactions:(false|!1)[,}]", called)
    for summary in page.tree.iter("summary"):
        assert summary.text_content().strip() or summary.get("aria-label")


def test_trap_11_drawings_name_and_describe_themselves(page):
    for svg in page.tree.xpath("//svg[not(@aria-hidden='true')]"):
        assert svg.get("role") == "img"
        title, description = svg.get("aria-labelledby"), svg.get("aria-describedby")
        assert page.tree.get_element_by_id(title).text.strip()
        assert page.tree.get_element_by_id(description).text.strip()


def test_every_number_on_paper_is_one_of_the_page(rendered):
    page, path = Page(rendered.report / "index.html"), rendered.report / "report.pdf"
    charts = [Page(file) for file in sorted((rendered.report / "embed").glob("*.html"))]  # with their data
    assert numbers_on_paper_alone(path, page, *charts) == []
    for number in ("29", "1,236"):
        changed = Page(rendered.report / "index.html")
        changed.tree = lxml.html.document_fromstring(page.text.replace(number, "8").encode())
        assert any(number in words for words in numbers_on_paper_alone(path, changed, *charts))


def test_trap_13_html_output_is_refused(tmp_path):
    path = tmp_path / "notebooks" / "1.ipynb"
    mini.notebook(path, ["md:# T", "frame"])
    node = nbformat.read(path, 4)
    node.cells[1].outputs = [nbformat.v4.new_output("display_data", {"text/html": "<b>", "text/plain": "b"})]
    nbformat.write(node, path)
    (fault,) = notebook_page.check_outputs(ipynb.read(path, Project(tmp_path)))
    assert "HTML, which would load scripts from elsewhere" in str(fault)
    assert "notebooks/1.ipynb:code cell 1" in str(fault)


def test_trap_13_picture_without_a_label_is_refused(tmp_path):
    path = tmp_path / "notebooks" / "1.ipynb"
    mini.notebook(path, ["md:# T", "chart"])
    node = nbformat.read(path, 4)
    node.cells[1].outputs = [nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg/>"})]
    nbformat.write(node, path)
    (fault,) = notebook_page.check_outputs(ipynb.read(path, Project(tmp_path)))
    assert "a picture without a label" in str(fault)


def test_trap_14_paths_and_counters_are_taken_out(report):
    path = report.report / "index.html"
    attributes = f'data-notebook="{report.root}/n.ipynb" data-notebook-title="T" data-execution_count="3"'
    inner = f"<div {attributes}>x</div></main>"
    mini.edit(path, "</main>", inner)
    finish.mend(report, path)
    text = path.read_text()
    assert "<div>x</div></main>" in text
    assert str(report.root) not in text


def test_trap_14_no_path_of_this_machine_in_any_output(rendered):
    for name, content in mini.snapshot(rendered.report).items():
        assert str(rendered.root).encode() not in content, name


def test_trap_15_document_type_and_encoding_come_first(page):
    assert page.text.startswith("<!DOCTYPE html>\n<html lang=")
    template = (THEME / "page.html").read_text(encoding="utf-8")
    # Quarto's reparse drops an element that follows <head> on its line.
    assert "<head>\n<meta charset" in template


def test_trap_15_drawings_are_put_back_as_they_were_drawn(report):
    path = report.report / "index.html"
    svg = (report.build / "figures/fig-stalls/page.svg").read_text().strip()
    text = path.read_text()
    lowered = svg.replace("viewBox", "viewbox").replace("/>", "></path>")
    path.write_text(text.replace(svg, f"<!--svg fig-stalls page-->{lowered}<!--/svg-->"))
    finish.mend(report, path)
    assert path.read_text() == text


def test_trap_16_callouts_are_named_boxes(rendered):
    (box,) = Page(rendered.report / "index.html").tree.find_class("callout")
    assert box.get("aria-label") == "A caveat"


def test_trap_17_notebooks_are_pages_only_and_the_pdf_has_its_own_name(rendered):
    only = yaml.safe_load((HERE.notebooks / "_metadata.yml").read_text(encoding="utf-8"))
    assert set(only["format"]) == {"html"}
    declared = [*config()["format"].values(), *only["format"].values(), config()]
    assert not [one for one in declared if "output-file" in one], "Quarto takes no path there for a subfolder"
    assert [path.name for path in rendered.report.rglob("*.pdf")] == ["report.pdf"]


def test_trap_18_drawings_are_in_the_page_with_ids_of_their_own(page):
    assert not list(page.tree.iter("img"))
    ids = [one.get("id") for one in page.tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))


def test_leftovers_of_quarto_are_swept(report):
    for name in (
        "index.html",
        "index.typ",
        "index_files/a.svg",
        "notebooks/1-crates.html",
        "notebooks/1-crates.out.ipynb",
    ):
        mini.write(report.root / name, "x")
    quarto.sweep(report)
    assert not (report.root / "index_files").exists()
    assert sorted(path.name for path in report.notebooks.iterdir()) == [
        "1-crates.ipynb",
        "2-stalls.ipynb",
        "_metadata.yml",
    ]
    assert report.index.is_file()
