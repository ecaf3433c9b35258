"""The syntax tree of a cell's code, as those read it that look at code without running it."""

from __future__ import annotations

import ast

from explainer.system import limits


def parse_code(source: str) -> ast.Module:
    """Return the syntax tree of Python code.

    Raises
    ------
    SyntaxError
        If it is no Python, or is nested more deeply than anybody writes: no function that follows a tree down
        has to fear for its stack.
    """
    try:
        tree = ast.parse(source)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from None
    level: list[ast.AST] = [tree]
    for _ in range(limits.CODE_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        raise SyntaxError(f"more than {limits.CODE_DEPTH} expressions within each other")
    return tree
