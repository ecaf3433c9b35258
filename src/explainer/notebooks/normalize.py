"""Normalizing an executed notebook, so that every run anywhere gives the same bytes."""

from __future__ import annotations

import re
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from explainer.notebooks.ipynb import Cell, Notebook
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project

FIGURE = "application/vnd.explainer.figure+json"
TABLE = "application/vnd.explainer.table+json"
CAPTIONS = ("fig-cap", "fig-alt", "tbl-cap")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    # Programs that make a script of a notebook ask for the ending of its file.
    "language_info": {"name": "python", "file_extension": ".py"},
}

# Cell metadata of editors and runners, which differs from session to session.
TRANSIENT = (
    "ExecuteTime",
    "collapsed",
    "editable",
    "execution",
    "jupyter",
    "scrolled",
    "slideshow",
    "trusted",
    "vscode",
)

# Any other type makes Quarto load scripts from elsewhere (HTML, widgets, Vega), or is not shown.
ALLOWED = frozenset(
    {
        "text/plain",
        "text/markdown",
        "text/latex",
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "application/json",
        FIGURE,
        TABLE,
    }
)
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
# IPython names the file of a cell after the kernel's process id.
CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")


def normalize(notebook: Notebook, project: Project) -> None:
    """Normalize an executed notebook in place.

    Execution counts become 1 to n, metadata of the session and paths of this machine are removed, streams are
    merged, and cells with a figure or a table get their captions, for Quarto, as cell metadata.

    Parameters
    ----------
    notebook : Notebook
        The notebook.
    project : Project
        The project, whose path is removed from outputs.

    Raises
    ------
    Faults
        Outputs that cannot be published or differ from run to run.
    """
    node, faults = notebook.node, []
    node.metadata = nbformat.from_dict(METADATA)
    node.nbformat, node.nbformat_minor = 4, 5
    paths = _paths(project)
    for cell in notebook.cells:
        for key in TRANSIENT:
            cell.node.metadata.pop(key, None)
        if cell.kind != "code":
            continue
        has_code = bool(cell.source.strip())
        cell.node.execution_count = cell.number if has_code else None
        cell.node.outputs = [_output(o, cell, paths) for o in _merge(cell.outputs)] if has_code else []
        _captions(cell)
        faults += _output_faults(cell)
    if faults:
        raise Faults(faults)


def text(notebook: Notebook) -> str:
    """Return the notebook as the text of its file."""
    return nbformat.writes(notebook.node).rstrip("\n") + "\n"


def _merge(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join consecutive stream outputs, standard output first, as their interleaving is random."""
    merged: list[NotebookNode] = []
    for is_stream, group in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not is_stream:
            merged += group
            continue
        parts = list(group)
        for name in ("stdout", "stderr"):
            joined = "".join(part.text for part in parts if part.name == name)
            if joined:
                merged.append(nbformat.v4.new_output("stream", name=name, text=joined))
    return merged


def _output(output: NotebookNode, cell: Cell, paths: dict[str, tuple[re.Pattern[str], str]]) -> NotebookNode:
    output = nbformat.from_dict(_without_paths(output, paths))
    if output.output_type == "execute_result":
        output.execution_count = cell.number
    return output


def _paths(project: Project) -> dict[str, tuple[re.Pattern[str], str]]:
    """Return this machine's folders, longest first, each with a pattern that finds it and a replacement."""
    # Libraries may lie in .venv or elsewhere.
    library = Path(nbformat.__file__).parent.parent
    known = {
        str(library): "site-packages",
        str(Path(re.__file__).parent.parent): "lib",
        str(Path(sys.prefix)): "python",
        str(project.root): ".",
        str(Path.home()): "~",
    }
    # Not within a longer path or a URL: a folder /root must not match https://example.org/root.
    return {
        path: (re.compile(rf"(?:file://|(?<![\w.~/:-])){re.escape(path)}(?![\w-])(?!\.\w)"), name)
        for path, name in sorted(known.items(), key=lambda item: -len(item[0]))
    }


def _without_paths(value: Any, paths: dict[str, tuple[re.Pattern[str], str]]) -> Any:
    if isinstance(value, dict):
        return {key: _without_paths(inner, paths) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_paths(inner, paths) for inner in value]
    if isinstance(value, str):
        # A substring test is much faster than a regular expression, and few texts pass it.
        if "ipykernel_" in value:
            value = CELL_FILE.sub("<cell>", value)
        for path, (pattern, name) in paths.items():
            if path in value:
                value = pattern.sub(name, value)
    return value


def _captions(cell: Cell) -> None:
    """Store caption and alt text as metadata, where Quarto reads them."""
    for key in CAPTIONS:
        cell.node.metadata.pop(key, None)
    if not cell.label:
        return
    figure, table = cell.output(FIGURE), cell.output(TABLE)
    if figure is not None:
        cell.node.metadata["fig-cap"] = figure["caption"]
        cell.node.metadata["fig-alt"] = figure["alt"]
    elif table is not None:
        cell.node.metadata["tbl-cap"] = table["caption"]


def _output_faults(cell: Cell) -> list[Fault]:
    faults = []

    def fault(what: str, value: object, remedy: str) -> None:
        faults.append(Fault(what, file=cell.file, column=cell.place, value=value, remedy=remedy))

    for output in cell.outputs:
        for mime in sorted(set(output.get("data", {})) - ALLOWED):
            fault(
                "puts out a type that would make the page load scripts from elsewhere, or not be shown",
                mime,
                "Call setup() of explainer in the first cell, and end the cell with a Figure, "
                "a Table or a frame.",
            )
        shown = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        if address := ADDRESS.search(shown):
            fault(
                "shows a memory address, which differs from run to run",
                address[0],
                "Show something else, or nothing: assign the last expression to a name.",
            )
    if not faults and cell.label:
        for prefix, mime, kind in (("fig-", FIGURE, "Figure"), ("tbl-", TABLE, "Table")):
            if cell.label.startswith(prefix) and cell.output(mime) is None:
                fault(
                    f"is labeled {prefix}… but does not show a {kind}",
                    cell.label,
                    f"End the cell with a {kind} of the explainer library: it brings caption and "
                    "description along.",
                )
    return faults
