"""The picture that stands beside a shared link: a headline and its chart, 1200 by 630."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from explainer.authoring import svg
from explainer.authoring.colors import palette
from explainer.report import brand
from explainer.report.files import measure, poster
from explainer.system.cache import Cache
from explainer.system.errors import Fault
from explainer.system.project import Project

FILE = "card.png"
WIDTH, HEIGHT = 1200, 630
MARGIN = 60
BAR = 12
SIZES = (52, 46, 40, 36)
LINES = 3
NAME = poster.Style("LibreFranklin-SemiBold", 24, 30, "muted")


def choose(
    project: Project,
    head: Mapping[str, Any],
    embedded: Sequence[str],
    entries: Mapping[str, Mapping[str, Any]],
) -> str | None:
    """Return the label of the chart for the card: the one that the page names (``card:``), else its flattest.

    A flat chart fills a card, where others are too small to read.

    Raises
    ------
    Fault
        If the page names a chart that it does not show.
    """
    charts = [label for label in embedded if label in entries and entries[label]["kind"] == "fig"]
    named = head.get("card")
    if named is None:
        sizes = {label: poster.size_of(drawing(project, entries[label])) for label in charts}
        return max(charts, key=lambda label: sizes[label][0] / sizes[label][1], default=None)
    if named not in charts:
        raise Fault(
            "the card is to show a chart that the page does not have",
            file=project.relative(project.index),
            column="card",
            value=named,
            remedy=f"The page's charts are {', '.join(charts)}.",
        )
    return str(named)


def drawing(project: Project, entry: Mapping[str, Any]) -> etree._Element:
    """Return a chart for paper as a tree."""
    return svg.parse((project.root / entry["files"]["print"]).read_text(encoding="utf-8"))


def draw(project: Project, entry: Mapping[str, Any], title: str, cache: Cache) -> bytes:
    """Return the card as PNG.

    Parameters
    ----------
    project : Project
        With its figures collected.
    entry : mapping
        The chart, as ``figures.json`` has it.
    title : str
        Of the report.
    cache : Cache
        Pictures of the last build.
    """
    drawn = compose(drawing(project, entry), entry, title)
    return poster.png(brand.read(project).repaint(drawn), cache, scale=1)


def compose(chart: etree._Element, entry: Mapping[str, Any], title: str) -> str:
    """Return the card as SVG: headline above, chart below as large as fits, the report's name at the foot."""
    inner = WIDTH - 2 * MARGIN
    root, group = poster.sheet(entry["takeaway"], entry["alt"], "card")
    bar = {"width": f"{WIDTH}", "height": f"{BAR}", "fill": palette.highlight}
    etree.SubElement(group, f"{{{svg.SVG}}}rect", bar)
    size = next(
        (
            size
            for size in SIZES
            if len(measure.wrap(entry["takeaway"], "Newsreader-Bold", size, inner)) <= LINES
        ),
        SIZES[-1],
    )
    headline = poster.Style("Newsreader-Bold", size, round(1.16 * size), "ink")
    y = poster.paragraph(group, entry["takeaway"], headline, inner, BAR + 28, MARGIN)
    foot = HEIGHT - 28 - NAME.leading
    width, height = poster.size_of(chart)
    free = foot - 20 - y - 26
    scale = min(inner / width, free / height)
    poster.place(group, chart, MARGIN, y + 26 + (free - scale * height) / 2, scale)
    poster.paragraph(group, _short(title, inner), NAME, inner, foot, MARGIN)
    poster.close(root, group, WIDTH, HEIGHT)
    return etree.tostring(root, encoding="unicode") + "\n"


def _short(text: str, width: float) -> str:
    """Return `text` in one line."""
    first, *rest = measure.wrap(text, NAME.font, NAME.size, width - NAME.size)
    return f"{first}…" if rest else first
