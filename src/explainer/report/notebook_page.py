"""An executed notebook as Pandoc Markdown, the way Quarto writes it, for the embedded engine."""

from __future__ import annotations

import json
import re

import nbformat

from explainer.notebooks.ipynb import Cell, Notebook
from explainer.system.errors import Fault

TITLE = re.compile(r"^#[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*(?:\{[^}]*\})?[ \t]*$", re.MULTILINE)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def to_markdown(notebook: Notebook) -> str:
    """Return the notebook's page: its title as front matter, then cell by cell.

    Raises
    ------
    Fault
        If an output can only be shown as HTML, or a picture has no label.
    """
    parts = []
    title = None
    for cell in notebook.cells:
        if cell.kind == "markdown":
            source = cell.source
            if title is None and (heading := TITLE.search(source)):
                title = heading["text"]
                source = source[: heading.start()] + source[heading.end() :]
            parts.append(source)
        elif cell.kind == "code":
            parts.append(_code_cell(cell))
    # JSON's strings are YAML's too.
    head = f"---\ntitle: {json.dumps(title or notebook.title, ensure_ascii=False)}\n---\n"
    return head + "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _code_block(text: str, attributes: str = "") -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text) or [""]))
    return f"{fence}{attributes}\n{text}\n{fence}"


def _code_cell(cell: Cell) -> str:
    options = cell.options
    if options.get("include") is False:
        return ""
    code = cell.code.strip("\n")
    blocks = []
    if options.get("echo") is not False and code.strip():
        blocks.append(_code_block(code, " {.python .cell-code}"))
    if options.get("output") is not False:
        blocks += [_output(cell, output) for output in cell.outputs if _is_shown(cell, output)]
    if not blocks:
        return ""
    label = f"#cell-{cell.label} " if cell.label else ""
    # The number is that of the cell, as Quarto writes it: the filter makes it the cell's anchor.
    return f':::::: {{{label}.cell execution_count="{cell.number}"}}\n' + "\n\n".join(blocks) + "\n::::::"


def _is_shown(cell: Cell, output: nbformat.NotebookNode) -> bool:
    is_warning = output.output_type == "stream" and output.name == "stderr"
    return not is_warning or cell.options.get("warning") is not False


def _output(cell: Cell, output: nbformat.NotebookNode) -> str:
    if output.output_type == "stream":
        classes = f".cell-output .cell-output-{output.name}"
        content = _code_block(ANSI.sub("", output.text).rstrip("\n"))
    elif output.output_type == "error":
        raise Fault(
            f"the cell failed: {output.ename}: {output.evalue}",
            file=cell.file,
            column=cell.place,
            remedy="Mend it and run the notebook again.",
        )
    else:
        classes = ".cell-output .cell-output-display"
        content = _display(cell, output)
    return f"::::: {{{classes}}}\n{content}\n:::::"


def _display(cell: Cell, output: nbformat.NotebookNode) -> str:
    if cell.label and cell.label.startswith(("fig-", "tbl-")):
        # The filter puts the figure or table here, from what was collected.
        return ""
    data = output.data
    if "text/markdown" in data:
        return data["text/markdown"]
    if "text/plain" in data and not any(kind.startswith("image/") for kind in data):
        return _code_block(data["text/plain"].rstrip("\n"))
    raise Fault(
        "this output has no form that a page can show",
        file=cell.file,
        column=cell.place,
        value=", ".join(sorted(data)),
        remedy="Label the cell (#| label: fig-…) and end it with Figure(…).",
    )


def check_outputs(notebook: Notebook) -> list[Fault]:
    """Return the outputs of `notebook` that no page may show, whichever engine renders it.

    An HTML output makes Quarto load scripts from another host; a picture without a label has no alternative
    text and no data beside it.
    """
    faults = []
    for cell in notebook.code_cells:
        for output in cell.outputs:
            kinds = output.get("data", {})
            has_picture = any(kind.startswith("image/") for kind in kinds)
            if "text/html" in kinds:
                what = "the cell puts out HTML, which would load scripts from elsewhere"
                remedy = "Call setup() from explainer in the first cell and run it again."
            elif has_picture and not (cell.label or "").startswith("fig-"):
                what = "a picture without a label has no description and no data beside it"
                remedy = "Begin the cell with “#| label: fig-…” and end it with Figure(…)."
            else:
                continue
            faults.append(Fault(what, file=cell.file, column=cell.place, remedy=remedy))
    return faults
