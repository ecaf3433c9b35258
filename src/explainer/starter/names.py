"""Names that a new story may have: they become a folder, a Python project and a data package."""

from __future__ import annotations

import re

from explainer.system.errors import Fault
from explainer.system.release import DISTRIBUTION

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*")
_LONGEST = 60
#: Devices of Windows, and what a story of this name would hide.
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
    | {"explainer", DISTRIBUTION, "test", "tests", "data", "notebooks"}
)


def check_name(name: str) -> str:
    """Return the name of a story if it can be one.

    Raises
    ------
    Fault
        If it has other characters than letters, digits, hyphens and underscores, is too long, or is taken.
    """
    remedy = "Use letters, digits and hyphens, from a letter on, such as ferry-collision."
    if not _NAME.fullmatch(name):
        raise Fault("this cannot be the name of a story", value=name, remedy=remedy)
    if len(name) > _LONGEST:
        raise Fault(f"the name has more than {_LONGEST} characters", value=name, remedy="Shorten it.")
    if name.lower() in RESERVED:
        raise Fault("this name has a meaning of its own", value=name, remedy="Take another name.")
    return name
