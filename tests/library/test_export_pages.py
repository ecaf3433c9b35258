"""The pages of the tables: every row has a place, every link an end, and no cell is taken for markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
from test_export import project, read_unchecked, table, text

import mini
from explainer.data.package import DataPackage
from explainer.export import pages
from explainer.ledger.data_check import DataCheck
from explainer.report import templates
from explainer.report.files import address
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify.pages import document, links, loads
from program import explain

HOSTILE = "</td><script>alert(1)</script><b onclick='x'>\"&amp;{{ x }}"
SITE: dict[str, Any] = {
    "title": "A <report>",
    "lang": "en",
    "home": None,
    "notebooks": [],
    "script": "scripts/page.js",
    "card": "",
}


def built(project: Project) -> dict[str, lxml.html.HtmlElement]:
    made = pages.Pages(project, read_unchecked(project), {}, SITE).build()
    return {path: lxml.html.document_fromstring(content) for path, content in made.items()}


def tree(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_bytes())


@pytest.fixture(scope="module")
def placed(rendered, tmp_path_factory) -> Project:
    """Return the little report with an address of its own."""
    copy = mini.copy_of(rendered, tmp_path_factory.mktemp("placed") / "mini")
    done = explain(copy, "render", "--engine", "pandoc", SITE_URL="https://example.org/fair")
    assert done.returncode == 0, done.stderr
    return copy


def test_every_link_of_every_page_has_an_end(rendered):
    folder = rendered.report / "data"
    trees = {f"data/{path.name}": tree(path) for path in folder.glob("*.html")}
    assert {"data/index.html", "data/facts.html", "data/values-crates.html"} <= set(trees)
    ids = {name: page.xpath("//@id[. != '']") for name, page in trees.items()}
    for name, page in trees.items():
        faults = [
            *document((rendered.report / name).read_text(encoding="utf-8"), page, name),
            *loads(page, name, rendered.report),
            *links(page, name, rendered.report, ids),
        ]
        assert [str(fault) for fault in faults] == []


def test_a_foreign_key_leads_to_its_row(rendered):
    page = tree(rendered.report / "data/corroboration.html")
    (row,) = page.xpath("//tr[@id='row-F02_close_echo_0510']")
    leads = row.xpath(".//a/@href")
    assert {"questions.html#row-F02_close", "sources.html#row-echo_0510", "facts.html#row-fair-closes"} <= {
        *leads
    }
    # An id in a list too.
    page = tree(rendered.report / "data/questions.html")
    assert page.xpath("//tr[@id='row-F01_apples']//a[@href='facts.html#row-apples']/text()") == ["apples"]


def test_the_address_of_a_row_is_made_of_what_the_description_says(tmp_path):
    said = table("said", [text("by"), text("on"), text("words")],
                 "by,on,words\nA,x,One\nA,x,Two\nA,,Three\nB,x,One\n",
                 primaryKey=["by", "words"])  # fmt: skip

    def ids(resource):
        return built(project(tmp_path, {**resource}))["said.html"].xpath("//tbody/tr/@id")

    assert ids(said) == ["row-A_One", "row-A_Two", "row-A_Three", "row-B_One"]
    assert ids(said | {"rowAddress": ["by", "on"]}) == ["row-A_x", "row-A_x_2", "row-A", "row-B_x"]
    (fault,) = DataCheck(project(tmp_path, said | {"rowAddress": ["on", "by whom"]})).faults
    assert "rowAddress names a column that said does not have ('by whom')" in str(fault)


def test_a_page_says_what_each_column_means_and_where_the_table_is_from(rendered):
    page = tree(rendered.report / "data/values-crates.html")
    shown = " ".join(page.text_content().split())
    assert "3 rows · Download CSV · JSON · Parquet" in shown
    assert page.xpath("//a[@href='../notebooks/1-crates.html']/text()") == ["Crates counted"]
    assert page.xpath("count(//dl[@class='meanings']/div)") == page.xpath("count(//thead//th)")
    whole = tree(rendered.report / "data/index.html")
    described = json.loads((rendered.report / "data/datapackage.json").read_text())
    fields = [field for resource in described["resources"] for field in resource["schema"]["fields"]]
    assert whole.xpath("count(//dl[@class='meanings']/div)") == len(fields)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("`explainer run` writes it.", "<code>explainer run</code> writes it."),
        ("Written by `explainer run`", "Written by <code>explainer run</code>"),
        ("A stray ` and <b>", "A stray ` and &lt;b&gt;"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("", ""),
        (None, ""),
    ],
)
def test_code_in_a_description_is_set_as_code(rendered, text, shown):
    assert templates.macro(rendered, "data-parts.html", "with_code", text) == shown


def test_pages_have_title_description_card_and_address(placed):
    titles = {
        "data/facts.html": "Fact sheet",
        "data/index.html": "The data",
        "notebooks/1-crates.html": "Crates counted",
        "embed/fig-crates.html": "One grower",
    }
    for path, name in titles.items():
        page = tree(placed.report / path)
        found = {one.get("property") or one.get("name"): one.get("content") for one in page.xpath("//meta")}
        assert page.findtext(".//title").startswith(name) and found["description"]
        assert found["og:title"] and found["og:description"] == found["description"]
        assert found["og:image"].startswith("https://example.org/fair/") and found["og:image:alt"]
        (canonical,) = page.xpath("//link[@rel='canonical']/@href")
        assert found["og:url"] == f"https://example.org/fair/{path}"
        assert canonical == ("https://example.org/fair/" if path.startswith("embed") else found["og:url"])


def test_a_notebook_describes_itself_by_its_first_paragraph(rendered):
    page = tree(rendered.report / "notebooks/1-crates.html")
    assert page.xpath("//meta[@name='description']/@content") == ["What each grower sold."]


def test_search_engines_are_told_of_each_table(placed):
    (data,) = tree(placed.report / "data/facts.html").xpath("//script[@type='application/ld+json']/text()")
    node = json.loads(data)
    assert node["@type"] == "Dataset" and node["name"] == "Fact sheet"
    assert {"url": node["url"]} == {"url": "https://example.org/fair/data/facts.html"}
    for one in node["distribution"]:
        path = one["contentUrl"].removeprefix("https://example.org/fair/")
        assert (placed.report / path).is_file()


def test_claims_that_were_checked_are_told_with_the_words_of_the_verdict(tmp_path):
    claimed = table("claimed", [text("id"), text("source_id"), {"name": "rough", "type": "boolean"}],
                    "id,source_id,rough\na,post,true\nb,post,false\n", primaryKey=["id"])  # fmt: skip
    sources = table("sources", [text("source_id"), text("outlet"), text("url"), text("published")],
                    "source_id,outlet,url,published\npost,The Post,https://example.org/p,2031-05-01\n",
                    primaryKey=["source_id"])  # fmt: skip
    key = {"fields": ["id"], "reference": {"resource": "claimed", "fields": ["id"]}}
    fields = [text("id"), text("said"), text("counted"), {"name": "same", "type": "boolean"}]
    checked = table("checked", fields, "id,said,counted,same\na,12,12,true\nb,7,9,false\n",
                    primaryKey=["id"], foreignKeys=[key])  # fmt: skip
    checked["claimReview"] = {
        "claim": "Crates: {about}{said}", "about": "rough", "by": "same",
        "verdict": {"true": "We count as many.", "false": "We count {counted}."},
    }  # fmt: skip
    page = built(project(tmp_path, checked, claimed, sources))["checked.html"]
    (linked,) = page.xpath("//script[@type='application/ld+json']/text()")
    dataset, first, second = json.loads(linked)["@graph"]
    assert dataset["@type"] == "Dataset"
    assert first == {
        "@type": "ClaimReview",
        "url": "#row-a",
        "claimReviewed": "Crates: about 12",
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": "The Post"},
            "datePublished": "2031-05-01",
            "appearance": {"@type": "CreativeWork", "url": "https://example.org/p"},
        },
        "reviewRating": {"@type": "Rating", "alternateName": "We count as many."},
    }
    assert second["claimReviewed"] == "Crates: 7"
    assert second["reviewRating"] == {"@type": "Rating", "alternateName": "We count 9."}


def test_a_verdict_by_a_column_that_is_not_there_is_a_fault(tmp_path):
    checked = table("checked", [text("id"), text("same")], "id,same\na,true\n", primaryKey=["id"])
    odd = project(tmp_path, checked | {"claimReview": {"claim": "{id}", "by": "some", "verdict": {}}})
    (fault,) = DataPackage(odd).description_faults("checked")
    assert "claimReview names a column that checked does not have ('some')" in str(fault)


def test_a_value_without_a_verdict_is_a_fault(tmp_path):
    checked = table("checked", [text("id"), text("same")], "id,same\na,yes\nb,perhaps\n", primaryKey=["id"])
    review = {"claim": "{id}", "by": "same", "verdict": {"yes": "We count as many."}}
    with pytest.raises(Fault, match=r"\.csv:3:same: claimReview has no verdict .*'perhaps'"):
        built(project(tmp_path, checked | {"claimReview": review}))


def test_the_foot_of_the_report_leads_to_the_data(rendered):
    page = tree(rendered.report / "index.html")
    found = {
        one.text_content(): one.get("href") for one in page.xpath("//footer//a[starts-with(@href, 'data/')]")
    }
    assert found == {
        "dictionary": "data/index.html",
        "zip": "data/mini.zip",
        "SQLite": "data/mini.sqlite",
        "Excel": "data/mini.xlsx",
        "Parquet": "data/index.html#columns",
    }


def test_no_text_of_the_data_is_taken_for_markup(tmp_path):
    field = text("id", title=HOSTILE, description=HOSTILE, constraints={"enum": [HOSTILE]})
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    odd = table("odd", [field, text("url")], f"id,url\n{quoted},javascript:alert(1)\n", primaryKey=["id"])
    named = {"title": HOSTILE, "path": "javascript:alert(1)"}
    odd |= {"title": HOSTILE, "description": HOSTILE, "sources": [named], "licenses": [named]}
    made = built(project(tmp_path, odd, title=HOSTILE, description=HOSTILE, licenses=[named]))
    for page in made.values():
        kinds = {script.get("type") or script.get("src") for script in page.iter("script")}
        assert kinds == {"application/ld+json", "../scripts/table.js", "../scripts/page.js"}
        assert not page.xpath("//*[@onclick]") and not page.xpath("//a[starts-with(@href, 'javascript')]")
        assert HOSTILE in page.text_content()
        (data,) = page.xpath("//script[@type='application/ld+json']/text()")
        assert json.loads(data)["name"] == HOSTILE
    (row,) = made["odd.html"].xpath("//tbody/tr")
    (link,) = row.xpath(".//a[@class='here']/@href")
    assert unquote(link[1:]) == row.get("id")


def test_places_of_rows_are_names_of_their_own(tmp_path):
    fields = [text("a"), text("b")]
    odd = project(
        tmp_path,
        table("keyed", fields, 'a,b\nx y,z\n"x-y",z\nmain,\n', primaryKey=["a", "b"]),
        table("plain", fields, "a,b\n1,2\n1,2\n"),
    )
    made = built(odd)
    assert made["keyed.html"].xpath("//tbody/tr/@id") == ["row-x-y_z", "row-x-y_z_2", "row-main"]
    assert made["plain.html"].xpath("//tbody/tr/@id") == ["row-1", "row-2"]


def test_addresses_lead_there_and_other_text_stays_text():
    assert address.is_web("https://example.org/a?b=1&c")
    for cell in (
        "http://",
        "https://[",
        "https://example.org/a b",
        "ftp://x.y/",
        "javascript:x",
        "see https://x.y",
    ):
        assert not address.is_web(cell)


def test_a_table_without_rows_says_so(tmp_path):
    page = built(project(tmp_path, table("none", [text("id")], "id\n")))["none.html"]
    assert "There are none." in page.text_content() and not page.xpath("//table")


def test_a_long_table_shows_its_beginning_and_links_only_to_what_is_shown(tmp_path):
    count = 100_000
    rows = "".join(f"r{number}\n" for number in range(count))
    many = table("many", [text("id")], f"id\n{rows}", primaryKey=["id"])
    key: dict[str, Any] = {"fields": ["of"], "reference": {"resource": "many", "fields": ["id"]}}
    few = table("few", [text("of")], f"of\nr0\nr{count - 1}\n", foreignKeys=[key])
    made = built(project(tmp_path, many, few))
    page = made["many.html"]
    assert len(page.xpath("//tbody/tr")) == pages.MOST_ROWS
    assert "The first 1,000 of 100,000 rows" in page.text_content()
    cells = made["few.html"].xpath("//tbody/tr/th")
    assert [cell.xpath("./a[not(@class)]/@href") for cell in cells] == [["many.html#row-r0"], []]


def test_a_storys_own_theme_may_replace_a_template(tmp_path):
    odd = project(tmp_path, table("odd", [text("id")], "id\n1\n"))
    mini.own_theme_file(odd, "table.html").write_text("Own: {{ title }}", encoding="utf-8")
    made = pages.Pages(odd, read_unchecked(odd), {}, SITE).build()
    assert made["odd.html"] == b"Own: odd"
    assert urlsplit(pages.STYLE).path in pages.assets(odd)
