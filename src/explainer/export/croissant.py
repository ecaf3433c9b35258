"""The tables as Croissant describes data sets: https://docs.mlcommons.org/croissant."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from explainer.export import names
from explainer.export.about import About
from explainer.export.tables import Column, Table
from explainer.report.files import address

FILE = "croissant.json"
TYPES = {
    "text": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
#: What the version 1.0 of the standard has each file begin with.
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(about: About, tables: list[Table], files: Mapping[str, bytes], folder: str) -> dict[str, Any]:
    """Return the content of ``croissant.json``.

    Parameters
    ----------
    about : About
        What is said of the whole.
    tables : list of Table
        All tables of a project.
    files : mapping of str to bytes
        Their files, by their path from the data folder.
    folder : str
        Where the files stand in the report; addresses are full where the report's is known.
    """
    place = address.absolute(about.home, f"{folder}/") if about.home else ""
    ids = _ids(tables)
    whole = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.name,
        "description": about.description,
        "citeAs": about.citation,
        "license": [one["path"] for one in about.licenses if one.get("path")],
        "url": f"{place}index.html" if place else None,
        "creator": about.authors,
        "publisher": about.publisher,
        "datePublished": about.created,
        "keywords": about.keywords,
        "version": about.package.get("version"),
        "distribution": [_file(table, ids[table.name], files[table.path], place) for table in tables],
        "recordSet": [_records(table, ids) for table in tables],
    }
    return {key: value for key, value in whole.items() if value}


def _ids(tables: list[Table]) -> dict[str, str]:
    return names.unique((table.name for table in tables), names.for_file)


def _file(table: Table, name: str, content: bytes, place: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": f"{name}.csv",
        "name": table.title,
        "description": table.description,
        "contentUrl": address.absolute(place, table.path),
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _records(table: Table, ids: Mapping[str, str]) -> dict[str, Any]:
    name = ids[table.name]
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{table.title}. {table.description}",
    }
    if table.key:
        records["key"] = [{"@id": f"{name}/{column}"} for column in table.key]
    # Without references between tables: programs join along them, and drop each row that refers to none.
    records["field"] = [_field(column, name) for column in table.columns]
    return records


def _field(column: Column, name: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{name}/{column.name}",
        "name": column.name,
        "description": f"{column.title}. {column.description}",
        "dataType": TYPES[column.kind],
        "source": {"fileObject": {"@id": f"{name}.csv"}, "extract": {"column": column.name}},
    }
