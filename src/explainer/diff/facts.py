"""Facts, the other tables, and what stands beside a fact: its evidence and who else reported it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from explainer.diff.model import Item, TextChange, counted, kind_of
from explainer.diff.rows import RowChange, rows

FACTS = "facts"
#: Tables of values; what they hold is compared as the values of the report.
VALUES = "values-"
STANCES = {"same": "Same", "adds": "Adds", "differs": "Differs", "silent": "Silent"}


def facts(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the facts that differ, cell by cell, with the links that lead to their words."""
    changes = _changes(FACTS, was["tables"], now["tables"])
    found, seen = [], set()
    for change in changes:
        fact = change.key[0]
        seen.add(fact)
        links = _links(was["facts"].get(fact), now["facts"].get(fact))
        found.append(Item(change.how, fact, _subject(fact, was, now), (*change.parts, *links)))
    for fact in now["facts"]:  # the article's address, or the order of its paragraphs
        links = _links(was["facts"].get(fact), now["facts"][fact])
        if links and fact not in seen:
            found.append(Item("changed", fact, _subject(fact, was, now), links))
    return found


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
    """Return the rows that differ in the tables that people edit, and how many do in the others."""
    found = []
    for name in dict.fromkeys([*now, *was]):
        if name == FACTS or name.startswith(VALUES):
            continue
        changes = _changes(name, was, now)
        table = now.get(name) or was[name]
        if table["made"] and changes:
            text = counted(change.how for change in changes)
            found.append(Item("changed", table["file"], f"rows that a notebook writes: {text}"))
        else:
            found += [
                Item(change.how, ", ".join(filter(None, change.key)), table["file"], change.parts)
                for change in changes
            ]
    return found


def _changes(name: str, was: dict[str, Any], now: dict[str, Any]) -> list[RowChange]:
    before, after = was.get(name), now.get(name)
    key = (after or before or {"key": []})["key"]
    return rows((before or {"rows": []})["rows"], (after or {"rows": []})["rows"], key)


def values(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the values of the report that differ, with how they were found."""
    found = []
    for name in dict.fromkeys([*now, *was]):
        before, after = was.get(name), now.get(name)
        parts = tuple(
            TextChange(label, before and before[part], after and after[part])
            for part, label in (("shown", "value"), ("status", "status"), ("derivation", "how it was found"))
            if ((before or {}).get(part) or "") != ((after or {}).get(part) or "")
        )
        if parts:
            found.append(Item(kind_of(before, after), name, parts=parts))
    return found


def corroboration(was: dict[str, Any], now: dict[str, Any]) -> list[Item]:
    """Return the badges that differ, and who joined or left, for each fact on both sides."""
    found = []
    for fact in now:
        if fact not in was:
            continue
        before, after = _account(was[fact]), _account(now[fact])
        parts = [
            TextChange(label, before[label] or None, after[label] or None)
            for label in ("badge", "first")
            if before[label] != after[label]
        ]
        gone, come = Counter(before["said"]), Counter(after["said"])
        parts += [TextChange("", line, None) for line in (gone - come).elements()]
        parts += [TextChange("", None, line) for line in (come - gone).elements()]
        if parts:
            found.append(Item("changed", fact, now[fact]["subject"], tuple(parts)))
    return found


def _account(fact: dict[str, Any]) -> dict[str, Any]:
    account = fact.get("account") or {"label": "", "first": "", "questions": []}
    said = [_line(question, report) for question in account["questions"] for report in question["reports"]]
    return {"badge": account["label"], "first": account["first"], "said": said}


def _line(question: dict[str, Any], report: dict[str, str]) -> str:
    more = "; ".join(filter(None, (report["note"], report["remark"])))
    text = f"{STANCES[report['stance']]}: {report['outlet']}, {report['day']}"
    text += f": {report['says']}" if report["says"] else ""
    return f"{text} ({more})" if more else text
