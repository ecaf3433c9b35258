"""What is said of the data as a whole, and its description as it is published."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from explainer.export.tables import one_line
from explainer.report.files import address, people
from explainer.report.pages import day_of, read_pages
from explainer.system.project import Project

#: Media types by the ending of a file.
MEDIA = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".topojson": "application/json",
    ".geojson": "application/geo+json",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
    ".txt": "text/plain",
}


@dataclass(frozen=True)
class About:
    """Who made the data, when, and where it is published.

    Parameters
    ----------
    package : dict
        The description of the data package.
    day : str or None
        The report's own day, as an ISO date.
    home : str or None
        The address of the report.
    authors : list of dict
        As schema.org has them.
    publisher : dict or None
        The same.
    keywords : list of str
        What it is about.
    """

    package: Mapping[str, Any]
    day: str | None
    home: str | None
    authors: list[dict[str, str]]
    publisher: dict[str, str] | None
    keywords: list[str]

    @property
    def name(self) -> str:
        """The name of the data package."""
        return str(self.package.get("name") or "data")

    @property
    def title(self) -> str:
        """What people call it."""
        return one_line(self.package.get("title") or self.name)

    @property
    def description(self) -> str:
        """What it holds."""
        return one_line(self.package.get("description") or self.title)

    @property
    def licenses(self) -> list[dict[str, str]]:
        """The licenses of the whole."""
        return list(self.package.get("licenses") or [])

    @property
    def citation(self) -> str:
        """How to cite it in one line."""
        names = ", ".join(author["name"] for author in self.authors)
        year = f" ({self.day[:4]})" if self.day else ""
        return " ".join(
            filter(None, [f"{names}{year}: {self.title}." if names else f"{self.title}{year}.", self.home])
        )

    @property
    def created(self) -> str | None:
        """When it was made: SOURCE_DATE_EPOCH, else the report's day; a clock would change every build."""
        if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
            return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.day}T00:00:00Z" if self.day else None


def read(project: Project, package: Mapping[str, Any]) -> About:
    """Return what page and citation file say of the data.

    Raises
    ------
    Fault
        If the page's front matter or the citation file cannot be read.
    """
    page, cited = read_pages(project)[0], people.citation(project)
    head = page.head
    return About(
        package=package,
        day=day_of(page),
        home=address.home(head, page.file),
        authors=people.authors(head, cited),
        publisher=people.publisher(head, cited),
        keywords=[
            str(word)
            for word in head.get("keywords") or cited.get("keywords") or package.get("keywords") or []
        ],
    )


def described(about: About, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the description of the data package with what is known once it is published.

    That is who made it, when and where, and for each file its length and its checksum.

    Parameters
    ----------
    about : About
        What is said of the whole.
    files : mapping of str to bytes
        The files that it describes, by their path from it.
    """
    resources = []
    for resource in about.package["resources"]:
        content = files.get(resource["path"])
        measured = {} if content is None else {"bytes": len(content), "hash": checksum(content)}
        resources.append(resource | measured)
    people_named = [
        {key: value for key, value in (("title", one["name"]), ("path", one.get("url"))) if value}
        for one in about.authors
    ]
    known = {
        "homepage": about.home,
        "created": about.created,
        "keywords": about.keywords,
        "contributors": [person | {"roles": ["author"]} for person in people_named],
    }
    own = {key: value for key, value in about.package.items() if key != "resources"}
    new = {key: value for key, value in known.items() if value and key not in own}
    return {**own, **new, "resources": resources}


def indexable(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return a description of the tables alone, for ``frictionless index``.

    It stops at a resource that is no table, and at a blank cell in a column that has a pattern.
    """
    return {**description, "resources": [_plain(one) for one in description["resources"] if "schema" in one]}


def _plain(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a table's description without the patterns of columns that may be blank."""
    fields = []
    for field in resource["schema"]["fields"]:
        limits = field.get("constraints", {})
        if "pattern" in limits and not limits.get("required"):
            limits = {key: value for key, value in limits.items() if key != "pattern"}
            field = {**field, "constraints": limits}
        fields.append(field)
    return {**resource, "schema": {**resource["schema"], "fields": fields}}


def checksum(content: bytes) -> str:
    """Return a checksum as Data Package writes it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def media_type(path: str) -> str | None:
    """Return what kind of file it is, as far as its name tells."""
    return MEDIA.get(PurePosixPath(path).suffix.lower())
