"""This story's tables: complete, described, published as they stand, and no row of them to spare."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml
from frictionless import Package

import mini
from explainer.data.package import DataPackage, load, names
from explainer.evidence import corroboration, fact_sheet
from explainer.ledger import correction_log, published_facts, row_counts
from explainer.ledger.data_check import DataCheck
from explainer.ledger.row_counts import identifying_columns
from explainer.system.errors import Gone
from explainer.system.project import Project
from fact_links import directive, selectors
from program import explain

STORY = Project.find(Path(__file__))


def test_the_data_has_no_fault() -> None:
    assert [str(fault) for fault in DataCheck(STORY).faults] == []


def test_the_description_follows_the_standard() -> None:
    errors = Package.metadata_validate(json.loads(STORY.package.read_text(encoding="utf-8")))
    assert [error.note for error in errors] == []


@pytest.mark.parametrize("name", names(STORY))
def test_the_data_dictionary_is_complete(name: str) -> None:
    resource = DataPackage(STORY).resource(name)
    assert resource["title"] and resource["description"] and resource["licenses"]
    assert resource["schema"]["primaryKey"]
    for field in resource["schema"]["fields"]:
        assert field["title"] and field["description"].endswith("."), field["name"]


def test_the_story_stands_as_it_was_published_or_says_what_was_corrected():
    found = DataCheck(STORY)
    assert found.faults == []
    assert [caution for caution in found.warnings if caution.column != "compared_with"] == []
    package = DataPackage(STORY)
    corrected = {entry["fact"] for entry in correction_log.entries(STORY)}
    assert corrected <= package.table("facts").values("fact_id")
    published = [
        name for name in package.table("published").columns if name in package.table("facts").columns
    ]
    (column,) = [field for field in package.table("corrections").fields if field["name"] == "column"]
    assert column["constraints"]["enum"] == published[1:], "what is published is what can be corrected"


def without_each_row(package: DataPackage, name: str):
    """Yield each row of a table of the story, with the package as it is without it."""
    whole = package.table(name)
    for number, cells in whole.records:
        rows = [row for place, row in enumerate(whole.rows, start=1) if place != number]
        package._tables[name] = replace(whole, rows=rows)
        yield cells
    package._tables[name] = whole


def test_no_two_tables_are_called_the_same():
    titles = [resource["title"] for resource in DataPackage(STORY).resources.values()]
    assert len(set(titles)) == len(titles) == 37


def test_no_row_of_the_story_can_be_struck_unnoticed():
    package = DataPackage(STORY)
    tallied = [name for name, resource in package.resources.items() if resource.get("tallied")]
    assert len(tallied) == 14
    assert list(row_counts.row_count_faults(package)) == []
    struck = 0
    for name in tallied:
        columns = identifying_columns(package.resources[name])
        for cells in without_each_row(package, name):
            (fault,) = row_counts.row_count_faults(package)
            row = "; ".join(cells[column] for column in columns)
            assert isinstance(fault, Gone)
            assert fault.file == package.file(name)
            assert f": {row}. Put it back, or say why it goes: explainer withdraw {name} '{row}'" in str(
                fault
            )
            struck += 1
    assert struck > 500


def test_no_fact_of_the_story_can_be_struck_unnoticed():
    package = DataPackage(STORY)
    assert list(published_facts.missing_facts(package)) == []
    struck = 0
    for cells in without_each_row(package, "facts"):
        (fault,) = published_facts.missing_facts(package)
        assert f"fact {cells['fact_id']} was published as {cells['as_printed']!r} and is gone" in str(fault)
        struck += 1
    assert struck > 100


def test_links_of_the_sheet_select_its_words():
    """Commas, hyphens, quotation marks and ampersands of the article come through as well."""
    sheet, found = selectors(STORY), fact_sheet.collect(STORY)
    assert len(found) == len(sheet)
    for fact, entry in found.items():
        assert directive(entry["url"]) == sheet[fact]


def test_report_removed_from_the_evidence_is_missed_by_the_version_that_rests_on_it(published, tmp_path):
    """Versions that differ are set side by side only as long as some source gives each of them."""
    project = mini.copy_of(published, tmp_path / "story")
    path = project.data / "sources" / "corroboration.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("F15_camp_start,pv_0728,")]
    assert len(kept) == len(lines) - 2, "it says of two facts what it says"
    path.write_text("".join(kept), encoding="utf-8")
    done = explain(project, "run")
    assert done.returncode == 1
    assert "7-versions" in done.stderr and "F15_camp_start" in done.stderr and "pv_0728" in done.stderr


def test_citation_names_the_article_that_the_data_name() -> None:
    citation = yaml.safe_load((STORY.root / "CITATION.cff").read_text("utf-8"))
    with open(STORY.root / "data/article/article.csv", encoding="utf-8", newline="") as table:
        [article] = csv.DictReader(table)
    [reference] = citation["references"]
    [author] = reference["authors"]
    assert reference["title"] == article["headline"]
    assert reference["url"] == article["url"]
    assert reference["date-published"] == article["dateline"]
    assert reference["publisher"]["name"] == article["outlet"]
    assert f"{author['given-names']} {author['family-names']}" == article["author"]


@pytest.fixture(scope="module")
def real():
    outlet = load("article", STORY).iloc[0]["outlet"]
    return *(load(name, STORY) for name in ("corroboration", "sources", "questions")), outlet


def test_tables_count_no_copy_and_no_report_before_the_article_from_an_update(real):
    """The one update among the story's sources is not taken for a report made ten days before the event."""
    article = load("article", STORY).iloc[0]
    rows = corroboration.classify_reports(*real)
    own = rows[(rows["voice"] == article["outlet"]) & (rows["stance"] == "same")]
    assert len(own) and not own["counted"].any()
    assert not rows[rows["counted"]].duplicated(["about_what", "stance", "voice"]).any()
    facts = corroboration.corroborate_facts(rows).set_index("fact_id")
    assert facts.loc["announcement-day", "first_published"] == article["dateline"]
    saved = load("evidence-by-fact", STORY).set_index("fact_id")
    assert saved["kind"].to_dict() == facts["kind"].to_dict()
    assert saved["badge"].to_dict() == facts["badge"].to_dict()


def test_marks_count_exactly_the_rows_that_speak_of_their_fact(real):
    """Counted anew, row by row, without the library."""
    table, sources, questions, outlet = real
    source = sources.set_index("source_id").astype(object).to_dict("index")
    speaker = questions.set_index("fact_key")["speaker"].to_dict()
    voice = {key: one["outlet"] if pd.isna(one["voice"]) else one["voice"] for key, one in source.items()}
    facts = corroboration.corroborate_facts(corroboration.classify_reports(*real)).set_index("fact_id")
    rows = [row for row in table.itertuples() if not pd.isna(row.fact_id)]
    assert set(facts.index) == {row.fact_id for row in rows}
    for fact, mark in facts.iterrows():
        mine = [row for row in rows if row.fact_id == fact and row.stance != "silent"]
        newer = [
            (source[row.source_id]["based_on"], voice[row.source_id])
            for row in mine if source[row.source_id]["outlet"] == voice[row.source_id]
        ]  # fmt: skip
        mine = [row for row in mine if (row.source_id, voice[row.source_id]) not in newer]
        same = {
            voice[row.source_id] for row in mine
            if row.stance == "same" and voice[row.source_id] not in (outlet, speaker[row.fact_key])
        }  # fmt: skip
        fresh = {voice[row.source_id] for row in mine if row.stance == "same" and row.basis != "release"}
        differs = {voice[row.source_id] for row in mine if row.stance == "differs"}
        assert (mark["same"], mark["release"], mark["differs"]) == (
            len(same),
            len(same - fresh),
            len(differs),
        ), fact


@pytest.mark.parametrize(
    ("source", "fact", "value", "way", "badge"),
    [
        (
            "nbc_weekend",
            "arrest-count",
            "35",
            "count",
            "also reported by 5; 2 differ: the count and the scope",
        ),
        ("kyw_0706", "camp-start", "2018-07-08", "day", "also reported by 3; 2 differ: the day"),
    ],
)
def test_changing_one_row_changes_its_mark_and_no_other(real, source, fact, value, way, badge):
    table, *others = real
    was = corroboration.corroborate_facts(corroboration.classify_reports(table, *others)).set_index("fact_id")
    row = table.index[(table["source_id"] == source) & (table["fact_id"] == fact)]
    changed = table.copy()
    changed.loc[row, ["stance", "differs_in", "answer_value"]] = ["differs", way, value]
    now = corroboration.corroborate_facts(corroboration.classify_reports(changed, *others)).set_index(
        "fact_id"
    )
    assert now.loc[fact, "badge"] == badge
    assert was["badge"].drop(fact).to_dict() == now["badge"].drop(fact).to_dict()
