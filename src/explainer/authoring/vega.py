"""The Vega libraries as one local script, with one name to the outside: ``explainerVega``."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import vl_convert

from explainer.authoring.colors import palette

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


def snippet() -> str:
    """Return what is added to the libraries."""
    return SNIPPET % json.dumps({role.light: role.name for role in palette})


@cache
def bundle() -> str:
    """Return the script: Vega, Vega-Lite, vega-embed and what they need, and ``explainerVega``."""
    # Its names are its own: the bundle is a module's body.
    return f"(()=>{{{vl_convert.javascript_bundle(snippet())}}})();\n"


def script_json(content: Any) -> str:
    """Return JSON that may stand in a script, in a file or in a page, whatever its texts say."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
