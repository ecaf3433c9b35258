"""The difference between two reports, as text, Markdown and HTML all show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["added", "removed", "changed"]


def kind_of(was: object, now: object) -> Kind:
    """Return what happened to something that is None where it does not exist."""
    return "added" if was is None else "removed" if now is None else "changed"


@dataclass(frozen=True)
class TextChange:
    """A value or sentence before and after; None where it does not exist.

    Parameters
    ----------
    label : str
        What it is: a column, `caption`; blank for sentences.
    was, now : str, optional
        Before and after.
    """

    label: str
    was: str | None
    now: str | None

    @property
    def how(self) -> Kind:
        """Whether it was added, removed or changed."""
        return kind_of(self.was, self.now)


@dataclass(frozen=True)
class Pictures:
    """A chart before and after, as SVG and alternative text; None where it does not exist."""

    was: tuple[str, str] | None
    now: tuple[str, str] | None


@dataclass(frozen=True)
class Item:
    """One fact, chart, table, section of the prose.

    Parameters
    ----------
    how : {"added", "removed", "changed"}
        What happened to it.
    title : str
        Its id or name.
    note : str
        What it is, for readers who do not know the ids.
    parts : tuple of TextChange
        What differs.
    pictures : Pictures, optional
        How it is drawn.
    """

    how: Kind
    title: str
    note: str = ""
    parts: tuple[TextChange, ...] = ()
    pictures: Pictures | None = None


@dataclass(frozen=True)
class Section:
    """All differences of one kind.

    Parameters
    ----------
    title : str
        What kind.
    items : tuple of Item
        What differs, or where.
    by_part : bool
        Whether to count parts instead of items, as with the sentences of a section.
    """

    title: str
    items: tuple[Item, ...]
    by_part: bool = False

    @property
    def summary(self) -> str:
        """How many were changed, added and removed, in words."""
        if self.by_part:
            return counted(part.how for item in self.items for part in item.parts)
        return counted(item.how for item in self.items)


def counted(hows: Iterable[Kind]) -> str:
    """Return how many of each there are: ``2 changed, 1 added``."""
    counts = Counter(hows)
    return ", ".join(f"{counts[how]} {how}" for how in ("changed", "added", "removed") if counts[how])


@dataclass(frozen=True)
class Difference:
    """All differences, with the names of both sides."""

    was: str
    now: str
    sections: tuple[Section, ...]
