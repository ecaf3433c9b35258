"""Fit a chart's SVG to where it goes: the notebook, the page, or paper.

The renderer's SVG has a fixed size, no accessible name for the whole, one label per mark, colors that know
nothing of dark pages and ids that clash as soon as two charts share a page. :func:`tidy` gives the canonical
form that notebooks keep; :func:`for_page` and :func:`for_print` start from that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from explainer.authoring.theme import SANS, Role, palette
from explainer.system.errors import Fault

SVG = "http://www.w3.org/2000/svg"
# fmt: off
ELEMENTS = frozenset((
    "svg", "g", "path", "line", "rect", "circle", "text", "tspan", "title", "desc",
    "defs", "clipPath", "linearGradient", "radialGradient", "stop",
))
GEOMETRY = (
    "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "dx", "dy", "width", "height", "transform",
)
ATTRIBUTES = frozenset((
    *GEOMETRY, "rx", "ry", "viewBox", "id", "clip-path", "clipPathUnits",
    "fill", "fill-opacity", "stroke", "stroke-opacity", "opacity", "stroke-width", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "text-anchor", "font-size", "font-weight", "font-style",
    "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform",
))
# fmt: on
#: Attributes that say what is the default anyway.
REDUNDANT = (("opacity", "1"), ("stroke-miterlimit", "10"))
COLORS = ("fill", "stroke", "stop-color")
SHAPES = ("path", "line", "rect", "circle", "text")
NAMED = {"white": "#ffffff", "black": "#000000"}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
RGB = re.compile(r"rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)")
AXIS = "axis"
REFERENCE = re.compile(r"url\(#([^)]*)\)")


def parse(text: str) -> etree._Element:
    """Read an SVG without fetching anything, and refuse whatever a chart has no need of.

    Raises
    ------
    Fault
        If the text is not well-formed, is not SVG, or holds a document type, a script, a link, an image or a
        reference to anything outside itself.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise Fault(
            "the chart is not well-formed SVG", value=str(error), remedy="Run the notebook again."
        ) from None
    if root.getroottree().docinfo.doctype:
        raise Fault("a chart must not carry a document type", remedy="Run the notebook again.")
    if etree.QName(root).localname != "svg":
        raise Fault("not an SVG", value=str(root.tag))
    for element in root.iter():
        _refuse_unsafe(element)
    return root


def _refuse_unsafe(element: etree._Element) -> None:
    if not isinstance(element.tag, str) or etree.QName(element).localname not in ELEMENTS:
        name = element.tag if isinstance(element.tag, str) else "a processing instruction"
        raise Fault(
            "a chart must not hold this element",
            value=str(name).rpartition("}")[2],
            remedy="Draw the chart with plain marks; links, images and scripts are not allowed.",
        )
    for value in element.attrib.values():
        if "url(" in value and not REFERENCE.fullmatch(value):
            raise Fault("a chart must not point outside itself", value=value)


def _drawn(root: etree._Element) -> Iterator[etree._Element]:
    """Yield every element of `root` but its title and description."""
    for element in root.iter():
        if etree.QName(element).localname not in ("title", "desc"):
            yield element


def _hex(color: str) -> str:
    """Return `color` as ``#rrggbb``, or as it is when it is no plain color."""
    color = NAMED.get(color.strip().lower(), color.strip())
    if match := RGB.fullmatch(color):
        return "#" + "".join(f"{int(part):02x}" for part in match.groups())
    if re.fullmatch(r"#[0-9a-fA-F]{3}", color):
        return "#" + "".join(2 * digit for digit in color[1:]).lower()
    return color.lower() if color.startswith("#") else color


def _role(color: str) -> Role | None:
    """Return the palette's role for `color`; none for no paint and for references.

    Raises
    ------
    Fault
        If the color is not the palette's: it could not follow the page into the dark.
    """
    if color in ("none", "transparent", "currentColor") or color.startswith("url("):
        return None
    role = palette.role_of(_hex(color))
    if role is None:
        known = ", ".join(role.name for role in palette)
        raise Fault(
            "a chart uses a color that is not in the palette",
            value=color,
            remedy=f"Use palette.<role> from explainer.authoring; the roles are {known}.",
        )
    return role


def _round(text: str, places: int) -> str:
    """Return `text` with every number in it rounded, and no needless zeros."""

    def rounded(match: re.Match[str]) -> str:
        number = f"{float(match[0]):.{places}f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
        return "0" if number in ("-0", "") else number

    return NUMBER.sub(rounded, text)


def _invisible(element: etree._Element) -> bool:
    """Return whether a shape leaves no mark on the page."""
    name = etree.QName(element).localname
    if element.get("display") == "none":
        return True
    if name == "text":
        return not "".join(element.itertext()).strip()
    if name == "path" and not element.get("d", "").strip():
        return True
    if name not in SHAPES:
        return False
    paints = [element.get(kind) for kind in ("fill", "stroke")]
    inherited = {kind: _inherited(element, kind) for kind in ("fill", "stroke")}
    return all(paint in (None, "none", "transparent") for paint in paints) and all(
        value in (None, "none", "transparent") for value in inherited.values()
    )


def _inherited(element: etree._Element, attribute: str) -> str | None:
    """Return the nearest ancestor's value of a paint attribute."""
    for ancestor in element.iterancestors():
        if (value := ancestor.get(attribute)) is not None:
            return value
    return None


def _prune(root: etree._Element) -> None:
    """Drop shapes that draw nothing and groups that group nothing."""
    for element in list(root.iter()):
        clips = next(element.iterancestors(f"{{{SVG}}}clipPath"), None) is not None
        parent = element.getparent()
        if not clips and parent is not None and _invisible(element):
            parent.remove(element)
    for element in reversed(list(root.iter(f"{{{SVG}}}g", f"{{{SVG}}}defs"))):
        parent = element.getparent()
        if parent is None:
            continue
        if len(element) == 0:
            parent.remove(element)
        elif etree.QName(element).localname == "g" and (not element.attrib or _still(element)):
            place = parent.index(element)
            for offset, child in enumerate(list(element)):
                parent.insert(place + offset, child)
            parent.remove(element)


def _still(element: etree._Element) -> bool:
    """Return whether a group does nothing but stand at the origin."""
    return set(element.attrib) == {"transform"} and element.get("transform") == "translate(0,0)"


def _name(root: etree._Element, title: str, description: str, label: str) -> None:
    """Give the drawing a role, a name and a description, and hide its parts from screen readers."""
    for old in root.findall(f"{{{SVG}}}title") + root.findall(f"{{{SVG}}}desc"):
        root.remove(old)
    drawing = etree.Element(f"{{{SVG}}}g", {"aria-hidden": "true"})
    drawing.extend(list(root))
    for name, text in (("title", title), ("desc", description)):
        element = etree.SubElement(root, f"{{{SVG}}}{name}", {"id": f"{label}-{name}"})
        element.text = text
    root.append(drawing)
    root.set("role", "img")
    root.set("aria-labelledby", f"{label}-title {label}-desc")


def _prefix_ids(root: etree._Element, label: str) -> None:
    """Make ids unique on a page of many charts: `label` and a count in place of the renderer's own."""
    new: dict[str, str] = {}
    for element in root.iter():
        if (old := element.get("id")) is not None:
            new[old] = f"{label}-{len(new) + 1}"
            element.set("id", new[old])
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if match := REFERENCE.fullmatch(value):
                if match[1] not in new:
                    raise Fault("a chart refers to a part that is not there", value=value)
                element.set(attribute, f"url(#{new[match[1]]})")


def _write(root: etree._Element) -> str:
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def tidy(text: str, *, title: str, description: str, label: str = "chart") -> str:
    """Return the canonical SVG of a chart: named, small, in light colors on its own paper.

    Parameters
    ----------
    text : str
        What the chart renderer wrote.
    title, description : str
        Accessible name and description of the whole.
    label : str
        Prefix of every id.

    Raises
    ------
    Fault
        If the SVG holds anything a chart has no need of, or a color outside the palette.
    """
    root = parse(text)
    for element in root.iter():
        for attribute, value in list(element.attrib.items()):
            if (new := _tidy_attribute(attribute, value)) is None:
                del element.attrib[attribute]
            elif new != value:
                element.set(attribute, new)
    _prune(root)
    _prefix_ids(root, label)
    _name(root, title, description, label)
    root.set("font-family", f"{SANS}, Helvetica, Arial, sans-serif")
    return _write(root)


def _tidy_attribute(attribute: str, value: str) -> str | None:
    """Return the canonical value of an attribute; None for one that is left out."""
    if attribute == "display" and value == "none":
        return value
    if attribute == "class" and "role-axis" in value.split():
        return AXIS  # kept for the number gate: ticks are a scale, not a statement
    if attribute not in ATTRIBUTES or (attribute, value) in REDUNDANT:
        return None
    if attribute in COLORS:
        role = _role(value)
        return role.light if role else value
    return _round(value, 1) if attribute in GEOMETRY else value


def _relabel(text: str, label: str) -> etree._Element:
    """Return a canonical SVG as a tree without its paper, its ids beginning with `label`."""
    root = parse(text)
    old = root.get("aria-labelledby", "").split("-title")[0]
    if not old:
        raise Fault(
            "the chart has no accessible name", remedy="Show it with Figure(...) and run the notebook again."
        )
    for element in root.iter():
        if (name := element.get("id")) is not None:
            element.set("id", label + name.removeprefix(old))
        for attribute, value in element.attrib.items():
            if match := REFERENCE.fullmatch(value):
                element.set(attribute, f"url(#{label}{match[1].removeprefix(old)})")
    root.set("aria-labelledby", f"{label}-title {label}-desc")
    _remove_paper(root)
    return root


def _remove_paper(root: etree._Element) -> None:
    for drawing in root.findall(f"{{{SVG}}}g"):
        for rect in drawing.findall(f"{{{SVG}}}rect"):
            if rect.get("fill") == palette.paper and rect.get("width") == root.get("width"):
                drawing.remove(rect)


def for_page(text: str, label: str) -> str:
    """Return a canonical SVG ready to stand inline: as wide as its column, in the page's colors and font."""
    root = _relabel(text, label)
    for element in _drawn(root):
        for attribute in COLORS:
            if (value := element.get(attribute)) is not None and (role := _role(value)):
                element.set(attribute, f"var(--{role.name})")
    root.set("style", f"max-width:{root.get('width')}px;width:100%;height:auto")
    root.set("font-family", f"var(--sans,'{SANS}',Helvetica,Arial,sans-serif)")
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    return _write(root)


def for_print(text: str, label: str) -> str:
    """Return a canonical SVG for paper: light colors, no background, the font by its own name."""
    root = _relabel(text, label)
    root.set("font-family", SANS)
    return _write(root)
