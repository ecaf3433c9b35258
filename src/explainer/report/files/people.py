"""Who made the report: from its front matter, else from the file that says how to cite the project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explainer.system.project import Project
from explainer.system.structured import read_settings

FILE = "CITATION.cff"


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
        The page's front matter; its ``author`` is a name, or a mapping with ``name`` and ``url``, or several.
    cited : mapping
        What `citation` returns; counts where the page names nobody.
    """
    named = head.get("author")
    if named:
        return [_agent("Person", author) for author in (named if isinstance(named, list) else [named])]
    return _cited_authors(cited)


def publisher(head: Mapping[str, Any], cited: Mapping[str, Any]) -> dict[str, str] | None:
    """Return who publishes: the page's ``publisher``, else the first author that is no person."""
    if named := head.get("publisher"):
        return _agent("Organization", named)
    return next((author for author in _cited_authors(cited) if author["@type"] == "Organization"), None)


def _cited_authors(cited: Mapping[str, Any]) -> list[dict[str, str]]:
    return [_of_cff(author) for author in cited.get("authors") or [] if isinstance(author, dict)]


def _agent(kind: str, author: Any) -> dict[str, str]:
    if isinstance(author, Mapping):
        url = {"url": str(author["url"])} if author.get("url") else {}
        return {"@type": kind, "name": str(author.get("name", "")), **url}
    return {"@type": kind, "name": str(author)}


def _of_cff(author: Mapping[str, Any]) -> dict[str, str]:
    """Return an author of a citation file: an entity has a ``name``, a person has it in parts."""
    if "name" in author:
        return _agent("Organization", {"name": author["name"], "url": author.get("website")})
    parts = ("given-names", "name-particle", "family-names", "name-suffix")
    name = " ".join(str(author[part]) for part in parts if author.get(part))
    return _agent("Person", {"name": name, "url": author.get("orcid") or author.get("website")})
