"""The draft as tables, validated against the data package and written as CSV."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from explainer.article.copies import read
from explainer.article.metadata import NO_METADATA, Metadata
from explainer.data.csv_read import write_rows
from explainer.data.damage import looks_rewritten
from explainer.data.package import DataPackage
from explainer.data.rules import rule_faults
from explainer.data.schema import table_faults
from explainer.data.spelling import clean
from explainer.data.table import CsvTable
from explainer.draft.layout import Layout, blocks_of, lay_out, need_dateline
from explainer.draft.proposal import Proposals
from explainer.evidence.selectors import MOST_WORDS
from explainer.system import limits, transaction
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project

#: The tables of a draft, in the order in which they refer to each other.
TABLES = ("article", "paragraphs", "facts")
#: The kind of whatever has a name and is none of the other kinds.
THING = "thing"
_FEWEST_OPENING_WORDS = 3
_PUBLIC_BODY = re.compile(
    r"\b(?:Administration|Agency|Attorney|Authority|Board|Bureau|Centers|City|Commission|Corps|County|Court"
    r"|Department|Guard|Institutes?|Laboratory|Ministry|Office|Police|Service|Sheriff|Survey)\b"
)
_PUBLIC_HOST = re.compile(r"https?://[^/]*\.(?:gov|mil)(?:\.[a-z]{2})?(?:[:/]|$)")


@dataclass(frozen=True)
class Details:
    """What an editor knows about an article that its text may not say.

    Parameters
    ----------
    dateline : date, optional
        The day it was published.
    outlet, url, author, timezone : str
        As in the table of the article.
    """

    dateline: date | None = None
    outlet: str = ""
    url: str = ""
    author: str = ""
    timezone: str = ""


@dataclass(frozen=True)
class DraftTables:
    """The tables drafted from one article.

    Parameters
    ----------
    proposals : Proposals
        The rows of the fact sheet, and what was skipped.
    tables : dict of str to CsvTable
        ``article``, ``paragraphs`` and ``facts``, every cell text.
    to_fill : list of str
        Columns of the table of the article that its text does not fill.
    """

    proposals: Proposals
    tables: dict[str, CsvTable]
    to_fill: list[str]

    def csv(self, name: str) -> bytes:
        """Return a table as the bytes of its file."""
        return write_rows(self.tables[name].rows)

    def by_kind(self) -> dict[str, Counter[str]]:
        """Return the number of rows by kind, the most frequent first, and status."""
        counts: dict[str, Counter[str]] = {}
        for row in self.proposals.rows:
            status = "attributed" if row.attributed_to else "stated"
            counts.setdefault(row.candidate.kind, Counter())[status] += 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])))

    def write(self, project: Project, folder: Path, *, force: bool = False) -> list[Path]:
        """Write the tables into a folder, all or none, and return their paths.

        Raises
        ------
        Faults
            If a file is already there and `force` is not given; nothing is written then.
        """
        contents = {folder.absolute() / f"{name}.csv": self.csv(name) for name in TABLES}
        existing = [path for path in contents if path.exists()]
        if existing and not force:
            remedy = "Name another folder, or give --force to replace it"
            raise Faults(Fault("is already there", file=str(path), remedy=remedy) for path in existing)
        with transaction.lock(project):
            transaction.replace(project, contents, f"The draft in {folder}")
        return list(contents)


def draft(path: Path | str, project: Project, details: Details | None = None) -> DraftTables:
    """Read a copy of an article and draft its tables.

    Parameters
    ----------
    path : Path or str
        Plain text or HTML.
    project : Project
        Its data package describes the tables; its gazetteer knows some places.
    details : Details, optional
        What an editor knows.

    Raises
    ------
    Fault
        If the copy cannot be read, is too long, or gives no dateline while `details` has none either.
    """
    article = read(path)
    return draft_blocks(
        blocks_of(article), project, details or Details(), article.name, page=article.metadata
    )


def draft_blocks(
    blocks: list[str], project: Project, details: Details, name: str, *, page: Metadata = NO_METADATA
) -> DraftTables:
    """Draft the tables of an article given as blocks of text; `name` is what faults call it.

    `page` is what a saved page says of itself; what an editor knows goes before it.

    Raises
    ------
    Fault
        As `draft` does.
    """
    blocks = [text for block in blocks if (text := " ".join(block.split())) and clean(text)]
    for row, text in enumerate(blocks, start=1):
        if len(text) > limits.PARAGRAPH_CHARACTERS:
            raise Fault(
                f"has {len(text):,} characters, more than any paragraph",
                file=name,
                row=row,
                remedy="Set the paragraphs apart, each of at most "
                f"{limits.PARAGRAPH_CHARACTERS:,} characters",
            )
    layout = lay_out(blocks, page)
    dateline = need_dateline(layout, details.dateline, name)
    package = DataPackage(project)
    at = layout.dateline_block if layout.dateline == dateline else None
    proposals = Proposals(blocks, dateline, at, _gazetteer(package))
    article = _article_row(layout, page, dateline, details)
    tables = {
        "article": _table(package, "article", [article]),
        "paragraphs": _table(package, "paragraphs", _paragraph_rows(layout)),
    }
    _add_facts(tables, package, proposals)
    to_fill = [column for column, cell in article.items() if not cell]
    _refuse(tables, set(to_fill))
    return DraftTables(proposals, tables, to_fill)


def _gazetteer(package: DataPackage) -> dict[str, str]:
    """Return the kind of each name in the gazetteer of the project, if it has one."""
    if "gazetteer" not in package.resources:
        return {}
    rows = package.table("gazetteer").records
    return {row["name"]: "place" if row["kind"] == "label" else "facility" for _, row in rows if row["name"]}


def _article_row(layout: Layout, page: Metadata, dateline: date, details: Details) -> dict[str, str]:
    outlet = details.outlet or ("" if looks_rewritten(page.outlet) else page.outlet)
    url = details.url or (page.url if page.url.startswith("https://") else "")
    author = details.author or layout.author
    if not author and (_PUBLIC_BODY.search(outlet) or _PUBLIC_HOST.match(url)):
        author = outlet  # a release has no byline, and its agency is its author
    return {
        "outlet": outlet,
        "headline": layout.headline,
        "url": url,
        "dateline": dateline.isoformat(),
        "author": author,
        "timezone": details.timezone,
    }


def _fact_rows(package: DataPackage, proposals: Proposals) -> list[dict[str, str]]:
    """Return the rows of the fact sheet; what has a kind that the story does not tell apart is a thing."""
    fields = package.resource("facts")["schema"]["fields"]
    kinds = next(field for field in fields if field["name"] == "kind")["constraints"]["enum"]
    rows = [proposal.row() for proposal in proposals.rows]
    return [row | {"kind": row["kind"] if row["kind"] in kinds else THING} for row in rows]


def _paragraph_rows(layout: Layout) -> list[dict[str, str]]:
    blocks = [clean(block) for block in layout.blocks]
    rows, body, ordered = [], 0, sorted(blocks)
    for number, (block, role) in enumerate(zip(blocks, layout.roles, strict=True), start=1):
        body += role == "body"
        rows.append(
            {
                "paragraph": str(number),
                "role": role,
                "body_number": str(body) if role == "body" else "",
                "opens_with": _opening(block, ordered),
            }
        )
    return rows


def _opening(block: str, ordered: list[str]) -> str:
    """Return the first words of a block, as few as distinguish it from the others, which are in order."""
    # The audit compares openings without their marks; a spreadsheet would rewrite a date.
    words = (re.sub(r"[/.-]", " ", block) if looks_rewritten(block) else block).split()
    for count in range(_FEWEST_OPENING_WORDS, MOST_WORDS):
        opening = " ".join(words[:count])
        at = bisect_left(ordered, opening)
        if sum(other.startswith(opening) for other in ordered[at : at + 2]) == 1:
            return opening
    return " ".join(words[:MOST_WORDS])


def _table(package: DataPackage, name: str, rows: Iterable[dict[str, str]]) -> CsvTable:
    resource = package.resource(name)
    columns = [column["name"] for column in resource["schema"]["fields"]]
    # A column that the schema gains later stays blank until somebody fills it.
    cells = [[clean(row.get(column, "")) for column in columns] for row in rows]
    return CsvTable(resource, f"{name}.csv", [columns, *cells])


def _add_facts(tables: dict[str, CsvTable], package: DataPackage, proposals: Proposals) -> None:
    """Add the table of facts; a row that its own checks refuse becomes one of those skipped."""
    refused: dict[int, str] = {-1: ""}
    while refused:
        tables["facts"] = _table(package, "facts", _fact_rows(package, proposals))
        refused = {fault.row - 2: fault.what for fault in _faults(tables["facts"], tables) if fault.row}
        proposals.skip(refused)


def _faults(table: CsvTable, tables: Mapping[str, CsvTable]) -> Iterator[Fault]:
    yield from table_faults(table, tables.get)
    yield from rule_faults(table, tables.get)


def _refuse(tables: Mapping[str, CsvTable], to_fill: set[str]) -> None:
    """Raise the faults that validation finds in the draft, except for cells left to fill."""
    faults = [
        fault
        for name, table in tables.items()
        for fault in _faults(table, tables)
        if name != "article" or fault.column not in to_fill
    ]
    if faults:
        raise Faults(faults)
