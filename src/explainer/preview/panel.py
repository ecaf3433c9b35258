"""A panel on the page that lists the faults."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

HEADING = "This edit cannot be shown"
BEHIND = "Behind this is the last good report. It is brought up to date as soon as the edit is mended."


def panel(faults: Sequence[Mapping[str, Any]]) -> str:
    """Return faults, as `messages.as_record` returns them, as HTML; blank if there are none."""
    if not faults:
        return ""
    items = "".join(f"<li>{_fault(fault)}</li>" for fault in faults)
    count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
    return (
        '<div id="explainer-preview-panel" role="alert" tabindex="-1">'
        f"<h2>{HEADING}: {count}</h2><ul>{items}</ul><p>{BEHIND}</p>"
        '<button type="button">Hide</button></div>'
    )


def _fault(fault: Mapping[str, Any]) -> str:
    where = ":".join(str(fault[part]) for part in ("file", "row", "column") if fault.get(part))
    what = f": {fault['what']}" if where else str(fault["what"])
    parts = [f"<code>{html.escape(where)}</code>" if where else "", html.escape(what)]
    if fault.get("value"):
        parts.append(f": <q>{html.escape(str(fault['value']))}</q>")
    if fault.get("remedy"):
        parts.append(f'<span class="remedy">{html.escape(str(fault["remedy"]))}</span>')
    return "".join(parts)
