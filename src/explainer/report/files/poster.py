"""A chart that goes out alone: its headline above it, its caption and sources below, in one SVG or PNG."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

import vl_convert
from lxml import etree

from explainer.authoring import pixels, svg
from explainer.authoring.colors import SANS, SERIF, Palette, palette
from explainer.authoring.theme import fonts, register_fonts
from explainer.report.files import measure
from explainer.system.cache import Cache

MARGIN = 24
GAP = 14
SCALE = 2
#: Who opens the file may have none of these fonts, and most others are wider.
ROOM = 0.9


@dataclass(frozen=True)
class Style:
    """How a paragraph is set.

    Parameters
    ----------
    font : str
        The file in theme/fonts that measures it.
    size, leading : float
        Height of the letters and of the lines.
    role : str
        The palette's role of its color.
    """

    font: str
    size: float
    leading: float
    role: str

    @property
    def attributes(self) -> dict[str, str]:
        """The font as SVG names it."""
        name, _, weight = self.font.partition("-")
        family, rest = (SERIF, "Georgia, serif") if name == SERIF else (SANS, "Helvetica, Arial, sans-serif")
        bold = {"Bold": "700", "SemiBold": "600"}.get(weight)
        return {
            "font-family": f"{family}, {rest}",
            "font-size": f"{self.size:g}",
            **({"font-weight": bold} if bold else {}),
        }


HEADLINE = Style("Newsreader-Bold", 23, 28, "ink")
CAPTION = Style("LibreFranklin-Regular", 14, 20, "muted")
SOURCE = Style("LibreFranklin-Regular", 12, 17, "muted")


def size_of(drawing: etree._Element) -> tuple[float, float]:
    """Return a drawing's width and height."""
    width, height = drawing.get("viewBox", "").split()[2:]
    return float(width), float(height)


def paragraph(
    parent: etree._Element, text: str, style: Style, width: float, y: float, x: float = MARGIN
) -> float:
    """Set `text` in lines no wider than `width` from `y` down, and return where it ends."""
    for line in measure.wrap(text, style.font, style.size, width):
        y += style.leading
        place = {"x": f"{x:g}", "y": f"{y - 0.28 * style.leading:.1f}", "fill": palette[style.role]}
        element = etree.SubElement(parent, f"{{{svg.SVG}}}text", place | style.attributes)
        element.text = line
    return y


def place(parent: etree._Element, drawing: etree._Element, x: float, y: float, scale: float = 1) -> None:
    """Put what a drawing draws into `parent`."""
    transform = f"translate({x:g},{y:.1f})" + (f" scale({scale:.4f})" if scale != 1 else "")
    group = etree.SubElement(parent, f"{{{svg.SVG}}}g", {"transform": transform, "font-family": SANS})
    group.extend(drawing.findall(f"{{{svg.SVG}}}g"))


def sheet(title: str, description: str, label: str) -> tuple[etree._Element, etree._Element]:
    """Return an empty SVG that names and describes itself, and the group to draw in."""
    names = {"role": "img", "aria-labelledby": f"{label}-title {label}-desc"}
    root = etree.Element(f"{{{svg.SVG}}}svg", names, nsmap={None: svg.SVG})
    for part, text in (("title", title), ("desc", description)):
        element = etree.SubElement(root, f"{{{svg.SVG}}}{part}", {"id": f"{label}-{part}"})
        element.text = text
    return root, etree.SubElement(root, f"{{{svg.SVG}}}g", {"aria-hidden": "true"})


def close(root: etree._Element, group: etree._Element, width: float, height: float) -> None:
    """Give a sheet its size and its paper."""
    measures = {"width": f"{width:g}", "height": f"{height:g}"}
    paper = etree.Element(f"{{{svg.SVG}}}rect", measures | {"fill": palette.paper})
    group.insert(0, paper)
    for name, value in (measures | {"viewBox": f"0 0 {width:g} {height:g}"}).items():
        root.set(name, value)


def poster(drawing: str, *, label: str, takeaway: str, caption: str, alt: str, source: str) -> str:
    """Return a chart as an SVG file of its own, in light colors.

    Parameters
    ----------
    drawing : str
        The chart for paper, as `explainer.authoring.svg.for_print` gives it.
    label : str
        Of the figure; its ids begin with it.
    takeaway, caption, alt, source : str
        The words that go with it.
    """
    chart = svg.parse(drawing)
    width, height = size_of(chart)
    root, group = sheet(takeaway, alt, label)
    y = paragraph(group, takeaway, HEADLINE, ROOM * width, MARGIN - 4)
    y = paragraph(group, caption, CAPTION, ROOM * width, y + 4) + GAP
    place(group, chart, MARGIN, y)
    y = paragraph(group, source, SOURCE, ROOM * width, y + height + GAP)
    close(root, group, width + 2 * MARGIN, round(y + MARGIN))
    return etree.tostring(root, encoding="unicode") + "\n"


def in_the_dark(text: str, palette: Palette) -> str:
    """Return an SVG file that turns dark where the reader's system is.

    The light colors stay plain attributes, which every drawing program understands.
    """
    root = svg.parse(text)
    rules = []
    for attribute in svg.COLORS:
        values = {element.get(attribute) for element in root.iter()}
        for role in palette:
            if role.light in values:
                rules.append(f'[{attribute}="{role.light}"]{{{attribute}:{role.dark}}}')
    style = etree.Element(f"{{{svg.SVG}}}style")
    style.text = f"@media (prefers-color-scheme:dark){{{''.join(rules)}}}"
    root.insert(0, style)
    return etree.tostring(root, encoding="unicode") + "\n"


def png(text: str, cache: Cache, scale: float = SCALE) -> bytes:
    """Return an SVG as a picture of pixels, `scale` of them to a unit."""
    letters = [path.read_bytes() for path in sorted(fonts().glob("*.ttf"))]

    def make() -> bytes:
        register_fonts()
        return pixels.lighten(vl_convert.svg_to_png(text, scale=scale))

    tools = [version("vl-convert-python"), pixels.VERSION]
    return cache.get("png", [*tools, str(scale), text, *letters], make)
