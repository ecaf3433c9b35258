"""The house theme: colors with a name and a job, type, and Altair's settings for both."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from explainer.system.errors import Fault
from explainer.system.project import THEME

SANS = "Libre Franklin"
SERIF = "Newsreader"
NAME = "explainer"
#: Widths of a chart in pixels: the text column, a phone, and the text column with its margin. A phone of 360
#: pixels shows the second unscaled, so that no text shrinks.
WIDTH = 680
NARROW = 322
BROAD = 880


@dataclass(frozen=True)
class Role:
    """One color by the job it does.

    Parameters
    ----------
    name : str
        What charts and style sheets call it.
    light, dark : str
        Lower-case ``#rrggbb`` on the light and on the dark page.
    use : str
        ``text`` (4.5:1 against the page, also good for marks), ``mark`` (3:1) or ``decor`` (carries no
        meaning alone: grids, land, the page itself).
    """

    name: str
    light: str
    dark: str
    use: str


ROLES = (
    Role("paper", "#fdfcfa", "#15181c", "decor"),
    Role("ink", "#1b1e23", "#eceae5", "text"),
    Role("muted", "#5a5f67", "#a9aeb6", "text"),
    Role("rule", "#7f858d", "#7b828b", "mark"),
    Role("grid", "#e4e1da", "#2e333a", "decor"),
    Role("land", "#efece5", "#22272e", "decor"),
    Role("border", "#cbc6bb", "#434a54", "decor"),
    # where a fact comes from
    Role("stated", "#12558f", "#74b4ef", "text"),
    Role("attributed", "#7b3f98", "#cc9be4", "text"),
    Role("computed", "#0d6b62", "#56c4b6", "text"),
    Role("inferred", "#865d00", "#dbb14d", "text"),
    Role("context", "#66625a", "#b5ada0", "text"),
    # what another source does with it
    Role("confirms", "#2c6b34", "#86ca8c", "text"),
    Role("adds", "#4457b8", "#9fb0ff", "text"),
    Role("conflict", "#a8123e", "#ff8ba7", "text"),
    Role("silent", "#847e73", "#857f74", "mark"),
    # one thing among many
    Role("highlight", "#b83a08", "#ff9f63", "text"),
    Role("quiet", "#82878f", "#7d848e", "mark"),
)


class Palette:
    """The colors as attributes (``palette.stated``) or items (``palette["stated"]``), light values.

    Charts use the light values only; :mod:`explainer.authoring.svg` turns each into a custom property of the
    page, so that a chart follows light and dark. A color that is not here is refused there.
    """

    def __init__(self, roles: tuple[Role, ...]) -> None:
        self._roles = {role.name: role for role in roles}
        self._by_light = {role.light: role for role in roles}

    def __getitem__(self, name: str) -> str:
        """Return the light color of role `name`.

        Raises
        ------
        Fault
            If there is no such role.
        """
        if name not in self._roles:
            known = ", ".join(self._roles)
            raise Fault("no such color in the palette", value=name, remedy=f"Use one of {known}.")
        return self._roles[name].light

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except Fault as fault:
            raise AttributeError(str(fault)) from None

    def __iter__(self) -> Iterator[Role]:
        return iter(self._roles.values())

    def role(self, name: str) -> Role:
        """Return role `name` with both its colors."""
        self[name]
        return self._roles[name]

    def role_of(self, light: str) -> Role | None:
        """Return the role whose light color is `light`, if there is one."""
        return self._by_light.get(light.lower())

    def css(self) -> str:
        """Return the custom properties of every role, for light and for dark pages.

        Dark follows the reader's system unless the page says otherwise by ``data-theme`` on the root element.
        Paper is always light.
        """
        light = "".join(f"--{role.name}:{role.light};" for role in self)
        dark = "".join(f"--{role.name}:{role.dark};" for role in self)
        return (
            f":root{{color-scheme:light;{light}}}\n"
            "@media screen and (prefers-color-scheme:dark){"
            f':root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}\n'
            f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}\n'
        )


palette = Palette(ROLES)


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
