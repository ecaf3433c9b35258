"""The last sentence of an error message: the name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.6, quoted: bool = True) -> str:
    """Return a question that offers the nearest of `known`, or nothing where none is near.

    Parameters
    ----------
    word : str
        The name that does not exist.
    known : iterable of str
        The names that do.
    cutoff : float
        How alike two names must be, from 0 to 1, as `difflib.get_close_matches` measures it.
    quoted : bool
        Whether the name stands in quotation marks, as a cell of a table does.

    Examples
    --------
    >>> did_you_mean("artcle", ["article", "facts"])
    "Did you mean 'article'?"
    """
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    if not near:
        return ""
    return f"Did you mean {near[0]!r}?" if quoted else f"Did you mean {near[0]}?"


def join_sentences(*parts: str) -> str:
    """Join the parts that are not empty with spaces."""
    return " ".join(part for part in parts if part)
