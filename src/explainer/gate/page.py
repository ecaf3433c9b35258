"""The page as the gate reads it: prose apart from what a table wrote, and figures apart from both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html

#: Written by a table, a reference list or the build, and not by hand.
WRITTEN = {
    "value", "citation", "day", "number", "stamp", "references", "status", "opens", "badge", "derivations",
    "corrected",
}  # fmt: skip
PASSED = {"nav", "script", "style", "code", "pre", "svg", "template"}
BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "caption", "figcaption",
    "blockquote", "summary", "div", "section", "aside", "header", "footer", "main", "article", "figure",
}  # fmt: skip
GAP = "\ufffc"
DESCRIPTION = "description"
#: Class of the block that holds the log of corrections.
LOG = "corrections"


@dataclass(frozen=True)
class Passage:
    """A stretch of text that stands together.

    Parameters
    ----------
    text : str
        The words; what a table wrote is replaced by a mark.
    place : str
        Where it stands, for people.
    facts : tuple of (str, str)
        The facts that words in it claim to say, with those words.
    log : bool
        Whether it is in the log of corrections, which says what the table of corrections says.
    """

    text: str
    place: str
    facts: tuple[tuple[str, str], ...] = ()
    log: bool = False


def prose(tree: lxml.html.HtmlElement) -> Iterator[Passage]:
    """Yield the passages of the page that somebody wrote, title and description included."""
    for meta in tree.iterfind(".//head/meta[@name='description']"):
        yield Passage(meta.get("content", ""), DESCRIPTION)
    section = "the beginning"
    for block in tree.body.iter(*BLOCKS):
        if _passed(block) or any(_passed(above) for above in block.iterancestors()):
            continue
        if block.tag in ("h1", "h2", "h3"):
            section = " ".join(block.text_content().split())
        facts: list[tuple[str, str]] = []
        text = " ".join(_words(block, facts).split())
        if text.strip(GAP + " ") or facts:
            log = any(LOG in _classes(one) for one in (block, *block.iterancestors()))
            yield Passage(text, section, tuple(facts), log)


def figures(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, Passage]]:
    """Yield label and passage for whatever a figure or table says outside its cells.

    Takeaway, caption, note, alternative text, and the words in the drawing but for the ticks of its axes.
    """
    for figure in tree.iter("figure"):
        label = figure.get("id", "")
        for block in figure.iter("p", "caption"):
            text = " ".join(_words(block, [], links="source" not in _classes(block)).split())
            yield label, Passage(text, block.get("class") or block.tag)
        for drawing in figure.iter("svg"):
            for text in drawing.iter("title", "desc", "text"):
                if not any("axis" in _classes(above) for above in text.iterancestors()):
                    yield (
                        label,
                        Passage(text.text_content(), "alternative text" if text.tag == "desc" else "drawing"),
                    )


def _classes(element: lxml.html.HtmlElement) -> set[str]:
    return set((element.get("class") or "").split())


def _passed(element: lxml.html.HtmlElement) -> bool:
    """Return whether the gate leaves an element to others: figures, lists of sources, navigation, code."""
    return element.tag in PASSED or element.tag == "figure" or bool(_classes(element) & WRITTEN)


def _reference(element: lxml.html.HtmlElement) -> bool:
    """Return whether an element names a figure, a table, a section or a note by its number."""
    href = element.get("href") or ""
    return element.tag == "a" and href.startswith("#")


def _words(element: lxml.html.HtmlElement, facts: list[tuple[str, str]], *, links: bool = True) -> str:
    """Return the words of a block itself, without those of blocks within it."""
    words = element.text or ""
    for child in element:
        if not isinstance(child.tag, str):
            pass
        elif child.tag in BLOCKS:
            words += " "
        elif _passed(child) or _reference(child) or (child.tag == "a" and not links):
            words += GAP
        elif (fact := child.get("data-fact")) is not None:
            facts.append((fact, _words(child, facts)))
            words += GAP
        else:
            words += _words(child, facts, links=links)
        words += child.tail or ""
    return words
