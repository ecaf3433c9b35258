"""Numbers that somebody typed into the code of a notebook, and that its figures print.

That a number is in the frame of a figure does not say that it was taken from there. So the strings of the
code are read as well: a number within one, whose neighbours in the string are its neighbours in what the
figure prints, was typed. Dates and words by which a cell selects rows are not printed, and pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from explainer.notebooks.ipynb import Notebook
from explainer.verify.numbers import tokens

#: How many letters on each side of a number make its neighbours.
REACH = 16


@dataclass(frozen=True)
class Typed:
    """A number within a string of a notebook's code.

    Parameters
    ----------
    place : str
        Cell and line, for people.
    label : str or None
        Of the cell.
    text : str
        As typed.
    before, after : str
        Letters and digits on each side, as far as the string and `REACH` go.
    """

    place: str
    label: str | None
    text: str
    before: str
    after: str

    def stands_in(self, text: str, token: tokens.Token, label: str) -> bool:
        """Return whether `token` of a `text` that figure `label` prints is this one."""
        if self.text != token.text:
            return False
        before, after = squeeze(text[: token.start]), squeeze(text[token.end :])
        if self.before or self.after:
            return before.endswith(self.before) and after.startswith(self.after)
        # A string that is nothing but the number: only where the figure's own cell prints nothing else.
        return self.label == label and not before and not after


def find(notebook: Notebook) -> list[Typed]:
    """Return the numbers within all strings of a notebook's code."""
    found: list[Typed] = []
    trees = []
    for cell in notebook.code_cells:
        try:
            trees.append((cell, ast.parse(cell.source)))
        except SyntaxError:  # a cell of commands for Jupyter
            continue
    named = _constants(tree for _, tree in trees)
    for cell, tree in trees:
        for line, text in _strings(tree, named):
            for token in tokens.find(text):
                before = squeeze(text[: token.start])[-REACH:]
                after = squeeze(text[token.end :])[:REACH]
                found.append(Typed(f"{cell.place}, line {line}", cell.label, token.text, before, after))
    return list(dict.fromkeys(found))


def squeeze(text: str) -> str:
    """Return the letters and digits of `text`."""
    return re.sub(r"[\W_]+", "", text)


def _constants(trees: Iterable[ast.AST]) -> dict[str, str]:
    """Return the names that are given a number or a text once and are only there to be printed, as text.

    A name that the code also works with is a parameter, such as the year that selects the rows.
    """
    given: dict[str, list[ast.expr]] = {}
    nodes = [node for tree in trees for node in ast.walk(tree)]
    printed = {node.value for node in nodes if isinstance(node, ast.FormattedValue)}
    used = {
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in printed
    }
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                for name, value in pairs:
                    if isinstance(name, ast.Name):
                        given.setdefault(name.id, []).append(value)
        elif isinstance(node, ast.arg):
            given.setdefault(node.arg, []).append(ast.Name(id=""))
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            # Loops and the like; a plain assignment is counted above.
            given.setdefault(node.id, [])
    return {
        name: str(values[0].value)
        for name, values in given.items()
        if name not in used and len(values) == 1 and _is_constant(values[0])
    }


def _is_constant(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str | int | float)
        and not isinstance(node.value, bool)
    )


def _strings(tree: ast.AST, named: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string, and of every stretch of one that holds computed parts."""
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg is not None:
            # A message is never printed in a figure.
            inner.update(ast.walk(node.msg))
        if node in inner or not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
            continue
        parts = _parts(node, named, inner)
        text = ""
        for part in [*parts, None]:
            if part is not None:
                text += part
            elif text:
                yield node.lineno, text
                text = ""


def _parts(node: ast.AST, named: dict[str, str], inner: set[ast.AST]) -> list[str | None]:
    """Return what a string is put together from: its text, and nothing for each part that is computed."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else [None]
    if isinstance(node, ast.JoinedStr):
        inner.update(node.values)
        return [part for value in node.values for part in _parts(value, named, inner)]
    if isinstance(node, ast.FormattedValue):
        if _is_constant(node.value):
            inner.add(node.value)
            return [str(node.value.value)]
        if isinstance(node.value, ast.Name) and node.value.id in named:
            return [named[node.value.id]]
        return [None]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        inner.update((node.left, node.right))
        return [*_parts(node.left, named, inner), *_parts(node.right, named, inner)]
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("str", "num2words")
        and len(node.args) == 1
        and _is_constant(node.args[0])
    ):
        return [str(node.args[0].value)]
    inner.discard(node)
    return [None]
