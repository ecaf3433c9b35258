"""What differs between two lists of rows, identified by key, whatever their order."""

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
        Columns that identify a row. Where they do not, further columns are added, from the left.
    """
    left, right = Counter(map(_frozen, was)), Counter(map(_frozen, now))
    before = [dict(row) for row in (left - right).elements()]
    after = [dict(row) for row in (right - left).elements()]
    columns = list(dict.fromkeys(column for row in (*now, *was) for column in row))
    key = _identifying(before, after, [*key], columns)
    changes: list[RowChange] = []
    # Reversed, so that the first of several rows with one key is paired first.
    unpaired: dict[tuple[str, ...], list[Row]] = {}
    for row in reversed(before):
        unpaired.setdefault(_key(row, key), []).append(row)
    for row in after:
        pair = unpaired.get(_key(row, key))
        old = pair.pop() if pair else None
        changes.append(RowChange("changed" if old else "added", _key(row, key), _cells(old, row, columns)))
    for row in before:
        if any(row is other for other in unpaired[_key(row, key)]):
            changes.append(RowChange("removed", _key(row, key), _cells(row, None, columns)))
    return changes


def _frozen(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((column, text) for column, text in sorted(row.items()) if text)


def _key(row: Row, key: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in key)


def _identifying(before: list[dict], after: list[dict], key: list[str], columns: list[str]) -> list[str]:
    """Return the fewest columns, those of `key` first, that identify the rows of either side."""
    candidates = list(dict.fromkeys([*key, *columns]))
    for count in range(max(1, len(key)), len(candidates) + 1):
        chosen = candidates[:count]
        if all(len({_key(row, chosen) for row in side}) == len(side) for side in (before, after)):
            return chosen
    return key or columns[:1]


def _cells(was: Row | None, now: Row | None, columns: Sequence[str]) -> tuple[TextChange, ...]:
    cells = []
    for column in columns:
        before = was.get(column, "") if was is not None else None
        after = now.get(column, "") if now is not None else None
        if (before or "") != (after or ""):
            cells.append(TextChange(column, before, after))
    return tuple(cells)
