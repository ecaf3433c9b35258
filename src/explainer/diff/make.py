"""Build the report of one side as far as a comparison needs it: no PDF, no pictures to download."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from explainer.diff import blocks, sides
from explainer.diff.sides import Side
from explainer.ledger.data_check import DataCheck
from explainer.system.errors import Fault, Faults, Gone
from explainer.system.files import write_text
from explainer.system.project import Project

RESULT = "side.json"
#: Parts of a chart or table that are compared verbatim.
PARTS = ("kind", "takeaway", "caption", "alt", "note", "columns", "cells")


def build(project: Project, side: Side, say: Callable[[str], Any]) -> dict[str, Any]:
    """Return the comparable content of one side, from an earlier build where there is one.

    Parameters
    ----------
    project : Project
        The current project; the last runs of its notebooks, and of other sides, are reused where they fit.
    side : Side
        The side.
    say : callable
        Receives progress messages.

    Raises
    ------
    Faults
        Whatever is wrong with the side, with its name before each file unless it is the working folder.
    """
    path = side.project.build / RESULT
    if path.is_file():
        return json.loads(path.read_text(encoding="utf-8"))
    say(f"Making the report of {side.name}")
    try:
        content = _content(project, side.project, say)
    except Fault as fault:
        raise _named(fault, side.name) from None
    write_text(path, json.dumps(content, ensure_ascii=False) + "\n")
    return content


def _refuse(faults: list[Fault]) -> None:
    """Raise the faults, except for rows that were struck: a comparison shows the effect of striking them."""
    if left := [fault for fault in faults if not isinstance(fault, Gone)]:
        raise Faults(left)


def _content(here: Project, project: Project, say: Callable[[str], Any]) -> dict[str, Any]:
    # Imported here: a side that was built before needs none of it.
    from explainer.build import collect
    from explainer.data import description
    from explainer.notebooks import ipynb, runner
    from explainer.report import figures, site

    description.refresh(project)
    # As before a render: tables that notebooks write may be behind an edit until they have run.
    _refuse(DataCheck(project, with_generated=False).faults)
    _adopt_runs(here, project)
    stale = [name for name in ipynb.read_all(project) if runner.reasons(project, name)]
    if stale:
        say(f"Running {len(stale)} of its notebooks")
        runner.run(project)
    _refuse(DataCheck(project).faults)
    collected = collect.gather(project)
    figures.write(project, collected.figures)
    site.write(project, collect.content(project, collected))
    return {
        "blocks": list(_blocks(project)),
        "tables": _tables(project),
        "facts": collected.facts,
        "values": {name: _value(value) for name, value in collected.values.items()},
        "figures": {label: _figure(project, entry) for label, entry in collected.figures.items()},
        "notebooks": {
            notebook.file: [[cell.kind, cell.source] for cell in notebook.cells]
            for notebook in ipynb.read_all(project)
        },
    }


def _blocks(project: Project) -> Iterator[list[str]]:
    """Yield the blocks of all pages of prose, one page after the other."""
    from explainer.engines import pandoc

    for page in pandoc.pages_of_prose(project).values():
        output = page.path.with_suffix(".html")
        pandoc.convert(project, page.path, page.name, "html", output)
        yield from blocks.blocks(output.read_bytes())


def _adopt_runs(here: Project, project: Project) -> None:
    """Adopt the stamp of any run, here or on another side, whose results the notebooks hold.

    A stamp holds the hashes of every input, the outputs and the tables, so one that fits proves that the
    committed results are what a run would give.
    """
    from explainer.notebooks import ipynb
    from explainer.notebooks import stamp as stamps

    runs = [here, *map(Project, sides.existing(here))]
    for notebook in ipynb.read_all(project):
        for other in runs:
            stamp = stamps.read(other, notebook)
            if stamp and not stamps.reasons(project, notebook, stamp):
                stamps.write(project, notebook, stamp)
                break


def _named(fault: Fault, name: str) -> Fault:
    """Return a fault with its side before the file, as git writes it: ``HEAD:data/article/facts.csv``."""
    faults: Iterable[Fault] = fault.faults
    if name != sides.HERE:
        for each in faults:
            each.file = f"{name}:{each.file}" if each.file else name
    return fault


def _tables(project: Project) -> dict[str, dict[str, Any]]:
    """Return every table as text, with the key that identifies its rows."""
    from explainer.data.package import DataPackage, names

    package = DataPackage(project)
    return {
        name: {
            "file": package.file(name),
            "key": _as_list(package.resource(name)["schema"].get("primaryKey") or []),
            "made": bool(package.resource(name).get("producedBy")),
            "rows": [record for _, record in package.table(name).records],
        }
        for name in names(project)
    }


def _as_list(key: str | list[str]) -> list[str]:
    return [key] if isinstance(key, str) else key


def _value(value: dict[str, Any]) -> dict[str, Any]:
    return {part: value[part] for part in ("shown", "status", "derivation")}


def _figure(project: Project, entry: dict[str, Any]) -> dict[str, Any]:
    """Return the comparable content of a chart or table."""
    content = {part: entry[part] for part in PARTS}
    content["sources"] = [source["text"] for source in entry["sources"]]
    content["links"] = [url for row in entry["links"] for url in row.values()]
    if entry["kind"] == "fig":
        # The print version has its own colors and needs no style sheet.
        content["picture"] = (project.root / entry["files"]["print"]).read_text(encoding="utf-8")
        specs = [
            (project.root / path).read_text(encoding="utf-8")
            for kind, path in entry["files"].items()
            if "spec" in kind
        ]
        content["drawing"] = hashlib.sha256("".join(map(drawing, specs)).encode()).hexdigest()
    return content


def drawing(spec: str) -> str:
    """Return a Vega-Lite specification in a form that does not depend on the order of its rows of data."""
    return json.dumps(_without_order(json.loads(spec)), sort_keys=True)


def _without_order(node: Any, key: str = "") -> Any:
    """Return the part of a specification under `key`, with its rows sorted."""
    if isinstance(node, list):
        items = [_without_order(item) for item in node]
        return sorted(items, key=_canonical) if key == "values" else items
    if not isinstance(node, dict):
        return node
    if key == "datasets":  # their names are hashes of their rows, in order
        return sorted((_without_order(rows, "values") for rows in node.values()), key=json.dumps)
    fields = {name: value for name, value in node.items() if (key, name) != ("data", "name")}
    return {name: _without_order(value, name) for name, value in fields.items()}


def _canonical(item: Any) -> str:
    return json.dumps(item, sort_keys=True)
