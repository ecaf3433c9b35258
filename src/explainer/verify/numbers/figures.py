"""What a figure or table says outside its cells: headline, caption, note, description, headings, drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from explainer.authoring import svg
from explainer.system.project import Project
from explainer.verify.markdown import Passage
from explainer.verify.numbers import tokens

HEADING = "column heading"
DRAWING = "drawing"
DESCRIPTION = "alternative text"
#: A drawing's text elements.
TEXTS = [f"{{{svg.SVG}}}{name}" for name in ("title", "desc", "text")]
#: The drawings of a page, as ``figures.json`` names them.
DRAWINGS = ("page", "narrow")


def passages(project: Project, item: Mapping[str, Any]) -> Iterator[Passage]:
    """Yield the words of one figure or table.

    Parameters
    ----------
    project : Project
        With its figures collected.
    item : mapping
        The figure or table as ``figures.json`` has it.
    """
    for key, place in (("takeaway", "takeaway"), ("caption", "caption"), ("note", "source")):
        if item.get(key):
            yield Passage(" ".join(item[key].split()), place)
    for column in item["columns"]:
        yield Passage(" ".join(str(column.get("title") or column["name"]).split()), HEADING)
    if item.get("alt"):
        yield Passage(item["alt"], DESCRIPTION)
    for kind in DRAWINGS:
        if kind in item["files"]:
            yield from _drawn((project.root / item["files"][kind]).read_text(encoding="utf-8"))


def _drawn(drawing: str) -> Iterator[Passage]:
    """Yield the words in a drawing but for the ticks of its axes."""
    for element in svg.parse(drawing).iter(*TEXTS):
        words = "".join(map(str, element.itertext()))
        if not (_is_tick(words) and any(map(_is_axis, element.iterancestors()))):
            yield Passage(words, DESCRIPTION if element.tag == TEXTS[1] else DRAWING)


def _is_axis(element: etree._Element) -> bool:
    return "axis" in (element.get("class") or "").split()


def _is_tick(words: str) -> bool:
    """Return whether the words on an axis are a place on its scale: nothing but numbers, dates and units."""
    rest = list(words)
    for token in tokens.find(words):
        rest[token.start : token.end] = " " * len(token.text)
    return not re.search(r"[^\W\d_]{2}", "".join(rest))
