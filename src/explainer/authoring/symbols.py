"""Symbols and bars: what a mark means, said by its shape and color, in one place for a whole chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from explainer.authoring.channels import spoken
from explainer.authoring.colors import palette


class Symbol(NamedTuple):
    """How one kind of thing is drawn.

    Parameters
    ----------
    color : str
        A role of the palette.
    shape : str
        A shape of Vega: ``circle``, ``square``, ``diamond`` and so on.
    is_filled : bool
        False for an outline.
    """

    color: str
    shape: str = "circle"
    is_filled: bool = True


def symbol_channels(field: str, symbols: Mapping[str, Symbol], *, legend: bool = False) -> dict[str, Any]:
    """Return the channels that draw each kind in `field` by its symbol, for ``encode``.

    Parameters
    ----------
    field : str
        The column of the kind.
    symbols : mapping of str to Symbol
        Kind -> symbol, in the order of the legend.
    legend : bool
        Whether the kinds are listed above the chart.
    """
    kinds = list(symbols)
    above = alt.Legend(title=None, orient="top", columns=1, symbolStrokeWidth=1.5) if legend else None
    colors = [palette[symbol.color] for symbol in symbols.values()]
    fills = [
        color if symbol.is_filled else palette.paper
        for color, symbol in zip(colors, symbols.values(), strict=True)
    ]
    shapes = [symbol.shape for symbol in symbols.values()]
    return {
        "shape": alt.Shape(f"{field}:N", scale=alt.Scale(domain=kinds, range=shapes), legend=above),
        "stroke": alt.Stroke(f"{field}:N", scale=alt.Scale(domain=kinds, range=colors), legend=above),
        "fill": alt.Fill(f"{field}:N", scale=alt.Scale(domain=kinds, range=fills), legend=above),
    }


def role_color(field: str, *roles: str) -> alt.Color:
    """Return the channel that colors by the role of the palette that `field` names."""
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=roles, range=[palette[role] for role in roles]))


def bars(
    rows: pd.DataFrame,
    *,
    name: str,
    value: str,
    role: str,
    width: float,
    most: float | None = None,
    room: float = 1.2,
    names: bool = True,
    title: Sequence[str] = (),
) -> alt.TopLevelMixin:
    """Return bars in the order of `rows`, each with its name before it and its number at its end.

    Parameters
    ----------
    rows : DataFrame
        One row a bar, with ``says`` (its text under a pointer) and ``label`` (what stands at its end).
    name, value, role : str
        The columns of the name, the length (missing where there is none) and the color's role.
    width : float
        Pixels; of a chart that stands alone, with the names.
    most : float, optional
        The value of a bar that fills the width (default: the largest).
    room : float
        How much longer the scale is than its longest bar, for the label at its end.
    names : bool
        False beside another chart with the same names.
    title : sequence of str
        The heading, and lines below it.
    """
    order = rows[name].tolist()
    most = float(rows[value].max()) if most is None else most
    axis = alt.Axis(title=None, labelLimit=300) if names else None
    roles = list(dict.fromkeys(rows[role]))
    x = alt.X(f"{value}:Q", axis=None, scale=alt.Scale(domain=[0, most * room], nice=False))
    heading: dict[str, Any] = {"title": alt.Title(title[0], subtitle=list(title[1:]))} if title else {}
    base = alt.Chart(rows, **heading).encode(
        y=alt.Y(f"{name}:N", sort=order, scale=alt.Scale(domain=order), axis=axis)
    )
    drawn = base.transform_filter(f"isValid(datum['{value}'])")
    none = base.transform_filter(f"!isValid(datum['{value}'])")
    return alt.layer(
        drawn.mark_bar(height={"band": 0.64}).encode(
            x=x, x2=alt.X2Datum(0), color=role_color(role, *roles), **spoken("says:N")
        ),
        drawn.mark_text(style="end").encode(x=x, text=alt.Text("label:N")),
        none.mark_text(style="end", color=palette.muted).encode(x=alt.XDatum(0), text=alt.Text("label:N")),
    ).properties(width=width, height=alt.Step(24))


def side_by_side(charts: Iterable[Any], *, stacked: bool = False) -> alt.TopLevelMixin:
    """Return charts beside each other, or below each other for a phone."""
    return alt.vconcat(*charts, spacing=20) if stacked else alt.hconcat(*charts, spacing=12)
