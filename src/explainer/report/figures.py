"""Figures and tables of the executed notebooks, taken out and made ready for page, paper and download."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from explainer.authoring import figure, records, svg, tables
from explainer.data.package import load
from explainer.evidence import citations
from explainer.notebooks import ipynb
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.report import exhibits
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_text
from explainer.system.project import Project

MIMES = {"fig-": figure.MIME, "tbl-": tables.MIME}
MAKERS = {"fig-": "Figure(...)", "tbl-": "Table(...)"}
WORDS = ("takeaway", "caption", "note", "sources", "columns", "rows", "cells")


def collect_figures(project: Project) -> dict[str, dict[str, Any]]:
    """Write ``_build/figures/<label>/`` for every labelled figure and table.

    Each folder holds ``data.csv``; that of a figure also ``page.svg`` (to stand inline, following the page's
    colours), ``print.svg`` and ``spec.json``, and where there is a phone version ``page-narrow.svg``
    and ``spec-narrow.json``.

    Returns
    -------
    dict
        What `write` is to write, in the order of the notebooks: label -> kind (``fig`` or ``tbl``), label,
        notebook, page, cell, takeaway, caption, alt, note, sources (id, text, name, url), columns (name,
        title, type), rows, cells (rows as text), links (for each row, column -> address, if any) and files
        (kind -> path from the project's root).

    Raises
    ------
    Faults
        Every label without its output or used twice, every unknown source, every SVG that is not fit to
        publish. Nothing is written then.
    """
    found = ipynb.index(read := ipynb.read_all(project))
    names = _sources(project)
    entries: dict[str, dict[str, Any]] = {}
    contents: dict[Path, str] = {}
    faults: list[Fault] = []
    for label, (notebook, cell) in found.items():
        try:
            entry, files = _entry(project, notebook, cell, names)
        except Fault as fault:
            faults.append(_placed(fault, cell))
            continue
        entries[label] = entry
        contents |= files
    if not read:
        faults.append(Fault("there is no notebook", file=project.relative(project.notebooks)))
    if faults:
        raise Faults(faults)
    for path, text in contents.items():
        write_text(path, text)
    _sweep(project.build / "figures", set(contents))
    return entries


def write(project: Project, entries: dict[str, dict[str, Any]]) -> None:
    """Write ``_build/figures.json`` and the mark-up of each figure.

    Parameters
    ----------
    project : Project
        The project.
    entries : dict
        As `collect_figures` returns them, with the downloads that were made since.
    """
    exhibits.write(project, entries)
    write_text(
        project.build / "figures.json", json.dumps(entries, ensure_ascii=False, allow_nan=False) + "\n"
    )


def _placed(fault: Fault, cell: Cell) -> Fault:
    """Return `fault` with the notebook and cell it is about."""
    return Fault(fault.what, file=cell.file, column=cell.place, value=fault.value, remedy=fault.remedy)


def _entry(
    project: Project, notebook: Notebook, cell: Cell, names: Callable[[str], dict[str, str]]
) -> tuple[dict[str, Any], dict[Path, str]]:
    """Return what ``figures.json`` says of one cell, and its files by path."""
    label = str(cell.label)
    prefix = label[:4]
    held = cell.output(MIMES[prefix])
    if held is None:
        raise Fault(
            "the cell is labelled, but its output holds no " + {"fig-": "figure", "tbl-": "table"}[prefix],
            remedy=f"End the cell with {MAKERS[prefix]} and run the notebook.",
        )
    lacking = [word for word in WORDS if word not in held]
    if lacking:
        raise Fault(
            "the output is of an older version", value=", ".join(lacking), remedy="Run the notebook again."
        )
    folder = project.build / "figures" / label
    texts = _texts(cell, held, label)
    entry = {
        "kind": prefix[:3],
        "label": label,
        "notebook": notebook.file,
        "page": notebook.file.removesuffix(".ipynb") + ".html",
        "cell": cell.node.id,
        **{word: held[word] for word in WORDS},
        "links": held.get("links", []),
        "alt": held.get("alt", ""),
        "sources": [names(source) for source in held["sources"]],
        "files": {kind: project.relative(folder / name) for kind, (name, _) in texts.items()},
    }
    return entry, {folder / name: text for name, text in texts.values()}


#: The files of each label as they were last made, with the cell's outputs: the same outputs, the same files.
_made: dict[str, tuple[list[NotebookNode], dict[str, tuple[str, str]]]] = {}


def _texts(cell: Cell, held: dict[str, Any], label: str) -> dict[str, tuple[str, str]]:
    """Return the files of a figure or table: kind -> name and text."""
    if label not in _made or _made[label][0] != cell.outputs:
        texts = {"data": ("data.csv", records.to_csv(held["columns"], held["rows"]))}
        if label.startswith("fig-"):
            texts |= _pictures(cell, held, label)
        _made[label] = (cell.outputs, texts)
    return _made[label][1]


def _pictures(cell: Cell, held: dict[str, Any], label: str) -> dict[str, tuple[str, str]]:
    """Return the files of a chart: kind -> name and text."""
    drawn = cell.output("image/svg+xml")
    if drawn is None:
        raise Fault("the figure's output holds no picture", remedy="Run the notebook again.")
    files = {
        "page": ("page.svg", svg.for_page(drawn, label)),
        "print": ("print.svg", svg.for_print(drawn, label)),
        "spec": ("spec.json", _json(held["spec"])),
    }
    if "narrow" in held:
        files["narrow"] = ("page-narrow.svg", svg.for_page(held["narrow"], f"{label}-narrow"))
    if "narrow_spec" in held:
        files["narrow-spec"] = ("spec-narrow.json", _json(held["narrow_spec"]))
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


def _sweep(folder: Path, kept: set[Path]) -> None:
    """Remove what an earlier run left and this one no longer makes."""
    folders = {path.parent for path in kept}
    for entry in sorted(folder.iterdir()) if folder.is_dir() else []:
        if entry not in folders:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
            continue
        for file in entry.iterdir():
            if file not in kept:
                file.unlink()
