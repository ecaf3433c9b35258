"""Numbers that somebody typed into the code of a notebook, and that its figures print.

That a number is in the frame of a figure does not say that it was taken from there. So the strings of the
code are read as well: a number within one, whose neighbors in the string are its neighbors in what the
figure prints, was typed. Dates and words by which a cell selects rows are not printed, and pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from explainer.notebooks.ipynb import Notebook
from explainer.notebooks.syntax import parse_code
from explainer.verify.numbers import tokens

#: How many letters on each side of a number make its neighbors.
REACH = 16
#: Functions that print a constant as it is.
PRINTS = ("str", "num2words")


@dataclass(frozen=True)
class HardcodedNumber:
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

    def is_printed(self, text: str, token: tokens.Token, label: str) -> bool:
        """Return whether `token` of a `text` that figure `label` prints is this number."""
        if self.text != token.text:
            return False
        before, after = squeeze(text[: token.start]), squeeze(text[token.end :])
        if self.before or self.after:
            return before.endswith(self.before) and after.startswith(self.after)
        # A string that is nothing but the number: only where the figure's own cell prints nothing else.
        return self.label == label and not before and not after


def find_hardcoded_numbers(notebook: Notebook) -> list[HardcodedNumber]:
    """Return the numbers within all strings of a notebook's code."""
    return list(_find(tuple((cell.place, cell.label, cell.source) for cell in notebook.code_cells)))


@lru_cache(maxsize=64)  # the preview checks all notebooks after each edit
def _find(cells: tuple[tuple[str, str | None, str], ...]) -> tuple[HardcodedNumber, ...]:
    """Return the numbers in cells, each given by its place, label and source."""
    numbers: list[HardcodedNumber] = []
    trees = []
    for place, label, source in cells:
        try:
            trees.append((place, label, parse_code(source)))
        except SyntaxError:  # a cell of commands for Jupyter
            continue
    constants = _printed_constants([node for *_, tree in trees for node in ast.walk(tree)])
    for place, label, tree in trees:
        for line, text in _strings(tree, constants):
            for token in tokens.find(text):
                before = squeeze(text[: token.start])[-REACH:]
                after = squeeze(text[token.end :])[:REACH]
                numbers.append(HardcodedNumber(f"{place}, line {line}", label, token.text, before, after))
    return tuple(dict.fromkeys(numbers))


def squeeze(text: str) -> str:
    """Return the letters and digits of `text`."""
    return re.sub(r"[\W_]+", "", text)


def _printed_constants(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """Return the names that are given a number or a text once and are only there to be printed, as text.

    A name that the code also works with is a parameter, such as the year that selects the rows.
    """
    nodes = list(nodes)
    printed = {node.value for node in nodes if isinstance(node, ast.FormattedValue)}
    used = {
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node not in printed
    }
    values: dict[str, list[ast.expr | None]] = {}
    for name, value in (pair for node in nodes for pair in _bindings(node)):
        values.setdefault(name, []).append(value)
    texts = {name: _constant(assigned[0]) for name, assigned in values.items() if len(assigned) == 1}
    return {name: text for name, text in texts.items() if text is not None and name not in used}


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield each name that a node gives a value, with the value where it is a plain assignment."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _assigned(target, node.value)
    elif isinstance(node, ast.arg):
        yield node.arg, None


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr | None]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for element, its_value in zip(target.elts, value.elts, strict=False):
            yield from _assigned(element, its_value)
    elif isinstance(target, ast.Name):
        yield target.id, value


def _constant(node: ast.AST | None) -> str | None:
    """Return the text of a number or a string that stands in the code."""
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
        return str(node.value)
    return None


def _strings(tree: ast.AST, constants: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string, and of every stretch of one that holds computed parts."""
    seen: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg is not None:
            # A message is never printed in a figure.
            seen.update(ast.walk(node.msg))
        if isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp) and node not in seen:
            for text in _stretches(_parts(node, constants, seen)):
                yield node.lineno, text


def _stretches(parts: Iterable[str | None]) -> Iterator[str]:
    """Yield the text between computed parts."""
    text = ""
    for part in [*parts, None]:
        if part is not None:
            text += part
        elif text:
            yield text
            text = ""


def _parts(node: ast.AST, constants: Mapping[str, str], seen: set[ast.AST]) -> list[str | None]:
    """Return what a string is put together from: its text, and None for each part that is computed.

    Nodes that are part of a longer string are added to `seen`.
    """
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else [None]
    if isinstance(node, ast.JoinedStr):
        seen.update(node.values)
        return [part for value in node.values for part in _parts(value, constants, seen)]
    if isinstance(node, ast.FormattedValue):
        return [_formatted(node.value, constants, seen)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        seen.update((node.left, node.right))
        return [*_parts(node.left, constants, seen), *_parts(node.right, constants, seen)]
    if (printed := _printed_argument(node)) is not None:
        return [printed]
    return [None]


def _formatted(value: ast.expr, constants: Mapping[str, str], seen: set[ast.AST]) -> str | None:
    if (text := _constant(value)) is not None:
        seen.add(value)
        return text
    return constants.get(value.id) if isinstance(value, ast.Name) else None


def _printed_argument(node: ast.AST) -> str | None:
    """Return the constant in a call such as ``str(29)``."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return None
    return _constant(node.args[0]) if node.func.id in PRINTS and len(node.args) == 1 else None
