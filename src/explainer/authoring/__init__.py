"""What a notebook shows: charts in the house style, tables and values.

The names here are for drawing; those that every notebook needs are in `explainer` itself.
"""

from explainer.authoring.channels import spoken
from explainer.authoring.figure import Figure
from explainer.authoring.theme import BROAD, NARROW, WIDTH, palette

__all__ = ["BROAD", "NARROW", "WIDTH", "Figure", "palette", "spoken"]
