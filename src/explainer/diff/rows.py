"""Rows before and after, told apart by their keys, whatever their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explainer.diff.model import Kind, TextChange

Row = Mapping[str, str]


@dataclass(frozen=True)
class RowChange:
    """One row that is different: its key, and its cells before and after."""

    how: Kind
    key: tuple[str, ...]
    parts: tuple[TextChange, ...]


def rows(was: Sequence[Row], now: Sequence[Row], key: Sequence[str]) -> list[RowChange]:
    """Return the rows that were changed, added or removed.

    Parameters
    ----------
    was, now : sequence of mapping
        Cells by column, as text.
    key : sequence of str
        Columns that tell rows apart. Where they do not, further columns are taken, from the left.
    """
    left, over = Counter(map(_frozen, was)), Counter(map(_frozen, now))
    same = left & over
    before = [dict(row) for row in (left - same).elements()]
    after = [dict(row) for row in (over - same).elements()]
    columns = list(dict.fromkeys(column for row in (*now, *was) for column in row))
    key = _telling(before, after, [*key], columns)
    found: list[RowChange] = []
    # Reversed, so that the first of several rows with one key is the first to find its pair.
    waiting: dict[tuple[str, ...], list[Row]] = {}
    for row in reversed(before):
        waiting.setdefault(_key(row, key), []).append(row)
    for row in after:
        pair = waiting.get(_key(row, key))
        old = pair.pop() if pair else None
        found.append(RowChange("changed" if old else "added", _key(row, key), _cells(old, row, columns)))
    for row in before:
        if any(row is other for other in waiting[_key(row, key)]):
            found.append(RowChange("removed", _key(row, key), _cells(row, None, columns)))
    return found


def _frozen(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((column, text) for column, text in sorted(row.items()) if text)


def _key(row: Row, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in key)


def _telling(before: list[dict], after: list[dict], key: list[str], columns: list[str]) -> list[str]:
    """Return the fewest columns, those of `key` first, that tell apart the rows of either side."""
    wanted = [*key, *(column for column in columns if column not in key)]
    for count in range(max(1, len(key)), len(wanted) + 1):
        chosen = wanted[:count]
        if all(len({_key(row, chosen) for row in side}) == len(side) for side in (before, after)):
            return chosen
    return key or columns[:1]


def _cells(was: Row | None, now: Row | None, columns: Sequence[str]) -> tuple[TextChange, ...]:
    found = []
    for column in columns:
        before = was.get(column, "") if was is not None else None
        after = now.get(column, "") if now is not None else None
        if (before or "") != (after or ""):
            found.append(TextChange(column, before, after))
    return tuple(found)
