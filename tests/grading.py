"""Grade drafts of releases by federal agencies, which nobody here wrote, against a key made by hand.

``tests/releases`` holds the texts, in the public domain: whole, or their opening. ``key.csv`` lists what
an editor would put in the sheet (optional: what may be there or not), ``speakers.csv`` who is credited with
which sentence (``*``: somebody or nobody); no other sentence is credited to anybody. The rules were written
with the *development* set; what they make of the texts *held out* was measured and not looked into.
``python tests/grading.py [SET]`` prints the table, and of a set that is named each difference from the key.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from explainer.draft.candidate import NAMED
from explainer.draft.proposal import Proposals
from explainer.draft.sheet import Details, draft
from explainer.english.sentences import dateline_end
from explainer.english.typeset import bare, fold
from explainer.english.vocabulary import TITLE_WORDS
from explainer.system.project import Project

HERE = Path(__file__).parent
RELEASES = HERE / "releases"
SETS = ("development", "held out")


@dataclass
class Grade:
    """Counts of what was proposed, expected and both, by kind, and of credited sentences."""

    right: Counter[str] = field(default_factory=Counter)
    proposed: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    rows_right: int = 0
    rows_wrong: int = 0
    speakers_right: int = 0
    speakers_expected: int = 0

    def precision(self, kind: str = "") -> float:
        """Return the share of proposals that are right."""
        return _of(self.right, kind) / max(_of(self.proposed, kind), 1)

    def recall(self, kind: str = "") -> float:
        """Return the share of the key that is proposed."""
        return _of(self.right, kind) / max(_of(self.expected, kind), 1)

    @property
    def speaker(self) -> float:
        """Return the share of attributed rows that name the right speaker."""
        return self.rows_right / max(self.rows_right + self.rows_wrong, 1)

    @property
    def credited(self) -> float:
        """Return the share of credited sentences that are credited to the right speaker."""
        return self.speakers_right / max(self.speakers_expected, 1)


def _of(counter: Counter[str], kind: str) -> int:
    return counter[kind] if kind else counter.total()


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of the key."""
    with (RELEASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(of_set: str) -> list[str]:
    """Return the names of the texts of a set."""
    return [row["text"] for row in table("sources.csv") if row["set"] == of_set]


@cache
def drafted(name: str) -> Proposals:
    """Return what is proposed for a text, seen from the day it was published."""
    (source,) = (row for row in table("sources.csv") if row["text"] == name)
    day = date.fromisoformat(source["published"])
    return draft(RELEASES / f"{name}.txt", Project(HERE.parent), Details(day)).proposals


def grade(names: list[str], *, show: bool = False) -> Grade:
    """Grade the drafts of texts; `show` prints what is missed, wrong or credited to somebody else."""
    result = Grade()
    for name in names:
        proposals = drafted(name)
        _grade_rows(result, name, proposals, show)
        _grade_speakers(result, name, proposals, show)
    return result


def _grade_rows(result: Grade, name: str, proposals: Proposals, show: bool) -> None:
    rows = [row.candidate for row in proposals.rows]
    ours = Counter((row.kind, row.printed, row.value) for row in rows if row.kind not in NAMED)
    ours.update(
        {
            (row.kind, _untitled(row.printed) if row.kind == "person" else row.printed, "")
            for row in rows
            if row.kind in NAMED
        }
    )
    expected: Counter[tuple[str, str, str]] = Counter()
    optional: Counter[tuple[str, str, str]] = Counter()
    for row in table("key.csv"):
        if row["text"] == name:
            counter = optional if row["optional"] else expected
            counter[row["kind"], row["as_printed"], row["value"]] += 1
    right = ours & expected
    wrong = ours - expected - optional
    for (kind, _, _), number in right.items():
        result.right[kind] += number
        result.proposed[kind] += number
    for (kind, _, _), number in wrong.items():
        result.proposed[kind] += number
    for (kind, _, _), number in expected.items():
        result.expected[kind] += number
    if show:
        for label, items in (("missed", expected - right), ("wrong", wrong)):
            for item in sorted(items.elements()):
                print(f"{name}: {label}: {' | '.join(item)}")


def _untitled(name: str) -> str:
    """Return a name without titles, which the sheet has and the key leaves out."""
    words = name.split()
    while len(words) > 1 and words[0].rstrip(".") in TITLE_WORDS:
        words.pop(0)
    return " ".join(words)


def _grade_speakers(result: Grade, name: str, proposals: Proposals, show: bool) -> None:
    key = {fold(row["opens_with"]): row["speaker"] for row in table("speakers.csv") if row["text"] == name}
    by_block = defaultdict(list)
    for row in proposals.rows:
        by_block[row.paragraph - 1].append(row)
    for place, text in enumerate(proposals.blocks):
        for credit in proposals.credits[place]:
            start = max(credit.start, dateline_end(text))
            sentence = fold(text[start : credit.end]).lstrip("'- ")
            wanted = next((speaker for opening, speaker in key.items() if sentence.startswith(opening)), "")
            if wanted == "*":
                continue
            right = bool(wanted) and _is_named(credit.speaker, wanted)
            result.speakers_expected += bool(wanted)
            result.speakers_right += right
            if show and (wanted or credit.speaker) and not right:
                print(f"{name}: credited to {credit.speaker!r}, not {wanted!r}: {sentence[:60]}")
            for row in by_block[place]:
                if row.attributed_to and credit.start <= row.candidate.start < credit.end:
                    result.rows_right += right
                    result.rows_wrong += not right


def _is_named(speaker: str, wanted: str) -> bool:
    return bare(speaker).removeprefix("the") in {
        bare(name).removeprefix("the") for name in wanted.split(" / ")
    }


if __name__ == "__main__":
    for of_set in SETS:
        got = grade(texts(of_set), show=of_set in sys.argv[1:])
        print(
            f"\n{of_set}: speaker right in {got.speaker:.0%} of {got.rows_right + got.rows_wrong} rows,",
            end=" ",
        )
        print(f"{got.credited:.0%} of {got.speakers_expected} credited sentences right")
        for kind in (*sorted(got.expected | got.proposed), ""):
            shares = f"{got.precision(kind):5.0%} {got.recall(kind):5.0%}"
            print(f"  {kind or 'all':14} {shares}  of {_of(got.expected, kind)}")
