"""The address of the report, for links to it and for its machine-readable parts."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from explainer.system.errors import Fault

VARIABLE = "SITE_URL"
MISSING = (
    "No address is known, so shared links have no canonical address and their picture a relative one: "
    f"put url: into the front matter of index.qmd, or set {VARIABLE}"
)


def home(head: Mapping[str, Any], file: str, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the address of the report's folder, with a slash at its end, or None.

    Parameters
    ----------
    head : mapping
        The front matter of ``index.qmd``; its ``url`` counts where the environment names none.
    file : str
        What a fault calls the page.
    environment : mapping
        Its ``SITE_URL`` comes first: the same report may be shown in a second place.

    Raises
    ------
    Fault
        If it is no address that a browser could open from anywhere.
    """
    named = environment.get(VARIABLE, "").strip()
    url = named or head.get("url")
    if url is None or url == "":
        return None
    parts = urlsplit(str(url).strip())
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
        or any(letter.isspace() or letter in "<>\"'\\" for letter in str(url).strip())
    ):
        raise Fault(
            "this is no address for a report",
            file=VARIABLE if named else file,
            column=None if named else "url",
            value=url,
            remedy="Write the address of its folder, like https://example.org/report/.",
        )
    path = quote(parts.path.removesuffix("index.html"), safe="/%~:@!$&()*+,;=-._")
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}/"


def of_page(place: str | None, page: str) -> str:
    """Return the address of a page; that of ``index.html`` is the folder's own where that is known."""
    return place if place and page == "index.html" else absolute(place, page)


def absolute(place: str | None, path: str) -> str:
    """Return the address of a file of the report; relative where nobody knows where that will stand."""
    return f"{place or ''}{quote(path)}"


def is_web(text: object) -> bool:
    """Return whether a text is an address on the web that a reader can open, and so may be a link."""
    address = str(text or "")
    if not address.startswith(("https://", "http://")) or re.search(r"\s", address):
        return False
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False
