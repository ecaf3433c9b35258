"""Whether a text is English, by its commonest words."""

from __future__ import annotations

import re

#: Words that stand in every English text and in few others.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "the of and to that for with on at by from as were has have had his her their its be are said it who"
        " would will not but they been which this after when",
    )
)
#: The least share of them in a text, and the fewest words that are enough to tell.
_LEAST, _ENOUGH = 0.15, 30


def is_english(text: str) -> bool:
    """Return whether a text reads as English; a short one gets the benefit of the doubt.

    Examples
    --------
    >>> is_english("Die Fähre fährt nicht mehr, " * 20)
    False
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < _ENOUGH:
        return True
    return sum(word in _COMMON for word in words) >= _LEAST * len(words)
