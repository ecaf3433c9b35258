"""Charts in the house style: made once as SVG, then fitted to page and paper."""

from explainer.charts.figure import Figure
from explainer.charts.theme import palette

__all__ = ["Figure", "palette"]
