"""Checking a description of tables before anything else reads it: a data package, or a story's part of one.

``description.schema.json`` beside this file says what it may be, as a JSON Schema of a Data Package with the
rules of `explainer.data.rules`. What a description names by address, such as a profile, is never fetched.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

FILE = "description.schema.json"
#: As many faults as anybody reads at once.
MOST = 50
#: Parts that a story may leave to the library: those of tables and columns that every story has.
_LEFT_OUT = {"resource": ["name"], "schema": [], "field": ["name"]}


def check_description(description: Any, file: str, cache: Cache, *, is_part: bool = False) -> None:
    """Refuse a description that is not what one may be.

    Parameters
    ----------
    description : object
        The content of the file.
    file : str
        The file's name, for faults.
    cache : Cache
        What was checked before is not checked again.
    is_part : bool
        Whether it is a story's part, in which tables and columns of the library may have a name alone.

    Raises
    ------
    Faults
        Everything that is wrong with it, up to `MOST` faults.
    """
    schema = _schema(is_part)

    def make() -> bytes:
        return json.dumps(_texts(description, schema)).encode()

    try:
        texts = json.loads(cache.get("description", [schema, json.dumps(description)], make))
    except Fault:  # the cache cannot be written
        texts = _texts(description, schema)
    if texts:
        raise Faults(Fault(what, file=file, value=value, remedy=remedy) for what, value, remedy in texts)


@lru_cache(maxsize=2)
def _schema(is_part: bool) -> str:
    schema = json.loads(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))
    for name, required in _LEFT_OUT.items() if is_part else ():
        schema["$defs"][name]["required"] = required
    return json.dumps(schema)


def _texts(description: Any, schema: str) -> list[tuple[str, str | None, str]]:
    """Return what is wrong, with the value and what to do."""
    # Imported when needed: it is slow to load.
    from jsonschema import Draft202012Validator

    texts = []
    for error in Draft202012Validator(json.loads(schema)).iter_errors(description):
        texts.append(_text(error, description))
        # A list that is too long can be so long that nobody would wait for the rest.
        if len(texts) == MOST or error.validator == "maxItems":
            break
    return texts or list(_repeated(description))


def _place(path: Iterable[str | int], node: Any) -> str:
    """Return a place as ``resources[facts].schema.fields[0]``, with the names of what has one."""
    place = ""
    for step in path:
        node = node[step]
        name = node.get("name") if isinstance(step, int) and isinstance(node, dict) else None
        name = name[:100] if isinstance(name, str) else step
        place += f"[{name}]" if isinstance(step, int) else f".{step}"
    return place.lstrip(".")


def _text(error: ValidationError, description: Any) -> tuple[str, str | None, str]:
    where = _place(error.absolute_path, description)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return (
            f"is not a data package: {where or 'it'} lacks {missing}",
            None,
            "Add it, or take out what it is to describe.",
        )
    remedy = "Write it so; https://datapackage.org/standard/data-package/ has the whole standard."
    if error.schema is False:
        return f"is not a data package: {where} may not be given here", _shown(error.instance), "Take it out."
    expected = error.schema.get("description", "something else")
    return f"is not a data package: {where or 'it'} must be {expected}", _shown(error.instance), remedy


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else text[:99] + "…"


def _repeated(description: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield names that stand twice: of tables, and of columns of one table."""
    lists = {"resources": description["resources"]} | {
        f"resources[{resource['name']}].schema.fields": resource.get("schema", {}).get("fields", [])
        for resource in description["resources"]
    }
    for where, items in lists.items():
        for name, count in Counter(item["name"] for item in items).items():
            if count > 1:
                what = f"is not a data package: {where} has this name {count} times"
                yield what, name, "Give each its own."
