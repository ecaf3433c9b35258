"""A difference as one self-contained page."""

from __future__ import annotations

import re
from base64 import b64encode

from jinja2 import PackageLoader

from explainer.diff.model import Difference, TextChange
from explainer.diff.report_text import NOTHING, printable
from explainer.diff.words import Mark, marks
from explainer.report.templates import environment

FONT = re.compile(r'font-family="([^",]+)"')


def as_html(difference: Difference) -> str:
    """Return a difference as a page: sentences with their words marked, charts side by side."""
    pages = environment(PackageLoader("explainer.diff", "."))
    pages.filters.update(printable=printable, slug=_slug, marks=_marks, data_url=_data_url)
    return pages.get_template("page.html").render(
        was=difference.was, now=difference.now, sections=difference.sections, nothing=NOTHING
    )


def _slug(title: str) -> str:
    return title.lower().replace(" ", "-")


def _data_url(svg: str) -> str:
    """Return a drawing as an image's address: so it runs no script, and its ids meet no others."""
    # The font is not embedded, so a fallback of similar width is named.
    svg = FONT.sub(r'font-family="\1, Arial, sans-serif"', svg)
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _marks(part: TextChange) -> list[Mark]:
    if part.was is None:
        return [("added", printable(part.now or ""))]
    if part.now is None:
        return [("removed", printable(part.was))]
    return marks(printable(part.was), printable(part.now))
