"""The result of an audit, as text and as JSON."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from explainer.article.audit import Audit, Finding
from explainer.article.audit.search import around
from explainer.ledger import cut_words
from explainer.system.errors import Fault

WIDTH = 110
#: Places of an ambiguous selector that a line names.
MOST_PLACES = 5
#: Lines of one kind that are printed; the JSON has all.
MOST_LINES = 50

_WHAT = {
    "changed": "said {said}, says now {now}",
    "gone": "said {said}, which is no longer there",
    "neighbors": "{said} stands there still, but not between the words that the row gives",
    "moved": "{said} stands in another paragraph",
    "token": "as_printed {printed} is not in the paragraph, though the exact words are",
}
_REMEDY = {
    "changed": "Correct the row, or get a copy that was not changed",
    "gone": "Strike the row, or get a copy that was not changed",
    "neighbors": "Correct prefix and suffix",
    "moved": "Correct the paragraph",
    "token": "Write the token as the article prints it",
}


def as_data(result: Audit) -> dict[str, Any]:
    """Return the result as lists and dictionaries, in the order of the fact sheet."""
    coverage, located = result.coverage, result.located
    return {
        "copy": result.name,
        "article": {name: result.sheet.article[name] for name in ("outlet", "headline", "url", "dateline")},
        "complete": result.complete,
        "looks_like_the_article": not result.alien,
        "counts": counts(result),
        "facts": [
            _fact(finding, result.sheet.openings.get(finding.fact.paragraph, ""))
            for finding in result.findings
        ],
        "uncovered": [
            {
                "paragraph": mention.text.number,
                "kind": mention.kind,
                "words": mention.text.text[mention.start : mention.end],
                "around": around(mention.text.text, mention.start, mention.end),
            }
            for mention in coverage.uncovered
        ],
        "left_out": [{**asdict(row), "found": row not in coverage.stale} for row in result.sheet.left_out],
        "gone": [str(fault) for fault in result.sheet.gone],
        "twins": [[first.fact_id, second.fact_id] for first, second in result.twins],
        "cut_words": [
            {"fact_id": fact.fact_id, "row": fact.row, "column": cut.side, "word": cut.word, "rest": cut.rest}
            for fact, cut in result.cuts
        ],
        "reworded": result.reworded,
        "paragraphs": {
            "missing": located.absent,
            "opening_changed": [text.number for text in result.reopened],
            "not_in_the_sheet": [text.text for text in located.added],
        },
    }


def counts(result: Audit) -> dict[str, int]:
    """Return the number of facts, mentions and paragraphs in each state."""
    coverage, located = result.coverage, result.located
    return {
        "facts": len(result.findings),
        "found": len(result.findings) - len(result.missing) - len(result.ambiguous),
        "missing": len(result.missing),
        "ambiguous": len(result.ambiguous),
        "mentions": coverage.total,
        "covered": coverage.covered,
        "left_out": coverage.left_out,
        "uncovered": len(coverage.uncovered),
        "paragraphs": len(result.sheet.openings),
        "paragraphs_found": len(located.paragraphs),
        "paragraphs_missing": len(located.absent),
        "paragraphs_not_in_the_sheet": len(located.added),
        "paragraphs_reworded": len(result.reworded),
    }


def as_text(result: Audit) -> str:
    """Return a table of the coverage, followed by a line for each problem."""
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, color_system=None, highlight=False, legacy_windows=False)
    console.print(f"{result.name} against the fact sheet", markup=False, soft_wrap=True)
    console.print(_table(counts(result)))
    if result.alien:
        console.print(
            "This does not look like the article: none of its paragraphs is there. Check the path.",
            markup=False,
            soft_wrap=True,
        )
    else:
        for line in _shortened(problems(result)):
            console.print(line, markup=False, soft_wrap=True)
    if result.complete:
        console.print("Every fact stands where it should, and every mention is accounted for.")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _shortened(lines: list[str]) -> Iterator[str]:
    """Yield the first lines of each kind, by what stands before the colon, and how many more there are."""
    for _, alike in itertools.groupby(lines, key=lambda line: line.partition(":")[0]):
        kind = list(alike)
        yield from kind[:MOST_LINES]
        if len(kind) > MOST_LINES:
            yield f"{kind[0].partition(':')[0]}: and {len(kind) - MOST_LINES:,} more."


def _table(count: dict[str, int]) -> Table:
    table = Table("", "in all", "found", "missing", "ambiguous", "left out", "uncovered", "reworded")
    for column in table.columns[1:]:
        column.justify = "right"
    rows = {
        "facts": "facts found missing ambiguous - - -",
        "mentions": "mentions covered - - left_out uncovered -",
        "paragraphs": "paragraphs paragraphs_found paragraphs_missing - - paragraphs_not_in_the_sheet "
        "paragraphs_reworded",
    }
    for title, names in rows.items():
        table.add_row(title, *(str(count.get(name, "")) for name in names.split()))
    return table


def problems(result: Audit) -> list[str]:
    """Return a line for each problem, with its place in the tables."""
    sheet, coverage = result.sheet, result.coverage
    paragraphs, left_out = (sheet.files.get(name, "") for name in ("paragraphs", "left-out"))
    lines = _problems_of_facts(result)
    for mention in coverage.uncovered:
        where = f"paragraph {mention.text.number}" if mention.text.number else "outside the paragraphs"
        words = " ".join(mention.text.text[mention.start : mention.end].split())
        lines.append(
            f"{where}: {mention.kind} {words!r} is neither in the fact sheet nor left out on purpose "
            f"({around(mention.text.text, mention.start, mention.end)}). "
            f"Add a fact, or a row to {left_out or 'left-out'}."
        )
    for row in coverage.stale:
        lines.append(
            f"{left_out}:{row.row}:words: {row.words!r} does not stand in paragraph {row.paragraph}. "
            "Strike the row."
        )
    for number in result.located.absent:
        lines.append(
            f"{paragraphs}: paragraph {number} ({sheet.openings[number]!r}) is not in the copy. "
            "Get a whole copy, or correct the row."
        )
    for text in result.reopened:
        lines.append(
            f"{paragraphs}: paragraph {text.number} no longer opens with {text.opens_with!r}, but with "
            f"{' '.join(text.text.split()[:6])!r}. Correct the row."
        )
    for text in result.located.added:
        opening = text.text.split()
        dots = "…" if len(opening) > 6 else ""
        lines.append(
            f"{paragraphs}: the copy has a paragraph that is not in the sheet "
            f"({' '.join(opening[:6])!r}{dots}). Add it, or take it out of the copy."
        )
    for number in result.reworded:
        lines.append(
            f"{paragraphs}: paragraph {number} is not worded as it was when the sheet was made. "
            "Read it, then get a copy that was not changed, or note its wording (--note-wording)."
        )
    return lines


def _problems_of_facts(result: Audit) -> list[str]:
    """Return a line for each problem of a row of the fact sheet."""
    facts = result.sheet.files.get("facts", "")
    lines = [f"{facts}:{finding.fact.row}: {_sentence(finding)}" for finding in result.missing]
    lines += [str(fault) for fault in result.sheet.gone]
    for finding in result.ambiguous:
        more = len(finding.places) - MOST_PLACES
        places = "; ".join(finding.places[:MOST_PLACES]) + (f"; and {more} more" if more > 0 else "")
        lines.append(
            f"{facts}:{finding.fact.row}: {finding.fact.fact_id}: the words stand "
            f"{len(finding.places)} times ({places}). Add prefix or suffix."
        )
    for first, second in result.twins:
        lines.append(
            f"{facts}:{second.row}: {second.fact_id} and {first.fact_id} (row {first.row}) are of one kind "
            f"and rest on the same words, or in part ({first.selector.exact!r}, {second.selector.exact!r}). "
            "Strike one, or choose other words."
        )
    return [*lines, *(str(fault) for fault in cut_faults(result))]


def cut_faults(result: Audit) -> list[Fault]:
    """Return a fault for each selector that begins or ends inside a word."""
    file = result.sheet.files.get("facts", "")
    return [cut_words.fault(cut, file, fact.row, fact.selector.exact) for fact, cut in result.cuts]


def _sentence(finding: Finding) -> str:
    fact = finding.fact
    text = _WHAT[finding.change].format(
        said=repr(fact.selector.exact), now=repr(finding.now), printed=repr(fact.as_printed)
    )
    seen = "; ".join(finding.places) or finding.around
    return (
        f"{fact.fact_id} (paragraph {fact.paragraph}): {text}"
        + (f" ({seen})" if seen else "")
        + f". {_REMEDY[finding.change]}."
    )


def _fact(finding: Finding, opening: str) -> dict[str, Any]:
    fact = finding.fact
    record: dict[str, Any] = {
        "fact_id": fact.fact_id,
        "row": fact.row,
        "paragraph": fact.paragraph,
        "kind": fact.kind,
        "as_printed": fact.as_printed,
        "status": finding.status,
        "selector": fact.selector.as_annotation(opening),
    }
    if finding.status == "missing":
        record |= {"change": finding.change, "said": fact.selector.exact, "now": finding.now or None}
    if finding.around:
        record["around"] = finding.around
    if finding.places:
        record["places"] = finding.places
    return record
