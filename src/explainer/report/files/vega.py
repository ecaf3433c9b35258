"""The Vega libraries as one local script, for readers who ask a chart to move."""

from __future__ import annotations

import json
from importlib.metadata import version

import vl_convert

from explainer.authoring.theme import palette
from explainer.report.layout import VEGA
from explainer.system.cache import Cache

FILE = VEGA
LICENSE = "scripts/vega-LICENSE.txt"
#: A classic script with one name to the outside: pages opened from a disk can load no modules. The menu of
#: vega-embed is off (its button has no name); expressions are interpreted, so that a page may forbid eval.
SNIPPET = """
const refuse = async (address) => { throw new Error("not loaded: " + address); };
globalThis.explainerVega = {
  embed: (element, spec) => vegaEmbed(element, spec, {
    mode: "vega-lite", actions: false, ast: true, defaultStyle: false, renderer: "svg",
    loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse },
  }),
  palette: %s,
};
"""


def script(cache: Cache) -> str:
    """Return the script: Vega, Vega-Lite, vega-embed and what they need, and ``explainerVega``."""
    snippet = SNIPPET % json.dumps({role.light: role.name for role in palette})
    versions = f"{version('vl-convert-python')} {vl_convert.get_vega_version()}"

    def make() -> bytes:
        # Its names are its own: the bundle is a module's body.
        return f"(()=>{{{vl_convert.javascript_bundle(snippet)}}})();\n".encode()

    note = f"/*! Vega {vl_convert.get_vega_version()} and others; see {LICENSE.rpartition('/')[2]} */\n"
    return note + cache.get("vega", [versions, snippet], make).decode()
