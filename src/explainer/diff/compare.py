"""Two reports, compared part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from explainer.diff import make, sides
from explainer.diff.facts import corroboration, facts, tables, values
from explainer.diff.figures import figures
from explainer.diff.model import Difference, Item, Section, TextChange, kind_of
from explainer.diff.prose import prose
from explainer.diff.words import align
from explainer.system.project import Project


def diff(
    project: Project, was: str | None, now: str | None = None, say: Callable[[str], Any] = print
) -> Difference:
    """Return what differs between two versions of a report.

    Parameters
    ----------
    project : Project
        The current project. Nothing in it is changed but ``_build/diff``.
    was, now : str, optional
        A git revision or a folder; None: the current project.
    say : callable
        Receives progress messages.

    Raises
    ------
    Fault
        If a side does not exist, or has faults.
    """
    pair = [sides.side(project, where) for where in (was, now)]
    try:
        if pair[0].project == pair[1].project:
            return Difference(pair[0].name, pair[1].name, ())
        before, after = (make.build(project, side, say) for side in pair)
    finally:
        sides.sweep(project)
    return Difference(pair[0].name, pair[1].name, tuple(compare(before, after)))


def compare(was: dict[str, Any], now: dict[str, Any]) -> list[Section]:
    """Return what differs between two sides, as `explainer.diff.make.build` returns them."""
    by_title = {
        "Facts": facts(was, now),
        "Prose": prose(was["blocks"], now["blocks"]),
        "Charts": figures(was["figures"], now["figures"], "fig"),
        "Tables in the report": figures(was["figures"], now["figures"], "tbl"),
        "Who else reported it": corroboration(was["facts"], now["facts"]),
        "Values": values(was["values"], now["values"]),
        "Data": tables(was["tables"], now["tables"]),
        "Notebooks": notebooks(was["notebooks"], now["notebooks"]),
    }
    return [Section(title, tuple(items), title == "Prose") for title, items in by_title.items() if items]


def notebooks(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the notebooks whose cells differ: their source, not their output."""
    items = []
    for file in dict.fromkeys([*now, *was]):
        pairs = align(was.get(file, []), now.get(file, []), lambda cell: cell[1])
        parts = tuple(
            TextChange(f"{(after or before or [''])[0]} cell", _source(before), _source(after))
            for before, after in pairs
        )
        if parts:
            items.append(Item(kind_of(was.get(file), now.get(file)), file, parts=parts))
    return items


def _source(cell: list[str] | None) -> str | None:
    return cell[1] if cell else None
