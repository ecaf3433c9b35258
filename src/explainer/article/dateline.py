"""The day a saved page says, to programs, that its article was published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DAY = re.compile(r"\s*(\d{4}-\d\d-\d\d)(?!\d)")
_AROUND = {"aside", "footer", "nav"}
#: A paragraph of so many characters is the story: what comes behind it dates something else.
_STORY = 120


def published(tree: HtmlElement) -> date | None:
    """Return the day on which a page says its article was published, or none.

    First what stands between the headline and the story, which a reader is shown; then what the page tells
    search engines. The day is the one written, in whichever time zone that is.

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
    """Yield when the articles were published that a page describes as linked data."""
    for element in tree.iter("script"):
        if element.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            described = json.loads(element.text or "")
        except (ValueError, RecursionError):
            continue
        for thing in _objects(described):
            day = thing.get("datePublished")
            if isinstance(day, str) and _is_article(thing.get("@type")):
                yield day


def _objects(described: object) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON document, the outer ones first."""
    waiting = [described]
    while waiting:
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting += thing
        elif isinstance(thing, dict):
            yield thing
            waiting += thing.values()


def _is_article(kinds: object) -> bool:
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and kind.endswith(("Article", "Posting")) for kind in kinds)
