"""Counts with their unit, money, ages and shares; and numbers that count nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from explainer.draft.candidate import Candidate, Skipped
from explainer.english.numbers import FIGURES, NUMBER, ORDINALS, SMALL, SPELLED, plain, value_of
from explainer.english.sentences import just_before, sentence_at, sentences
from explainer.english.vocabulary import (
    BEFORE_NOUN,
    BREAK_WORDS,
    CONDITIONS,
    DESIGNATORS,
    MEASURES,
    NOT_PLURAL,
    PLURALS,
    QUALIFIERS,
)

CURRENCIES = {"$": "dollars", "US$": "dollars", "£": "pounds", "€": "euros", "¥": "yen"}
_CURRENCY_WORDS = r"dollars?|pounds?|euros?|cents?|pence|yen|pesos?|rupees?"

_MONEY = re.compile(
    rf"(?<!\w)(?P<sign>US\$|[$£€¥]) ?(?P<figure>{FIGURES})(?P<letter>[KMB]\b|bn\b|m\b)?(?!\w)"
    rf"|(?P<number>{NUMBER}) (?P<word>{_CURRENCY_WORDS})\b",
    re.IGNORECASE,
)
_LETTERS = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000}
_PERCENT = re.compile(
    rf"(?P<number>(?<![\w.,/:#@&-])\d[\d,]*(?:\.\d+)?|{NUMBER})"
    rf"(?:%|[ -](?P<word>percent\b|per cent\b|percentage[ -]points?\b))",
    re.IGNORECASE,
)
_PLAIN = r"\d[\d,]*(?:\.\d+)?"
_SHARES = re.compile(
    rf"(?:(?:(?<=\bbetween )(?P<low>{NUMBER}) and|(?P<low2>{NUMBER}) (?:to|or)) {NUMBER}"
    rf"|(?P<low3>(?<![\w.,/:#@&-]){_PLAIN})[-–](?P<high3>{_PLAIN}))"
    rf"(?P<unit>%|[ -](?:percentage points?|percent|per cent)\b)",
    re.IGNORECASE,
)
_FRACTIONS = {"half": 2, "quarter": 4, "fourth": 4}
_FRACTIONS |= {word: number for word, number in ORDINALS.items() if 3 <= number <= 10}
_ORDINAL = re.compile(rf"\b(?:{'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b", re.IGNORECASE)
_FIGURE = re.compile(r"\.?\d(?:[\d,.]*\d)?")
_TOP = "|".join(word for word, number in SMALL.items() if 1 <= number <= 9)
_FRACTION = re.compile(
    rf"\b(?P<top>an?|{_TOP})[ -](?P<part>{'|'.join(_FRACTIONS)})s?\b(?= of\b)"
    rf"|(?<=\bby )(?P<top3>an?|{_TOP})[ -](?P<part3>{'|'.join(_FRACTIONS)})s?\b"
    rf"|\b(?P<top2>{_TOP})-(?P<part2>{'|'.join(_FRACTIONS)})s?\b|\bhalf of\b",
    re.IGNORECASE,
)
_ONE_IN = re.compile(rf"(?P<top>{NUMBER})(?: in | out of )(?:every )?(?P<bottom>{NUMBER})", re.IGNORECASE)
_TIME_UNIT = re.compile(r" (?:hours|days|weeks|months|years|decades)\b")
_AGE = re.compile(
    rf"(?P<old>{NUMBER})(?:-(?P<unit>year|month|week|day)-old| years? old\b| years of age\b)s?"
    rf"|\b(?:aged?|ages)(?: from| between| of| was| is)? <?(?P<aged>{NUMBER})"
    rf"(?: (?:to|and) (?P<upto>{NUMBER}))?",
    re.IGNORECASE,
)
_AGE_BESIDE_NAME = re.compile(r"(?<=[\w.’'], )(?P<age>\d{1,3})(?=[,.;]| of\b|$)")
_AGE_PREDICATE = re.compile(r"\b(?:is|was|turns|turned) (?P<age>\d{1,3})(?=[.;,]|$)")
_MONTH_LIKE = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?$")
#: A larger number beside a name is no age.
MOST_YEARS = 120
_SCORE = re.compile(r"(?<![\w.,/:#-])(?P<a>\d{1,3})(?:[-–]|\sto\s)(?P<b>\d{1,3})(?![\w%]|[-–.,:/]\w)")
_VOTED = re.compile(r"\b(?:vot|rul|decision|decid|margin|tally|majority|split|pass|approv|reject)", re.I)
_RANGE = re.compile(
    rf"(?P<low>{NUMBER})(?:-? to |-? or | ?[-–] ?)(?P<high>{NUMBER}|(?<=[-–]){_PLAIN}(?![\w@]|[-–.,:/]\w))"
    rf"|(?<=\bbetween )(?P<low2>{NUMBER}) and (?P<high2>{NUMBER})",
    re.IGNORECASE,
)
#: "+264,000", "-140,000", "−1.7 million": a change, or a number below zero.
_SIGNED = re.compile(
    rf"(?<![\w.,/:#@&%)+−–-])(?P<sign>[-−–+])(?P<number>{FIGURES})(?![\w@%]|[.,:/–-]\d)", re.IGNORECASE
)
#: "one-half mile", "half a mile", "quarter of an inch".
_PART_MEASURE = re.compile(
    rf"\b(?:(?P<top>{_TOP})[ -])?(?P<part>{'|'.join(_FRACTIONS)})s?(?: of)?(?: an?)?[ -]"
    rf"(?P<unit>{'|'.join(sorted(MEASURES - {'square', 'cubic'}, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_MAGNITUDE = re.compile(
    r"\bmagnitude(?: of| was|:| \(\w+\)|-)* ?(?P<number>\d\d?(?:\.\d+)?)\b", re.IGNORECASE
)
#: Units of which the second is part of the first, and how many make one.
_PARTS = {"foot": 12, "pound": 16, "hour": 60, "minute": 60, "year": 12}
_TWO_UNITS = re.compile(
    rf"(?P<large>{NUMBER})[ -](?:(?P<foot>f(?:ee|oo)t)|(?P<pound>pounds?)|(?P<hour>hours?)"
    rf"|(?P<minute>minutes?)|(?P<year>years?)),?(?: and)?[ -](?P<small>{NUMBER})[ -]"
    r"(?P<unit>(?(foot)inch(?:es)?|(?(pound)ounces?|(?(hour)minutes?|(?(minute)seconds?|months?)))))\b"
    r"(?![ -]old)",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:(?:tens|hundreds|thousands|millions) of )?"
    r"(?:dozens|scores|hundreds|thousands|millions|billions)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(NUMBER, re.IGNORECASE)
_JOINED = re.compile(r"-(?P<noun>[a-z]+)(?:-[a-z]+)*")

_CODE_NAMES = "code|passcode|extension|ext|ID|number|UPC|lot|model|serial"
#: Numbers in names, addresses and codes, with the reason for skipping them.
_CODES = tuple((re.compile(pattern), reason) for pattern, reason in (
    (r"https?://\S+|www\.\S+|\S+@\S+\.\w+|(?<!\w)[@#]\w+", "part of an address or a handle"),
    (r"(?<!\w)(?:1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-.]\d{4}\b", "telephone number"),
    (r"\S*\[\d+\]\S*|\w+\*\w+|\b\d+-0\d+\b|(?<![\d.,:])0\d+(?:-\d+)?\b|(?<!\w)# ?\d[\w-]*"
     rf"|\b(?:{_CODE_NAMES})s?\b[.:#]? (?:is |are )?\d[\d-]{{3,}}", "code"),
    (r"(?<![\d.,$-])\d{5,}(?![\d.,%-]|,\d| [a-z])", "a long number without commas, such as a code"),
    (r"\b\d+ U\.S\.C?\.? (?:§+ ?)?\d+|§+ ?[\d.]+|\b\d+ F\.\s?[234]d \d+", "legal citation"),
    (r"(?<=[A-Z]\. )\b\d{5}(?:-\d{4})?\b|(?<=[A-Z]{2} )\d{5}(?:-\d{4})?\b", "postal code"),
    (r"(?!\d+(?:-[a-z]+)+\b)\b(?<!\d,)\w*\d\w*(?:[-:/]\w+){2,}\b", "code"),
    (r"\b\d+(?:[-–]\d+)?(?= (?:[NSEW]\. |North |South |East |West )?(?:[A-Z]\w+|\d+(?:st|nd|rd|th)) "
     r"(?:St|Ave|Rd|Blvd|Dr|Ln|Street|Avenue|Road|Boulevard|Drive|Lane|Way|Place|Court|Parkway|Highway)\b)",
     "house number"),
    (r"\b[A-Za-z]+[-–]?\d+\w*(?!\S*[-]year)\b|\b\d+[A-Za-z]+\d\w*\b", "part of a name"),
    (r"\b\d+(?= block\b)", "house number"),
    (r"\b(?:(?!(?:OF|TO|IN|AT|ON|BY|AND|THE|FOR|WAS|NEAR)\b)[A-Z]{2,4}|Boeing|Airbus) \d+\b(?![,.:]\d|%)",
     "part of a name"),
    (r"(?<![\w(])\d{1,2}\)(?= )|^\d{1,2}\.(?= [A-Z])", "number of an item in a list"),
    (r"\b\d+(?:st|nd|rd|th)\b", "ordinal"),
    (r"(?<![\w.])\.\d+\b(?!%| percent| per cent)", "a fraction without a whole number, such as an average"),
    (r"\b\d{1,2}:\d{2}(?::\d{2})?\b", "time or score"),
))  # fmt: skip
_HOURS = "|".join(word for word, number in SMALL.items() if 1 <= number <= 12)
_CLOCK_WORDS = re.compile(
    rf"\b(?:(?:a )?quarter (?:past|to|after)|half past) (?:{_HOURS}|1[0-2]|[1-9])\b"
    r"(?![- ](?:third|quarter)s?\b)"
    rf"|\b(?:{_HOURS}|1[0-2]|[1-9]) o['’]clock\b",
    re.IGNORECASE,
)
_DESIGNATED = re.compile(
    rf"\b(?:{'|'.join(sorted(DESIGNATORS))}"
    r"|highways?|routes?|channel|size|exit|category|level|phase|mile marker)\.?"
    r" (?P<number>(?:\d[\w.,-]*\w|\d|[A-Z]-\d+)(?: and \d+\b)?)"
)
#: "Two Medicine", "Three Mile Island": a number in words, with a capital within a sentence.
_IN_NAME = re.compile(
    rf"(?-i:(?:(?<= at )|(?<= in )|(?<= near )|(?<= the ))(?=[A-Z])){SPELLED}(?= (?-i:[A-Z]))", re.IGNORECASE
)
_QUALIFIED = re.compile(rf"\b(?:{'|'.join(re.escape(phrase) for phrase in QUALIFIERS)}) $", re.IGNORECASE)
_OF_THEM = re.compile(
    rf" of (?:(?:the|its|their|his|her|our|those|these|all|every|past|last) )*(?:{NUMBER} )?", re.IGNORECASE
)
_MOST_NOUN_WORDS = 6
_WORD = re.compile(r" ([A-Za-zÀ-ÿ][\w’'-]*)")
_ONE_OF = re.compile(r" of (?:the|its|their|his|her|our|my|those|these)\b")
_ONE_ALONE = re.compile(
    r"\b(?:no|any|every|some|this|that|each|which|the|another|not|only|an?|last|first|next|day)[ -]$",
    re.IGNORECASE,
)


def codes(text: str) -> Iterator[Skipped]:
    """Yield the numbers of a block that count nothing: in names, addresses and codes."""
    for pattern, reason in _CODES:
        for match in pattern.finditer(text):
            if re.search(r"\d", match[0]):
                yield Skipped(match.start(), match.end(), match[0], reason)
    for match in _IN_NAME.finditer(text):
        yield Skipped(match.start(), match.end(), match[0], "part of a name")
    # Beside a part of the day it is a time of day, which is read before.
    for match in _CLOCK_WORDS.finditer(text):
        reason = "time of day in words, of which half of the day it says not"
        yield Skipped(match.start(), match.end(), match[0], reason)
    for match in _DESIGNATED.finditer(text):
        yield Skipped(*match.span("number"), match["number"], f"part of a name: {match[0]}")


def find(text: str) -> Iterator[Candidate | Skipped]:
    """Yield every number in a block except those of dates, the surest rules first; some may overlap."""
    yield from _ages(text)
    yield from _in_two_units(text)
    yield from _parts_of_measures(text)
    yield from map(_measure_or_count, _signed(text))
    yield from _money(text)
    yield from _shares(text)
    yield from _lower_shares(text)
    yield from _scores(text)
    yield from map(_measure_or_count, _ranges(text))
    # After the ranges: "3-5 boats" names what it counts, "won 5-4" does not.
    for match in _SCORE.finditer(text):
        if "to" not in match[0]:
            yield Skipped(*match.span(), match[0], "a score, which counts nothing that is named")
    yield from map(_measure_or_count, _counts(text))


def rest(text: str) -> Iterator[Skipped]:
    """Yield all figures and ordinals of a block; those that another rule has read are overlaps."""
    for match in _ORDINAL.finditer(text):
        yield Skipped(match.start(), match.end(), match[0], "ordinal")
    for match in _FIGURE.finditer(text):
        yield Skipped(match.start(), match.end(), match[0], "a figure that no rule reads")


def _in_two_units(text: str) -> Iterator[Candidate]:
    """Yield a measure or a length of time in two units, such as *5 feet 11 inches*."""
    for match in _TWO_UNITS.finditer(text):
        large = next(unit for unit in _PARTS if match[unit])
        value = value_of(match["large"]) * _PARTS[large] + value_of(match["small"])
        kind = "measure" if large in ("foot", "pound") else "interval"
        unit = match["unit"].lower()
        unit = "inches" if unit.startswith("inch") else f"{unit.removesuffix('s')}s"
        yield _candidate(text, match.span(), kind, "two units together", plain(value), unit)


def _parts_of_measures(text: str) -> Iterator[Candidate]:
    """Yield a part of a unit, such as *one-half mile*, and the magnitude of an earthquake."""
    for match in _PART_MEASURE.finditer(text):
        value = value_of(match["top"] or "one") / _FRACTIONS[match["part"].lower()]
        yield _candidate(
            text, match.span(), "measure", "part of a unit", plain(round(value, 3)), match["unit"]
        )
    for match in _MAGNITUDE.finditer(text):
        yield _candidate(text, match.span("number"), "measure", "magnitude", match["number"], "magnitude")


def _signed(text: str) -> Iterator[Candidate]:
    """Yield a number with its sign, which may not open a cell: a spreadsheet takes it for a formula."""
    for match in _SIGNED.finditer(text):
        value = value_of(match["number"]) * (1 if match["sign"] == "+" else -1)
        unit, end = _unit(text, match.end(), plural=True)
        before = re.search(r"\S+ *$", text[max(0, match.start() - 40) : match.start()])
        reach = (match.start() - len(before[0]) if before else match.start("number"), match.end())
        says = f"printed with {match['sign']}"
        span = match.span("number")
        signed = _candidate(text, span, "count", "number with a sign", plain(value), unit, end, says)
        yield replace(signed, reach=reach)


def _lower_shares(text: str) -> Iterator[Candidate]:
    """Yield the lower end of a range of shares, whose unit follows the upper end."""
    for match in _SHARES.finditer(text):
        points = "percentage points" if "point" in match["unit"].lower() else "percent"
        low = next(name for name in ("low", "low2", "low3") if match[name])
        value = plain(value_of(match[low]))
        yield _candidate(text, match.span(low), "percentage", "lower end of a range", value, points)
        if match["high3"]:
            value = plain(value_of(match["high3"]))
            span = (match.start("high3"), match.end())
            yield _candidate(text, span, "percentage", "upper end of a range", value, points)


def _is_whole(printed: str) -> bool:
    values = (value_of(number[0]) for number in _COUNT.finditer(printed))
    return all(value == value.to_integral_value() for value in values)


def _measure_or_count(item: Candidate | Skipped) -> Candidate | Skipped:
    """Return a number as a measure, by its unit, or as a count, which is whole."""
    if isinstance(item, Candidate) and item.unit.lower() in ("dollars", "euros"):
        return replace(item, kind="money")
    if isinstance(item, Candidate) and MEASURES & set(item.unit.lower().split("-")[0].split()[:2]):
        return replace(item, kind="measure")
    if _is_whole(item.printed):
        return item
    reason = "a number with a fraction, and a count is whole"
    return Skipped(item.start, item.end, item.printed, reason)


def _money(text: str) -> Iterator[Candidate]:
    for match in _MONEY.finditer(text):
        if match["sign"]:
            value = value_of(match["figure"]) * _LETTERS.get((match["letter"] or "").lower(), 1)
            unit = CURRENCIES[match["sign"].upper()]
        else:
            value, unit = value_of(match["number"]), match["word"].lower()
            if unit in ("pound", "pounds"):
                continue  # a weight as often as a sum
            unit = unit if unit in ("pence", "yen") else unit.rstrip("s") + "s"
        yield _candidate(text, match.span(), "money", "sum of money", plain(value), unit)


def _shares(text: str) -> Iterator[Candidate]:
    for match in _PERCENT.finditer(text):
        word = (match["word"] or "").lower()
        unit = "percentage points" if word.startswith("percentage") else "percent"
        value = value_of(match["number"])
        yield _candidate(text, match.span(), "percentage", "percentage", plain(value), unit)
    for match in _FRACTION.finditer(text):
        top = match["top"] or match["top2"] or match["top3"]
        part = match["part"] or match["part2"] or match["part3"]
        if part:
            share = f"{1 if top.lower() in ('a', 'an') else plain(value_of(top))}/{_FRACTIONS[part.lower()]}"
        else:
            share = "1/2"
        yield _candidate(text, match.span(), "percentage", "share", share)
    for match in _ONE_IN.finditer(text):
        top, bottom = value_of(match["top"]), value_of(match["bottom"])
        # "one in five" is a share; "29 in 2018" is not.
        if 0 < top < bottom <= 100 and top <= 10 and not _TIME_UNIT.match(text, match.end()):
            share = f"{plain(top)}/{plain(bottom)}"
            yield _candidate(text, match.span(), "percentage", "share", share)


def _ages(text: str) -> Iterator[Candidate]:
    for match in _AGE.finditer(text):
        if match["old"]:
            unit = f"{(match['unit'] or 'year').lower()}s"
            value = plain(value_of(match["old"]))
            yield _candidate(text, match.span(), "age", "age in words", value, unit)
        for part in ("aged", "upto"):
            if match[part]:
                value = plain(value_of(match[part]))
                yield _candidate(text, match.span(part), "age", "age in words", value, "years")
    for match in _AGE_BESIDE_NAME.finditer(text):
        if _ends_in_name(just_before(text, match.start())):
            yield from _age(text, match, "age beside a name")
    for match in _AGE_PREDICATE.finditer(text):
        yield from _age(text, match, "age as a predicate")


def _age(text: str, match: re.Match[str], rule: str) -> Iterator[Candidate]:
    """Yield an age that is printed as a figure alone."""
    if (age := int(match["age"])) <= MOST_YEARS:
        yield _candidate(text, match.span("age"), "age", rule, str(age), "years")


def _ends_in_name(before: str) -> bool:
    words = re.findall(r"[\w.’'-]+(?=[ ,]|$)", before.rstrip(", "))
    return bool(words) and words[-1][:1].isupper() and not _MONTH_LIKE.match(words[-1])


def _scores(text: str) -> Iterator[Candidate | Skipped]:
    spans = sentences(text)
    for match in _SCORE.finditer(text):
        start, end = sentence_at(spans, match.start())
        if match[0].count("to") and not re.search(r"\b(?:vote[ds]?|voting)\b", text[start : match.start()]):
            continue
        if _VOTED.search(text, start, end) and not _WORD_PLURAL.match(text, match.end()):
            value = f"{int(match['a'])}-{int(match['b'])}"
            yield _candidate(text, match.span(), "count", "votes for and against", value, "votes")


def _ranges(text: str) -> Iterator[Candidate]:
    for match in _RANGE.finditer(text):
        low, high = (value_of(match[part] or match[f"{part}2"]) for part in ("low", "high"))
        joined = _JOINED.match(text, match.end())
        if joined and low < high:
            span, value = (match.start(), joined.end()), f"{plain(low)}-{plain(high)}"
            yield _candidate(text, span, "count", "range joined to its noun", value, joined["noun"])
            continue
        unit, end = _unit(text, match.end(), plural=True)
        if low < high and unit and not re.search(r"\bfrom $", just_before(text, match.start())):
            value = f"{plain(low)}-{plain(high)}"
            yield _candidate(text, match.span(), "count", "range", value, unit, end)


def _counts(text: str) -> Iterator[Candidate | Skipped]:
    for match in _MANY.finditer(text):
        unit, end = _unit(text, match.end(), plural=True)
        many = (text, match.span(), "count", "number without a figure", "", unit, end)
        yield _candidate(*many, says="no figure given")
    for match in _COUNT.finditer(text):
        value = value_of(match[0])
        after = text[match.end() :]
        if joined := _JOINED.match(after):
            yield _compound(text, match, joined)
            continue
        unit, end = _unit(text, match.end(), plural=value != 1)
        alone = value == 1 and match[0].lower() == "one"
        if alone and (
            not unit or _ONE_OF.match(after) or _ONE_ALONE.search(just_before(text, match.start()))
        ):
            yield Skipped(match.start(), match.end(), match[0], "a pronoun, or counts nothing that is named")
            continue
        yield _candidate(text, match.span(), "count", "number", plain(value), unit, end)


def _compound(text: str, number: re.Match[str], joined: re.Match[str]) -> Candidate | Skipped:
    """Return a number joined to a word by a hyphen: a count of that noun, or no count."""
    printed = number[0] + joined[0]
    if _ORDINAL.fullmatch(printed):
        return Skipped(number.start(), number.start() + len(printed), printed, "ordinal")
    value, noun = value_of(number[0]), joined["noun"]
    pronoun = value == 1 and re.fullmatch(SPELLED, number[0], re.IGNORECASE)
    if pronoun or noun in BREAK_WORDS or noun in ("fold", "plus", "way", "time"):
        return Skipped(number.start(), number.end(), number[0], "part of a compound word")
    span = (number.start(), number.start() + len(printed))
    return _candidate(text, span, "count", "number joined to its noun", plain(value), noun)


_WORD_PLURAL = re.compile(rf" (?:{'|'.join(sorted(PLURALS))}|[a-z]{{3,}}s)\b")


def _unit(text: str, place: int, *, plural: bool) -> tuple[str, int]:
    """Return the noun that a number before `place` counts, and where it ends; blank if there is none.

    Without a tagger a noun is known by its plural: the words up to the first plural, or run of plurals, that
    no function word or comma comes before. After ``one``, where nouns are singular, it is up to two words.
    """
    of_them = _OF_THEM.match(text, place)
    if of_them and of_them.end() > place:
        place, plural = of_them.end() - 1, True
    nouns = list(_noun_words(text, place))
    if nouns and nouns[0][0].lower() in CONDITIONS:
        return nouns[0]
    plurals = [is_plural(word.lower()) for word, _ in nouns]
    last = 0
    if any(plurals):
        first = plurals.index(True)
        last = first + (plurals[first:].index(False) if False in plurals[first:] else len(plurals[first:]))
    elif not plural and nouns and not nouns[0][0].endswith(("ed", "ing", "ly")):
        last = 1 if len(nouns) > 2 else len(nouns)
    words = (re.sub(r"['’]s$", "", word) for word, _ in nouns[:last])
    return (" ".join(words), nouns[last - 1][1]) if last else ("", place)


def _noun_words(text: str, place: int) -> Iterator[tuple[str, int]]:
    """Yield up to six words from `place` on that may belong to a noun, and where each ends."""
    count = 0
    while count < _MOST_NOUN_WORDS and (match := _WORD.match(text, place)):
        word = match[1].rstrip("’'-")
        lower = word.lower()
        place = match.end()
        if not count and lower in BEFORE_NOUN:
            continue
        if lower in BREAK_WORDS or _COUNT.fullmatch(lower):
            return
        if lower in BEFORE_NOUN:
            continue
        count += 1
        yield word, place - (len(match[1]) - len(word))


def is_plural(word: str) -> bool:
    """Return whether a word in lower case looks like a plural noun."""
    singular = len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s", "’s"))
    return word in PLURALS or not (singular or word in NOT_PLURAL)


def _candidate(
    text: str,
    span: tuple[int, int],
    kind: str,
    rule: str,
    value: str,
    unit: str = "",
    end: int | None = None,
    says: str = "",
) -> Candidate:
    """Return a candidate whose reach takes in a qualifier before it (about, at least) and its noun."""
    start, stop = span
    qualified = _QUALIFIED.search(just_before(text, start))
    if qualified:
        says = "; ".join(part for part in (f"printed with {qualified[0].strip().lower()!r}", says) if part)
    reach = (start - len(qualified[0]) if qualified else start, end if end and unit else stop)
    return Candidate(start, stop, kind, text[start:stop], rule, value, unit, says=says, reach=reach)
