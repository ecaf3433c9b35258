"""The day of publication in the metadata of a saved page."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DAY = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?!\d)")
_AROUND = {"aside", "footer", "nav"}
#: A longer paragraph is the story; dates after it are of something else.
_STORY = 120


def published(tree: HtmlElement) -> date | None:
    """Return the day of publication according to the page, or None.

    A ``<time>`` between the headline and the story, which readers see, comes first; then the metadata for
    search engines. The day is taken as written, whatever its time zone.

    Parameters
    ----------
    tree : lxml.html.HtmlElement
        The page.
    """
    for text in (*_beside_headline(tree), *_in_meta(tree), *_in_linked_data(tree)):
        with suppress(ValueError):
            if day := _DAY.match(text):
                return date.fromisoformat(day[1])
    return None


def _beside_headline(tree: HtmlElement) -> Iterator[str]:
    below = False
    for element in tree.iter("h1", "p", "time"):
        if element.tag == "h1":
            below = True
        elif not below:
            continue
        elif element.tag == "p":
            if len(" ".join(element.text_content().split())) > _STORY:
                return
        elif not any(parent.tag in _AROUND for parent in element.iterancestors()):
            yield element.get("datetime", "")


def _in_meta(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter("meta"):
        names = (element.get("property"), element.get("name"), element.get("itemprop"))
        if "article:published_time" in names or "datePublished" in names:
            yield element.get("content", "")


def _in_linked_data(tree: HtmlElement) -> Iterator[str]:
    """Yield the days of publication of the articles that a page describes in JSON-LD."""
    for element in tree.iter("script"):
        if element.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            described = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        for node in _objects(described):
            day = node.get("datePublished")
            if isinstance(day, str) and _is_article(node.get("@type")):
                yield day


def _objects(described: object) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON document, the outer ones first."""
    queue = deque([described])
    while queue:
        node = queue.popleft()
        if isinstance(node, list):
            queue.extend(node)
        elif isinstance(node, dict):
            yield node
            queue.extend(node.values())


def _is_article(kinds: object) -> bool:
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.endswith(("Article", "Posting")) for kind in kinds)
