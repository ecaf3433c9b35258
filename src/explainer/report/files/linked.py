"""The report for search engines and other programs: schema.org as JSON-LD, in one graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from explainer.ledger.correction_tables import LOG, RECORD
from explainer.ledger.row_counts import TALLY
from explainer.report.files import address, card, data, people

CONTEXT = "https://schema.org"
TYPES = {".csv": "text/csv", ".json": "application/json", ".topojson": "application/json"}
#: The longest description that Google's search of data sets reads.
LONGEST = 5000
#: Where the log of corrections stands if no page asks for it.
LOG_PAGE = "index.html"


def graph(
    *,
    site: Mapping[str, Any],
    head: Mapping[str, Any],
    cited: Mapping[str, Any],
    article: Mapping[str, Any],
    references: Iterable[Mapping[str, Any]],
    corrected: list[dict[str, Any]],
    package: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the graph: the report, and the data behind it.

    Parameters
    ----------
    site : mapping
        ``title``, ``description``, ``lang``, ``date``, ``modified``, ``home``, ``pages``, ``lists`` (which
        page has the sources and the corrections), ``card`` (what it shows, if there is one).
    head : mapping
        The front matter of ``index.qmd``.
    cited : mapping
        What ``CITATION.cff`` says.
    article : mapping
        The row of the article.
    references : iterable of mapping
        The sources that the pages cite, as CSL.
    corrected : list of dict
        As `explainer.ledger.correction_log.entries` returns them.
    package : mapping
        The data package.
    """
    home = site["home"]
    place = address.absolute(home, "")
    common: dict[str, Any] = {
        "author": people.authors(head, cited),
        "publisher": people.publisher(head, cited),
        "license": next((entry["path"] for entry in package.get("licenses", []) if entry.get("path")), None),
        "keywords": list(head.get("keywords") or cited.get("keywords") or package.get("keywords") or []),
    }
    days = [day for day in (site["modified"], _day(head.get("date-modified"))) if day]
    card_url = address.absolute(home, card.FILE)
    report = _node(
        "Report",
        f"{place}#report",
        url=home,
        mainEntityOfPage=home,
        headline=site["title"],
        description=site["description"],
        inLanguage=site["lang"],
        datePublished=site["date"],
        dateModified=max(days, default=None),
        **common,
        isAccessibleForFree=True,
        image=_node("ImageObject", url=card_url, width=card.WIDTH, height=card.HEIGHT)
        if site["card"]
        else None,
        encoding=_pdf(home, site["pages"][0]),
        isBasedOn=_article(article),
        citation=[
            _source(item, _place(home, site["lists"].get("refs"), f"ref-{item['id']}")) for item in references
        ],
        correction=[
            _node(
                "CorrectionComment",
                url=_place(home, site["lists"].get("corrections") or LOG_PAGE, entry["id"]),
                datePublished=entry["date"],
                text=f"{entry['because']} {entry['what']}",
            )
            for entry in reversed(corrected)
        ],
        hasPart=[{"@id": f"{place}#data"}, *(_page(home, page) for page in site["pages"][1:])],
    )
    dataset = _node(
        "Dataset",
        f"{place}#data",
        name=package.get("title") or package.get("name"),
        description=str(package.get("description") or site["description"])[:LONGEST],
        url=f"{home}#data" if home else None,
        version=package.get("version"),
        inLanguage=site["lang"],
        datePublished=site["date"],
        creator=common["author"] or common["publisher"],
        publisher=common["publisher"],
        license=common["license"],
        keywords=common["keywords"],
        isAccessibleForFree=True,
        isPartOf={"@id": report["@id"]},
        variableMeasured=_variables(package),
        distribution=_downloads(home, package, common["license"]),
    )
    return {"@context": CONTEXT, "@graph": [report, dataset]}


def _page(home: str | None, page: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page of the report other than the first."""
    return _node(
        "WebPage",
        name=page["title"],
        description=page["description"],
        url=address.of_page(home, page["address"]),
        datePublished=page["date"],
        encoding=_pdf(home, page),
    )


def _pdf(home: str | None, page: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the PDF of a page, if it has one."""
    if page["pdf"] is None:
        return None
    url = address.absolute(home, page["pdf"])
    return _node("MediaObject", contentUrl=url, encodingFormat="application/pdf")


def _article(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the article that the report is about."""
    author, outlet = row.get("author"), row.get("outlet")
    return _node(
        "NewsArticle",
        headline=row.get("headline"),
        url=row.get("url"),
        datePublished=_day(row.get("dateline")),
        author=_node("Person", name=author) if author else None,
        publisher=_node("Organization", name=outlet) if outlet else None,
    )


def _place(home: str | None, page: str | None, anchor: str) -> str | None:
    """Return the address of a place on a page, where the report's own is known and there is such a page."""
    return f"{address.of_page(home, page)}#{quote(anchor)}" if home and page else None


def _source(item: Mapping[str, Any], place: str | None) -> dict[str, Any]:
    """Return a source that the page cites, named by its place in the list of sources."""
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    return _node(
        "CreativeWork",
        place,
        name=item["title"],
        url=item.get("URL"),
        datePublished="-".join(f"{part:02d}" for part in parts),
        publisher=_node("Organization", name=item["container-title"]),
    )


def _downloads(home: str | None, package: Mapping[str, Any], common: str | None) -> list[dict[str, Any]]:
    """Return the files of the data package, each with its licenses where they are not those of the whole."""
    files: list[tuple[str, str, str | None, list[str | None]]] = [
        ("The data package", "datapackage.json", "application/json", [common])
    ]
    for resource in package["resources"]:
        if resource["name"] != TALLY:  # that they are all there says nothing of its own
            path = resource["path"]
            kind = resource.get("mediatype") or TYPES.get(PurePosixPath(path).suffix)
            licenses = [entry["path"] for entry in resource.get("licenses", []) if entry.get("path")]
            files.append((resource.get("title") or resource["name"], path, kind, licenses))
    return [
        _node(
            "DataDownload",
            name=name,
            contentUrl=address.absolute(home, data.address_of(path)),
            encodingFormat=kind,
            license=licenses if licenses != [common] else None,
        )
        for name, path, kind, licenses in files
    ]


def _variables(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the tables measure: their columns of numbers, each heading once."""
    variables: dict[str, dict[str, Any]] = {}
    for resource in package["resources"]:
        if resource["name"] in (LOG, RECORD, TALLY):
            continue  # they count what was done to the report
        schema = resource.get("schema", {})
        for field in schema.get("fields", []):
            name = field.get("title") or field["name"]
            if field["type"] in ("integer", "number") and field["name"] not in schema.get("primaryKey", []):
                variables.setdefault(
                    name, _node("PropertyValue", name=name, description=field.get("description"))
                )
    return list(variables.values())


def _day(value: Any) -> str | None:
    """Return a day in ISO form, or None if there is none."""
    try:
        return date.fromisoformat(str(value)[:10]).isoformat()
    except ValueError:
        return None


def _node(kind: str, node_id: str | None = None, **properties: Any) -> dict[str, Any]:
    """Return a node without what is not known."""
    node = {"@type": kind, "@id": node_id, **properties}
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}
