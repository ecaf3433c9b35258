"""Adapt a chart's SVG to the notebook, the page, or paper.

The renderer's SVG has a fixed size, no accessible name, one label per mark, colors for light pages only, and
ids that clash as soon as two charts share a page. :func:`tidy` returns the canonical form that notebooks
store; :func:`for_page` and :func:`for_print` start from that.
"""

from __future__ import annotations

import re

from lxml import etree

from explainer.authoring.colors import SANS, Role, palette
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
#: Attributes with their default values.
REDUNDANT = (("opacity", "1"), ("stroke-miterlimit", "10"))
#: Attributes of a group that change nothing.
WITHOUT_EFFECT: tuple[dict[str, str], ...] = ({}, {"transform": "translate(0,0)"})
COLORS = ("fill", "stroke", "stop-color")
SHAPES = ("path", "line", "rect", "circle", "text")
NAMED = {"white": "#ffffff", "black": "#000000"}
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
RGB = re.compile(r"rgb\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)")
AXIS = "axis"
REFERENCE = re.compile(r"url\(#([^)]*)\)")


def parse(text: str) -> etree._Element:
    """Parse an SVG without fetching anything, and refuse whatever a chart does not need.

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


def _hex(color: str) -> str:
    """Return `color` as ``#rrggbb``; unchanged if it is no plain color."""
    color = NAMED.get(color.strip().lower(), color.strip())
    if match := RGB.fullmatch(color):
        return "#" + "".join(f"{int(part):02x}" for part in match.groups())
    if re.fullmatch(r"#[0-9a-fA-F]{3}", color):
        return "#" + "".join(2 * digit for digit in color[1:]).lower()
    return color.lower() if color.startswith("#") else color


def _role(color: str) -> Role | None:
    """Return the palette's role for `color`; None for no paint and for references.

    Raises
    ------
    Fault
        If the color is not in the palette: it would have no dark version.
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
    """Return `text` with every number in it rounded, without trailing zeros."""

    def rounded(match: re.Match[str]) -> str:
        number = f"{float(match[0]):.{places}f}"
        number = number.rstrip("0").rstrip(".") if "." in number else number
        return "0" if number in ("-0", "") else number

    return NUMBER.sub(rounded, text)


def _invisible(element: etree._Element) -> bool:
    """Return whether a shape is invisible."""
    name = etree.QName(element).localname
    if element.get("display") == "none":
        return True
    if name == "text":
        return not "".join(element.itertext()).strip()
    if name == "path" and not element.get("d", "").strip():
        return True
    if name not in SHAPES:
        return False
    paints = {element.get(kind) for kind in ("fill", "stroke")}
    for kind in ("fill", "stroke"):
        inherited = (ancestor.get(kind) for ancestor in element.iterancestors())
        paints.add(next((paint for paint in inherited if paint is not None), None))
    return paints <= {None, "none", "transparent"}


def _prune(root: etree._Element) -> None:
    """Remove invisible shapes, and groups that are empty or have no effect."""
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
        elif etree.QName(element).localname == "g" and dict(element.attrib) in WITHOUT_EFFECT:
            place = parent.index(element)
            for offset, child in enumerate(list(element)):
                parent.insert(place + offset, child)
            parent.remove(element)


def _add_description(root: etree._Element, title: str, description: str, label: str) -> None:
    """Add a role, a name and a description to the drawing, and hide its parts from screen readers."""
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
    """Replace the renderer's ids by `label` and a number, unique on a page of many charts."""
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
    """Return the canonical SVG of a chart: with a description, small, in light colors on its own paper.

    Parameters
    ----------
    text : str
        The SVG of the chart renderer.
    title, description : str
        Accessible name and description of the whole.
    label : str
        Prefix of every id.

    Raises
    ------
    Fault
        If the SVG holds anything that a chart does not need, or a color outside the palette.
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
    _add_description(root, title, description, label)
    root.set("font-family", f"{SANS}, Helvetica, Arial, sans-serif")
    return _write(root)


def _tidy_attribute(attribute: str, value: str) -> str | None:
    """Return the canonical value of an attribute; None to remove it."""
    if attribute == "display" and value == "none":
        return value
    if attribute == "class" and "role-axis" in value.split():
        return AXIS  # for the check of numbers, which ignores the labels of axes
    if attribute not in ATTRIBUTES or (attribute, value) in REDUNDANT:
        return None
    if attribute in COLORS:
        role = _role(value)
        return role.light if role else value
    return _round(value, 1) if attribute in GEOMETRY else value


def _relabel(text: str, label: str) -> etree._Element:
    """Return a canonical SVG as a tree without its background, with ids that begin with `label`."""
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
    # Its title is its name and no more, so that its description is read once.
    root.set("aria-labelledby", f"{label}-title")
    root.set("aria-describedby", f"{label}-desc")
    _remove_background(root)
    return root


def _remove_background(root: etree._Element) -> None:
    for drawing in root.findall(f"{{{SVG}}}g"):
        for rect in drawing.findall(f"{{{SVG}}}rect"):
            if rect.get("fill") == palette.paper and rect.get("width") == root.get("width"):
                drawing.remove(rect)


def for_page(text: str, label: str) -> str:
    """Return a canonical SVG to be inlined: as wide as its column, in the colors and font of the page."""
    root = _relabel(text, label)
    for element in root.iter():
        for attribute in COLORS:
            if (value := element.get(attribute)) is not None and (role := _role(value)):
                element.set(attribute, f"var(--{role.name})")
    root.set("style", f"max-width:{root.get('width')}px;width:100%;height:auto")
    root.set("font-family", f"var(--sans,'{SANS}',Helvetica,Arial,sans-serif)")
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    return _write(root)


def for_print(text: str, label: str) -> str:
    """Return a canonical SVG for paper: light colors, no background, the font by name."""
    root = _relabel(text, label)
    root.set("font-family", SANS)
    return _write(root)
