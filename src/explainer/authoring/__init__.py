"""What a notebook shows: charts in the house style, tables and values.

The names here are for drawing; those that every notebook needs are in `explainer` itself. They are imported
on first use, because Altair takes half a second to load and a build of the prose alone draws nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainer.authoring.channels import spoken
    from explainer.authoring.colors import palette
    from explainer.authoring.figure import Figure
    from explainer.authoring.layout import people, text_grid, text_list, timeline
    from explainer.authoring.maps import place_map
    from explainer.authoring.symbols import Symbol, bars, side_by_side, symbol_channels
    from explainer.authoring.theme import BROAD, NARROW, WIDTH

_MODULES = {
    "BROAD": "theme",
    "NARROW": "theme",
    "WIDTH": "theme",
    "Figure": "figure",
    "Symbol": "symbols",
    "bars": "symbols",
    "palette": "colors",
    "people": "layout",
    "place_map": "maps",
    "side_by_side": "symbols",
    "spoken": "channels",
    "symbol_channels": "symbols",
    "text_grid": "layout",
    "text_list": "layout",
    "timeline": "layout",
}
__all__ = [
    "BROAD",
    "NARROW",
    "WIDTH",
    "Figure",
    "Symbol",
    "bars",
    "palette",
    "people",
    "place_map",
    "side_by_side",
    "spoken",
    "symbol_channels",
    "text_grid",
    "text_list",
    "timeline",
]


def __getattr__(name: str) -> Any:
    """Import one of the names for drawing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
