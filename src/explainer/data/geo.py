"""Outlines for maps, from a TopoJSON file of the data package."""

from __future__ import annotations

from itertools import accumulate
from pathlib import Path
from typing import Any

from explainer.system import limits
from explainer.system.errors import Fault
from explainer.system.structured import parse_json, read_file

#: Longitude and latitude in degrees.
Point = tuple[float, float]
#: A GeoJSON feature, whose geometry is a Polygon or a MultiPolygon.
Outline = dict[str, Any]


def outlines(path: Path, layer: str, file: str) -> list[Outline]:
    """Return one layer of a TopoJSON file as GeoJSON features, in longitude and latitude.

    Parameters
    ----------
    path : Path
        The file.
    layer : str
        Name of one of its objects, such as ``counties``.
    file : str
        Its name in faults: its path from the project's root.

    Returns
    -------
    list of dict
        Features with ``id``, ``properties`` and a Polygon or MultiPolygon; coordinates are rounded to four
        decimals, about 10 meters.

    Raises
    ------
    Fault
        If the file or the layer is missing, or the file is not TopoJSON with polygons.
    """
    try:
        topology = parse_json(read_file(path, file, limits.MAP_BYTES), file)
        arcs = _arcs(topology)
        layers = topology["objects"]
        if layer not in layers:
            known = ", ".join(layers)
            raise Fault("no such layer", file=file, value=layer, remedy=f"The layers are {known}.")
        return [_feature(shape, arcs) for shape in layers[layer]["geometries"]]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError) as error:
        remedy = "It needs polygons, as topojson-server writes them."
        raise Fault("is not TopoJSON", file=file, value=str(error), remedy=remedy) from error


def _arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of `topology` in degrees; each point is stored as a difference from the last."""
    if "transform" not in topology:
        return [[(_degrees(x), _degrees(y)) for x, y, *_ in arc] for arc in topology["arcs"]]
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        steps = accumulate(arc, lambda point, step: [point[0] + step[0], point[1] + step[1]])
        arcs.append([(round(x * kx + dx, 4), round(y * ky + dy, 4)) for x, y in steps])
    return arcs


def _degrees(value: Any) -> float:
    if isinstance(value, int | float):
        return value
    raise TypeError(f"{value!r} where a number is expected")


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Join arcs to a ring; a negative number is a reversed arc."""
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _feature(shape: dict[str, Any], arcs: list[list[Point]]) -> Outline:
    """Return one geometry as a GeoJSON feature."""
    kind = shape["type"]
    if kind == "Polygon":
        coordinates: Any = [_ring(ring, arcs) for ring in shape["arcs"]]
    elif kind == "MultiPolygon":
        coordinates = [[_ring(ring, arcs) for ring in polygon] for polygon in shape["arcs"]]
    else:
        raise ValueError(f"{kind} where a polygon is expected")
    properties = shape.get("properties") or {}
    if not isinstance(properties.get("name", ""), str | None):
        raise TypeError("a name that is not text")
    geometry = {"type": kind, "coordinates": coordinates}
    outline = {"type": "Feature", "id": shape.get("id"), "properties": properties, "geometry": geometry}
    if not all(_rings(outline) or [[]]):
        raise ValueError("an outline without points")
    return outline


class OutlineMap:
    """Named outlines, to tell in which of them a point lies.

    Parameters
    ----------
    outlines : list of dict
        GeoJSON features as `outlines` returns them; at least one.
    """

    def __init__(self, outlines: list[Outline]) -> None:
        self._named = [(outline["properties"].get("name"), _rings(outline)) for outline in outlines]
        points = [point for _, rings in self._named for ring in rings for point in ring]
        self._west, self._east = min(x for x, _ in points), max(x for x, _ in points)
        self._south, self._north = min(y for _, y in points), max(y for _, y in points)

    @property
    def names(self) -> set[str]:
        """The names of the outlines."""
        return {name for name, _ in self._named if name}

    @property
    def extent(self) -> str:
        """The corners as text: south, west to north, east."""
        return f"{self._south:g}, {self._west:g} to {self._north:g}, {self._east:g}"

    def covers(self, x: float, y: float) -> bool:
        """Return whether a point lies within the bounds of the map."""
        return self._west <= x <= self._east and self._south <= y <= self._north

    def names_at(self, x: float, y: float) -> list[str]:
        """Return the names of the outlines that contain a point."""
        return [name for name, rings in self._named if _crossings(x, y, rings) % 2]


def _rings(outline: Outline) -> list[list[Point]]:
    geometry = outline["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [ring for polygon in polygons for ring in polygon]


def _crossings(x: float, y: float, rings: list[list[Point]]) -> int:
    """Return how often a ray from a point to the east crosses the rings: odd if the point is inside."""
    return sum(
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1
        for ring in rings
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
    )
