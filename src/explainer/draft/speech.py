"""Who is credited with a sentence: a speaker that it names, or nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import dropwhile

from explainer.draft.candidate import Candidate
from explainer.draft.numbers import is_plural
from explainer.english.calendar_words import PART_OF_DAY, WEEKDAY
from explainer.english.sentences import sentences
from explainer.english.vocabulary import BREAK_WORDS, PRONOUNS, SPEECH_VERBS

SPEAKERS = ("person", "organization")
_often = "|".join(sorted(SPEECH_VERBS - {"added", "alleged", "announced", "announces"}))
_VERB = re.compile(
    rf"\b(?:{_often})\b(?! being| from| of)(?!(?: [A-Z]\w+)? by\b)"
    # "added three boats" says nothing, nor do "announced a sale" and "they believe him".
    r"|(?<=[”\"] )added\b|\badded(?= that\b|[.,:])"
    r"|\balleged(?= (?:that|the|an?|in|he|she|it|they|(?-i:[A-Z]))\b)"
    r"|(?<=, )announced\b|\bannounce[sd]?(?= (?:\w+ )?that\b|[.,:])"
    r"|\b(?:state|estimate|believe|conclude|suggest|indicate)s?(?= that\b)"
    r"|\baccording to\b",
    re.IGNORECASE,
)
#: Somebody about whom something is said, and who does not speak: "were identified", "has been reported".
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+ly)? $", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*(?:”|$)|(?<!\w)\"[^\"]*(?:\"|$)")
_ARTICLE = r"(?:the|an?|his|her|their|its|our)"
_NOUNS_BEFORE = re.compile(
    rf"(?P<article>\b(?:{_ARTICLE}|(?-i:[A-Z])[\w.]+['’]s) )?(?P<nouns>(?:[A-Za-z][\w’'-]* ){{1,3}})$",
    re.IGNORECASE,
)
#: "the leader of one of " before a noun.
_OF_BEFORE = re.compile(rf"(?:\b{_ARTICLE} )?(?:[\w’'-]+ of )+$", re.IGNORECASE)
#: The subject of a sentence with a clause between commas: "The complaint, filed in court, ".
_SUBJECT = re.compile(
    rf"\W*(?P<article>{_ARTICLE} )?(?P<nouns>[A-Za-z][\w’'-]*(?: [a-z][\w’'-]*){{0,2}}), [^“\"]+, $",
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
_NAME_OPENS = re.compile(rf"\W*(?:[\w’'.-]+ ){{0,4}}?{_NAME}, [^“”\"]+, $")
_NAME_AFTER = re.compile(rf" {_NAME}(?=[,.]| on\b|$)")
_QUOTE_ENDS = re.compile(r"[,?!”\"] $")
#: A name opens its sentence behind at most so many words, such as a title or a role.
_OPENING_WORDS = 6
# Words between a speaker and "said": an age, an office, "of the Harbor Board".
_APPOSITION = re.compile(
    r"(?: (?:of|at|for|with|from) [^,.;]{1,60})?(?:(?:, [^,.;]{1,80}){1,3},)? (?:also |later |then )?"
)
# Words between "said" or "according to" and a speaker: "its captain, ".
_INTRODUCTION = re.compile(
    rf" (?:(?:{_ARTICLE} )?(?:[a-z][\w’'-]* ){{0,4}}[a-z][\w’'-]*,? |the "
    r"|(?:[A-Z][\w.&’'-]* |and |of |for |the ){1,8})?"
)
_AFTER_ACCORDING = re.compile(rf" (?:{_ARTICLE} )?(?:[\w’'-]+ ){{0,4}}")
# "an estimated 400 boats", "China's alleged station", "isn't to say".
_ADJECTIVE = re.compile(rf"(?:\b{_ARTICLE}|['’]s|\b(?:to|of|in|for|with)) $", re.IGNORECASE)
_NOBODY = re.compile(r"\W*(?:neither|none|no|nobody)\b", re.IGNORECASE)
_ABOUT_SPEAKER = re.compile(r", (?:who|whose|an?|the)\b")
_FARTHEST = 90


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
        Where the speaker is named, in the voice of the article.
    """

    start: int
    end: int
    speaker: str = ""
    doubt: str = ""
    verbs: tuple[tuple[int, int], ...] = ()
    own: tuple[tuple[int, int], ...] = ()

    def covers(self, candidate: Candidate, text: str) -> bool:
        """Return whether a candidate in this sentence is credited to the speaker.

        The speaker's name and age, and the day of the statement ("said Tuesday"), are the article's own.
        """
        if not self.speaker or any(start <= candidate.start < end for start, end in self.own):
            return False
        for _, end in self.own:
            # "said Ada Ward, who is 45": the words after the name are about the speaker, not quoted.
            inverted = any(verb[1] <= end and not _is_according(text, verb) for verb in self.verbs)
            if inverted and candidate.start > end and _ABOUT_SPEAKER.match(text, end):
                return False
        if candidate.kind == "age" and any(text[end : candidate.start] == ", " for _, end in self.own):
            return False
        if candidate.kind in ("date", "weekday"):
            return not any(re.fullmatch(r" (?:on )?", text[end : candidate.start]) for _, end in self.verbs)
        return True


def credits(text: str, candidates: Iterable[Candidate]) -> list[Credit]:
    """Return the credit of each sentence of a block.

    Parameters
    ----------
    text : str
        The block.
    candidates : iterable of Candidate
        Its candidates; people and organizations may be speakers.
    """
    spans = sentences(text)
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    names = [candidate for candidate in candidates if candidate.kind in SPEAKERS]
    by_sentence = [_credit(text, span, quotes, names) for span in spans]
    speakers = {credit.speaker for credit in by_sentence if credit.speaker}
    if len(speakers) != 1:
        return by_sentence
    # A quotation of several sentences names its speaker once.
    (speaker,) = speakers
    return [
        Credit(credit.start, credit.end, speaker, "in quotation marks; the speaker stands beside it")
        if credit.doubt == _UNCREDITED
        else credit
        for credit in by_sentence
    ]


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
        speaker, own, doubt = _speaker(text, span, verb, here)
        if speaker:
            return Credit(start, end, speaker, "", tuple(verbs), own)
    quoted = any(left < end and start < right for left, right in quotes)
    if quoted and not verbs:
        doubt = _UNCREDITED
    return Credit(start, end, "", doubt, tuple(verbs))


#: The speaker, the places of the name, and a doubt if there is no speaker.
Speaker = tuple[str, tuple[tuple[int, int], ...], str]


def _speaker(text: str, span: tuple[int, int], verb: tuple[int, int], names: list[Candidate]) -> Speaker:
    """Return the speaker of one verb."""
    # People before organizations: in "Ada Ward of the Harbor Board said" it is she who speaks.
    names = sorted(names, key=lambda name: (name.kind != "person", name.weak, name.start))
    beside = _opening_name(text, span, verb, names) or _named_beside(text, verb, names)
    if beside:
        return beside.name, ((beside.start, beside.end),), ""
    if _is_according(text, verb):
        speaker = _phrase_after(text, verb[1])
        return speaker, (), "" if speaker else "according to whom is not read"
    return _speaker_before(text, span, verb, names)


def _opening_name(
    text: str, span: tuple[int, int], verb: tuple[int, int], names: list[Candidate]
) -> Candidate | None:
    """Return the name that opens a sentence, with clauses between commas before the verb."""
    before = [name for name in names if name.end <= verb[0]]
    first = min(before, key=lambda name: name.start, default=None)
    if first and text[: verb[0]].endswith(", ") and text.startswith(", ", first.end):
        opening = text[span[0] : first.start]
        return first if "," not in opening and len(opening.split()) <= _OPENING_WORDS else None
    return None


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
        return "", (), f"{last[1].lower()} {printed}: say who speaks"
    if opening := _NAME_OPENS.match(before):
        return opening["name"], ((span[0] + opening.start("name"), span[0] + opening.end("name")),), ""
    if speaker := _subject(before):
        return speaker, ((verb[0] - len(speaker) - 1, verb[0]),), ""
    if beside := _NAME_BEFORE.search(before) or (
        _QUOTE_ENDS.search(before) and _NAME_AFTER.match(text, verb[1])
    ):
        return beside["name"], ((verb[0] - len(beside["name"]) - 1, verb[0]), beside.span("name")), ""
    first = re.match(r"\W*(\w+)", before)
    near = [name for name in names if name.end <= verb[0] and verb[0] - name.end <= _FARTHEST]
    near = [name for name in near if not re.match(r"['’]s?\b", text[name.end : name.end + 3])]
    if near and not (first and first[1].lower() in PRONOUNS):
        # "The Harbor Board met Ada Ward and said": the subject of the sentence is the speaker.
        choose = min if before.endswith("and ") else max
        name = choose(near, key=lambda name: name.start)
        return name.name, ((name.start, name.end),), ""
    return "", (), f"{printed}: no speaker is named in the sentence"


def _subject(before: str) -> str:
    """Return the common nouns before a verb that are its subject; blank if there are none."""
    nouns = _SUBJECT.match(before) or _NOUNS_BEFORE.search(before)
    # In "sources in the camp said" the sources speak.
    while nouns and (place := _PREPOSITION.search(before[: nouns.start()])):
        nouns = _NOUNS_BEFORE.search(before[: place.start() + 1])
    if not nouns or _NOBODY.match(before) or not (speaker := _noun_phrase(nouns)):
        return ""
    whole = _OF_BEFORE.search(before[: nouns.start()])
    return f"{whole[0]}{speaker}" if whole else speaker


def _is_according(text: str, verb: tuple[int, int]) -> bool:
    return text[verb[0] : verb[1]].lower() == "according to"


def _named_beside(text: str, verb: tuple[int, int], names: list[Candidate]) -> Candidate | None:
    """Return the name right after or before a verb that is its subject."""
    # A subject follows its verb only after quoted words or a comma.
    according = _is_according(text, verb)
    told = text[verb[0] : verb[1]].lower() in ("told", "tells")
    inverted = (
        not told
        and not text.startswith(" that ", verb[1])
        and (according or re.search(r"(?:^|[,?!”\"] )$", text[: verb[0]]))
    )
    near = _AFTER_ACCORDING if according else _INTRODUCTION
    for name in names if inverted else ():
        if name.start >= verb[1] and near.fullmatch(text, verb[1], name.start):
            between = text[verb[1] : name.start].split()
            if according or len(between) < 2 or between[-1][0].isupper() or between[-1].endswith(","):
                return name
    return next(
        (name for name in names if name.end <= verb[0] and _APPOSITION.fullmatch(text, name.end, verb[0])),
        None,
    )


def _noun_phrase(match: re.Match[str]) -> str:
    """Return common nouns that may be a speaker, such as ``the authorities``; blank if there are none."""
    words = match["nouns"].split()
    nouns = list(dropwhile(lambda word: word.lower() in BREAK_WORDS, words))
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
