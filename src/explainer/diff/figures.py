"""Charts and tables before and after: their words, their data, their drawings."""

from __future__ import annotations

from typing import Any

from explainer.diff.model import Item, Part, Pictures
from explainer.diff.rows import Change, rows

WORDS = ("takeaway", "caption", "alt", "note")


def figures(was: dict[str, Any], now: dict[str, Any], kind: str) -> list[Item]:
    """Return what differs between the charts (``fig``) or tables (``tbl``) of two reports.

    Parameters
    ----------
    was, now : dict
        By label, as `explainer.diff.make` gives them.
    kind : str
        ``fig`` or ``tbl``.
    """
    found = []
    for label in dict.fromkeys([*now, *was]):
        before, after = was.get(label), now.get(label)
        shown = after or before
        if shown["kind"] != kind or before == after:
            continue
        how = "added" if before is None else "removed" if after is None else "changed"
        parts = _parts(before or _nothing(shown), after or _nothing(shown), whole=how == "changed")
        redrawn = shown.get("drawing") != (before or shown).get("drawing")
        if not (parts or redrawn):
            continue  # the same rows in another order
        pictures = None
        if kind == "fig" and (before or {}).get("picture") != (after or {}).get("picture"):
            pictures = Pictures(_picture(before), _picture(after))
        note = _name(shown) if parts else f"{_name(shown)}; only its drawing"
        found.append(Item(how, label, note, tuple(parts), pictures))
    return found


def _picture(entry: dict[str, Any] | None) -> tuple[str, str] | None:
    return entry and (entry["picture"], entry["alt"])


def _name(entry: dict[str, Any]) -> str:
    return entry["takeaway"] or entry["caption"]


def _nothing(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, **dict.fromkeys(WORDS, ""), "sources": [], "links": [], "cells": []}


def _parts(was: dict[str, Any], now: dict[str, Any], whole: bool) -> list[Part]:
    parts = [Part(word, was[word] or None, now[word] or None) for word in WORDS if was[word] != now[word]]
    if not whole:
        return parts
    for side, other in ((was, now), (now, was)):
        for source in side["sources"]:
            if source not in other["sources"]:
                parts.append(Part("source", *((source, None) if side is was else (None, source))))
    parts += [part for change in rows(_rows(was), _rows(now), _key(now)) for part in _row(change)]
    if sorted(was["links"]) != sorted(now["links"]):
        before, after = (
            sorted(set(side["links"]) - set(other["links"])) for side, other in ((was, now), (now, was))
        )
        parts += [Part("link", url, None) for url in before] + [Part("link", None, url) for url in after]
    return parts


def _rows(entry: dict[str, Any]) -> list[dict[str, str]]:
    titles = [column.get("title") or column["name"] for column in entry["columns"]]
    return [dict(zip(titles, row, strict=True)) for row in entry["cells"]]


def _key(entry: dict[str, Any]) -> list[str]:
    return [column.get("title") or column["name"] for column in entry["columns"][:1]]


def _row(change: Change) -> list[Part]:
    if change.how == "changed":
        where = ", ".join(filter(None, change.key))
        return [Part(f"row {where}, {part.label}", part.was or "", part.now or "") for part in change.parts]
    cells = " · ".join((part.was or part.now or "") for part in change.parts)
    return [Part("row", *((cells, None) if change.how == "removed" else (None, cells)))]
