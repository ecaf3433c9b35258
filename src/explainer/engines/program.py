"""The Pandoc that PyPI's package carries: where it is, and its version."""

from __future__ import annotations

from functools import lru_cache

import pypandoc

NAME = "Pandoc"


def path() -> str:
    """Return the path of the program."""
    return str(pypandoc.get_pandoc_path())


@lru_cache(maxsize=1)
def version() -> str:
    """Return the version that the program gives itself."""
    return str(pypandoc.get_pandoc_version())
