"""Who made the report and how to reach them: its front matter says so, or the file on how to cite it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.system.structured import read_settings

FILE = "CITATION.cff"
#: What readers look for in a published report, in its front matter.
CREDITS = {
    "author": "who made the report",
    "contact": "an e-mail address, or the address of a page, for readers",
    "repository": "the address of its source",
}
MAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]+")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def citation(project: Project) -> dict[str, Any]:
    """Return what ``CITATION.cff`` holds; nothing where there is none.

    Raises
    ------
    Fault
        If it is not YAML.
    """
    path = project.root / FILE
    return read_settings(path, FILE) if path.is_file() else {}


def authors(head: Mapping[str, Any], cited: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the authors as schema.org has them.

    Parameters
    ----------
    head : mapping
        The page's front matter; its ``author`` is a name, or a mapping with ``name``, ``url`` and ``type``
        (``Organization`` where it is no person), or several. A name may be in parts, as Quarto has them:
        ``given``, ``family`` and particles, or ``literal``.
    cited : mapping
        What `citation` returns; counts where the page names nobody.
    """
    named = head.get("author")
    if named:
        return [_agent("Person", author) for author in (named if isinstance(named, list) else [named])]
    return _cited_authors(cited)


def read_credits(head: Mapping[str, Any], file: str) -> dict[str, Any]:
    """Return what the page prints of `CREDITS`, where given: ``authors``, ``contact`` and ``repository``.

    Parameters
    ----------
    head : mapping
        The page's front matter.
    file : str
        What a fault calls the page.

    Raises
    ------
    Fault
        If a reader could not follow the contact or the repository.
    """
    names = [author["name"] for author in authors(head, {})]
    given: dict[str, Any] = {"authors": names} if names else {}
    for name, forms in (("contact", (MAIL, ADDRESS)), ("repository", (ADDRESS,))):
        value = str(head.get(name) or "").strip()
        if value and not any(form.fullmatch(value) for form in forms):
            raise Fault(
                f"no reader can follow this {name}",
                file=file,
                column=name,
                value=value,
                remedy=f"Write {CREDITS[name]}, like https://example.org/.",
            )
        if value:
            given[name] = f"mailto:{value}" if MAIL.fullmatch(value) else value
    return given


def missing_credits(head: Mapping[str, Any]) -> list[str]:
    """Return which of `CREDITS` the front matter lacks, each with what it is for."""
    return [f"{name}: {purpose}" for name, purpose in CREDITS.items() if not head.get(name)]


def publisher(head: Mapping[str, Any], cited: Mapping[str, Any]) -> dict[str, str] | None:
    """Return who publishes: the page's ``publisher``, else the first author that is no person."""
    if named := head.get("publisher"):
        return _agent("Organization", named)
    return next((author for author in _cited_authors(cited) if author["@type"] == "Organization"), None)


def _cited_authors(cited: Mapping[str, Any]) -> list[dict[str, str]]:
    return [_of_cff(author) for author in cited.get("authors") or [] if isinstance(author, dict)]


def _agent(kind: str, author: Any) -> dict[str, str]:
    if not isinstance(author, Mapping):
        return {"@type": kind, "name": str(author)}
    name = author.get("name", "")
    if isinstance(name, Mapping) and not name.get("literal"):
        made = _person(name, ("given", "dropping-particle"), ("non-dropping-particle", "family"), "suffix")
    else:
        kind = str(author.get("type", kind))
        made = {"@type": kind, "name": str(name["literal"] if isinstance(name, Mapping) else name)}
    return made | ({"url": str(author["url"])} if author.get("url") else {})


def _of_cff(author: Mapping[str, Any]) -> dict[str, str]:
    """Return an author of a citation file: an entity has a ``name``, a person has it in parts."""
    if "name" in author:
        return _agent("Organization", {"name": author["name"], "url": author.get("website")})
    made = _person(author, ("given-names",), ("name-particle", "family-names"), "name-suffix")
    url = author.get("orcid") or author.get("website")
    return made | ({"url": str(url)} if url else {})


def _person(
    parts: Mapping[str, Any], given: Sequence[str], family: Sequence[str], suffix: str
) -> dict[str, str]:
    """Return a person whose name is in parts, of which some may be missing."""

    def joined(*names: str) -> str:
        return " ".join(str(parts[name]) for name in names if parts.get(name))

    found = {"givenName": joined(*given), "familyName": joined(*family), "honorificSuffix": joined(suffix)}
    return {"@type": "Person", "name": joined(*given, *family, suffix)} | {
        name: value for name, value in found.items() if value
    }
