"""Outlines: TopoJSON taken apart into shapes that a chart can draw."""

import json

import pytest

from explainer.data.geo import OutlineMap
from explainer.data.package import outlines
from explainer.system.errors import Fault
from explainer.system.project import Project

# Two squares that share the edge from (1, 0) to (1, 1); steps of 1, origin at (10, 50).
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [10, 50]},
    "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 1], [1, 0], [0, -1], [-1, 0]]],
    "objects": {
        "squares": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "1", "properties": {"name": "West"}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "id": "2", "properties": {"name": "East"}, "arcs": [[[2, 0]]]},
            ],
        },
        "spots": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0, 0]}]},
    },
}


@pytest.fixture
def project(tmp_path):
    (tmp_path / "_quarto.yml").write_text("project:\n")
    (tmp_path / "data").mkdir()
    package = {"resources": [{"name": "map", "path": "map.topojson"}]}
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps(package))
    (tmp_path / "data" / "map.topojson").write_text(json.dumps(TOPOLOGY))
    return Project(tmp_path)


def test_arcs_are_joined_to_closed_rings_in_degrees(project):
    west, east = outlines("map", "squares", project)
    assert (west["id"], west["properties"], west["geometry"]["type"]) == ("1", {"name": "West"}, "Polygon")
    assert west["geometry"]["coordinates"] == [[(11, 50), (11, 51), (10, 51), (10, 50), (11, 50)]]
    assert east["geometry"]["coordinates"] == [[[(11, 51), (12, 51), (12, 50), (11, 50), (11, 51)]]]


def test_an_arc_can_be_walked_backwards(project):
    backwards = json.loads(json.dumps(TOPOLOGY))
    backwards["objects"]["squares"]["geometries"][0]["arcs"] = [[-2, -1]]
    (project.data / "map.topojson").write_text(json.dumps(backwards))
    (west, _) = outlines("map", "squares", project)
    assert west["geometry"]["coordinates"] == [[(11, 50), (10, 50), (10, 51), (11, 51), (11, 50)]]


def test_what_is_missing_is_named(project):
    with pytest.raises(Fault, match=r"no such file in the data package.*'maps'"):
        outlines("maps", "squares", project)
    with pytest.raises(Fault, match=r"map\.topojson: no such layer \('circles'\).*squares"):
        outlines("map", "circles", project)
    (project.data / "map.topojson").unlink()
    with pytest.raises(Fault, match=r"map\.topojson: is missing"):
        outlines("map", "squares", project)


@pytest.mark.parametrize("content", ["{", "[]", '{"objects": {}}', '{"arcs": [[1]], "objects": {}}'])
def test_what_is_not_topojson_is_refused(project, content):
    (project.data / "map.topojson").write_text(content)
    with pytest.raises(Fault, match=r"map\.topojson(:1:2)?: is not (Topo)?JSON"):
        outlines("map", "squares", project)


def test_points_are_refused(project):
    with pytest.raises(Fault, match="Point where a polygon is expected"):
        outlines("map", "spots", project)


@pytest.mark.parametrize(
    ("part", "value", "reason"),
    [
        ("arcs", [], "an outline without points"),
        ("arcs", [[]], "an outline without points"),
        ("properties", {"name": ["West"]}, "a name that is not text"),
        ("properties", "West", "no attribute 'get'"),
    ],
)
def test_an_outline_without_shape_or_with_an_odd_name_is_refused(project, part, value, reason):
    topology = json.loads(json.dumps(TOPOLOGY))
    topology["objects"]["squares"]["geometries"][0][part] = value
    (project.data / "map.topojson").write_text(json.dumps(topology))
    with pytest.raises(Fault, match=rf"map\.topojson: is not TopoJSON.*{reason}"):
        outlines("map", "squares", project)


def test_coordinates_that_are_no_numbers_are_refused(project):
    topology = {**TOPOLOGY, "arcs": [[["a", 0], [0, 1]]] * 3}
    del topology["transform"]
    (project.data / "map.topojson").write_text(json.dumps(topology))
    with pytest.raises(Fault, match=r"map\.topojson: is not TopoJSON.*'a' where a number is expected"):
        outlines("map", "squares", project)


def test_an_outline_may_have_no_name(project):
    topology = json.loads(json.dumps(TOPOLOGY))
    topology["objects"]["squares"]["geometries"][0]["properties"] = None
    (project.data / "map.topojson").write_text(json.dumps(topology))
    area = OutlineMap(outlines("map", "squares", project))
    assert area.names == {"East"}
    assert area.names_at(10.5, 50.5) == [None] and area.names_at(11.5, 50.5) == ["East"]
