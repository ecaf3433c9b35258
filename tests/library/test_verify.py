"""What `explainer verify` says of a report: what holds, what does not, and what nobody looked at."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import pytest

import ferry
import mini
from explainer.acceptance import builds, copies, links
from explainer.acceptance.finding import MOST_DETAILS, Outcome, held, unchecked
from explainer.acceptance.paper import Paper, differences
from explainer.acceptance.reading import Page
from explainer.article.audit import audit
from explainer.article.audit.report import cut_faults, problems
from explainer.article.copies import read
from explainer.evidence.fragments import Fragment, directives
from explainer.ledger.data_check import DataCheck
from explainer.starter.new import create
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain

#: Reads the time zone of the program, which nothing that belongs in a story can do.
ZONE = '{{ cycler.__init__.__globals__["os"].environ["TZ"] }}'
HEADINGS = ["Sameness", "Links", "Weight", "Access"]


def lines(text: str) -> dict[str, list[str]]:
    """Return what stands under each heading."""
    parts = re.split(r"^(\w+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (part.splitlines() for part in parts[1::2]), strict=True))


# The command ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_all_holds_in_a_new_story(tmp_path):
    project = create(tmp_path, "ferry").project
    given = tmp_path / "copies"
    mini.write(given / "article.txt", ferry.TEXT)
    before = mini.snapshot(project.root)
    done = explain(project, "verify", "--engine", "pandoc", "--copies", str(given))
    assert done.returncode == 0, done.stdout + done.stderr
    assert mini.snapshot(project.root) == before
    said = lines(done.stdout)
    assert list(said) == HEADINGS
    assert len(done.stdout.splitlines()) <= 24, "one screen"
    assert "FAILS" not in done.stdout
    assert re.search(r"holds        built twice, each byte of \d+ files the same", said["Sameness"][0])
    assert "not checked  _report: there is none yet" in done.stdout
    assert "not checked  engine against engine: no Quarto was found" in done.stdout
    assert re.search(r"text fragments: \d+ lead to words that stand in article.txt", done.stdout)


@pytest.mark.slow
def test_a_byte_that_depends_on_the_time_zone_fails(tmp_path, rendered):
    project = mini.copy_of(rendered, tmp_path / "mini")
    page = mini.own_theme_file(project, "embed.html")
    mini.edit(page, "<figcaption>", f"<figcaption>{ZONE}")
    done = explain(project, "verify", "--engine", "pandoc", EXPLAINER_CHROMIUM="none")
    assert done.returncode == 1
    said = lines(done.stdout)
    assert said["Sameness"][0].startswith("  FAILS        built twice")
    assert "embed/fig-crates.html: byte" in said["Sameness"][1]
    assert "GMT+12" in said["Sameness"][1] and "GMT-14" in said["Sameness"][1]
    assert "FAILS        _report is the report that the sources give" in done.stdout
    assert said["Weight"] == [f"  not checked  bytes before a click: {NO_BROWSER}"]
    assert said["Access"] == [f"  not checked  access: {NO_BROWSER}"]


NO_BROWSER = "no browser on this machine ($EXPLAINER_CHROMIUM, chromium, chromium-browser, google-chrome)"


def test_a_report_that_cannot_be_built_is_not_verified(tmp_path):
    project = mini.make(tmp_path / "mini")
    mini.edit(project.index, "on {{< var fair.day.weekday >}}", "on {{< var no.such >}}")
    done = explain(project, "verify", "--engine", "pandoc")
    assert done.returncode == 1
    assert "the report cannot be built" in done.stderr and "no.such" in done.stderr


def test_a_finding_is_a_line_and_its_first_details():
    finding = held("all is well", [f"place {number}" for number in range(MOST_DETAILS + 2)])
    assert finding.outcome is Outcome.FAILS
    shown = finding.lines()
    assert shown[0] == "  FAILS        all is well"
    assert len(shown) == MOST_DETAILS + 2 and shown[-1].strip() == "and 2 more"
    assert held("all is well", []).lines() == ["  holds        all is well"]
    assert unchecked("no browser").lines() == ["  not checked  no browser"]


# Sameness ---------------------------------------------------------------------------------------


def test_files_that_differ_are_named_with_the_first_place(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        mini.write(folder / "same.html", "same")
        mini.write(folder / "a" / "page.html", "<p>Made on July 1</p>")
    assert builds.same_bytes(first, second) == []
    mini.write(second / "a" / "page.html", "<p>Made on July 2</p>")
    mini.write(second / "more.html", "")
    assert builds.same_bytes(first, second) == [
        "more.html: only in one of the two",
        "a/page.html: byte 16: '<p>Made on July 1</p>', '<p>Made on July 2</p>'",
    ]


def test_the_local_day_is_never_the_same():
    zones = (builds.HERE.zone, builds.ELSEWHERE.zone)
    assert zones == ("Etc/GMT+12", "Etc/GMT-14"), "26 hours apart"
    here, elsewhere = vars(builds.HERE), vars(builds.ELSEWHERE)
    assert [name for name in here if here[name] == elsewhere[name]] == []


def test_the_pdf_has_the_headings_and_the_words_of_the_page(rendered):
    page, paper = Page(rendered.report / "index.html"), Paper(rendered.report / "report.pdf")
    assert list(differences(page, paper)) == []


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("a pity", "a shame", "not in the PDF, or not in this order"),
        ("How full it was</h2>", "How empty it was</h2>", "the heading 'How empty it was' is not heading"),
    ],
)
def test_a_page_that_says_something_else_than_its_pdf_fails(report, old, new, said):
    path = report.report / "index.html"
    text = path.read_text(encoding="utf-8")
    plain = re.sub(r'(How full it was)<a class="here"[^>]*></a>(</h2>)', r"\1\2", text)
    assert old in plain
    path.write_text(plain.replace(old, new), encoding="utf-8")
    assert any(said in line for line in differences(Page(path), Paper(report.report / "report.pdf")))


# Links ------------------------------------------------------------------------------------------


def judged(report: Path) -> list[tuple[Outcome, tuple[str, ...]]]:
    return [(one.outcome, one.details) for one in links.check(report, links.read_all(report))]


def test_every_link_of_the_little_report_holds(rendered):
    assert [outcome for outcome, _ in judged(rendered.report)] == [Outcome.HOLDS, Outcome.HOLDS]


@pytest.mark.parametrize("page", ["index.html", "data/facts.html", "notebooks/1-crates.html"])
@pytest.mark.parametrize(
    "link, said",
    [
        ("#nowhere", "a place that is not there"),
        ("none.html", "a file that is not in the report"),
        ("../../../etc/passwd", "a file that is not in the report"),
    ],
)
def test_a_broken_link_on_any_page_fails(report, page, link, said):
    path = report.report / page
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("</main>", f'<a href="{link}">x</a></main>'), encoding="utf-8")
    (outcome, details), _ = judged(report.report)
    assert outcome is Outcome.FAILS
    assert page in details[0] and said in details[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=c&d=%20#e",
        "https://example.org/#:~:text=a%20b-,c%2Dd,e,-f",
        "http://127.0.0.1:8000/",
        "mailto:a@example.org",
    ],
)
def test_what_is_well_formed(address):
    assert links.malformed(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        "https:///nobody",
        "https://exa mple.org/",
        "https://example.org/a b",
        "https://example.org/100%",
        "https://-example.org/",
        "https://example.org/#:~:text=well-known",
        "https://example.org/#:~:txt=a",
        "https://example.org/#:~:text=%FF",
        "ftp://example.org/",
        "//example.org/",
        "mailto:nobody",
    ],
)
def test_what_is_not(address):
    assert links.malformed(address)


# Text fragments ---------------------------------------------------------------------------------

BLOCKS = [
    "MORE NEWSPa., NJ lead",
    "The end of the city’s deal, a well-known one.",
    "The city. The end of it.",
]


@pytest.mark.parametrize(
    "fragment, at",
    [
        (Fragment("Pa."), None),
        (Fragment("Pa.", prefix="NEWS"), 0),
        (Fragment("Pa.", prefix="EWS"), None),
        (Fragment("the city"), 2),
        (Fragment("the city", suffix="’s deal"), 1),
        (Fragment("the city", suffix="'s"), 1),
        (Fragment("the city", suffix="'"), None),
        (Fragment("END OF THE"), 1),
        (Fragment("known"), 1),
        (Fragment("know"), None),
        (Fragment("end", end="deal"), 1),
        (Fragment("end", end="dea"), None),
        (Fragment("one.", suffix="The city"), 1),
        (Fragment("deal a"), None),
    ],
)
def test_words_are_found_where_browsers_find_them(fragment, at):
    assert fragment.find(BLOCKS) == at


def test_the_parts_of_a_fragment():
    assert directives("https://a.org/x#:~:text=a%20b-,c%2C,d,-e&text=f") == (
        "https://a.org/x",
        [Fragment("c,", "d", "a b", "e"), Fragment("f")],
    )
    assert directives("https://a.org/x#y:~:text=f") == ("https://a.org/x#y", [Fragment("f")])
    assert directives("https://a.org/x#y") == ("https://a.org/x#y", [])


@pytest.fixture
def project(tmp_path) -> Project:
    return ferry.make(tmp_path / "ferry")


def tried(project: Project, folder: Path | None, *addresses: str):
    return list(copies.check(project, addresses, folder, None, "no browser"))


def test_a_fragment_is_tried_in_the_copy_of_its_page(project, tmp_path):
    folder = tmp_path / "copies"
    mini.write(folder / "article.txt", ferry.TEXT)
    right = "https://example.org/ferry#:~:text=Blue%20Heron"
    other = "https://example.org/other#:~:text=x"
    (found, rest) = tried(project, folder, right, other, "https://example.org/")
    assert found.outcome is Outcome.HOLDS and "1 lead to words that stand in article.txt" in found.text
    assert rest.outcome is Outcome.UNCHECKED and "no copy of https://example.org/other" in rest.text
    (found,) = tried(project, folder, right, "https://example.org/ferry#:~:text=Grey%20Heron")
    assert found.details == ("no browser finds the words of https://example.org/ferry#:~:text=Grey%20Heron",)


@pytest.mark.parametrize("name", ["other.txt", "article/x.txt"])
def test_copies_are_called_what_they_are_copies_of(project, tmp_path, name):
    mini.write(tmp_path / "copies" / name, ferry.TEXT)
    with pytest.raises(Fault):
        copies.read_all(project, tmp_path / "copies")


# Selectors that cut a word ------------------------------------------------------------------------


def test_a_word_that_the_tables_show_to_be_cut_is_a_fault_at_its_cell(project):
    assert DataCheck(project).faults == []
    ferry.edit(project, "facts", "pier", prefix="")
    (fault,) = DataCheck(project).faults
    assert (fault.file, fault.row, fault.column) == ("data/article/facts.csv", 18, "prefix")
    assert fault.what.startswith("the words begin inside 'NEWSPier'")
    assert fault.remedy == "Write 'NEWS' at the end of prefix."


def test_the_audit_sees_the_words_that_the_tables_do_not_have(project, tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_text(ferry.TEXT, encoding="utf-8")
    ferry.edit(project, "facts", "fare", as_printed="lowest fare", exact="lowest fare", prefix="line’s")
    ferry.edit(project, "facts", "crew", exact="Okafor", as_printed="Okafor", prefix="and")
    assert DataCheck(project).faults == []
    result = audit(project, read(copy))
    assert not result.complete
    (fault,) = cut_faults(result)
    assert (fault.row, fault.column) == (17, "suffix")
    assert "end inside 'Okafor’s'" in fault.what and fault.remedy == "Write '’s' at the beginning of suffix."
    assert str(fault) in problems(result)
    ferry.edit(project, "facts", "crew", suffix="’s crew")
    assert cut_faults(audit(project, read(copy))) == []


def test_a_draft_cuts_no_word(tmp_path):
    text = ferry.TEXT.replace("Port Ansel.", "Port Ansel’s harbor. Dana Reeve’s boat met it on Friday.")
    article = tmp_path / "article.txt"
    article.write_text(text, encoding="utf-8")
    project = create(tmp_path, "drafted", article).project
    assert cut_faults(audit(project, read(article))) == []


def test_annotations_join_words_where_the_article_does(report):
    mini.edit(report.data / "article/paragraphs.csv", "The fair will close", "NEWSThe fair will close")
    mini.edit(
        report.data / "article/facts.csv", "stated,,fair will close,,,", "stated,,The fair will close,NEWS,,"
    )
    from explainer.evidence.annotations import collect

    (found,) = [one for one in collect(report)["items"] if one["id"].endswith("fair-closes")]
    selector = found["target"]["selector"]
    assert (selector["prefix"], selector["exact"]) == ("NEWS", "The fair will close")


# Addresses --------------------------------------------------------------------------------------


def test_each_row_of_a_table_has_an_address(rendered):
    tree = lxml.html.document_fromstring((rendered.report / "index.html").read_bytes())
    rows = tree.xpath("//figure[@id='tbl-growers']//tbody/tr")
    assert [row.get("id") for row in rows] == [
        "tbl-growers.o-neill-sons-co",
        "tbl-growers.ward-1",
        "tbl-growers.pip-s",
    ]
    for row in rows:
        assert row.xpath(".//a[@class='here']/@href") == [f"#{row.get('id')}"]
    # A chart's data, which its own page has, are no part of the page.
    assert tree.xpath("//figure[@id='fig-crates']//tr/@id") == []


def test_linked_data_name_places_of_the_report(rendered):
    assert not any("#" in one.get("@id", "") for one in json_of(rendered)["citation"])


def json_of(project: Project) -> dict:
    tree = lxml.html.document_fromstring((project.report / "index.html").read_bytes())
    return json.loads(tree.xpath("//script[@type='application/ld+json']")[0].text)["@graph"][0]
