"""Who is credited with a sentence: a speaker that it names, or nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from explainer.draft.candidate import Candidate
from explainer.draft.numbers import is_plural
from explainer.english.calendar_words import PART_OF_DAY, WEEKDAY
from explainer.english.sentences import dateline_end, sentences
from explainer.english.vocabulary import BREAK_WORDS, PRONOUNS, SPEECH_VERBS

SPEAKERS = ("person", "organization")
#: Verbs that say something only before some words: "added that", but not "added three boats".
_SOMETIMES = {"added", "alleged", "announced", "announces", "claimed", "claims", "confirmed", "estimates"}
_often = "|".join(sorted(SPEECH_VERBS - _SOMETIMES))
_VERB = re.compile(
    rf"\b(?:{_often})\b(?! being| from| of)(?!(?: [A-Z]\w+)? by\b)"
    # Nor do "announced a sale", "false claims", "confirmed ten cases" and "they believe him" say anything.
    r"|(?<=[”\"] )added\b|\badded(?= that\b|[.,:])"
    r"|\balleged(?= (?:that|the|an?|in|he|she|it|they|(?-i:[A-Z]))\b)"
    r"|(?<=, )announced\b|\bannounce[sd]?(?= (?:[\w.,]+ ){0,4}that\b|[.,:])"
    rf"|\bannounced(?= (?:(?:late|earlier|on) )*(?:today|yesterday|{WEEKDAY})[.,:])"
    rf"|\bconfirmed(?= (?:that|the|to|in|on|it|he|she|{WEEKDAY})\b|[.,:])"
    r"|\bclaimed(?= (?:that|to|the|he|she|it|they)\b)"
    r"|\b(?:state|estimate|believe|conclude|suggest|indicate)s?(?= that\b)|\bcharge[sd](?= that\b)"
    r"|\baccording to\b",
    re.IGNORECASE,
)
#: Somebody about whom something is said, and who does not speak: "were identified", "has been reported".
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+ly)? $", re.IGNORECASE)
_MARKS = ("“", '"')
_QUOTED = re.compile(r"“[^”]*(?:”|$)|(?<!\w)\"[^\"]*(?:\"|$)")
_ARTICLE = r"(?:the|an?|his|her|their|its|our)"
_NOUNS_BEFORE = re.compile(
    rf"(?P<article>\b(?:{_ARTICLE}|(?-i:[A-Z])[\w.]+['’]s) )?(?P<nouns>(?:[A-Za-z][\w’'-]* ){{1,3}})$",
    re.IGNORECASE,
)
#: "the leader of one of " before a noun.
_OF_BEFORE = re.compile(
    rf"(?:(?:^|(?<=, ))(?:[\w’'-]+ ){{0,3}}|\b{_ARTICLE} )?(?:[\w’'-]+ of )+$", re.IGNORECASE
)
#: The subject of a sentence with a clause between commas: "The complaint, filed in court, ".
_SUBJECT = re.compile(
    rf"\W*(?:[^,“\"]{{1,60}}, )?(?P<article>{_ARTICLE} )?"
    r"(?P<nouns>[A-Za-z][\w’'-]*(?: [a-z][\w’'-]*){0,2}), [^“\"]+, $",
    re.IGNORECASE,
)
_STOPS = (
    r"(?:of|by|in|on|at|for|from|that|who|which|and|released|published|conducted|issued|filed|obtained"
    r"|is|are|was|were|be|has|have|had|will|would|can|could|may|might)"
)
_PHRASE_AFTER = re.compile(rf" (?P<phrase>[\w’'&-]+(?: (?!{_STOPS}\b)[\w’'&-]+){{0,6}})")
_PREPOSITION = re.compile(r" (?:in|at|for|from|with|on|near|inside|outside|by|to) $")
_DAY_BEFORE = re.compile(rf" (?:on )?{WEEKDAY}(?: {PART_OF_DAY})? $")
#: A name that no rule knows, beside a verb of speech.
_NAME = r"(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})"
_NAME_BEFORE = re.compile(rf"(?:^|[\s“\"]){_NAME} $")
_NAME_AFTER = re.compile(rf" {_NAME}(?=[,.]| on\b|$)")
_QUOTE_ENDS = re.compile(r"[,?!”\"] $")
#: A name opens its sentence behind at most so many words, such as a title or a role.
_OPENING_WORDS = 6
# Words between a speaker and "said": an age, an office, "of the Harbor Board", "and U.S. Attorney Bo Bell".
_APPOSITION = re.compile(
    r"(?:(?: \([^()]{1,30}\))?(?: (?:of|at|for|with|from) [^,.;]{1,60})?(?:(?:, [^,.;]{1,80}){1,3},)?"
    r"|(?:,? (?:[A-Z][\w.’'&-]*|\([^()]{1,20}\)|of|for|in|at|and|the|&)){1,40},?)"
    r" (?:also |later |then |today )?"
)
# Words between "said" or "according to" and a speaker: "its captain, ".
_INTRODUCTION = re.compile(
    rf" (?:(?:{_ARTICLE} )?(?:[a-z][\w’'-]* ){{0,4}}[a-z][\w’'-]*,? |the "
    r"|(?:[A-Z][\w.&’'-]* |\d+ |and |of |for |the ){1,8})?"
)
_AFTER_ACCORDING = re.compile(rf" (?:{_ARTICLE} )?(?:[\w’'-]+ ){{0,4}}")
# "an estimated 400 boats", "China's alleged station", "isn't to say".
_ADJECTIVE = re.compile(
    rf"(?:\b{_ARTICLE}|['’]s|\b(?:to|of|in|for|with|among|between|by|from|on|at)) $", re.IGNORECASE
)
_NOBODY = re.compile(r"\W*(?:neither|none|no|nobody)\b", re.IGNORECASE)
#: Before a name that is no subject: "filed in the District Court for Ohio, said".
_IN_PHRASE = re.compile(r"\b(?:in|at|by|with|to|against) (?:the )?$")
#: Before a subject that is a name alone: ", the ".
_ALONE = re.compile(r"[,”\"] (?:the )?$")
#: What follows "according to Ada Ward" and is about her.
_ABOUT_SPEAKER = re.compile(r", (?:who|whose|an?|the)\b[^,.;]*,?")
#: Ends what stands about a speaker behind "said Ada Ward, chief of the Harbor Board".
_ENDS_OFFICE = re.compile(r"[“\";]|, (?:adding|noting|saying|and|but|as|after|when|while)\b")
#: Ends what is quoted before an inverted "said Ada Ward".
_CLOSES = re.compile(r"(?:^|[,?!”\"] )$")
_CLAUSE = re.compile(r"[,;”\"] ")
#: Between a verb of speech and the day of the statement.
_BEFORE_DAY = re.compile(r" (?:(?:on|late|early|earlier) )*")


@dataclass(frozen=True)
class Credit:
    """The source that a sentence credits.

    Parameters
    ----------
    start, end : int
        The sentence within its block.
    speaker : str
        Who is credited; blank for the article's own voice.
    doubt : str
        What an editor has to check, as a phrase.
    verbs : tuple of tuple of int
        The places of the verbs of speech.
    own : tuple of tuple of int
        Where the article speaks in its own voice: the dateline, the speaker's name and office.
    """

    start: int
    end: int
    speaker: str = ""
    doubt: str = ""
    verbs: tuple[tuple[int, int], ...] = ()
    own: tuple[tuple[int, int], ...] = ()

    def covers(self, candidate: Candidate, text: str) -> bool:
        """Return whether a candidate in this sentence is credited to the speaker.

        The dateline, the speaker's name, age and office, and the day of the statement are the article's own.
        """
        if not self.speaker or any(start <= candidate.start < end for start, end in self.own):
            return False
        if candidate.kind in ("date", "weekday"):
            return not any(_BEFORE_DAY.fullmatch(text, end, candidate.start) for _, end in self.verbs)
        return True


def credits(blocks: Sequence[str], candidates: Sequence[Iterable[Candidate]]) -> list[list[Credit]]:
    """Return the credit of each sentence of each block.

    Parameters
    ----------
    blocks : sequence of str
        The article.
    candidates : sequence of iterable of Candidate
        The candidates of each block; people and organizations may be speakers.
    """
    by_block = [_credits(text, items) for text, items in zip(blocks, candidates, strict=True)]
    # A quotation of several paragraphs names its speaker once, and only its last paragraph is closed.
    runs_on = [
        place
        for place in range(1, len(blocks))
        if blocks[place].startswith(_MARKS) and _leaves_open(blocks[place - 1])
    ]
    for place in runs_on:
        _credit_quotes(by_block[place], _speakers(by_block[place - 1])[-1:])
    for place in reversed(runs_on):
        _credit_quotes(by_block[place - 1], _speakers(by_block[place])[:1])
    return by_block


def _credits(text: str, candidates: Iterable[Candidate]) -> list[Credit]:
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    names = [candidate for candidate in candidates if candidate.kind in SPEAKERS]
    head = dateline_end(text)
    by_sentence = [_credit(text, (max(span[0], head), span[1]), quotes, names) for span in sentences(text)]
    by_sentence[0] = replace(by_sentence[0], start=0, own=((0, head), *by_sentence[0].own))
    # A quotation of several sentences names its speaker once, mostly behind the first.
    _credit_quotes(by_sentence, _speakers(by_sentence)[:1])
    return by_sentence


def _speakers(by_sentence: list[Credit]) -> list[str]:
    return [credit.speaker for credit in by_sentence if credit.speaker]


def _credit_quotes(by_sentence: list[Credit], speaker: list[str]) -> None:
    """Credit quoted sentences of which nobody is the speaker to the one before them, or to `speaker`."""
    for place, credit in enumerate(by_sentence):
        if credit.speaker:
            speaker = [credit.speaker]
        elif credit.doubt == _UNCREDITED and speaker:
            doubt = "in quotation marks; the speaker stands beside it"
            by_sentence[place] = replace(credit, speaker=speaker[0], doubt=doubt)


def _leaves_open(text: str) -> bool:
    """Return whether a block ends within a quotation that it does not close."""
    last = next(reversed([*_QUOTED.finditer(text)]), None)
    return last is not None and last.end() == len(text) and not (last[0][1:].endswith(("”", '"')))


_UNCREDITED = "in quotation marks: say who speaks"


def _credit(
    text: str, span: tuple[int, int], quotes: list[tuple[int, int]], names: list[Candidate]
) -> Credit:
    start, end = span
    verbs = [
        match.span()
        for match in _VERB.finditer(text, start, end)
        if not any(left < match.start() and match.end() < right for left, right in quotes)
        and not _ADJECTIVE.search(text, start, match.start())
        and not _PASSIVE.search(text, start, match.start())
    ]
    here = [name for name in names if start <= name.start < end]
    doubt = ""
    for verb in verbs:
        speaker, place, doubt = _speaker(text, span, verb, here)
        if speaker:
            own = (_own(text, span, verb, place),) if place else ()
            return Credit(start, end, speaker, "", tuple(verbs), own)
    if not verbs and any(left <= start < right for left, right in quotes):
        doubt = _UNCREDITED
    return Credit(start, end, "", doubt, tuple(verbs))


def _own(text: str, span: tuple[int, int], verb: tuple[int, int], name: tuple[int, int]) -> tuple[int, int]:
    """Return where the article speaks of the speaker: name, office and verb."""
    start, end = span
    if name[0] < verb[0]:
        clause = max((mark.end() for mark in _CLAUSE.finditer(text, start, name[0])), default=start)
        office = len(text[clause : name[0]].split()) <= _OPENING_WORDS
        return clause if office else name[0], verb[1]
    if _is_according(text, verb):
        about = _ABOUT_SPEAKER.match(text, name[1], end)
        if about and text[start : verb[0]].strip(' "“') == "" and not about[0].endswith(","):
            about = None  # "According to the board, the boat sank"
        return verb[0], about.end() if about else name[1]
    stop = _ENDS_OFFICE.search(text, name[1], end)
    return verb[0], stop.start() if stop else end


#: The speaker, the place of the name if there is one, and a doubt if there is no speaker.
Speaker = tuple[str, tuple[int, int] | None, str]


def _speaker(text: str, span: tuple[int, int], verb: tuple[int, int], names: list[Candidate]) -> Speaker:
    """Return the speaker of one verb."""
    # People before organizations: in "Ada Ward of the Harbor Board said" it is she who speaks.
    names = sorted(names, key=lambda name: (name.kind != "person", name.weak, name.start))
    beside = _named_beside(text, verb, names)
    if beside:
        return beside.name, (beside.start, beside.end), ""
    if _is_according(text, verb):
        speaker = _phrase_after(text, verb[1])
        return speaker, None, "" if speaker else "according to whom is not read"
    return _speaker_before(text, span, verb, names)


def _phrase_after(text: str, place: int) -> str:
    """Return the words after "according to", up to a mark or a word such as *of* or *by*."""
    match = _PHRASE_AFTER.match(text, place)
    return match["phrase"] if match and match["phrase"].lower() not in BREAK_WORDS else ""


def _speaker_before(
    text: str, span: tuple[int, int], verb: tuple[int, int], names: list[Candidate]
) -> Speaker:
    """Return the speaker by the words of the sentence before the verb, or by a name beside it."""
    printed = text[verb[0] : verb[1]]
    before = _DAY_BEFORE.sub(" ", text[span[0] : verb[0]])
    last = re.search(r"(\w+)[”\"]? $", before)
    if last and last[1].lower() in PRONOUNS:
        return "", None, f"{last[1].lower()} {printed}: say who speaks"
    beside = _NAME_BEFORE.search(before)
    if speaker := _subject(before) or (beside["name"] if beside else ""):
        return speaker, (verb[0] - len(speaker) - 1, verb[0]), ""
    if behind := _QUOTE_ENDS.search(before) and _NAME_AFTER.match(text, verb[1]):
        return behind["name"], behind.span("name"), ""
    return "", None, f"{printed}: no speaker is named in the sentence"


def _subject(before: str) -> str:
    """Return the common nouns before a verb that are its subject; blank if there are none."""
    nouns = _SUBJECT.match(before) or _NOUNS_BEFORE.search(before)
    # In "sources in the camp said" the sources speak.
    while nouns and (place := _PREPOSITION.search(before[: nouns.start()])):
        nouns = _NOUNS_BEFORE.search(before[: place.start() + 1])
    if not nouns or _NOBODY.match(before) or not (speaker := _noun_phrase(nouns)):
        return ""
    last = speaker.rsplit(" of ", maxsplit=1)[-1]
    whole = _OF_BEFORE.search(before[: before.rindex(last)])
    return f"{whole[0]}{last}" if whole else speaker


def _is_according(text: str, verb: tuple[int, int]) -> bool:
    return text[verb[0] : verb[1]].lower() == "according to"


def _named_beside(text: str, verb: tuple[int, int], names: list[Candidate]) -> Candidate | None:
    """Return the name right after or before a verb that is its subject."""
    if behind := _named_behind(text, verb, names):
        return behind
    before = [name for name in names if name.end <= verb[0] and not _IN_PHRASE.search(text, 0, name.start)]
    alone = [name for name in before if name.end == verb[0] - 1 and _ALONE.search(text, 0, name.start)]
    return next(
        iter(alone or (name for name in before if _APPOSITION.fullmatch(text, name.end, verb[0]))), None
    )


def _named_behind(text: str, verb: tuple[int, int], names: list[Candidate]) -> Candidate | None:
    """Return the name behind a verb that is its subject: only after quoted words or a comma."""
    if _is_according(text, verb):
        return next((name for name in names if _AFTER_ACCORDING.fullmatch(text, verb[1], name.start)), None)
    told = text[verb[0] : verb[1]].lower() in ("told", "tells")
    if told or text.startswith(" that ", verb[1]) or not _CLOSES.search(text[: verb[0]]):
        return None
    for name in names:
        if _INTRODUCTION.fullmatch(text, verb[1], name.start):
            between = text[verb[1] : name.start].split()
            if len(between) < 2 or not between[-1][0].islower() or between[-1].endswith(","):
                return name
    return None


def _noun_phrase(match: re.Match[str]) -> str:
    """Return common nouns that may be a speaker, such as ``the authorities``; blank if there are none."""
    words = match["nouns"].split()
    nouns = list(dropwhile(lambda word: word.lower() in BREAK_WORDS - {"former"}, words))
    opens = not match.string[: match.start("nouns")].strip(' “"')
    if (
        not nouns
        or not (nouns[-1][0].islower() or (opens and (match["article"] or is_plural(nouns[-1].lower()))))
        or nouns[-1].lower() in BREAK_WORDS
        or nouns[-1].endswith("ly")
    ):
        return ""
    article = (match["article"] or "") if len(nouns) == len(words) else ""
    return article + " ".join(nouns)
