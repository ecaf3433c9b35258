"""Which cell of a notebook makes a value, as its code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
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
    texts = [(cell, text) for cell in notebook.code_cells for text in _texts(cell.code)]
    ways: list[Callable[[str | re.Pattern[str]], object]] = [
        lambda text: text == name,
        lambda text: isinstance(text, re.Pattern) and text.fullmatch(name),
        lambda text: text == table,
    ]
    return next((cell for is_it in ways for cell, text in texts if is_it(text)), None)


@lru_cache(maxsize=1000)  # all values of a notebook are looked for in the same cells
def _texts(code: str) -> tuple[str | re.Pattern[str], ...]:
    """Return the texts in a cell's code, as patterns where they are put together."""
    try:
        tree = parse_code(code)
    except SyntaxError:  # what IPython adds to Python
        return ()
    return tuple(text for node in ast.walk(tree) if (text := _text(node)) is not None)


def _text(node: ast.AST) -> str | re.Pattern[str] | None:
    """Return a text, or a pattern of one that is put together.

    None for one without a part of a name: it would match any.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    fixed = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
    if not any("." in part for part in fixed if part is not None):
        return None
    if None not in fixed:
        return "".join(filter(None, fixed))
    return re.compile("".join(ANYTHING if part is None else re.escape(part) for part in fixed))
