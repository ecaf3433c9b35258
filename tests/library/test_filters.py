"""The Lua filters, run by the Pandoc in the lock and by Quarto's."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter

import lxml.html
import pypandoc
import pytest
import typst
from pypdf import PdfReader

import mini
from explainer.authoring import palette
from explainer.export import notebooks
from explainer.notebooks import codespaces
from explainer.report import figures, shortcodes
from explainer.system.project import THEME, Project
from reading import Pdf

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" role="img"'
    ' aria-labelledby="fig-a-title fig-a-desc"><title id="fig-a-title">T</title>'
    '<desc id="fig-a-desc">D</desc><g aria-hidden="true"><rect width="9" height="9"/></g>'
    "</svg>"
)
HOSTILE = '</p><script>alert("1")</script> & \'q\' #let $x$ *b* _u_ @fig-x \\ [a](b) `c` <x> // /* "'


def item(label, **changed):
    """Return what figures.json says of one figure or table."""
    return {
        "kind": label[:3],
        "label": label,
        "notebook": "notebooks/1-a.ipynb",
        "page": "notebooks/1-a.html",
        "cell": label,
        "takeaway": "Up",
        "caption": "Caption of " + label,
        "alt": "Alt of " + label,
        "note": "",
        "sources": [{"id": "s", "text": "Post, fair", "url": "https://example.org/?a=1&b=2"}],
        "columns": [
            {"name": "who", "title": "Who", "type": "string"},
            {"name": "n", "title": "How many", "type": "integer"},
        ],
        "cells": [["Ann", "1"], ["Bob", "29"]],
        "files": {},
    } | changed


class Bench:
    """A folder with what the filters read, and a Pandoc."""

    def __init__(self, root, pandoc):
        self.root, self.pandoc = root, pandoc
        mini.write(root / "_quarto.yml", "project:\n  type: default\n")
        self.figures(item("fig-a"), item("fig-b"), item("tbl-c"))
        self.data(
            "facts.json",
            {
                "closed": {
                    "status": "stated",
                    "label": "stated, paragraph 1",
                    "url": "https://e.org/#:~:text=a%20b",
                }
            },
        )
        self.data(
            "references.json",
            [
                {
                    "id": "post",
                    "type": "article-newspaper",
                    "container-title": "The Post",
                    "title": "A <b>fair</b> & more",
                    "URL": "https://example.org/post",
                    "issued": {"date-parts": [[2018, 7, 3]]},
                },
                {"id": "blog", "type": "article-newspaper", "container-title": "Blog", "title": "Notes"},
            ],
        )
        self.data(
            "site.json",
            {
                "title": "The report",
                "date": "2031-06-01",
                "pdf": "report.pdf",
                "pages": [
                    {
                        "file": "index.qmd",
                        "address": "index.html",
                        "title": "The report",
                        "date": "2031-06-01",
                        "pdf": "report.pdf",
                        "sections": [],
                        "settings": {"html": {}, "typst": {}},
                        "values": [],
                    },
                ],
                "shown": {"fig-a": {"page": "index.html", "number": 1}},
                "sections": {},
                "lists": {"refs": None, "derivations": None, "corrections": None},
                "listed": [],
                "settings": {"html": {}, "typst": {}},
                "notebooks": [
                    {
                        "path": f"notebooks/{n}-a.ipynb",
                        "page": f"notebooks/{n}-a.html",
                        "title": f"Book {n}",
                        "anchors": {"3": "cell-plot"},
                    }
                    for n in (1, 2, 3)
                ],
                "variables": {"n.n": "1,236", "odd": HOSTILE},
                "css": '@font-face{src:url("@up@fonts/a.woff2")}',
                "palette": {role.name: role.light for role in palette},
                "families": {},
                "stamp": {"words": "Built from data 1234."},
            },
        )

    def shows(self, *labels):
        """Say that the report shows figures and tables in this order."""
        site = json.loads((self.root / "_build/site.json").read_text(encoding="utf-8"))
        counts = Counter()
        site["shown"] = {}
        for label in labels:
            counts[label[:3]] += 1
            site["shown"][label] = {"page": "index.html", "number": counts[label[:3]]}
        self.data("site.json", site)

    def data(self, name, content):
        mini.write(self.root / "_build" / name, json.dumps(content))

    def figures(self, *items, drawings=None):
        for one in items:
            for name in ("page", "page-narrow", "print"):
                mini.write(
                    self.root / "_build/figures" / one["label"] / f"{name}.svg",
                    (drawings or {}).get(one["label"], SVG),
                )
        figures.write(Project(self.root), {one["label"]: one for one in items})

    def run(self, text, to="html", page="index.qmd"):
        """Return the finished process of one conversion; ``title`` is given if the text has none."""
        text = shortcodes.expand(text if text.startswith("---") else f"---\ntitle: T\n---\n\n{text}")
        template = {"html": "page.html", "typst-smart": "report.typ"}[to]
        # To a file: what `quarto pandoc` passes on to a pipe can lack a piece.
        output = self.root / "written"
        output.unlink(missing_ok=True)
        done = subprocess.run(
            [
                *self.pandoc,
                "--from=markdown",
                f"--to={to}",
                "--standalone",
                "--wrap=none",
                f"--template={THEME / template}",
                f"--lua-filter={THEME}/filters/report.lua",
                f"--metadata=explainer-page:{page}",
                f"--output={output}",
            ],
            cwd=self.root,
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        done.stdout = output.read_text(encoding="utf-8") if output.exists() else ""
        return done

    def html(self, text, **more):
        done = self.run(text, **more)
        assert done.returncode == 0 and done.stderr == "", done.stderr
        return lxml.html.document_fromstring(done.stdout.encode())

    def typst(self, text):
        done = self.run(text, to="typst-smart")
        assert done.returncode == 0 and done.stderr == "", done.stderr
        return done.stdout

    def refused(self, text, to="html", page="index.qmd"):
        done = self.run(text, to=to, page=page)
        assert done.returncode == 1
        assert done.stdout == ""
        assert "traceback" not in done.stderr and ".lua:" not in done.stderr
        return done.stderr


@pytest.fixture(params=["locked", pytest.param("quarto", marks=pytest.mark.quarto)])
def bench(request, tmp_path):
    if request.param == "locked":
        return Bench(tmp_path, [pypandoc.get_pandoc_path()])
    return Bench(tmp_path, [str(request.getfixturevalue("quarto_path")), "pandoc"])


def text(element):
    return " ".join(element.text_content().split())


EMBEDS = "::: {#fig-b}\n:::\n\n::: {#tbl-c}\n:::\n\n::: {#fig-a}\n:::\n"


def test_numbers_follow_the_page_and_kinds_count_apart(bench):
    bench.shows("fig-b", "tbl-c", "fig-a")
    page = bench.html(EMBEDS + "\nSee @fig-a, @fig-b; @tbl-c, [-@fig-a] and [@fig-a; @tbl-c].")
    names = {figure.get("id"): text(figure.find(".//a[@class='number']")) for figure in page.iter("figure")}
    assert names == {"fig-b": "Figure 1.", "tbl-c": "Table 1.", "fig-a": "Figure 2."}
    assert (
        text(page.xpath("//p[starts-with(., 'See')]")[0])
        == "See Figure 2, Figure 1; Table 1, 2 and Figure 2, Table 1."
    )
    assert [link.get("href") for link in page.find_class("ref")] == [
        "#fig-a",
        "#fig-b",
        "#tbl-c",
        "#fig-a",
        "#fig-a",
        "#tbl-c",
    ]


def test_reference_keeps_the_words_and_the_sources_beside_it(bench):
    bench.shows("fig-b", "tbl-c", "fig-a")
    page = bench.html(EMBEDS + "\nSee @fig-a [@post], [see @fig-b, left; @blog].\n\n::: {#refs}\n:::")
    assert text(page.xpath("//p[starts-with(., 'See')]")[0]) == (
        "See Figure 2 (The Post, July 3, 2018), see Figure 1, left (Blog, undated)."
    )


def test_figure_has_drawing_caption_sources_data_and_the_way_to_its_cell(bench):
    (figure,) = bench.html("::: {#fig-a}\n:::").iter("figure")
    assert [part.tag for part in figure] == ["p", "div", "figcaption"]
    assert text(figure[0]) == "Up"
    assert figure.get("aria-label") == "Figure 1", "its caption is read once"
    assert figure.find("./div/svg/desc").text == "D"
    assert [link.get("href") for link in figure.iter("a")] == [
        "#fig-a",
        "https://example.org/?a=1&b=2",
        "notebooks/1-a.html#cell-fig-a",
    ]
    rows = [[(cell.tag, cell.get("scope"), text(cell)) for cell in row] for row in figure.iter("tr")]
    assert rows == [
        [("th", "col", "Who"), ("th", "col", "How many")],
        [("th", "row", "Ann"), ("td", None, "1")],
        [("th", "row", "Bob"), ("td", None, "29")],
    ]


def test_long_list_of_sources_is_folded(bench):
    sources = [{"id": str(n), "text": f"Post {n}", "url": f"https://e.org/{n}"} for n in range(5)]
    bench.figures(item("fig-a", sources=sources), item("fig-b", sources=sources[:4]))
    page = bench.html("::: {#fig-a}\n:::\n\n::: {#fig-b}\n:::")
    (folded,) = page.find_class("sources")
    assert text(folded) == "Sources Post 0; Post 1; Post 2; Post 3; Post 4."
    assert text(page.find_class("source")[1]).startswith("Sources: Post 0; Post 1;")


def test_narrow_drawing_stands_beside_the_wide_one_only_where_there_is_one(bench):
    bench.figures(item("fig-a", files={"narrow": "x"}), item("fig-b"))
    page = bench.html("::: {#fig-a}\n:::\n\n::: {#fig-b}\n:::")
    assert [box.get("class") for box in page.xpath("//div[contains(@class, 'chart')]")] == [
        "chart chart-wide",
        "chart chart-narrow",
        "chart",
    ]


def test_hostile_words_are_words_in_both_formats(bench):
    cells = [[HOSTILE, HOSTILE]]
    hostile = item(
        "fig-a",
        takeaway=HOSTILE,
        caption=HOSTILE,
        alt=HOSTILE,
        note=HOSTILE,
        cells=cells,
        sources=[{"id": "s", "text": HOSTILE, "url": 'https://e.org/"><script>'}],
        columns=[
            {"name": "a", "title": HOSTILE, "type": "string"},
            {"name": "b", "title": "b", "type": "string"},
        ],
    )
    bench.figures(hostile)
    source = (
        '---\ntitle: "A {{< var odd >}}"\n---\n\n## {{< var odd >}}\n\n{{< var odd >}}\n\n::: {#fig-a}\n:::\n'
    )
    page = bench.html(source)
    assert not list(page.find(".//main").iter("script"))
    wanted = " ".join(HOSTILE.split())
    assert text(page.find(".//h1")) == f"A {wanted}"
    assert text(page.find(".//h2")) == wanted
    for part in page.xpath("//p[@class='takeaway'] | //thead//th[1] | //tbody//th"):
        assert text(part) == wanted
    assert wanted in text(page.xpath("//p[@class='caption']")[0])
    # In Typst each of them is a string or escaped; a slip would not compile, or lose words.
    import pypdf

    pdf = compile_typst(bench, bench.typst(source))
    printed = re.sub(r"\s+", "", "".join(one.extract_text() for one in pypdf.PdfReader(pdf).pages))
    # once each: heading, paragraph, takeaway, caption, note, source, heading and two cells of the table
    assert printed.count(re.sub(r"\s+", "", HOSTILE)) >= 9


def compile_typst(bench, source):
    path = bench.root / "page.typ"
    path.write_text(source, encoding="utf-8")
    output = bench.root / "page.pdf"
    typst.compile(
        str(path),
        output=str(output),
        root=str(bench.root),
        font_paths=[str(THEME / "fonts")],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return output


@pytest.mark.parametrize(
    "source, told",
    [
        ("{{< var no.such >}}", "variable no.such does not exist"),
        ("::: {.callout-danger}\na\n:::", "callout callout-danger does not exist"),
        ("::: {.key-figures}\nno list\n:::", "a key-figures block holds one list"),
        ("::: {.key-figures}\n- no figure\n:::", "starts with its figure in bold"),
        ("---\nauthor: a\n---\n", "the page has no title"),
    ],
)
@pytest.mark.parametrize("to", ["html", "typst-smart"])
def test_fault_ends_the_render_and_names_page_and_label(bench, source, told, to):
    found = bench.refused(source, to=to)
    assert found.startswith("index.qmd: ")
    assert told in found


def test_all_faults_of_a_page_are_told_at_once(bench):
    assert (
        len(
            bench.refused(
                "{{< var y >}}, {{< var x >}}, {{< var y >}}\n\n::: {.callout-danger}\na\n:::"
            ).splitlines()
        )
        == 3
    )


def test_the_mark_of_a_value_is_not_the_authors_to_give(bench):
    page = bench.html('[48]{.value data-value="n.n"} and {{< var n.n >}}')
    assert [text(one) for one in page.find_class("value")] == ["1,236"]


def test_missing_work_file_is_told(bench):
    (bench.root / "_build/facts.json").unlink()
    assert bench.refused('[a]{.fact ref="closed"}').startswith("_build/facts.json: cannot be read")


def test_fact_links_to_the_words_and_says_how_it_is_known(bench):
    page = bench.html('It [closed **today**]{.fact ref="closed"}.')
    (link,) = page.find_class("fact")
    assert (link.get("href"), link.get("title"), text(link)) == (
        "https://e.org/#:~:text=a%20b",
        None,
        "closed today",
    )
    assert link.get("aria-description") == "stated"
    assert link.get("class") == "fact fact-stated"
    assert '#fact("stated", "https://e.org/#:~:text=a%20b", "")[closed #strong[today]' in bench.typst(
        'It [closed **today**]{.fact ref="closed"}.'
    )


def test_sign_on_paper_names_a_speaker_once_and_anew_in_the_next_section(bench):
    said = {"status": "attributed", "label": "l", "url": "https://e.org/"}
    bench.data("facts.json", {"a": said | {"speaker": "Ann"}, "b": said | {"speaker": "Bob"}})
    prose = '[u]{.fact ref="a"} [v]{.fact ref="a"} [w]{.fact ref="b"}\n\n## Next\n\n[x]{.fact ref="b"}'
    typ = bench.typst(prose)
    assert re.findall(r'#fact\("attributed", "https://e.org/", "(\w*)"\)', typ) == ["Ann", "", "Bob", "Bob"]
    printed = "".join(page.extract_text() for page in PdfReader(compile_typst(bench, typ)).pages)
    assert "u [a: Ann] v [a] w [a: Bob]" in " ".join(printed.split())


def test_fact_without_an_address_is_no_link(bench):
    bench.data("facts.json", {"closed": {"status": "inferred", "label": "l", "url": ""}})
    page = bench.html('It [closed]{.fact ref="closed"}.')
    assert [(part.tag, text(part)) for part in page.find_class("fact")] == [("span", "closed")]


def value(status="computed", kind="count", **changed):
    """Return what site.json says of one value."""
    return {
        "status": status,
        "type": kind,
        "shown": "35 days",
        "derivation": "from May 1, 2031 to June 5, 2031",
        "fact": "",
        "facts": [{"text": "Closing day (paragraph 1)", "url": "https://e.org/#:~:text=c"}],
        "sources": [{"text": "Post, undated", "url": ""}],
        "notebook": {"title": "Book <1>", "page": "notebooks/1-a.html#cell-values"},
    } | changed


def with_values(bench, **values):
    """Let the page know these values, each in one form, ``x``."""
    site = json.loads((bench.root / "_build/site.json").read_text(encoding="utf-8"))
    site["variables"] |= {f"{name}.x": "35" for name in values}
    site["values"] = values
    bench.data("site.json", site)


HOW = (
    "35 days: from May 1, 2031 to June 5, 2031. Computed from: Closing day (paragraph 1); Post, undated. "
    "Notebook: Book <1>."
)


def test_computed_value_opens_to_how_it_was_found_without_a_script(bench):
    with_values(bench, days=value())
    page = bench.html("It took {{< var days.x >}} days, yes, {{< var days.x >}}.")
    one, two = page.find_class("mark")
    assert [one.get("href"), two.get("href")] == ["#how.days", "#how.days"]
    assert (text(one), one.get("aria-description")) == ("35", "computed")
    (how,) = page.find_class("opens")
    assert (how.tag, how.get("id"), how.getprevious().tag) == ("div", "how.days", "p")
    assert text(how) == f"{HOW} Close"
    assert [link.get("href") for link in how.iter("a")] == [
        "https://e.org/#:~:text=c",
        "notebooks/1-a.html#cell-values",
        f"#{one.get('id')}",
    ]
    (sentence,) = page.findall(".//main//p[a]")
    assert text(sentence) == "It took 35 days, yes, 35.", "the sentence, and nothing else"
    assert not list(page.find(".//main").iter("script"))


def test_list_of_derivations_stands_where_it_is_wanted_or_at_the_end(bench):
    with_values(bench, days=value(), other=value("inferred"), unused=value())
    body = "It took {{< var days.x >}} days.\n\n## {{< var other.x >}} more\n\nText."
    page = bench.html(body)
    assert [text(heading) for heading in page.find(".//main").iter("h2")] == [
        "35 more",
        "How the computed numbers were found",
    ]
    entries = {
        entry.get("id"): text(entry) for entry in page.xpath("//details[@class='derivations']//li/span")
    }
    assert entries == {"computed.days": HOW, "computed.other": HOW.replace("Computed", "Inferred")}
    placed = bench.html("::: {.derivations}\n:::\n\n" + body)
    assert [text(heading) for heading in placed.find(".//main").iter("h2")] == ["35 more"]
    typ = bench.typst(body)
    assert '#derived("computed", label("computed.days"))[35];' in typ
    assert '#place-of("computed.days")' in typ and '#place-of("computed.other")' in typ
    assert "unused" not in typ


def test_form_of_a_date_that_the_article_does_not_print_is_marked_as_computed(bench):
    day = value("stated", kind="date", fact="closed", shown="May 9, 2031")
    with_values(bench, day=day)
    facts = json.loads((bench.root / "_build/facts.json").read_text(encoding="utf-8"))
    for printed, expected in (("on day 35", "stated"), ("Friday", "computed")):
        facts["closed"]["printed"] = printed
        bench.data("facts.json", facts)
        page = bench.html("On {{< var day.x >}}.")
        assert len(page.xpath("//p//a[@data-fact='closed']")) == (expected == "stated")
        assert [text(mark) for mark in page.find_class("mark-computed")] == ["35"] * (expected == "computed")


def test_value_in_a_heading_a_link_a_fact_or_a_table_stays_as_it_is(bench):
    with_values(bench, days=value())
    page = bench.html(
        "## {{< var days.x >}} days\n\n[{{< var days.x >}}](https://e.org) "
        '[{{< var days.x >}}]{.fact ref="closed"}\n\n| {{< var days.x >}} | b |\n|---|---|\n| 1 | 2 |\n'
    )
    assert not page.find_class("mark")
    assert [text(part) for part in page.xpath("//main//span[@class='value']")] == ["35"] * 4
    assert not page.xpath("//a//a")


def test_stated_value_links_to_its_words_and_context_stays_as_it_is(bench):
    with_values(bench, said=value("stated", fact="closed"), other=value("context"), name=value(kind="text"))
    page = bench.html("On {{< var said.x >}}, {{< var other.x >}}, {{< var name.x >}}.")
    (said,) = page.find_class("fact")
    assert (said.get("data-fact"), text(said), said.get("aria-description")) == ("closed", "35", "stated")
    assert said.get("title") is None
    (other,) = page.xpath("//span[@class='value']")
    assert text(other) == "35"
    (name,) = page.xpath("//a[@href='#how.name']")
    assert text(name) == "35"


def account(kind="reported", label="also reported by 2", *keys):
    """Return what facts.json says of who else reported a fact."""
    said = {
        "source": "echo",
        "outlet": "Echo <1>",
        "url": "https://e.org/?a=1&b=2",
        "day": "May 10, 2031",
        "says": "29",
    }
    reports = [
        said | {"stance": "same", "note": "", "remark": ""},
        said | {"stance": "differs", "note": "in doubt", "remark": "counted with Echo", "url": ""},
    ]
    return {
        "kind": kind,
        "label": label,
        "first": "First reported by Echo.",
        "questions": [{"key": key, "what": f"Question {key}", "reports": reports} for key in keys],
    }


def with_accounts(bench, **accounts):
    """Let each fact have its account."""
    entry = {"status": "stated", "label": "stated, headline", "subject": "Subject", "url": "https://e.org/#x"}
    bench.data("facts.json", {fact: entry | {"account": found} for fact, found in accounts.items()})


def test_badge_stands_beside_the_first_mention_and_opens_to_who_says_what(bench):
    with_accounts(bench, a=account("differs", "also reported by 1; differs: the day", "F1"))
    page = bench.html('It [closed]{.fact ref="a"} and [shut]{.fact ref="a"}.')
    (badge,) = page.xpath("//p/a[contains(@class, 'badge')]")
    assert (badge.get("class"), badge.get("aria-label")) == (
        "badge badge-differs",
        "also reported by 1; differs: the day",
    )
    assert text(badge.getparent()) == "It closed and shut."
    assert badge.getprevious().get("data-fact") == "a"
    (opened,) = page.find_class("opens")
    assert f"#{opened.get('id')}" == badge.get("href")
    assert [text(line) for line in opened.find_class("said")] == [
        "Same Echo <1>, May 10, 2031: 29.",
        "Differs Echo <1>, May 10, 2031: 29 (in doubt; counted with Echo).",
        "First reported by Echo.",
        "The words it rests on",
    ]
    assert [link.get("href") for link in opened.iter("a")] == [
        "https://e.org/?a=1&b=2",
        "data/facts.html#row-a",
        f"#{badge.get('id')}",
    ]


def test_each_fact_has_a_badge_of_its_own_once(bench):
    with_accounts(
        bench,
        a=account("unmatched", "not found elsewhere", "F1"),
        b=account("reported", "also reported by 2", "F1"),
    )
    page = bench.html('[x]{.fact ref="a"} [y]{.fact ref="b"} [z]{.fact ref="a"}')
    assert page.xpath("//p/a[contains(@class, 'badge')]/@href") == ["#who-a", "#who-b"]
    assert [one.get("id") for one in page.find_class("opens")] == ["who-a", "who-b"]


def test_badge_on_paper_leads_to_the_table_of_evidence_where_there_is_one(bench):
    with_accounts(bench, a=account("reported", "also reported by 2", "F1"))
    assert '#badge("reported", "also reported by 2", none);' in bench.typst('[x]{.fact ref="a"}')
    bench.figures(item("tbl-evidence"))
    typ = bench.typst('[x]{.fact ref="a"}\n\n::: {#tbl-evidence}\n:::')
    assert '#badge("reported", "also reported by 2", label("tbl-evidence"));' in typ


def test_large_figure_has_no_badge_but_the_words_beside_it_do(bench):
    with_accounts(bench, a=account("reported", "also reported by 2", "F1"))
    with_values(bench, n=value("stated", fact="a"))
    page = bench.html('::: {.key-figures}\n- **{{< var n.x >}}** crates [sold]{.fact ref="a"}\n:::')
    (badge,) = page.xpath("//li/a[contains(@class, 'badge')]")
    assert text(badge.getprevious()) == "sold"


def test_marks_on_paper_take_nothing_of_the_prose_that_follows(bench):
    with_accounts(bench, a=account("unmatched", "not found elsewhere", "F1"))
    with_values(bench, n=value())
    typ = bench.typst('{{< var n.x >}}; [x]{.fact ref="a"}; [y]{.fact ref="a"}(z) and {{< var n.x >}}.z')
    words = "".join(page.extract_text() for page in PdfReader(compile_typst(bench, typ)).pages)
    assert "35 [c]; x [ not found elsewhere]; y(z) and 35 [c].z" in " ".join(words.split())


def test_key_names_every_mark_in_both_formats(bench):
    page = bench.html("::: {.key}\n:::")
    marks = [
        "stated",
        "attributed",
        "computed",
        "inferred",
        "context",
        "also reported by",
        "differs",
        "not found elsewhere",
    ]
    assert [text(term) for term in page.iter("dt")] == marks
    typ = bench.typst("::: {.key}\n:::")
    assert all(f'"{mark}"' in typ for mark in marks)
    assert [text(words) for words in page.iter("dd")] == re.findall(r'"([^"]*\.)"\)', typ)


@pytest.mark.parametrize("kind", ["note", "tip", "important", "warning", "caution"])
def test_callout_is_a_named_note(bench, kind):
    page = bench.html(f'::: {{.callout-{kind} title="Mind <this>"}}\nText.\n:::')
    (box,) = page.find_class("callout")
    assert (box.tag, box.get("role")) == ("div", "note"), "reader modes leave an aside out"
    assert box.get("class") == f"callout callout-{kind}"
    assert box.get("aria-label") == "Mind <this>"
    assert text(box) == "Mind <this> Text."


def test_callout_takes_its_title_from_a_heading_or_its_kind(bench):
    page = bench.html("::: {.callout-note}\n## Read *me*\n\nText.\n:::\n\n::: {.callout-tip}\nText.\n:::")
    assert [box.get("aria-label") for box in page.find_class("callout")] == ["Read me", "Tip"]
    assert [text(box) for box in page.find_class("callout")] == ["Read me Text.", "Tip Text."]


def test_citations_are_links_to_the_list_and_descriptions_have_no_quotation_marks(bench):
    page = bench.html("Said [@post; @blog].\n\n## Sources\n\n::: {#refs}\n:::")
    assert text(page.find_class("cited")[0]) == "(The Post, July 3, 2018; Blog, undated)"
    assert [link.get("href") for link in page.find_class("citation")[0].iter("a")] == [
        "#ref-post",
        "#ref-blog",
    ]
    entries = {entry.get("id"): text(entry) for entry in page.find_class("references")[0]}
    assert entries == {
        "ref-post": "The Post, July 3, 2018. A <b>fair</b> & more. https://example.org/post.",
        "ref-blog": "Blog, undated. Notes.",
    }


def test_sources_of_figures_and_tables_are_in_the_list_once_and_their_names_lead_there(bench):
    post = {"id": "post", "text": "The Post, fair", "name": "The Post", "url": "https://example.org/post"}
    blog = {"id": "blog", "text": "Blog, notes", "name": "Blog <b>", "url": "https://example.org/blog"}
    bench.figures(item("fig-a", sources=[post, blog]), item("tbl-c", sources=[blog]))
    said = "Said [@post].\n\n::: {#fig-a}\n:::\n\n::: {#tbl-c}\n:::\n\n## Sources\n\n::: {#refs}\n:::"
    page = bench.html(said)
    assert [entry.get("id") for entry in page.get_element_by_id("refs")] == ["ref-blog", "ref-post"]
    links = [link for line in page.find_class("source") for link in line.iter("a")]
    assert [(text(link), link.get("href")) for link in links] == [
        ("The Post", "#ref-post"),
        ("Blog <b>", "#ref-blog"),
        ("Blog <b>", "#ref-blog"),
    ]
    typ = bench.typst(said)
    assert typ.count("<ref-blog>") == typ.count("<ref-post>") == 1
    assert '("The Post", "https://example.org/post")' in typ, "on paper a name leads to the source itself"
    assert 'cited("blog")' not in typ, "and what only a figure names is no note"


def test_sources_of_figures_lead_out_where_there_is_no_list(bench):
    page = bench.html("::: {#fig-a}\n:::")
    (link,) = [link for line in page.find_class("source") for link in line.iter("a")]
    assert (text(link), link.get("href")) == ("Post, fair", "https://example.org/?a=1&b=2")
    assert not page.find_class("references")


def test_notebook_that_cites_gets_a_list_with_a_heading(bench):
    page = bench.html("## Part\n\nSaid [@post].", page="notebooks/1-a.ipynb")
    assert [text(heading) for heading in page.iter("h2")] == ["Part", "Sources"]
    assert [entry.get("id") for entry in page.find_class("references")[0]] == ["ref-post"]


def test_page_without_citations_has_no_list(bench):
    assert not bench.html("Nothing.").find_class("references")


def test_headings_start_below_the_title_whatever_the_writer_used(bench):
    for source in ("# A\n\n## B", "## A\n\n### B", "### A\n\n#### B"):
        page = bench.html(source)
        assert [(heading.tag, text(heading)) for heading in page.find(".//main").iter("h1", "h2", "h3")] == [
            ("h1", "T"),
            ("h2", "A"),
            ("h3", "B"),
        ]
        typ = bench.typst(source)
        assert "\n= A\n" in typ and "\n== B\n" in typ


def test_contents_list_the_sections_once_there_are_three(bench):
    page = bench.html("## One[^n]\n\n## Two [link](x)\n\n### Deep\n\n## Three\n\n[^n]: note")
    (contents,) = page.find_class("contents")
    assert [(link.get("href"), text(link)) for link in contents.iter("a")] == [
        ("#onen", "One"),
        ("#two-link", "Two link"),
        ("#three", "Three"),
    ]
    assert not bench.html("## One\n\n## Two").find_class("contents")


def test_variables_in_front_matter_and_next_to_punctuation(bench):
    page = bench.html(
        '---\ntitle: "({{< var n.n >}}, {{< var n.n >}})"\ndescription: "On {{< var n.n >}}."\n---\n\n'
        "**{{< var n.n >}}**-x"
    )
    assert text(page.find(".//h1")) == "(1,236, 1,236)"
    assert page.find(".//title").text == "(1,236, 1,236)"
    assert page.find(".//meta[@name='description']").get("content") == "On 1,236."
    assert "1,236-x" in text(page.find(".//main"))


def test_quotation_marks_are_the_same_in_both_formats(bench):
    source = "\"It's 'so'\", they said."
    assert "“It’s ‘so’”, they said." in text(bench.html(source))
    assert "“It’s ‘so’”, they said." in bench.typst(source)


def test_cells_keep_code_and_lose_counters_and_paths(bench):
    cell = (
        '::: {.quarto-embed-nb-cell notebook="/home/me/n.ipynb" notebook-title="N" notebook-cellId="c"}\n'
        '::: {#cell-fig-a .cell execution_count="3"}\n```{.python .cell-code}\n1 + 1\n```\n\n'
        "::: {.cell-output .cell-output-stdout}\n```\nprinted\n```\n:::\n\n"
        '::: {.cell-output .cell-output-display execution_count="3"}\n![Cap](x.svg){#fig-a}\n:::\n:::\n:::\n'
    )
    page = bench.html(cell, page="notebooks/1-a.ipynb")
    out = lxml.html.tostring(page, encoding="unicode")
    assert "/home/me" not in out and "execution_count" not in out and "x.svg" not in out
    assert "1 + 1" in text(page) and "printed" in text(page)
    assert [figure.get("id") for figure in page.iter("figure")] == ["fig-a"]
    # Links from the report land on the cell: its code, then what it shows.
    (place,) = page.xpath("//*[@id='cell-plot']")
    assert [part.tag for part in place][-1] == "figure" and "1 + 1" in text(place[0])
    # Quarto gives the cell no id when it writes for Typst; the label is then on the figure alone.
    assert 'id: "fig-a"' in bench.typst(cell.replace("#cell-fig-a ", ""))


def test_frame_in_a_notebook_scrolls_in_a_box_that_takes_the_focus(bench):
    cell = "::: {.cell}\n::: {.cell-output .cell-output-display}\n| a |\n|---|\n| 1 |\n:::\n:::\n"
    (box,) = bench.html(cell, page="notebooks/1-a.ipynb").find_class("cell-output")
    assert (box.get("role"), box.get("tabindex"), box.get("aria-label")) == ("group", "0", "Output")
    assert [(cell.tag, cell.get("scope")) for cell in box.iter("th", "td")] == [("th", "col"), ("td", None)]


def test_notebook_page_knows_its_neighbours_and_the_way_back(bench):
    page = bench.html("Text.\n\n::: {#fig-a}\n:::\n\n::: {#fig-b}\n:::", page="notebooks/2-a.ipynb")
    assert page.find(".//title").text == "T – The report"
    turn = {link.get("rel"): link.get("href") for link in page.find_class("turn")[0].iter("a")}
    assert turn == {"prev": "../notebooks/1-a.html", None: "../index.html", "next": "../notebooks/3-a.html"}
    assert '"../fonts/a.woff2"' in page.find(".//style").text
    # Figures of another notebook lead to their own cells; those in the report lead there from their notebook.
    home = bench.html("::: {#fig-a}\n:::\n\n::: {#fig-b}\n:::", page="notebooks/1-a.ipynb")
    assert [link.get("href") for link in home.find_class("tools")[0].iter("a")] == ["../index.html#fig-a"]
    assert not list(home.find_class("tools")[1].iter("a"))


def test_a_notebooks_figures_have_the_numbers_of_the_report(bench):
    site = json.loads((bench.root / "_build/site.json").read_text())
    shown = {"fig-a": {"page": "index.html", "number": 6}, "tbl-c": {"page": "evidence.html", "number": 2}}
    bench.data("site.json", site | {"shown": shown})
    body = "See @fig-a and @fig-b.\n\n::: {#fig-b}\n:::\n\n::: {#fig-a}\n:::\n\n::: {#tbl-c}\n:::"
    page = bench.html(body, page="notebooks/1-a.ipynb")
    # What the report does not show is counted on after what it shows.
    assert [text(number) for number in page.xpath("//p[@class='caption']/a")] == [
        "Figure 7.",
        "Figure 6.",
        "Table 2.",
    ]
    assert [text(link) for link in page.find_class("ref")] == ["Figure 6", "Figure 7"]


def test_a_notebooks_page_leads_to_what_can_be_run(bench):
    site = json.loads((bench.root / "_build/site.json").read_text())
    (bench.root / codespaces.file_for("1-a")).parent.mkdir(parents=True)
    (bench.root / codespaces.file_for("1-a")).write_text("{}")
    repository = "https://github.com/desk/story"
    ways = notebooks.ways(Project(bench.root), [{"path": "notebooks/1-a.ipynb"}], repository)
    bench.data("site.json", site | {"ways": ways})
    page = bench.html("Text.", page="notebooks/1-a.ipynb")
    assert [(text(link), link.get("href")) for link in page.find_class("ways")[0].iter("a")] == [
        ("Notebook", "1-a.ipynb"),
        ("Notebook with its tables, to run", "1-a.zip"),
        ("Binder", "https://mybinder.org/v2/gh/desk/story/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2F1-a.ipynb"),
        (
            "Codespaces",
            "https://codespaces.new/desk/story?devcontainer_path=.devcontainer%2F1-a%2Fdevcontainer.json",
        ),
    ]
    assert not bench.html("Text.", page="notebooks/2-a.ipynb").find_class("ways")


def test_typst_source_compiles_in_the_locked_typst_as_pdf_ua(bench):
    evidence(bench)
    pdf = compile_typst(bench, bench.typst(EVERYTHING)).read_bytes()
    assert b"/MarkInfo" in pdf and b"pdfuaid" in pdf


def test_a_short_paragraph_stays_on_one_page(bench):
    """Wherever on a page it begins."""
    import pypdf

    short = "first " + "word " * 55 + "last"
    split = []
    for filler in range(29, 34):
        source = "\n\n".join(["Filler."] * filler + [short])
        pdf = compile_typst(bench, bench.typst(source))
        pages = [page.extract_text() for page in pypdf.PdfReader(pdf).pages]
        assert sum("first word" in page for page in pages) == 1
        split += [
            filler for page in pages if ("first word" in page) != ("word last" in " ".join(page.split()))
        ]
    assert split == []


def evidence(bench):
    """Give the page's fact an account, and a value a derivation."""
    with_accounts(bench, closed=account("differs", "differs: the day", "F1"))
    with_values(bench, days=value())


EVERYTHING = (
    """\
---
title: "T"
subtitle: "*S*"
author: [A "B", C]
---

## One {#sec-one}

Text[^1] @sec-one, @fig-a [@post]. [f]{.fact ref="closed"} {{< var days.x >}}

::: {.key}
:::

[^1]: note

::: {.key-figures}
- **1** a
- **2** b
- **3** c
- **4** d
- **5** e
:::

::: {.callout-note}
Text

- a
:::

```python
x = 1
```

| a | b |
|---|--:|
| 1 | 2 |

> quote

---

term
: definition

### Two

"""
    + EMBEDS
    + """
{{< pagebreak >}}

## Sources

::: {#refs}
:::
"""
)


@pytest.mark.quarto
def test_typst_source_compiles_in_quartos_typst(tmp_path, quarto_path):
    bench = Bench(tmp_path, [str(quarto_path), "pandoc"])
    evidence(bench)
    (tmp_path / "page.typ").write_text(bench.typst(EVERYTHING), encoding="utf-8")
    done = subprocess.run(
        [
            quarto_path,
            "typst",
            "compile",
            "--root",
            tmp_path,
            "--font-path",
            THEME / "fonts",
            "page.typ",
            "page.pdf",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert "warning" not in done.stderr, done.stderr


KEY_FIGURES = """::: {.key-figures}
- **{{< var many.n >}}** people
- **{{< var some.n >}}** of {{< var many.n >}} questions
- **{{< var odd >}}** which is no number
:::

Text.
"""


def test_key_figures_open_the_page_and_show_as_many_marks_as_they_say(bench):
    site = json.loads((bench.root / "_build/site.json").read_text())
    bench.data("site.json", site | {"variables": {"many.n": "23", "some.n": "14", "odd": "about 3"}})
    page = bench.html(KEY_FIGURES)
    drawn = [
        [(path.get("class"), path.get("d").count("M")) for path in large.iter("path")]
        for large in page.find_class("large")
    ]
    assert drawn == [[(None, 23)], [(None, 14), ("rest", 9)], []]
    assert [svg.get("aria-hidden") for svg in page.iter("svg")] == ["true", "true"]
    assert page.find_class("text")[0][0].get("class") == "key-figures", (
        "a reader mode shows what is in the text"
    )
    assert "units" not in bench.typst(KEY_FIGURES)


def test_correction_of_a_fact_is_marked_in_a_notebook_too_and_its_log_is_in_the_report(bench):
    facts = json.loads((bench.root / "_build/facts.json").read_text())
    facts["closed"]["corrected"] = {"id": "correction-2", "day": "June 2, 2031"}
    bench.data("facts.json", facts)
    page = bench.html('[over]{.fact ref="closed"}.', page="notebooks/1-a.ipynb")
    assert [mark.get("href") for mark in page.find_class("corrected")] == ["../index.html#correction-2"]
    assert not page.find_class("corrections")


def test_log_has_one_place(bench):
    said = bench.refused("::: {.corrections}\n:::\n\n::: {.corrections}\n:::\n")
    assert "the log of corrections has two places on this page; keep one" in said


def test_citation_takes_the_space_before_it_along_to_the_margin(bench):
    page = bench.html("Said so [@post; @blog]. More.")
    (paragraph,) = page.find_class("text")[0].iter("p")
    assert text(paragraph) == "Said so (The Post, July 3, 2018; Blog, undated). More."
    (cited,) = paragraph.find_class("cited")
    assert paragraph.text == "Said so" and cited.tail == ". More."
    assert [span.text for span in cited.find_class("around")] == [" (", ")"]


def test_citation_in_the_standfirst_is_set_as_those_of_the_text_are(bench):
    page = bench.html('---\ntitle: "T"\nsubtitle: "So [@post]."\n---\n\nText [@post].')
    (standfirst,) = page.find_class("standfirst")
    (cited,) = standfirst.find_class("cited")
    assert text(cited) == "(The Post, July 3, 2018)"
    assert [span.text for span in cited.find_class("around")] == [" (", ")"]


def test_citations_have_their_own_words_each_wherever_they_stand(bench):
    page = bench.html(
        '---\ntitle: "T"\nsubtitle: "So [@blog]."\n---\n\n'
        "One [@post].[^n] Two [@blog]. @post and [see *it*, @blog].\n\n"
        "[^n]: Within [@blog; @post].\n\n> Quoted [@post].\n\n::: {#refs}\n:::"
    )
    (standfirst,) = page.find_class("standfirst")
    assert text(standfirst) == "So (Blog, undated)."
    said = text(page.find_class("text")[0])
    assert "One (The Post, July 3, 2018)." in said
    assert "Two (Blog, undated). (The Post, July 3, 2018) and (see it, Blog, undated)." in said
    assert "Quoted (The Post, July 3, 2018)." in said
    assert "Within (Blog, undated; The Post, July 3, 2018)." in text(page)


TOOLS = {
    "csv": {"path": "figures/fig-a.csv"},
    "png": {"path": "figures/fig-a.png"},
    "script": {"path": "figures/fig-a.vl.js"},
    "embed": {"path": "embed/fig-a.html"},
}


def test_tools_under_a_figure_say_whose_they_are(bench):
    bench.figures(item("fig-a", downloads=TOOLS, embed_code='<iframe src="embed/fig-a.html"></iframe>'))
    site = json.loads((bench.root / "_build/site.json").read_text())
    bench.data("site.json", site | {"vega": {"path": "scripts/vega.js"}})
    page = bench.html("::: {#fig-a}\n:::", page="notebooks/2-a.ipynb")
    (tools,) = page.find_class("tools")
    assert [text(part) for part in tools.iter("button", "summary", "a")] == [
        "Explore Figure 1",
        "Data of Figure 1",
        "Image of Figure 1",
        "Embed Figure 1",
        "How made: Figure 1",
    ]
    (button,) = tools.iter("button")
    # Nobody meets a control that does nothing: the script shows it.
    assert button.get("hidden") is not None
    assert [button.get(f"data-{name}") for name in ("chart", "script", "vega")] == [
        "fig-a",
        "../figures/fig-a.vl.js",
        "../scripts/vega.js",
    ]
    (code,) = tools.iter("code")
    assert code.text_content() == '<iframe src="embed/fig-a.html"></iframe>'
    assert (code.get("role"), code.get("aria-readonly"), code.get("tabindex")) == ("textbox", "true", "0")
    assert code.get("aria-label") == "Code to embed Figure 1"


def test_without_its_files_a_figure_offers_its_table_alone(bench):
    bench.figures(item("fig-a"))
    page = bench.html("::: {#fig-a}\n:::", page="notebooks/1-a.ipynb")
    (tools,) = page.find_class("tools")
    assert [text(part) for part in tools.iter("button", "summary", "a")] == [
        "Data of Figure 1",
        "In the report: Figure 1",
    ]


def test_wide_drawings_and_tables_of_many_columns_reach_into_the_margin(bench):
    columns = [{"name": name, "title": name, "type": "string"} for name in "abcd"]
    bench.figures(
        item("fig-a"),
        item("fig-b"),
        item("tbl-c"),
        item("tbl-d", columns=columns, cells=[["1", "2", "3", "words that take room"]]),
        item("tbl-e", columns=columns, cells=[["a few words of what", "2", "3", "4"]]),
        drawings={"fig-b": SVG.replace('viewBox="0 0 40 20"', 'viewBox="0 0 900 20"')},
    )
    labels = ("fig-a", "fig-b", "tbl-c", "tbl-d", "tbl-e")
    page = bench.html("\n\n".join(f"::: {{#{label}}}\n:::" for label in labels))
    # Numbers and short words have room in the text.
    assert [figure.get("id") for figure in page.find_class("exhibit-wide")] == ["fig-b", "tbl-d"]


def test_words_of_a_cell_lead_where_the_table_says_in_both_formats(bench):
    address = 'https://e.org/?a="1"&b=2#:~:text=29%20people'
    bench.figures(item("tbl-a", links=[{}, {"n": address}]))
    page = bench.html("::: {#tbl-a}\n:::")
    (link,) = page.xpath("//tbody//a[@class != 'here' or not(@class)]")
    assert (link.text, link.get("href")) == ("29", address)
    pdf = compile_typst(bench, bench.typst("::: {#tbl-a}\n:::"))
    assert address in Pdf(pdf).links


def test_question_with_several_answers_is_shown_once_and_kept_in_every_row(bench):
    bench.figures(item("tbl-a", cells=[["When", "1"], ["When", "2"], ["Where", "3"]]))
    page = bench.html("::: {#tbl-a}\n:::")
    headings = page.findall(".//tbody//th")
    assert [text(heading) for heading in headings] == ["When", "When", "Where"]
    assert [heading.get("class") for heading in headings] == ["short", "again", "short"]


def test_page_says_when_it_was_published_and_what_it_is(bench):
    page = bench.html("---\ntitle: T\nkicker: Taken apart\nbyline: By rules\n---\n\nText.")
    (byline,) = page.find_class("byline")
    assert text(byline) == "June 1, 2031 · By rules"
    assert byline.find("time").get("datetime") == "2031-06-01"
    assert text(page.find_class("bar-where")[0]) == "Taken apart"


def test_theme_that_was_chosen_is_set_before_anything_is_drawn(bench):
    page = bench.html("Text.")
    head = [element.tag for element in page.find(".//head")]
    assert head.index("script") < head.index("style")
    assert 'localStorage.getItem("theme")' in page.find(".//head/script").text
    (switch,) = page.find_class("switch")
    assert switch.get("hidden") is not None
