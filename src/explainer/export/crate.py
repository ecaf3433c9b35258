"""The files as an RO-Crate: https://w3id.org/ro/crate."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from explainer.export.about import About, media_type

FILE = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.1"


def crate(about: About, files: Mapping[str, bytes], titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of ``ro-crate-metadata.json``.

    Parameters
    ----------
    about : About
        What is said of the whole.
    files : mapping of str to bytes
        All files of the crate, by their path from it.
    titles : mapping of str to str
        What people call them, by path, where they have a name.
    """
    licenses = [_license(license) for license in about.licenses]
    agents = [_agent(agent, number) for number, agent in enumerate(about.authors, start=1)]
    parts = [_file(path, files[path], titles.get(path)) for path in sorted(files)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": about.description,
        "datePublished": about.day,
        "license": _references(licenses),
        "author": _references(agents),
        "keywords": ", ".join(about.keywords),
        "url": about.home,
        "version": about.package.get("version"),
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    itself = {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": {"@id": VERSION},
        "about": {"@id": "./"},
    }
    entities = [itself, root, *licenses, *agents, *parts]
    graph = [{key: value for key, value in entity.items() if value} for entity in entities]
    return {"@context": f"{VERSION}/context", "@graph": graph}


def _license(license: Mapping[str, str]) -> dict[str, Any]:
    name = license.get("title") or license.get("name")
    identifier = license.get("path") or f"#{quote(str(license.get('name')))}"
    return {"@id": identifier, "@type": "CreativeWork", "name": name}


def _agent(agent: Mapping[str, str], number: int) -> dict[str, Any]:
    identifier = agent.get("url") or f"#author-{number}"
    return {"@id": identifier, "@type": agent["@type"], "name": agent["name"]}


def _file(path: str, content: bytes, title: str | None) -> dict[str, Any]:
    return {
        "@id": quote(path),
        "@type": "File",
        "name": title or path,
        "encodingFormat": media_type(path),
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _references(entities: list[dict[str, Any]]) -> Any:
    """Return references to entities: one alone, several as a list."""
    references = [{"@id": entity["@id"]} for entity in entities]
    return references[0] if len(references) == 1 else references
