"""A chart that moves, in a live notebook: with a local copy of Vega, in a frame that may load nothing."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import Any

from explainer.authoring import vega
from explainer.authoring.colors import SANS
from explainer.authoring.theme import fonts
from explainer.authoring.vega import script_json
from explainer.notebooks.kernel import ROOT
from explainer.system.errors import Fault

#: Around the chart in its frame, for what shows beside a mark under the pointer.
ROOM = 40
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; font-src data:"
WEIGHTS = {"Regular": 400, "SemiBold": 600}


class Explorer:
    """What `explainer.authoring.Figure.explore` returns; a notebook shows it as a frame of its own.

    Parameters
    ----------
    spec : mapping
        Vega-Lite, with its data.
    title, alt : str
        Name of the frame, and what is shown instead where there is no HTML.
    size : tuple of float
        Width and height of the chart.

    Raises
    ------
    Fault
        In a run of the notebook for the report, which shows only what needs no script.
    """

    def __init__(self, spec: Mapping[str, Any], *, title: str, alt: str, size: tuple[float, float]) -> None:
        if os.environ.get(ROOT):
            raise Fault(
                "explore() is for working in JupyterLab",
                remedy="Take it out and end the cell with the Figure: the report has an Explore of its own.",
            )
        self.spec, self.title, self.alt, self.size = spec, title, alt, size

    def document(self) -> str:
        """Return the page in the frame, which needs nothing from outside."""
        # In a script, a text that ends it would end it anywhere.
        library = vega.bundle().replace("</script", "<\\/script")
        return (
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
            f"<title>{escape(self.title)}</title>"
            f"<style>{_faces()}body{{margin:0}}</style></head>"
            f'<body><div id="chart"></div><script>{library}</script>'
            f'<script>explainerVega.embed(document.getElementById("chart"),{script_json(self.spec)})</script>'
            "</body></html>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        width, height = (round(length) + ROOM for length in self.size)
        frame = (
            f'<iframe title="{escape(self.title)}" sandbox="allow-scripts" width="{width}" height="{height}"'
            f' style="border:0;max-width:100%" srcdoc="{escape(self.document())}"></iframe>'
        )
        return {"text/html": frame, "text/plain": self.alt}


def _faces() -> str:
    """Return the font in which charts are measured, as rules that hold it."""
    rules = []
    for name, weight in WEIGHTS.items():
        content = (fonts() / f"{SANS.replace(' ', '')}-{name}.woff2").read_bytes()
        source = f"url(data:font/woff2;base64,{b64encode(content).decode()})"
        rules.append(f'@font-face{{font-family:"{SANS}";font-weight:{weight};src:{source} format("woff2")}}')
    return "".join(rules)
