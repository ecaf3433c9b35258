"""Whether the sources were compared with what the fact sheet says now.

The stances of the sources (same, differs, ...) were judged against an answer of the article. When the
fact behind it changes, the judgement is stale until somebody looks at the sources again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from explainer.system.errors import Caution

if TYPE_CHECKING:
    from explainer.data.package import DataPackage

POINTER = re.compile(r"\{([^{}]+)\}")


def stale_comparisons(package: DataPackage) -> Iterator[Caution]:
    """Yield a warning for each question whose answer is no longer the one that the sources were held against.

    An answer points at facts as ``{fact_id}``; what counts is what these print.
    """
    for row, record, now in _stale(package):
        yield Caution(
            f"the sources were compared with {record['compared_with']!r}, and the sheet says {now!r} now",
            file=package.file("questions"),
            row=row,
            column="compared_with",
            value=record["fact_key"],
            remedy="Look at its stances again, then write here what they were compared with.",
        )


def stale_keys(package: DataPackage) -> set[str]:
    """Return the questions whose answer has changed since the sources were held against it."""
    return {record["fact_key"] for _, record, _ in _stale(package)}


def _stale(package: DataPackage) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield the row of each such question, its cells, and the answer as the facts print it now."""
    questions = package.table_with("questions", ("fact_key", "value", "compared_with"))
    facts = package.table_with("facts", ("fact_id", "as_printed"))
    if questions is None or facts is None:
        return
    printed = {record["fact_id"]: record["as_printed"] for _, record in facts.records}
    for row, record in questions.records:
        if not POINTER.search(record["value"]):
            continue
        now = POINTER.sub(lambda pointer: printed.get(pointer[1], pointer[0]), record["value"])
        if now != record["compared_with"]:
            yield row, record, now
