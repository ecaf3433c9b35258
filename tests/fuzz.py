"""What `make test` tries a little of and `make fuzz` tries much of: descriptions, tables, front matter, HTML.

Each `try_` function takes something generated. It fails if the library does anything but accept it, or refuse
it with a fault.
"""

from __future__ import annotations

import copy
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
from hypothesis import strategies as st

import mini
from explainer.article import copies
from explainer.data.csv_edit import CsvEdit
from explainer.data.csv_read import parse_sheet
from explainer.data.package import DataPackage
from explainer.data.repairs import repaired
from explainer.data.rules import rule_faults
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import graph
from explainer.report.pages import day_of, read_pages
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify.active import active_content, css_addresses
from explainer.verify.pages import loads

#: How many cases `make fuzz` tries, over all kinds.
CASES = int(os.environ.get("EXPLAINER_FUZZ", "0"))

_folder = tempfile.TemporaryDirectory(prefix="explainer-fuzz-")
PROJECT: Project = mini.tables(Path(_folder.name))
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


PLACES = places(DESCRIPTION)
RULES = sorted(
    {path[-1] for path in PLACES if len(path) == 6}
    | {"acyclic", "onMap", "listOf", "memberOf", "phaseOf", "datesEvent", "filledWhen", "constraints"}
)


@st.composite
def descriptions(draw: st.DrawFn) -> Any:
    """A description of which some parts are something else, are gone, or are new."""
    description = copy.deepcopy(DESCRIPTION)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(PLACES))
        node = description
        try:
            for step in way:
                node = node[step]
            if draw(st.booleans()):
                node[last] = draw(values)
            elif draw(st.booleans()):
                del node[last]
            elif isinstance(node, dict):
                node[draw(st.sampled_from(RULES))] = draw(values)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took that part away
    return description


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """A table of which some pieces are changed, or any bytes."""
    content = FACTS.encode()
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        piece = draw(
            st.one_of(st.binary(max_size=8), odd_text.map(lambda text: text.encode("utf-8", "replace")))
        )
        content = content[:start] + piece + content[start + draw(st.integers(0, 30)) :]
    return draw(st.one_of(st.just(content), st.binary(max_size=200)))


yaml_pieces = st.sampled_from(
    [
    "a", ": ", "\n", "- ", "[", "]", "{", "}", "&a ", "*a", "? ", "| ", "> ", "'", '"', "!!int ", "#",
    "  ", "1", "2018-99-99", "<<", ", ", "\t", "---", "...", "%", "@", "`", "\x85", "\0", "é",
]
)  # fmt: skip
front_matters = st.lists(yaml_pieces, max_size=30).map("".join)

html_pieces = st.sampled_from(
    [
    "<p", ">", "<script>", "</script>", " onclick=", " style='", "url(", "u\\72l(", "image-set('",
    "//evil.invalid", "'", '"', "<svg>", "<a href=", "java\tscript:x", "data:x", "<!--", "-->",
    "<![CDATA[", "<!DOCTYPE x [<!ENTITY a", "]>", "&a;", "&#0;", "&#x110000;", "<base",
    "<meta http-equiv=", "<time datetime=", "2018-07-27T99", "/*", "*/",
    "<script type=application/ld+json>", '{"datePublished": [1]}', "@import", "x", " ", "\\", "\0",
    "</p>", "é",
]
)  # fmt: skip
pages = st.lists(html_pieces, max_size=40).map("".join)


def try_description(description: Any) -> None:
    text = json.dumps(description)
    PROJECT.package.write_text(text, encoding="utf-8")
    for fault in DataCheck(PROJECT).faults:
        assert str(fault)
    try:
        graph.read_tables(PROJECT)
        package = DataPackage(PROJECT)
        for name in package.resources:
            package.table(name)
    except Fault as fault:
        assert str(fault)


def try_table(content: bytes) -> None:
    (resource,) = [one for one in DESCRIPTION["resources"] if one["name"] == "facts"]
    try:
        sheet = parse_sheet(content, "facts.csv", [field["name"] for field in resource["schema"]["fields"]])
        table = repaired(resource, "facts.csv", sheet)
        if table.header == table.columns:
            assert all(str(fault) for fault in rule_faults(table, lambda name: None))
        edited = CsvEdit(content, "facts.csv")
        assert edited.content == content
    except Fault as fault:
        assert str(fault)


def try_front_matter(text: str) -> None:
    mini.write(PROJECT.index, f"---\ntitle: T\n{text}\n---\n\nWords.\n")
    try:
        (page,) = read_pages(PROJECT)
        day_of(page)
    except Fault as fault:
        assert str(fault)


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
    path = Path(_folder.name) / "article.html"
    path.write_bytes(f"<html><body><p>{text}</p></body></html>".encode("utf-8", "replace"))
    try:
        copies.read(path)
    except Fault as fault:
        assert str(fault)


#: Each kind: what is generated, what is tried, and its share of the cases.
KINDS = {
    "descriptions": (descriptions(), try_description, 0.15),
    "tables": (tables(), try_table, 0.3),
    "front matter": (front_matters, try_front_matter, 0.2),
    "pages": (pages, try_page, 0.25),
    "articles": (pages, try_article, 0.1),
}
