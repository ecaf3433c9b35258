"""The table of timings says what was measured, and what was measured is what is wanted."""

from __future__ import annotations

import json

import story
from bench import preview, stock, table
from explainer.system.project import THEME, Project

RESULTS = json.loads((story.HERE / "bench" / "results.json").read_text(encoding="utf-8"))


def test_the_table_is_written_from_the_results():
    assert (story.HERE / "bench" / "README.md").read_text(encoding="utf-8") == table.readme(RESULTS)


def test_the_first_chart_shows_in_two_fifths_of_the_stock_pages_time():
    assert RESULTS["conditions"]["runs"] >= 5
    assert RESULTS["report"]["first_chart_ms"] <= 0.4 * RESULTS["stock"]["first_chart_ms"]
    assert RESULTS["report"]["violations"] == {} != RESULTS["stock"]["violations"]


def test_the_table_says_how_long_an_edit_takes_in_the_preview():
    edits = {"a cell": {"median_s": 0.8, "most_s": 0.95}}
    text = table.readme({**RESULTS, "preview": {"rounds": 5, "edits": edits}})
    assert "Medians of 5.\n" in text and "| a cell | 0.80 | 0.95 |" in text


def test_what_is_edited_in_the_preview_stands_there():
    for file, old, _ in preview.EDITS.values():
        path = THEME / "style.css" if file == "theme/style.css" else story.HERE / file
        assert path.read_text(encoding="utf-8").count(old) == 1, file


def test_the_table_sets_builds_beside_the_stock_page():
    seconds = {"anew": 15.04, "nothing": 0.5, "fact": 8, "steps": 1.2, "stock": 20}
    text = table.readme({**RESULTS, "build": {"rounds": 3, "quarto": "1.10.18", "seconds": seconds}})
    assert "and PDF (Quarto 1.10.18). In turns; medians of 3.\n" in text
    assert (
        "| the report, nothing changed | 0.5 | 0.03 |\n| the report, one fact edited | 8.0 | 0.40 |" in text
    )
    assert "| the report, everything anew | 15.0 | 0.75 |" in text
    del seconds["stock"], seconds["steps"]
    text = table.readme({**RESULTS, "build": {"rounds": 3, "quarto": None, "seconds": seconds}})
    assert (
        "there is no Quarto on this machine" in text and "| the report, everything anew | 15.0 |  |" in text
    )


def test_the_stock_page_that_is_built_draws_every_chart(tmp_path):
    project = Project(tmp_path / "story")
    project.report.mkdir(parents=True)
    project.index.write_text("---\ntitle: Rain\n---\n", encoding="utf-8")
    words = "<p>It <a href='#x'>rained</a>.</p>"
    page = f"<!DOCTYPE html><main id='main'>{words}<figure id='fig-a'><svg></svg></figure></main>"
    (project.report / "index.html").write_text(page, encoding="utf-8")
    (project.build / "figures/fig-a").mkdir(parents=True)
    (project.build / "figures/fig-a/spec.json").write_text('{"mark": "bar"}', encoding="utf-8")
    stock.notebook(project, tmp_path / "stock")
    text = (tmp_path / "stock/index.qmd").read_text(encoding="utf-8")
    assert "It rained." in text and 'alt.Chart.from_dict(json.load(open("fig-a.json")))' in text
    assert json.loads((tmp_path / "stock/fig-a.json").read_text(encoding="utf-8")) == {"mark": "bar"}


def test_a_machine_without_lighthouse_says_so():
    text = table.readme({**RESULTS, "lighthouse": {"missing": "npm did not install Lighthouse here"}})
    assert "Lighthouse for phones: not measured (npm did not install Lighthouse here)." in text


def test_the_stock_page_has_the_words_and_a_place_for_each_chart(tmp_path):
    project = Project(tmp_path)
    project.report.mkdir(parents=True)
    (project.report / "index.html").write_text(
        "<!DOCTYPE html><html><body><main id='main'><h1>Crates</h1><p>In <button popovertarget='x'>2031"
        "<span class='status'> (computed)</span></button><span popover id='x'>How</span> it rained.</p>"
        "<figure id='fig-a'><p>Taken away</p><svg></svg><figcaption>Drawn</figcaption>"
        "<details><summary>Data</summary></details></figure></main></body></html>",
        encoding="utf-8",
    )
    words = stock.markdown(project)
    assert words.split("\n\n") == ["# Crates", "In 2031 it rained.", "CHART fig-a", "Taken away", "Drawn\n"]
    assert stock.PLACE.findall(words) == ["fig-a"]
