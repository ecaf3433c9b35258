"""The singular of nouns, for a count of one."""

from __future__ import annotations

import re

from num2words import num2words

from explainer.english.numbers import in_words_up_to_nine

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


def counted(number: int, plural: str, one: str = "", *, capital: bool = False) -> str:
    """Return a number with what it counts, as in news style.

    Parameters
    ----------
    number : int
        How many.
    plural : str
        What is counted, in the plural.
    one : str
        The singular where rules do not know it.
    capital : bool
        Whether it begins a sentence: then it is in words and with a capital letter.

    Examples
    --------
    >>> counted(1, "facts"), counted(0, "dates"), counted(1200, "people"), counted(12, "facts", capital=True)
    ('one fact', 'no dates', '1,200 people', 'Twelve facts')
    """
    noun = (one or singular(plural)) if number == 1 else plural
    words = num2words(number) if capital else in_words_up_to_nine(number)
    text = f"{words if number else 'no'} {noun}"
    return text[:1].upper() + text[1:] if capital else text
