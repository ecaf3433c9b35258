"""Which cell of a notebook makes a value, as its code says."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from explainer.notebooks.ipynb import Cell, Notebook
from explainer.notebooks.syntax import parse_code

#: In a name that is put together, whatever stands in a place to be filled in.
ANYTHING = r"[\w.-]+"


def find(notebook: Notebook, table: str, name: str) -> Cell | None:
    """Return the cell that makes the value `name` of `table`.

    That is the first whose code has the name in full, such as ``values.count("crates.sold", …)``; else the
    first that puts it together, such as ``f"crates.{grower}"``; else the cell that saves the table.
    """
    patterns = [(cell, pattern) for cell in notebook.code_cells for pattern in _texts(cell.code)]
    for is_whole in (True, False):
        for cell, pattern in patterns:
            if is_whole == (pattern == re.escape(name)) and re.fullmatch(pattern, name):
                return cell
    return next((cell for cell, pattern in patterns if pattern == re.escape(table)), None)


@lru_cache(maxsize=1000)  # all values of a notebook are looked for in the same cells
def _texts(code: str) -> tuple[str, ...]:
    """Return the texts in a cell's code as patterns."""
    try:
        tree = parse_code(code)
    except SyntaxError:  # what IPython adds to Python
        return ()
    return tuple(pattern for node in ast.walk(tree) if (pattern := _pattern(node)))


def _pattern(node: ast.AST) -> str | None:
    """Return a text as a pattern; None for one without a part of a name: it would match any."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if not isinstance(node, ast.JoinedStr):
        return None
    fixed = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
    if not any("." in str(part) for part in fixed if part is not None):
        return None
    return "".join(ANYTHING if part is None else re.escape(str(part)) for part in fixed)
