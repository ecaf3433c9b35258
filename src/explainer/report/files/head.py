"""What the page says to those who share it or read it by machine."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from explainer.authoring.vega import script_json
from explainer.report.files import address, card


def tags(site: Mapping[str, Any], page: Mapping[str, Any], changed: str | None = None) -> str:
    """Return the lines for the head of a page: Open Graph and the card.

    Parameters
    ----------
    site : mapping
        ``lang``, ``home`` and ``card``: what the picture beside a shared link shows, if there is one.
    page : mapping
        ``title``, ``description`` and ``address``; of a page of the report also ``date``; where another
        picture than the card stands for it, ``picture``: its path and what it shows.
    changed : str, optional
        The day of the report's last change.
    """
    home = site["home"]
    lines = [
        ("property", "og:type", "article"),
        ("property", "og:title", page["title"]),
        ("property", "og:description", page["description"]),
        ("property", "og:url", home and address.of_page(home, page["address"])),
        ("property", "og:locale", site["lang"].replace("-", "_")),
        ("property", "article:published_time", page.get("date")),
        ("property", "article:modified_time", changed),
    ]
    path, shown = page.get("picture") or (card.FILE, site.get("card"))
    # A relative address counts from the report's folder.
    has_picture = bool(shown) and (bool(home) or "/" not in page["address"])
    if has_picture:
        lines += [
            ("property", "og:image", address.absolute(home, path)),
            ("property", "og:image:type", "image/png"),
        ]
        if path == card.FILE:
            lines += [
                ("property", "og:image:width", str(card.WIDTH)),
                ("property", "og:image:height", str(card.HEIGHT)),
            ]
        lines.append(("property", "og:image:alt", shown))
    lines.append(("name", "twitter:card", "summary_large_image" if has_picture else "summary"))
    return "\n".join(
        f'<meta {kind}="{name}" content="{html.escape(content)}">' for kind, name, content in lines if content
    )


def script(graph: Mapping[str, Any]) -> str:
    """Return the linked data as the page carries it: at its end, so that nobody waits for it."""
    return f'<script type="application/ld+json">{script_json(graph)}</script>'
