"""Sequences of capitalized words in running text, which may be names: where one ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from explainer.english.numbers import NUMBER_WORDS
from explainer.english.sentences import just_before, sentences
from explainer.english.vocabulary import (
    ABBREVIATIONS,
    BREAK_WORDS,
    DEMONYMS,
    GIVEN_NAMES,
    HEADS,
    NOT_NAMES,
    OF_HEADS,
    POSITIONS,
    SUFFIXES,
    TITLE_WORDS,
)
from explainer.evidence.selectors import MOST_WORDS

TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|[^\W_][\w’'-]*(?:&\w+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_GAP = re.compile(r" |(?<=\w)\. |, (?=(?:Jr|Sr|Inc|LLC|III?)\b)")
ACRONYM = re.compile(r"(?:[UE]\.[NU]\.?|[A-Z][A-Z&-]{1,7})s?")
_PARTICLES = {"de", "la", "del", "van", "von", "der", "da", "di", "al", "bin"}
#: Ends of words such as Parks, Recreation, Safety or Food, which "and" joins to another in a name.
_ABSTRACT = ("s", "ion", "ing", "ty", "nce", "ment", "th", "Food", "Fish", "Drug", "Air", "Labor", "Energy")
_SMALL_JOINS = _PARTICLES | {"of", "for", "and", "&", "the", "on", "in"}
KIND_OF_LAST = {word: kind for kind, words in SUFFIXES.items() for word in words}
LEGAL_FORMS = {"Co", "Company", "Corp", "Corporation", "Inc", "LLC", "LLP", "Ltd"}
#: The rest of a name such as "Warehouse and Distribution, Inc".
_COMPANY = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)*,? (?:Inc|LLC|LLP|Ltd)\b")
#: Last words of organizations behind which a part of them is often named.
_AGENCY_ENDS = {
    "Administration", "Agency", "Alliance", "Association", "Authority", "Bureau", "Commission", "Committee",
    "Company", "Corporation", "Council", "Department", "Foundation", "Institute", "Service", "Survey",
    "University",
}  # fmt: skip
KIND_OF_HEAD = {word: kind for kind, words in OF_HEADS.items() for word in words}


@dataclass(frozen=True)
class Word:
    """A word and its place in a block; `text` is without a possessive ending."""

    start: int
    end: int
    text: str
    possessive: bool

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital letter."""
        return self.text[0].isupper()


def split_words(text: str) -> list[Word]:
    """Return the words of a text."""
    words = []
    for match in TOKEN.finditer(text):
        bare = _POSSESSIVE.sub("", match[0]) or match[0]
        words.append(Word(match.start(), match.start() + len(bare), bare, bare != match[0]))
    return words


def find_runs(text: str, small: Collection[str]) -> list[list[Word]]:
    """Return the sequences of capitalized words of a block that may be names.

    Parameters
    ----------
    text : str
        The block.
    small : collection of str
        Words that the article also writes without a capital.
    """
    words = split_words(text)
    openings = {start for start, _ in sentences(text)}
    runs: list[list[Word]] = []
    place = 0
    while place < len(words):
        if not words[place].capital:
            place += 1
            continue
        run = [words[place]]
        place += 1
        while place < len(words) and (not run[-1].possessive or _is_named_after(run, words[place])):
            step = _next(text, run, words[place : place + 3])
            if not step:
                break
            run += words[place : place + step]
            place += step
        runs += _split(_trim(text, run, openings, small))
    return runs


def _next(text: str, run: list[Word], ahead: list[Word]) -> int:
    """Return how many of the words `ahead` continue the name, 0 if it ends."""
    last = run[-1]
    if last.possessive:
        return 1
    if not _joined(text, last, ahead[0]):
        return 0
    if ahead[0].capital:
        return 1
    joins = 0
    while joins < len(ahead) and ahead[joins].text in _SMALL_JOINS:
        joins += 1
    if not 0 < joins < len(ahead) or not ahead[joins].capital:
        return 0
    chain = [last, *ahead[: joins + 1]]
    together = all(_joined(text, left, right) for left, right in pairwise(chain))
    return joins + 1 if together and _joins_name(text, run, ahead[0], ahead[joins]) else 0


def _joins_name(text: str, run: list[Word], join: Word, after: Word) -> bool:
    """Return whether a small word such as *of* joins a capitalized one to the name."""
    if join.text == "on":
        return run[-1].text in KIND_OF_HEAD
    if join.text == "in":
        return after.text == "Charge"
    if join.text in ("of", "for"):
        return any(word.text in KIND_OF_HEAD for word in run)
    if join.text == "and" and after.start > join.end + 1:
        return False  # "Department of Labor and the Transit Board" are two
    if join.text == "and":
        # "Department of Parks and Recreation", "Customs and Border Agency"; but not "Ward and Bell said".
        last = run[-1].text
        begun = any(word.text in ("of", "for") for word in run)
        plural = len(run) <= 3 and last.endswith(_ABSTRACT) and (last not in KIND_OF_LAST or len(run) == 1)
        company = last not in KIND_OF_LAST and _COMPANY.match(text, after.start)
        return begun or bool(company) or (plural and _ends_as_organization(text, after))
    return join.text in _PARTICLES


def _is_named_after(run: list[Word], after: Word) -> bool:
    """Return whether a possessive goes on: "St. Anne's Hospital", "Brink's Inc", "Attorney's Office"."""
    saint = run[0].text in ("St", "Saint") and after.text in KIND_OF_LAST
    office = run[-1].text in HEADS and after.text in ("Office", "Offices", "Department")
    return (saint or office or after.text in LEGAL_FORMS) and after.start == run[-1].end + 3


def _joined(text: str, left: Word, right: Word) -> bool:
    gap = text[left.end : right.start]
    if left.possessive:
        return False
    if gap.startswith("."):
        # An initial, a title or a state; any other full stop ends the sentence.
        short = left.text.lower() in ABBREVIATIONS or len(left.text) == 1 or "." in left.text
        return short and gap == ". "
    legal = _GAP.match(text, left.end) if "," in gap else None
    return gap in (" ", " & ") or (legal is not None and legal.end() == right.start)


def _ends_as_organization(text: str, word: Word) -> bool:
    """Return whether the capitalized words from `word` on end in a word such as Department."""
    words = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)*(?:, (?:Inc|LLC|Ltd)\b)?").match(text, word.start)
    return words is not None and KIND_OF_LAST.get(words[0].split()[-1]) == "organization"


def _trim(text: str, run: list[Word], openings: set[int], small: Collection[str]) -> list[Word]:
    """Drop from a run the words that only open a sentence, and days and the like at its ends."""
    while run and not _may_begin(text, run, openings, small):
        run = run[1:]
    while run and (run[-1].text in NOT_NAMES or not run[-1].capital):
        run = run[:-1]
    return run


def _may_begin(text: str, run: list[Word], openings: set[int], small: Collection[str]) -> bool:
    """Return whether a name may begin with the first word of a run."""
    first = run[0]
    lower = first.text.lower()
    opens = first.start in openings or not re.search(r"[\w,;)] $", just_before(text, first.start))
    if first.text in NOT_NAMES or not first.text[0].isalpha() or (opens and _is_position(run)):
        return False
    if opens and lower in NUMBER_WORDS:
        return False
    if (
        lower in BREAK_WORDS
        and not (first.text.isupper() and len(run) > 1)
        and (opens or len(run) == 1 or lower == "the")
    ):
        return False
    if first.text in DEMONYMS and (len(run) == 1 or run[1].text in TITLE_WORDS):
        return False
    return not (opens and len(run) == 1 and lower in small)


def _is_position(run: list[Word]) -> bool:
    """Return whether a run begins with a player's place in a team, and a name in full follows."""
    kind = KIND_OF_LAST.get(run[-1].text)
    return run[0].text.lower() in POSITIONS and len(run) in (3, 4) and not kind


def _split(run: list[Word]) -> list[list[Word]]:
    """Split a run at words such as weekdays, and before the titles of a person."""
    parts: list[list[Word]] = [[]]
    for word in run:
        if word.text in NOT_NAMES:
            parts.append([])
        else:
            parts[-1].append(word)
    for split in (_split_long, _split_before_titles, _split_after_acronym):
        parts = [piece for part in parts if part for piece in split(part)]
    return parts


def _split_long(run: list[Word]) -> list[list[Word]]:
    """Split "District Court for the Western District of Ohio", which is longer than may be quoted."""
    at = next((at for at, word in enumerate(run) if word.text == "for"), 0)
    if not at or len(run) <= MOST_WORDS:
        return [run]
    return [run[:at], run[at + 2 if run[at + 1].text == "the" else at + 1 :]]


def _split_before_titles(run: list[Word]) -> list[list[Word]]:
    """Split "NTSB Board Chair Jennifer Homendy" before the titles that stand before the name."""
    heads = [place for place, word in enumerate(run) if word.text in HEADS]
    if (
        not heads
        or not 1 <= len(run) - heads[-1] - 1 <= 4
        or (KIND_OF_LAST.get(run[-1].text) and len(run) - heads[-1] != 3)
    ):
        return [run]
    first = heads[-1]
    while first and is_title(run[first - 1]):
        first -= 1
    return [run[:first], run[first:]] if first else [run]


def _split_after_acronym(run: list[Word]) -> list[list[Word]]:
    """Drop the "IC" of "IC Gary Moses", and split "Park Service Alaska Region" behind the agency."""
    if len(run) > 2 and ACRONYM.fullmatch(run[0].text) and run[1].text in GIVEN_NAMES:
        return [run[1:]]
    ends = [at for at, word in enumerate(run[:-1]) if at and word.text in _AGENCY_ENDS]
    if ends and run[-1].text not in KIND_OF_LAST and not any(word.text in _SMALL_JOINS for word in run):
        return [run[: ends[-1] + 1], run[ends[-1] + 1 :]]
    return [run]


def is_title(word: Word) -> bool:
    """Return whether a word may be part of a person's title, such as *Deputy*."""
    return word.text.rstrip(".") in TITLE_WORDS
