"""The singular of nouns, for a count of one."""

from __future__ import annotations

import re

_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth",
    "mice": "mouse", "geese": "goose", "criteria": "criterion", "phenomena": "phenomenon",
    "crises": "crisis", "analyses": "analysis", "diagnoses": "diagnosis", "hypotheses": "hypothesis",
    "bases": "base", "cases": "case", "movies": "movie", "cookies": "cookie", "ties": "tie", "lies": "lie",
    "pies": "pie", "dies": "die", "buses": "bus", "viruses": "virus", "campuses": "campus",
    "statuses": "status", "bonuses": "bonus", "censuses": "census", "lives": "life", "wives": "wife",
    "knives": "knife", "thieves": "thief", "halves": "half", "shelves": "shelf", "leaves": "leaf",
    "wolves": "wolf", "calves": "calf", "loaves": "loaf", "potatoes": "potato", "tomatoes": "tomato",
    "heroes": "hero", "echoes": "echo", "vetoes": "veto", "embargoes": "embargo", "mosquitoes": "mosquito",
    "tornadoes": "tornado", "volcanoes": "volcano", "quizzes": "quiz", "headaches": "headache",
    "aliases": "alias", "focuses": "focus", "taxis": "taxi", "series": "series", "species": "species",
    "data": "datum",
}  # fmt: skip
# Endings of plurals with the number of letters to drop and the letters to add; the first match counts.
_ENDINGS = (
    (re.compile(r"(?<=[a-z])(?:ss|us|is|[^s])$"), 0, ""),
    (re.compile(r"(?<=[^aeiou])ies$"), 3, "y"),
    (re.compile(r"(?:ss|sh|ch|x|zz)es$"), 2, ""),
    (re.compile(r"s$"), 1, ""),
)
_COMPOUND = re.compile(r"(?<=.)(?:men|women|children|people|feet)$")


def singular(noun: str) -> str:
    """Return the singular of a plural noun or phrase; anything else is returned unchanged.

    Examples
    --------
    >>> singular("detention facilities"), singular("people"), singular("US dollars a year")
    ('detention facility', 'person', 'US dollars a year')
    """
    *before, last = re.split(r"(?<=[\s-])", noun)
    word = last.lower()
    irregular = _IRREGULAR.get(word)
    if irregular is None and (part := _COMPOUND.search(word)):
        irregular = word[: part.start()] + _IRREGULAR[part[0]]
    if irregular is not None:
        return "".join(before) + irregular
    dropped, added = next((dropped, added) for ending, dropped, added in _ENDINGS if ending.search(word))
    return noun[: len(noun) - dropped] + added
