"""What each page shows and refers to, read from its words before any engine starts."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from lxml.html import HtmlElement

from explainer.report.pages import ReportPage
from explainer.report.site import LISTS, Outline, Section
from explainer.verify.markdown import GAP, HEADINGS, SHOWN, marks

LABELS = ("fig-", "tbl-")


def outline(page: ReportPage, tree: HtmlElement, variables: Mapping[str, str]) -> Outline:
    """Return the outline of a page.

    Parameters
    ----------
    page : ReportPage
        The page.
    tree : HtmlElement
        Its words, as `explainer.verify.markdown.read_all` returns them.
    variables : mapping
        Values by dotted name, for headings.
    """
    every = list(marks(tree))
    exhibits = [mark.key for mark in every if mark.kind in SHOWN]
    references = [mark.key for mark in every if mark.kind == "reference"]
    return Outline(
        page,
        tuple(dict.fromkeys(exhibits)),
        tuple(_sections(tree, variables)),
        frozenset(key for key in references if not key.startswith((*LABELS, "sec-"))),
        frozenset(name for name in LISTS if _holds(tree, name)),
    )


def _sections(tree: HtmlElement, variables: Mapping[str, str]) -> list[Section]:
    """Return the sections of the page; those of its PDF alone have no address."""
    sections: list[Section] = []
    below: list[str] = []
    for element in filter(is_in_html, tree.iterdescendants("div", "section", "figure", *HEADINGS)):
        name = element.get("id", "")
        if element.tag in HEADINGS:
            below = []
            sections.append(Section(element.get("data-id", ""), _title(element, variables), ()))
        elif name.startswith(LABELS) and name not in below and sections:
            below.append(name)
            sections[-1] = Section(sections[-1].id, sections[-1].title, tuple(below))
    return sections


def _title(heading: HtmlElement, variables: Mapping[str, str]) -> str:
    """Return the words of a heading as the finished page has them."""
    heading = copy.deepcopy(heading)
    for span in heading.find_class("quarto-shortcode__"):
        words = [part.get("data-value", "") for part in span.findall("span")]
        span.text = variables.get(words[-1], "") if words[:1] == ["var"] else ""
    return " ".join(heading.text_content().replace(GAP, "").split())


def _holds(tree: HtmlElement, name: str) -> bool:
    """Return whether a page holds the block ``{#refs}``, or one of a class, in HTML."""
    blocks = [block for block in tree.iter("div", "section") if name in (block.get("id"), *block.classes)]
    # The latest correction stands apart from the log.
    return any(is_in_html(block) and "latest" not in block.classes for block in blocks)


def is_in_html(element: HtmlElement) -> bool:
    """Return whether an element stands in the page, and not in its PDF alone."""
    for block in (element, *element.iterancestors()):
        when, unless = (block.get(f"data-{word}-format") for word in ("when", "unless"))
        fits = when in (None, "html") and unless != "html"
        if ("content-visible" in block.classes and not fits) or ("content-hidden" in block.classes and fits):
            return False
    return True
