"""Write a drawing with fewer elements and bytes that looks the same, for a page that carries many.

Shapes are placed by their first point and not by a transformation each, shapes that are painted alike and do
not touch are one path, and what neighbours have in common is said once, by a group around them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
GROUP, PATH, LINE, TEXT = (f"{{{SVG}}}{name}" for name in ("g", "path", "line", "text"))
SHAPES = (PATH, TEXT, f"{{{SVG}}}circle", f"{{{SVG}}}rect")
#: What a group hands down to what is in it.
HANDED_DOWN = (
    "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
    "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "text-anchor", "font-size", "font-weight", "font-style",
)  # fmt: skip
#: What is so where nothing is said.
DEFAULTS = {"text-anchor": ("start",), "font-weight": ("normal", "400"), "transform": ("translate(0,0)",)}
MOVED = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")
STEP = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER = re.compile(r"-?[\d.]+")
#: How many numbers each step takes; others, such as curves, are left as they are.
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "A": 7, "Z": 0}


#: Left, top, right and bottom, in tenths.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Part:
    """One unbroken outline, in tenths, which is what coordinates are rounded to: so steps lose nothing.

    Parameters
    ----------
    x, y : int
        Its first point.
    steps : tuple
        Each further one: a small letter and its numbers, as distances.
    """

    x: int
    y: int
    steps: tuple[tuple[str, tuple[int, ...]], ...]

    def __str__(self) -> str:
        """Return it as SVG writes it; steps of one kind share their letter."""
        written = [f"M{_tenths(self.x, self.y)}"]
        for letter, run in itertools.groupby(self.steps, key=lambda step: step[0]):
            written += [letter, " ".join(_write(letter, numbers) for _, numbers in run)]
        return "".join(written)

    def box(self, margin: int) -> Box:
        """Return left, top, right and bottom, with a margin; never less than what is drawn."""
        at, boxes = (self.x, self.y), [(self.x, self.y, self.x, self.y)]
        for letter, numbers in self.steps:
            aside, down = _way(letter, numbers)
            to = (at[0] + aside, at[1] + down)
            boxes.append((*map(min, at, to), *map(max, at, to)))
            if letter == "a":
                # Half a circle or oval, drawn sideways, or what is at most a whole one at either end.
                half = down == 0 and abs(aside) == 2 * numbers[0]
                middle = ((at[0] + to[0]) / 2, at[1]) if half else None
                for x, y in [middle] if middle else [at, to]:
                    wide, high = (number if half else 2 * number for number in numbers[:2])
                    boxes.append((x - wide, y - high, x + wide, y + high))
            at = to
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts) - margin, min(tops) - margin, max(rights) + margin, max(bottoms) + margin


def shorten(root: etree._Element) -> None:
    """Write what `root` draws in the short way, in place."""
    for element in list(root.iter(*SHAPES, LINE, GROUP)):
        for name, values in DEFAULTS.items():
            if element.get(name) in values and _handed_down(element.getparent(), name) is None:
                del element.attrib[name]
        if _handed_down(element, "stroke") in (None, "none"):
            element.attrib.pop("stroke-width", None)
        if element.tag == TEXT:
            _place(element)
        elif element.tag in (PATH, LINE):
            _outline(element)
    for group in list(root.iter(GROUP)):
        _join(group)
        _gather(group)


def _handed_down(element: etree._Element, name: str) -> str | None:
    """Return an attribute of an element, or of what is around it."""
    around = (one.get(name) for one in (element, *element.iterancestors()))
    return next((value for value in around if value is not None), None)


def _refers(element: etree._Element) -> bool:
    """Tell whether an element is cut or painted by another, which counts from where the element is."""
    return any("url(" in value for value in element.attrib.values())


def _place(element: etree._Element) -> None:
    """Write where a line of text stands without a transformation, and its size without a unit."""
    moved = MOVED.fullmatch(element.get("transform", ""))
    if moved and not len(element) and "x" not in element.attrib and "y" not in element.attrib:
        del element.attrib["transform"]
        element.set("x", moved[1])
        element.set("y", moved[2])
    if (size := element.get("font-size", "")).endswith("px"):
        element.set("font-size", size.removesuffix("px"))


def _outline(element: etree._Element) -> None:
    """Write a line or a path of straight lines and arcs as a path that starts where it is."""
    parts = _line(element) if element.tag == LINE else _parts(element.get("d", ""))
    if not parts:
        return
    moved = MOVED.fullmatch(element.get("transform", "translate(0,0)"))
    if moved and not _refers(element):
        aside, down = (round(float(number) * 10) for number in moved.groups())
        parts = [Part(part.x + aside, part.y + down, part.steps) for part in parts]
        element.attrib.pop("transform", None)
    if element.tag == LINE:
        element.tag = PATH
        for name in ("x1", "y1", "x2", "y2"):
            element.attrib.pop(name, None)
    element.set("d", "".join(str(part) for part in parts))


def _line(element: etree._Element) -> list[Part]:
    x1, y1, x2, y2 = (round(float(element.get(name, "0")) * 10) for name in ("x1", "y1", "x2", "y2"))
    return [Part(x1, y1, (_step(x2 - x1, y2 - y1),))]


def _step(aside: int, down: int) -> tuple[str, tuple[int, ...]]:
    """Return a straight step as its shortest kind."""
    if down == 0:
        return "h", (aside,)
    return ("v", (down,)) if aside == 0 else ("l", (aside, down))


def _parts(path: str) -> list[Part]:
    """Return the outlines of a path; none if it has steps that are not known here."""
    found: list[Part] = []
    at, steps = (0, 0), []
    start = at
    for letter, text in STEP.findall(path):
        if steps and steps[-1][0] == "z" and letter not in "Mm":
            return []
        numbers = [float(number) for number in NUMBER.findall(text)]
        count = NUMBERS.get(letter.upper())
        if count is None or (len(numbers) != count if count == 0 else not numbers or len(numbers) % count):
            return []
        if letter in "Zz":
            steps.append(("z", ()))
            at = start
        for place in range(0, len(numbers), count or 1):
            here = numbers[place : place + count]
            if letter.upper() == "M" and place == 0:
                if steps:
                    found.append(Part(*start, tuple(steps)))
                start = at = _target(letter, here, at)
                steps = []
                continue
            target = _target("L" if letter == "M" else letter, here, at)
            aside, down = target[0] - at[0], target[1] - at[1]
            if letter.upper() == "A":
                radii = tuple(round(number * 10) for number in here[:2])
                steps.append(("a", (*radii, *(round(number) for number in here[2:5]), aside, down)))
            elif letter.upper() in "HV":
                steps.append(_step(aside, down) if aside or down else (letter.lower(), (0,)))
            else:
                steps.append(("l", (aside, down)))
            at = target
    return [*found, Part(*start, tuple(steps))] if steps else found


def _target(letter: str, numbers: list[float], at: tuple[int, int]) -> tuple[int, int]:
    """Return, in tenths, where a step from `at` leads."""
    from_x, from_y = at if letter.islower() else (0, 0)
    ends = [round(number * 10) for number in numbers]
    if letter.upper() == "H":
        return from_x + ends[0], at[1]
    if letter.upper() == "V":
        return at[0], from_y + ends[0]
    return from_x + ends[-2], from_y + ends[-1]


def _way(letter: str, numbers: tuple[int, ...]) -> tuple[int, int]:
    """Return how far a step leads, aside and down; closing an outline leads nowhere new."""
    if letter == "h":
        return numbers[0], 0
    if letter == "v":
        return 0, numbers[0]
    return (numbers[-2], numbers[-1]) if numbers else (0, 0)


def _write(letter: str, numbers: tuple[int, ...]) -> str:
    if letter == "a":
        return f"{_tenths(*numbers[:2])},{','.join(map(str, numbers[2:5]))},{_tenths(*numbers[5:])}"
    return _tenths(*numbers)


def _tenths(*numbers: int) -> str:
    """Return numbers given in tenths, as SVG writes them shortest."""
    return ",".join(re.sub(r"^(-?)0\.", r"\1.", f"{number / 10:.10g}") for number in numbers)


def _join(group: etree._Element) -> None:
    """Make shapes that are painted alike one path, if nothing they touch is painted between them."""
    painted: list[tuple[etree._Element, list[Box]]] = []
    for element in list(group):
        parts = _parts(element.get("d", "")) if element.tag == PATH else []
        margin = _margin(element)
        if not parts or margin is None:
            painted = []
            continue
        boxes = [part.box(margin) for part in parts]
        since = []
        for earlier, taken in reversed(painted):
            since += taken
            if _look(earlier) == _look(element):
                break
        else:
            earlier = None
        if earlier is None or _meet(since, boxes):
            painted.append((element, boxes))
        else:
            earlier.set("d", earlier.get("d") + element.get("d"))
            taken += boxes
            group.remove(element)


def _look(element: etree._Element) -> Mapping[str, str]:
    return {name: value for name, value in element.attrib.items() if name != "d"}


def _margin(element: etree._Element) -> int | None:
    """Return how far a path's stroke may reach, in tenths; none if it must stay by itself."""
    if _refers(element) or "transform" in element.attrib or "id" in element.attrib:
        return None
    if _handed_down(element, "stroke") in (None, "none"):
        return 0
    # Up to four times half its width, where two lines meet at a point.
    return round(20 * float(_handed_down(element, "stroke-width") or 1))


def _meet(some: list[Box], others: list[Box]) -> bool:
    """Tell whether a box of the one list has a point in common with one of the other."""
    return any(
        one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
        for one, other in itertools.product(some, others)
    )


def _gather(group: etree._Element) -> None:
    """Put a group around neighbours that have the same to say, and let it say so."""

    def said(element: etree._Element) -> tuple[tuple[str, str], ...]:
        return tuple((name, element.get(name)) for name in HANDED_DOWN if name in element.attrib)

    for (tag, common), run in itertools.groupby(
        list(group), key=lambda element: (element.tag, said(element))
    ):
        alike = list(run)
        if tag not in SHAPES or not common or len(alike) == 1:
            continue
        around = etree.Element(GROUP, dict(common))
        group.insert(group.index(alike[0]), around)
        for element in alike:
            for name, _ in common:
                del element.attrib[name]
            around.append(element)
