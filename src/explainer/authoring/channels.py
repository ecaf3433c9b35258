"""Altair channels that all charts share."""

from __future__ import annotations

import altair as alt


def spoken(field: str) -> dict[str, alt.Tooltip | alt.Description]:
    """Return the channels that give a mark a text: as a tooltip, and for a screen reader.

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
