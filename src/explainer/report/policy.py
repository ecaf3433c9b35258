"""The Content-Security-Policy that a page carries: what it may run and load, so that nothing else can.

It lets a page load from its own host alone, and run the report's scripts alone. Styles may stand in the page:
charts and tables are sized there.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator

import lxml.html
from lxml.html import HtmlElement

#: Before it, nothing in a page is read that could run.
CHARSET = '<meta charset="utf-8">'
NAME = "Content-Security-Policy"
#: Types of scripts that are data and never run.
DATA = ("application/ld+json", "application/json")


def inline_scripts(tree: HtmlElement) -> Iterator[str]:
    """Yield the text of each script that stands in a page and runs."""
    for element in tree.iter("script"):
        if element.get("src") is None and (element.get("type") or "").lower() not in DATA:
            yield element.text or ""


def source_of(script: str) -> str:
    """Return how a policy names a script that stands in a page: by its hash."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(scripts: Iterable[str]) -> str:
    """Return the policy of a page in which these scripts stand."""
    directives = {
        "default-src": ["'none'"],
        "script-src": ["'self'", *map(source_of, scripts)],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        # The preview's own page listens for edits.
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def with_policy(page: str, template: str) -> str:
    """Return a page with its policy, once.

    Parameters
    ----------
    page : str
        The page, which names its encoding first.
    template : str
        What it was made from. Its scripts may run, as they stand there; no other may.
    """
    scripts = inline_scripts(lxml.html.document_fromstring(template))
    tag = f'{CHARSET}\n<meta http-equiv="{NAME}" content="{policy(scripts)}">'
    return page if tag in page else page.replace(CHARSET, tag, 1)
