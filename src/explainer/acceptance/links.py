"""Links of all pages of a report: those within it answer, those that lead out are well formed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
from lxml.html import HtmlElement

from explainer.acceptance.finding import Finding, held
from explainer.evidence.fragments import directives
from explainer.verify import pages as checks

#: What an address may be written with (RFC 3986).
ALLOWED = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]|localhost|[\d.]+", re.IGNORECASE
)


def read_all(report: Path) -> dict[str, HtmlElement]:
    """Return every page of a report by its address in it."""
    return {
        path.relative_to(report).as_posix(): lxml.html.document_fromstring(path.read_bytes())
        for path in sorted(report.rglob("*.html"))
    }


def outside(pages: Mapping[str, HtmlElement]) -> dict[str, str]:
    """Return each address that leads out of a report, with the first page that has it."""
    addresses: dict[str, str] = {}
    for name, tree in pages.items():
        for address in tree.xpath("//a/@href | //area/@href"):
            if urlsplit(address).scheme or address.startswith("//"):
                addresses.setdefault(str(address), name)
    return addresses


def check(report: Path, pages: Mapping[str, HtmlElement]) -> Iterator[Finding]:
    """Yield what is found of the links within a report, and of those that lead out of it."""
    ids = {name: [str(one) for one in tree.xpath("//@id[. != '']")] for name, tree in pages.items()}
    inner = sum(len(tree.xpath("//a/@href | //area/@href")) for tree in pages.values())
    leading_out = outside(pages)
    faults = [
        str(fault)
        for name, tree in pages.items()
        for part in (checks.links(tree, name, report, ids), checks.loads(tree, name, report))
        for fault in part
    ]
    count = f"{len(pages)} pages"
    yield held(f"links within the report: {inner:,} on {count}, each leads to a place that is there", faults)
    wrong = [
        f"{page}: {what} ({address})" for address, page in leading_out.items() if (what := malformed(address))
    ]
    yield held(f"links that lead out: {len(leading_out):,}, each well formed (none was followed)", wrong)


def malformed(address: str) -> str:
    """Return what is wrong with an address that leads out of a report; blank if nothing is."""
    try:
        parts = urlsplit(address)
        directives(address)
    except ValueError as error:
        return str(error)
    if not ALLOWED.fullmatch(address):
        return "has characters that an address may only have encoded"
    if parts.scheme == "mailto":
        return "" if re.fullmatch(r"[^@]+@[^@]+", parts.path) else "is no address for mail"
    if parts.scheme not in ("http", "https"):
        return "has a scheme that no reader can follow"
    return "" if HOST.fullmatch(parts.hostname or "") else "names no host"
