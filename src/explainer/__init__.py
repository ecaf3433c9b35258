"""Explain one news article: its facts, their evidence, and a report in which every number can be traced.

Notebook authors need six names: `setup`, `load`, `save`, `Figure`, `Table` and `Values`. They are imported on
first use, because most commands need none of them and pandas takes a second to load.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explainer.authoring.display import setup
    from explainer.authoring.figure import Figure
    from explainer.authoring.tables import Table
    from explainer.authoring.values import Values
    from explainer.data.package import load, save

__all__ = ["Figure", "Table", "Values", "load", "save", "setup"]

_MODULES = {
    "Figure": "authoring.figure",
    "Table": "authoring.tables",
    "Values": "authoring.values",
    "load": "data.package",
    "save": "data.package",
    "setup": "authoring.display",
}

# jsonschema, which nbformat and frictionless stand on, looks for this module and goes on without it. With it,
# every process and every kernel spends two seconds building a grammar for a format that no schema here uses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def __getattr__(name: str) -> Any:
    """Import one of the names for notebook authors."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
