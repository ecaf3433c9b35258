"""Numbers in prose: in figures, in words, and in figures with a word such as million."""

from __future__ import annotations

import re
from decimal import Decimal

from num2words import num2words

SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 1_000_000_000_000}
#: Zero to ninety-nine in words.
SMALL = {num2words(number): number for number in range(100)}
#: First to ninety-ninth, hundredth, and the ordinals of `SCALES`.
ORDINALS = {num2words(number, to="ordinal"): number for number in range(1, 100)}
ORDINALS |= {"hundredth": 100} | {f"{word}th": number for word, number in SCALES.items()}
#: The words of spelled-out numbers; "twenty-two" is two of them.
NUMBER_WORDS = frozenset({*(word for number in SMALL for word in number.split("-")), "hundred", *SCALES})

_small = "|".join(sorted((word.replace("-", "[- ]") for word in SMALL), key=lambda word: (-len(word), word)))
_scale = "|".join(SCALES)
_hundreds = rf"(?:(?:{_small}|an?)[ ]hundred(?:[ ](?:and[ ])?(?:{_small}))?|{_small})"
#: A number in words; ``a`` counts as one only before hundred, dozen and the like.
SPELLED = (
    rf"(?:half[ ]a[ ](?:dozen|{_scale})|(?:{_small}|a)[ ]dozen"
    rf"|(?:{_hundreds}|an?(?=[ ](?:{_scale})\b))(?:[ ](?:{_scale})(?:[ ](?:and[ ])?{_hundreds}\b)?)*)"
)
FIGURES = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?(?:[ -](?:{_scale})\b)?"
#: Either of the two, not within a longer word or number.
NUMBER = rf"(?<![\w.,/:#@&-])(?:{FIGURES}|{SPELLED})(?![\w@]|[.,:/]\d)"


def value_of(printed: str) -> Decimal:
    """Return the value of a number that `NUMBER` matches, such as ``1,200`` or ``twenty-nine``.

    Examples
    --------
    >>> value_of("two thousand five hundred and six")
    Decimal('2506')
    """
    total, group = Decimal(0), Decimal(0)
    for word in re.split(r"[ -]", printed.lower().replace(",", "")):
        if word in SCALES:
            total += (group or Decimal(1)) * SCALES[word]
            group = Decimal(0)
        elif word == "hundred":
            group = (group or Decimal(1)) * 100
        elif word == "dozen":
            group = (group or Decimal(1)) * 12
        elif word == "half":
            group = Decimal("0.5")
        elif word in SMALL:
            group += SMALL[word]
        elif word in ("a", "an"):
            group = group or Decimal(1)
        elif word != "and":
            group += Decimal(word)
    return total + group


def in_words_up_to_nine(number: int) -> str:
    """Return a number in words up to nine, then in figures, as in news style."""
    return num2words(number) if 0 <= number < 10 else f"{number:,}"


def plain(value: Decimal) -> str:
    """Return a value in digits, without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
