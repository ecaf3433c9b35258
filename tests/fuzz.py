"""What `make test` tries a little of and `make fuzz` tries much of: everything that people write.

Each `try_` function takes something generated. The library may accept it, or refuse it with a fault.
"""

from __future__ import annotations

import copy
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
from hypothesis import strategies as st

import mini
from explainer.article import copies
from explainer.data import description, geo
from explainer.data.csv_edit import CsvEdit
from explainer.data.csv_read import parse_sheet
from explainer.data.package import DataPackage
from explainer.data.repairs import repaired
from explainer.data.rules import rule_faults
from explainer.draft.sheet import Details, draft
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import graph, ipynb
from explainer.report import shortcodes, site, value_cells
from explainer.report.pages import day_of, read_pages, shared_settings
from explainer.system.errors import Faults
from explainer.system.project import Project
from explainer.verify import markdown, supported
from explainer.verify.active import active_content, css_addresses
from explainer.verify.numbers import hardcoded
from explainer.verify.pages import loads

#: How many cases `make fuzz` tries, over all kinds.
CASES = int(os.environ.get("EXPLAINER_FUZZ", "0"))

_folder = tempfile.TemporaryDirectory(prefix="explainer-fuzz-")
PROJECT: Project = mini.tables(Path(_folder.name))
mini.write(PROJECT.index, "---\ntitle: T\n---\n\nWords.\n")
DESCRIPTION: dict[str, Any] = json.loads(PROJECT.package.read_text(encoding="utf-8"))
FACTS = (PROJECT.data / "article/facts.csv").read_text(encoding="utf-8")

odd_text = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "\0",
            "a\ud800",
            "http://evil.invalid/x",
            "../x",
            "facts",
            "fact_id",
            "(a|a)*$",
            "((",
            "*",
            "7/8/18",
        ]
    ),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), odd_text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(odd_text, inner, max_size=3)),
    max_leaves=6,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to everything within a JSON value."""
    out = [path] if path else []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in items:
        out += places(inner, (*path, key))
    return out


RULES = sorted(
    {path[-1] for path in places(DESCRIPTION) if len(path) == 6}
    | {"acyclic", "onMap", "listOf", "memberOf", "phaseOf", "datesEvent", "filledWhen", "constraints"}
)


@st.composite
def changed_values(draw: st.DrawFn, whole: Any, keys: Sequence[str]) -> Any:
    """A JSON value of which some parts are something else, are gone, or are new."""
    value = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(whole)))
        node = value
        try:
            for step in way:
                node = node[step]
            if draw(st.booleans()):
                node[last] = draw(values)
            elif draw(st.booleans()):
                del node[last]
            elif isinstance(node, dict):
                node[draw(st.sampled_from(keys))] = draw(values)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that part away
    return value


@st.composite
def changed_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """A file of which some pieces are changed, or any bytes."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        piece = draw(
            st.one_of(st.binary(max_size=8), odd_text.map(lambda text: text.encode("utf-8", "replace")))
        )
        content = content[:start] + piece + content[start + draw(st.integers(0, 30)) :]
    return draw(st.one_of(st.just(content), st.binary(max_size=200)))


def files_of(whole: Any, keys: Sequence[str]) -> st.SearchStrategy[bytes]:
    """JSON files that hold a changed value, or that are changed themselves."""
    content = json.dumps(whole).encode()
    return changed_values(whole, keys).map(lambda value: json.dumps(value).encode()) | changed_bytes(content)


def joined(pieces: Sequence[str], most: int) -> st.SearchStrategy[str]:
    """Texts made of such pieces."""
    return st.lists(st.sampled_from(pieces), max_size=most).map("".join)


front_matters = joined(
    [
    "a", ": ", "\n", "- ", "[", "]", "{", "}", "&a ", "*a", "? ", "| ", "> ", "'", '"', "!!int ", "#",
    "  ", "1", "2018-99-99", "<<", ", ", "\t", "---", "...", "%", "@", "`", "\x85", "\0", "é",
    ], 30
)  # fmt: skip

#: A value in YAML, of any shape.
odd_settings = st.recursive(
    st.sampled_from(
        [
        "", "1", "a", "true", "null", "[]", "{}", "html", "'*.qmd'", "../*.qmd", "'!index.qmd'", "'**'",
        "/etc/passwd", "2018-01-01", ".nan", "{? [a] : b}", "*a", "&a []",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.tuples(
            st.sampled_from(["html", "typst", "css", "render", "toc", "output-file", "a", "1"]), inner
        ).map(lambda pair: f"{{{pair[0]}: {pair[1]}}}"),
    ),
    max_leaves=4,
)  # fmt: skip
settings_keys = st.sampled_from(
    ["project", "format", "lang", "css", "toc", "filters", "execute", "title", "author", "1", "? [a]\n"]
)
settings_files = st.one_of(
    st.lists(st.tuples(settings_keys, odd_settings).map(lambda pair: f"{pair[0]}: {pair[1]}\n"), max_size=4)
    .map("".join)
    .map(str.encode),
    front_matters.map(str.encode),
    st.binary(max_size=60),
)

prose = joined(
    [
    "Words. ", "\n", "\n\n", "# H ", "{{< var a >}}", "{{< include ", "{{< embed ", "{{< meta ", " >}}",
    "{{< include _a.qmd >}}\n", "{{< include \0 >}}\n", "{{< include notebooks >}}\n",
    "_a.qmd", "../../etc/passwd", "/etc/passwd", "notebooks", "\0", "```", "`", "~~~", "{python}", "{=html}",
    "{.aside}", ":::", "<!--", "-->", "---\n", "{{{<", ">}}}", "[", "](", ")", "{", "}", "\\", "$", "é",
    "@fig-x", "|", "\r\n", "\x85",
    ], 30
)  # fmt: skip

NOTEBOOK: dict[str, Any] = {
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Title {#sec-a}\n", "Words."]},
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"tags": ["a"]},
            "execution_count": 1,
            "source": "#| label: fig-a\n#| echo: false\nfrom explainer import load, save\n"
            "facts = load('facts')\nsave('values-crates', facts)\nf'All {len(facts)} of 29'",
            "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["x\n"]},
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {},
                    "data": {
                        "text/plain": "1",
                        "text/html": ["<b>", "1</b>"],
                        "application/json": {"a": [1]},
                    },
                },
                {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["t"]},
            ],
        },
    ],
    "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}

MAP: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [0, 0]},
    "arcs": [[[0, 0], [1, 0], [0, 1]], [[1, 1], [-1, -1]]],
    "objects": {
        "land": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "A"}, "id": "a"},
                {"type": "MultiPolygon", "arcs": [[[0, -1]]], "properties": {"name": "B"}},
            ],
        }
    },
}

STORY: dict[str, Any] = {
    "name": "a",
    "title": "A",
    "version": "0.1.0",
    "resources": [
        {"name": "events", "producedBy": "1-a"},
        {"name": "values-a", "producedBy": "1-a"},
        {
            "name": "facts",
            "schema": {
                "fields": [
                    {"name": "kind", "constraints": {"enum": ["a"]}},
                    {"name": "own", "type": "string"},
                ]
            },
        },
    ],
}

news = joined(
    [
    "HARTWELL, Ohio (July 27, 2018) — ", "The mayor said on ", "Friday", "7/27/2018", " that ", "29 people",
    " were ", "arrested", ". ", "\n\n", "“", "”", "'", "Ms. Jane Q. Doe, 44, ", "the Dept. of X",
    "$1.2 million", "50%", "٣٤", "²", "½", "twenty-five days after", "a dozen", "Feb. 30", "13/13/13",
    "99999999999999999999", "1e400", "🎉", "אבג", "العربية", "\u202e", "e\u0301", "ſ", "İ", "ß", "ﬁ",
    "\u2028", "\xad", "a" * 60, "said", ", ", "Dr.", "--", "(", ")", "X", "January 0", "31st", "of ",
    "last week", "@handle", "#tag",
    "http://x.y/z?a=1", "{{< var x >}}", "??", "@fig-x",
    ], 40
)  # fmt: skip

pages = joined(
    [
    "<p", ">", "<script>", "</script>", " onclick=", " style='", "url(", "u\\72l(", "image-set('",
    "//evil.invalid", "'", '"', "<svg>", "<a href=", "java\tscript:x", "data:x", "<!--", "-->",
    "<![CDATA[", "<!DOCTYPE x [<!ENTITY a", "]>", "&a;", "&#0;", "&#x110000;", "<base",
    "<meta http-equiv=", "<time datetime=", "2018-07-27T99", "/*", "*/",
    "<script type=application/ld+json>", '{"datePublished": [1]}', "@import", "x", " ", "\\", "\0",
    "</p>", "é",
    ], 40
)  # fmt: skip


@contextmanager
def written(path: Path, content: bytes | str) -> Iterator[None]:
    """Have a file of the project hold something for a while."""
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
    try:
        yield
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)


def try_description(package: Any) -> None:
    with written(PROJECT.package, json.dumps(package)):
        faults = DataCheck(PROJECT).faults
        graph.read_tables(PROJECT)
        described = DataPackage(PROJECT)
        for name, resource in described.resources.items():
            if "producedBy" not in resource:  # no notebook has run
                described.table(name)
        if faults:
            raise Faults(faults)


def try_story(story: Any) -> None:
    with written(PROJECT.story, json.dumps(story)):
        assert description.to_json(description.compose(PROJECT))


def try_table(content: bytes) -> None:
    (resource,) = [one for one in DESCRIPTION["resources"] if one["name"] == "facts"]
    sheet = parse_sheet(content, "facts.csv", [field["name"] for field in resource["schema"]["fields"]])
    table = repaired(resource, "facts.csv", sheet)
    if table.header == table.columns:
        assert all(str(fault) for fault in rule_faults(table, lambda name: None))
    assert CsvEdit(content, "facts.csv").content == content


def try_front_matter(text: str) -> None:
    with written(PROJECT.index, f"---\ntitle: T\n{text}\n---\n\nWords.\n"):
        (page,) = read_pages(PROJECT)
        day_of(page)


def try_settings(content: bytes) -> None:
    with written(PROJECT.quarto_yml, content):
        supported.check(PROJECT)
        read_pages(PROJECT)
        for settings in shared_settings(PROJECT).values():
            site.style_sheets(PROJECT, "index.qmd", settings["css"])
        site.language(PROJECT)
        assert all(file and text for file, text in markdown.settings(PROJECT))


def try_prose(text: str) -> None:
    page = f"---\ntitle: T\n---\n\n{text}\n"
    with written(PROJECT.root / "_a.qmd", text), written(PROJECT.index, page):
        supported.check(PROJECT)
        (read,) = read_pages(PROJECT)
        assert all(map(str, shortcodes.check_shortcodes(read.text, read.file, {}, [], {}, head=read.head)))


def try_notebook(content: bytes) -> None:
    with written(PROJECT.notebooks / "1-crates.ipynb", content):
        supported.check(PROJECT)
        for notebook in ipynb.read_all(PROJECT):
            markdown.notebook_source(notebook)
            hardcoded.find_hardcoded_numbers(notebook)
            value_cells.find(notebook, "values-crates", "a.b")
            graph.build([notebook], PROJECT)
            if faults := ipynb.check(notebook):
                raise Faults(faults)


def try_map(content: bytes) -> None:
    with written(PROJECT.data / "map.json", content):
        if layer := geo.outlines(PROJECT.data / "map.json", "land", "map.json"):
            geo.OutlineMap(layer).names_at(0.0, 0.0)


def try_page(text: str) -> None:
    for wrapped in (text, f"<html><head>{text}</head><body>{text}</body></html>"):
        try:
            tree = lxml.html.document_fromstring(wrapped.encode("utf-8", "replace"))
        except (lxml.etree.ParserError, ValueError):
            continue  # nothing in it
        assert all(
            str(fault) for fault in [*active_content(tree, "x"), *loads(tree, "x", Path("/nonexistent"))]
        )
    css_addresses(text)


def try_article(text: str) -> None:
    with written(PROJECT.root / "article.html", f"<html><body><p>{text}</p></body></html>"):
        copies.read(PROJECT.root / "article.html")


def try_news(text: str) -> None:
    with written(PROJECT.root / "article.txt", text):
        drafted = draft(PROJECT.root / "article.txt", PROJECT, Details(dateline=date(2018, 7, 27)))
        assert all(drafted.csv(name) for name in drafted.tables)


#: Each kind: what is generated, what is tried, and its share of the cases.
KINDS: dict[str, tuple[st.SearchStrategy, Callable[[Any], None], float]] = {
    "descriptions": (changed_values(DESCRIPTION, RULES), try_description, 0.1),
    "stories": (changed_values(STORY, RULES), try_story, 0.04),
    "tables": (changed_bytes(FACTS.encode()), try_table, 0.2),
    "front matter": (front_matters, try_front_matter, 0.1),
    "settings": (settings_files, try_settings, 0.1),
    "prose": (prose, try_prose, 0.1),
    "notebooks": (files_of(NOTEBOOK, ["outputs", "source", "id"]), try_notebook, 0.08),
    "maps": (files_of(MAP, ["arcs", "type"]), try_map, 0.04),
    "pages": (pages, try_page, 0.12),
    "articles": (pages, try_article, 0.06),
    "news": (news, try_news, 0.06),
}

#: What some of it is made of, which is accepted as it is: else nothing after the first check would be tried.
ACCEPTED: dict[str, Any] = {
    "descriptions": DESCRIPTION,
    "stories": STORY,
    "tables": FACTS.encode(),
    "settings": PROJECT.quarto_yml.read_bytes(),
    "notebooks": json.dumps(NOTEBOOK).encode(),
    "maps": json.dumps(MAP).encode(),
    "news": "HARTWELL, Ohio (July 27, 2018) — The mayor said on Friday that 29 people were arrested.",
}
