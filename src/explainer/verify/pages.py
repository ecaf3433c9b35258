"""The last check before a report is published: leftovers, broken links, loads from elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree
from lxml.html import HtmlElement
from pypdfium2 import PdfDocument, PdfiumError

from explainer.report.pages import read_pages
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.verify.active import active_content, css_addresses

#: Text that only appears when something was not computed, not resolved or not drawn.
LEFTOVERS = {
    "alt.Chart(": "a chart is printed as code instead of drawn",
    "{{<": "a shortcode was not expanded",
    ">}}": "a shortcode was not expanded",
    "{python}": "inline code was not computed",
    "?@": "a reference was not resolved",
    "?var:": "a variable was not resolved",
    "??": "something was not resolved",
}
#: Tells of a text in XPath that it is code.
CODE = " or ".join(f"ancestor::{tag}" for tag in ("script", "style", "pre", "code", "template"))
REFERENCE = re.compile(r"@(?:fig|tbl|sec)-[\w-]+")
#: Attributes by which a page loads something when it is opened; following a link is the reader's choice.
LOADS = {
    "script": ("src",),
    "link": ("href",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "use": ("href", "{http://www.w3.org/1999/xlink}href", "xlink:href"),
    "image": ("href", "{http://www.w3.org/1999/xlink}href", "xlink:href"),
    "input": ("src",),
    "track": ("src",),
}
#: Relations of links in the head that load nothing.
LOADS_NOTHING = {"canonical", "license", "prev", "next", "up", "author", "home"}


def verify_pages(project: Project, stage: Path, content: dict[str, Any]) -> None:
    """Check the staged report.

    Raises
    ------
    Faults
        Everything that is wrong, by page.
    """
    faults: list[Fault] = []
    pages: dict[str, HtmlElement] = {}
    literals = all_literals(content)
    notebooks = [notebook["page"] for notebook in content["notebooks"]]
    for name in [*(page["address"] for page in content["pages"]), *notebooks, *content["embeds"]]:
        path = stage / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not text.strip():
            remedy = "Check render in _quarto.yml."
            faults.append(Fault("the engine made no such page", file=name, remedy=remedy))
            continue
        pages[name] = lxml.html.document_fromstring(text.encode())
        faults += document(text, pages[name], name)
    ids = {name: ids_of(tree) for name, tree in pages.items()}
    for name, tree in pages.items():
        faults += page(project, stage, name, tree, ids, literals)
    for name in filter(None, (page["pdf"] for page in content["pages"])):
        faults += pdf(stage / name, name, literals)
    if faults:
        raise Faults(faults)


def all_literals(content: Mapping[str, Any]) -> list[str]:
    """Return the shortcodes that pages print as they are."""
    return [*(literal for page in content["pages"] for literal in page["literals"]), *content["marked"]]


def ids_of(tree: HtmlElement) -> list[str]:
    """Return the ids of a page, to which links can lead."""
    return tree.xpath("//@id[. != '']")


def page(
    project: Project,
    stage: Path,
    name: str,
    tree: HtmlElement,
    ids: Mapping[str, Sequence[str]],
    literals: Iterable[str],
) -> Iterator[Fault]:
    """Yield what is wrong with a page in `stage`; `ids` are those of every page."""
    for fault in words(tree, name, literals):
        yield from _in_source(project, name, fault)
    yield from active_content(tree, name)
    yield from loads(tree, name, stage)
    yield from links(tree, name, stage, ids)
    yield from figures(tree, name)
    if str(project.root) in lxml.html.tostring(tree, encoding="unicode"):
        yield Fault("a path of this machine is in the page", file=name)


def document(text: str, tree: HtmlElement, name: str) -> Iterator[Fault]:
    """Yield what is wrong with a page's frame: document type, encoding, language, title, description.

    `tree` is the page as it is read from `text`.
    """
    if not text.startswith("<!DOCTYPE html>"):
        yield Fault("the page has no document type, so browsers would guess", file=name, value=text[:40])
    head = text[:1024].lower()
    if '<meta charset="utf-8"' not in head:
        yield Fault("the page does not say that it is UTF-8 in its first 1,024 bytes", file=name)
    if not tree.get("lang"):
        yield Fault("the page names no language", file=name)
    if not (tree.findtext(".//head/title") or "").strip():
        yield Fault("the page has no title", file=name)
    if any((meta.get("http-equiv") or "").lower() == "refresh" for meta in tree.iter("meta")):
        yield Fault(
            "sends its reader elsewhere", file=name, remedy="Render the whole report, both formats at once."
        )
    for meta in ("viewport", "description"):
        if not any(element.get("content") for element in tree.iterfind(f".//head/meta[@name='{meta}']")):
            yield Fault(f"the page has no {meta}", file=name)
    if (headings := len(list(tree.iter("h1")))) != 1:
        yield Fault("the page must have one main heading", file=name, value=headings)


def prose(tree: HtmlElement) -> str:
    """Return the words of a page that are not code."""
    return "".join(tree.xpath(f"//text()[not({CODE})]"))


def words(tree: HtmlElement, name: str, literals: Iterable[str] = ()) -> Iterator[Fault]:
    """Yield text that shows something was left undone, but for what is printed so on purpose."""
    yield from leftovers(prose(tree), name, literals)
    code = " ".join(element.text_content() for element in tree.iter("pre"))
    if "alt.Chart(...)" in code:
        yield Fault(LEFTOVERS["alt.Chart("], file=name, value="alt.Chart(...)")


def leftovers(text: str, name: str, literals: Iterable[str] = ()) -> Iterator[Fault]:
    """Yield every kind of leftover that `text` holds, with the words around it."""
    text = " ".join(text.split())
    for literal in literals:
        text = text.replace(literal, "")
    places = [(text.find(mark), mark, what) for mark, what in LEFTOVERS.items() if mark in text]
    places += [(match.start(), match[0], LEFTOVERS["?@"]) for match in REFERENCE.finditer(text)]
    for place, mark, what in places:
        yield Fault(what, file=name, value=text[max(0, place - 30) : place + len(mark) + 30])


def _in_source(project: Project, name: str, fault: Fault) -> Iterator[Fault]:
    """Yield a leftover of a page of prose at the lines of its source that hold it, if any do."""
    marks = [mark for mark, what in LEFTOVERS.items() if what == fault.what and mark in str(fault.value)]
    source = next((page for page in read_pages(project) if page.address == name), None)
    lines = source.text.split("\n") if source else []
    rows = [row for row, line in enumerate(lines, start=1) if marks and marks[0] in line]
    if not rows:
        yield fault
    for row in rows:
        remedy = "Take it out, or write what it stands for; numbers come as {{< var name >}}."
        file, row = source.place(row) if source else (name, row)
        yield Fault(fault.what, file=file, row=row, value=marks[0], remedy=remedy)


def loads(tree: HtmlElement, name: str, stage: Path) -> Iterator[Fault]:
    """Yield everything that opening the page would fetch from elsewhere, or that is not there."""
    for address in dict.fromkeys(_loaded(tree)):
        parts = urlsplit(address)
        if parts.scheme == "data" or not (parts.scheme or parts.netloc or parts.path):
            continue
        if parts.scheme or parts.netloc:
            yield Fault("the page would load this from elsewhere", file=name, value=address)
        elif not (stage / name).parent.joinpath(unquote(parts.path)).is_file():
            yield Fault("the page loads a file that is not in the report", file=name, value=address)


def _loaded(tree: HtmlElement) -> Iterator[str]:
    """Yield the address of everything that opening the page loads."""
    for element in tree.iter(*LOADS):
        if element.tag == "link" and set((element.get("rel") or "").split()) <= LOADS_NOTHING:
            continue
        values = [(attribute, element.get(attribute)) for attribute in LOADS[str(element.tag)]]
        for attribute, value in values:
            if value and attribute == "srcset":
                yield from (part.split()[0] for part in value.split(",") if part.strip())
            elif value:
                yield value
    for style in tree.iter("style"):
        yield from css_addresses(style.text or "")
    for element in tree.iter(etree.Element):
        yield from css_addresses(element.get("style") or "")


def links(tree: HtmlElement, name: str, stage: Path, ids: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    """Yield links within the report whose page or place does not exist, and ids that stand twice.

    `ids` are those of every page.
    """
    for element in tree.iter("a", "area"):
        address = element.get("href")
        what = address and _wrong_with_link(address, name, stage, ids)
        if what:
            yield Fault(what, file=name, value=address)
    for repeated in (Counter(ids[name]) - Counter(set(ids[name]))).elements():
        yield Fault("two parts of the page have the same id", file=name, value=repeated)


def _wrong_with_link(address: str, name: str, stage: Path, ids: Mapping[str, Sequence[str]]) -> str | None:
    """Return what is wrong with an address on the page `name`; `ids` are those of every page."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        followed = parts.scheme in ("http", "https", "mailto")
        return None if followed else "a link has a scheme that no reader can follow"
    target = name
    if parts.path:
        root = stage.resolve()
        path = (stage / name).parent.joinpath(unquote(parts.path)).resolve()
        if root not in path.parents or not path.is_file():
            # The PDF is checked by name: it is set after the pages are written.
            return "a link leads to a file that is not in the report"
        target = path.relative_to(root).as_posix()
    if parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
        return "a link leads to a place that is not there"
    return None


def figures(tree: HtmlElement, name: str) -> Iterator[Fault]:
    """Yield figures without a drawing that names and describes itself, without caption or data."""
    for figure in tree.iter("figure"):
        kinds = (figure.get("class") or "").split()
        if "picture" in kinds:
            continue
        if "exhibit" not in kinds:
            yield Fault("a figure is not one of the report's own", file=name, value=figure.get("id"))
        elif "exhibit-fig" in kinds:
            yield from _figure(figure, name)
    for image in tree.iter("img"):
        if not image.get("alt"):
            yield Fault("a picture has no alternative text", file=name, value=image.get("src"))


def _figure(figure: HtmlElement, name: str) -> Iterator[Fault]:
    label = figure.get("id")
    # The table stands here or on the chart's own page.
    for parts, what in (
        (".//svg", "drawing"),
        (".//figcaption", "caption"),
        (".//table | .//a[@class='data']", "data table"),
    ):
        if not figure.xpath(parts):
            yield Fault(f"a figure has no {what}", file=name, value=label)
    for svg in figure.iter("svg"):
        texts = [(svg.findtext(f"./{part}") or "").strip() for part in ("title", "desc")]
        if svg.get("role") != "img" or not all(texts) or not svg.get("aria-labelledby"):
            yield Fault("a drawing does not name and describe itself", file=name, value=label)


def pdf(path: Path, name: str, literals: Iterable[str] = ()) -> Iterator[Fault]:
    """Yield what is wrong with the PDF."""
    content = path.read_bytes() if path.is_file() else b""
    if not content.startswith(b"%PDF-"):
        yield Fault("there is no PDF", file=name)
        return
    try:
        with PdfDocument(content) as document:
            texts = [page.get_textpage().get_text_bounded() for page in document]
    except PdfiumError as error:
        yield Fault("the PDF cannot be read", file=name, value=str(error))
        return
    # PDFium puts a control character in place of a hyphen at which a line was broken.
    yield from leftovers("\n".join(texts).replace("\x02", "-\n"), name, literals)
