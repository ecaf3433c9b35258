"""One chart as a page of its own, to stand in a frame on other sites, and the code that puts it there."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from markupsafe import Markup, escape

from explainer.report import exhibits
from explainer.report.exhibits import Cell, columns
from explainer.report.files import address, credits, head
from explainer.report.files.charts import FOLDER as FIGURES
from explainer.report.files.charts import sentence
from explainer.report.layout import EMBEDS
from explainer.report.policy import with_policy
from explainer.report.templates import macro, render
from explainer.system.project import Project

#: Besides its chart, at the width for which charts are drawn: headline, caption, credit, in CSS pixels.
AROUND = 260
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
        ``title``, ``lang``, ``home``, ``embed_css`` and ``shown``: where the report shows the chart. If it
        does not, the link home leads to its notebook.
    """
    label, home = entry["label"], site["home"]
    pictures = exhibits.drawn(project, entry)
    back = f"{site['shown'].get(label, entry)['page']}#{label}"
    text = render(
        project,
        "embed.html",
        lang=site["lang"],
        title=site["title"],
        headline=entry["takeaway"],
        alt=entry["alt"],
        label=label,
        caption=sentence(entry["caption"]),
        is_wide=exhibits.is_wide(entry, pictures[0][1]),
        drawn=pictures,
        source=_source(project, entry, outlets),
        columns=[replace(column, kind="number" if column.is_number else "") for column in columns(entry)],
        rows=[[Cell(text) for text in row] for row in entry["cells"]],
        csv=f"{FIGURES}/{label}.csv",
        table_name=f"Data of: {sentence(entry['caption'])}",
        style=site["embed_css"],
        home=home or "",
        sharing=head.tags(
            site,
            {
                "title": entry["takeaway"],
                "description": entry["alt"],
                "address": path(label),
                "picture": (f"{FIGURES}/{label}.png", entry["alt"]),
            },
        ),
        way_home=f"{home or '../'}{back.removeprefix('index.html') if home else back}",
    )
    return with_policy(text, project.theme_file("embed.html").read_text(encoding="utf-8"))


def code(entry: Mapping[str, Any], drawing: str, home: str | None) -> str:
    """Return what an editor pastes into another site: a frame, and a script that gives it its height.

    The script listens to its own frames only, and takes nothing but a number from them.

    Parameters
    ----------
    entry : mapping
        The chart, as ``figures.json`` has it.
    drawing : str
        Its SVG, which gives the height of the frame until the page in it sends its own.
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


def _source(project: Project, entry: Mapping[str, Any], outlets: Mapping[str, Mapping[str, str]]) -> Markup:
    """Return note and sources: each linked where they are few, by name where they are many."""
    sources = entry["sources"]
    parts = [escape(entry["note"])]
    if len(sources) > credits.FEW:
        parts.append(escape(credits.sources(entry, outlets)))
    elif sources:
        parts.append(
            macro(project, "parts.html", "source_line", sources, Markup(' target="_top" rel="noopener"'))
        )
    return Markup(" ").join(filter(None, parts))
