"""What a saved page says of itself: headline, authors, outlet, address and day of publication.

`trafilatura` reads all of it, from JSON-LD, meta elements and the page's own markup.
"""

from __future__ import annotations

import re
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from explainer.english.typeset import bare

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: A shorter heading may be the name of the site or of a section.
_HEADLINE_WORDS = 4
#: At most so many headings are compared with the title.
_MOST_HEADINGS = 100


@dataclass(frozen=True)
class Metadata:
    """What a page says of itself; blank where it says nothing.

    Parameters
    ----------
    headline, author, outlet, url : str
        As in the table of the article.
    published : date or None
        The day of publication, as the page writes it, whatever its time zone.
    """

    headline: str = ""
    author: str = ""
    outlet: str = ""
    url: str = ""
    published: date | None = None


#: What plain text says of itself.
NO_METADATA = Metadata()


def read_metadata(tree: HtmlElement) -> Metadata:
    """Return what a page says of itself.

    Parameters
    ----------
    tree : lxml.html.HtmlElement
        The page.
    """
    import trafilatura

    page = deepcopy(tree)
    for element in page.xpath("//aside | //footer | //nav"):  # they list the dates of other stories
        if element.getparent() is not None:
            element.drop_tree()
    dates = {"original_date": True, "extensive_search": False}
    try:
        read = trafilatura.extract_metadata(page, date_config=dates)
    except (RecursionError, TypeError, ValueError):  # of pages that describe themselves in a broken way
        return Metadata(_headline(tree, "", ""))
    outlet = _line(read.sitename)
    published = None
    with suppress(ValueError):
        published = date.fromisoformat((read.date or "")[:10])
    return Metadata(
        headline=_headline(tree, _line(read.title), outlet),
        author=_line(read.author).replace("; ", ", "),
        outlet=outlet,
        url=_line(read.url),
        published=published,
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _headline(tree: HtmlElement, title: str, outlet: str) -> str:
    """Return the heading that the title repeats, else the only main heading, else the title alone.

    A title often has the name of the site behind it, which no heading has. A short heading may be that name:
    it counts only if it is most of what the browser shows as the title.
    """
    shown, whole = bare(_line(tree.findtext(".//title"))), bare(title)

    def is_headline(text: str) -> bool:
        short = bare(text)
        return len(text.split()) >= _HEADLINE_WORDS or (short in shown and 2 * len(short) >= len(shown) > 0)

    elements = islice(tree.iter("h1", "h2"), _MOST_HEADINGS)
    headings = [(element.tag, _line(element.text_content())) for element in elements]
    repeated = [text for _, text in headings if bare(text) in whole and 2 * len(bare(text)) >= len(whole) > 0]
    if headlines := [text for text in repeated if is_headline(text)]:
        return max(headlines, key=len)
    main = [text for tag, text in headings if tag == "h1"]
    if len(main) == 1 and len(main[0].split()) >= _HEADLINE_WORDS:
        return main[0]
    alone = re.sub(rf"\s+[|–—:-]\s+{re.escape(outlet)}$", "", title, flags=re.IGNORECASE) if outlet else title
    return alone if is_headline(alone) else ""
