"""The words that an author wrote into Markdown, as Pandoc reads them, apart from those that tables write.

Page and PDF are both made of this reading, so a number that is missing here can reach neither.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import lxml.html
import pypandoc
import yaml

from explainer.notebooks.ipynb import Cell, Notebook
from explainer.report import shortcodes, site
from explainer.system.errors import Fault
from explainer.system.project import Project

#: Stands where a table, a reference or the build writes the words.
GAP = "\ufffc"
#: Front matter that pages print.
PRINTED = ("title", "subtitle", "kicker", "byline", "abstract", "description")
#: Attributes whose words a reader may see or hear.
SPOKEN = ("title", "aria-label", "aria-description", "alt", "placeholder")
READER = "markdown"
#: Settings of Quarto's that name no page.
OF_THE_PROJECT = ("project", "website", "book")
#: Attributes of the blocks that cells are wrapped in; an author cannot know them.
PLACE = f"data-place-{secrets.token_hex(8)}"
OUTPUT = f"data-output-{secrets.token_hex(8)}"
#: A reference to a figure, a table or a section of the page.
REFERENCE = re.compile(r"(?:fig|tbl|sec)-")
#: Inline code that names a table, a column or a file.
NAME = re.compile(r"\S*[^\W\d_]\S*")
TEXT_BLOCKS = {"Para", "Plain"}
#: Facts are linked in running text only.
WITHOUT_FACTS = {"Table", "Figure"}
SPACES = {"Space", "SoftBreak", "LineBreak"}
QUOTES = {"DoubleQuote": "“{}”", "SingleQuote": "‘{}’"}

Node = dict[str, Any]
Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Passage:
    """Words that stand together.

    Parameters
    ----------
    text : str
        The words; what a table writes is replaced by `GAP`.
    place : str
        Section or cell, for people.
    facts : tuple of (str, str)
        The facts that words in it claim to state, with those words.
    is_output : bool
        Whether a cell put it out.
    """

    text: str
    place: str
    facts: tuple[tuple[str, str], ...] = ()
    is_output: bool = False


@dataclass(frozen=True)
class Mark:
    """Something on a page that has to exist elsewhere, or that others refer to.

    Parameters
    ----------
    kind : str
        ``reference`` (to a figure, table, section or source), ``fact``, ``no fact`` (a span that names none),
        ``embed``, ``figure`` (placed without an embed), ``section``, ``link``, or ``words in {#refs}``.
    key : str
        Its id, label or address.
    place : str
        The notebook's cell, for people; blank on the page.
    """

    kind: str
    key: str
    place: str = ""


def parse_all(project: Project, notebooks: Iterable[Notebook]) -> tuple[Node, list[Node]]:
    """Return Pandoc's tree of the page and of each notebook.

    Raises
    ------
    Fault
        If Pandoc cannot read one of them.
    """
    sources = [(shortcodes.expand(site.read_page(project)), project.relative(project.index))]
    sources += [(notebook_source(notebook), notebook.file) for notebook in notebooks]
    with ThreadPoolExecutor() as pool:
        page, *trees = pool.map(lambda source: parse(*source), sources)
    return page, trees


@lru_cache(maxsize=32)
def parse(text: str, file: str) -> Node:
    """Return Pandoc's tree of a Markdown text without shortcodes; `file` is for the fault.

    Raises
    ------
    Fault
        If Pandoc cannot read it.
    """
    try:
        return json.loads(pypandoc.convert_text(text, "json", format=READER))
    except RuntimeError as error:
        words = " ".join(str(error).split())
        raise Fault("Pandoc cannot read the text", file=file, value=words, remedy="Mend it.") from None


def settings(project: Project) -> Iterator[tuple[str, str]]:
    """Yield file and text of whatever Quarto's settings for all pages add to their front matter."""
    for path in (project.quarto_yml, project.root / "_metadata.yml", project.notebooks / "_metadata.yml"):
        if path.is_file():
            for text in _printed(yaml.safe_load(path.read_text(encoding="utf-8"))):
                yield project.relative(path), text


def _printed(node: Any) -> Iterator[str]:
    """Yield the texts in settings that pages print: of the front matter's keys, but for the project's own."""
    if isinstance(node, list):
        for child in node:
            yield from _printed(child)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in PRINTED and isinstance(value, str | int | float):
                yield shortcodes.SHORTCODE.sub(GAP, str(value))
            elif key not in OF_THE_PROJECT:
                yield from _printed(value)


def notebook_source(notebook: Notebook) -> str:
    """Return the Markdown of a notebook's cells and of their outputs, each in a block that names the cell.

    Labeled figures and tables are left out; their words are in ``figures.json``.
    """
    parts = []
    for cell in notebook.cells:
        if cell.kind == "markdown":
            parts.append(_block(cell, cell.source))
        elif cell.kind == "raw" and shortcodes.FRONT_MATTER.match(cell.source + "\n"):
            parts.insert(0, cell.source)
        elif cell.kind == "code":
            parts += [_block(cell, text, is_output=True) for text in _outputs(cell)]
    return "\n\n".join(parts)


def _outputs(cell: Cell) -> list[str]:
    shown = cell.options.get("include") is not False and cell.options.get("output") is not False
    if not shown or (cell.label or "").startswith(("fig-", "tbl-")):
        return []
    data = [output.get("data", {}) for output in cell.outputs]
    return [one["text/markdown"] for one in data if "text/markdown" in one]


def _block(cell: Cell, text: str, *, is_output: bool = False) -> str:
    fence = ":" * max(8, *(len(run) + 1 for run in re.findall(r":{3,}", text) or [""]))
    attributes = f'{PLACE}="{cell.place}"' + (f' {OUTPUT}="yes"' if is_output else "")
    return f"{fence} {{{attributes}}}\n{text}\n\n{fence}"


def passages(
    tree: Node, variables: Mapping[str, str] | None = None, *, skip_names: bool = False
) -> list[Passage]:
    """Return what an author wrote, front matter first.

    Parameters
    ----------
    tree : dict
        As `parse_all` returns it.
    variables : mapping, optional
        Values by dotted name, to name sections as the finished page does.
    skip_names : bool
        Whether inline code that names a table, a column or a file is left out.
    """
    reader = _Reader(variables or {}, skip_names)
    reader.read(tree)
    return reader.passages


def marks(tree: Node) -> list[Mark]:
    """Return what a page refers to and what it can be referred to by, in order.

    An embedded figure is marked once for each place; the embeds themselves are checked as shortcodes.
    """
    return list(_marks([tree["meta"], tree["blocks"]], ""))


def _marks(node: Any, place: str) -> Iterator[Mark]:
    if isinstance(node, list):
        for child in node:
            yield from _marks(child, place)
    elif isinstance(node, dict):
        kind, content = node.get("t"), node.get("c")
        if kind is None:  # front matter, or one citation
            content = list(node.values())
        if kind in MARKED:
            place = _place_of(kind, content) or place
            for what, key in MARKED[kind](content):
                yield Mark(what, key, place)
        yield from _marks(content, place)


def _place_of(kind: str, content: Any) -> str:
    return dict(content[0][2]).get(PLACE, "") if kind == "Div" else ""


def _marks_of_cite(content: Any) -> Iterator[tuple[str, str]]:
    for citation in content[0]:
        yield "reference", citation["citationId"]


def _marks_of_header(content: Any) -> Iterator[tuple[str, str]]:
    yield "section", content[1][0]


def _marks_of_link(content: Any) -> Iterator[tuple[str, str]]:
    yield "link", content[2][0]


def _marks_of_span(content: Any) -> Iterator[tuple[str, str]]:
    _, classes, named = content[0]
    if "fact" in classes:
        fact = dict(named).get("ref", "")
        yield "fact" if fact else "no fact", fact


def _marks_of_block(content: Any) -> Iterator[tuple[str, str]]:
    name, classes, _ = content[0]
    if name.startswith(("fig-", "tbl-")) and "embed" not in classes:
        yield "figure", name
    elif name.startswith(("fig-", "tbl-")):
        yield "embed", name
    elif name == "refs" and content[1]:
        yield "words in {#refs}", ""


MARKED: dict[str, Callable[[Any], Iterator[tuple[str, str]]]] = {
    "Cite": _marks_of_cite,
    "Header": _marks_of_header,
    "Link": _marks_of_link,
    "Span": _marks_of_span,
    "Div": _marks_of_block,
    "Figure": _marks_of_block,
}


class _Reader:
    """One walk through a tree.

    Parameters
    ----------
    variables : mapping
        Values by dotted name.
    skip_names : bool
        Whether inline code that names something is left out.
    """

    def __init__(self, variables: Mapping[str, str], skip_names: bool) -> None:
        self.passages: list[Passage] = []
        self._variables = variables
        self._skip_names = skip_names
        self._place = "the beginning"
        self._is_output = False
        self._section_levels: range = range(0)
        #: What the finished page has in place of each gap of the passage being read.
        self._written: list[str] = []
        self._blocks: dict[str, Callable[[Any, bool], None]] = {
            "Header": self._header,
            "Div": self._div,
            "DefinitionList": self._definitions,
            "LineBlock": self._lines,
            "CodeBlock": lambda content, _: self._add(content[1]),
            "RawBlock": lambda content, _: self._add(self._raw(content)),
        }
        self._inlines: dict[str, Callable[[Any, Facts | None], str]] = {
            "Quoted": lambda content, facts: QUOTES[content[0]["t"]].format(self._words(content[1], facts)),
            "Code": lambda content, _: self._code(content[1]),
            "Math": lambda content, _: content[1],
            "RawInline": lambda content, _: self._raw(content),
            "Link": self._link,
            "Image": self._image,
            "Cite": self._cite,
            "Note": self._note,
            "Span": self._span,
        }

    def read(self, tree: Node) -> None:
        """Read front matter and blocks."""
        for key in PRINTED:
            if key in tree["meta"]:
                self._front_matter(key, tree["meta"][key])
        top = min(_levels(tree["blocks"]), default=1)
        self._section_levels = range(top, top + 2)
        self._walk(tree["blocks"], True)

    def _front_matter(self, key: str, value: Node) -> None:
        section = self._place
        if key == "description":
            self._place = key
        if value["t"] == "MetaInlines":
            words = self._words(value["c"], None)
            if key == "title":
                self._place = section = self._filled(words)
            self._add(words)
        elif value["t"] == "MetaBlocks":
            self._walk(value["c"], False)
        elif value["t"] == "MetaString":
            self._add(value["c"])
        self._place = section

    def _walk(self, node: Any, links_facts: bool) -> None:
        if isinstance(node, list):
            for child in node:
                self._walk(child, links_facts)
        elif isinstance(node, dict):
            kind = node.get("t", "")
            if kind in TEXT_BLOCKS:
                self._paragraph(node["c"], links_facts)
            elif kind in self._blocks:
                self._blocks[kind](node["c"], links_facts)
            elif "c" in node and not (kind == "Table" and self._is_output):
                # The cells of a frame are computed.
                self._walk(node["c"], links_facts and kind not in WITHOUT_FACTS)

    def _paragraph(self, inlines: list[Node], links_facts: bool) -> None:
        facts: Facts = []
        self._add(self._words(inlines, facts if links_facts else None), facts)

    def _add(self, text: str, facts: Sequence[tuple[str, str]] = ()) -> None:
        text = " ".join(shortcodes.SHORTCODE.sub(_gap_or_literal, text).split())
        if text.strip(GAP + " ") or facts:
            self.passages.append(Passage(text, self._place, tuple(facts), self._is_output))
        self._written.clear()

    def _header(self, content: Any, _: bool) -> None:
        level, attributes, inlines = content
        words = self._words(inlines, None)
        # In a notebook, cells and not sections name the place.
        if level in self._section_levels and not self._skip_names:
            self._place = " ".join(self._filled(words).split())
        self._spoken(attributes)
        self._add(words)

    def _div(self, content: Any, links_facts: bool) -> None:
        attributes, blocks = content
        named = dict(attributes[2])
        if PLACE in named:
            self._place, self._is_output = named[PLACE], OUTPUT in named
        self._spoken(attributes)
        self._walk(blocks, links_facts)
        if PLACE in named:
            self._is_output = False

    def _definitions(self, content: Any, links_facts: bool) -> None:
        for term, definitions in content:
            self._paragraph(term, links_facts)
            self._walk(definitions, links_facts)

    def _lines(self, content: Any, links_facts: bool) -> None:
        self._paragraph([node for line in content for node in [*line, {"t": "LineBreak"}]], links_facts)

    def _spoken(self, attributes: Any) -> None:
        for name, value in attributes[2]:
            if name in SPOKEN:
                self._aside(value)

    def _aside(self, text: str) -> None:
        """Add words that stand in an attribute, in the middle of another passage."""
        if text.strip():
            self.passages.append(Passage(" ".join(text.split()), self._place, (), self._is_output))

    def _words(self, inlines: Iterable[Node], facts: Facts | None) -> str:
        return "".join(self._inline(node, facts) for node in inlines)

    def _inline(self, node: Node, facts: Facts | None) -> str:
        kind = node["t"]
        if kind in SPACES:
            return " "
        if kind == "Str":
            return node["c"]
        if kind in self._inlines:
            return self._inlines[kind](node["c"], facts)
        return self._words(node["c"], facts)

    def _gap(self, written: str = "") -> str:
        self._written.append(written)
        return GAP

    def _filled(self, words: str) -> str:
        """Return words with the values that the finished page has in them."""
        written = iter(self._written)
        words = re.sub(GAP, lambda _: next(written, ""), words)
        return shortcodes.SHORTCODE.sub(self._value, words)

    def _value(self, match: re.Match[str]) -> str:
        parts = (match["plain"] or "").split()
        return self._variables.get(parts[-1], match[0]) if parts else match[0]

    def _code(self, text: str) -> str:
        return self._gap(text) if self._skip_names and NAME.fullmatch(text) else text

    def _raw(self, content: Any) -> str:
        kind, text = content
        if not kind.startswith("html") or not text.strip():
            return ""
        fragment = lxml.html.fragment_fromstring(text, create_parent="div")
        for element in fragment.iter("script", "style"):
            element.text = None
        for element in fragment.iter():
            for name in SPOKEN:
                self._aside(element.get(name) or "")
        return fragment.text_content()

    def _link(self, content: Any, _: Facts | None) -> str:
        attributes, inlines, (_, title) = content
        self._spoken(attributes)
        self._aside(title)
        return self._words(inlines, None)

    def _image(self, content: Any, _: Facts | None) -> str:
        attributes, inlines, (_, title) = content
        self._spoken(attributes)
        self._aside(title)
        self._aside(self._words(inlines, None))
        return ""

    def _cite(self, content: Any, _: Facts | None) -> str:
        # The words between the brackets are the author's; names and numbers are the filters'.
        parts = []
        for citation in content[0]:
            before = self._words(citation["citationPrefix"], None)
            after = self._words(citation["citationSuffix"], None)
            parts.append(" ".join(filter(None, (before, self._gap(), after))))
        return "; ".join(parts)

    def _note(self, content: Any, _: Facts | None) -> str:
        written, self._written = self._written, []
        self._walk(content, True)
        self._written = written
        return self._gap()

    def _span(self, content: Any, facts: Facts | None) -> str:
        attributes, inlines = content
        _, classes, named = attributes
        values = dict(named)
        if "quarto-shortcode__" in classes:
            return self._shortcode(inlines)
        if "quarto-shortcode__-escaped" in classes:
            return values.get("data-value", "")
        self._spoken(attributes)
        if "fact" in classes and "ref" in values and facts is not None:
            facts.append((values["ref"], self._words(inlines, None)))
            return self._gap()
        return self._words(inlines, facts)

    def _shortcode(self, parts: list[Node]) -> str:
        words = [dict(part["c"][0][2]).get("data-value", "") for part in parts if part["t"] == "Span"]
        if words[:1] != ["var"]:
            return ""
        return self._gap(self._variables.get(words[-1], ""))


def _levels(node: Any) -> Iterable[int]:
    if isinstance(node, list):
        for child in node:
            yield from _levels(child)
    elif isinstance(node, dict):
        if node.get("t") == "Header":
            yield node["c"][0]
        elif "c" in node:
            yield from _levels(node["c"])


def _gap_or_literal(match: re.Match[str]) -> str:
    return match[0] if match["escaped"] else GAP
