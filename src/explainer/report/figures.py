"""Figures and tables of the executed notebooks, taken out and made ready for page, paper and download."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode

from explainer.authoring import figure, records, svg, tables
from explainer.data.package import load
from explainer.evidence import citations
from explainer.notebooks import ipynb
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.report import brand, exhibits
from explainer.report.folders import write_folder
from explainer.report.site import page_of
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_text
from explainer.system.project import Project

MIMES = {"fig-": figure.MIME, "tbl-": tables.MIME}
WORDS = ("takeaway", "caption", "note", "sources", "columns", "rows", "cells")


def collect_figures(project: Project) -> dict[str, dict[str, Any]]:
    """Write ``_build/figures/<label>/`` for every labeled figure and table.

    Each folder holds ``data.csv``; that of a figure also ``page.svg`` (to stand inline, following the page's
    colors), ``print.svg`` and ``spec.json``, and where there is a phone version ``page-narrow.svg``
    and ``spec-narrow.json``.

    Returns
    -------
    dict
        What `write` is to write, in the order of the notebooks: label -> kind (``fig`` or ``tbl``), label,
        notebook, page, cell, takeaway, caption, alt, note, sources (id, text, name, url), columns (name,
        title, type), rows, cells (rows as text), links (for each row, column -> address, if any), ids (the
        key of each row, if any) and files (kind -> path from the project's root).

    Raises
    ------
    Faults
        Every label without its output or used twice, every unknown source, every SVG that is not fit to
        publish. Nothing is written then.
    """
    notebooks = ipynb.read_all(project)
    name_source = _sources(project)
    entries: dict[str, dict[str, Any]] = {}
    contents: dict[str, bytes] = {}
    faults: list[Fault] = []
    for label, (notebook, cell) in ipynb.index(notebooks).items():
        try:
            entries[label], files = _entry(project, notebook, cell, name_source)
        except Fault as fault:
            fault.file, fault.column = cell.file, cell.place
            faults.append(fault)
            continue
        contents |= {f"{label}/{name}": text.encode() for name, text in files.values()}
    if not notebooks:
        faults.append(Fault("there is no notebook", file=project.relative(project.notebooks)))
    if faults:
        raise Faults(faults)
    write_folder(project.build / "figures", contents)
    return entries


def write(project: Project, entries: dict[str, dict[str, Any]]) -> None:
    """Write ``_build/figures.json`` and the markup of each figure; charts for paper get the brand's colors.

    Parameters
    ----------
    project : Project
        The project.
    entries : dict
        As `collect_figures` returns them, with the downloads that were made since.
    """
    look = brand.read(project)
    for entry in entries.values():
        if "print" in entry["files"]:
            path = project.root / entry["files"]["print"]
            write_text(path, look.repaint(path.read_text(encoding="utf-8")))
    exhibits.write(project, entries)
    write_text(
        project.build / "figures.json", json.dumps(entries, ensure_ascii=False, allow_nan=False) + "\n"
    )


def _entry(
    project: Project, notebook: Notebook, cell: Cell, name_source: Callable[[str], dict[str, str]]
) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """Return what ``figures.json`` says of one cell, and its files: kind -> name and text."""
    label = str(cell.label)
    prefix = label[:4]
    output = cell.output(MIMES[prefix])
    if output is None:
        kind, maker = ("figure", "Figure(...)") if prefix == "fig-" else ("table", "Table(...)")
        remedy = f"End the cell with {maker} and run the notebook."
        raise Fault(f"the cell is labeled, but its output holds no {kind}", remedy=remedy)
    missing = [word for word in WORDS if word not in output]
    if prefix == "fig-" and not isinstance(output.get("spec"), str):
        missing.append("spec")
    if missing:
        what = "the output is of an older version"
        raise Fault(what, value=", ".join(missing), remedy="Run the notebook again.")
    folder = project.build / "figures" / label
    texts = _texts(cell, output, label)
    entry = {
        "kind": prefix[:3],
        "label": label,
        "notebook": notebook.file,
        "page": page_of(notebook.file),
        "cell": cell.node.id,
        **{word: output[word] for word in WORDS},
        "links": output.get("links", []),
        "ids": output.get("ids", []),
        "alt": output.get("alt", ""),
        "sources": [name_source(source) for source in output["sources"]],
        "files": {kind: project.relative(folder / name) for kind, (name, _) in texts.items()},
    }
    return entry, texts


#: The files of each label with the outputs that they were written from.
_texts_of_outputs: dict[str, tuple[list[NotebookNode], dict[str, tuple[str, str]]]] = {}


def _texts(cell: Cell, output: dict[str, Any], label: str) -> dict[str, tuple[str, str]]:
    """Return the files of a figure or table: kind -> name and text."""
    if label not in _texts_of_outputs or _texts_of_outputs[label][0] != cell.outputs:
        texts = {"data": ("data.csv", records.to_csv(output["columns"], output["rows"]))}
        if label.startswith("fig-"):
            texts |= _pictures(cell, output, label)
        _texts_of_outputs[label] = (cell.outputs, texts)
    return _texts_of_outputs[label][1]


def _pictures(cell: Cell, output: dict[str, Any], label: str) -> dict[str, tuple[str, str]]:
    """Return the files of a chart: kind -> name and text."""
    drawn = cell.output("image/svg+xml")
    if drawn is None:
        raise Fault("the figure's output holds no picture", remedy="Run the notebook again.")
    files = {
        "page": ("page.svg", svg.for_page(drawn, label)),
        "print": ("print.svg", svg.for_print(drawn, label)),
        "spec": ("spec.json", _json(json.loads(output["spec"]))),
    }
    if "narrow" in output:
        files["narrow"] = ("page-narrow.svg", svg.for_page(output["narrow"], f"{label}-narrow"))
    if "narrow_spec" in output:
        files["narrow-spec"] = ("spec-narrow.json", _json(json.loads(output["narrow_spec"])))
    return files


def _sources(project: Project) -> Callable[[str], dict[str, str]]:
    """Return a function from a source's id to how it is named and linked."""
    rows = load("sources", project).astype("string").fillna("").to_dict("records")
    table = {row["source_id"]: row for row in rows}
    named = citations.named(project)

    def name(source: str) -> dict[str, str]:
        if source not in table:
            raise Fault(
                "no such source",
                value=source,
                remedy="Add it to the table of sources or mend the id in the cell.",
            )
        row = table[source]
        text = ", ".join(part for part in (row["outlet"], row["title_short"]) if part)
        return {"id": source, "text": text, "name": named[source]["name"], "url": row["url"]}

    return name


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False, sort_keys=True) + "\n"
