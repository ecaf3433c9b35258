"""What a Quarto user may try, row by row of the table in docs/quarto.md: it works, or is refused in place."""

from __future__ import annotations

import functools
import html
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from PIL import Image

import brand
import mini
from explainer.system.project import Project
from program import explain
from reading import Pdf, words

DOCS = (mini.HERE / "docs" / "quarto.md").read_text(encoding="utf-8")
WORKS, REFUSED = "works", "refused"


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Parameters
    ----------
    edit : callable
        Does what a person would do to the little report.
    place : str
        Where it is refused; blank where it works.
    page, pdf : str
        Words that page and PDF then hold; patterns.
    render : int
        Which of the renders with the embedded engine has it, as rows that work do so together, too.
    """

    edit: Callable[[Project], None]
    place: str = ""
    page: str = ""
    pdf: str = ""
    render: int = 1


def head(*lines: str) -> Callable[[Project], None]:
    """Return an edit that adds lines to the front matter of index.qmd, before its line 6."""
    return lambda project: mini.edit(
        project.index, "date: 2031-06-01\n", "\n".join([*lines, "date: 2031-06-01"]) + "\n"
    )


def body(*lines: str) -> Callable[[Project], None]:
    """Return an edit that adds lines to the text of index.qmd, from its line 22."""
    return lambda project: mini.edit(
        project.index,
        "## Who sold what {#sec-who}\n",
        "\n".join([*lines, "", "## Who sold what {#sec-who}\n"]),
    )


def config(old: str, new: str) -> Callable[[Project], None]:
    """Return an edit of _quarto.yml."""
    return lambda project: mini.edit(project.quarto_yml, old, new)


def files(edit: Callable[[Project], None], **contents: str) -> Callable[[Project], None]:
    """Return an edit that also writes files; `_` in a name is a dot."""

    def do(project: Project) -> None:
        for name, text in contents.items():
            stem, _, suffix = name.rpartition("_")
            mini.write(project.root / f"{stem}.{suffix}", text)
        edit(project)

    return do


def picture(edit: Callable[[Project], None]) -> Callable[[Project], None]:
    """Return an edit that also puts a picture into images/."""

    def do(project: Project) -> None:
        path = project.root / "images" / "a shot.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (60, 40), "teal").save(path)
        edit(project)

    return do


def both(*edits: Callable[[Project], None]) -> Callable[[Project], None]:
    """Return an edit that consists of others."""

    def do(project: Project) -> None:
        for edit in edits:
            edit(project)

    return do


SECOND = '---\ntitle: "More on it"\n---\n\nMore on @fig-crates.\n'
TABLE = {
    "a second page under `render`": Row(
        files(config("    - index.qmd\n", "    - index.qmd\n    - more.qmd\n"), more_qmd=SECOND),
        page=r'href="more\.html"',
        render=2,
    ),
    "a plain picture, `![words](images/shot.png)`": Row(
        picture(body("![A stall at dusk](images/a%20shot.png){width=50%}")),
        page=r'<img src="images/a%20shot\.png" alt="A stall at dusk" style="width:50%">'
        r"\s*<figcaption>\s*A stall at dusk",
        pdf="A stall at dusk",
    ),
    "a figure of your own, `![words](shot.png){#fig-shot}`, with `@fig-shot`": Row(
        picture(
            body('![A stall](images/a%20shot.png){#fig-shot fig-alt="Crates"}', "", "As @fig-shot shows.")
        ),
        page=r'id="fig-shot">\s*<img src="images/a%20shot\.png" alt="Crates">\s*<figcaption>\s*'
        r'<a class="number" href="#fig-shot">Figure 1\.</a>'
        r'\s*A stall[\s\S]*href="#fig-shot" class="ref"[^>]*>Figure.1<',
        pdf="Figure 1. A stall As Figure 1 shows.",
    ),
    "`{{< include _part.qmd >}}`": Row(
        files(body("{{< include _part.qmd >}}"), _part_qmd="Of {{< var crates.all.n >}}, **no more**.\n"),
        page=r"<strong>no more</strong>",
        pdf=r"no more\.",
    ),
    "`{{< meta key >}}`": Row(
        both(head("newsroom: The *Orchard* desk"), body("By {{< meta newsroom >}}.")),
        page=r"By The <em>Orchard</em> desk\.",
        pdf="By The Orchard desk.",
    ),
    "`toc`": Row(
        head("toc: false", "format:", "  html: default", "  typst:", "    toc: true"),
        page=r"\A(?![\s\S]*class=\"contents\")",
        pdf=r"Contents Who sold what",
    ),
    "`css`": Row(
        files(head("css: own.css"), own_css=".text { letter-spacing: 1px; }"), page=r"letter-spacing: ?1px"
    ),
    "`number-sections`": Row(
        head("number-sections: true"), page=r"2\.1.Later", pdf=r"1 Who sold what[\s\S]*2.1 Later", render=2
    ),
    "a callout with `collapse`": Row(
        body('::: {.callout-note collapse="true" title="More"}', "Folded words.", ":::"),
        page=r"<details>\s*<summary>More</summary>\s*<p>Folded words\.",
        pdf="More Folded words.",
    ),
    "a `{python}` cell in a page": Row(
        body("```{python}", "print(2)", "```"), "index.qmd:22: code does not run in a page"
    ),
    "another format (`docx`, `revealjs`, `pdf`)": Row(
        head("format:", "  html: default", "  docx: default"), "index.qmd:8:format: this format is not made"
    ),
    "an extension’s shortcode": Row(
        body("{{< fa thumbs-up >}}"), "index.qmd:22: this shortcode is not supported"
    ),
    "`include-in-header`": Row(
        head("include-in-header: own.html"), "index.qmd:6: this setting does nothing here"
    ),
    "`lightbox`": Row(
        config("    minimal: true\n", "    minimal: true\n    lightbox: true\n"),
        "_quarto.yml:36: this setting does nothing",
    ),
    "a Bootstrap `theme`": Row(
        config("    theme: none\n", "    theme: cosmo\n"),
        "_quarto.yml:34:theme: this setting has no other value here",
    ),
    "`_brand.yml`": Row(
        brand.give,
        page=r"--paper:#ffffff;--ink:#111111;[\s\S]*--link:#1d5b2e;"
        r'[\s\S]*font-family:"Orchardian"[^}]*url\("fonts/Orchardian\.ttf"\)'
        r'[\s\S]*:root\{--serif:"Orchardian"',
    ),
    "a logo, sizes or a font of Google’s in `_brand.yml`": Row(
        files(
            lambda project: None,
            _brand_yml="logo: a.png\ntypography:\n  fonts:\n    - family: Lato\n      source: google\n",
        ),
        "_brand.yml:1: this setting does nothing here",
    ),
    "`.column-margin`, `.aside`, `.panel-tabset`, `layout-ncol`": Row(
        body("::: {.column-margin}", "A word.", ":::"), "index.qmd:22: a page has no such part"
    ),
    "`embed-resources`": Row(
        config("    minimal: true\n", "    minimal: true\n    embed-resources: true\n"),
        "_quarto.yml:36: this setting does nothing",
    ),
    "`bibliography`": Row(head("bibliography: refs.bib"), "index.qmd:6: this setting does nothing here"),
    "a `filters` entry of another filter": Row(
        config("  - at: pre-ast\n", "  - own.lua\n  - at: pre-ast\n"),
        "_quarto.yml:29:filters: this filter is not run",
    ),
    "`code-fold`, `draft`, `params`, `date-format` and any other setting": Row(
        head("code-fold: true"), "index.qmd:6: this setting does nothing here"
    ),
    "`execute`, `freeze`, `cache`": Row(
        head("execute:", "  freeze: auto"), "index.qmd:6: this setting does nothing here"
    ),
    "a footnote, `[^1]` or `^[words]`": Row(
        body("Few came.^[So they said.]"), page=r"So they said\.", pdf=r"So they said\."
    ),
    "a link to another page, `[words](more.qmd#sec-x)`": Row(
        both(
            files(config("    - index.qmd\n", "    - index.qmd\n    - more.qmd\n"), more_qmd=SECOND),
            body("See [more](more.qmd)."),
        ),
        page=r'See <a href="more\.html">more</a>',
        pdf="See more",
    ),
    "`lang`": Row(head("lang: en-GB"), page=r'<html lang="en-GB"'),
    "`_metadata.yml` with `toc`, `number-sections`": Row(
        files(lambda project: None, _metadata_yml="number-sections: true\n"), page=r"2\.1.Later", render=3
    ),
    '`::: {.content-visible when-format="html"}`': Row(
        body('::: {.content-visible when-format="html"}', "On the page.", ":::"),
        page=r"On the page\.",
        pdf=r"\A(?![\s\S]*On the page)",
    ),
    "`when-profile`, `when-meta`": Row(
        body('::: {.content-visible when-profile="draft"}', "A word.", ":::"),
        "index.qmd:22: a part that is shown or hidden names when-profile",
    ),
    "a profile, `_quarto-draft.yml`": Row(
        files(lambda project: None, **{"_quarto-draft_yml": "lang: de\n"}),
        "_quarto-draft.yml: this file is not read",
    ),
    "a formula, `$x$`": Row(body("It is $a + b$."), "index.qmd:22: a page sets no formulas"),
    "a typed table with `{#tbl-x}`": Row(
        body("| A |", "|---|", "| b |", "", ": Words {#tbl-mine}"),
        "index.qmd:26: a table that is typed has no number",
    ),
}
_RENDER = ("render", "index.qmd")
#: Of Quarto's program itself: what is called, and how it is refused.
COMMANDS = {
    "`quarto render --to docx`, `--to revealjs`, `--to pdf`": (
        (*_RENDER, "--to", "docx"),
        "quarto render:--to: this format is not made ('docx')",
    ),
    "`quarto render -P`, `--execute-params`": (
        ("render", "-P", "year:2031"),
        "quarto render: this switch does nothing here ('-P'). Take it out: a report has no parameters",
    ),
    "`quarto render -M`, `--toc` and Pandoc’s other switches": (
        (*_RENDER, "-M", "toc:false", "--number-sections"),
        "quarto render: this switch does nothing here ('-M'). Write the setting into _quarto.yml",
    ),
    "`--execute`, `--cache`, `--output`, `--output-dir`, `--site-url`, `--profile`": (
        ("render", "--output-dir", "out"),
        "quarto render: this switch does nothing here ('--output-dir'). Take it out",
    ),
    "`quarto publish`": (("publish", "gh-pages", "--no-prompt", "--no-browser"), "not a website"),
}


def rows_of_docs() -> dict[str, str]:
    """Return what the table in the docs says: result by what is written."""
    table = DOCS[DOCS.index("| you write |") :].split("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines()[2:]]
    assert all(len(one) == 3 and one[2] for one in cells)
    return {one[0]: one[1] for one in cells}


def test_docs_have_each_row_with_its_result():
    wanted = {name: REFUSED if row.place else WORKS for name, row in TABLE.items()}
    assert rows_of_docs() == wanted | dict.fromkeys(COMMANDS, REFUSED)


def outside(project: Project) -> set[str]:
    """Return the files of a project that git would show."""
    ignored = shutil.ignore_patterns(
        "_build", "_report", ".quarto", "__pycache__", "_variables.yml", "*.quarto_ipynb"
    )
    names = {path.relative_to(project.root).as_posix() for path in project.root.rglob("*") if path.is_file()}
    return {name for name in names if not any(ignored("", [part]) for part in name.split("/"))}


def assert_it_shows(row: Row, project: Project) -> None:
    page = (project.report / "index.html").read_text(encoding="utf-8")
    assert re.search(row.page, html.unescape(page))
    assert re.search(row.pdf, words(Pdf(project.report / "report.pdf").text))


def assert_it_is_refused(row: Row, said: str) -> None:
    assert row.place in said
    assert "Rendering with" not in said and not re.search(rf"{re.escape(row.place)}[^\n]*\)$", said)


@pytest.fixture(scope="module")
def together(rendered, tmp_path_factory) -> Callable[[int], Project]:
    """Return what renders all rows of a render that work."""

    @functools.cache
    def render(number: int) -> Project:
        project = mini.copy_of(rendered, tmp_path_factory.mktemp("together") / "mini")
        for row in TABLE.values():
            if row.render == number and not row.place:
                row.edit(project)
        before = outside(project)
        done = explain(project, "render", "--engine", "pandoc")
        assert done.returncode == 0, done.stdout + done.stderr
        assert outside(project) == before
        return project

    return render


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.place])
def test_what_works(name, together):
    assert_it_shows(TABLE[name], together(TABLE[name].render))


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.place])
def test_what_is_refused(name, report):
    TABLE[name].edit(report)
    before, old = outside(report), mini.snapshot(report.report)
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1
    assert_it_is_refused(TABLE[name], done.stdout + done.stderr)
    assert outside(report) == before
    assert mini.snapshot(report.report) == old


@pytest.mark.quarto
@pytest.mark.parametrize("name", TABLE)
def test_row_with_quarto(name, report, as_on_path):
    row = TABLE[name]
    row.edit(report)
    before, old = outside(report), mini.snapshot(report.report)
    done = run(report, as_on_path, "render")
    assert outside(report) == before
    if row.place:
        assert done.returncode != 0
        assert_it_is_refused(row, done.stdout)
        assert mini.snapshot(report.report) == old
        return
    assert done.returncode == 0, done.stdout
    assert done.stdout.rstrip().splitlines()[-1] == "Published: _report/index.html"
    assert_it_shows(row, report)


def run(project: Project, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Quarto as a person would."""
    return subprocess.run(
        ["quarto", *arguments],
        cwd=project.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.quarto
@pytest.mark.parametrize("name", COMMANDS)
def test_command(name, rendered, tmp_path, as_on_path):
    project = mini.copy_of(rendered, tmp_path / "mini")
    report = mini.snapshot(project.report)
    arguments, refusal = COMMANDS[name]
    done = run(project, as_on_path, *arguments)
    assert done.returncode != 0 and refusal in done.stdout
    assert "Rendering" not in done.stdout and not (project.root / "out").exists()
    assert mini.snapshot(project.report) == report
