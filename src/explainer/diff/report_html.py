"""A difference as one self-contained page."""

from __future__ import annotations

import re
from base64 import b64encode

from jinja2 import Environment, PackageLoader, StrictUndefined

from explainer.diff.model import Difference, TextChange
from explainer.diff.report_text import NOTHING, printable
from explainer.diff.words import Mark, marks

FONT = re.compile(r'font-family="([^",]+)"')


def as_html(difference: Difference) -> str:
    """Return a difference as a page: sentences with their words marked, charts side by side."""
    environment = Environment(
        loader=PackageLoader("explainer.diff", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(printable=printable, slug=_slug, marks=_marks, data_url=_data_url)
    return environment.get_template("page.html").render(
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
