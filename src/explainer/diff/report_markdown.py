"""A difference as Markdown, for a review."""

from __future__ import annotations

import html
import re

from explainer.diff.model import Difference, TextChange
from explainer.diff.report_text import NOTHING, printable
from explainer.diff.words import marks

#: What could begin markup, a link or an entity.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#!|~$^=+-]")


def as_markdown(difference: Difference) -> str:
    """Return a difference as Markdown, in which no text of the report is markup."""
    if not difference.sections:
        return NOTHING + "\n"
    lines = [f"# From {escape(difference.was)} to {escape(difference.now)}"]
    for section in difference.sections:
        lines += ["", f"## {section.title}: {section.summary}", ""]
        for item in section.items:
            note = f" ({escape(item.note)})" if item.note else ""
            lines.append(f"- **{escape(item.title)}**{note}: {item.how}")
            lines += [f"  - {_part(part)}" for part in item.parts]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return a text that Markdown shows literally: no markup, no link, no mention of a user."""
    text = html.escape(printable(text), quote=False)
    text = _MARKUP.sub(r"\\\g<0>", text)
    text = text.replace("://", r"\://").replace("www.", r"www\.")
    return text.replace("@", "@<!-- -->")


def _part(part: TextChange) -> str:
    label = f"{escape(part.label)}: " if part.label else ""
    if part.was is None:
        return f"{label}<ins>{escape(part.now or '')}</ins>"
    if part.now is None:
        return f"{label}<del>{escape(part.was)}</del>"
    tags = {"same": "{}", "removed": "<del>{}</del>", "added": "<ins>{}</ins>"}
    pieces = marks(printable(part.was), printable(part.now))
    return label + "".join(tags[kind].format(_escape_piece(text)) for kind, text in pieces)


def _escape_piece(text: str) -> str:
    """Return a piece of a text, escaped, with the space at its ends."""
    inner = escape(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{inner}{after}" if inner else text
