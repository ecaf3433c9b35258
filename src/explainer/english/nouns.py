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
# The first that matches, with how many letters it loses and what it gains.
_ENDINGS = (
    (re.compile(r"(?<=[a-z])(?:ss|us|is|[^s])$"), 0, ""),
    (re.compile(r"(?<=[^aeiou])ies$"), 3, "y"),
    (re.compile(r"(?:ss|sh|ch|x|zz)es$"), 2, ""),
    (re.compile(r"s$"), 1, ""),
)
_COMPOUND = re.compile(r"(?<=.)(?:men|women|children|people|feet)$")


def singular(noun: str) -> str:
    """Return the singular of a plural noun, or of the last word of a phrase; what is no plural stays.

    Examples
    --------
    >>> singular("detention facilities"), singular("people"), singular("US dollars a year")
    ('detention facility', 'person', 'US dollars a year')
    """
    *before, last = re.split(r"(?<=[\s-])", noun)
    word = last.lower()
    found = _IRREGULAR.get(word)
    if found is None and (part := _COMPOUND.search(word)):
        found = word[: part.start()] + _IRREGULAR[part[0]]
    if found is None:
        lost, gained = next((lost, gained) for ending, lost, gained in _ENDINGS if ending.search(word))
        return noun[: len(noun) - lost] + gained
    return "".join(before) + found
