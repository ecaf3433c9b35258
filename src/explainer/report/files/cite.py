"""How to cite the report: in one line, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

BIBTEX, CSL = "cite.bib", "cite.json"
#: What has a meaning in BibTeX, and how it is written where it has none.
SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
}  # fmt: skip
#: BibTeX counts braces, those behind a backslash too: where they do not pair, they need names, which fewer
#: programs know.
UNPAIRED = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
#: What would end a part of a name.
BREAKS_NAME = re.compile(r",|\band\b", re.IGNORECASE)


def item(site: Mapping[str, Any], authors: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return the report as a CSL item.

    Parameters
    ----------
    site : mapping
        ``title``, ``lang``, ``date`` (an ISO date or None) and ``home`` (its address or None).
    authors : sequence of mapping
        As schema.org has them. A name counts as a whole where its parts are not given: nobody can tell from
        “Ann Le Guin” which of them is the family's.
    """
    entry: dict[str, Any] = {"id": _key(site), "type": "report", "title": site["title"]}
    if authors:
        entry["author"] = [_name(author) for author in authors]
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
    names = "; ".join(_in_line(author) for author in entry.get("author", []))
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
        fields["author"] = " and ".join(_in_bibtex(one) for one in entry["author"])
    if "issued" in entry:
        year, month, day = entry["issued"]["date-parts"][0]
        fields |= {"year": str(year), "date": f"{year:04}-{month:02}-{day:02}"}
    if "URL" in entry:
        # Not escaped, as BibTeX has addresses; what would end the field is percent-encoded.
        fields["url"] = re.sub(r"[{}\\]", lambda letter: quote(letter[0]), entry["URL"])
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{entry['id']},\n{body}}}\n"


def _name(author: Mapping[str, str]) -> dict[str, str]:
    """Return an author as CSL has names: in parts, or as a whole."""
    parts = {"family": "familyName", "given": "givenName", "suffix": "honorificSuffix"}
    if "familyName" not in author:
        return {"literal": author["name"]}
    return {name: author[key] for name, key in parts.items() if key in author}


def _in_line(name: Mapping[str, str]) -> str:
    return name.get("literal") or " ".join(
        name[part] for part in ("given", "family", "suffix") if part in name
    )


def _in_bibtex(name: Mapping[str, str]) -> str:
    """Return a name for BibTeX, which takes small words before a family's name for particles."""
    if "literal" in name:
        return f"{{{_escape(name['literal'])}}}"
    kinds = ("family", "suffix", "given") if "suffix" in name else ("family", "given")
    parts = [_escape(name.get(kind, "")) for kind in kinds]
    return ", ".join(f"{{{part}}}" if BREAKS_NAME.search(part) else part for part in parts)


def _escape(text: str) -> str:
    outside = text
    while (inner := re.sub(r"\{[^{}]*\}", "", outside)) != outside:
        outside = inner
    special = SPECIAL | UNPAIRED if set(outside) & set("{}") else SPECIAL
    return "".join(special.get(letter, letter) for letter in " ".join(text.split()))


def _key(site: Mapping[str, Any]) -> str:
    """Return a key of plain letters: the longer words that begin the title, and the year."""
    plain = unicodedata.normalize("NFKD", site["title"]).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if len(word) > 2]
    return "-".join([*words[:4], *([site["date"][:4]] if site["date"] else [])]) or "report"
