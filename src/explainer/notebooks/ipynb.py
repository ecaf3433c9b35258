"""Reading notebooks: their cells with options and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from explainer.english.suggestions import did_you_mean, join_sentences
from explainer.system import limits
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.system.structured import parse_json, parse_yaml, read_file

INLINE_CODE = re.compile(r"`\{(?:python|r|julia)\}[^`]*`")
HEADING = re.compile(r"^#[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*(?:\{[^}]*\})?[ \t]*$")
CROSS_REFERENCED = ("fig-", "tbl-")
_RESTORE = "Restore the last good version, or save it again from JupyterLab."


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    file : str
        The notebook, from the project's root.
    index : int
        Index among all cells, from 0.
    number : int
        Number among the cells of its kind, from 1. Empty cells do not count, so that this is the number
        that Jupyter shows.
    node : NotebookNode
        The cell in nbformat.
    options : mapping
        Cell options, from ``#| key: value`` lines and the cell's metadata; the lines take precedence.
    code : str
        The source without its option lines.
    """

    file: str
    index: int
    number: int
    node: NotebookNode
    options: Mapping[str, Any]
    code: str

    @property
    def kind(self) -> str:
        """``code``, ``markdown`` or ``raw``."""
        return self.node.cell_type

    @property
    def source(self) -> str:
        """The source, option lines included."""
        return self.node.source

    @property
    def outputs(self) -> list[NotebookNode]:
        """The outputs of its last run."""
        return self.node.get("outputs", [])

    @property
    def label(self) -> str | None:
        """Its name in embeds and cross-references."""
        return self.options.get("label")

    @property
    def place(self) -> str:
        """The cell in error messages, such as ``code cell 3 (fig-days)``."""
        kind = {"code": "code", "markdown": "Markdown"}.get(self.kind, self.kind)
        return f"{kind} cell {self.number}" + (f" ({self.label})" if self.label else "")

    def output(self, mime: str) -> Any:
        """Return the first output of a MIME type, or None."""
        for output in self.outputs:
            if mime in output.get("data", {}):
                return output["data"][mime]
        return None


@dataclass(frozen=True)
class Notebook:
    """A valid notebook.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Its path from the project's root.
    raw : bytes
        Its content when it was read, to tell later whether somebody has changed it.
    node : NotebookNode
        The notebook in nbformat; every cell has an id.
    cells : tuple of Cell
        All cells, in order.
    """

    path: Path
    file: str
    raw: bytes = field(repr=False)
    node: NotebookNode = field(repr=False)
    cells: tuple[Cell, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """File name without ``.ipynb``."""
        return self.path.stem

    @property
    def code_cells(self) -> list[Cell]:
        """The code cells, in order."""
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def title(self) -> str:
        """The first top-level heading.

        Raises
        ------
        Fault
            If there is none.
        """
        for cell in self.cells:
            if cell.kind == "markdown":
                for line in _outside_fences(cell.source):
                    if heading := HEADING.match(line):
                        return heading["text"]
        raise Fault("no title", file=self.file, remedy="Begin the first Markdown cell with “# ” and a title.")

    @cached_property
    def labels(self) -> dict[str, Cell]:
        """Labeled cells by label, in order.

        Raises
        ------
        Faults
            If two cells have the same label.
        """
        cells: dict[str, Cell] = {}
        faults = []
        for cell in self.cells:
            if cell.label is None:
                continue
            if cell.label in cells:
                faults.append(_duplicate_label(cell, cells[cell.label]))
            else:
                cells[cell.label] = cell
        if faults:
            raise Faults(faults)
        return cells

    def cell(self, label: str) -> Cell:
        """Return the cell labeled `label`.

        Raises
        ------
        Fault
            If there is none; it suggests the nearest label and lists all.
        """
        if label in self.labels:
            return self.labels[label]
        raise Fault(
            "no cell has this label",
            file=self.file,
            value=label,
            remedy=_choose(label, list(self.labels), "label"),
        )


def read(path: Path, project: Project) -> Notebook:
    """Read one notebook; copy it before changing it, as later calls return the same object.

    Cells without an id, or with the id of an earlier cell, get one from their position, so that reading twice
    gives the same ids.

    Raises
    ------
    Fault
        If the file is missing, unreadable, not JSON or not a version 4 notebook, or an option line is wrong.
    """
    file = project.relative(path)
    if not path.exists():
        remedy = _choose(path.stem, [known.stem for known in project.notebook_files()], "notebook")
        raise Fault("no such notebook", file=file, remedy=remedy)
    return _parse(path, file, read_file(path, file, limits.NOTEBOOK_BYTES, _RESTORE))


@lru_cache(maxsize=64)  # a build reads each notebook several times
def _parse(path: Path, file: str, raw: bytes) -> Notebook:
    node = _node(parse_json(raw, file, _RESTORE), file)
    return Notebook(path=path, file=file, raw=raw, node=node, cells=tuple(_cells(node, file)))


def read_all(project: Project) -> list[Notebook]:
    """Read every notebook of the project, in the order of their names (2 before 10).

    Raises
    ------
    Faults
        Everything that is wrong in any of them, duplicate labels included.
    """
    notebooks: list[Notebook] = []
    faults: list[Fault] = []
    for path in project.notebook_files():
        try:
            notebook = read(path, project)
            _ = notebook.labels
            notebooks.append(notebook)
        except Fault as fault:
            faults += fault.faults
    if faults:
        raise Faults(faults)
    index(notebooks)
    return notebooks


def index(notebooks: Iterable[Notebook]) -> dict[str, tuple[Notebook, Cell]]:
    """Return the notebook and cell of each label that can be cross-referenced (``fig-``, ``tbl-``).

    Raises
    ------
    Faults
        If two cells, in the same notebook or not, have the same such label.
    """
    cells: dict[str, tuple[Notebook, Cell]] = {}
    faults = []
    for notebook in notebooks:
        for label, cell in notebook.labels.items():
            if not label.startswith(CROSS_REFERENCED):
                continue
            if label in cells:
                faults.append(_duplicate_label(cell, cells[label][1]))
            else:
                cells[label] = (notebook, cell)
    if faults:
        raise Faults(faults)
    return cells


def find(notebooks: Iterable[Notebook], name: str) -> Notebook:
    """Return the notebook called `name`: ``2-x``, ``2-x.ipynb`` or ``notebooks/2-x.ipynb``.

    Raises
    ------
    Fault
        If there is none; it suggests the nearest and lists all.
    """
    known = {notebook.name: notebook for notebook in notebooks}
    stem = name.removesuffix(".ipynb").rpartition("/")[2]
    if stem in known:
        return known[stem]
    raise Fault("no such notebook", value=name, remedy=_choose(stem, list(known), "notebook"))


def check(notebook: Notebook) -> list[Fault]:
    """Return faults that show without running the notebook: no title, inline code in Markdown.

    Quarto computes inline code only if it executes the notebook itself; in a notebook that was executed
    before, the code would be published as text.
    """
    faults = []
    try:
        _ = notebook.title
    except Fault as fault:
        faults.append(fault)
    for cell in notebook.cells:
        if cell.kind != "markdown":
            continue
        for number, line in enumerate(cell.source.split("\n"), start=1):
            if code := INLINE_CODE.search(line):
                faults.append(
                    Fault(
                        "inline code would be published as it stands",
                        file=cell.file,
                        column=f"{cell.place}, line {number}",
                        value=code[0],
                        remedy="Show the value from a code cell, or publish it as a variable.",
                    )
                )
    return faults


def _node(data: Any, file: str) -> NotebookNode:
    """Return `data` as a valid notebook in which every cell has an id."""
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        raise Fault("is JSON, but not a version 4 notebook", file=file, remedy=_RESTORE)
    taken: set[str] = set()
    for position, cell in enumerate(data["cells"], start=1):
        if isinstance(cell, dict):
            if not isinstance(cell.get("id"), str) or cell["id"] in taken:
                cell["id"] = _new_id(position, taken)
            taken.add(cell["id"])
    data["nbformat"], data["nbformat_minor"] = 4, 5
    try:
        node = nbformat.v4.to_notebook(data)
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        first = str(error).strip().partition("\n")[0]
        raise Fault(f"is not a valid notebook: {first}", file=file, remedy=_RESTORE) from None
    except (AttributeError, KeyError, TypeError, ValueError):
        # Raised by nbformat itself, for a cell or an output whose kind, say, is not text.
        what = "is not a valid notebook: its cells are not made as nbformat 4 describes"
        raise Fault(what, file=file, remedy=_RESTORE) from None
    return node


def _new_id(position: int, taken: set[str]) -> str:
    name = f"cell-{position:02d}"
    while name in taken:
        name += "-b"
    return name


def _cells(node: NotebookNode, file: str) -> Iterable[Cell]:
    counts: dict[str, int] = {}
    for position, cell in enumerate(node.cells):
        number = counts.get(cell.cell_type, 0) + 1
        if cell.source.strip():
            counts[cell.cell_type] = number
        lines, code = _option_lines(cell.source) if cell.cell_type == "code" else ([], cell.source)
        plain = Cell(file, position, number, cell, dict(cell.metadata), code)
        options = {**cell.metadata, **_parse_options(lines, plain)}
        if not isinstance(options.get("label"), str | None):
            raise Fault(
                "the label is not a text",
                file=file,
                column=plain.place,
                value=options["label"],
                remedy="Write for example “#| label: fig-days”.",
            )
        yield replace(plain, options=options)


def _option_lines(source: str) -> tuple[list[str], str]:
    """Return the leading ``#|`` lines of a code cell, and the rest."""
    lines = source.split("\n")
    options = list(takewhile(lambda line: line.startswith("#|"), lines))
    return options, "\n".join(lines[len(options) :])


def _parse_options(lines: list[str], cell: Cell) -> dict[str, Any]:
    text = "\n".join(line.removeprefix("#|").removeprefix(" ") for line in lines)
    remedy = "Write each option as “#| key: value”."

    def fault(what: str, line: int) -> Fault:
        column, value = f"{cell.place}, line {line}", lines[min(line, len(lines)) - 1]
        return Fault(
            f"the cell's block of options {what}", file=cell.file, column=column, value=value, remedy=remedy
        )

    options = parse_yaml(text, fault) or {}
    if not isinstance(options, dict):
        what = "the cell's options are not of the form key: value"
        raise Fault(what, file=cell.file, column=cell.place, value=text, remedy=remedy)
    return options


def _outside_fences(source: str) -> Iterable[str]:
    """Yield the lines of Markdown outside fenced code."""
    fence: str | None = None
    for line in source.split("\n"):
        mark = re.match(r"^ {0,3}(```+|~~~+)", line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence):
            fence = None
        elif fence is None:
            yield line


def _duplicate_label(cell: Cell, first: Cell) -> Fault:
    return Fault(
        f"this label is already that of {first.file}, {first.place}",
        file=cell.file,
        column=cell.place,
        value=cell.label,
        remedy="Give one of the two another label.",
    )


def _choose(name: str, known: list[str], kind: str) -> str:
    """Return a remedy that suggests the nearest of the `known` names and lists all."""
    listed = f"There are: {', '.join(known)}." if known else f"There is no {kind} yet."
    return join_sentences(did_you_mean(name, known, quoted=False), listed)
