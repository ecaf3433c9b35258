"""What the report's filters print when they refuse a page, in the output of either engine."""

from __future__ import annotations

import re
from collections.abc import Iterable

from explainer.system.errors import Fault

#: A message begins with the file that it is about.
MESSAGE = re.compile(r"([^/:\s]+\.qmd|_quarto\.yml|(?:notebooks|_build|theme)/[^:\s]+): (.*)")


def to_faults(lines: Iterable[str]) -> list[Fault]:
    """Return the messages of the filters among an engine's lines as faults."""
    return [Fault(match[2].rstrip("."), file=match[1]) for line in lines if (match := MESSAGE.match(line))]
