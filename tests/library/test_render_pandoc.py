"""The little report from end to end by the embedded engine: page and PDF, twice, and with bad input."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import NameObject

import mini
from explainer.build import stage
from explainer.engines import quarto
from explainer.system.errors import Fault
from explainer.system.project import THEME
from explainer.verify import pages
from program import COMMAND, explain, start
from reading import Page, Pdf, shown, squeezed, stretches, words
from tagged import Tags


@pytest.fixture(scope="module")
def page(rendered):
    return Page(rendered.report / "index.html")


@pytest.fixture(scope="module")
def pdf(rendered):
    return Pdf(rendered.report / "report.pdf")


def test_page_and_pdf_have_the_same_headings(page, pdf):
    sections = [words for tag, _, words in page.headings if tag != "h1"]
    assert sections == [
        "Who sold what", "How full it was", "Later", "Sources", "How the computed numbers were found",
    ]  # fmt: skip
    assert pdf.headings == sections


def test_page_and_pdf_have_the_same_figures_and_tables(page, pdf):
    numbers = [figure["number"].rstrip(".") for figure in page.figures]
    assert numbers == ["Figure 1", "Table 1", "Figure 2"]
    # Figures stand at the head or the foot of a page of the PDF, so a table may overtake one of them.
    assert sorted(pdf.numbers) == sorted(numbers)
    printed = squeezed(pdf.text)
    for figure in page.figures:
        assert squeezed(figure["caption"]) in printed
        assert squeezed(figure["takeaway"]) in printed
        assert len(figure["rows"]) == 4
        for row in figure["rows"]:
            assert squeezed("".join(row)) in printed


def test_page_and_pdf_have_the_same_numbers_and_prose(page, pdf):
    printed = squeezed(pdf.prose)
    for paragraph in page.main.xpath(
        "./p | ./header/h1 | ./header/p[@class='standfirst'] | ./div[@role='note']//p | ./blockquote"
    ):
        assert all(part in printed for part in stretches(paragraph)), shown(paragraph)
    for item in page.main.xpath("./div[@class='key-figures']//li"):
        assert squeezed(shown(item)) in printed


def test_sources_are_notes_at_the_foot_of_the_pdf_one_each(page, pdf, rendered):
    cited = [link.get("href").removeprefix("#ref-") for link in page.tree.xpath("//*[@class='citation']//a")]
    assert len(cited) > len(set(cited)) > 1, "a source is cited twice"
    source = (rendered.build / "pandoc/index.typ").read_text()
    # A source that a note cites comes earlier on paper, where the note stands.
    assert sorted(re.findall(r'#cited\("(\w+)"\)', source)) == sorted(set(cited))
    assert len(re.findall(r"#cited-again", source)) == len(cited) - len(set(cited))
    printed = squeezed(pdf.text)
    for entry in page.tree.xpath("//*[@class='references']//*[starts-with(@id, 'ref-')]"):
        named = squeezed(entry.text_content().split("https:")[0])
        assert printed.count(named) == 2, "once in the notes and once in the list"


def test_page_and_pdf_lead_to_the_same_places(page, pdf):
    outside = {address for _, address in page.links if address.startswith("https:")}
    footer = {one.get("href") for one in page.tree.find(".//footer").iter("a")}
    inside = {address for _, address in page.links if address.startswith("notebooks/")}
    assert len(outside) >= 5 and inside - footer
    # The foot of the page, with licenses and notebooks, stands on the page alone.
    assert {address for address in outside | inside if address not in footer} <= pdf.links
    assert pdf.links <= outside | inside


def test_pdf_is_tagged_named_and_described(rendered, pdf):
    assert Tags(pdf.bytes).faults() == []
    assert pdf.reader.trailer["/Root"]["/Lang"] == "en"
    assert pdf.reader.metadata.title == "The fair, 29 crates later"
    assert pdf.reader.metadata.author == "A newsroom"
    figures = json.loads((rendered.build / "figures.json").read_text())
    assert pdf.alternatives() == [item["alt"] for item in figures.values() if item["kind"] == "fig"]


def test_tables_of_the_pdf_have_the_rows_and_columns_of_the_page(page, pdf):
    sizes = [(len(heads), len(rows)) for heads, rows in Tags(pdf.bytes).tables()]
    in_figures = [(len(one["rows"][0]), len(one["rows"]) - 1) for one in page.figures]
    others = page.main.xpath(".//table[thead][not(ancestor::figure)]")
    in_text = [(len(one.xpath("thead//th")), len(one.xpath("tbody/tr"))) for one in others]
    assert in_figures and in_text
    assert sorted(sizes) == sorted(in_figures + in_text)


class Draft(Tags):
    """The tags of a PDF that is to be written anew."""

    def __init__(self, writer: pypdf.PdfWriter) -> None:
        self.writer, self.root = writer, writer.root_object
        self.tree = writer.root_object["/StructTreeRoot"].get_object()


def damage(change: Callable[[Draft], object], content: bytes) -> bytes:
    """Return a PDF after a change."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    change(Draft(writer))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def rename(kind: str, to: str) -> Callable[[Draft], object]:
    return lambda tags: next(tags.all(kind)).update({NameObject("/S"): NameObject(to)})


@pytest.mark.parametrize(
    "change, fault",
    [
        (lambda tags: tags.root.pop("/Lang"), "it names no language"),
        (lambda tags: setattr(tags.writer, "metadata", None), "it has no title"),
        (lambda tags: tags.root.pop("/ViewerPreferences"), "a reader shows the file's name for its title"),
        (lambda tags: tags.root.pop("/Metadata"), "it does not say that it is PDF/UA"),
        (lambda tags: tags.root.pop("/StructTreeRoot"), "it is not tagged"),
        (lambda tags: next(tags.all("/Figure")).pop("/Alt"), "a picture has no alternative text"),
        (lambda tags: tags.tables()[0][1][0][0].pop("/A"), "table 1 has a row without a heading"),
        (lambda tags: tags.tables()[0][0][0].pop("/A"), "table 1 has a column without a heading"),
        (lambda tags: tags.tree.pop("/IDTree"), "table 1 has a cell that does not name its headings"),
        (rename("/H1", "/H3"), "a heading of level 3 follows one of level 0"),
        (rename("/P", "/Span"), "words stand in no paragraph, but in /Span"),
    ],
)
def test_damaged_tags_are_noticed(pdf, change, fault):
    assert fault in Tags(damage(change, pdf.bytes)).faults()


def test_pdf_bears_the_reports_day_and_not_the_builds(pdf):
    assert pdf.reader.metadata.creation_date.isoformat()[:10] == "2031-06-01"


def test_pdf_is_set_in_the_shipped_fonts(pdf):
    names = {
        font.get_object()["/BaseFont"]
        for sheet in pdf.reader.pages
        for font in sheet["/Resources"].get("/Font", {}).values()
    }
    assert names and all(
        "Newsreader" in name or "LibreFranklin" in name or "DejaVuSansMono" in name for name in names
    )


def test_number_at_the_start_of_a_line_is_no_list_in_the_pdf(rendered):
    source = (rendered.build / "pandoc/index.typ").read_text()
    assert re.search(r"like #fact\([^)]*\)\[29\];\. Not this one\.", source)


def test_page_names_itself(page):
    assert page.text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.tree.findtext(".//title") == "The fair, 29 crates later"
    assert (
        page.tree.find(".//meta[@name='description']").get("content")
        == "What the article says of 1,236 crates."
    )
    assert page.headings[0] == ("h1", "", "The fair, 29 crates later")


def test_every_value_comes_through(page):
    assert (
        "closed not found elsewhere on Friday, May 9, 2031, after 29 crates "
        "also reported by 1; differs: the count were sold" in page.visible
    )
    assert "Fifteen stalls" in page.visible and "twenty-nine is what growers said" in page.visible


def test_paper_says_in_signs_how_the_report_comes_by_what_it_prints(pdf):
    """What a line under the words shows on screen, and a screen reader is told there."""
    printed = words(pdf.text)
    assert (
        "closed [ not found elsewhere] on Friday [i], May 9, 2031 [i], after 29 crates [a: growers]"
        in printed
    )
    assert "[ also reported by 1; differs: the count] were sold" in printed
    assert "1,236 [c]" in printed
    for row in ("attributed [a] The article", "computed [c] Worked out", "inferred [i] Read"):
        assert row not in printed, "the key stands where the page wants it"


def test_hostile_words_of_tables_come_through_as_words(page):
    rows = page.figures[0]["rows"]
    assert [row[0] for row in rows] == ["Grower", "O'Neill <Sons> & Co", 'Ward "#1"', "=Pip*s*"]
    assert "Valley Echo, May 10, 2031. What <b>growers</b> sold & where." in page.visible


def test_notebook_pages_show_code_results_and_the_way_on(rendered):
    book = Page(rendered.report / "notebooks/1-crates.html")
    assert book.headings[0][2] == "Crates counted"
    assert [figure["number"] for figure in book.figures] == ["Figure 1.", "Table 1."]
    assert 'load("facts")' in book.visible
    assert "two lines of output" in book.visible
    assert "#| label" not in book.visible
    assert ("Next Stalls", "../notebooks/2-stalls.html") in book.links
    assert ("In the report: Figure 1", "../index.html#fig-crates") in book.links
    assert [cell.tag for cell in book.tree.xpath("//div[@class='cell']//table//th[@scope]")]


def test_page_is_small_and_loads_only_its_own_fonts(rendered):
    text = (rendered.report / "index.html").read_text()
    assert len(text.encode()) < 60_000
    page = Page(rendered.report / "index.html")
    assert [one.get("type") for one in page.tree.iter("script")] == [None, "application/ld+json", None]
    assert [one.get("src") for one in page.tree.iter("script")] == [None, None, "scripts/page.js"]
    assert [one.get("href") for one in page.tree.iter("link")] == ["icon.svg"]
    assert "<img" not in text
    assert all(
        (rendered.report / "fonts" / name).is_file()
        for name in ("Newsreader-Regular.woff2", "OFL-Newsreader.txt")
    )


def test_second_render_gives_the_same_bytes(report):
    before = mini.snapshot(report.report)
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stderr
    assert "running, because" not in done.stderr
    assert mini.snapshot(report.report) == before


def test_render_says_where_the_results_are(report):
    done = explain(report, "render")
    assert "Rendered with Pandoc" in done.stdout
    for name in ("_report/index.html", "_report/report.pdf", "_report/notebooks/1-crates.html"):
        assert name in done.stdout and (report.root / name).is_file()


def test_edit_of_the_fact_sheet_reaches_every_place_in_both_formats(report):
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stderr
    page, pdf = Page(report.report / "index.html"), Pdf(report.report / "report.pdf")
    for text in (page.visible, pdf.text, " ".join(page.figures[0]["alts"])):
        assert (
            "31" in text and "29" not in text.replace("29%20", "").replace("data ", "").split("Built from")[0]
        )
    assert "1,238" in page.visible and "thirty-one" in page.visible
    assert "31 crates later" in pdf.reader.metadata.title


PROSE = [
    (
        "{{< var fair.day.weekday >}}",
        "{{< var fair.day.wekday >}}",
        ":9: this variable does not exist ('fair.day.wekday'). Did you mean fair.day.weekday?",
    ),
    ("#fig-stalls >}}", "#fig-stals >}}", ":39: the notebook has no figure or table with this label"),
    (
        "(@fig-crates)",
        "(@fig-crate)",
        ":24: this refers to a figure or table that no notebook has ('@fig-crate'). Did you mean fig-crates?",
    ),
    ("As @sec-who", "As @sec-whom", ":41: this refers to a section that no page has"),
    (
        "says [@blog]",
        "says [@blogg]",
        ":12: this cites a source that does not exist ('@blogg'). Did you mean blog?",
    ),
    (
        'ref="fair-closes"',
        'ref="fair-close"',
        ":9: this fact does not exist ('fair-close'). Did you mean fair-closes?",
    ),
    ("{{< pagebreak >}}", "{{< video x >}}", ":35: this shortcode is not supported"),
]


def test_faults_of_the_prose_are_told_at_once_with_their_lines(report):
    before = mini.snapshot(report.report)
    for old, new, _ in PROSE:
        mini.edit(report.index, old, new)
    mini.edit(report.notebooks / "1-crates.ipynb", "@fig-crates shows", "@fig-stalls shows")
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1, done.stdout
    for _, _, told in PROSE:
        assert f"index.qmd{told}" in done.stderr
    assert "notebooks/1-crates.ipynb:Markdown cell 1, line 3: this refers to a figure" in done.stderr
    # and @fig-stalls, which the page no longer shows
    assert done.stderr.count("index.qmd:") == len(PROSE) + 1
    assert mini.snapshot(report.report) == before


#: The end of a heading: its words, and the link to its own address.
HEADING = 'How full it was<a class="here" href="#how-full-it-was" aria-label="Address"></a></h2>'

BAD = [
    ("index.qmd", "\ntitle: ", "\ntitel: ", "index.qmd:1: the front matter has no title"),
    ("index.qmd", 'author: "A newsroom"', "author: [", "index.qmd:"),
    (
        "index.qmd",
        "date: 2031-06-01",
        "date: someday",
        "index.qmd: the date in the front matter is no date ('someday')",
    ),
    (
        "index.qmd",
        "::: {.callout-warning",
        "::: {.callout-peril",
        "index.qmd: callout callout-peril does not exist",
    ),
    (
        "data/article/facts.csv",
        "Visitors,1200,stated",
        "Visitors,1200,rumoured",
        "data/article/facts.csv:3:status",
    ),
    ("data/sources/sources.csv", "outlet,", "outlets,", "data/sources/sources.csv:1"),
    ("data/sources/sources.csv", "2031-05-10", "2031-05-32", "data/sources/sources.csv:3:published"),
    ("notebooks/2-stalls.ipynb", "4, 6, 5]", "4, 6, 5", "notebooks/2-stalls.ipynb"),
    ("notebooks/2-stalls.ipynb", "fig-stalls", "fig-crates", "notebooks/2-stalls.ipynb"),
    (
        "theme/report.typ",
        "#let palette",
        "#let let palette",
        "_build/pandoc/index.typ: the PDF cannot be set",
    ),
    (
        "index.qmd",
        "date: 2031",
        "url: fair\ndate: 2031",
        "index.qmd:url: this is no address for a report ('fair')",
    ),
    (
        "index.qmd",
        "date: 2031",
        "card: fig-x\ndate: 2031",
        "index.qmd:card: the card is to show a chart that the page",
    ),
    ("theme/page.html", '<meta charset="utf-8">', "", "index.html: the page does not say that it is UTF-8"),
    (
        "theme/page.html",
        "</head>",
        '<script src="https://cdn.example.org/x.js"></script></head>',
        "index.html: the page would load this from elsewhere",
    ),
]


@pytest.mark.parametrize(
    "file, old, new, told", BAD, ids=[f"{file}:{new.strip()[:24]}" for file, _, new, _ in BAD]
)
def test_bad_input_is_refused_and_the_last_report_stays(report, file, old, new, told):
    before = mini.snapshot(report.report)
    if file.startswith("theme/"):
        mini.own_theme_file(report, file.removeprefix("theme/"))
    mini.edit(report.root / file, old, new)
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1, done.stdout
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert mini.snapshot(report.report) == before


@pytest.mark.parametrize("file", ["index.qmd", "data/sources/sources.csv", "notebooks/1-crates.ipynb"])
def test_missing_file_is_told_and_the_last_report_stays(report, file):
    before = mini.snapshot(report.report)
    (report.root / file).unlink()
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert file.removesuffix(".ipynb") in done.stderr
    assert mini.snapshot(report.report) == before


def test_unknown_engine_is_wrong_usage(report):
    assert explain(report, "render", "--engine", "latex").returncode == 2


def test_reason_is_told_and_not_the_stack_of_quarto():
    said = "ERROR: NotFound: lstat 'theme/nope.typ'\n\nStack trace:\n" + "    at async f (file:1:2)\n" * 12
    (fault,) = quarto.parse_errors(said)
    assert str(fault) == "Quarto failed: ERROR: NotFound: lstat 'theme/nope.typ'. Or use --engine pandoc."


def test_quarto_asked_for_and_not_there_is_told(report):
    done = explain(report, "render", "--engine", "quarto", PATH="/nowhere")
    assert done.returncode == 1
    assert "no Quarto was found" in done.stderr


def test_auto_does_without_a_quarto_that_does_not_start(report, tmp_path):
    broken = tmp_path / "bin" / "quarto"
    mini.write(broken, "#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    done = explain(report, "render", QUARTO_PATH=str(broken))
    assert done.returncode == 0, done.stderr
    assert "Rendered with Pandoc" in done.stdout
    assert explain(report, "render", "--engine", "quarto", QUARTO_PATH=str(broken)).returncode == 1


@pytest.mark.parametrize("locale", ["C", "xx_YY.UTF-8"])
def test_a_folder_of_any_name_renders_in_any_locale(rendered, tmp_path, locale):
    project = mini.copy_of(rendered, tmp_path / "a%41b é")
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    for command in (["check"], ["render", "--engine", "pandoc"]):
        done = start(project, *command, LC_ALL=locale, LANG=locale)
        assert done.returncode == 0, done.stderr
    assert "31 crates later" in (project.report / "index.html").read_text(encoding="utf-8")


def test_two_renders_at_once_do_not_mix(report):
    with stage.lock(report):
        done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1
    assert "another render is at work" in done.stderr


def test_killed_render_leaves_the_last_report(report):
    before = mini.snapshot(report.report)
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    process = subprocess.Popen(
        [*COMMAND, "render", "--engine", "pandoc"],
        cwd=report.root,
        env=mini.without_quarto(),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout:
        if line.startswith("Setting the PDF"):
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert mini.snapshot(report.report) == before
    assert explain(report, "render", "--engine", "pandoc").returncode == 0
    assert "31 crates later" in (report.report / "index.html").read_text()


def test_build_killed_between_the_two_moves_is_mended(report):
    before = mini.snapshot(report.report)
    os.replace(report.report, report.build / "previous")
    stage.recover(report)
    assert mini.snapshot(report.report) == before
    assert not (report.build / "previous").exists()


def test_publish_that_fails_puts_the_last_report_back(report):
    before = mini.snapshot(report.report)
    # There is no stage to put in its place.
    with pytest.raises(Fault, match="_report: cannot be written: No such file"):
        stage.replace_report(report)
    assert mini.snapshot(report.report) == before


@pytest.fixture
def verified(report):
    """Return a function that spoils the finished report and returns what the last look says."""
    content = json.loads((report.build / "site.json").read_text())

    def look(file, old, new):
        mini.edit(report.report / file, old, new)
        with pytest.raises(pages.Faults) as told:
            pages.verify_pages(report, report.report, content)
        return str(told.value)

    pages.verify_pages(report, report.report, content)
    return look


@pytest.mark.parametrize(
    "old, new, told",
    [
        (
            '<h2 id="sec-who">',
            '<h2 id="sec-which">',
            "a link leads to a place that is not there ('#sec-who')",
        ),
        (HEADING, "How full @fig-zzz was</h2>", "a reference was not resolved"),
        (HEADING, "How ?? it was</h2>", "something was not resolved"),
        (HEADING, "How `{python}` it was</h2>", "inline code was not computed"),
        (HEADING, "How {{&lt; var x &gt;}} was</h2>", "a shortcode was not expanded"),
        (HEADING, "How alt.Chart(...) was</h2>", "printed as code instead of drawn"),
        (
            HEADING,
            '<img src="fonts/OFL-Newsreader.txt"></h2>',
            "a picture has no alternative text",
        ),
        (
            HEADING,
            '<img alt="a" src="none.png"></h2>',
            "loads a file that is not in the report",
        ),
        (
            HEADING,
            '<a href="none.html">a</a></h2>',
            "a link leads to a file that is not in the report",
        ),
        (
            HEADING,
            '<a href="../../index.qmd">a</a></h2>',
            "a link leads to a file that is not in the report",
        ),
        (HEADING, '<a href="javascript:a()">a</a></h2>', "a scheme that no reader can follow"),
        (
            HEADING,
            '<span style="background:url(//e.org/x)">a</span></h2>',
            "load this from elsewhere",
        ),
        ("</style>", "@import 'https://e.org/x.css';</style>", "load this from elsewhere"),
        ("<!DOCTYPE html>", "<!doctype html >", "no document type"),
        ("</h1>", "</h1><h1>again</h1>", "must have one main heading"),
        ("</h1>", '<span id="sec-who"></span></h1>', "two parts of the page have the same id"),
    ],
)
def test_last_look_finds(verified, old, new, told):
    assert told in verified("index.html", old, new)


def test_last_look_finds_a_path_of_this_machine(report, verified):
    assert "a path of this machine" in verified("index.html", "</h1>", f"</h1><p>{report.root}</p>")


def test_last_look_finds_a_drawing_without_description(report):
    content = json.loads((report.build / "site.json").read_text())
    path = report.report / "index.html"
    text = path.read_text()
    start, end = text.index("<desc"), text.index("</desc>") + len("</desc>")
    path.write_text(text[:start] + text[end:])
    with pytest.raises(pages.Faults, match="does not name and describe itself"):
        pages.verify_pages(report, report.report, content)


def test_last_look_finds_a_broken_pdf(report):
    content = json.loads((report.build / "site.json").read_text())
    for spoiled in (b"", b"%PDF-1.7 nothing"):
        (report.report / "report.pdf").write_bytes(spoiled)
        with pytest.raises(pages.Faults, match="PDF"):
            pages.verify_pages(report, report.report, content)


def test_step_goes_over_to_the_projects_own_python(report):
    bare = Path(sys.base_prefix) / "bin" / "python3"
    if (
        not bare.is_file()
        or subprocess.run([bare, "-c", "import explainer"], capture_output=True).returncode == 0
    ):
        pytest.skip("no Python here that does without the library")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}

    def step():
        command = [bare, THEME / "step.py", "check"]
        return subprocess.run(
            command, cwd=report.root, env=clean, capture_output=True, text=True, check=False
        )

    alone = step()
    assert alone.returncode == 1
    assert "or into .venv here" in alone.stderr and "Traceback" not in alone.stderr
    (report.root / ".venv").symlink_to(sys.prefix)
    done = step()
    assert (done.returncode, done.stdout.strip()[-8:]) == (0, "no fault")


def test_dispute_that_no_fact_of_the_page_shows_is_refused(report):
    before = mini.snapshot(report.report)
    text = report.index.read_text(encoding="utf-8")
    report.index.write_text(text.replace('ref="apples"', 'ref="fair-closes"'), encoding="utf-8")
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1
    assert "somebody differs on this, and no page shows it beside a fact" in done.stderr
    assert "Name one of its facts in the prose: apples." in done.stderr
    assert mini.snapshot(report.report) == before
