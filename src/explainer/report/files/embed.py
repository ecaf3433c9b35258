"""One chart as a page of its own, to stand in a frame on other sites, and the code that puts it there."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from string import Template
from typing import Any

from explainer.report.files import address, credits
from explainer.report.files.charts import sentence
from explainer.report.layout import EMBEDS
from explainer.system.project import Project

#: Besides its chart, at the width for which charts are drawn: headline, caption, credit, in CSS pixels.
AROUND = 260
#: A chart drawn wider than this gives way to its narrow form sooner, as it does on the page.
TEXT = 760
CODE = (
    '<iframe src="{src}" title="{title}" data-explainer="{label}" loading="lazy"'
    ' width="100%" height="{height}" style="border:0"></iframe>\n'
    '<script>addEventListener("message",function(e){{var d=e.data;'
    'if(d&&d.type==="explainer:height"&&d.height>0)'
    "document.querySelectorAll('iframe[data-explainer=\"{label}\"]').forEach(function(f)"
    '{{if(f.contentWindow===e.source)f.style.height=Math.min(d.height,10000)+"px"}})}})</script>'
)


def path(label: str) -> str:
    """Return where a chart's page is in the report."""
    return f"{EMBEDS}/{label}.html"


def page(
    project: Project,
    entry: Mapping[str, Any],
    outlets: Mapping[str, Mapping[str, str]],
    site: Mapping[str, Any],
    shown: bool,
) -> str:
    """Return the page of a chart.

    Parameters
    ----------
    project : Project
        With its figures collected.
    entry : mapping
        The chart, as ``figures.json`` has it.
    outlets : mapping
        By source, as `explainer.evidence.citations.named` returns them.
    site : mapping
        ``title``, ``lang``, ``home`` and ``embed_css``.
    shown : bool
        Whether the report shows the chart; otherwise the link home leads to its notebook.
    """
    template = Template(project.theme_file("embed.html").read_text(encoding="utf-8"))
    label, home = entry["label"], site["home"]
    narrow = "narrow" in entry["files"]
    drawings = _drawing(project, entry, "page", "chart chart-wide" if narrow else "chart")
    if narrow:
        drawings += _drawing(project, entry, "narrow", "chart chart-narrow")
    back = f"{'index.html' if shown else entry['page']}#{label}"
    words = {
        "lang": site["lang"],
        "title": site["title"],
        "headline": entry["takeaway"],
        "alt": entry["alt"],
        "label": label,
        "reach": " exhibit-wide" if _width(drawings) > TEXT else "",
        "caption": sentence(entry["caption"]),
        "home": f"{home or '../'}{back.removeprefix('index.html') if home else back}",
    }
    return template.substitute(
        {name: html.escape(text) for name, text in words.items()},
        style=site["embed_css"],
        canonical=f'<link rel="canonical" href="{html.escape(home)}">\n' if home else "",
        drawings=drawings,
        source=_source(entry, outlets),
        table=table(entry),
    )


def code(entry: Mapping[str, Any], drawing: str, home: str | None) -> str:
    """Return what an editor pastes into another site: a frame, and a script that gives it its height.

    The script listens to its own frames only, and takes nothing but a number from them.

    Parameters
    ----------
    entry : mapping
        The chart, as ``figures.json`` has it.
    drawing : str
        Its SVG, which tells how high the frame is before the page in it has spoken.
    home : str or None
        The report's address.
    """
    height = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', drawing)
    return CODE.format(
        src=html.escape(address.absolute(home, path(entry["label"]))),
        title=html.escape(entry["takeaway"]),
        label=entry["label"],
        height=round(float(height[1]) if height else 0) + AROUND,
    )


def table(entry: Mapping[str, Any]) -> str:
    """Return a figure's data as an HTML table in a box that scrolls."""
    kinds = [
        ' class="number"' if column["type"] in ("integer", "number") else "" for column in entry["columns"]
    ]
    name = html.escape(f"Data of: {sentence(entry['caption'])}")
    heads = "".join(
        f'<th scope="col"{kind}>{html.escape(column["title"])}</th>'
        for column, kind in zip(entry["columns"], kinds, strict=True)
    )
    rows = []
    for row in entry["cells"]:
        first, *rest = zip(row, kinds, strict=True)
        cells = "".join(f"<td{kind}>{html.escape(text)}</td>" for text, kind in rest)
        rows.append(f'<tr><th scope="row"{first[1]}>{html.escape(first[0])}</th>{cells}</tr>\n')
    return (
        f'<div class="table-box" role="region" tabindex="0" aria-label="{name}">\n<table>\n'
        f"<caption>{name}</caption>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{''.join(rows)}</tbody>\n"
        "</table>\n</div>\n"
    )


def _width(drawings: str) -> float:
    """Return how wide the first drawing is meant to be, in CSS pixels."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ', drawings)
    return float(found[1]) if found else 0


def _drawing(project: Project, entry: Mapping[str, Any], kind: str, name: str) -> str:
    drawn = (project.root / entry["files"][kind]).read_text(encoding="utf-8").strip()
    return f'<div class="{name}">{drawn}</div>\n'


def _source(entry: Mapping[str, Any], outlets: Mapping[str, Mapping[str, str]]) -> str:
    """Return note and sources: each linked where they are few, by name where they are many."""
    note = html.escape(entry["note"])
    given = entry["sources"]
    if len(given) > credits.FEW:
        return _paragraph(f"{note} {html.escape(credits.sources(entry, outlets))}".strip())
    names = [_named(source) for source in given]
    words = f"{'Source' if len(names) == 1 else 'Sources'}: {'; '.join(names)}." if names else ""
    return _paragraph(f"{note} {words}".strip())


def _named(source: Mapping[str, str]) -> str:
    text, url = html.escape(source["text"]), html.escape(source["url"])
    return f'<a href="{url}" target="_top" rel="noopener">{text}</a>' if url else text


def _paragraph(words: str) -> str:
    return f'<p class="source">{words}</p>\n' if words else ""
