"""The report itself: an edit reaches every place that says it and no other; page and PDF say the same."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from pathlib import Path

import pytest

import mini
import story
from differences import commit, parts, titles
from explainer.build import finish, pipeline
from explainer.diff import compare, make, sides
from explainer.engines import pandoc
from explainer.system.project import Project
from reading import Page, Pdf, hold_the_same, numbers_on_paper_alone

pytestmark = pytest.mark.slow

TOKENS = (story.page_tokens, story.pdf_tokens)
PAGE_NUMBERS = {str(number) for number in range(1, 100)}


@pytest.fixture(scope="module")
def built(published, tmp_path_factory) -> Project:
    """The report as committed, rendered from nothing by the embedded engine."""
    return mini.copy_of(published, tmp_path_factory.mktemp("story") / "built")


@pytest.fixture(scope="module")
def edited(built, tmp_path_factory) -> Project:
    """The same with one number changed in the fact sheet since it was committed to git, and nothing else."""
    project = mini.copy_of(built, tmp_path_factory.mktemp("story") / "edited")
    commit(project)
    # As long as the runs of its notebooks are the last ones, so that they are not run again for `diff`.
    make.build(project, sides.side(project, "HEAD"), lambda line: None)
    story.set_fact(project, "arrest-count", as_printed="31", exact="31 people arrested")
    pipeline.render(project, "pandoc", lambda line: None)
    return project


#: What becomes of two answers when an editor corrects a number in one and a day in the other.
RECOUNTED = {
    ("inq_0703", "arrest-count"): {
        "stance": "differs", "differs_in": "count", "source_value": "31", "answer_value": "31",
    },
    ("kyw_0706", "camp-start"): {
        "stance": "differs", "differs_in": "day", "source_value": "Sunday", "answer_value": "2018-07-08",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def recounted(built, tmp_path_factory) -> Project:
    """The same with a number of one source changed and a day of another, and nothing else but its PDFs."""
    project = mini.copy_of(built, tmp_path_factory.mktemp("story") / "recounted")
    for (source, fact), cells in RECOUNTED.items():
        story.set_answer(project, source, fact, **cells)

    def as_before(project: Project, source: Path, day: str | None, cache: object) -> bytes:
        return (built.report / story.PAGES[source.stem]).read_bytes()

    with pytest.MonkeyPatch.context() as patch:
        # Nobody reads the PDFs, and they take as long as the pages.
        patch.setattr(pandoc, "paper", lambda project, page, cache: page.path)
        patch.setattr(finish, "pdf", as_before)
        pipeline.render(project, "pandoc", lambda line: None)
    return project


def changes(before: list[str], after: list[str]) -> Counter:
    """Return each replacement of words by words, with its number; what only moved, as on paper, is none."""
    found: Counter = Counter()
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            found[" ".join(before[a:b]), " ".join(after[c:d])] += 1
    for gone, new in [*found]:
        if not new and ("", gone) in found:
            del found[gone, ""], found["", gone]
    return found


@pytest.mark.parametrize("tokens", TOKENS, ids=["page", "pdf"])
def test_a_changed_number_changes_wherever_it_is_said_and_nothing_else(built, edited, tokens):
    found = changes(tokens(built), tokens(edited))
    allowed = {("29", "31"), ("twenty-nine", "thirty-one"), ("Twenty-nine", "Thirty-one")}
    assert set(found) <= allowed, f"something else changed: {set(found) - allowed}"
    assert found["29", "31"] >= 4, "key figure, prose, chart and table all say it"


#: Charts and tables beside the pages that say the number, and those that draw it.
SAYING = (
    "fig-arrests",
    "tbl-conflicts",
    "tbl-facts",
    "tbl-readings",
)
DRAWING = ("fig-arrests",)
#: Tables that hold the number, and what holds all tables or says how they are made up.
TABLES = ("article/facts", "tidy/arrests", "tidy/counts", "tidy/values-protests")
WHOLE_DATA = (
    "data/SHA256SUMS",
    "data/croissant.json",
    "data/datapackage.json",
    "data/pars-explainer.sqlite",
    "data/pars-explainer.xlsx",
    "data/pars-explainer.zip",
    "data/ro-crate-metadata.json",
    "data/tables.json",
)


def test_what_stands_beside_the_page_changes_where_it_says_the_number_and_nowhere_else(built, edited):
    before, after = (mini.snapshot(project.report) for project in (built, edited))
    assert set(after) == set(before)
    changed = {
        name for name in before if after[name] != before[name] and not name.endswith((".pdf", ".html"))
    }
    # Notebooks to take along hold their outputs, and their tables beside them.
    along = {name for name in changed if name.startswith("notebooks/")}
    assert "notebooks/3-protests.ipynb" in along and "notebooks/3-protests.zip" in along
    assert changed - along == {
        *(f"data/{path}.csv" for path in TABLES),
        *(f"data/{kind}/{path.split('/')[1]}.{kind}" for path in TABLES for kind in ("json", "parquet")),
        *WHOLE_DATA,
        "facts.jsonld",
        *(f"figures/{label}.csv" for label in SAYING),
        *(f"figures/{label}.{kind}" for label in DRAWING for kind in ("png", "svg", "vl.js", "vl.json")),
    }
    for name in sorted(changed):
        if name.endswith((".csv", ".jsonld")):
            assert replaced(before[name].decode(), after[name].decode()) == {("29", "31")}, name


def test_every_page_and_embed_says_the_new_number_to_everybody_in_the_same_places(built, edited):
    said = {}
    for name, content in mini.snapshot(built.report).items():
        if name.endswith(".html"):
            new = (edited.report / name).read_bytes()
            said[name] = replaced(*map(story.everything_said, (content, new)))
    assert {name for name, words in said.items() if words} == {
        "index.html",
        "evidence.html",
        *(f"data/{path.split('/')[1]}.html" for path in TABLES),
        *(f"notebooks/{name}.html" for name in ("1-facts", "3-protests", "6-background", "7-versions")),
        *(f"embed/{label}.html" for label in DRAWING),
    }
    allowed = {("29", "31"), ("nine", "one"), ("twenty", "thirty"), ("Twenty", "Thirty")}
    assert set().union(*said.values()) <= allowed


def replaced(before: str, after: str) -> set[tuple[str, str]]:
    """Return which words stand in place of which, where each has one in its place."""
    old, new = (re.findall(r"[^\W_]+", text) for text in (before, after))
    assert len(old) == len(new)
    return {pair for pair in zip(old, new, strict=True) if pair[0] != pair[1]}


def test_a_source_that_changes_a_number_or_a_day_changes_its_own_marks_and_no_others(built, recounted):
    before, after = (marks(project) for project in (built, recounted))
    assert {fact for fact in before if before[fact] != after[fact]} == {fact for _, fact in RECOUNTED}
    assert before["arrest-count"] == "also reported by 6; differs: the scope"
    assert after["arrest-count"] == "also reported by 5; differs: the count"
    assert before["camp-start"] == "also reported by 4; differs: the day"
    assert after["camp-start"] == "also reported by 3; 2 differ: the day"


def marks(project: Project) -> dict[str, str]:
    """Return the words of each mark of the page, by the fact that it stands beside."""
    badges = story.page(project).xpath(
        "//p//a[contains(@class, 'badge')] | //li/a[contains(@class, 'badge')]"
    )
    return {badge.get("href").removeprefix("#who-"): badge.get("aria-label") for badge in badges}


#: Charts and tables that draw or say what sources answered about the two facts.
ANSWERING = (
    "fig-corroboration",
    "fig-arrests",
    "tbl-arrest-reports",
    "tbl-evidence",
    "tbl-other-conflicts",
    "tbl-sensitivity",
)


def test_a_source_that_changes_changes_its_charts_and_tables_and_no_others(built, recounted):
    before, after = (mini.snapshot(project.report / "figures") for project in (built, recounted))
    changed = {name.split(".")[0] for name in before if after[name] != before[name]}
    assert changed <= set(ANSWERING)
    assert {"fig-corroboration", "tbl-evidence"} <= changed
    drawn = [mini.snapshot(project.report / "figures")["fig-timeline.svg"] for project in (built, recounted)]
    assert drawn[0] == drawn[1]


def test_the_old_number_stays_where_other_sources_say_it(built, edited):
    """What other newsrooms counted is not the article's to change."""
    for project in (built, edited):
        rows = story.page(project, "embed/fig-arrests").xpath("//tbody/tr")
        cells = [[cell.text_content().strip() for cell in row.xpath("./th|./td")] for row in rows]
        assert [row for row in cells if "29" in row and "Philadelphia Inquirer" in " ".join(row)]
        answers = story.page(project, "evidence").xpath("//figure[@id='tbl-evidence']//td/text()")
        assert sum("29" in answer for answer in answers) >= 5


def test_the_chart_draws_as_many_marks_as_the_sheet_says(built, edited):
    def marks(project):
        # As it is printed: on the page, marks alike are one path.
        text = (project.build / "figures" / "fig-arrests" / "print.svg").read_text(encoding="utf-8")
        return len(re.findall(r"<(?:path|circle|use)\b", text))

    assert marks(edited) - marks(built) == 2


def test_the_link_to_the_words_follows_the_edit(edited):
    links = story.page(edited).xpath("//a[contains(@class, 'fact')]/@href")
    assert any(":~:text=31" in link for link in links)


@pytest.mark.parametrize(("name", "paper_alone"), [("index", ["Sources"]), ("evidence", [])])
def test_page_and_pdf_hold_the_same_figures_tables_and_headings(built, name, paper_alone):
    page = Page(built.report / f"{name}.html")
    hold_the_same(page, Pdf(built.report / story.PAGES[name]), *paper_alone)


def test_every_number_on_paper_is_one_of_the_pages(built):
    pages = [Page(built.report / f"{name}.html") for name in [*story.PAGES, *story.charts(built)]]
    for name in story.PAGES.values():
        assert numbers_on_paper_alone(built.report / name, *pages) == []


def test_page_and_pdf_say_the_same_numbers(built):
    on_page, in_pdf = (
        {number for token in tokens(built) if token[0].isdigit() for number in apart(token.strip(",."))}
        for tokens in TOKENS
    )
    assert on_page - in_pdf == set(), "in the page and not in the PDF"
    assert in_pdf - on_page - PAGE_NUMBERS == set(), "in the PDF and not in the page"


def apart(token: str) -> list[str]:
    """Return the number that a token is, or those of notes that stand beside each other on paper."""
    return [token] if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", token) else token.split(",")


def test_nothing_is_left_undone(built):
    text = " ".join(story.page_tokens(built)) + story.pdf_text(built)
    for mark in ("alt.Chart(", "{{<", "{python}", "@fig-", "@tbl-"):
        assert mark not in text


def test_the_page_leads_to_the_pdf_and_each_notebook_and_each_leads_back(built):
    links = {link.split("#")[0] for link in story.page(built).xpath("//a/@href")}
    notebooks = sorted(path.stem for path in built.notebooks.glob("*.ipynb"))
    assert len(notebooks) == 7
    assert {"report.pdf", "evidence.html", *(f"notebooks/{name}.html" for name in notebooks)} <= links
    for name in notebooks:
        text = (built.report / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
        assert 'href="../index.html' in text


def test_a_second_render_runs_nothing_and_gives_the_same_bytes(built):
    def published(project):
        return {path: path.read_bytes() for path in sorted(project.report.rglob("*")) if path.is_file()}

    before, said = published(built), []
    pipeline.render(built, "pandoc", said.append)
    assert published(built) == before
    assert not any("running" in line for line in said)


def test_a_bad_edit_leaves_the_last_good_report(built, tmp_path):
    from explainer.system.errors import Fault

    project = mini.copy_of(built, tmp_path / "bad")
    before = (project.report / "index.html").read_bytes()
    story.set_fact(project, "expiry-date", as_printed="August 32", exact="August 32")
    with pytest.raises(Fault) as told:
        pipeline.render(project, "pandoc", lambda line: None)
    assert "August 32" in str(told.value)
    assert (project.report / "index.html").read_bytes() == before


def test_diff_tells_a_changed_count_wherever_it_stands(edited, tmp_path):
    aside = edited.report.rename(tmp_path / "report")

    found = compare.diff(edited, "HEAD", say=lambda line: None)

    assert titles(found)["Facts"] == [("changed", "arrest-count")]
    assert parts(found, "Facts", "arrest-count")[:2] == [
        ("as_printed", "29", "31"), ("exact", "29 people arrested", "31 people arrested"),
    ]  # fmt: skip
    assert {"fig-arrests"} <= {title for _, title in titles(found)["Charts"]}
    (prose,) = [section for section in found.sections if section.title == "Prose"]
    told = [(part.was, part.now) for item in prose.items for part in item.parts]
    assert len(told) >= 2 and all("29" in was and "31" in now for was, now in told)
    assert "Notebooks" not in titles(found)
    assert not edited.report.exists()
    aside.rename(edited.report)
