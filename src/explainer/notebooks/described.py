"""Descriptions of charts for ``jupyter nbconvert --to html``, which has none for an SVG by itself.

The library's ``jupyter_config.json``, which it installs into the environment, names the function.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Any

from nbformat import NotebookNode

from explainer.notebooks.normalize import FIGURE


def describe_charts(notebook: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
    """Return a notebook in which every chart is an image with its description."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if FIGURE in data:
                source = b64encode(data["image/svg+xml"].encode()).decode()
                alt = escape(data["text/plain"])
                # A program that writes HTML takes this before a picture.
                data["text/html"] = f'<img src="data:image/svg+xml;base64,{source}" alt="{alt}">'
    return notebook, resources
