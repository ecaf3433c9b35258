"""What differs in charts and tables: their words, their data, their drawings."""

from __future__ import annotations

from typing import Any

from explainer.diff.model import Item, Pictures, TextChange, kind_of
from explainer.diff.rows import RowChange, rows

WORDS = ("takeaway", "caption", "alt", "note")


def figures(was: dict[str, Any], now: dict[str, Any], kind: str) -> list[Item]:
    """Return what differs between the charts (``fig``) or tables (``tbl``) of two reports.

    Parameters
    ----------
    was, now : dict
        By label, as `explainer.diff.make.build` returns them.
    kind : str
        ``fig`` or ``tbl``.
    """
    items = []
    for label in dict.fromkeys([*now, *was]):
        before, after = was.get(label), now.get(label)
        shown = after or before or {}
        if shown["kind"] == kind and before != after:
            items += _item(label, before, after, shown)
    return items


def _item(
    label: str, before: dict[str, Any] | None, after: dict[str, Any] | None, shown: dict[str, Any]
) -> list[Item]:
    """Return what differs; nothing where only the order of rows does."""
    how = kind_of(before, after)
    parts = _parts(before or _blank(shown), after or _blank(shown), whole=how == "changed")
    if not parts and shown.get("drawing") == (before or shown).get("drawing"):
        return []
    pictures = None
    if shown["kind"] == "fig" and (before or {}).get("picture") != (after or {}).get("picture"):
        pictures = Pictures(_picture(before), _picture(after))
    note = _name(shown) if parts else f"{_name(shown)}; only its drawing"
    return [Item(how, label, note, tuple(parts), pictures)]


def _picture(entry: dict[str, Any] | None) -> tuple[str, str] | None:
    return (entry["picture"], entry["alt"]) if entry else None


def _name(entry: dict[str, Any]) -> str:
    return entry["takeaway"] or entry["caption"]


def _blank(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, **dict.fromkeys(WORDS, ""), "sources": [], "links": [], "cells": []}


def _parts(was: dict[str, Any], now: dict[str, Any], whole: bool) -> list[TextChange]:
    parts = [
        TextChange(word, was[word] or None, now[word] or None) for word in WORDS if was[word] != now[word]
    ]
    if not whole:
        return parts
    parts += _replaced("source", was["sources"], now["sources"])
    parts += [part for change in rows(_rows(was), _rows(now), _titles(now)[:1]) for part in _row(change)]
    if sorted(was["links"]) != sorted(now["links"]):
        parts += _replaced("link", sorted(set(was["links"])), sorted(set(now["links"])))
    return parts


def _replaced(label: str, was: list[str], now: list[str]) -> list[TextChange]:
    """Return what only one of two lists has."""
    removed = [TextChange(label, text, None) for text in was if text not in now]
    return removed + [TextChange(label, None, text) for text in now if text not in was]


def _titles(entry: dict[str, Any]) -> list[str]:
    return [column.get("title") or column["name"] for column in entry["columns"]]


def _rows(entry: dict[str, Any]) -> list[dict[str, str]]:
    return [dict(zip(_titles(entry), row, strict=True)) for row in entry["cells"]]


def _row(change: RowChange) -> list[TextChange]:
    if change.how == "changed":
        where = ", ".join(filter(None, change.key))
        return [
            TextChange(f"row {where}, {part.label}", part.was or "", part.now or "") for part in change.parts
        ]
    cells = " · ".join((part.was or part.now or "") for part in change.parts)
    return [TextChange("row", *((cells, None) if change.how == "removed" else (None, cells)))]
