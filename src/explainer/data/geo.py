"""Outlines for maps, from a TopoJSON file of the data package."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path
from typing import Any

from explainer.system.errors import Fault

Point = tuple[float, float]


def outlines(path: Path, layer: str, file: str) -> list[dict[str, Any]]:
    """Return one layer of a TopoJSON file as GeoJSON features, in longitude and latitude.

    Parameters
    ----------
    path : Path
        The file.
    layer : str
        Name of one of its objects, such as ``counties``.
    file : str
        What the file is called in faults: its path from the project's root.

    Returns
    -------
    list of dict
        Features with ``id``, ``properties`` and a Polygon or MultiPolygon; coordinates to four places, about
        10 meters.

    Raises
    ------
    Fault
        If the file or the layer is missing, or the file is no TopoJSON of polygons.
    """
    try:
        topology = json.loads(path.read_bytes())
        arcs = _arcs(topology)
        layers = topology["objects"]
        if layer not in layers:
            known = ", ".join(layers)
            raise Fault("no such layer", file=file, value=layer, remedy=f"The layers are {known}.")
        return [_feature(shape, arcs) for shape in layers[layer]["geometries"]]
    except OSError as error:
        raise Fault(f"cannot be read: {error.strerror}", file=file, remedy="Put it back.") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        remedy = "It needs polygons, as topojson-server writes them."
        raise Fault("is not TopoJSON", file=file, value=str(error), remedy=remedy) from error


def _arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs of `topology` in degrees: each point is stored as steps from the one before."""
    if "transform" not in topology:
        return [[(x, y) for x, y, *_ in arc] for arc in topology["arcs"]]
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        steps = accumulate(arc, lambda at, step: [at[0] + step[0], at[1] + step[1]])
        found.append([(round(x * kx + dx, 4), round(y * ky + dy, 4)) for x, y in steps])
    return found


def _ring(numbers: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Join arcs to a ring; a negative number is an arc walked backwards."""
    ring: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _feature(shape: dict[str, Any], arcs: list[list[Point]]) -> dict[str, Any]:
    """Return one geometry as a GeoJSON feature."""
    kind = shape["type"]
    if kind == "Polygon":
        coordinates: Any = [_ring(ring, arcs) for ring in shape["arcs"]]
    elif kind == "MultiPolygon":
        coordinates = [[_ring(ring, arcs) for ring in polygon] for polygon in shape["arcs"]]
    else:
        raise ValueError(f"{kind} where a polygon is wanted")
    return {
        "type": "Feature",
        "id": shape.get("id"),
        "properties": shape.get("properties", {}),
        "geometry": {"type": kind, "coordinates": coordinates},
    }
