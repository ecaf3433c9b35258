"""What the page, the annotations and the citations say of facts and sources, from the tables alone."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import mini
from explainer.analysis import list_reports
from explainer.data.package import load
from explainer.evidence import annotations, citations, corroboration, fact_sheet

ARTICLE = "https://example.org/fair"


def let_be_blank(project, table, column):
    """Describe a column as one that may be blank and is no key, as a story may."""
    package = json.loads(project.package.read_text(encoding="utf-8"))
    (resource,) = [one for one in package["resources"] if one["name"] == table]
    (field,) = [one for one in resource["schema"]["fields"] if one["name"] == column]
    field["constraints"].pop("required")
    if resource["schema"]["primaryKey"] == [column]:
        resource["schema"]["primaryKey"] = ["outlet"]
    mini.write(project.package, json.dumps(package))


@pytest.fixture
def project(tmp_path):
    """The tables of the little report, with one correction and one source that repeats another."""
    project = mini.tables(tmp_path)
    with (project.data / "corrections.csv").open("a", encoding="utf-8") as log:
        log.write("1,2031-06-02,apples,transcription,as_printed,28,29,A slip of the pen,29\n")
    sources = project.data / "sources/sources.csv"
    mini.edit(sources, "news,Echo,,", "news,Echo,post_0509,Seen in print.")
    for table in ("article", "sources"):
        let_be_blank(project, table, "url")
    with sources.open("a", encoding="utf-8") as table:
        table.write("echo_again,Valley Echo,Later that day,,2031-05-10,news,Echo,,\n")
        table.write("post_later,Orchard Post,After the fair,https://example.org/l,2031-05-11,news,,,Late..\n")
    return project


def test_a_fact_has_its_words_its_place_and_who_vouches_for_it(project):
    facts = fact_sheet.collect(project)
    assert list(facts) == ["fair-closes", "visitors", "apples", "closing-day"]
    assert facts["visitors"] == {
        "status": "stated",
        "subject": "Visitors",
        "printed": "1200",
        "place": "paragraph 1",
        "label": "stated, paragraph 1",
        "url": f"{ARTICLE}#:~:text=1200%20visitors",
    }
    apples = facts["apples"]
    assert (apples["label"], apples["speaker"]) == ("attributed to growers, paragraph 2", "growers")
    assert apples["corrected"] == {"id": "correction-1", "day": "June 2, 2031"}


def test_a_fact_of_the_headline_and_one_of_an_article_without_an_address(project):
    mini.edit(project.data / "article/facts.csv", "visitors,2,count", "visitors,1,count")
    mini.edit(project.data / "article/article.csv", ARTICLE, "")
    visitors = fact_sheet.collect(project)["visitors"]
    assert (visitors["place"], visitors["label"], visitors["url"]) == ("headline", "stated, headline", "")


def test_an_account_says_who_reports_a_fact_and_on_what_that_rests(project):
    apples = fact_sheet.collect(project)["apples"]["account"]
    assert (apples["kind"], apples["label"]) == ("differs", "also reported by 1; differs: the count")
    assert apples["first"] == "No dated report of it is earlier than the article."
    (question,) = apples["questions"]
    assert (question["key"], question["what"]) == ("F01_apples", "How many crates were sold")
    assert question["reports"] == [
        {
            "stance": "same",
            "source": "echo_0510",
            "outlet": "Valley Echo",
            "url": "https://example.org/e?a=1&b=2",
            "day": "May 10, 2031",
            "says": "29",
            "note": "",
            "remark": "own reporting",
        },
        {
            "stance": "differs",
            "source": "blog",
            "outlet": "Pip & Core",
            "url": "https://example.org/blog",
            "day": "undated",
            "says": "28, <b>by count</b>",
            "note": "One lost & found",
            "remark": "differs in the count; own reporting",
        },
    ]
    silent = fact_sheet.collect(project)["fair-closes"]["account"]
    assert (silent["kind"], silent["label"], silent["first"]) == ("unmatched", "not found elsewhere", "")


def test_the_first_report_is_named_with_its_outlet(project):
    mini.edit(project.data / "sources/sources.csv", "b=2,2031-05-10", "b=2,2031-05-08")
    account = fact_sheet.collect(project)["apples"]["account"]
    assert account["first"] == "First reported, as far as dates are known, by Valley Echo, May 8, 2031."


def test_a_remark_says_why_a_report_is_not_counted_and_ends_without_a_period(project):
    mini.edit(
        project.data / "sources/corroboration.csv",
        "28,false,own,,,One lost & found",
        "28,false,release,,,Lost.",
    )
    with (project.data / "sources/corroboration.csv").open("a", encoding="utf-8") as table:
        table.write("F01_apples,post_later,apples,,same,,29.,29,false,quotes,Growers: Ann,,\n")
    mini.edit(project.data / "article/article.csv", "The Orchard Post", "Orchard Post")
    reports = fact_sheet.collect(project)["apples"]["account"]["questions"][0]["reports"]
    told = {report["source"]: (report["says"], report["note"], report["remark"]) for report in reports}
    assert told["blog"][1:] == ("Lost", "differs in the count; repeats the release")
    assert told["post_later"] == ("29", "", "quotes Growers: Ann; the article's own outlet, not counted")


@pytest.mark.parametrize(
    ("basis", "of", "words"),
    [
        ("own", None, "own reporting"),
        ("release", None, "repeats the release"),
        ("unclear", None, "basis not clear"),
        ("quotes", "City Hall: Bo", "quotes City Hall: Bo"),
        ("outlet", "wire", "from The Wire"),
        (None, "wire", ""),
    ],
)
def test_on_what_a_report_rests_in_words(basis, of, words):
    assert corroboration.rests_on(basis, of, {"wire": "The Wire"}) == words


def test_a_story_without_questions_has_no_accounts(project):
    package = json.loads(project.package.read_text(encoding="utf-8"))
    for gone in ("questions", "corroboration"):
        kept = [resource for resource in package["resources"] if resource["name"] != gone]
        mini.write(project.package, json.dumps(package | {"resources": kept}))
        assert corroboration.accounts(project) == {}


def test_a_source_is_named_as_far_as_it_takes_to_tell_it_from_the_others(project):
    named = citations.named(project)
    assert {key: source["name"] for key, source in named.items()} == {
        "post_0509": "Orchard Post, May 9, 2031",
        "post_later": "Orchard Post, May 11, 2031",
        "echo_0510": "Valley Echo, What <b>growers</b> sold & where, May 10, 2031",
        "echo_again": "Valley Echo, Later that day, May 10, 2031",
        "blog": "Pip & Core",
    }
    assert named["echo_again"]["url"] == ""
    assert named["blog"] == {
        "outlet": "Pip & Core",
        "day": "undated",
        "name": "Pip & Core",
        "url": "https://example.org/blog",
    }


def test_a_citation_has_what_a_list_of_references_prints(project):
    items = {item["id"]: item for item in citations.collect(project)}
    assert items["echo_0510"] == {
        "id": "echo_0510",
        "type": "article-newspaper",
        "container-title": "Valley Echo",
        "title": "What <b>growers</b> sold & where",
        "note": "Seen in print. Based on Orchard Post",
        "URL": "https://example.org/e?a=1&b=2",
        "issued": {"date-parts": [[2031, 5, 10]]},
    }
    assert not {"issued", "note"} & items["blog"].keys() and "URL" not in items["echo_again"]
    assert items["post_later"]["note"] == "Late"
    assert citations.write(project) == list(items.values())
    assert json.loads((project.build / "references.json").read_text(encoding="utf-8")) == list(items.values())


def test_an_annotation_has_the_fact_its_words_and_its_correction(project):
    page = annotations.collect(project)
    assert (page["id"], page["type"]) == ("urn:explainer:facts", "AnnotationPage")
    assert page["@context"] == [
        "http://www.w3.org/ns/anno.jsonld",
        {
            "status": "urn:explainer:status",
            "attributedTo": "urn:explainer:attributedTo",
            "correction": "urn:explainer:correction",
        },
    ]
    items = {item["id"]: item for item in page["items"]}
    assert items["urn:explainer:fact:apples"] == {
        "id": "urn:explainer:fact:apples",
        "type": "Annotation",
        "motivation": "describing",
        "modified": "2031-06-02T00:00:00Z",
        "body": {
            "type": "TextualBody",
            "value": "Apples sold",
            "format": "text/plain",
            "language": "en",
            "purpose": "describing",
            "status": "attributed",
            "attributedTo": "growers",
            "correction": "June 2, 2031. A slip of the pen. Apples sold: “28” is now “29”.",
        },
        "target": {"source": ARTICLE, "selector": {"type": "TextQuoteSelector", "exact": "sold 29 crates"}},
    }
    visitors = items["urn:explainer:fact:visitors"]
    assert "modified" not in visitors
    assert not {"attributedTo", "correction"} & visitors["body"].keys()


def test_annotations_are_named_by_the_report_where_it_has_an_address(project):
    page = annotations.collect(project, "https://news.example/")
    assert page["id"] == "https://news.example/facts.jsonld"
    assert page["items"][0]["id"] == "https://news.example/data/facts.html#row-fair-closes"
    assert json.loads(annotations.to_json(project, "https://news.example/")) == page
    mini.edit(project.data / "article/article.csv", ARTICLE, "")
    mini.edit(project.data / "article/facts.csv", "Apples sold", "Äpfel sold")
    text = annotations.to_json(project)
    assert '"source": "urn:explainer:article"' in text and "Äpfel" in text and text.endswith("}\n")


def test_reports_are_listed_with_what_they_say_and_on_what_they_rest(project):
    with (project.data / "sources/corroboration.csv").open("a", encoding="utf-8") as table:
        table.write("F01_apples,echo_again,,the weather,adds,,Rain,,,outlet,blog,,\n")
    mini.edit(
        project.data / "sources/corroboration.csv", "28,false,own,,,One lost & found", "28,false,own,,,"
    )
    sources, facts = load("sources", project), load("facts", project)
    classified = corroboration.classify_reports(
        load("corroboration", project), sources, load("questions", project), "The Orchard Post"
    )
    listed = list_reports(classified, facts, sources)
    columns = ["thing", "stands", "who", "rests", "remarks", "url"]
    rows = [
        ["" if pd.isna(cell) else cell for cell in row]
        for row in listed[columns].astype(object).values.tolist()
    ]
    assert rows == [
        [
            "Apples sold",
            "same",
            "Valley Echo, May 10, 2031",
            "own reporting",
            "",
            "https://example.org/e?a=1&b=2",
        ],
        [
            "Not in the article: the weather",
            "adds",
            "Valley Echo, May 10, 2031",
            "from Pip & Core",
            "",
            "",
        ],
        [
            "Apples sold",
            "differs: the count",
            "Pip & Core, undated",
            "own reporting",
            "",
            "https://example.org/blog",
        ],
    ]


def test_a_remark_of_a_list_joins_the_note_and_why_it_is_not_counted(project):
    with (project.data / "sources/corroboration.csv").open("a", encoding="utf-8") as table:
        table.write("F01_apples,echo_again,apples,,same,,29,29,false,own,,,Again\n")
    sources = load("sources", project)
    classified = corroboration.classify_reports(
        load("corroboration", project), sources, load("questions", project), "The Orchard Post"
    )
    listed = list_reports(classified, load("facts", project), sources).set_index("source_id")
    assert listed["remarks"].to_dict() == {
        "echo_0510": "",
        "echo_again": "Again. counted with Echo",
        "blog": "One lost & found",
    }


def test_the_link_of_a_fact_has_both_neighbors_of_its_words(project):
    mini.edit(
        project.data / "article/facts.csv", "1200 visitors,,,visitors", "1200 visitors,All,came,visitors"
    )
    link = fact_sheet.collect(project)["visitors"]["url"]
    assert link == f"{ARTICLE}#:~:text=All-,1200%20visitors,-came"


def test_what_the_filters_read_is_what_was_collected_in_order_and_in_plain_letters(project):
    mini.edit(project.data / "article/facts.csv", "Visitors,1200", "Visitors à la fair,1200")
    collected = fact_sheet.write(project)
    text = (project.build / "facts.json").read_text(encoding="utf-8")
    assert json.loads(text) == collected == fact_sheet.collect(project)
    assert list(json.loads(text)) == sorted(collected) and list(collected) != sorted(collected)
    assert "Visitors à la fair" in text and text.endswith("}\n")
