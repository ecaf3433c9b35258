"""Names of tables and columns as other programs take them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

#: The longest name of a worksheet.
LONGEST_SHEET = 31


def unique(
    names: Iterable[str], clean: Callable[[str], str], longest: int = 200, taken: Iterable[str] = ()
) -> dict[str, str]:
    """Return each name as another program takes it, no two alike but for their case.

    Parameters
    ----------
    names : iterable of str
        All different.
    clean : callable
        Returns a name without what the program refuses.
    longest : int
        How many characters it takes.
    taken : iterable of str
        Names that are used already.

    Examples
    --------
    >>> unique(["facts", "Facts"], for_file)
    {'facts': 'facts', 'Facts': 'Facts-2'}
    """
    used = {name.casefold() for name in taken}
    result = {}
    for name in names:
        base = clean(name)[:longest] or "table"
        candidate, number = base, 1
        while candidate.casefold() in used:
            number += 1
            candidate = f"{base[: longest - len(str(number)) - 1]}-{number}"
        used.add(candidate.casefold())
        result[name] = candidate
    return result


def for_sql(name: str) -> str:
    """Return a name that SQLite takes: quoted, any text is one, but for those that it keeps for itself."""
    name = name.replace("\0", "")
    return f"_{name}" if name.casefold().startswith("sqlite_") else name


def for_sheet(name: str) -> str:
    """Return the name of a worksheet, without what Excel refuses."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name)[:LONGEST_SHEET].strip("' ")
    return f"{name}-" if name.casefold() == "history" else name


def for_file(name: str) -> str:
    """Return the name of a file without its ending: letters, digits, hyphens, stops and underscores."""
    return re.sub(r"[^\w.-]+", "-", name).strip(".-")
