"""The description of a story's data: what the library describes for every story, and what the story adds.

A story writes ``data/story.json``: a data package with its own tables, and with what it adds to those that
every story has. Its entry for one of these has the table's name and only what is the story's own: the
notebook that writes it, more values of an ``enum``, a narrower pattern, another column. The library makes
of it the whole, valid data package ``data/datapackage.json``. A folder without ``story.json`` describes
everything in ``datapackage.json`` itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from explainer.data.description_check import check_description
from explainer.system import limits
from explainer.system.cache import Cache
from explainer.system.errors import Fault
from explainer.system.files import write_text
from explainer.system.project import Project
from explainer.system.structured import parse_json, read_file

#: The tables that any story may have, as a data package.
UNIVERSAL = Path(__file__).with_name("universal.json")
#: Universal tables that a story has only if it names them: notebooks write them.
PRODUCED = ("events", "counts", "places", "actors", "evidence-by-fact")
#: Begins the name of each table of values; all have the columns of ``values-*``.
VALUES = "values-"
_ANY_VALUES = "values-*"
_TABLE = {"type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
#: What the library relies on in a column or a table of its own.
_FIXED = ("type", "primaryKey", "path")
PUT_BACK = "Put it back."

Resource = dict[str, Any]


def compose(project: Project) -> dict[str, Any]:
    """Return the whole data package of a story.

    Raises
    ------
    Fault
        If ``story.json`` cannot be read, is no data package, or changes what the library relies on.
    """
    file = project.relative(project.story)
    return _compose(project, read_file(project.story, file, limits.DESCRIPTION_BYTES, PUT_BACK), file)


@lru_cache(maxsize=4)  # the parts of a build ask for the same description
def _compose(project: Project, content: bytes, file: str) -> dict[str, Any]:
    """Return the whole data package of a story, given the content of ``story.json``."""
    cache = Cache(project)
    story = _checked(content, file, cache, is_part=True)
    universal = _universal()
    known = {resource["name"]: resource for resource in universal["resources"]}
    own = {resource["name"]: resource for resource in story["resources"]}
    names = [name for name in known if name not in PRODUCED and name != _ANY_VALUES]
    names += [name for name in own if name not in names]
    resources = [
        _inherit(_merged(_described(name, known, own), own.get(name, {}), name, file), story)
        for name in names
    ]
    head = {"$schema": universal["$schema"], **story}
    package = {**head, "rules": universal["rules"], "resources": resources}
    check_description(package, file, cache)
    return package


def read_package(path: Path, file: str, cache: Cache) -> dict[str, Any]:
    """Return the content of a data package.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Its name in faults.
    cache : Cache
        What was checked before is not checked again.

    Raises
    ------
    Fault
        If it is missing, is not JSON, or is not what a description may be.
    """
    return _checked(read_file(path, file, limits.DESCRIPTION_BYTES, PUT_BACK), file, cache)


def _checked(content: bytes, file: str, cache: Cache, *, is_part: bool = False) -> dict[str, Any]:
    package = parse_json(content, file)
    check_description(package, file, cache, is_part=is_part)
    return package


def refresh(project: Project) -> bool:
    """Write ``datapackage.json`` if it is not what the story and the library describe; return whether it was.

    Raises
    ------
    Fault
        As `compose` does, or if it cannot be written.
    """
    return not is_current(project) and write_text(project.package, to_json(compose(project)))


def is_current(project: Project) -> bool:
    """Return whether ``datapackage.json`` is what the story and the library describe."""
    if not project.story.exists():
        return True
    written = project.package.read_bytes() if project.package.is_file() else b""
    return written == to_json(compose(project)).encode("utf-8")


def to_json(package: dict[str, Any]) -> str:
    """Return a data package as JSON for people: a column or a license is one line."""
    return _layout(package, "") + "\n"


@lru_cache(maxsize=1)
def _universal() -> dict[str, Any]:
    return json.loads(UNIVERSAL.read_text(encoding="utf-8"))


def _described(name: str, known: dict[str, Resource], own: dict[str, Resource]) -> Resource:
    """Return what the library describes of a table; nothing of one that is the story's own."""
    if name.startswith(VALUES):
        values, notebook = known[_ANY_VALUES], own[name].get("producedBy")
        title = f"Values of notebook {notebook}" if notebook else values["title"]
        return {**values, "name": name, "path": values["path"].replace(_ANY_VALUES, name), "title": title}
    return known.get(name, {})


def _inherit(resource: Resource, story: dict[str, Any]) -> Resource:
    """Return a resource with the properties that all tables of a story have in common."""
    common = {**(_TABLE if "schema" in resource else {}), "licenses": story.get("licenses")}
    return {
        **{key: value for key, value in resource.items() if key != "schema"},
        **{key: value for key, value in common.items() if value and key not in resource},
        **({"schema": resource["schema"]} if "schema" in resource else {}),
    }


def _merged(base: Any, added: Any, place: str, file: str) -> Any:
    """Return a part of a description with what a story adds to it.

    Mappings are merged; columns are matched by name, and new ones go last; values of an ``enum`` are added.
    """
    if not isinstance(base, dict) or not isinstance(added, dict):
        return added
    merged = dict(base)
    for key, value in added.items():
        if key in _FIXED and key in base and base[key] != value:
            what = f"{place}: the library relies on this {key}, {json.dumps(base[key])}"
            remedy = "Leave it out; a table of the story's own may have what it likes."
            raise Fault(what, file=file, value=value, remedy=remedy)
        if key == "fields" and isinstance(value, list) and key in base:
            merged[key] = list(_merged_fields(base[key], value, place, file))
        elif key == "enum" and isinstance(value, list) and key in base:
            merged[key] = [*base[key], *(item for item in value if item not in base[key])]
        else:
            merged[key] = _merged(base.get(key), value, place, file)
    return merged


def _merged_fields(base: list[Resource], added: list[Resource], place: str, file: str) -> Iterator[Resource]:
    by_name = {field.get("name"): field for field in added}
    for field in base:
        name = field["name"]
        yield _merged(field, by_name.pop(name, {}), f"{place}, column {name}", file)
    yield from by_name.values()


def _layout(value: Any, indent: str) -> str:
    """Return JSON in which whatever holds no list of mappings is one line."""
    if not _holds_mappings(value):
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key)}: {_layout(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _layout(item, inner) for item in value) + f"\n{indent}]"


def _holds_mappings(value: Any) -> bool:
    """Return whether there is a list of mappings in a value."""
    if isinstance(value, list):
        return any(isinstance(item, dict) for item in value)
    return isinstance(value, dict) and any(map(_holds_mappings, value.values()))
