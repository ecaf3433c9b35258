"""Nothing that an author writes, in prose or a notebook, can run or fetch anything when a page is opened."""

from __future__ import annotations

import re

import lxml.html
import nbformat
import pytest

import mini
from explainer.report.policy import CHARSET, NAME, policy, with_policy
from explainer.verify.active import active_content, css_addresses, scheme_of
from explainer.verify.pages import loads
from explainer.verify.prose import check_prose

ATTRIBUTE = "a page may not have this attribute"
RAW = "only the page or only the PDF would print this"
SCHEME = "a link has a scheme that no reader can follow"
PICTURE = "a page may not load a picture from elsewhere"
MISSING = "there is no such picture"

#: What an author writes, and each thing in it that is refused, with its line from the first one of these.
PROSE = [
    ('[x]{tabindex="0" autofocus="autofocus" onfocus="alert(1)"}', [ATTRIBUTE] * 3),
    ("[x]{style=\"background:image-set('http://evil.invalid/i.png' 1x)\"}", [ATTRIBUTE]),
    (r'[x]{style="background:u\\72l(http://evil.invalid/e.png)"}', [ATTRIBUTE]),
    ("## Heading {onmouseover=alert(1)}", [ATTRIBUTE]),
    ("[x](https://example.org/){ping=https://evil.invalid/}", [ATTRIBUTE]),
    ("`x`{onclick=alert(1)}", [ATTRIBUTE]),
    ("``` {.python onclick=alert(1)}\nx\n```", [ATTRIBUTE]),
    ("::: {data-script=//evil.invalid/x.js .explore}\nx\n:::", [ATTRIBUTE]),
    ("| a |\n|---|\n| [b]{onclick=c} |", [ATTRIBUTE]),
    ("[x](javascript:alert(1))", [SCHEME]),
    ("[x](JaVa&#10;Script:alert(1))", [SCHEME]),
    ("[x](javascript&colon;alert(2))", [SCHEME]),
    ("[x](data:text/html,x)", [SCHEME]),
    ("![x](http://evil.invalid/p.png)", [PICTURE]),
    (r"![x](\\\\evil.invalid/p.png)", [PICTURE]),
    ("![x](p.png){width='1px;background:red'}", ["this is no size"]),
    ("<script>alert(1)</script>", [RAW]),
    ("<script src=data:,alert(1)></script>", [RAW]),
    ("<details open ontoggle=alert(1)>x</details>", [RAW]),
    ("<iframe srcdoc='<script>alert(1)</script>'></iframe>", [RAW]),
    ("```{=html}\n<script>alert(1)</script>\n```", [RAW]),
    ("`<script>alert(1)</script>`{=html}", [RAW]),
    ("Said.[^n]\n\n[^n]: [x]{onclick=alert(1)}", [ATTRIBUTE]),
    ("<!--> <script>alert(1)</script> -->", [RAW]),
]
HARMLESS = (
    'A [word]{.smallcaps lang="de" dir="ltr" title="Wort"}, a [link](https://example.org/){hreflang=de},'
    " a mail to <mailto:a@example.org>, a [place](#sec-a). <!-- a note to myself -->"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return mini.make(tmp_path_factory.mktemp("hostile"))


def on_page(project, words: str, front: str = ""):
    mini.write(project.index, f"---\ntitle: T\n{front}---\n\n## A {{#sec-a}}\n\n{words}\n")
    return [fault for fault in check_prose(project, {}, {}, {}, []) if fault.file == "index.qmd"]


def in_notebook(project, sources: list[str], *, output: bool = False):
    """Return the faults of a notebook with these cells of Markdown, or with these outputs of Markdown."""
    mini.write(project.index, "---\ntitle: T\n---\n\nWords.\n")
    path = project.notebooks / "9-hostile.ipynb"
    mini.notebook(path, ["md:# Title", *("1" if output else f"md:{source}" for source in sources)])
    if output:
        node = nbformat.read(path, 4)
        for cell, source in zip(node.cells[1:], sources, strict=True):
            data = {"text/markdown": source, "text/plain": "x"}
            cell.outputs = [nbformat.v4.new_output("display_data", data)]
        nbformat.write(node, path)
    found = check_prose(project, {}, {}, {}, [])
    path.unlink()
    return [fault for fault in found if fault.file == "notebooks/9-hostile.ipynb"]


def test_prose_that_could_run_or_fetch_is_refused_at_its_line(project):
    faults, line = on_page(project, "\n\n".join(words for words, _ in PROSE)), 7
    for words, whats in PROSE:
        end = line + words.count("\n")
        here = [fault for fault in faults if fault.row and line <= fault.row <= end]
        # That there is no such picture is another fault, and not what these words are refused for.
        assert {fault.what for fault in here} - {MISSING} == set(whats), words
        assert len(here) >= len(whats)
        line = end + 2
    assert all(fault.row and fault.value and fault.remedy for fault in faults if fault.what != MISSING)


@pytest.mark.parametrize("output", [False, True], ids=["cell", "output"])
def test_markdown_of_notebooks_passes_the_same_gate(project, output):
    faults = in_notebook(project, [words for words, _ in PROSE], output=output)
    kind, first = ("code cell", 1) if output else ("Markdown cell", 2)
    for number, (words, whats) in enumerate(PROSE, start=first):
        here = [fault for fault in faults if f"{fault.column},".startswith(f"{kind} {number},")]
        # That there is no such picture is another fault, and not what these words are refused for.
        assert {fault.what for fault in here} - {MISSING} == set(whats), words
        assert all(fault.remedy for fault in here)


def test_front_matter_passes_it_too(project):
    (fault,) = on_page(project, "Words.", "subtitle: '[x]{onclick=\"alert(1)\"}'\n")
    assert (fault.what, fault.row) == (ATTRIBUTE, 3)


def test_what_is_harmless_is_let_through(project):
    assert on_page(project, HARMLESS) == []
    assert in_notebook(project, [HARMLESS]) == []


CSS = {
    "background:url(http://evil.invalid/a)": "http://evil.invalid/a",
    "background:URL( 'http://evil.invalid/b' )": "http://evil.invalid/b",
    "background:u\\72l(http://evil.invalid/c)": "http://evil.invalid/c",
    "background:\\75\\72\\6c(//evil.invalid/d)": "//evil.invalid/d",
    "background:image-set('http://evil.invalid/e' 1x)": "http://evil.invalid/e",
    "background:-webkit-image-set(url(//evil.invalid/f) 1x)": "//evil.invalid/f",
    "background:cross-fade(url(a.png), src('https://evil.invalid/g'))": "https://evil.invalid/g",
    "--x:'https://evil.invalid/h';background:image-set(var(--x) 1x)": "https://evil.invalid/h",
    "background:/**/image-set(/**/'//evil.invalid/i' 1x)": "//evil.invalid/i",
    "background:url(htt\\70://evil.invalid/j)": "http://evil.invalid/j",
}


@pytest.mark.parametrize(("css", "address"), CSS.items())
def test_an_address_in_a_style_is_read_in_any_spelling(css, address):
    assert address in css_addresses(css)
    (fault,) = [fault for fault in faults_of(f'<p style="{css}">') if "style" in fault.what]
    assert fault.what == "a style would load something"


@pytest.mark.parametrize("rule", ["@import '//evil.invalid/x';", "@\\69mport url(//evil.invalid/x) print;"])
def test_a_style_sheet_that_imports_another_loads_it(rule, tmp_path):
    tree = page(f"<style>p {{ color: red }} {rule}</style>")
    (fault,) = loads(tree, "index.html", tmp_path)
    assert fault.value == "//evil.invalid/x"


def page(body: str):
    text = f"<!DOCTYPE html><html><head>{CHARSET}<title>T</title></head><body>{body}</body></html>"
    return lxml.html.document_fromstring(with_policy(text, "<p></p>"))


def faults_of(body: str):
    return list(active_content(page(body), "index.html"))


@pytest.mark.parametrize(
    "body",
    [
        "<p OnClick=alert(1)>x</p>",
        "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
        '<a href=" java\tscript:alert(1)">x</a>',
        "<a href=x ping=//evil.invalid>x</a>",
        "<iframe srcdoc=x></iframe>",
        "<object data=x></object>",
        "<embed src=x>",
        "<base href=//evil.invalid/>",
        "<form action=//evil.invalid/></form>",
        "<button formaction=//evil.invalid/>x</button>",
        "<svg><animate attributeName=href values=javascript:alert(1)></animate></svg>",
        "<svg><set attributeName=href to=javascript:alert(1)></set></svg>",
        "<svg><rect fill='url(//evil.invalid/#a)'/></svg>",
        "<svg><foreignObject></foreignObject></svg>",
        "<script>alert(1)</script>",
        "<script type=module>alert(1)</script>",
        "<img src='data:text/html,x'>",
        "<meta http-equiv=refresh content='0;url=x'>",
        "<math><mi xlink:href=javascript:alert(1)></mi></math>",
    ],
)
def test_a_finished_page_with_anything_active_is_refused(body):
    assert faults_of(body)


def test_a_finished_page_with_the_reports_own_parts_is_not():
    own = (
        "<svg><defs><clipPath id=a></clipPath></defs><g clip-path='url(#a)'></g></svg>"
        "<img src=data:image/png;base64,x>"
        "<script type=application/ld+json>{}</script><script src=scripts/page.js></script>"
        "<p style='width: calc(1px + 2%)'>x</p><a href=mailto:a@example.org>x</a>"
    )
    assert faults_of(own) == []
    assert scheme_of("a/b:c") == scheme_of("#a:b") == scheme_of("?a:b") == ""


def test_a_page_without_its_policy_is_refused_and_so_is_one_that_comes_late():
    text = "<html><head><title>T</title></head><body></body></html>"
    (fault,) = active_content(lxml.html.document_fromstring(text), "index.html")
    assert "no Content-Security-Policy" in fault.what
    late = f'<script src="a.js"></script>{CHARSET}'
    text = with_policy(text.replace("<title>", f"{late}<title>"), "<p></p>")
    (fault,) = active_content(lxml.html.document_fromstring(text), "index.html")
    assert "stands before" in fault.what


def test_every_page_of_a_report_carries_one_policy_with_the_hash_of_its_templates_script(rendered):
    pages = {path.relative_to(rendered.report).as_posix(): path for path in rendered.report.rglob("*.html")}
    tables = {name: path for name, path in pages.items() if name.startswith("data/")}
    assert len(pages) - len(tables) == 5
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        assert text.count(NAME) == 1
        (content,) = re.findall(rf'<meta http-equiv="{NAME}" content="([^"]+)">', text)
        assert not [*active_content(lxml.html.document_fromstring(text.encode()), name)]
        if name in tables:
            # Their scripts and styles are files.
            assert content.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
            assert "unsafe" not in content
        else:
            assert content.count("'sha256-") == 1
            assert content.startswith("default-src 'none'; script-src 'self' 'sha256-")
            assert content.replace(re.findall(r" 'sha256-[^']+'", content)[0], "") == policy([])
