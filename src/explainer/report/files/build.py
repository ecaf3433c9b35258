"""What goes out beside the pages but the data: made before an engine starts, copied when it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from explainer.data.package import DataPackage, load
from explainer.evidence import citations
from explainer.evidence.annotations import FILE as ANNOTATIONS
from explainer.evidence.annotations import to_json
from explainer.report.files import address, card, charts, cite, embed, head, linked, people, vega
from explainer.report.files.charts import sentence
from explainer.system.cache import Cache
from explainer.system.project import Project

ICON = "icon.svg"


def build(
    project: Project,
    site: Mapping[str, Any],
    front: Mapping[str, Any],
    entries: dict[str, dict[str, Any]],
    cache: Cache,
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return what the pages have to know of the files beside them, and each file by its path in the report.

    Parameters
    ----------
    project : Project
        With its figures collected.
    site : mapping
        What `explainer.report.site.describe_report` returns, and ``embed_css``.
    front : mapping
        The front matter of ``index.qmd``.
    entries : dict
        As ``figures.json`` has them; each is given ``downloads``, and a chart its ``embed_code``.
    cache : Cache
        Pictures of earlier builds.
    """
    home = address.home(front, project.relative(project.index))
    site = {**site, "home": home}
    outlets = citations.named(project)
    files: dict[str, bytes] = {}
    for label, downloads in charts.write(project, entries, outlets, site["title"], home, cache).items():
        entry = entries[label]
        if entry["kind"] == "fig":
            text = embed.page(project, entry, outlets, site)
            downloads["embed"] = (embed.path(label), text.encode())
            drawing = (project.root / entry["files"]["page"]).read_text(encoding="utf-8")
            entry["embed_code"] = embed.code(entry, drawing, home)
        entry["downloads"] = {
            kind: {"path": path, "bytes": len(content)} for kind, (path, content) in downloads.items()
        }
        files |= dict(downloads.values())
    script = vega.script(cache).encode()
    files[vega.FILE] = script
    for name, path in ((ICON, ICON), (Path(vega.LICENSE).name, vega.LICENSE)):
        files[path] = project.theme_file(name).read_bytes()
    on_index = [label for label, place in site["shown"].items() if place["page"] == "index.html"]
    shown = card.choose(project, front, on_index, entries)
    if shown is not None:
        files[card.FILE] = card.draw(project, entries[shown], site["title"], cache)
    # What the picture beside a shared link shows.
    site["card"] = f"{sentence(entries[shown]['takeaway'])} {entries[shown]['alt']}" if shown else ""
    cited, package = people.citation(project), DataPackage(project).descriptor
    graph = linked.graph(
        site=site,
        head=front,
        cited=cited,
        article=_article(project),
        references=[item for item in citations.collect(project) if item["id"] in site["cited"]],
        corrected=site["corrections"],
        package=package,
    )
    changed = graph["@graph"][0].get("dateModified")
    files[ANNOTATIONS] = to_json(project, home).encode()
    itself = cite.item(site, people.authors(front, cited))
    files |= cite.files(itself)
    known = {
        "home": home,
        "credits": people.read_credits(front, project.relative(project.index)),
        "missing": people.missing_credits(front),
        "cite": {"line": cite.line(itself), "url": home, "bibtex": cite.BIBTEX, "csl": cite.CSL},
        "licenses": _licenses(package),
        "card": site["card"],
        "heads": _heads(site, changed),
        "linked": _linked(graph, [page["address"] for page in site["pages"]]),
        "vega": {"path": vega.FILE, "bytes": len(script)},
        "embeds": [embed.path(label) for label, entry in entries.items() if entry["kind"] == "fig"],
    }
    return known, files


def _heads(site: Mapping[str, Any], changed: str | None) -> dict[str, str]:
    """Return what stands in the head of each page and notebook, by its address."""
    heads = {page["address"]: head.tags(site, page, changed) for page in site["pages"]}
    for notebook in site["notebooks"]:
        page = {**notebook, "address": notebook["page"], "title": f"{notebook['title']} – {site['title']}"}
        heads[notebook["page"]] = head.tags(site, page)
    return heads


def _licenses(package: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the title and the address of each license that readers can follow."""
    return [
        {"title": one.get("title") or one.get("name"), "href": one["path"]}
        for one in package.get("licenses") or []
        if address.is_web(one.get("path"))
    ]


def _linked(graph: dict[str, Any], pages: list[str]) -> dict[str, str]:
    """Return the linked data of each page: sources and tables stand on the second, where there is one."""
    report, *others = graph["@graph"]
    if len(pages) == 1:
        return {pages[0]: head.script(graph)}
    sources = {key: report[key] for key in ("@type", "@id", "citation") if key in report}
    first = {key: value for key, value in report.items() if key != "citation"}
    nodes = {pages[0]: [first], pages[1]: [sources, *others]}
    return {page: head.script({**graph, "@graph": own}) for page, own in nodes.items()}


def _article(project: Project) -> dict[str, str]:
    """Return the row of the article, blank where it has nothing."""
    row = load("article", project).astype("string").fillna("").iloc[0]
    return {str(column): value for column, value in row.items()}
