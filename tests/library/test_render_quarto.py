"""The report by a real Quarto, called by the program and by a plain ``quarto render``."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import lxml.html
import pytest

import mini
from explainer.build import steps
from explainer.engines import quarto
from explainer.system.project import THEME
from program import explain
from reading import Page, Pdf
from tagged import Tags

pytestmark = pytest.mark.quarto

PAGES = ["index.html", "notebooks/1-crates.html", "notebooks/2-stalls.html"]


def render(project, environment, *arguments):
    """Run ``quarto render`` as a person would."""
    return subprocess.run(
        ["quarto", "render", *arguments],
        cwd=project.root,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_second_render_gives_the_same_bytes(quarto_rendered, tmp_path, quarto_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "elsewhere")
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 0, done.stderr
    assert mini.snapshot(project.report) == mini.snapshot(quarto_rendered.report)


def test_nothing_is_left_beside_the_pages(rendered, quarto_rendered):
    def outside(project):
        hidden = (project.build, project.report, project.root / ".quarto")
        return {
            project.relative(path)
            for path in project.root.rglob("*")
            if path.is_file() and not any(folder in path.parents for folder in hidden)
        }

    assert outside(quarto_rendered) == outside(rendered)


def test_notebooks_run_once_when_the_program_starts_quarto(rendered, tmp_path, quarto_path):
    project = mini.copy_of(rendered, tmp_path / "mini")
    mini.edit(project.notebooks / "2-stalls.ipynb", "[4, 6, 5]", "[4, 6, 7]")
    done = explain(project, "render", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count("2-stalls: running") == 1
    assert "Seventeen" in (project.report / "index.html").read_text()


def test_plain_quarto_render_makes_the_same_report(quarto_rendered, tmp_path, as_on_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "mini")
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    done = render(project, as_on_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Published: _report/index.html" in done.stdout
    assert "31 crates later" in (project.report / "index.html").read_text()
    assert "31 crates later" in Pdf(project.report / "report.pdf").reader.metadata.title
    mini.edit(project.data / "article/facts.csv", *reversed(mini.SOLD_31))
    done = render(project, as_on_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert mini.snapshot(project.report) == mini.snapshot(quarto_rendered.report)
    assert not list(project.root.glob("index*_files")) and not (project.root / "index.typ").exists()


def test_values_within_quotation_marks_and_emphasis_of_the_title(rendered, tmp_path, as_on_path):
    project = mini.copy_of(rendered, tmp_path / "mini")
    mini.edit(
        project.index,
        "The fair, {{< var crates.sold.n >}} crates",
        "“{{< var crates.sold.n >}}” *{{< var crates.sold.n >}}*",
    )
    done = render(project, as_on_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<title>“29” 29 later</title>" in (project.report / "index.html").read_text(encoding="utf-8")


def test_plain_quarto_render_starts_without_any_work_file(rendered, tmp_path, as_on_path):
    project = mini.copy_of(rendered, tmp_path / "mini")
    for name in ("figures.json", "site.json", "facts.json", "references.json"):
        (project.build / name).unlink()
    project.variables.unlink()
    assert render(project, as_on_path).returncode == 0


def test_plain_quarto_render_of_bad_prose_is_refused_with_its_line(quarto_rendered, tmp_path, as_on_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "mini")
    before = mini.snapshot(project.report)
    mini.edit(project.index, "{{< var fair.day.weekday >}}", "{{< var fair.day.wekday >}}")
    done = render(project, as_on_path)
    assert done.returncode != 0
    assert "index.qmd:9: this variable does not exist" in done.stdout + done.stderr
    assert mini.snapshot(project.report) == before


def test_fault_that_only_the_filter_sees_is_told_in_its_words(quarto_rendered, tmp_path, quarto_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "mini")
    before = mini.snapshot(project.report)
    mini.edit(project.index, "::: {.callout-warning", "::: {.callout-peril")
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 1
    assert "index.qmd: callout callout-peril does not exist" in done.stderr
    assert "stack traceback" not in done.stderr
    assert mini.snapshot(project.report) == before
    assert not (project.root / "index.html").exists()


def test_missing_filter_ends_the_render_at_once(quarto_rendered, tmp_path, quarto_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "mini")
    before = mini.snapshot(project.report)
    theme = shutil.copytree(THEME, project.root / "copied")
    (theme / "filters" / "common.lua").unlink()
    mini.edit(project.quarto_yml, f"path: {THEME.as_posix()}/filters", "path: copied/filters")
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 1
    assert "theme/filters/common.lua: is missing" in done.stderr and len(done.stderr) < 2000
    assert mini.snapshot(project.report) == before


def test_folder_whose_name_is_not_ascii_renders_in_a_plain_locale(quarto_rendered, tmp_path, quarto_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "a b é")
    shutil.rmtree(project.report)
    done = explain(
        project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path), LC_ALL="C", LANG="C"
    )
    assert done.returncode == 0, done.stderr
    assert (project.report / "index.html").is_file()


# The traps of stock Quarto with Altair, by their numbers in the list of traps.


def test_trap_1_figures_keep_their_alternative_text(quarto_rendered):
    items = json.loads((quarto_rendered.build / "figures.json").read_text())
    for name in PAGES:
        for figure in Page(quarto_rendered.report / name).figures:
            assert all(alt == items[figure["label"]]["alt"] for alt in figure["alts"])


def test_trap_2_pdf_has_the_drawing_and_not_its_code(quarto_rendered):
    pdf = Pdf(quarto_rendered.report / "report.pdf")
    assert "alt.Chart" not in pdf.text
    # Words that only the drawing has: the ticks of its axis.
    assert "800" in pdf.text and "600" in pdf.text


def test_trap_6_nothing_is_loaded_from_elsewhere(quarto_rendered):
    for name in PAGES:
        text = (quarto_rendered.report / name).read_text()
        assert "jsdelivr" not in text and "cdnjs" not in text and '<script src="http' not in text


def test_trap_7_one_format_rendered_alone_leaves_the_page(quarto_rendered, tmp_path, as_on_path):
    project = mini.copy_of(quarto_rendered, tmp_path / "mini")
    before = mini.snapshot(project.report)
    done = render(project, as_on_path, "index.qmd", "--to", "typst")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "_report is as it was" in done.stdout + done.stderr
    assert mini.snapshot(project.report) == before
    assert 'http-equiv="refresh"' not in (project.report / "index.html").read_text()


def test_trap_8_one_drawing_serves_light_and_dark_without_parts(quarto_rendered):
    page = Page(quarto_rendered.report / "index.html")
    assert [figure["number"] for figure in page.figures] == ["Figure 1.", "Table 1.", "Figure 2."]
    assert "(a)" not in page.visible
    assert all(b"var(--" in drawing for figure in page.figures for drawing in figure["drawings"])


def test_trap_12_pdf_is_tagged_and_has_the_table_beside_each_chart(quarto_rendered):
    pdf = Pdf(quarto_rendered.report / "report.pdf")
    assert Tags(pdf.bytes).faults() == []
    assert pdf.text.count("Data table") == 2


def test_trap_13_frames_are_tables_without_scripts(quarto_rendered):
    page = Page(quarto_rendered.report / "notebooks/1-crates.html")
    assert "require.js" not in page.text and "jquery" not in page.text
    assert page.tree.xpath("//div[@class='cell']//td[normalize-space()='1200']")


def test_trap_14_no_times_and_no_paths_of_this_machine(quarto_rendered):
    for name in PAGES:
        text = (quarto_rendered.report / name).read_text()
        assert "data-notebook" not in text and str(quarto_rendered.root) not in text
        assert "iopub" not in text and "data-execution" not in text


def test_trap_15_document_type_and_encoding_survive(quarto_rendered):
    for name in PAGES:
        content = (quarto_rendered.report / name).read_bytes()
        assert content.startswith(b"<!DOCTYPE html>")
        assert b'<meta charset="utf-8">' in content[:1024]


def test_trap_16_callouts_are_more_than_quotations(quarto_rendered):
    tree = Page(quarto_rendered.report / "index.html").tree
    (box,) = tree.find_class("callout")
    assert (box.get("class"), box.get("aria-label")) == ("callout callout-warning", "A caveat")


def test_trap_17_one_pdf_and_only_of_the_report(quarto_rendered):
    assert [path.name for path in quarto_rendered.report.rglob("*.pdf")] == ["report.pdf"]
    assert not list((quarto_rendered.build / "quarto").rglob("notebooks/*.pdf"))


def test_trap_18_drawings_stand_in_the_page_with_ids_of_their_own(quarto_rendered):
    tree = Page(quarto_rendered.report / "index.html").tree
    assert not list(tree.iter("img"))
    ids = [one.get("id") for one in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    for svg in tree.xpath("//svg[not(@aria-hidden='true')]"):
        assert svg.get("role") == "img"
        assert all(svg.findtext(f"./{part}").strip() for part in ("title", "desc"))
        assert "--sans" in lxml.html.tostring(svg, encoding="unicode")


def beside_the_pages(folder: Path) -> set[str]:
    """Return the files of a report that its engine does not write, embeds included."""
    pages = {"index.html", "notebooks/1-crates.html", "notebooks/2-stalls.html"}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found - pages


def test_quartos_own_folder_has_what_stands_beside_the_pages(quarto_rendered):
    wanted = beside_the_pages(quarto_rendered.report)
    assert {"report.pdf", "fonts/Newsreader-Regular.woff2"} <= wanted
    assert wanted <= beside_the_pages(quarto.output(quarto_rendered))


def test_a_pdf_in_quartos_folder_is_set_again_only_where_quarto_replaced_it(report):
    shutil.rmtree(report.report)
    pdf = quarto.output(report) / "report.pdf"
    mini.write(pdf, "set before")
    page = str(quarto.output(report) / "index.html")
    assert not steps.after(report, {"QUARTO_PROJECT_OUTPUT_FILES": page})
    assert pdf.read_text() == "set before"
    assert not steps.after(report, {"QUARTO_PROJECT_OUTPUT_FILES": f"{page}\n{pdf}"})
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_one_page_rendered_in_a_fresh_copy_has_what_stands_beside_it(quarto_rendered, tmp_path, as_on_path):
    # As the live preview does, where nothing has been rendered yet.
    project = mini.copy_of(quarto_rendered, tmp_path / "mini")
    wanted = beside_the_pages(project.report)
    for folder in (project.report, project.build):
        shutil.rmtree(folder)
    done = render(project, as_on_path, "index.qmd", "--to", "html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "A part of the report was rendered" in done.stdout
    assert wanted <= beside_the_pages(quarto.output(project))
    assert Pdf(quarto.output(project) / "report.pdf").reader.metadata.title.startswith("The fair, 29 crates")
    assert not project.report.exists()
