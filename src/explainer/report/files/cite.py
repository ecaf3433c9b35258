"""How to cite the report: in one line, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

BIBTEX, CSL = "cite.bib", "cite.json"
#: What has a meaning in BibTeX, and how it is written where it has none.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_"},
}  # fmt: skip


def item(site: Mapping[str, Any], authors: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return the report as a CSL item.

    Parameters
    ----------
    site : mapping
        ``title``, ``lang``, ``date`` (an ISO date or None) and ``home`` (its address or None).
    authors : sequence of mapping
        As schema.org has them. Their names are whole: a page does not say which part is the family's.
    """
    entry: dict[str, Any] = {"id": _key(site), "type": "report", "title": site["title"]}
    if authors:
        entry["author"] = [{"literal": author["name"]} for author in authors]
    if site["date"]:
        entry["issued"] = {"date-parts": [[int(part) for part in site["date"].split("-")]]}
    if site["home"]:
        entry["URL"] = site["home"]
    return entry | {"language": site["lang"]}


def line(entry: Mapping[str, Any]) -> str:
    """Return a CSL item as a reader would copy it, without its address.

    Examples
    --------
    >>> line({"title": "The fair", "author": [{"literal": "Ann"}], "issued": {"date-parts": [[2031, 5, 9]]}})
    'Ann (2031). The fair.'
    """
    names = "; ".join(author["literal"] for author in entry.get("author", []))
    year = f"({entry['issued']['date-parts'][0][0]})" if "issued" in entry else ""
    who = " ".join(part for part in (names, year) if part)
    title = entry["title"] if entry["title"][-1:] in "?!." else f"{entry['title']}."
    return f"{who}. {title}" if who else title


def files(entry: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a CSL item by their path in the report."""
    return {
        BIBTEX: bibtex(entry).encode(),
        CSL: (json.dumps([entry], ensure_ascii=False, indent=1) + "\n").encode(),
    }


def bibtex(entry: Mapping[str, Any]) -> str:
    """Return a CSL item as an entry of BibTeX."""
    # In braces of their own, so that a title keeps its capitals and an organization is no family name.
    fields = {"title": f"{{{_escape(entry['title'])}}}"}
    if "author" in entry:
        fields["author"] = " and ".join(f"{{{_escape(one['literal'])}}}" for one in entry["author"])
    if "issued" in entry:
        year, month, day = entry["issued"]["date-parts"][0]
        fields |= {"year": str(year), "date": f"{year:04}-{month:02}-{day:02}"}
    if "URL" in entry:
        fields["url"] = entry["URL"]
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{entry['id']},\n{body}}}\n"


def _escape(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _key(site: Mapping[str, Any]) -> str:
    """Return a key of plain letters: the longer words that begin the title, and the year."""
    words = [word for word in re.findall(r"[a-z0-9]+", site["title"].lower()) if len(word) > 2]
    return "-".join([*words[:4], *([site["date"][:4]] if site["date"] else [])]) or "report"
