"""Reading ``datapackage.json``: nothing else reads it before it is known to be what it may be.

That is what ``description.schema.json`` beside this file says, a JSON Schema of a Data Package with the
rules of `explainer.data.rules`. What it names by address, such as a profile, is never fetched.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from explainer.system import limits
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.system.structured import parse_json, read_file

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FILE = "description.schema.json"
#: As many faults as anybody reads at once.
MOST = 50


def read_description(project: Project, cache: Cache) -> dict[str, Any]:
    """Return the content of ``data/datapackage.json``.

    Parameters
    ----------
    project : Project
        The project.
    cache : Cache
        What was checked before is not checked again.

    Raises
    ------
    Faults
        If it is missing, is not JSON, or is not what a description may be.
    """
    file = project.relative(project.package)
    content = read_file(project.package, file, limits.DESCRIPTION_BYTES, "Put it back.")
    description = parse_json(content, file)
    inputs: list[str | bytes] = [_schema_text(), content]
    try:
        texts = json.loads(cache.get("description", inputs, lambda: json.dumps(_texts(description)).encode()))
    except Fault:  # the cache cannot be written
        texts = _texts(description)
    if texts:
        raise Faults(Fault(what, file=file, value=value, remedy=remedy) for what, value, remedy in texts)
    return description


@lru_cache(maxsize=1)
def _schema_text() -> str:
    return files(__package__).joinpath(FILE).read_text(encoding="utf-8")


def _texts(description: Any) -> list[tuple[str, str | None, str]]:
    """Return what is wrong, with the value and what to do."""
    # Imported when needed: it is slow to load.
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(json.loads(_schema_text())).iter_errors(description)
    texts = [_text(error, description) for error, _ in zip(errors, range(MOST), strict=False)]
    return texts or list(_repeated(description))


def _place(path: Iterable[str | int], node: Any) -> str:
    """Return a place as ``resources[2] (facts).schema``, with the names of what is numbered."""
    place = ""
    for step in path:
        node = node[step]
        place += f"[{step}]" if isinstance(step, int) else f".{step}"
        if isinstance(step, int) and isinstance(node, dict) and isinstance(node.get("name"), str):
            place += f" ({node['name'][:100]})"
    return place.lstrip(".")


def _text(error: ValidationError, description: Any) -> tuple[str, str | None, str]:
    where = _place(error.absolute_path, description)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return (
            f"is no description of tables: {where or 'it'} lacks {missing}",
            None,
            "Add it, or take out what it is to describe.",
        )
    remedy = "Write it so; https://datapackage.org/standard/data-package/ has the whole standard."
    if error.schema is False:
        return (
            f"is no description of tables: {where} may not be given here",
            _shown(error.instance),
            "Take it out.",
        )
    wanted = error.schema.get("description", "something else")
    return f"is no description of tables: {where or 'it'} must be {wanted}", _shown(error.instance), remedy


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"


def _repeated(description: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield names that stand twice: of tables, and of columns of one table."""
    resources = description["resources"]
    lists = {"resources": resources}
    lists |= {
        f"resources[{number}].schema.fields": resource["schema"]["fields"]
        for number, resource in enumerate(resources)
        if "schema" in resource
    }
    for where, items in lists.items():
        for name, count in Counter(item["name"] for item in items).items():
            if count > 1:
                yield (
                    f"is no description of tables: {where} has this name {count} times",
                    name,
                    "Give each its own.",
                )
