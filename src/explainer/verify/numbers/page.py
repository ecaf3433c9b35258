"""The page as the gate reads it: prose apart from what a table wrote, and figures apart from both.

Which words a table or the build wrote is told by classes. The filters drop these classes from whatever the
author marked (`theme/filters/reserved.lua`), so that on the page they are the filters' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from explainer.verify.numbers import tokens

#: Written by a table, a reference list or the build, and not by hand.
WRITTEN = {
    "value", "day", "number", "stamp", "references", "status", "opens", "badge", "derivations",
    "corrected",
}  # fmt: skip
#: A link whose words the filters wrote: Figure 3, the title of a section.
REFERENCE = "ref"
#: A citation: its link names a source in the words of the list; what else is in its brackets is the author's.
CITATION = "citation"
#: The number of a note of the author's.
OWN_NOTE = "footnote-ref"
PASSED = {"nav", "script", "style", "svg", "template"}
BLOCKS = {
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "caption", "figcaption", "pre",
    "blockquote", "summary", "div", "section", "aside", "header", "footer", "main", "article", "figure",
}  # fmt: skip
SECTIONS = ("h1", "h2", "h3")
#: Words that a reader may meet although they stand in no text.
SPOKEN = ("title", "aria-label", "aria-description", "alt", "placeholder")
#: How the caption of a table begins, in the filters' words.
NUMBERED = re.compile(r"^(?:Data of )?(?:Figure|Table)\s\d+\. ")
GAP = "\ufffc"
DESCRIPTION = "description"
#: Class of the block that holds the log of corrections.
LOG = "corrections"
HEADING = "column heading"
DRAWING = "drawing"
#: Not on paper: what opens, what only the phone or a screen reader gets; citations are notes there.
SCREEN_ONLY = {"opens", "status", CITATION, OWN_NOTE, "footnote-back", "chart-narrow", "skip", "units"}


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
    """Yield the passages of the page that somebody wrote, description and spoken names included."""
    for meta in tree.iterfind(".//head/meta[@name='description']"):
        yield Passage(meta.get("content", ""), DESCRIPTION)
    section = "the beginning"
    for element in tree.body.iter(etree.Element):
        if element.tag in SECTIONS:
            section = _plain(element.text_content())
        spoken = [element.get(name) for name in SPOKEN if element.get(name)]
        if not (spoken or element.tag in BLOCKS) or any(map(_passed, (element, *element.iterancestors()))):
            continue
        if element.tag in BLOCKS:
            facts: list[tuple[str, str]] = []
            text = _plain(_words(element, facts))
            if text.strip(GAP + " ") or facts:
                log = any(LOG in _classes(one) for one in (element, *element.iterancestors()))
                yield Passage(text, section, tuple(facts), log)
        # What a fact's link is called says which fact it is, as the sheet has it.
        if element.get("data-fact") is None:
            for words in spoken:
                yield Passage(_plain(words), section)


def figures(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, Passage]]:
    """Yield label and passage for whatever a figure or table says outside its cells.

    Takeaway, caption, note, alternative text, the headings of columns, and the words in the drawing but for
    the ticks of its axes.
    """
    for figure in tree.iter("figure"):
        label = figure.get("id", "")
        for block in figure.iter("p", "caption"):
            text = _plain(_words(block, [], links="source" not in _classes(block)))
            yield label, Passage(NUMBERED.sub("", text), block.get("class") or block.tag)
        for heading in figure.iterfind(".//th[@scope='col']"):
            yield label, Passage(_plain(heading.text_content()), HEADING)
        for drawing in figure.iter("svg"):
            for text in drawing.iter("title", "desc", "text"):
                words = text.text_content()
                if not (_tick(words) and any("axis" in _classes(above) for above in text.iterancestors())):
                    yield label, Passage(words, "alternative text" if text.tag == "desc" else DRAWING)


def printed(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield the passages that paper has too, figures and lists of sources included.

    With each goes whether paper may print it more than once: the head of a table that goes over pages, a
    section's title at the head of its pages, a source that is also a note.
    """
    for element in tree.body.iter(etree.Element):
        if any(_screen_only(above) for above in (element, *element.iterancestors())):
            continue
        for citation in element.iterfind("span[@class='cited']/span"):
            # Its words are a note on paper, but for those beside the source.
            yield _plain(_words(citation, [])), False
        if element.tag == "tr" and element.find("th[@scope='col']") is not None:
            yield " ".join(cell.text_content() for cell in element), True
        elif element.tag == "text":
            yield element.text_content(), False
        elif element.tag in BLOCKS:
            again = element.tag in SECTIONS or (element.get("id") or "").startswith("ref-")
            yield _plain(_words(element, [], whole=True)), again


def notes(tree: lxml.html.HtmlElement) -> list[tuple[int, str]]:
    """Return number and words of each note on paper, as often as it is pointed at there.

    Paper numbers the author's own notes together with those that name sources.
    """
    entries = {
        entry.get("id"): _plain(entry.text_content()) for entry in tree.iterfind(".//*[@id='refs']/li")
    }
    own = {entry.get("id"): entry for entry in tree.iterfind(".//section[@id='footnotes']//li")}
    numbers: dict[str, int] = {}
    found = []

    def point_at(link: lxml.html.HtmlElement) -> None:
        note = (link.get("href") or "")[1:]
        if OWN_NOTE in _classes(link) and note in own:
            found.append((numbers.setdefault(note, len(numbers) + 1), _plain(own[note].text_content())))
            for within in own[note].iter("a"):
                point_at(within)
        elif note in entries and any(CITATION in _classes(above) for above in link.iterancestors()):
            found.append((numbers.setdefault(note, len(numbers) + 1), entries[note]))

    for link in tree.iter("a"):
        if not any(above.get("id") == "footnotes" for above in link.iterancestors()):
            point_at(link)
    return found


def addresses(tree: lxml.html.HtmlElement) -> list[str]:
    """Return the addresses that the page prints."""
    return [found for link in tree.iter("a") for found in tokens.ADDRESS.findall(link.text or "")]


def _classes(element: lxml.html.HtmlElement) -> set[str]:
    return set((element.get("class") or "").split())


def _plain(text: str) -> str:
    return " ".join(text.split())


def _passed(element: lxml.html.HtmlElement) -> bool:
    """Return whether the gate leaves an element to others: figures, lists of sources, navigation."""
    return element.tag in PASSED or element.tag == "figure" or bool(_classes(element) & WRITTEN)


def _screen_only(element: lxml.html.HtmlElement) -> bool:
    classes = _classes(element)
    # A heading that its rows share is hidden on screen from the second row on, and printed in each.
    shared = element.tag == "span" and "again" in _classes(element.getparent())
    return element.tag in PASSED - {"svg"} or (bool(classes & SCREEN_ONLY) and not shared)


def _tick(words: str) -> bool:
    """Return whether the words on an axis are a place on its scale: nothing but numbers, dates and units."""
    rest = list(words)
    for token in tokens.find(words):
        rest[token.start : token.end] = " " * len(token.text)
    return not re.search(r"[^\W\d_]{2}", "".join(rest))


def _reference(element: lxml.html.HtmlElement) -> bool:
    """Return whether an element names a figure, a table, a section or a source in the filters' words."""
    href = element.get("href") or ""
    cites = href.startswith("#ref-") and any(CITATION in _classes(above) for above in element.iterancestors())
    written = _classes(element) & {REFERENCE, OWN_NOTE}
    return element.tag == "a" and (cites or (bool(written) and href.startswith("#")))


def _words(
    element: lxml.html.HtmlElement, facts: list[tuple[str, str]], *, links: bool = True, whole: bool = False
) -> str:
    """Return the words of a block itself, without those of blocks within it.

    What a table wrote is left out, or kept if the words are wanted `whole`; then only what paper has is kept.
    """
    words = element.text or ""
    for child in element:
        if not isinstance(child.tag, str):
            pass
        elif child.tag in BLOCKS:
            words += " "
        elif whole:
            words += " " if _screen_only(child) or child.tag == "svg" else _words(child, facts, whole=True)
        elif _passed(child) or _reference(child) or (child.tag == "a" and not links):
            words += GAP
        elif (fact := child.get("data-fact")) is not None:
            facts.append((fact, _words(child, facts)))
            words += GAP
        else:
            words += _words(child, facts, links=links)
        words += child.tail or ""
    return words
