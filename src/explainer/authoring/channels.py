"""Channels that every chart has alike."""

from __future__ import annotations

import altair as alt


def spoken(field: str) -> dict[str, alt.Tooltip | alt.Description]:
    """Return the channels by which a mark says a text: under a pointer, and to a screen reader.

    Parameters
    ----------
    field : str
        The column of the text and its type, as Altair writes it: ``says:N``.

    Returns
    -------
    dict
        For ``encode``: ``tooltip`` and ``description``.
    """
    return {"tooltip": alt.Tooltip(field), "description": alt.Description(field)}
