"""Maps of places: outlines, a circle for each place by its size, and labels where they are wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import pi
from typing import Any, Literal

import altair as alt
import pandas as pd

from explainer.authoring.channels import spoken
from explainer.authoring.colors import palette
from explainer.authoring.symbols import role_color
from explainer.data.frames import each_row

#: Where a label stands beside its circle: how its text runs, and how far it is moved across and down.
SIDES: dict[str, tuple[Literal["left", "right"], float, float]] = {
    "left": ("right", -1, 0),
    "right": ("left", 1, 0),
    "below": ("right", -3, 3),
}


def place_map(
    places: pd.DataFrame,
    land: Sequence[Mapping[str, Any]],
    *,
    roles: Sequence[str],
    sides: Mapping[str, str],
    width: float,
    height: float,
    area: float,
    borders: Sequence[Mapping[str, Any]] = (),
    frame: Mapping[str, Any] | None = None,
    names: pd.DataFrame | None = None,
    title: str | None = None,
) -> alt.TopLevelMixin:
    """Return a map in Mercator's projection that fits its outlines into the given size.

    Parameters
    ----------
    places : DataFrame
        One row a place: ``place_id``, ``lon`` and ``lat`` (degrees), ``value``, ``label`` (of one or more
        lines), ``role`` (the palette's) and ``says`` (its text under a pointer). A place without a value is
        a diamond.
    land, borders : sequence of GeoJSON features
        What is filled, and what is only outlined.
    roles : sequence of str
        The roles that occur.
    sides : mapping of str to str
        The places that are labeled, and where (left, right or below).
    width, height : float
        Pixels.
    area : float
        Square pixels for one unit of ``value``.
    frame : GeoJSON feature, optional
        An outline on top, of the part that another map shows larger.
    names : DataFrame, optional
        Names on the land: ``lon``, ``lat`` and ``name``.
    title : str, optional
        The heading.
    """

    def shapes(features: Sequence[Mapping[str, Any]], **style: Any) -> alt.Chart:
        return alt.Chart(alt.Data(values=list(features))).mark_geoshape(**style)

    at = {"longitude": "lon:Q", "latitude": "lat:Q"}
    color = role_color("role", *roles)
    circles, diamonds = places.dropna(subset="value"), places[places["value"].isna()]
    layers: list[alt.Chart] = [shapes(land)]
    if borders:
        layers.append(shapes(borders, fill=None))
    if frame is not None:
        layers.append(shapes([frame], fill=None, stroke=palette.rule))
    layers.append(
        alt.Chart(circles)
        .mark_circle()
        .encode(
            **at,
            color=color,
            size=alt.Size("value:Q", scale=alt.Scale(domain=[0, 1000], range=[0, 1000 * area])),
            # A ring of paper tells circles apart that overlap; around a dot it would leave nothing.
            stroke=alt.condition(f"datum.value > {20 / area}", alt.value(palette.paper), alt.value(None)),
            **spoken("says:N"),
        )
    )
    layers.append(
        alt.Chart(diamonds)
        .mark_point(shape="diamond", size=110, stroke=palette.paper, strokeWidth=1)
        .encode(**at, color=color, **spoken("says:N"))
    )
    for place in each_row(places[places["place_id"].isin(list(sides))]):
        align, across, down = SIDES[sides[place.place_id]]
        radius = 6 if pd.isna(place.value) else (area * place.value / pi) ** 0.5
        layers.append(
            alt.Chart(pd.DataFrame([{"lon": place.lon, "lat": place.lat, "label": place.label}]))
            .mark_text(
                align=align,
                lineBreak="\n",
                dx=across * (radius + 4),
                dy=down * (radius + 4),
                fontWeight=600,
                color=palette[place.role],
            )
            .encode(**at, text="label:N")
        )
    if names is not None:
        layers.append(
            alt.Chart(names[["lon", "lat", "name"]])
            .mark_text(color=palette.muted)
            .encode(**at, text="name:N")
        )
    heading: dict[str, Any] = (
        {} if title is None else {"title": alt.Title(title, fontWeight="normal", color=palette.muted)}
    )
    return alt.layer(*layers).project(type="mercator").properties(width=width, height=height, **heading)
