"""A difference as Markdown, for a review."""

from __future__ import annotations

import re

from explainer.diff.model import Difference, TextChange
from explainer.diff.report_text import NOTHING, printable
from explainer.diff.words import marks

#: Whatever could begin a mark, a link or an entity.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#!|~$^=+-]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def as_markdown(found: Difference) -> str:
    """Return a difference as Markdown, in which no text of the report is markup."""
    if not found.sections:
        return NOTHING + "\n"
    lines = [f"# From {escape(found.was)} to {escape(found.now)}"]
    for section in found.sections:
        lines += ["", f"## {section.title}: {section.summary}", ""]
        for item in section.items:
            note = f" ({escape(item.note)})" if item.note else ""
            lines.append(f"- **{escape(item.title)}**{note}: {item.how}")
            lines += [f"  - {_part(part)}" for part in item.parts]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return a text that Markdown shows as it is: no markup, no link, and nobody on a code host is called."""
    text = "".join(_ENTITIES.get(letter, letter) for letter in printable(text))
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
    found = marks(printable(part.was), printable(part.now))
    return label + "".join(tags[kind].format(_kept(text)) for kind, text in found)


def _kept(text: str) -> str:
    """Return a piece of a text, escaped, with the space at its ends."""
    inner = escape(text)
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{inner}{after}" if inner else text
