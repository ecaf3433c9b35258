"""The fact sheet for the audit: each fact with its row and its selector."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from explainer.article.audit.paragraphs import Text
from explainer.data.package import DataPackage, load
from explainer.english.typeset import Hit
from explainer.evidence.selectors import Selector
from explainer.ledger.published_facts import missing_facts
from explainer.system.errors import Fault
from explainer.system.project import Project

#: Kinds of facts whose token is a name.
NAMES = frozenset({"place", "facility", "person", "organization", "thing", "system", "agreement"})


@dataclass(frozen=True)
class Fact:
    """One row of the fact sheet.

    Parameters
    ----------
    fact_id, kind, as_printed, refers_to : str
        As in the fact sheet; `refers_to` is empty where that is blank.
    paragraph : int
        Its paragraph.
    row : int
        Its row in the spreadsheet.
    selector : Selector
        The words that it rests on.
    """

    fact_id: str
    row: int
    paragraph: int
    kind: str
    as_printed: str
    selector: Selector
    refers_to: str

    def printed_in(self, text: Text) -> list[Hit]:
        """Return where the token of the fact occurs in a paragraph."""
        return text.folded.find(self.as_printed, glued=text.glued)


@dataclass(frozen=True)
class LeftOut:
    """One mention that the fact sheet leaves out on purpose.

    Parameters
    ----------
    row, paragraph : int
        Its row in the spreadsheet; the paragraph it stands in.
    words, kind, reason : str
        As in the list.
    """

    row: int
    paragraph: int
    words: str
    kind: str
    reason: str


@dataclass(frozen=True)
class FactSheet:
    """The tables that a copy is audited against.

    Parameters
    ----------
    article : dict
        The one row of ``article``.
    facts : list of Fact
        In the order of the sheet.
    left_out : list of LeftOut
        Mentions that no fact covers, on purpose.
    openings, roles, digests : dict
        Opening words, role and digest by paragraph; a digest may be empty.
    places : list of str
        Names of the gazetteer; empty where there is none.
    files : dict
        Path of each table's file, by its name.
    gone : list of Fault
        Published facts that the sheet no longer has, with no correction to say why.
    """

    article: dict[str, str]
    facts: list[Fact]
    left_out: list[LeftOut]
    openings: dict[int, str]
    roles: dict[int, str]
    digests: dict[int, str]
    places: list[str]
    files: dict[str, str]
    gone: list[Fault]

    @cached_property
    def by_paragraph(self) -> dict[int, list[Fact]]:
        """The facts of each paragraph, in the order of the sheet."""
        facts: dict[int, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            facts[fact.paragraph].append(fact)
        return dict(facts)

    @property
    def selectors(self) -> dict[int, list[Selector]]:
        """The selectors of each paragraph."""
        return {number: [fact.selector for fact in facts] for number, facts in self.by_paragraph.items()}


def read(project: Project) -> FactSheet:
    """Read the fact sheet of a project.

    Raises
    ------
    Faults
        Everything that is wrong with the tables it needs.
    """
    package = DataPackage(project)
    paragraphs = load("paragraphs", project)
    numbers = [int(number) for number in paragraphs["paragraph"]]
    places = list(load("gazetteer", project)["name"]) if "gazetteer" in package.resources else []
    left_out = load("left-out", project) if "left-out" in package.resources else pd.DataFrame()
    return FactSheet(
        article={str(name): _text(value) for name, value in load("article", project).iloc[0].items()},
        facts=[
            Fact(
                fact_id=cells["fact_id"],
                row=row,
                paragraph=int(cells["paragraph"]),
                kind=cells["kind"],
                as_printed=cells["as_printed"],
                selector=Selector(cells["exact"], _text(cells["prefix"]), _text(cells["suffix"])),
                refers_to=_text(cells["refers_to"]),
            )
            for row, cells in enumerate(load("facts", project).to_dict("records"), start=2)
        ],
        left_out=[
            LeftOut(row, int(cells["paragraph"]), cells["words"], cells["kind"], cells["reason"])
            for row, cells in enumerate(left_out.to_dict("records"), start=2)
        ],
        openings=dict(zip(numbers, paragraphs["opens_with"], strict=True)),
        roles=dict(zip(numbers, paragraphs["role"], strict=True)),
        digests=dict(zip(numbers, map(_text, paragraphs["digest"]), strict=True)),
        places=places,
        files={
            name: package.file(name)
            for name in ("facts", "paragraphs", "left-out")
            if name in package.resources
        },
        gone=list(missing_facts(package)),
    )


def _text(value: Any) -> str:
    if pd.isna(value):
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
