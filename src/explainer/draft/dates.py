"""Dates, weekdays, times of day and stretches of time, resolved against the article's dateline."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from explainer.draft.mention import DATELINE, Mention
from explainer.english.calendar_words import MONTH, PART_OF_DAY, SEASON, WEEKDAY, YEAR
from explainer.english.dates import resolve, spoken
from explainer.english.numbers import NUMBER, plain, value_of
from explainer.english.sentences import just_before, sentence_at, sentences
from explainer.english.vocabulary import SPEECH_VERBS
from explainer.system.errors import Fault

_UNIT = r"(?:second|minute|hour|day|night|week|weekend|month|year|decade|centur(?:y|ie))"

_FULL_DATE = re.compile(
    rf"\b(?:{WEEKDAY},? )?{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {YEAR}\b)?"
    rf"|\b\d{{1,2}} {MONTH}(?: {YEAR}\b)?(?!\w)"
    rf"|\b{YEAR}-\d\d-\d\d\b|\b\d{{1,2}}/\d{{1,2}}/{YEAR}\b"
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
_MONTH_ONLY = re.compile(
    rf"\b(?:(?:(?:[Ee]arly|[Ll]ate|[Mm]id)[- ]|(?:[Ll]ast|[Nn]ext|[Tt]his) ))?{MONTH}"
    rf"(?:,? (?P<year>{YEAR})\b)?(?!\w)"
)
_BEFORE_MONTH = re.compile(r"\b(?:in|since|of|until|by|from|through|during|to|and|between)(?: the)? $", re.I)
_NEAR_PERIOD = re.compile(
    rf"\b(?:[Ll]ast|[Nn]ext|[Tt]his) (?P<period>week|weekend|month|year|quarter|decade|century|{SEASON})\b"
)
_VAGUE_PERIOD = re.compile(
    rf"\b(?:recent|past|previous|coming) {_UNIT}s?\b|\bovernight\b(?= (?:on|into|from|in)\b|[,.;])",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    rf"(?P<number>{NUMBER}|\ban?)(?P<half> and a half)?[ -]"
    r"(?:more |full |straight |consecutive |whole |calendar |business )?"
    rf"(?P<unit>{_UNIT})s?\b(?! old|-old| of age)(?: (?P<way>ago|later|earlier|after|before|from now)\b)?",
    re.IGNORECASE,
)
_YEARS = re.compile(rf"(?<![\w.,/:#$£€-])(?P<year>{YEAR})(?:[-–](?P<end>{YEAR}|\d\d))?(?![\w%]|[.,:/-]\d)")
_COUNTED = re.compile(r" (?:people|men|women|children|feet|[a-z]+s)\b")
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|of|until|by|from|through|during|to|and|between|before|after|the|fiscal|year|for|its|their"
    r"|early|late|mid|spring|summer|fall|winter|autumn)|['’]s)[ -]$",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<!\w)(?:1[5-9]|20)\d0s\b")
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))? ?(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<word>noon|midnight)\b",
    re.IGNORECASE,
)
#: An hour in words names a time only with the half of the day beside it; see `explainer.draft.numbers`.
_OCLOCK = re.compile(
    rf"(?P<hour>{NUMBER}) o['’]clock (?:in the (?P<half>morning|afternoon|evening)|at (?P<night>night))\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|won['’]t|shall|plans? to|expects? to|(?:is|are|was|were) (?:scheduled|expected|due|set|slated"
    r"|planned|to be)|starting|beginning|set for|scheduled for)\b|['’]ll\b"
    r"|\bwould\b(?=.*\b(?:by|until|through) $)"
)
#: Verbs that tell in the present what is arranged, and so what is to come.
_arranged = (
    r"\b(?:reopens|opens|reconvenes|convenes|meets|begins|starts|resumes|kicks off|goes into effect"
    r"|takes (?:effect|place|office)|next (?:meeting|hearing|game|session) is"
    r"|(?<!to )(?<!not )(?<!n['’]t )(?:reopen|reconvene|meet|resume)"
    r"|(?<!failed )(?<!able )(?<!managed )(?<!had )(?<!forced )to \w+ again)\b"
)
# Up to the day no other clause begins, as in "meets in a hall that burned Thursday".
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

    def find(self, text: str) -> Iterator[Mention]:
        """Yield every date, time and stretch of time in a block, the surer rules first; some may overlap."""
        spans = sentences(text)
        days = [*self._ranges(text), *self._days(text, spans)]
        yield from days
        yield from self._times(text)
        yield from self._periods(text)
        yield from self._lengths(text, spans, days)
        yield from self._months(text)
        yield from self._years(text)

    def _ranges(self, text: str) -> Iterator[Mention]:
        for found in _DAY_RANGE.finditer(text):
            year = f", {found['year']}" if found["year"] else ""
            try:
                first, last = (
                    resolve(f"{found['month']} {found[part]}{year}", self.dateline).day
                    for part in ("first", "last")
                )
            except Fault:
                continue
            if first < last:
                says = "two days named together; give each a row of its own if both matter"
                yield _mention(found, "interval", "days of one month", f"{first}/{last}", says=says)

    def _days(self, text: str, spans: list[tuple[int, int]]) -> Iterator[Mention]:
        for pattern in (_FULL_DATE, _NAMED_DAY):
            for found in pattern.finditer(text):
                named = pattern is _NAMED_DAY
                weekday = named and re.search(WEEKDAY, found[0])
                # "Sundays" and "Friday's" read on past a day that is named once.
                if weekday and text[found.end() : found.end() + 1] == "s":
                    continue
                before = just_before(text, found.start())
                relation = "coming" if weekday and _looks_ahead(text, found, spans) else _relation(before)
                try:
                    # How the event stands to the day is for the fact sheet; it does not move the day.
                    day = resolve(found[0], self.dateline, "coming" if relation == "coming" else "on")
                except Fault:
                    continue
                if named and day.as_printed:
                    continue
                kind, rule = ("weekday", "weekday") if weekday else ("date", "day of the calendar")
                says = day.derivation
                if relation == "coming" and not found[0].lower().startswith("next "):
                    other = self._day_behind(found[0])
                    says += f", since its verb looks ahead{other}"
                yield _mention(found, kind, rule, str(day.day), relation=relation, says=says)

    def _day_behind(self, printed: str) -> str:
        try:
            return f"; {resolve(printed, self.dateline).day} if it looks back"
        except OverflowError:
            return ""

    def _times(self, text: str) -> Iterator[Mention]:
        for found in _CLOCK.finditer(text):
            if found["word"]:
                value = {"noon": "12:00", "midnight": "00:00"}[found["word"].lower()]
            else:
                hour = int(found["hour"])
                if not 1 <= hour <= 12:
                    continue
                value = (
                    f"{hour % 12 + (12 if found['half'].lower() == 'p' else 0):02}:{found['minute'] or '00'}"
                )
            yield _mention(found, "time", "time of day", value)
        for found in _OCLOCK.finditer(text):
            hour = value_of(found["hour"])
            if hour == hour.to_integral_value() and 1 <= hour <= 12:
                late = (found["half"] or "").lower() in ("afternoon", "evening") or (
                    found["night"] and 5 < hour < 12
                )
                value = f"{int(hour) % 12 + (12 if late else 0):02}:00"
                yield _mention(found, "time", "time of day in words", value)

    def _periods(self, text: str) -> Iterator[Mention]:
        for found in _NEAR_PERIOD.finditer(text):
            which, period = found[0].split()[0].lower(), found["period"].lower()
            value = self._period(period, {"last": -1, "this": 0, "next": 1}[which])
            says = f"seen from {spoken(self.dateline)}" if value else "no day can be read from it"
            yield _mention(found, "interval", "period named from the dateline", value, says=says)
        for found in _VAGUE_PERIOD.finditer(text):
            yield _mention(
                found, "interval", "period without a number", "", says="no day can be read from it"
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

    def _lengths(self, text: str, spans: list[tuple[int, int]], days: list[Mention]) -> Iterator[Mention]:
        for found in _LENGTH.finditer(text):
            unit, way, end = _unit(found["unit"]), (found["way"] or "").lower(), found.end()
            if way and re.search(
                r"\bfor (?:at least |about |nearly |up to )?$", just_before(text, found.start())
            ):
                # "closed for 10 weeks after a fire" says how long, not how long after.
                way, end = "", found.start("way") - 1
            counted = found["number"].lower() not in ("a", "an")
            if not counted and way not in ("ago", "after", "before", "later", "earlier"):
                continue  # "twice a week" and "a year of drought" measure nothing
            amount = value_of(found["number"] if counted else "one")
            number = plain(amount + Decimal("0.5") if found["half"] else amount)
            rule, value, relation, start = "length of time", number, "", None
            says = "a length of time, counted from no day"
            if way in ("ago", "after", "before", "from now"):
                relation = "after" if way in ("before", "from now") else "before"
                anchor, what, start = self._anchor(found, way, spans, days)
                try:
                    day = resolve(f"{number} {unit}", anchor, relation)
                except Fault:
                    pass
                else:
                    rule, value, says = "counted from a day", str(day.day), f"{day.derivation}, {what}"
            elif way:
                relation = "after" if way == "later" else "before"
                says = f"{number} {unit} {relation} a day told elsewhere: name it in relative_to"
            yield Mention(
                found.start(), end, "interval", text[found.start() : end], rule, value, unit, relation, says,
                anchor=start,
            )  # fmt: skip

    def _anchor(
        self, found: re.Match[str], way: str, spans: list, days: list[Mention]
    ) -> tuple[date, str, int]:
        """Return the day that an interval is counted from, why that one, and where it stands."""
        start, end = sentence_at(spans, found.start())
        near = [day for day in days if start <= day.start < end and day.kind != "interval"]
        if way in ("after", "before") and len(near) == 1:
            return date.fromisoformat(near[0].value), "the one day this sentence names", near[0].start
        return self.dateline, "the dateline", DATELINE

    def _months(self, text: str) -> Iterator[Mention]:
        for found in _MONTH_ONLY.finditer(text):
            year, words = found["year"], found[0].split()
            month = next(word for word in reversed(re.split(r"[ -]", found[0])) if re.match(MONTH, word))
            bare_month = len(words) == 1 and "-" not in found[0]
            after = text[found.end() : found.end() + 2]
            if bare_month and (
                not _BEFORE_MONTH.search(just_before(text, found.start())) or re.match(r" [A-Z]", after)
            ):
                continue  # May, March, April and August are verbs and people, too
            number = [name[:3] for name in calendar.month_name].index(month[:3])
            which = words[0].lower()
            says = "as printed" if year else f"the {month} nearest to {spoken(self.dateline)}"
            if not year:
                off = {"last": -1, "next": 1}.get(which)
                year = self._year_of(number, off)
                if off:
                    says = f"{which} {month} as seen from {spoken(self.dateline)}"
            yield _mention(
                found, "interval", "month", f"{int(year):04}-{number:02}", says=f"{says}; no day given"
            )

    def _year_of(self, month: int, off: int | None) -> int:
        """Return the year of a month: the nearest, or the last before or the next after the dateline's."""
        here = self.dateline
        if off is None:
            years = range(max(here.year - 1, 1), min(here.year + 1, 9999) + 1)
            return min(years, key=lambda year: abs((year - here.year) * 12 + month - here.month))
        if off < 0:
            return here.year - (month >= here.month)
        return here.year + (month <= here.month)

    def _years(self, text: str) -> Iterator[Mention]:
        for found in _DECADE.finditer(text):
            yield _mention(found, "interval", "decade", found[0], says="as printed; no day given")
        for found in _YEARS.finditer(text):
            before = just_before(text, found.start())
            counted = _COUNTED.match(text, found.end())
            named = _BEFORE_YEAR.search(before)
            if counted and not named:
                continue
            value = found["year"]
            if found["end"]:
                value += f"/{found['end']}" if len(found["end"]) == 4 else f"/{value[:2]}{found['end']}"
            yield _mention(found, "interval", "year", value, says="as printed; no day given")


def _mention(found: re.Match[str], kind: str, rule: str, value: str, **more: object) -> Mention:
    return Mention(found.start(), found.end(), kind, found[0], rule, value, **more)


def _unit(word: str) -> str:
    word = word.lower()
    return "centuries" if word.startswith("centur") else f"{word}s"


def _relation(before: str) -> str:
    found = _PREPOSITION.search(before)
    return _RELATION[found[1].lower()] if found else "on"


def _looks_ahead(text: str, found: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    """Return whether the sentence puts a bare weekday in the time to come."""
    if re.match(r"last |next ", found[0], re.IGNORECASE) or re.search(
        r"\b[Ss]ince $", just_before(text, found.start())
    ):
        return False
    start, end = sentence_at(spans, found.start())
    before = text[start : found.start()]
    if _SPEECH_BEFORE.search(before):
        return False
    ahead = [mark.start() for pattern in (_AHEAD, _ARRANGED) for mark in pattern.finditer(before)]
    if ahead:
        return not any(verb.start() > max(ahead) for verb in _SPEECH.finditer(before))
    if re.fullmatch(r"\W*(?:(?:On|By|Until|Starting|Beginning) )?", before):
        looks = _AHEAD.search(text, found.end(), end) or _ARRANGED_BEHIND.match(text, found.end(), end)
        return bool(looks) and not _SPEECH.search(text, found.end(), end)
    return False
