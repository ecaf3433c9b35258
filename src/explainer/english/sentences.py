"""Where sentences begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right

from explainer.english.vocabulary import ABBREVIATIONS

#: How many characters back rules look for words such as "about" or "since".
_LOOK_BACK = 80
_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9À-Þ$£€])")
_OPENING = re.compile(r"(?:^|([.!?:…])[\"'”’)\]]*\s+|\n\s*)[\"'“‘(\[]*$")
_SHORTENED = re.compile(r"([\w.]+)\.[\"'”’)\]]*\s+[\"'“‘(\[]*$")
#: "WASHINGTON, D.C. (AP) — " or "Reston, Va., May 3, 2031 - " before the first sentence of a story.
_DATELINE = re.compile(
    r"(?:[A-Z][\w.’'/-]*|\d{1,2},?|\d{4})(?:,? (?:[A-Z][\w.’'/-]*|\([\w ,.]+\)|de|of|\d{1,2},?|\d{4})){0,8}"
    r"(?: [—–―-]{1,2} | ?[—–―] ?)(?=[\"'“‘A-Z])"
)
_LAST_WORD = re.compile(r"([\w.]+)$")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the range of each sentence of `text`; together they cover all of it."""
    starts = [0]
    for end in _END.finditer(text):
        word = _LAST_WORD.search(text, starts[-1], end.start())
        stop = text[end.start()]
        if stop == "." and word and not end.group().strip(". \t\n"):
            lower = word[1].lower()
            if lower in ABBREVIATIONS or _INITIALS.fullmatch(lower):
                continue
        starts.append(end.end())
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def dateline_end(text: str) -> int:
    """Return where the dateline that opens a block of text ends; 0 if none does."""
    match = _DATELINE.match(text)
    return match.end() if match else 0


def opens_sentence(text: str, place: int) -> bool:
    """Return whether a sentence or line begins at `place`, apart from quotation marks and brackets."""
    before = text[max(0, place - 40) : place]
    end = _OPENING.search(before)
    if not end:
        return False
    if end[1] == ".":
        last = _SHORTENED.search(before)
        return not last or not (last[1].lower() in ABBREVIATIONS or _INITIALS.fullmatch(last[1]))
    return bool(end[1]) or "\n" in end[0] or place < 40


def sentence_at(spans: list[tuple[int, int]], place: int) -> tuple[int, int]:
    """Return the sentence of `spans` that contains the character at `place`."""
    return spans[bisect_right(spans, (place, float("inf"))) - 1]


def just_before(text: str, place: int) -> str:
    """Return the last few words of `text` before `place`."""
    return text[max(0, place - _LOOK_BACK) : place]
