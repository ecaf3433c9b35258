"""The data for search engines: schema.org as JSON-LD, on the pages of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from explainer.export import crate, croissant
from explainer.export.about import About, media_type
from explainer.export.tables import Table
from explainer.report.files import address, data

CONTEXT = "https://schema.org"
#: The shortest and the longest description that Google's search of data sets reads.
SHORTEST, LONGEST = 50, 5000


@dataclass(frozen=True)
class Download:
    """A file to take away: what it is called, and its path from the data folder."""

    title: str
    path: str
    note: str = ""


#: What describes the data to other programs.
DESCRIBED = (
    Download("Data Package", "datapackage.json", "every table with the meaning of its columns"),
    Download("Datasette", "metadata.json", "goes with the SQLite file"),
    Download("Croissant", croissant.FILE),
    Download("RO-Crate", crate.FILE),
    Download("Checksums", "SHA256SUMS"),
)


def whole(stem: str) -> list[Download]:
    """Return the files that hold all tables.

    Parameters
    ----------
    stem : str
        Their name without an ending.
    """
    return [
        Download("Zip", f"{stem}.zip", "all tables as CSV, with what their columns mean"),
        Download("SQLite", f"{stem}.sqlite", "all tables with their keys"),
        Download("Excel", f"{stem}.xlsx", "a sheet for each table; text stays text"),
    ]


def of_all(about: About, files: Mapping[str, bytes], stem: str) -> dict[str, Any]:
    """Return the data as a whole.

    Parameters
    ----------
    about : About
        What is said of it.
    files : mapping of str to bytes
        All files to take away, by path from the data folder.
    stem : str
        The name of those that hold all tables.
    """
    downloads = [one for one in whole(stem) if one.path in files]
    return {
        "@context": CONTEXT,
        **_dataset(about, about.title, about.description, data.address_of(""), downloads),
        "license": [one["path"] for one in about.licenses if one.get("path")],
    }


def of_table(about: About, table: Table, page: str, downloads: Iterable[Download]) -> dict[str, Any]:
    """Return one table as a part of the data.

    Parameters
    ----------
    about : About
        What is said of the whole.
    table : Table
        The table.
    page : str
        Its page, from the data folder.
    downloads : iterable of Download
        Its files.
    """
    described = f"{table.title}. {table.description}"
    if len(described) < SHORTEST:
        described = f"{described} A table of: {about.title}."
    licenses = table.source.resource.get("licenses") or about.licenses
    node = {
        **_dataset(about, table.title, described, data.address_of(page), downloads),
        "license": [one["path"] for one in licenses if one.get("path")],
        "isPartOf": {"@type": "Dataset", "name": about.title},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": column.description or column.title}
            for column in table.columns
        ],
    }
    return {"@context": CONTEXT, **node}


def _dataset(
    about: About, title: str, description: str, path: str, downloads: Iterable[Download]
) -> dict[str, Any]:
    node = {
        "@type": "Dataset",
        "name": title,
        "description": description[:LONGEST],
        "url": address.absolute(about.home, path) if about.home else None,
        "creator": about.authors,
        "publisher": about.publisher,
        "dateCreated": about.day,
        "keywords": about.keywords,
        "isAccessibleForFree": True,
        "distribution": [
            {
                "@type": "DataDownload",
                "name": one.title,
                "contentUrl": address.absolute(about.home, data.address_of(one.path))
                if about.home
                else one.path,
                **({"encodingFormat": kind} if (kind := media_type(one.path)) else {}),
            }
            for one in downloads
        ],
    }
    return {key: value for key, value in node.items() if value}
