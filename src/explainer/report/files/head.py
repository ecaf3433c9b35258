"""What the page says to those who share it or read it by machine."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from explainer.report.files import address, card
from explainer.report.files.charts import script_json, sentence


def tags(
    site: Mapping[str, Any], page: Mapping[str, Any], chart: Mapping[str, Any] | None, changed: str | None
) -> str:
    """Return the lines for the head of a page: Open Graph and the card.

    Parameters
    ----------
    site : mapping
        ``lang`` and ``home``.
    page : mapping
        ``title``, ``description``, ``date`` and ``address``.
    chart : mapping or None
        The chart on the card, as ``figures.json`` has it.
    changed : str or None
        The day of the report's last change.
    """
    home = site["home"]
    lines = [
        ("property", "og:type", "article"),
        ("property", "og:title", page["title"]),
        ("property", "og:description", page["description"]),
        ("property", "og:url", home and address.of_page(home, page["address"])),
        ("property", "og:locale", site["lang"].replace("-", "_")),
        ("property", "article:published_time", page["date"]),
        ("property", "article:modified_time", changed),
    ]
    if chart is not None:
        lines += [
            ("property", "og:image", address.absolute(home, card.FILE)),
            ("property", "og:image:type", "image/png"),
            ("property", "og:image:width", str(card.WIDTH)),
            ("property", "og:image:height", str(card.HEIGHT)),
            ("property", "og:image:alt", f"{sentence(chart['takeaway'])} {chart['alt']}"),
        ]
    lines.append(("name", "twitter:card", "summary_large_image" if chart is not None else "summary"))
    return "\n".join(
        f'<meta {kind}="{name}" content="{html.escape(content)}">' for kind, name, content in lines if content
    )


def script(graph: Mapping[str, Any]) -> str:
    """Return the linked data as the page carries it: at its end, so that nobody waits for it."""
    return f'<script type="application/ld+json">{script_json(graph)}</script>'
