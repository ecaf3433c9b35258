"""The pages of the notebooks as the gate reads them: their text holds no number, their cells compute them.

No text of a notebook is filled in from a table, so whatever number stands in it was typed. A sentence that
needs one is put out by a cell; what cells put out may print no number that is typed into their code.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from explainer.notebooks.ipynb import Notebook
from explainer.verify.numbers import page, tokens, typed
from explainer.verify.numbers.page import Passage
from explainer.verify.numbers.tokens import Token
from explainer.verify.numbers.typed import Typed

#: What the filters and both engines call a cell, and what it put out.
CELL, OUTPUT = "cell", "cell-output"
#: What surrounds a token in its cell, in letters.
REACH = 12
#: Names of tables, columns and files.
_NAME = re.compile(r"\S*[^\W\d_]\S*")


def text(tree: Any) -> Iterator[tuple[Passage, Token]]:
    """Yield each number in the text of a notebook's page, cells of code and what they put out apart.

    *One* is how a notebook says what a row or a mark is: one for each.
    """
    tree = copy.deepcopy(tree)
    for cell in _with_class(tree, CELL):
        cell.drop_tree()
    for code in list(tree.body.iter("code")):
        if _NAME.fullmatch(code.text_content()):
            tail = code.tail
            code.clear()
            code.text, code.tail = page.GAP, tail
    for passage in page.prose(tree):
        if passage.place != page.DESCRIPTION:  # the title again
            for token in tokens.find(passage.text):
                if token.text.lower() != "one":
                    yield passage, token


def results(tree: Any, hands: list[Typed]) -> Iterator[tuple[Passage, Token, Typed]]:
    """Yield each number in a sentence that a cell put out and that was typed into the code.

    The cells of frames are what was computed, ids and names of columns among them.
    """
    for output in _with_class(tree, OUTPUT):
        for block in output.iter("p", "li"):
            if any(above.tag in ("figure", "table") for above in block.iterancestors()):
                continue
            words = " ".join(block.text_content().split())
            for token in tokens.find(words):
                if token.text.lower() == "one":
                    continue
                for hand in hands:
                    if hand.stands_in(words, token, ""):
                        yield Passage(words, "results"), token, hand
                        break


def file_of(name: str) -> str:
    """Return the notebook of a page, from the project's root."""
    return PurePosixPath(name).with_suffix(".ipynb").as_posix()


def place(notebook: Notebook, passage: Passage, token: Token) -> str:
    """Return the cell that holds a number, for people; the section, if more than one may."""
    before = typed.squeeze(passage.text[: token.start].split(page.GAP)[-1])
    after = typed.squeeze(passage.text[token.end :].split(page.GAP)[0])
    words = before[-REACH:] + typed.squeeze(token.text) + after[:REACH]
    cells = [
        cell for cell in notebook.cells if cell.kind == "markdown" and words in typed.squeeze(cell.source)
    ]
    return cells[0].place if len(cells) == 1 else passage.place


def _with_class(tree: Any, name: str) -> list[Any]:
    return [element for element in tree.body.iter("div") if name in (element.get("class") or "").split()]
