"""The house theme: Altair's settings for its colors and type."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from explainer.authoring.colors import SANS, palette
from explainer.system.errors import Fault
from explainer.system.project import THEME

NAME = "explainer"
#: Widths of a chart in pixels: the text column, a phone, and the text column with its margin. A phone of 360
#: pixels shows the second unscaled, so that no text shrinks.
WIDTH = 680
NARROW = 322
BROAD = 880


def _running(align: str, **look: Any) -> dict[str, Any]:
    return {"align": align, "baseline": "top", "lineHeight": 17, **look}


#: For ``mark_text(style=…)``: how loud a text is and to which side it runs; the number at a bar's end.
TEXT_STYLES: Any = {
    "strong-right": _running("left", fontWeight=600),
    "strong-left": _running("right", fontWeight=600),
    "plain-right": _running("left"),
    "plain-left": _running("right"),
    "quiet-right": _running("left", color=palette.muted),
    "end": {"align": "left", "dx": 5, "baseline": "middle"},
}


@alt.theme.register(NAME, enable=False)
def theme() -> alt.theme.ThemeConfig:
    """Return Altair's settings in the house style: quiet axes, one sans, no legend."""
    return {
        "config": {
            "background": palette.paper,
            "font": SANS,
            "padding": 4,
            "autosize": {"type": "fit-x", "contains": "padding"},
            "view": {"stroke": None, "continuousWidth": WIDTH, "discreteWidth": WIDTH},
            "axis": {
                "labelFont": SANS,
                "labelFontSize": 13,
                "labelColor": palette.muted,
                "labelLimit": 320,
                "labelPadding": 6,
                "titleFont": SANS,
                "titleFontSize": 13,
                "titleFontWeight": "normal",
                "titleColor": palette.muted,
                "titlePadding": 8,
                "domainColor": palette.rule,
                "tickColor": palette.rule,
                "gridColor": palette.grid,
                "ticks": False,
                "domain": False,
            },
            "axisY": {"grid": False},
            "axisX": {"grid": True, "tickCount": 5},
            "header": {
                "labelFont": SANS,
                "labelFontSize": 13,
                "labelFontWeight": 600,
                "labelColor": palette.ink,
                "title": None,
            },
            "title": {
                "font": SANS,
                "fontSize": 14,
                "fontWeight": 600,
                "color": palette.ink,
                "anchor": "start",
                "frame": "group",
                "subtitleFont": SANS,
                "subtitleFontSize": 13,
                "subtitleColor": palette.muted,
            },
            # Off, since direct labels read better; a chart that enables it gets the house style.
            "legend": {
                "disable": True,
                "labelFont": SANS,
                "labelFontSize": 13,
                "labelColor": palette.ink,
                "labelLimit": 320,
                "titleFont": SANS,
                "titleFontSize": 13,
                "titleColor": palette.muted,
                "symbolSize": 110,
                "symbolStrokeWidth": 0,
                "columnPadding": 18,
                "rowPadding": 4,
                "offset": 14,
            },
            # A mark has its own description; a label would repeat it.
            "text": {"font": SANS, "fontSize": 13, "color": palette.ink, "aria": False},
            "style": TEXT_STYLES,
            "mark": {"color": palette.stated},
            "bar": {"color": palette.stated},
            "line": {"strokeWidth": 2.5},
            "rule": {"color": palette.rule, "aria": False},
            # Vega draws these half transparent, which would cost the palette its contrast.
            "point": {"filled": True, "size": 90, "opacity": 1},
            "circle": {"size": 90, "opacity": 1},
            "square": {"size": 90, "opacity": 1},
            "tick": {"opacity": 1},
            "area": {"opacity": 1},
            "geoshape": {"aria": False, "fill": palette.land, "stroke": palette.border, "strokeWidth": 0.6},
            "range": {
                "category": [
                    palette[name] for name in ("stated", "computed", "attributed", "inferred", "context")
                ],
                "ordinal": [palette.quiet, palette.muted, palette.ink],
            },
        }
    }


def fonts() -> Path:
    """Return the folder of the fonts.

    Raises
    ------
    Fault
        If they are missing: the renderer would silently use another font.
    """
    folder = THEME / "fonts"
    if not any(folder.glob(f"{SANS.replace(' ', '')}-*.ttf")):
        raise Fault(
            "the chart fonts are missing", file=str(folder), remedy="Install the explainer library again."
        )
    return folder


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Register the fonts with the chart renderer, so that text is measured as it will be set."""
    folder = fonts()
    vl_convert.register_font_directory(str(folder))
    # The renderer reads the fonts outside Python, so that they are recorded here.
    for font in folder.glob("*.ttf"):
        sys.audit("open", str(font), "r", 0)
