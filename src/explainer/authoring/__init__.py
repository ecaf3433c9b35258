"""What a notebook shows: charts in the house style, tables and values.

The names here are for drawing; those that every notebook needs are in `explainer` itself.
"""

from explainer.authoring.channels import spoken
from explainer.authoring.figure import Figure
from explainer.authoring.layout import people, text_grid, text_list, timeline
from explainer.authoring.maps import place_map
from explainer.authoring.symbols import Symbol, bars, side_by_side, symbol_channels
from explainer.authoring.theme import BROAD, NARROW, WIDTH, palette

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
