"""Charts in the house style: made once as SVG, then fitted to page and paper."""

from explainer.authoring.channels import spoken
from explainer.authoring.figure import Figure
from explainer.authoring.theme import BROAD, NARROW, WIDTH, palette

__all__ = ["BROAD", "NARROW", "WIDTH", "Figure", "palette", "spoken"]
