"""How wide words are in a font of the house, to break lines where no browser does it."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

from explainer.authoring.theme import fonts


class Font:
    """The advance widths of a TrueType font.

    Parameters
    ----------
    path : Path
        A ``.ttf`` file whose characters are mapped by a table of format 4, as those of theme/fonts are.
    """

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        count = struct.unpack_from(">H", self._bytes, 4)[0]
        records = (struct.unpack_from(">4sLLL", self._bytes, 12 + 16 * number) for number in range(count))
        self._tables = {name.decode("latin-1"): start for name, _, start, _ in records}
        self._units = struct.unpack_from(">H", self._bytes, self._tables["head"] + 18)[0]
        self._glyphs = self._map()
        self._advances = self._widths()

    def _map(self) -> dict[int, int]:
        """Return glyph numbers by code point."""
        start = self._tables["cmap"]
        for number in range(struct.unpack_from(">H", self._bytes, start + 2)[0]):
            table = start + struct.unpack_from(">L", self._bytes, start + 4 + 8 * number + 4)[0]
            if struct.unpack_from(">H", self._bytes, table)[0] == 4:
                return self._segments(table)
        return {}

    def _segments(self, table: int) -> dict[int, int]:
        half = struct.unpack_from(">H", self._bytes, table + 6)[0]
        columns = [
            struct.unpack_from(f">{half // 2}H", self._bytes, table + offset)
            for offset in (14, 16 + half, 16 + 2 * half, 16 + 3 * half)
        ]
        found = {}
        for number, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
            for code in range(first, min(last, 0xFFFE) + 1):
                if offset:
                    place = table + 16 + 3 * half + 2 * number + offset + 2 * (code - first)
                    glyph = struct.unpack_from(">H", self._bytes, place)[0]
                else:
                    glyph = code
                if glyph:
                    found[code] = (glyph + delta) & 0xFFFF
        return found

    def _widths(self) -> list[int]:
        count = struct.unpack_from(">H", self._bytes, self._tables["hhea"] + 34)[0]
        return [
            struct.unpack_from(">H", self._bytes, self._tables["hmtx"] + 4 * number)[0]
            for number in range(count)
        ]

    def width(self, text: str, size: float) -> float:
        """Return how wide `text` is at `size`; a character that the font lacks counts as a square."""
        total = 0
        for letter in text:
            glyph = self._glyphs.get(ord(letter))
            if glyph is None:
                total += self._units
            else:
                total += self._advances[min(glyph, len(self._advances) - 1)]
        return total * size / self._units


@cache
def font(name: str) -> Font:
    """Return a font of theme/fonts by the name of its file: ``LibreFranklin-Regular``."""
    return Font(fonts() / f"{name}.ttf")


def wrap(text: str, name: str, size: float, width: float) -> list[str]:
    """Return `text` in lines that are no wider than `width`, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font(name).width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
