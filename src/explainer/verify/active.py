"""What could run, or fetch something from elsewhere, on a finished page.

The filters let nothing of the kind through; this reads what browsers will read, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import tinycss2
from lxml.html import HtmlElement

from explainer.report.policy import NAME as POLICY
from explainer.report.policy import inline_scripts, source_of
from explainer.system.errors import Fault

#: Elements that bring in a document or program, send something, lead elsewhere, or change a drawing.
ELEMENTS = frozenset(
    [
        "applet",
        "base",
        "embed",
        "fencedframe",
        "foreignobject",
        "form",
        "frame",
        "frameset",
        "iframe",
        "math",
        "noembed",
        "noscript",
        "object",
        "param",
        "plaintext",
        "portal",
        "animate",
        "animatemotion",
        "animatetransform",
        "set",
    ]
)
#: Attributes that run or fetch something, or say where to.
ATTRIBUTES = frozenset(
    [
        "action",
        "archive",
        "attributionsrc",
        "background",
        "classid",
        "code",
        "codebase",
        "dynsrc",
        "formaction",
        "http-equiv",
        "is",
        "lowsrc",
        "manifest",
        "ping",
        "profile",
        "srcdoc",
        "xml:base",
    ]
)
ADDRESSES = frozenset(["cite", "data", "href", "longdesc", "poster", "src", "srcset", "xlink:href"])
#: Attributes that browsers read as CSS.
STYLED = frozenset(
    [
        "clip-path",
        "cursor",
        "fill",
        "filter",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "stroke",
        "style",
    ]
)
#: Functions of CSS whose texts are addresses.
FETCHING = frozenset(
    [
        "-webkit-cross-fade",
        "-webkit-image-set",
        "cross-fade",
        "image",
        "image-set",
        "paint",
        "src",
        "url",
        "url-prefix",
    ]
)
SCHEMES = ("http", "https", "mailto")


def active_content(tree: HtmlElement, name: str) -> Iterator[Fault]:
    """Yield everything on a page that could run or fetch something and is not the report's own."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        tag = element.tag.lower()
        if tag in ELEMENTS:
            yield Fault("this element may not stand on a page", file=name, value=f"<{tag}>")
        for attribute, value in element.attrib.items():
            if what := _wrong_with(tag, attribute.lower(), value):
                yield Fault(what, file=name, value=f'{attribute}="{value}"'[:200])
    yield from _policy_faults(tree, name)


def _wrong_with(tag: str, attribute: str, value: str) -> str | None:
    """Return what is wrong with an attribute."""
    if attribute == "http-equiv" and (tag, value) == ("meta", POLICY):
        return None
    if attribute.startswith("on") or attribute in ATTRIBUTES:
        return "this attribute may not stand on a page"
    if attribute in ADDRESSES and (scheme := scheme_of(value)) and scheme not in SCHEMES:
        is_picture = tag in ("img", "image") and value.startswith("data:image/")
        return None if is_picture else "an address could run something"
    if attribute in STYLED and any(is_elsewhere(address) for address in css_addresses(value)):
        return "a style would load something"
    return None


def scheme_of(address: str) -> str:
    """Return the scheme of an address as browsers read it, which skip spaces and control characters."""
    plain = "".join(char for char in address if char > " ")
    scheme, colon, _ = plain.partition(":")
    return scheme.lower() if colon and not set(scheme) & set("/?#") else ""


def is_elsewhere(address: str) -> bool:
    """Return whether an address is neither a place in the page nor a file of the report."""
    plain = "".join(char for char in address if char > " ").replace("\\", "/")
    return bool(scheme_of(plain)) or plain.startswith("//")


@lru_cache(maxsize=1000)
def css_addresses(css: str) -> tuple[str, ...]:
    r"""Return every address in a style sheet or a style attribute, however it is spelled.

    Examples
    --------
    >>> css_addresses(r"background: u\72l(a.png), image-set('b.png' 1x)")
    ('a.png', 'b.png')
    """
    if "(" not in css and "@" not in css:
        return ()
    return tuple(_addresses(tinycss2.parse_component_value_list(css), fetches=False))


def _addresses(nodes: Iterable[Any], *, fetches: bool) -> Iterator[str]:
    imports = False
    for node in nodes:
        match node.type:
            case "url":
                yield node.value
            case "string" if fetches or imports or is_elsewhere(node.value):
                yield node.value
            case "at-keyword":
                imports = node.lower_value in ("import", "namespace")
            case "function":
                yield from _addresses(node.arguments, fetches=fetches or node.lower_name in FETCHING)
            case "() block" | "[] block" | "{} block":
                yield from _addresses(node.content, fetches=fetches)
            case "literal" if node.value == ";":
                imports = False


def _policy_faults(tree: HtmlElement, name: str) -> Iterator[Fault]:
    """Yield a policy that is missing or not the first thing said, and scripts that it does not know."""
    tags = tree.xpath("//meta[@http-equiv]")
    if [tag.get("http-equiv") for tag in tags] != [POLICY]:
        what = "the page has no Content-Security-Policy of its own, or several"
        yield Fault(what, file=name, remedy='Let theme/page.html begin its head with <meta charset="utf-8">.')
        return
    before = {str(element.tag) for element in tags[0].itersiblings(preceding=True)}
    if tags[0].getparent().tag != "head" or not before <= {"meta"}:
        yield Fault("something stands before the page's Content-Security-Policy", file=name)
    for script in inline_scripts(tree):
        if source_of(script) not in tags[0].get("content", ""):
            yield Fault(
                "a script on the page is not one of its template",
                file=name,
                value=script.strip()[:80],
                remedy="Take it out. A script in theme/page.html stands there as it runs, without $names$.",
            )
