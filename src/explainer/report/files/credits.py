"""The line under a chart that leaves the report: who said it, and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

FEW = 4
SHOWN = 3


def sources(entry: Mapping[str, Any], outlets: Mapping[str, Mapping[str, str]]) -> str:
    """Return the outlets that a figure draws on as a sentence, each once; the whole list is in the report.

    Parameters
    ----------
    entry : mapping
        The figure, as ``figures.json`` has it.
    outlets : mapping
        By source, as `explainer.evidence.citations.named` returns them.
    """
    names = list(dict.fromkeys(outlets[source["id"]]["outlet"] for source in entry["sources"]))
    if not names:
        return ""
    if len(names) > FEW:
        return f"Sources: {', '.join(names[:SHOWN])} and others."
    return f"{'Source' if len(names) == 1 else 'Sources'}: {', '.join(names)}."


def origin(title: str, home: str | None) -> str:
    """Return the report's title and, where it is known, its address without what a reader need not type."""
    if home is None:
        return f"From “{title}”."
    parts = urlsplit(home)
    return f"From “{title}”, {parts.netloc}{parts.path.rstrip('/')}."
