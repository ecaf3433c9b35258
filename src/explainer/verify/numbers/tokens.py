"""Numbers in a text, however they are written: figures, words, dates, weekdays and months.

What counts is decided by form alone, and on the strict side; `data/exceptions.csv` is for the rest.

- Every digit counts, whatever stands beside it: *Q3*, *5pm*, *7/27*, *-7*. So do signs such as *½*.
- Roman numerals in capitals count: of I, V and X from two letters on; with L, C, D or M from three on, if
  an I, V or X is among them. *I* is a pronoun, *DC* and *MD* are places.
- Number words count in any case, also within compounds (*two-thirds*, *twenty-nine-year-old*), and so do
  ordinals, fractions and the words of `LARGE` and `FEW`.
- *First* and *second* count as ordinals: after an article, a possessive, *each*, *every*, *this*, *that*, a
  month or a number. Elsewhere they are adverbs: *first reported*, *at first*.
- *One* counts unless it is a pronoun: *no one*, *this one*, *each one*, *one another*, *one of*, *one who*.
- Weekdays and months count in any case, and in their short forms. Where a short form is another word too
  (`AMBIGUOUS`), it counts with a capital only. *May* and *March* count beside figures, and with a capital
  where they do not begin a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from explainer.english.calendar_words import MONTHS, WEEKDAYS
from explainer.english.numbers import ORDINALS, SMALL
from explainer.english.sentences import opens_sentence

LARGE = ("hundred", "thousand", "million", "billion", "trillion", "dozen", "score")
#: How often, how many or what part, in words of their own.
FEW = {
    "half": "half", "halves": "half", "quarter": "quarter", "quarters": "quarter",
    "twice": "2", "thrice": "3", "couple": "2", "couples": "2", "pair": "2", "pairs": "2",
    "trio": "3", "fortnight": "14", "decade": "10", "decades": "10", "century": "100", "centuries": "100",
}  # fmt: skip
SHORT = {
    "Tues": "Tuesday", "Weds": "Wednesday", "Thur": "Thursday", "Thurs": "Thursday", "Sept": "September",
}  # fmt: skip
#: Short forms that are also other words in small letters.
AMBIGUOUS = {"sun", "mon", "wed", "sat", "mar", "jan", "dec", "sep", "jun"}
MODAL = {"may", "march"}

#: Words after which *first* and *second* are ordinals.
ORDINAL_AFTER = {
    "a", "an", "the", "this", "that", "these", "those", "each", "every", "its", "his", "her", "their", "our",
    "my", "your", "whose", "no", "any", "another", "very",
}  # fmt: skip
#: Words before or after which *one* is a pronoun.
PRONOUN_AFTER = {"no", "this", "each", "every", "another"}
PRONOUN_BEFORE = {"another", "of", "who", "that", "whose"}

ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
WORD = r"[^\W\d_]"
#: Signs that are numbers without being digits: fractions, raised and circled figures, Roman numerals.
SIGNS = "²³¹¼-¾⁰-⁹₀-₉⅐-↋①-⒛⓪-⓿❶-➓㈠-㉉㊀-㊉"
FIGURES = r"\d{4}-\d{2}-\d{2}(?!\d)|\d{1,2}:\d{2}(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
ROMAN = re.compile(r"M{0,4}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


@dataclass(frozen=True)
class Token:
    """One number as it stands in a text.

    Parameters
    ----------
    text : str
        As printed.
    key : str
        What it says, the same for every way of writing it: ``29`` for *29* and *twenty-nine*,
        ``July`` for *Jul*.
    start : int
        Where it begins in its text.
    """

    text: str
    key: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in its text."""
        return self.start + len(self.text)


@cache
def _numbers() -> dict[str, str]:
    """Return the key of every number word, in small letters."""
    names = {word: str(number) for word, number in SMALL.items()} | {"one hundred": "100"}
    ordinals = {word: str(number) for word, number in ORDINALS.items() if number < 100}
    ordinals["one hundredth"] = "100"
    fractions = {f"{word}s": key for word, key in ordinals.items() if word not in ("first", "second")}
    large = {word + end: word for word in LARGE for end in ("", "s", "th", "ths")}
    tens = {
        f"{word[:-1]}ies": str(number) for word, number in SMALL.items() if number > 19 and number % 10 == 0
    }
    return names | ordinals | fractions | large | tens | FEW


@cache
def _times() -> dict[str, str]:
    """Return the key of every weekday and month, in small letters."""
    names = {short.lower(): full for short, full in SHORT.items()}
    names |= {f"{full.lower()}s": full for full in WEEKDAYS}
    for full in (*WEEKDAYS, *MONTHS):
        names |= {full.lower(): full, full[:3].lower(): full}
    return names


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(_numbers() | _times(), key=lambda word: (-len(word), word))
    named = "|".join(re.escape(word).replace(r"\-", "[-\u2010\u2011\u2013]") for word in words)
    return re.compile(
        rf"(?P<figures>{FIGURES})(?:(?:st|nd|rd|th|s)(?!{WORD}))?"
        rf"|(?P<sign>[{SIGNS}])"
        rf"|(?<!{WORD})(?P<roman>[IVXLCDM]{{2,}})(?!{WORD})"
        rf"|(?<!{WORD})(?P<word>(?i:{named}))(?!{WORD})"
    )


def find(text: str) -> Iterator[Token]:
    """Yield every number of `text` in order; the address of a page is none."""
    if "://" in text or "www." in text:
        text = ADDRESS.sub(lambda match: "\ue000" * len(match[0]), text)
    for match in _pattern().finditer(text):
        if match["figures"]:
            key = _plain(match["figures"])
        elif match["sign"]:
            key = unicodedata.normalize("NFKC", match[0])
        elif match["roman"]:
            key = _roman(match[0])
        else:
            key = _word(text, match)
        if key:
            yield Token(match[0], key, match.start())


def _plain(figures: str) -> str:
    """Return figures without separators, needless zeros or foreign digits."""
    key = unicodedata.normalize("NFKC", figures).replace(",", "")
    if re.fullmatch(r"\d+\.\d+", key):
        key = key.rstrip("0").rstrip(".")
    return str(int(key)) if key.isdecimal() else key


def _roman(letters: str) -> str:
    """Return the letters if they are read as a Roman numeral, else nothing."""
    low = set(letters) <= set("IVX")
    read = low or (len(letters) > 2 and set(letters) & set("IVX"))
    return letters if read and ROMAN.fullmatch(letters) else ""


def _word(text: str, match: re.Match[str]) -> str:
    """Return the key of a word that may be a number, or nothing where it is another word."""
    word = re.sub("[\u2010\u2011\u2013]", "-", match[0].lower())
    before = re.search(r"([\w’']+)[\s\-–]*$", text[max(0, match.start() - 24) : match.start()])
    previous = before[1].lower() if before else ""
    if word in _times():
        is_other_word = _is_verb(text, match) if word in MODAL else match[0].islower() and word in AMBIGUOUS
        return "" if is_other_word else _times()[word]
    if word in ("first", "second"):
        return _numbers()[word] if _is_before_ordinal(previous) else ""
    if word == "one":
        after = re.match(r"\s+(\w+)", text[match.end() : match.end() + 12])
        return "" if previous in PRONOUN_AFTER or (after and after[1] in PRONOUN_BEFORE) else "1"
    return _numbers()[word]


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Return whether *may* or *march* is no month: no figures beside it, and small or opening a sentence."""
    after = text[match.end() :]
    if re.match(r"[\s,]*\d", after) or re.search(r"\d\s*$", text[: match.start()]):
        return False
    return match[0].islower() or (opens_sentence(text, match.start()) and bool(re.match(r"\s+[a-z]", after)))


def _is_before_ordinal(word: str) -> bool:
    """Return whether *first* or *second* after a word is an ordinal and no adverb."""
    return (
        word in ORDINAL_AFTER
        or word.endswith(("'s", "’s", "s’"))
        or word in _times()
        or word in _numbers()
        or word.isdecimal()
    )


@lru_cache(maxsize=2**14)  # tables repeat their cells
def keys(text: str) -> frozenset[str]:
    """Return the keys of all numbers in `text`, an ISO date also by its parts."""
    tokens = [token.key for token in find(text)]
    return frozenset(tokens).union(*map(parts_of_date, tokens))


def parts_of_date(key: str) -> set[str]:
    """Return the ways in which prose may name a day: year, month, day and weekday."""
    try:
        day = date.fromisoformat(key)
    except ValueError:
        return set()
    names = {MONTHS[day.month - 1], WEEKDAYS[day.weekday()]}
    return names | {str(day.year), str(day.day)}
