"""The words that an author wrote into Markdown, as Pandoc reads them, apart from those that tables write.

Page and PDF are both made of this reading, so a number that is missing here can reach neither.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import lxml.html
import yaml
from lxml.html import HtmlElement

from explainer.engines import program
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.report import shortcodes
from explainer.report.pages import ReportPage
from explainer.system.cache import Cache
from explainer.system.errors import Fault
from explainer.system.project import THEME, Project
from explainer.system.structured import read_settings, refuse_endless

#: The filter that says what an author may write.
GATE = THEME / "filters" / "gate.lua"
#: Stands where a table, a reference or the build writes the words.
GAP = "\ufffc"
#: Front matter that pages print.
PRINTED = ("title", "subtitle", "kicker", "byline", "abstract", "description")
#: Attributes whose words a reader may see or hear.
SPOKEN = ("title", "aria-label", "aria-description", "alt", "data-fig-alt", "placeholder")
#: Settings of Quarto's that name no page.
OF_THE_PROJECT = ("project", "website", "book")
#: Attributes of the blocks that cells are wrapped in; an author cannot know them.
SECRET = secrets.token_hex(16)
PLACE = f"data-place-{SECRET}"
OUTPUT = f"data-output-{SECRET}"
#: The program that reads the words; Pandoc runs it.
READER = Path(__file__).with_name("passages.lua")
#: A block of metadata, which may stand anywhere in a text.
METADATA = re.compile(r"^---[ \t]*\n(?P<yaml>[^\S\n]*\S.*?)^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
#: Inline code that names a table, a column or a file.
NAME = re.compile(r"\S*[^\W\d_]\S*")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
#: Kinds of marks of what a page shows.
SHOWN = ("embed", "figure", "own figure")
#: Elements with words that stand in a passage together with those around them.
INLINE = {"a", "br", "code", "del", "em", "img", "input", "label", "span", "strong", "sub", "sup", "u"}
#: Facts are linked in running text only.
WITHOUT_FACTS = {"header", "table", "figure", "a", *HEADINGS}


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
        ``embed``, ``figure`` (placed without an embed), ``own figure`` (a picture of the author's),
        ``section``, ``link``, or ``words in {#refs}``.
    key : str
        Its id, label or address.
    place : str
        The notebook's cell, for people; blank on the page.
    """

    kind: str
    key: str
    place: str = ""


@dataclass(frozen=True)
class Refused:
    """Something an author wrote that no page may hold.

    Parameters
    ----------
    what, value, remedy : str
        As in a fault.
    key : str
        What stands in the source: the name of an attribute with ``=``, an address, or HTML.
    place : str
        The notebook's cell; blank on the page.
    """

    what: str
    value: str
    remedy: str
    key: str
    place: str = ""


def read_all(
    project: Project, pages: Sequence[ReportPage], notebooks: Sequence[Notebook]
) -> tuple[Sequence[HtmlElement], Sequence[HtmlElement]]:
    """Return the words of each page and of each notebook, as `to_tree` returns them.

    Raises
    ------
    Fault
        If Pandoc cannot read one of them.
    """
    trees = [to_tree(answer["html"]) for answer in _answers(project, pages, notebooks)]
    return trees[: len(pages)], trees[len(pages) :]


def refused(
    project: Project, pages: Sequence[ReportPage], notebooks: Sequence[Notebook]
) -> list[list[Refused]]:
    """Return what the filters refuse of each page and then of each notebook.

    Raises
    ------
    Fault
        If Pandoc cannot read one of them.
    """
    return [[Refused(**part) for part in answer["refused"]] for answer in _answers(project, pages, notebooks)]


def _answers(
    project: Project, pages: Sequence[ReportPage], notebooks: Sequence[Notebook]
) -> list[dict[str, Any]]:
    cache = Cache(project)
    texts = {page.file: shortcodes.expand(page.text) for page in pages}
    texts |= {notebook.file: notebook_source(notebook) for notebook in notebooks}
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(partial(_read, cache), texts, texts.values()))
    if notebooks:
        cache.sweep()
    return answers


@lru_cache(maxsize=32)  # the parts of a build read the same texts
def to_tree(html: str) -> HtmlElement:
    """Return the words of a text as a tree, for `passages` and `marks`."""
    return lxml.html.fragment_fromstring(html, create_parent="main")


def _read(cache: Cache, file: str, text: str) -> dict[str, Any]:
    """Return what `read` returns, from an earlier build if the text is the same."""
    # What is cached has the text's own hash, which no text can hold, in place of this process's secret.
    own = hashlib.sha256(text.replace(SECRET, "").encode()).hexdigest()

    def make() -> bytes:
        return json.dumps(read(file, text)).replace(SECRET, own).encode()

    inputs: list[str | bytes] = [program.version(), READER.read_bytes(), GATE.read_bytes(), own]
    return json.loads(cache.get("words", inputs, make).decode().replace(own, SECRET))


def read(file: str, text: str) -> dict[str, Any]:
    """Return the words of a Markdown text without shortcodes.

    Parameters
    ----------
    file : str
        The file, for the fault.
    text : str
        The text.

    Returns
    -------
    dict
        The words as HTML, for `to_tree` (``html``), and what the filters refuse (``refused``), each with the
        parameters of `Refused`.

    Raises
    ------
    Fault
        If Pandoc cannot read it.
    """
    _check_metadata(text, file)
    result = program.run(["lua", str(READER), str(GATE)], file, text=text)
    answer = json.loads(result.stdout) if result.returncode == 0 else {"error": result.stderr}
    if "error" in answer:
        words = " ".join(answer["error"].split())[:300]
        raise Fault("Pandoc cannot read the text", file=file, value=words, remedy="Mend it.")
    return answer


def _check_metadata(text: str, file: str) -> None:
    """Refuse metadata that Pandoc would not come to an end with, wherever it stands in a text."""
    for block in METADATA.finditer(text):
        row = shortcodes.line_of(text, block.start())

        def fault(what: str, line: int, row: int = row) -> Fault:
            return Fault(f"the block of metadata {what}", file=file, row=row + line)

        # What is no YAML is text between two rules.
        with suppress(yaml.YAMLError):
            refuse_endless(block["yaml"], fault)


def settings(project: Project) -> Iterator[tuple[str, str]]:
    """Yield file and text of whatever Quarto's settings for all pages add to their front matter."""
    for path in (project.quarto_yml, project.root / "_metadata.yml", project.notebooks / "_metadata.yml"):
        if path.is_file():
            file = project.relative(path)
            for text in _printed(read_settings(path, file)):
                yield file, text


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
    return [forms["text/markdown"] for forms in data if "text/markdown" in forms]


def _block(cell: Cell, text: str, *, is_output: bool = False) -> str:
    fence = ":" * max(8, *(len(run) + 1 for run in re.findall(r":{3,}", text) or [""]))
    attributes = f'{PLACE}="{cell.place}"' + (f' {OUTPUT}="yes"' if is_output else "")
    return f"{fence} {{{attributes}}}\n{text}\n\n{fence}"


def marks(tree: HtmlElement) -> Iterator[Mark]:
    """Yield what a page refers to and what it can be referred to by, in order.

    An embedded figure is marked once for each place; the embeds themselves are checked as shortcodes.
    """
    for element in tree.iterdescendants():
        for kind, key in _marks_of(element):
            blocks = (block.get(PLACE) for block in (element, *element.iterancestors()))
            yield Mark(kind, key, next(filter(None, blocks), ""))


def _marks_of(element: HtmlElement) -> Iterator[tuple[str, str]]:
    name, classes = element.get("id", ""), element.classes
    match element.tag:
        case "a":
            yield "link", element.get("href", "")
        case tag if tag in HEADINGS:
            yield "section", element.get("data-id", "")
        case "span" if "data-cite" in element.attrib:
            yield "reference", element.get("data-cite", "")
        case "span" if "fact" in classes:
            fact = element.get("data-ref", "")
            yield "fact" if fact else "no fact", fact
        case "figure" if name.startswith("fig-") and element.find(".//img") is not None:
            yield "own figure", name
        case "div" | "section" | "figure" if name.startswith(("fig-", "tbl-")):
            yield "embed" if "embed" in classes else "figure", name
        case "div" | "section" if name == "refs" and (len(element) or (element.text or "").strip()):
            yield "words in {#refs}", ""


def passages(
    tree: HtmlElement, variables: Mapping[str, str] | None = None, *, skip_names: bool = False
) -> list[Passage]:
    """Return what an author wrote, front matter first.

    Parameters
    ----------
    tree : HtmlElement
        As `read_all` returns it.
    variables : mapping, optional
        Values by dotted name, to name sections as the finished page does.
    skip_names : bool
        Whether the text is a notebook's: cells and not sections name the places, and inline code that names a
        table, a column or a file is left out.
    """
    reader = _Reader(variables or {}, skip_names)
    reader.read(tree)
    return reader.passages


class _Reader:
    """One walk through a tree."""

    def __init__(self, variables: Mapping[str, str], is_notebook: bool) -> None:
        self.passages: list[Passage] = []
        self._variables = variables
        self._is_notebook = is_notebook
        self._place = "the beginning"
        self._is_output = False
        self._sections: Sequence[str] = ()
        # The passage being read, the same as the finished page prints it, and its facts.
        self._words: list[str] = []
        self._printed: list[str] = []
        self._facts: list[tuple[str, str]] = []

    def read(self, tree: HtmlElement) -> None:
        front = {header.get("data-key"): header for header in tree.findall("header")}
        for key in PRINTED:
            if key in front:
                self._front_matter(key, front[key])
        if not self._is_notebook:
            top = HEADINGS.index(min((heading.tag for heading in tree.iter(*HEADINGS)), default="h1"))
            self._sections = HEADINGS[top : top + 2]
        for body in tree.findall("article"):
            self._block(body)

    def _front_matter(self, key: str, element: HtmlElement) -> None:
        section = self._place
        if key == "description":
            self._place = key
        self._block(element)
        if key == "description":
            self._place = section

    def _block(self, element: HtmlElement, links_facts: bool = True) -> None:
        """Read an element that no passage goes beyond."""
        self._end_passage()
        if PLACE in element.attrib:
            self._place, self._is_output = element.get(PLACE, ""), OUTPUT in element.attrib
        # The cells of a frame are computed.
        if not (element.tag == "table" and self._is_output):
            self._content(element, links_facts)
        if element.tag in self._sections or element.get("data-key") == "title":
            printed = shortcodes.SHORTCODE.sub(self._value, "".join(self._printed))
            self._place = " ".join(printed.split()) or self._place
        self._end_passage()
        if PLACE in element.attrib:
            self._is_output = False

    def _end_passage(self) -> None:
        text = " ".join(shortcodes.SHORTCODE.sub(_gap_or_literal, "".join(self._words)).split())
        if text.strip(GAP + " ") or self._facts:
            self.passages.append(Passage(text, self._place, tuple(self._facts), self._is_output))
        self._words, self._printed, self._facts = [], [], []

    def _content(self, element: HtmlElement, links_facts: bool) -> None:
        self._attributes(element)
        if raw := element.get("data-raw", "").strip():
            self._raw(raw)
        links_facts = links_facts and element.tag not in WITHOUT_FACTS and "data-cite" not in element.attrib
        self._add(element.text or "")
        for child in element:
            read = self._inline if child.tag in INLINE else self._block
            read(child, links_facts)
            self._add(child.tail or "")

    def _inline(self, element: HtmlElement, links_facts: bool) -> None:
        text, classes = element.text_content(), element.classes
        if element.tag == "br":
            self._add(" ")
        elif element.tag == "code" and self._is_notebook and NAME.fullmatch(text):
            self._add(GAP, text)
        elif "quarto-shortcode__" in classes:
            words = [part.get("data-value", "") for part in element.findall("span")]
            if words[:1] == ["var"]:
                self._add(GAP, self._variables.get(words[-1], ""))
        elif "quarto-shortcode__-escaped" in classes:
            self._add(element.get("data-value", ""))
        elif links_facts and element.tag == "span" and "fact" in classes and "data-ref" in element.attrib:
            around, self._words = self._words, []
            self._content(element, False)
            self._facts.append((element.get("data-ref", ""), "".join(self._words)))
            self._words = [*around, GAP]
        else:
            self._content(element, links_facts)

    def _add(self, words: str, printed: str | None = None) -> None:
        self._words.append(words)
        self._printed.append(words.replace(GAP, "") if printed is None else printed)

    def _attributes(self, element: HtmlElement) -> None:
        """Add the words in attributes as passages, in the middle of another."""
        texts = (" ".join((element.get(name) or "").split()) for name in SPOKEN)
        self.passages += [Passage(text, self._place, (), self._is_output) for text in texts if text]

    def _raw(self, html: str) -> None:
        fragment = lxml.html.fragment_fromstring(html, create_parent="div")
        for element in fragment.iter("script", "style"):
            element.text = None
        for element in fragment.iter():
            self._attributes(element)
        self._add(fragment.text_content())

    def _value(self, match: re.Match[str]) -> str:
        parts = (match["plain"] or "").split()
        return self._variables.get(parts[-1], match[0]) if parts else match[0]


def _gap_or_literal(match: re.Match[str]) -> str:
    return match[0] if match["escaped"] else GAP
