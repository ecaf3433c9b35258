"""What differs in the prose as readers see it: values filled in, references numbered."""

from __future__ import annotations

from explainer.diff.model import Item, TextChange
from explainer.diff.words import align
from explainer.english.sentences import sentences

HEAD = "The top of the page"
Block = list[str]


def prose(was: list[Block], now: list[Block]) -> list[Item]:
    """Return what differs, one item for each section of the page, in its order.

    Parameters
    ----------
    was, now : list
        As `explainer.diff.blocks.blocks` returns them.
    """
    by_heading: dict[str, list[TextChange]] = {}
    for before, after in align(was, now, lambda block: block[1]):
        heading = (after or before or [""])[0] or HEAD
        texts = (before[1] if before else None, after[1] if after else None)
        by_heading.setdefault(heading, []).extend(_parts(*texts))
    return [Item("changed", heading, parts=tuple(parts)) for heading, parts in by_heading.items()]


def _parts(was: str | None, now: str | None) -> list[TextChange]:
    pairs = align(_sentences(was or ""), _sentences(now or ""), str)
    return [TextChange("", before, after) for before, after in pairs]


def _sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in sentences(text)] if text else []
