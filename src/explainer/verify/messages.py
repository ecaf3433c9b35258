"""The result of a check as text, as JSON and as annotations of a code review."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from explainer.data.table import Repair
from explainer.ledger.data_check import DataCheck
from explainer.system.errors import Fault
from explainer.system.terminal import paint

FORMATS = ("text", "json", "github")


def as_text(result: DataCheck, fixed: list[str], *, color: bool = False) -> str:
    """Return every fault on a line of its own, then repairs, then a summary."""
    lines = [_colored(fault, color) for fault in result.faults]
    lines += [
        f"{paint(caution.level, 'yellow', color=color)}: {_colored(caution, color)}"
        for caution in result.warnings
    ]
    if result.repairs:
        lines.append(
            paint("Repaired in the files:" if fixed else "Read as it was meant:", "bold", color=color)
        )
        lines += [f"  {line}" for line in repair_lines(result.repairs)]
    if fixed:
        lines.append(f"Written: {', '.join(fixed)}. As before: _build/before-fix.")
    lines.append(summary(result, fixed, color=color))
    return "\n".join(lines) + "\n"


def summary(result: DataCheck, fixed: list[str], *, color: bool = False) -> str:
    """Return how much was checked, and the number of faults, in one line."""
    text = f"{result.tables} tables, {result.rows} rows: "
    text += paint(_counted(len(result.faults), "fault"), "red" if result.faults else "green", color=color)
    if result.warnings:
        text += ", " + paint(_counted(len(result.warnings), "warning"), "yellow", color=color)
    if result.repairs and not fixed:
        text += f", {_counted(len(result.repairs), 'repair')} (`explainer check --fix` writes them)"
    return text


def repair_lines(repairs: Iterable[Repair]) -> list[str]:
    """Return repairs as lines: a column repaired in the same way many times is one line."""
    groups: dict[tuple[str, str | None, str], list[Repair]] = {}
    for repair in repairs:
        groups.setdefault((repair.file, repair.column, repair.what), []).append(repair)
    return [
        f"{first} And {len(others)} more like it in this column." if others else str(first)
        for first, *others in groups.values()
    ]


def as_json(result: DataCheck, fixed: list[str]) -> str:
    """Return everything for a program; the shape is described in docs/check.md."""
    content = {
        "ok": not result.faults,
        "tables": result.tables,
        "rows": result.rows,
        "faults": [as_record(fault) for fault in result.faults],
        "warnings": [as_record(caution) for caution in result.warnings],
        "repairs": [asdict(repair) for repair in result.repairs],
        "fixed": fixed,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_record(fault: Fault) -> dict[str, Any]:
    """Return the parts of a fault for a program."""
    value = fault.value
    return {
        "file": fault.file,
        "row": fault.row,
        "line": fault.line,
        "column": fault.column,
        "value": value if value is None or isinstance(value, str) else repr(value),
        "what": fault.what,
        "remedy": fault.remedy,
        "message": str(fault),
    }


def as_github(result: DataCheck, fixed: list[str]) -> str:
    """Return workflow commands: GitHub shows faults, warnings and repairs at their lines."""
    lines = []
    for fault in [*result.faults, *result.warnings]:
        place = {"file": fault.file, "line": fault.line}
        title = f"{fault.column}: {fault.what}" if fault.column else fault.what
        lines.append(
            _command("error" if fault.level == "fault" else fault.level, place | {"title": title}, str(fault))
        )
    for repair in result.repairs:
        lines.append(_command("notice", {"file": repair.file, "title": repair.what}, str(repair)))
    return "\n".join([*lines, summary(result, fixed)]) + "\n"


def _command(kind: str, properties: dict[str, Any], message: str) -> str:
    listed = ",".join(
        f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items() if value is not None
    )
    return f"::{kind} {listed}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """Return `text` so that no character of it ends the command, or the property it stands in."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{more}" else char for char in text)


def _colored(fault: Fault, color: bool) -> str:
    text = str(fault)
    where = fault.where
    return paint(where, "bold", color=color) + text[len(where) :] if where else text


def _counted(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'s' if number > 1 else ''}"
