"""What a reader finds in a page of a report, to hold it against another or against paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
from lxml.html import HtmlElement


def words(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def squeezed(text: str) -> str:
    """Return `text` without white space and hyphenation, as a PDF breaks lines where it likes."""
    return re.sub(r"[\s\u00ad]+", "", text)


def shown(element: HtmlElement) -> str:
    """Return the words that an element shows.

    Style, drawings, what only a screen reader is told, and what opens on demand are left out.
    """
    if not isinstance(element.tag, str) or element.tag in {"style", "script", "svg"}:
        return ""
    if element.get("class") == "status" or element.get("popover") is not None:
        return ""
    parts = [element.text or ""]
    if element.tag == "a" and not parts[0] and not len(element) and element.get("class") != "here":
        # A mark's words are its name, which the style sheet shows.
        parts = [" ", element.get("aria-label", "")]
    for child in element:
        parts += [shown(child), child.tail or ""]
    return "".join(parts)


class Page:
    """One HTML page of a report.

    Parameters
    ----------
    path : Path
        The page, in the report's folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.text = path.read_text(encoding="utf-8")
        self.tree: HtmlElement = lxml.html.document_fromstring(self.text.encode())
        self.main: HtmlElement = self.tree.xpath("//main")[0]

    @property
    def headings(self) -> list[tuple[str, str, str]]:
        """Level, id and words of each heading of the text."""
        return [
            (str(one.tag), one.get("id") or "", words(one.text_content()))
            for one in self.main.iter("h1", "h2", "h3", "h4")
        ]

    @property
    def visible(self) -> str:
        """Every word that the page shows."""
        return words(shown(self.tree.xpath("//body")[0]))

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Label, number, caption, takeaway, alternative texts and table of each figure and table."""
        return [
            {
                "label": figure.get("id"),
                "number": words(figure.findtext(".//a[@class='number']") or ""),
                "caption": words("".join(figure.xpath(".//p[@class='caption']//text()"))),
                "takeaway": words(figure.findtext("./*[@class='takeaway']") or ""),
                "alts": [svg.findtext("./desc") for svg in figure.iter("svg")],
                "drawings": [lxml.html.tostring(svg, with_tail=False) for svg in figure.iter("svg")],
                "rows": [
                    [words(cell.text_content()) for cell in row] for row in self._table(figure).iter("tr")
                ],
                "scopes": [cell.get("scope") for cell in self._table(figure).iter("th")],
            }
            for figure in self.tree.iter("figure")
        ]

    def _table(self, figure: HtmlElement) -> HtmlElement:
        """Return what has a figure's table: the figure, or the chart's own page."""
        for link in figure.xpath(".//a[@class='data']/@href"):
            own = self._path.parent / link.partition("#")[0]
            return lxml.html.document_fromstring(own.read_bytes())
        return figure

    @property
    def links(self) -> list[tuple[str, str]]:
        """Words and address of each link."""
        return [
            (words(link.text_content()), link.get("href", ""))
            for link in self.tree.iter("a")
            if link.get("href")
        ]

    @property
    def ids(self) -> set[str]:
        """Every id, but for those of code lines."""
        return {str(one) for one in self.tree.xpath("//@id") if not re.match(r"cb\d", one)}

    @property
    def head(self) -> list[tuple[str, dict[str, str], str]]:
        """Name, attributes and words of each element of the head."""
        return [
            (one.tag, dict(one.attrib), words(one.text or ""))
            for one in self.tree.xpath("//head")[0].iter()
            if isinstance(one.tag, str)
        ]

    @property
    def language(self) -> str | None:
        """What language the page says it is in."""
        return self.tree.get("lang")


#: What is the same of a page, whichever engine made it. Bytes are not: each sets its own white space.
SAME_BY_EITHER_ENGINE: dict[str, Callable[[Page], object]] = {
    "words": lambda page: page.visible,
    "headings": lambda page: page.headings,
    "ids": lambda page: page.ids,
    "figures and tables": lambda page: page.figures,
    "links": lambda page: page.links,
    "head": lambda page: page.head,
    "language": lambda page: page.language,
}
