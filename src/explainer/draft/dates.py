"""Dates, weekdays, times of day and intervals, resolved against the article's dateline."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from explainer.draft.candidate import DATELINE, Candidate
from explainer.english.calendar_words import MODAL_MONTHS, MONTH, PART_OF_DAY, SEASON, WEEKDAY, YEAR
from explainer.english.dates import Resolved, resolve, spoken
from explainer.english.numbers import NUMBER, plain, value_of
from explainer.english.sentences import just_before, sentence_at, sentences
from explainer.english.vocabulary import SPEECH_VERBS
from explainer.system.errors import Fault

_UNIT = r"(?:second|minute|hour|day|night|week|weekend|month|year|decade|centur(?:y|ie))"

_FULL_DATE = re.compile(
    rf"\b(?:{WEEKDAY}(?: {PART_OF_DAY})?,? )?{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:(?:,| of)? {YEAR}\b)?"
    rf"|\b(?:{WEEKDAY},? )?(?i:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH}),? {YEAR}\b"
    rf"|\b\d{{1,2}} {MONTH}(?: {YEAR}\b)?(?!\w)"
    rf"|\b{YEAR}-\d\d-\d\d\b|(?<![\w/])\d{{1,2}}/\d{{1,2}}/(?:{YEAR}|\d\d)(?![\w/])"
)
_DAY_RANGE = re.compile(
    rf"\b(?P<month>{MONTH}) (?P<first>\d{{1,2}})(?: ?[-–—] ?| to | and | through )(?P<last>\d{{1,2}})\b"
    rf"(?!,\d)(?:, (?P<year>{YEAR})\b)?"
)
_NAMED_DAY = re.compile(
    rf"\b(?:(?:last|next|Last|Next) )?{WEEKDAY}\b(?: {PART_OF_DAY}\b)?"
    rf"|\b(?:[Yy]esterday|[Tt]oday|[Tt]omorrow)\b(?: {PART_OF_DAY}\b)?|\b[Tt]onight\b"
    rf"|\b[Tt]his {PART_OF_DAY}\b"
)
_EVERY_WEEK = re.compile(rf"s\b|(?: through | to | ?[-–—] ?){WEEKDAY}\b")
_EVERY = re.compile(
    rf"(?:\b(?:[Ee]very|[Ee]ach|Super|Black|Good|Ash|Holy|Cyber) |\b{WEEKDAY}(?: through | to | ?[-–—] ?))$"
)
_MONTH_ONLY = re.compile(
    rf"\b(?:(?:(?:[Ee]arly|[Ll]ate|[Mm]id)[- ]|(?:[Ll]ast|[Nn]ext|[Tt]his) ))?"
    rf"(?:{MONTH}(?:(?:,| of)? (?P<year>{YEAR})\b)?|(?P<capitals>(?i:{MONTH})) (?P<year2>{YEAR})\b)(?!\w)"
)
#: The year of a month or day that is named together with a later one: "March and April of 2020".
_YEAR_BEHIND = re.compile(
    rf"(?:,? (?:and|to|or|through) |[,–-] ?)(?:early |late |mid-)?{MONTH}(?: \d{{1,2}})?(?:,| of)?"
    rf" (?P<year>{YEAR})\b"
)
#: Months that are names of people, or other words, too.
_OTHER_WORDS = MODAL_MONTHS | {"April", "June"}
_BEFORE_MONTH = re.compile(r"\b(?:in|since|of|until|by|from|through|during|to|and|between)(?: the)? $", re.I)
_NEAR_PERIOD = re.compile(
    rf"\b(?:[Ll]ast|[Nn]ext|[Tt]his) (?P<period>week|weekend|month|year|quarter|decade|century|{SEASON})\b"
)
_VAGUE_PERIOD = re.compile(
    rf"\b(?:recent|past|previous|coming) {_UNIT}s?\b|\bovernight\b(?= (?:on|into|from|in)\b|[,.;])",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?:(?P<low>{NUMBER})(?: to | ?[-–] ?))?(?P<number>{NUMBER}|(?<=\d[-–])\d[\d,]*|\ban?)"
    r"(?P<half>[ -]and[ -]a[ -]half)?[ -]"
    r"(?:more |full |straight |consecutive |whole |calendar |business )?"
    rf"(?P<unit>{_UNIT})s?\b(?! old|-old| of age)(?: (?P<way>ago|later|earlier|after|before|from now)\b)?",
    re.IGNORECASE,
)
#: What a length of time is counted from, if that is an event and not any of its kind: "after eating".
_EVENT = re.compile(r" (?:(?:an?|the|his|her|its|their|our|that|this|he|she|it|they|we) |[A-Z]|\d)|[.,;]|$")
_AGES = re.compile(r"\bage[sd]?(?: (?:from|between|of|was|is))? <?$", re.IGNORECASE)
_HOW_LONG = re.compile(r"\bfor (?:at least |about |nearly |up to )?$")
_YEARS = re.compile(rf"(?<![\w.,/:#$£€-])(?P<year>{YEAR})(?:[-–](?P<end>{YEAR}|\d\d))?(?![\w%]|[.,:/-]\d)")
_COUNTED = re.compile(r" (?:people|men|women|children|feet|[a-z]+s)\b")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|of|until|by|from|through|during|to|and|between|before|after|the|fiscal|year|for|its|their"
    r"|early|late|mid|spring|summer|fall|winter|autumn)|['’]s)[ -]$",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<!\w)(?:1[5-9]|20)\d0s\b")
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?::?(?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<word>noon|midnight)\b",
    re.IGNORECASE,
)
#: The clock of 24 hours, where its neighbors tell it from a score.
_CLOCK_24 = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::\d\d)?(?![\d:%])"
    r"(?:(?<=\d\d \d\d:\d\d)|(?= ?(?:UTC|GMT|Z|hours|local time|[AECMP][DS]?T)\b))"
)
#: The hour before another, which alone says of which half of the day: "between 3 and 4 a.m."
_FIRST_HOUR = re.compile(
    r"(?<![\d:.,$])(?P<hour>1[0-2]|[1-9])(?::(?P<minute>[0-5]\d))?(?=(?: ?[-–] ?| and | or | to | until )"
    r"(?P<last>\d{1,2})(?::\d\d)? ?(?P<half>[ap])\.?m\b)",
    re.IGNORECASE,
)
#: An hour in words is a time of day only beside a part of the day; else `explainer.draft.numbers` skips it.
_OCLOCK = re.compile(
    rf"(?P<hour>{NUMBER}) o['’]clock (?:in the (?P<half>morning|afternoon|evening)|at (?P<night>night))\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|plans? to|expects? to|(?:is|are|was|were) (?:scheduled|expected|due|set|slated"
    r"|planned|to be)|starting|beginning|set for|scheduled for)\b|['’]ll\b"
    r"|\bwould\b(?=.*\b(?:by|until|through) $)"
)
#: Verbs that announce in the present tense what is scheduled.
_arranged = (
    r"\b(?:reopens|opens|reconvenes|convenes|meets|begins|starts|resumes|kicks off|goes into effect"
    r"|takes (?:effect|place|office)|next (?:meeting|hearing|game|session) is"
    r"|(?<!to )(?<!not )(?<!n['’]t )(?:reopen|reconvene|meet|resume)"
    r"|(?<!failed )(?<!able )(?<!managed )(?<!had )(?<!forced )to \w+ again)\b"
)
# No other clause may begin before the day, as in "meets in a hall that burned Thursday".
_ARRANGED = re.compile(
    rf"{_arranged}(?=(?: (?!(?:after|when|since|because|that|which|who|where|but|and)\b)[\w’'-]+){{0,6}} $)"
)
_ARRANGED_BEHIND = re.compile(rf",?(?: [\w’'-]+){{1,6}}? {_arranged}")
_SPEECH = re.compile(rf"\b(?:{'|'.join(sorted(SPEECH_VERBS))})\b")
_SPEECH_BEFORE = re.compile(rf"(?:{_SPEECH.pattern}|\btold [\w' ]{{1,30}})(?: on)? $")
_RELATION = {word: word for word in ("since", "until", "before", "after")}
_RELATION |= dict.fromkeys(("till", "through", "by"), "until")
_PREPOSITION = re.compile(rf"\b({'|'.join(_RELATION)})(?: (?:early|late|at least))? $", re.IGNORECASE)


@dataclass(frozen=True)
class Clock:
    """What dates of one article are resolved against.

    Parameters
    ----------
    dateline : date
        The day the article is dated.
    """

    dateline: date

    def find(self, text: str) -> Iterator[Candidate]:
        """Yield every date, time and interval in a block, the surest rules first; some may overlap."""
        spans = sentences(text)
        ranges = list(self._ranges(text))
        within = [(span.start, span.end) for span in ranges]
        days = [day for day in self._days(text, spans) if not any(a <= day.start < b for a, b in within)]
        days += ranges
        yield from days
        yield from self._times(text)
        yield from self._periods(text)
        yield from self._lengths(text, spans, days)
        yield from self._months(text)
        yield from self._years(text)

    def _ranges(self, text: str) -> Iterator[Candidate]:
        for match in _DAY_RANGE.finditer(text):
            year = f", {match['year']}" if match["year"] else ""
            first, last = (
                self._resolve(f"{match['month']} {match[part]}{year}") for part in ("first", "last")
            )
            if first and last and first.day < last.day:
                says = "two days named together; give each a row of its own if both matter"
                value = f"{first.day}/{last.day}"
                yield _candidate(match, "interval", "days of one month", value, says=says)

    def _days(self, text: str, spans: list[tuple[int, int]]) -> Iterator[Candidate]:
        for match in _FULL_DATE.finditer(text):
            relation = _relation(just_before(text, match.start()))
            behind = None if re.search(YEAR, match[0]) else _YEAR_BEHIND.match(text, match.end())
            if behind and (day := self._resolve(f"{match[0]}, {behind['year']}")):
                yield _day(match, replace(day, derivation="the year printed behind it"), relation)
            elif day := self._resolve(match[0]):
                yield _day(match, day, relation)
        for match in _NAMED_DAY.finditer(text):
            if not re.search(WEEKDAY, match[0]):
                yield from self._near_day(text, match)
            # "Sundays", "Monday through Friday" and "Good Friday" name no single day that rules know.
            elif not _EVERY_WEEK.match(text, match.end()) and not _EVERY.search(text, 0, match.start()):
                yield from self._weekday(text, match, spans)

    def _near_day(self, text: str, match: re.Match[str]) -> Iterator[Candidate]:
        """Yield a day such as *yesterday*, counted from the dateline."""
        day = self._resolve(match[0])
        if day and not day.as_printed:
            yield _day(match, day, _relation(just_before(text, match.start())))

    def _weekday(self, text: str, match: re.Match[str], spans: list[tuple[int, int]]) -> Iterator[Candidate]:
        ahead = _looks_ahead(text, match, spans)
        relation = "coming" if ahead else _relation(just_before(text, match.start()))
        # The relation goes into the fact sheet; it does not move the day.
        day = self._resolve(match[0], "coming" if ahead else "on")
        if not day or day.as_printed:
            return
        says = day.derivation
        if ahead and not match[0].lower().startswith("next "):
            behind = self._resolve(match[0])
            says += ", since its verb looks ahead" + (f"; {behind.day} if it looks back" if behind else "")
        yield _candidate(match, "weekday", "weekday", str(day.day), relation=relation, says=says)

    def _resolve(self, printed: str, relation: str = "on") -> Resolved | None:
        """Return the day that words name; None if they name none, or one outside the calendar."""
        try:
            return resolve(printed, self.dateline, relation)
        except (Fault, OverflowError):
            return None

    def _times(self, text: str) -> Iterator[Candidate]:
        for match in _CLOCK.finditer(text):
            if match["word"]:
                value = {"noon": "12:00", "midnight": "00:00"}[match["word"].lower()]
                yield _candidate(match, "time", "time of day", value)
            elif 1 <= int(match["hour"]) <= 12:
                value = _time_of_day(
                    int(match["hour"]), match["minute"] or "00", match["half"].lower() == "p"
                )
                yield _candidate(match, "time", "time of day", value)
        for match in _CLOCK_24.finditer(text):
            value = f"{int(match['hour']):02}:{match['minute']}"
            yield _candidate(match, "time", "time of day, of 24 hours", value)
        for match in _FIRST_HOUR.finditer(text):
            # "From 11 to 1 p.m." begins in the morning.
            late = (match["half"].lower() == "p") == (int(match["hour"]) % 12 <= int(match["last"]) % 12)
            value = _time_of_day(int(match["hour"]), match["minute"] or "00", late)
            yield _candidate(match, "time", "time of day before another", value)
        for match in _OCLOCK.finditer(text):
            hour = value_of(match["hour"])
            if hour == hour.to_integral_value() and 1 <= hour <= 12:
                afternoon = (match["half"] or "").lower() in ("afternoon", "evening")
                late = afternoon or bool(match["night"] and 5 < hour < 12)
                yield _candidate(match, "time", "time of day in words", _time_of_day(int(hour), "00", late))

    def _periods(self, text: str) -> Iterator[Candidate]:
        for match in _NEAR_PERIOD.finditer(text):
            which, period = match[0].split()[0].lower(), match["period"].lower()
            value = self._period(period, {"last": -1, "this": 0, "next": 1}[which])
            says = f"seen from {spoken(self.dateline)}" if value else "no day can be read from it"
            yield _candidate(match, "interval", "period named from the dateline", value, says=says)
        for match in _VAGUE_PERIOD.finditer(text):
            yield _candidate(
                match, "interval", "period without a number", "", says="no day can be read from it"
            )

    def _period(self, period: str, off: int) -> str:
        """Return a period `off` from the dateline as ``2018``, ``2018-07`` or the ISO week ``2018-W30``."""
        here = self.dateline
        try:
            if period == "year":
                return f"{here.year + off:04}"
            if period == "month":
                months = here.year * 12 + here.month - 1 + off
                return f"{months // 12:04}-{months % 12 + 1:02}"
            if period == "week":
                week = (here + timedelta(weeks=off)).isocalendar()
                return f"{week.year:04}-W{week.week:02}"
        except OverflowError:
            pass
        return ""

    def _lengths(self, text: str, spans: list[tuple[int, int]], days: list[Candidate]) -> Iterator[Candidate]:
        for match in _LENGTH.finditer(text):
            way, number = _way(text, match), _amount(match, text)
            if not number or (match["number"].lower() in ("a", "an") and way in ("", "from now")):
                continue  # "twice a week" and "a year of drought" measure nothing
            end = match.end() if way or not match["way"] else match.start("way") - 1
            length = Candidate(
                match.start(), end, "interval", text[match.start() : end], "length of time", number,
                _unit(match["unit"]), says="a length of time, counted from no day",
            )  # fmt: skip
            yield self._counted_from(length, way, self._anchor(match, way, spans, days)) if way else length

    def _counted_from(self, length: Candidate, way: str, anchor: tuple[date, str, int]) -> Candidate:
        """Return an interval with the day it leads to from its anchor, if that is in the calendar."""
        if way in ("later", "earlier"):
            relation = "after" if way == "later" else "before"
            says = f"{length.value} {length.unit} {relation} a day named elsewhere: name it in relative_to"
            return replace(length, relation=relation, says=says)
        day, why, place = anchor
        relation = "after" if way in ("before", "from now") else "before"
        try:
            resolved = resolve(f"{length.value} {length.unit}", day, relation)
        except Fault:
            return replace(length, relation=relation, anchor=place)
        return replace(
            length,
            rule="counted from a day",
            value=str(resolved.day),
            relation=relation,
            says=f"{resolved.derivation}, {why}",
            anchor=place,
        )

    def _anchor(
        self, match: re.Match[str], way: str, spans: list[tuple[int, int]], days: list[Candidate]
    ) -> tuple[date, str, int]:
        """Return the day that an interval is counted from, why, and its place in the block."""
        start, end = sentence_at(spans, match.start())
        near = [day for day in days if start <= day.start < end and day.kind != "interval"]
        if way in ("after", "before") and len(near) == 1:
            return date.fromisoformat(near[0].value), "the one day this sentence names", near[0].start
        return self.dateline, "the dateline", DATELINE

    def _months(self, text: str) -> Iterator[Candidate]:
        for match in _MONTH_ONLY.finditer(text):
            year, words = match["year"] or match["year2"], re.split(r"[ -]", match[0])
            if not year and not _is_month(text, match, words):
                continue
            month = next(word for word in reversed(words) if re.match(MONTH, word, re.IGNORECASE))
            number = [name[:3] for name in calendar.month_name].index(month[:3].capitalize())
            if year:
                says = "as printed"
            elif behind := _YEAR_BEHIND.match(text, match.end()):
                year, says = behind["year"], "the year printed behind it"
            else:
                year, says = self._year_of(
                    number, words[0].lower(), _AHEAD.search(just_before(text, match.start()))
                )
            value = f"{int(year):04}-{number:02}"
            yield _candidate(match, "interval", "month", value, says=f"{says}; no day given")

    def _year_of(self, month: int, word: str, ahead: object) -> tuple[int, str]:
        """Return the year of a month and how it is known: the last one, unless the words look `ahead`."""
        here = self.dateline
        name, seen = calendar.month_name[month], spoken(here)
        if word == "next" or (ahead and word != "last"):
            return here.year + (month < here.month or (month == here.month and word == "next")), (
                f"the next {name} seen from {seen}"
            )
        return here.year - (month > here.month or (month == here.month and word == "last")), (
            f"the last {name} seen from {seen}"
        )

    def _years(self, text: str) -> Iterator[Candidate]:
        for match in _DECADE.finditer(text):
            yield _candidate(match, "interval", "decade", match[0], says="as printed; no day given")
        for match in _YEARS.finditer(text):
            before = just_before(text, match.start())
            counted = _COUNTED.match(text, match.end())
            named = _BEFORE_YEAR.search(before)
            if counted and not named:
                continue
            value = match["year"]
            if match["end"]:
                value += f"/{match['end']}" if len(match["end"]) == 4 else f"/{value[:2]}{match['end']}"
            yield _candidate(match, "interval", "year", value, says="as printed; no day given")


def _way(text: str, length: re.Match[str]) -> str:
    """Return the word that leads from a length of time to a day, such as *ago*; blank if there is none."""
    way = (length["way"] or "").lower()
    # "closed for 10 weeks after a fire" says how long, not how long after.
    if length["low"] or _HOW_LONG.search(just_before(text, length.start())):
        return ""
    # "6 days after eating" names no day.
    return "" if way in ("after", "before") and not _EVENT.match(text, length.end()) else way


def _amount(length: re.Match[str], text: str) -> str:
    """Return how long a length of time is, or from how long to how long; blank if it is an age."""
    counted = length["number"].lower() not in ("a", "an")
    amount = value_of(length["number"] if counted else "one")
    number = plain(amount + Decimal("0.5") if length["half"] else amount)
    is_age = _AGES.search(just_before(text, length.start())) or (length["low"] and not counted)
    if not length["low"]:
        return "" if is_age else number
    return "" if is_age else f"{plain(value_of(length['low']))}-{number}"


def _candidate(
    match: re.Match[str], kind: str, rule: str, value: str, *, relation: str = "", says: str = ""
) -> Candidate:
    return Candidate(match.start(), match.end(), kind, match[0], rule, value, relation=relation, says=says)


def _day(match: re.Match[str], day: Resolved, relation: str) -> Candidate:
    rule = "day of the calendar"
    return _candidate(match, "date", rule, str(day.day), relation=relation, says=day.derivation)


def _is_month(text: str, match: re.Match[str], words: list[str]) -> bool:
    """Return whether a word is a month, though it may be another word too, by the words beside it."""
    if len(words) > 1 or match[0] not in _OTHER_WORDS:
        return True
    followed_by_name = re.match(r" [A-Z]", text[match.end() : match.end() + 2])
    return bool(_BEFORE_MONTH.search(just_before(text, match.start()))) and not followed_by_name


def _time_of_day(hour: int, minute: str, afternoon: bool) -> str:
    """Return an hour of the twelve-hour clock as ``HH:MM``."""
    return f"{hour % 12 + (12 if afternoon else 0):02}:{minute}"


def _unit(word: str) -> str:
    word = word.lower()
    return "centuries" if word.startswith("centur") else f"{word}s"


def _relation(before: str) -> str:
    match = _PREPOSITION.search(before)
    return _RELATION[match[1].lower()] if match else "on"


def _looks_ahead(text: str, match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    """Return whether the sentence puts a bare weekday in the future."""
    if re.match(r"last |next ", match[0], re.IGNORECASE) or re.search(
        r"\b[Ss]ince $", just_before(text, match.start())
    ):
        return False
    start, end = sentence_at(spans, match.start())
    before = text[start : match.start()]
    if _SPEECH_BEFORE.search(before):
        return False
    ahead = [mark.start() for pattern in (_AHEAD, _ARRANGED) for mark in pattern.finditer(before)]
    if ahead:
        return not any(verb.start() > max(ahead) for verb in _SPEECH.finditer(before))
    if not re.fullmatch(r"\W*(?:(?:On|By|Until|Starting|Beginning) )?", before):
        return False
    verb = _AHEAD.search(text, match.end(), end) or _ARRANGED_BEHIND.match(text, match.end(), end)
    return bool(verb) and not _SPEECH.search(text, match.end(), end)
