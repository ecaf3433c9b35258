"""What differs in facts and other tables, values of the report, and who else reported a fact."""

from __future__ import annotations

from collections import Counter
from typing import Any

from explainer.diff.model import Item, TextChange, counted, kind_of
from explainer.diff.rows import RowChange, rows

FACTS = "facts"
#: Prefix of the tables of values, which are compared as the values of the report.
VALUES = "values-"
STANCES = {"same": "Same", "adds": "Adds", "differs": "Differs", "silent": "Silent"}


def facts(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the facts that differ, cell by cell, with the links that lead to their words."""
    changes = _changes(FACTS, was["tables"], now["tables"])
    items = []
    for change in changes:
        fact = change.key[0]
        links = _links(was["facts"].get(fact), now["facts"].get(fact))
        items.append(Item(change.how, fact, _subject(fact, was, now), (*change.parts, *links)))
    changed = {item.title for item in items}
    for fact in [fact for fact in now["facts"] if fact not in changed]:
        # A link changes without its fact where the article's address or its paragraphs do.
        if links := _links(was["facts"].get(fact), now["facts"][fact]):
            items.append(Item("changed", fact, _subject(fact, was, now), links))
    return items


def _subject(fact: str, was: dict[str, Any], now: dict[str, Any]) -> str:
    return (now["facts"].get(fact) or was["facts"].get(fact) or {"subject": ""})["subject"]


def _links(was: dict[str, Any] | None, now: dict[str, Any] | None) -> tuple[TextChange, ...]:
    if was is None or now is None:
        return ()
    return tuple(
        TextChange(label, was[part], now[part])
        for part, label in (("url", "link to its words"), ("place", "stands in"))
        if was[part] != now[part]
    )


def tables(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the rows that differ in the tables that people edit, and how many differ in generated ones."""
    items = []
    for name in dict.fromkeys([*now, *was]):
        if name == FACTS or name.startswith(VALUES):
            continue
        changes = _changes(name, was, now)
        table = now.get(name) or was[name]
        if table["made"] and changes:
            text = counted(change.how for change in changes)
            items.append(Item("changed", table["file"], f"rows that a notebook writes: {text}"))
        else:
            items += [
                Item(change.how, ", ".join(filter(None, change.key)), table["file"], change.parts)
                for change in changes
            ]
    return items


def _changes(name: str, was: dict[str, Any], now: dict[str, Any]) -> list[RowChange]:
    before, after = was.get(name), now.get(name)
    key = (after or before or {"key": []})["key"]
    return rows((before or {"rows": []})["rows"], (after or {"rows": []})["rows"], key)


def values(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the values of the report that differ, with their derivations."""
    items = []
    for name in dict.fromkeys([*now, *was]):
        before, after = was.get(name), now.get(name)
        parts = tuple(
            TextChange(label, before and before[part], after and after[part])
            for part, label in (("shown", "value"), ("status", "status"), ("derivation", "how it was found"))
            if ((before or {}).get(part) or "") != ((after or {}).get(part) or "")
        )
        if parts:
            items.append(Item(kind_of(before, after), name, parts=parts))
    return items


def corroboration(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the badges and reports that differ, for each fact on both sides."""
    items = []
    for fact in now:
        if fact not in was:
            continue
        before, after = _corroboration(was[fact]), _corroboration(now[fact])
        parts = [
            TextChange(label, before[label] or None, after[label] or None)
            for label in ("badge", "first")
            if before[label] != after[label]
        ]
        removed, added = Counter(before["reports"]), Counter(after["reports"])
        parts += [TextChange("", line, None) for line in (removed - added).elements()]
        parts += [TextChange("", None, line) for line in (added - removed).elements()]
        if parts:
            items.append(Item("changed", fact, now[fact]["subject"], tuple(parts)))
    return items


def _corroboration(fact: dict[str, Any]) -> dict[str, Any]:
    account = fact.get("account") or {"label": "", "first": "", "questions": []}
    lines = [_line(report) for question in account["questions"] for report in question["reports"]]
    return {"badge": account["label"], "first": account["first"], "reports": lines}


def _line(report: dict[str, str]) -> str:
    more = "; ".join(filter(None, (report["note"], report["remark"])))
    text = f"{STANCES[report['stance']]}: {report['outlet']}, {report['day']}"
    text += f": {report['says']}" if report["says"] else ""
    return f"{text} ({more})" if more else text
