"""The chart renderer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import vl_convert


def register(fonts: str) -> None:
    """Tell the renderer of a folder of fonts, so that text is measured as it will be set."""
    vl_convert.register_font_directory(fonts)


def to_svg(spec: Mapping[str, Any]) -> str:
    """Return the SVG of a Vega-Lite spec; nothing is fetched. No other thread of the process works meanwhile.

    Raises
    ------
    ValueError
        If the renderer refuses the spec.
    """
    return vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
