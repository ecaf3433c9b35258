"""Everything that goes out beside the pages: made before an engine starts, copied when it has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from explainer.data.package import load
from explainer.evidence import citations
from explainer.report.files import address, card, charts, data, embed, head, linked, people, vega
from explainer.report.files.cache import Cache
from explainer.system.files import write_bytes
from explainer.system.project import Project

ICON = "icon.svg"


def folder(project: Project) -> Path:
    """Return where the files wait, laid out as in the report."""
    return project.build / "files"


def build(
    project: Project,
    site: Mapping[str, Any],
    front: Mapping[str, Any],
    entries: dict[str, dict[str, Any]],
    say: Callable[[str], Any] = print,
) -> dict[str, Any]:
    """Make every file, and return what the pages have to know of them.

    Parameters
    ----------
    project : Project
        With its figures collected.
    site : mapping
        ``title``, ``description``, ``lang``, ``date``, ``pdf``, ``embedded``, ``cited`` and ``embed_css``.
    front : mapping
        The page's front matter.
    entries : dict
        As ``figures.json`` has them; each is given ``downloads``, and a chart its ``embed_code``.
    say : callable
        Told what is missing.
    """
    home = address.home(front, project.relative(project.index))
    if home is None:
        say(address.MISSING)
    site = {**site, "home": home}
    outlets = citations.named(project)
    cache = Cache(project)
    found: dict[str, bytes] = {}
    for label, files in charts.write(project, entries, outlets, site["title"], home, cache).items():
        entry = entries[label]
        if entry["kind"] == "fig":
            text = embed.page(project, entry, outlets, site, label in site["embedded"])
            files["embed"] = (embed.path(label), text.encode())
            drawing = (project.root / entry["files"]["page"]).read_text(encoding="utf-8")
            entry["embed_code"] = embed.code(entry, drawing, home)
        entry["downloads"] = {
            kind: {"path": path, "bytes": len(content)} for kind, (path, content) in files.items()
        }
        found |= dict(files.values())
    script = vega.script(cache).encode()
    package = data.description(project)
    found |= {vega.FILE: script, **data.files(project, package)}
    for name, path in ((ICON, ICON), (Path(vega.LICENCE).name, vega.LICENCE)):
        found[path] = project.theme_file(name).read_bytes()
    label = card.choose(project, front, site["embedded"], entries)
    if label is not None:
        found[card.FILE] = card.draw(project, entries[label], site["title"], cache)
    graph = linked.graph(
        site={**site, "card": label is not None},
        head=front,
        cited=people.citation(project),
        article=load("article", project).astype("string").fillna("").to_dict("records")[0],
        references=[item for item in citations.collect(project) if item["id"] in site["cited"]],
        corrected=site["corrections"],
        package=package,
    )
    _place(folder(project), found)
    cache.sweep()
    return {
        "home": home,
        "head": head.tags(site, entries.get(label) if label else None, graph),
        "linked": head.script(graph),
        "data": data.address_of(project.package.name),
        "vega": {"path": vega.FILE, "bytes": len(script)},
        "embeds": [embed.path(label) for label, entry in entries.items() if entry["kind"] == "fig"],
    }


def _place(where: Path, found: Mapping[str, bytes]) -> None:
    """Write `found` into a folder, and remove whatever else is in it."""
    for path in sorted(where.rglob("*"), reverse=True) if where.is_dir() else ():
        if path.is_file() and path.relative_to(where).as_posix() not in found:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for path, content in found.items():
        write_bytes(where / path, content)


def copy(project: Project, into: Path) -> None:
    """Put the files into a report."""
    where = folder(project)
    for path in sorted(where.rglob("*")):
        if path.is_file():
            write_bytes(into / path.relative_to(where), path.read_bytes())
