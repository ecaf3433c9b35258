"""Charts in the house style: made once as SVG, then fitted to page and paper."""

from explainer.charts.channels import spoken
from explainer.charts.figure import Figure
from explainer.charts.theme import BROAD, NARROW, WIDTH, palette

__all__ = ["BROAD", "NARROW", "WIDTH", "Figure", "palette", "spoken"]
