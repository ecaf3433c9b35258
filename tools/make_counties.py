"""Cut the map's outlines out of the npm package us-atlas.

    npm pack us-atlas@3.0.1 && tar xf us-atlas-3.0.1.tgz
    python tools/make_counties.py package/counties-10m.json data/geo/counties.topojson 34 42

The numbers are FIPS codes of states. Arcs that no chosen county or state uses are dropped; the others are
unchanged, so that the outlines stay those of the US Census Bureau at 1:10,000,000.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OBJECTS = ("counties", "states")


def cut(atlas: dict[str, Any], states: set[str]) -> dict[str, Any]:
    """Return the TopoJSON `atlas` with nothing but `states` (two-digit FIPS codes) and their counties."""
    number: dict[int, int] = {}

    def renumbered(arcs: Any) -> Any:
        if isinstance(arcs, list):
            return [renumbered(arc) for arc in arcs]
        # ~n is arc n reversed.
        arc = ~arcs if arcs < 0 else arcs
        new = number.setdefault(arc, len(number))
        return ~new if arcs < 0 else new

    objects = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                {**shape, "arcs": renumbered(shape["arcs"])}
                for shape in sorted(atlas["objects"][name]["geometries"], key=lambda shape: shape["id"])
                if shape["id"][:2] in states
            ],
        }
        for name in OBJECTS
    }
    return {
        "type": "Topology",
        "transform": atlas["transform"],
        "objects": objects,
        "arcs": [atlas["arcs"][arc] for arc in number],
    }


def main(source: str, target: str, *states: str) -> None:
    """Read `source`, write `target`."""
    atlas = json.loads(Path(source).read_text(encoding="utf-8"))
    text = json.dumps(cut(atlas, set(states)), ensure_ascii=False, separators=(",", ":"))
    Path(target).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
