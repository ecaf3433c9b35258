"""The brand of a newsroom: colors and families of type that ``_brand.yml`` gives to page and PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import yaml

from explainer.authoring.colors import ROLES, SANS, SERIF, Palette, Role, palette
from explainer.report.layout import FONTS
from explainer.system import limits
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.system.structured import compose_yaml, read_file

#: A value's keys and places in lists, from the top of the file.
Path_: TypeAlias = tuple[str, ...]

FILE = "_brand.yml"
#: The role that each color of a brand plays in the palette.
COLORS = {
    "background": "paper",
    "foreground": "ink",
    "primary": "highlight",
    "secondary": "muted",
    "success": "confirms",
    "danger": "conflict",
}
#: The custom properties of the style sheet for what is set in each family, each with the fonts for letters
#: that it has not.
FAMILIES = {
    "base": {"serif": f'"{SERIF}",serif', "sans": f'"{SANS}",sans-serif'},
    "headings": {"headings": f'"{SERIF}",serif'},
    "monospace": {"mono": "monospace"},
}
#: The report's own families, which no file has to be named for.
OWN = (SERIF, SANS)
#: Kinds of files that both a browser and Typst read.
FORMATS = {".ttf": "truetype", ".otf": "opentype"}
#: The contrast of text and of marks with what they stand on that WCAG 2 asks for.
CONTRAST = {"text": 4.5, "mark": 3.0}
#: Where a brand gives the color of links.
LINKS: tuple[Path_, ...] = (("typography", "link", "color"), ("color", "primary"))
FONT = ("family", "source", "files")
FONT_FILE = ("path", "weight", "style")


@dataclass(frozen=True)
class Font:
    """One file of a family.

    Parameters
    ----------
    family : str
        The family.
    path : Path
        The file.
    weight, style : str
        As style sheets have them.
    """

    family: str
    path: Path
    weight: str
    style: str

    @property
    def address(self) -> str:
        """Where the file is in the report."""
        return f"{FONTS}/{self.path.name}"

    def face(self) -> str:
        """Return the rule that loads it; ``@up@`` stands for the way to the report's folder."""
        source = f'url("@up@{quote(self.address)}") format("{FORMATS[self.path.suffix.lower()]}")'
        return (
            f'@font-face{{font-family:"{self.family}";font-weight:{self.weight};font-style:{self.style};'
            f"font-display:swap;src:{source}}}\n"
        )


@dataclass(frozen=True)
class Brand:
    """What ``_brand.yml`` says; without the file, the report's own style.

    Parameters
    ----------
    palette : Palette
        The colors, those of the brand in place of the report's own.
    link : Role or None
        The color of links, if it is the brand's.
    families : mapping
        The family by ``base``, ``headings`` and ``monospace``.
    fonts : tuple of Font
        The files of the families.
    """

    palette: Palette = palette
    link: Role | None = None
    families: Mapping[str, str] = field(default_factory=dict)
    fonts: tuple[Font, ...] = ()

    def css(self, rules: str) -> str:
        """Return a style sheet in the brand's colors and families."""
        stacks = "".join(
            f'--{name}:"{family}",{others};'
            for use, family in self.families.items()
            for name, others in FAMILIES[use].items()
        )
        # A chart is drawn for the widths of its own letters.
        own = f':root{{{stacks}}}svg{{--sans:"{SANS}",sans-serif}}\n' if stacks else ""
        faces = "".join(font.face() for font in self.fonts)
        return self.palette.css(*([self.link] if self.link else [])) + faces + rules + own

    def repaint(self, drawing: str) -> str:
        """Return an SVG in the report's own light colors in those of the brand."""
        colors = {one.light: self.palette[one.name] for one in ROLES}
        return re.sub("#[0-9a-f]{6}", lambda match: colors.get(match[0], match[0]), drawing)

    def colors(self) -> dict[str, str]:
        """Return the light color of each role, and that of links if it is the brand's."""
        return {one.name: one.light for one in (*self.palette, *([self.link] if self.link else []))}


def read(project: Project) -> Brand:
    """Return the brand of a project.

    Raises
    ------
    Faults
        If it is not YAML; every color that is none or cannot be read on the page, every font without a file.
    """
    path = project.root / FILE
    if not path.is_file():
        return Brand()
    text = read_file(path, FILE, limits.PAGE_BYTES).decode("utf-8", errors="replace")
    node = compose_yaml(text, lambda what, line: Fault(what, file=FILE, row=line))
    return _Reader(project, dict(_scalars(node))).brand()


class _Reader:
    """Reads the values of one ``_brand.yml``, and collects what is wrong with them."""

    def __init__(self, project: Project, scalars: Mapping[Path_, tuple[str, int]]) -> None:
        self._project = project
        self._scalars = scalars
        self._faults: list[Fault] = []

    def brand(self) -> Brand:
        colors = {
            name: self._role(("color", name), palette.role(role))
            for name, role in COLORS.items()
            if self._has(("color", name))
        }
        by_role = {one.name: one for one in colors.values()}
        roles = Palette(tuple(by_role.get(one.name, one) for one in ROLES))
        link = self._link()
        self._check_contrast(roles, link)
        fonts = tuple(self._fonts())
        families = dict(self._families({font.family for font in fonts}))
        if self._faults:
            raise Faults(self._faults)
        return Brand(roles, link, families, fonts)

    def _has(self, path: Path_) -> bool:
        return any(known[: len(path)] == path for known in self._scalars)

    def _fault(self, path: Path_, what: str, remedy: str, value: object = None) -> None:
        known = next((one for one in self._scalars if one[: len(path)] == path), None)
        text, row = self._scalars[known] if known else (None, None)
        shown = text if value is None else value
        self._faults.append(
            Fault(
                what,
                file=FILE,
                row=row,
                column=".".join(part for part in path if not part.isdigit()),
                value=shown,
                remedy=remedy,
            )
        )

    # Colors

    def _role(self, path: Path_, own: Role) -> Role:
        """Return a role in the brand's colors; the dark page keeps its own, unless ``dark`` is given."""
        if path in self._scalars:
            return replace(own, light=self._color(path) or own.light)
        light, dark = (self._color((*path, side)) for side in ("light", "dark"))
        return replace(own, light=light or own.light, dark=dark or own.dark)

    def _link(self) -> Role | None:
        path = next((path for path in LINKS if self._has(path)), None)
        return replace(self._role(path, palette.role("stated")), name="link") if path else None

    def _color(self, path: Path_) -> str | None:
        """Return a color as ``#rrggbb``, following the names of the palette and of other colors."""
        from PIL import ImageColor

        if path not in self._scalars:
            return None
        value = self._text(path)
        for _ in range(len(COLORS) + 2):
            named = next((one for one in _names(value) if one in self._scalars), None)
            if named is None:
                break
            value = self._scalars[named][0]
        try:
            parts: tuple[int, ...] = ImageColor.getrgb(value)
        except ValueError:
            parts = (0, 0, 0, 0)
        if len(parts) != 3:
            self._fault(path, "this is no color", "Write #rrggbb, or the name of one under color, palette.")
            return None
        return "#" + "".join(f"{part:02x}" for part in parts)

    def _check_contrast(self, roles: Palette, link: Role | None) -> None:
        """Refuse colors that cannot be read on the page, and a page on which the report's own cannot."""
        places: dict[str, Path_] = {role: ("color", name) for name, role in COLORS.items()}
        places["link"] = next((path for path in LINKS if self._has(path)), LINKS[0])
        for side in ("light", "dark"):
            ground, unreadable = getattr(roles.role("paper"), side), []
            for one in (*roles, *([link] if link else [])):
                color, needed = getattr(one, side), CONTRAST.get(one.use, 0)
                reached = contrast(color, ground)
                if reached >= needed:
                    continue
                if self._has(places.get(one.name, ("none",))):
                    what = f"this color cannot be read on the {side} page: a contrast of {reached:.1f} to 1"
                    remedy = f"Text needs {needed:g}. light: and dark: below it give a color for each page."
                    self._fault(places[one.name], what, remedy, color)
                else:
                    unreadable.append(one.name)
            if unreadable:
                what = f"the report's own colors cannot be read on this {side} page"
                remedy = (
                    f"Choose a {'darker' if side == 'dark' else 'lighter'} one, for {', '.join(unreadable)}."
                )
                self._fault(("color", "background"), what, remedy, ground)

    # Families of type

    def _families(self, known: set[str]) -> Iterator[tuple[str, str]]:
        for use in FAMILIES:
            path: Path_ = ("typography", use)
            path = path if path in self._scalars else (*path, "family")
            if path not in self._scalars:
                continue
            family = self._text(path)
            if family not in known and family not in OWN:
                remedy = "List it under typography, fonts with source: file and its files."
                self._fault(path, "this family has no file", remedy)
            yield use, family

    def _fonts(self) -> Iterator[Font]:
        addresses = set[str]()
        for family in self._below(("typography", "fonts")):
            for place in self._below((*family, "files")) if self._is_of_files(family) else ():
                if (font := self._font(family, place)) is None:
                    continue
                if font.address in addresses:
                    self._fault(place, "another file has this name", "Rename one of them.")
                addresses.add(font.address)
                yield font

    def _below(self, path: Path_) -> list[Path_]:
        """Return the paths right below one, in their order."""
        depth = len(path)
        known = (one[: depth + 1] for one in self._scalars if one[:depth] == path and len(one) > depth)
        return list(dict.fromkeys(known))

    def _text(self, path: Path_, default: str = "") -> str:
        return self._scalars[path][0] if path in self._scalars else default

    def _refuse_others(self, path: Path_, known: tuple[str, ...]) -> None:
        for key in self._below(path):
            if key[-1] not in known:
                self._fault(key, "this setting does nothing here", f"Take it out; {', '.join(known)} count.")

    def _is_of_files(self, family: Path_) -> bool:
        """Return whether an entry under ``fonts`` is a family with files of the project."""
        self._refuse_others(family, FONT)
        source = (*family, "source")
        if self._text(source) != "file":
            what = "a report loads no font from another host or from the reader's computer"
            remedy = "Put its .ttf or .otf files into the project, and write source: file and files:."
            self._fault(source if source in self._scalars else family, what, remedy)
        elif not re.fullmatch(r"\w[\w .-]*", self._text((*family, "family"))):
            self._fault(family, "this is no name of a family", "Write family: and its name, as in its files.")
        elif not self._below((*family, "files")):
            self._fault(family, "this family has no file", "Name its files, .ttf or .otf, under files.")
        else:
            return True
        return False

    def _font(self, family: Path_, place: Path_) -> Font | None:
        """Return a file of a family, if both engines can use it."""
        if place not in self._scalars:
            self._refuse_others(place, FONT_FILE)
        named = place if place in self._scalars else (*place, "path")
        path = (self._project.root / self._text(named)).resolve()
        weight = self._text((*place, "weight"), "400")
        style = self._text((*place, "style"), "normal")
        if self._project.root.resolve() not in path.parents or not path.is_file():
            self._fault(named, "there is no such file", "Paths are from the project's folder.")
        elif path.suffix.lower() not in FORMATS:
            self._fault(named, "the PDF cannot be set in a file of this kind", "Give it as .ttf or .otf.")
        elif not re.fullmatch("[1-9]00", weight) or style not in ("normal", "italic"):
            remedy = "Write a weight from 100 to 900, and style: normal or italic."
            self._fault(place, "weight or style is not that of one file", remedy)
        elif self._has_name(named, path, self._text((*family, "family"))):
            return Font(self._text((*family, "family")), path, weight, style)
        return None

    def _has_name(self, named: Path_, path: Path, family: str) -> bool:
        """Return whether a file holds a font of a family: Typst goes by the name in the file."""
        from PIL import ImageFont

        try:
            own = ImageFont.truetype(path).getname()[0] or ""
        except OSError:
            self._fault(named, "this file holds no font", "Take another copy of it.")
            return False
        if not own.lower().startswith(family.lower()):
            self._fault(named, f"this file is of another family, {own}", f"Write family: {own}.")
            return False
        return True


def _scalars(node: yaml.Node | None, path: Path_ = ()) -> Iterator[tuple[Path_, tuple[str, int]]]:
    """Yield the path of each value with its text and row."""
    if isinstance(node, yaml.ScalarNode):
        yield path, (str(node.value), node.start_mark.line + 1)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*path, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _scalars(value, (*path, f"{at:04}"))


def _names(value: str) -> tuple[Path_, ...]:
    """Return where a value may be the name of a color."""
    return (("color", "palette", value), ("color", value), ("color", value, "light"))


def contrast(color: str, ground: str) -> float:
    """Return the contrast of two colors, ``#rrggbb``, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted(map(_luminance, (color, ground)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
