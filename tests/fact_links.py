"""What the links to the article's words select, and what the fact sheet says they should."""

from __future__ import annotations

import csv
import re
from urllib.parse import unquote, urlsplit


def directive(address):
    """Return the parts of the one text directive of an address, by the grammar of the specification.

    https://wicg.github.io/scroll-to-text-fragment/#syntax

        TextDirective ::= "text=" (Prefix ",")? Start ("," End)? ("," Suffix)?
        Prefix ::= TextDirectiveString "-"        Suffix ::= "-" TextDirectiveString
        TextDirectiveString ::= (ExplicitChar | PercentEncodedByte)+, not "&", "-" or ","
    """
    fragment = urlsplit(address).fragment
    assert fragment.count(":~:") == 1, address
    (text,) = fragment.split(":~:")[1].split("&")
    assert text.startswith("text=")
    parts = text.removeprefix("text=").split(",")
    found = {"prefix": "", "suffix": ""}
    if parts[0].endswith("-"):
        found["prefix"] = parts.pop(0)[:-1]
    if parts[-1].startswith("-"):
        found["suffix"] = parts.pop()[1:]
    assert len(parts) == 1, f"a range, or a comma that is not encoded: {address}"
    found["exact"] = parts[0]
    for part in found.values():
        assert re.fullmatch(r"(?:[A-Za-z0-9!$'()*+./:;=?@_~]|%[0-9A-F]{2})*", part), part
    return {name: unquote(part, errors="strict") for name, part in found.items()}


def rows(project, name):
    with (project.data / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def selectors(project):
    """Return what each fact rests on, by its id, as the sheet has it."""
    return {
        row["fact_id"]: {part: row[part].strip() for part in ("prefix", "exact", "suffix")}
        for row in rows(project, "article/facts.csv")
    }
