"""The Vega libraries as one local script, for readers who ask a chart to move."""

from __future__ import annotations

from importlib.metadata import version

import vl_convert

from explainer.authoring import vega
from explainer.report.layout import VEGA
from explainer.system.cache import Cache

FILE = VEGA
LICENSE = "scripts/vega-LICENSE.txt"


def script(cache: Cache) -> str:
    """Return the script, with a note on where its licenses are."""
    versions = f"{version('vl-convert-python')} {vl_convert.get_vega_version()}"
    note = f"/*! Vega {vl_convert.get_vega_version()} and others; see {LICENSE.rpartition('/')[2]} */\n"
    made = cache.get("vega", [versions, vega.snippet()], lambda: vega.bundle().encode())
    return note + made.decode()
