"""A process that draws charts beside one that runs a notebook, whose cells would stand still meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from explainer.authoring import renderer
from explainer.system.processes import answers, command


class Painter:
    """A process that draws charts, one at a time; it ends when whoever began it does.

    Parameters
    ----------
    fonts : str
        The folder of the fonts.
    """

    def __init__(self, fonts: str) -> None:
        self._process = subprocess.Popen(
            command("explainer.preview.painter", fonts),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def draw(self, spec: Mapping[str, Any]) -> str | None:
        """Return the renderer's SVG of a Vega-Lite spec, or None where it or the process fails."""
        try:
            self._process.stdin.write(json.dumps(spec) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline() or "null")
        except BrokenPipeError:
            return None


def main() -> None:
    """Take the folder of the fonts, and a spec in each line; answer with an SVG, or null, as JSON."""
    told = answers()
    renderer.register(sys.argv[1])
    for line in sys.stdin:
        try:
            picture = renderer.to_svg(json.loads(line))
        except ValueError:  # whoever asked draws it again, and is told why not
            picture = None
        print(json.dumps(picture), file=told, flush=True)
