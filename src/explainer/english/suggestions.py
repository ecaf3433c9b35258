"""Suggestions at the end of error messages: the name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, known: Iterable[str], *, cutoff: float = 0.6, quoted: bool = True) -> str:
    """Return a question that suggests the most similar of `known`, or an empty string if none is similar.

    Parameters
    ----------
    word : str
        The name that does not exist.
    known : iterable of str
        The names that do.
    cutoff : float
        How similar two names must be, from 0 to 1, as in `difflib.get_close_matches`.
    quoted : bool
        Whether to put the name in quotation marks, like the cell of a table.

    Examples
    --------
    >>> did_you_mean("artcle", ["article", "facts"])
    "Did you mean 'article'?"
    """
    matches = difflib.get_close_matches(word, sorted(known), n=1, cutoff=cutoff)
    if not matches:
        return ""
    return f"Did you mean {matches[0]!r}?" if quoted else f"Did you mean {matches[0]}?"


def join_sentences(*parts: str) -> str:
    """Join sentences with spaces, skipping empty ones."""
    return " ".join(part for part in parts if part)
