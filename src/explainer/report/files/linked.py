"""The report for search engines and other programs: schema.org as JSON-LD, in one graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from explainer.ledger.correction_tables import LOG, RECORD
from explainer.ledger.row_counts import TALLY
from explainer.report.files import address, card, data, people

CONTEXT = "https://schema.org"
TYPES = {"csv": "text/csv", "json": "application/json", "topojson": "application/json"}
LONGEST = 5000


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
        ``title``, ``description``, ``lang``, ``date``, ``modified``, ``home``, ``pdf`` and ``card`` (whether
        there is one).
    head : mapping
        The page's front matter.
    cited : mapping
        What ``CITATION.cff`` says.
    article : mapping
        The row of the article.
    references : iterable of mapping
        The sources that the page cites, as CSL.
    corrected : list of dict
        As `explainer.ledger.entries` returns them.
    package : mapping
        The data package.
    """
    common = _common(head, cited, package)
    report = _report(site, common, _article(article), references, corrected, head)
    return {"@context": CONTEXT, "@graph": [report, _dataset(site, common, package, report["@id"])]}


def _common(head: Mapping[str, Any], cited: Mapping[str, Any], package: Mapping[str, Any]) -> dict[str, Any]:
    """Return what holds of the report and of its data."""
    return {
        "author": people.authors(head, cited),
        "publisher": people.publisher(head, cited),
        "license": next((one["path"] for one in package.get("licenses", []) if one.get("path")), None),
        "keywords": list(head.get("keywords") or cited.get("keywords") or package.get("keywords") or []),
    }


def _report(
    site: Mapping[str, Any],
    common: Mapping[str, Any],
    article: Mapping[str, Any],
    references: Iterable[Mapping[str, Any]],
    corrected: list[dict[str, Any]],
    head: Mapping[str, Any],
) -> dict[str, Any]:
    home = site["home"]
    days = [day for day in (site["modified"], _day(head.get("date-modified"))) if day]
    return _node(
        "Report",
        node_id=address.absolute(home, "") + "#report",
        url=home,
        mainEntityOfPage=home,
        headline=site["title"],
        description=site["description"],
        inLanguage=site["lang"],
        datePublished=site["date"],
        dateModified=max(days, default=None),
        **common,
        isAccessibleForFree=True,
        image=_image(home) if site["card"] else None,
        encoding=_node(
            "MediaObject", contentUrl=address.absolute(home, site["pdf"]), encodingFormat="application/pdf"
        ),
        isBasedOn=article,
        citation=[_work(item) for item in references],
        correction=[_correction(entry) for entry in reversed(corrected)],
        hasPart={"@id": address.absolute(home, "") + "#data"},
    )


def _correction(entry: Mapping[str, Any]) -> dict[str, Any]:
    text = f"{entry['what']} {entry['because']}"
    return _node("CorrectionComment", datePublished=entry["date"], text=text)


def _image(home: str | None) -> dict[str, Any]:
    url = address.absolute(home, card.FILE)
    return _node("ImageObject", url=url, width=card.WIDTH, height=card.HEIGHT)


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


def _work(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source that the page cites."""
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    day = "-".join(f"{part:02d}" for part in parts) or None
    outlet = _node("Organization", name=item["container-title"])
    return _node(
        "CreativeWork",
        name=item["title"],
        url=item.get("URL"),
        datePublished=day,
        publisher=outlet,
    )


def _dataset(
    site: Mapping[str, Any], common: Mapping[str, Any], package: Mapping[str, Any], report: str
) -> dict[str, Any]:
    home = site["home"]
    author = common["author"]
    return _node(
        "Dataset",
        node_id=address.absolute(home, "") + "#data",
        name=package.get("title") or package.get("name"),
        description=str(package.get("description") or site["description"])[:LONGEST],
        url=f"{home}#data" if home else None,
        version=package.get("version"),
        inLanguage=site["lang"],
        datePublished=site["date"],
        creator=author or common["publisher"],
        publisher=common["publisher"],
        license=common["license"],
        keywords=common["keywords"],
        isAccessibleForFree=True,
        isPartOf={"@id": report},
        variableMeasured=_variables(package),
        distribution=[
            _download(home, "datapackage.json", "application/json", "The data package"),
            *(
                _download(
                    home,
                    resource["path"],
                    resource.get("mediatype") or _type(resource["path"]),
                    resource.get("title") or resource["name"],
                    _licences(resource, common["license"]),
                )
                for resource in package["resources"]
                if resource["name"] != TALLY  # that they are all there says nothing of its own
            ),
        ],
    )


def _download(
    home: str | None, path: str, kind: str | None, name: str, licences: list[str] | None = None
) -> dict[str, Any]:
    return _node(
        "DataDownload",
        name=name,
        contentUrl=address.absolute(home, data.address_of(path)),
        encodingFormat=kind,
        license=licences,
    )


def _licences(resource: Mapping[str, Any], common: str | None) -> list[str] | None:
    """Return the licences of one file where they are not those of the whole."""
    links = [licence["path"] for licence in resource.get("licenses", []) if licence.get("path")]
    return None if links == [common] else links


def _type(path: str) -> str | None:
    return TYPES.get(path.rpartition(".")[2])


def _variables(package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the tables measure: their columns of numbers, each heading once."""
    found: dict[str, dict[str, Any]] = {}
    for resource in package["resources"]:
        if resource["name"] in (LOG, RECORD, TALLY):
            continue  # they count what was done to the report
        schema = resource.get("schema", {})
        key = schema.get("primaryKey", [])
        for field in schema.get("fields", []):
            name = field.get("title") or field["name"]
            if field["type"] not in ("integer", "number") or field["name"] in key or name in found:
                continue
            found[name] = _node("PropertyValue", name=name, description=field.get("description"))
    return list(found.values())


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
