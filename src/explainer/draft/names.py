"""People, organizations and places, by how newspapers print them and by given names; no trained model.

Two passes: the first reads every block for names whose kind shows (a title, a last word such as Department,
an age beside it, a verb of speech), the second finds them again where nothing shows (a surname, an acronym).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

from explainer.draft.candidate import Candidate, Skipped
from explainer.draft.capitalized import (
    ACRONYM,
    KIND_OF_HEAD,
    KIND_OF_LAST,
    LEGAL_FORMS,
    TOKEN,
    Word,
    find_runs,
    is_title,
    split_words,
)
from explainer.english.sentences import just_before
from explainer.english.vocabulary import (
    ABBREVIATIONS,
    BODIES,
    BREAK_WORDS,
    CITIES,
    COUNTRIES,
    DESIGNATORS,
    EVENT_HEADS,
    GIVEN_NAMES,
    HEADS,
    NO_KIND,
    PLACE_HEADS,
    POSITIONS,
    ROLES,
    SPEECH_VERBS,
    STATES,
    TITLE_WORDS,
    UNITS,
)
from explainer.evidence.selectors import MOST_WORDS

_PLACE_BEFORE = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Oo]utside|[Aa]round|[Tt]hroughout|[Aa]cross|[Ii]nto|[Tt]oward"
    r"|(?:north|south|east|west)\w* of"
    r"|(?:miles|kilometers|offshore|off) (?:of|from)|[Oo]ff) (?:downtown )?$"
)
#: What follows an adjective: "in Nepali airspace", "in Public Assistance grants".
_BEFORE_WORD = re.compile(r" [a-z]")
_BEFORE_PLURAL = re.compile(r" (?!is|was|has|as|says)[a-z]+s\b")
#: Ends of words such as Nepali, which say where something is from.
_ADJECTIVE = re.compile(r"(?:an|ese|ish|i)$")
#: Names of states as short as abbreviations, behind which a period ends the sentence.
_SHORT_STATES = {"Idaho", "Iowa", "Maine", "Ohio", "Texas", "Utah"}
_VESSEL_BEFORE = re.compile(
    r"\b(?:boat|ship|vessel|ferry|tanker|barge|trawler|yacht|cutter|freighter|tugboat|submarine|aircraft|spacecraft"
    r"|satellite|rover)s? $"
)
_speech = "|".join(sorted(SPEECH_VERBS))
_SAID_BEFORE = re.compile(rf"\b(?:{_speech}) $|\b[Aa]ccording to $")
_SAID_AFTER = re.compile(rf" (?:also |later |then )?(?:{_speech})\b|, who\b|, whose\b")
_AGE_AFTER = re.compile(r", \d{1,3}(?=[,.;]| of\b)")
_PERSON_BEFORE = re.compile(r"\b([A-Z][a-z]+) (?:[A-Z]\. )?[A-Z][\w’'-]+,? and $")
_APPOSITION = re.compile(r", (?:an?|the|his|her|their|its) [a-z]")
_TITLE_AFTER = re.compile(
    rf", (?:[A-Za-z’'.]+ ){{0,3}}(?<!of )(?:{'|'.join(sorted(HEADS))})\b"
    rf"|, (?:an?|the) (?:[\w.’'-]+ ){{0,4}}(?:{'|'.join(sorted(ROLES))})\b"
)
_ROLE_BEFORE = re.compile(rf"\b(?:{'|'.join(sorted(ROLES))}),? $|\b(?i:{'|'.join(sorted(POSITIONS))}) $")
# The rest of a dateline: "(AP) —", or ", July 27, 2018".
_AFTER_DATELINE = re.compile(
    r"(?:, [A-Z][a-z]+\.? \d{1,2})?(?: \([\w ,.]+\))? ?[—–-]{1,2} |, [\w., ]*\d{4}\b"
)
_IS_PLACE = re.compile(
    r", an? (?:[a-z-]+ )?(?:city|town|village|borough|suburb|county|township|hamlet|island|neighborhood)\b"
)
_PLACE_NOUN = re.compile(
    r" (?:area|bay|beach|campus|coast|community|county|creek|glacier|island|lake|mountain|neighborhood"
    r"|peninsula|region|river|suburb|township|valley|village|volcano)s?\b"
)
#: Opens a line that names people though it is no sentence.
_LABEL = re.compile(r".{0,30}\bcontacts?:", re.IGNORECASE)
_CONTACT = re.compile(r"\bcontacts?: $", re.IGNORECASE)
_CAMEL_CASE = re.compile(r"(?!Mac|Mc|De|Di|Du|Fitz|La|Le|Van)[A-Z][a-z]{2,}[A-Z][a-z]\w*")
_INTRODUCED = re.compile(r" \((?:the )?(?P<short>[A-Z][A-Z&-]{1,7})\)")
_CARDINAL = ("North", "South", "East", "West", "Northeast", "Northwest", "Southeast", "Southwest")
_DIRECTIONS = {*_CARDINAL, *(f"{part}ern" for part in _CARDINAL), "Central", "Upper", "Lower", "Greater"}
_PLACES = STATES | COUNTRIES | CITIES
_LEGAL_END = re.compile(rf" (?:{'|'.join(sorted(LEGAL_FORMS))})\.?$")


@dataclass
class Names:
    """What is known of the names of one article.

    Parameters
    ----------
    gazetteer : mapping of str to str
        Kind (place or facility) of each name that is known beforehand.
    """

    gazetteer: Mapping[str, str] = field(default_factory=dict)
    known: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Kind, full name and rule by what is printed: names in full, surnames, acronyms."""
    guessed: dict[str, str] = field(default_factory=dict)
    """Full name by surname of those who may be people."""
    small: set[str] = field(default_factory=set)
    """Words that the article also writes without a capital."""
    longer: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Names of organizations in full by their first word."""
    by_initials: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Names of organizations in full by their last three or more initials."""

    def learn(self, blocks: Iterable[str]) -> None:
        """Read all blocks for names whose kind shows."""
        texts = [text for text in blocks if not is_title_case(text)]
        for text in texts:
            self.small.update(word.text for word in split_words(text) if word.text[0].islower())
        for text in texts:
            for run in find_runs(text, self.small):
                candidate = _classify(text, run, self)
                if isinstance(candidate, Candidate) and not candidate.weak:
                    self._remember(candidate)
                elif isinstance(candidate, Candidate) and candidate.kind == "person":
                    self.guessed.setdefault(_surname(candidate.name), candidate.name)
            self._acronyms(text)
        self._join_surnames()

    def _join_surnames(self) -> None:
        """Link a surname that first appears after a title to the only person with that surname."""
        full: dict[str, set[str]] = {}
        for kind, name, _ in self.known.values():
            if kind == "person" and " " in name:
                full.setdefault(_surname(name), set()).add(name)
        for surname, names in full.items():
            kind, name, _ = self.known.get(surname, ("person", surname, ""))
            if kind == "person" and name == surname and len(names) == 1:
                self.known[surname] = ("person", min(names), "surname of a person named in full")

    def _remember(self, candidate: Candidate) -> None:
        name = candidate.name
        self.known.setdefault(name, (candidate.kind, name, candidate.rule))
        if candidate.kind == "organization":
            self._remember_organization(name)
        if candidate.kind == "person":
            self.known.setdefault(_surname(name), ("person", name, "surname of a person named in full"))

    def _remember_organization(self, name: str) -> None:
        self.longer[name.split()[0]].add(name)
        initials = "".join(word[0] for word in name.split() if word[0].isupper())
        for start in range(len(initials) - 2):
            self.by_initials[initials[start:]].add(name)

    def _acronyms(self, text: str) -> None:
        introduced = list(_INTRODUCED.finditer(text))
        runs = {run[-1].end: run for run in find_runs(text, self.small)} if introduced else {}
        for match in introduced:
            run = runs.get(match.start())
            if not run or not _abbreviates(match["short"], run):
                continue
            kind = KIND_OF_LAST.get(run[-1].text, "organization")
            kind = kind if kind in ("system", "agreement") else "organization"
            full = text[run[0].start : run[-1].end]
            self.known[match["short"]] = (kind, full, "acronym that the article explains")
            self.known[full] = (kind, full, "name with its acronym")
            if kind == "organization":
                self._remember_organization(full)

    def long_form(self, short: str) -> str:
        """Return the one organization whose last initials are `short`, though the article never says so."""
        names = self.by_initials.get(short, set())
        return min(names) if len(names) == 1 else ""

    def find(self, text: str) -> Iterator[Candidate | Skipped]:
        """Yield the names in a block, the surer first; some may overlap."""
        yield from self._from_gazetteer(text)
        if is_title_case(text):
            yield from self._known(text)
        for run in find_runs(text, self.small):
            if is_title_case(text) and not _stands_alone(text, run):
                continue
            if result := _classify(text, run, self):
                yield result

    def _from_gazetteer(self, text: str) -> Iterator[Candidate]:
        for name in sorted(self.gazetteer, key=lambda name: (-len(name), name)):
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
                yield _candidate(text, *match.span(), self.gazetteer[name], "gazetteer", name)

    def _known(self, text: str) -> Iterator[Candidate]:
        """Yield names known from elsewhere in a headline, where every word has a capital."""
        for name in sorted(self.known, key=lambda name: (-len(name), name)):
            kind, full, _ = self.known[name]
            period = r"\.?" if _is_abbreviated(name.split()[-1]) else ""
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w){period}", text):
                yield _candidate(text, *match.span(), kind, "named elsewhere in the article", full)


def _abbreviates(short: str, run: list[Word]) -> bool:
    """Return whether an acronym is that of a name, or of its end: "the City Transit Board (TB)"."""
    initials = "".join(word.text[0] for word in run if word.capital)
    letters = re.sub(r"\W", "", short)
    return initials.endswith(letters) or (letters.endswith(initials) and len(initials) > 1)


def _surname(name: str) -> str:
    parts = [part for part in name.split() if part.rstrip(".") not in ("Jr", "Sr", "II", "III")]
    return (parts or [name])[-1]


def is_title_case(text: str) -> bool:
    """Return whether a block is set as a headline is, with a capital on most words."""
    words = [word for word in TOKEN.findall(text) if word[0].isalpha() and len(word) > 3]
    small = sum(word[0].islower() for word in words)
    if _LABEL.match(text):
        return False
    return len(words) > 2 and small <= len(words) // 10 and not re.search(r"[.!?][\"”’)]*$", text)


def _stands_alone(text: str, run: list[Word]) -> bool:
    """Return whether a name is a whole line, or all that stands between two commas in it."""
    before, after = text[: run[0].start], text[run[-1].end :]
    organization = _kind_of_last(run[-1].text) == "organization" or run[0].text in KIND_OF_HEAD
    alone = (not before or before.endswith(", ")) and (not after or after.startswith(","))
    return alone and (organization or ACRONYM.fullmatch(run[0].text) is not None)


class _Class(NamedTuple):
    """What a run of capitalized words names: the kind, the rule that says so, the name in full if longer."""

    kind: str
    rule: str
    name: str = ""
    weak: bool = False


def _classify(text: str, run: list[Word], names: Names) -> Candidate | Skipped | None:
    """Return what a run of capitalized words names, by the first rule that applies."""
    start, end = run[0].start, run[-1].end
    name = text[start:end]
    if _VESSEL_BEFORE.search(just_before(text, start)):
        return Skipped(start, end, name, "the name of a vessel, for which the fact sheet has no kind")
    if run[-1].text in DESIGNATORS and re.match(r" \d", text[end : end + 2]):
        return Skipped(start, end, name, "the name of a road or the like, with its number")
    if text.startswith(".", end) and _is_abbreviated(run[-1].text):
        end += 1
    for rule in (
        _titled,
        _known_name,
        _by_its_words,
        _state_or_country,
        _place_beside,
        _person_beside,
        _acronym,
        _unexplained_person,
    ):
        if match := rule(text, run, names):
            if match.kind == "person":
                start = _without_first_titles(run, len(text[start:end].split()))
            return _candidate(text, start, end, match.kind, match.rule, match.name or name, weak=match.weak)
    opens = not re.search(r"[\w,;:)] $", just_before(text, start))
    if len(run) == 1 and opens:
        return None
    return Skipped(start, end, text[start:end], "capitalized, of no kind that a rule knows")


def _is_abbreviated(word: str) -> bool:
    """Return whether a period behind the last word of a name belongs to it."""
    state = _is_state(word) and word.title() not in _SHORT_STATES and len(word) < 6
    return state or (word.lower() in ABBREVIATIONS and word.lower() != "no")


def _without_first_titles(run: list[Word], words: int) -> int:
    """Return where a person begins, without first titles that make it longer than may be quoted."""
    title = list(takewhile(is_title, run))
    return run[min(max(words - MOST_WORDS, 0), len(title))].start


def _plain(run: list[Word]) -> str:
    return " ".join(word.text for word in run)


def _known_name(text: str, run: list[Word], names: Names) -> _Class | None:
    printed = text[run[0].start : run[-1].end]
    if printed in names.gazetteer:
        return _Class(names.gazetteer[printed], "gazetteer", printed)
    if printed in names.known:
        kind, full, rule = names.known[printed]
        return _Class(kind, rule, full)
    if printed in _PLACES or run[-1].text in KIND_OF_LAST or printed in names.guessed:
        return None
    longer = [name for name in names.longer.get(run[0].text, ()) if name.startswith(f"{printed} ")]
    if len(longer) == 1 and (len(run) > 1 or _LEGAL_END.search(longer[0])):
        return _Class("organization", "first words of a longer name", names.known[longer[0]][1])
    return None


def _titled(text: str, run: list[Word], names: Names) -> _Class | None:
    title = list(takewhile(is_title, run))
    name = run[len(title) :]
    if not 1 <= len(name) <= 4 or not any(word.text in HEADS for word in title):
        return None
    if name[-1].text in KIND_OF_LAST and len(name) != 2:
        return None
    printed = text[name[0].start : name[-1].end]
    return _Class("person", "title before a name", names.known.get(printed, ("", printed))[1])


def _by_its_words(text: str, run: list[Word], names: Names) -> _Class | None:
    texts = [word.text for word in run]
    no_survey = texts[-1] == "Survey" and "Geological" not in texts
    if len(run) == 1 or texts[0] in EVENT_HEADS or texts[-1] in NO_KIND or no_survey:
        return None
    if "of" in texts or "for" in texts:
        head = next((word for word in texts if word in KIND_OF_HEAD), None)
        if head:
            return _Class(KIND_OF_HEAD[head], f"name with {head}")
    if unit := next((word for word in texts if word in UNITS or word == "Station" != texts[-1]), None):
        return _Class("organization", f"name with {unit}")
    kind = _kind_of_last(texts[-1])
    if kind and not all(word in TITLE_WORDS for word in texts):
        return _Class(kind, f"last word {texts[-1]}")
    return _Class("place", f"first word {texts[0]}") if texts[0] in PLACE_HEADS else None


def _kind_of_last(word: str) -> str | None:
    """Return the kind of a name by its last word, in capitals too."""
    return KIND_OF_LAST.get(word.capitalize() if word.isupper() and len(word) > 3 else word)


def _is_state(name: str) -> bool:
    """Return whether a name is that of a state, in capitals too as in a dateline ("LENEXA, KAN.")."""
    return name.rstrip(".") in STATES or (name.isupper() and name.rstrip(".").title() in STATES)


def _lacks_period(name: str, after: str) -> bool:
    """Return whether a name is short for a state, but for its period: "Ill people", "Wash items"."""
    short = name in STATES - _SHORT_STATES and name.istitle() and len(name) < 6
    return short and not after.startswith(".")


def _state_or_country(text: str, run: list[Word], names: Names) -> _Class | None:
    plain, after = _plain(run), text[run[-1].end :]
    if plain in BODIES:
        return _Class("organization", "body that needs no other name")
    without_direction = _plain(run[1:]) if run[0].text in _DIRECTIONS else plain
    known = _is_state(plain) or {plain, without_direction.rstrip(".")} & _PLACES
    if not known or _lacks_period(plain, after):
        return None
    return _Class("place", "state, country or city that needs no state")


def _place_beside(text: str, run: list[Word], names: Names) -> _Class | None:
    plain, after = _plain(run), text[run[-1].end :]
    if _lacks_period(plain, after):
        return None
    if len(run) <= 3 and (_IS_PLACE.match(after) or _PLACE_NOUN.match(after)):
        return _Class("place", "called a city or the like")
    state = re.match(r", ((?:[A-Z][\w.]*)(?: [A-Z][a-z]+)?)", after)
    if state and any(_is_state(part) for part in (state[1], state[1].split()[0])):
        return _Class("place", "name before a state")
    if len(run) <= 3 and run[0].start == 0 and plain.isupper() and _AFTER_DATELINE.match(after):
        return _Class("place", "dateline's place")
    before = just_before(text, run[0].start)
    if len(run) > 2 or not _PLACE_BEFORE.search(before) or ACRONYM.fullmatch(plain):
        return None
    adjective = _BEFORE_PLURAL if len(run) > 1 or not _ADJECTIVE.search(plain) else _BEFORE_WORD
    no_place = adjective.match(after) or run[0].text.lower() in BREAK_WORDS
    return None if no_place else _Class("place", "after a word of place", weak=True)


def _person_beside(text: str, run: list[Word], names: Names) -> _Class | None:
    if not 2 <= len(run) <= 4 or any(word.text in KIND_OF_LAST for word in run[1:]):
        return None
    if run[-1].text in NO_KIND or run[0].text in EVENT_HEADS | STATES:
        return None
    if ACRONYM.fullmatch(run[0].text) and run[0].text.title() not in GIVEN_NAMES:
        return None
    before, after = just_before(text, run[0].start), text[run[-1].end :]
    if re.match(r" [A-Z]", after):
        return None  # the words before a title
    rules = {
        "byline": len(before) < 12 and re.search(r"(?:^|[.!?] )[Bb]y $", before),
        "age beside a name": _AGE_AFTER.match(after),
        "beside a verb of speech": _SAID_BEFORE.search(before) or _SAID_AFTER.match(after),
        "contact": _CONTACT.search(before),
        "role before a name": _ROLE_BEFORE.search(before),
        "named with a person": (other := _PERSON_BEFORE.search(before)) and other[1] in GIVEN_NAMES,
        "explained after a comma": _APPOSITION.match(after) or _TITLE_AFTER.match(after),
    }
    return next((_Class("person", rule) for rule, match in rules.items() if match), None)


def _acronym(text: str, run: list[Word], names: Names) -> _Class | None:
    plain = _plain(run)
    if len(run) == 1 and _CAMEL_CASE.fullmatch(plain):
        return _Class("organization", "written as one word with two capitals", weak=True)
    if (
        len(run) > 1
        or "/" in text[max(run[0].start - 1, 0) : run[0].end + 1]
        or len(plain) > 6
        or plain.endswith("s")
        or not ACRONYM.fullmatch(plain)
        or _is_mostly_capitals(text)
    ):
        return None
    full = names.long_form(plain)
    rule = "initials of a name in the article" if full else "acronym"
    return _Class("organization", rule, full, weak=True)


def _is_mostly_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char.isupper() for char in letters) > len(letters) / 2


def _unexplained_person(text: str, run: list[Word], names: Names) -> _Class | None:
    """Guess: two or three capitalized words, the first a given name, are a person more often than not."""
    if len(run) == 1 and run[0].text in names.guessed and run[0].text.lower() not in names.small:
        return _Class("person", "surname of what may be a person", names.guessed[run[0].text], weak=True)
    if not 2 <= len(run) <= 3 or run[-1].text in NO_KIND or run[0].text in EVENT_HEADS:
        return None
    if re.match(r" [A-Z]", text[run[-1].end :]):
        return None  # the words before a title
    # The first word of a label ("Follow Ada Ward") has a capital whatever it is.
    if run[0].start == 0 and not re.search(r"[.!?…][\"'”’)\]]*$", text):
        return None
    if run[0].text not in GIVEN_NAMES or _plain(run[:2]) in STATES:
        return None
    other = any(len(word.text) > 1 and _is_other_word(word, names) for word in run)
    return None if other else _Class("person", "capitalized words, a guess", weak=True)


def _is_other_word(word: Word, names: Names) -> bool:
    """Return whether a capitalized word is hardly part of a person's name."""
    text = word.text
    return (
        text.lower() in names.small
        or text.isupper()
        or not text.isalpha()
        or text in KIND_OF_LAST
        or text in _DIRECTIONS
        or is_title(word)
    )


def _candidate(
    text: str, start: int, end: int, kind: str, rule: str, name: str, *, weak: bool = False
) -> Candidate:
    return Candidate(start, end, kind, text[start:end], rule, key=name.lower(), name=name, weak=weak)
