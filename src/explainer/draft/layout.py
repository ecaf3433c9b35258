"""What each block of an article is: headline, byline, dateline, story."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil import parser as dateutil_parser

from explainer.article.copies import Article, Line
from explainer.article.metadata import NO_METADATA, Metadata
from explainer.english.calendar_words import MONTH, YEAR
from explainer.english.typeset import bare
from explainer.system.errors import Fault

_WHOLE_DATE = re.compile(
    rf"\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {YEAR}\b|\b\d{{1,2}} {MONTH},? {YEAR}\b|\b{YEAR}-\d\d-\d\d"
    rf"|\b\d{{1,2}}/\d{{1,2}}/{YEAR}\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"\b(?:updated|modified|corrected)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<![ap]\.m)[.!?…][\"'”’)\]]*$")
_BYLINE = re.compile(r"(?:By|BY|by) (?P<author>[A-ZÀ-Þ][^,|•·]*)")
#: What stands above the headline of a release: whom to ask, and when it may be printed.
_RELEASE_HEAD = re.compile(
    r"\bfor (?:immediate|public) release\b|^(?:news|press|media) release\b|^(?:media |press )?contacts?\b"
    r"|^release\b|\bembargoed\b|\b\d{3}\)?[-. ]\d{3}[-.]\d{4}\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"^(?:photos?|image|credit|picture|illustration)\b|\b(?:getty|staff|handout)\b", re.IGNORECASE
)
#: Before a day that a heading tells of: "The act was signed into law on ".
_IN_SENTENCE = re.compile(r"(?:[a-z][\w’'-]* ){3,}(?:on |in |since |by )$")
#: A dateline, a byline or a label has at most so many words.
_SHORT = 14
#: A heading within the story has at most so many words.
_HEADING_WORDS = 12
#: A block of more words that ends with a colon is a sentence before a list.
_SENTENCE_WORDS = 20
#: A page counts days in another time zone than its readers, and the printed day stands.
_ONE_DAY = timedelta(days=1)
#: The byline and the dateline are at most so many lines above the story, and above the headline.
_NEAR, _NEAR_ABOVE = 6, 2
_LINK = re.compile(r"^(?:more|related|read|see also|watch|listen)\b", re.IGNORECASE)
_FOOTER = re.compile(r"^(?:follow|like us|add|have a|subscribe|share|contact|copyright|©)", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The blocks of an article and their roles.

    Parameters
    ----------
    blocks : list of str
        The text, block by block, white space as single spaces.
    roles : list of str
        The role of each, as in the table of paragraphs.
    dateline : date or None
        The day of publication that the page gives, else the date of a block.
    dateline_block : int or None
        Which block that is, from 0.
    headline, author : str
        Blank where there is none.
    """

    blocks: list[str]
    roles: list[str]
    dateline: date | None
    dateline_block: int | None
    headline: str
    author: str


def blocks_of(article: Article) -> list[str]:
    """Return the blocks of an article: its lines, with hard-wrapped paragraphs joined.

    Parameters
    ----------
    article : Article
        A copy; lines of the site around the article are left out, except the byline and the dateline beside
        the headline, which pages set among the site's own lines.
    """
    chunks: dict[int, list[str]] = {}
    beside = _beside_headline(article.lines)
    for place, line in enumerate(article.lines):
        if line.main or place in beside:
            chunks.setdefault(line.chunk, []).append(" ".join(line.text.split()))
    blocks: list[str] = []
    for lines in chunks.values():
        blocks += [" ".join(lines)] if _is_wrapped(lines) else lines
    return [block for block in blocks if block]


def _beside_headline(lines: tuple[Line, ...]) -> set[int]:
    """Return which of the site's lines are the byline or the dateline of the story below them."""
    story = next((at for at, line in enumerate(lines) if line.main and _is_story(line.text)), 0)
    above = [at for at in range(story) if lines[at].main]
    headline = above[0] if above else max(story - _NEAR, 0) - 1
    below = {at for at in range(headline + 1, story) if _names_day_or_author(lines[at])}
    if any(_WHOLE_DATE.search(lines[at].text) for at in (*below, *above)):
        return below
    # The day of printing may also be above the headline, so only the nearest line counts.
    over = [
        at for at in range(max(headline - _NEAR_ABOVE, 0), headline) if _WHOLE_DATE.search(lines[at].text)
    ]
    return below | {at for at in over[-1:] if _names_day_or_author(lines[at])}


def _names_day_or_author(line: Line) -> bool:
    label = _is_short(line.text) and not _is_story(line.text)
    return not line.main and label and bool(_WHOLE_DATE.search(line.text) or _BYLINE.match(line.text))


def _is_wrapped(lines: list[str]) -> bool:
    """Return whether lines without a blank one between them are one paragraph, broken to fit a width."""
    lengths = [len(line) for line in lines]
    return len(lines) > 1 and max(lengths) <= 100 and min(lengths[:-1]) >= 45


def lay_out(blocks: list[str], page: Metadata = NO_METADATA) -> Layout:
    """Return the role of each block: by what the `page` says of itself, place, length and ending."""
    story = [place for place, block in enumerate(blocks) if _is_story(block)]
    first = story[0] if story else len(blocks)
    last = story[-1] if story else -1
    day, dated = _dateline(blocks, page.published)
    roles = [
        "dateline" if place == dated and not _is_story(block) else _role_by_words(block)
        for place, block in enumerate(blocks)
    ]
    headline = _headline_place(blocks, roles[:first], page.headline)
    for place, block in enumerate(blocks):
        roles[place] = roles[place] or _role_by_place(block, place, first, last, headline)
    title = blocks[headline] if headline < len(blocks) else ""
    author = page.author or _author(blocks, dated)
    return Layout(blocks, roles, day, dated, page.headline or title, author)


def _headline_place(blocks: list[str], roles_above: list[str], headline: str) -> int:
    """Return which block is the headline; the number of blocks if there is none.

    It is the one that the page calls so, else the first above the story that is longer than a label, and
    behind what stands at the head of a release.
    """
    if headline:
        whole = bare(headline)
        return next((place for place, block in enumerate(blocks) if bare(block) == whole), len(blocks))
    above = [place for place, role in enumerate(roles_above) if not role and len(blocks[place].split()) > 3]
    head = max(
        (place for place in range(len(roles_above)) if _RELEASE_HEAD.search(blocks[place])), default=-1
    )
    below = [place for place in above if place > head]
    return next(
        iter(below or [place for place in above if not _RELEASE_HEAD.search(blocks[place])]), len(blocks)
    )


def _author(blocks: list[str], dated: int | None) -> str:
    labels = (block for place, block in enumerate(blocks) if place != dated and _is_byline(block))
    bylines = (_BYLINE.match(label) for label in labels)
    return next((byline["author"].strip() for byline in bylines if byline), "")


def _is_byline(block: str) -> bool:
    return bool(_BYLINE.match(block)) and _is_short(block) and not _SENTENCE_END.search(block)


def _role_by_place(block: str, place: int, first: int, last: int, headline: int) -> str:
    """Return the role of a block by its place among the headline and the `first` and `last` of the story."""
    if place == headline:
        return "headline"
    if place < first:
        return "standfirst" if place > headline and len(block.split()) > 4 else "kicker"
    if place > last:
        return "footer"
    if _LINK.match(block):
        return "link"
    return "subheading" if _is_subheading(block) else "body"


def _is_subheading(block: str) -> bool:
    """Return whether a block within the story is a heading; the items of a list are part of the story."""
    listed = (
        re.search(r"\d|:(?: |$)|[;,]$", block) or not re.match(r"[\W_]*[^\W\d_]", block) or block[0] in "-•*·"
    )
    return len(block.split()) <= _HEADING_WORDS and not listed and not _SENTENCE_END.search(block)


def _role_by_words(block: str) -> str:
    """Return the role that the words of a block give it; blank where its place decides."""
    if _is_byline(block):
        return "credit"
    if _is_story(block):
        return "body"
    return "credit" if _CREDIT.search(block) and _is_short(block) else ""


def _is_short(block: str) -> bool:
    return len(block.split()) <= _SHORT


def _is_story(block: str) -> bool:
    """Return whether a block is running text: longer than a label, and ending like a sentence."""
    words = len(block.split())
    introduces = words > _SENTENCE_WORDS and block.endswith(":")
    ends = introduces or (words >= 5 and bool(_SENTENCE_END.search(block)))
    return ends and not (_FOOTER.match(block) and _is_short(block))


def _dateline(blocks: list[str], published: date | None) -> tuple[date | None, int | None]:
    """Return the date of an article, of publication rather than of an update, and the block that has it.

    The day `published` that the page gives goes before that of a block, unless that is the day beside it.
    """
    _, place, day = min(_printed_dates(blocks), default=(False, None, published))
    if day and published and abs(day - published) > _ONE_DAY:
        return published, None
    return day, place


def _printed_dates(blocks: list[str]) -> Iterator[tuple[bool, int, date]]:
    """Yield dates that may be an article's, each with whether it is that of an update, and its block."""
    # A full date in a short block that is no sentence, or before the dash that opens the story.
    for place, block in enumerate(blocks):
        head = re.split(r" [—–-]{1,2} ", block, maxsplit=1)[0]
        begins = head != block and len(head.split()) <= 8
        if not (begins or (_is_short(block) and not _is_story(block))):
            continue
        for match in _WHOLE_DATE.finditer(head if begins and not _is_short(block) else block):
            if _IN_SENTENCE.search(block, 0, match.start()):
                continue
            with suppress(ValueError, OverflowError):
                updated = bool(_UPDATED.search(block[: match.start()]))
                yield updated, place, dateutil_parser.parse(match[0]).date()
                break


def need_dateline(layout: Layout, given: date | None, name: str) -> date:
    """Return the day to resolve dates against: the one `given`, or the one the article prints.

    Raises
    ------
    Fault
        If there is neither.
    """
    day = given or layout.dateline
    if day is None:
        raise Fault(
            "has no dateline: no line of its own gives day, month and year",
            file=name,
            remedy="Give the day it was published, such as --dateline 2000-12-31",
        )
    return day
