"""How wide words are in a font of the house, to break lines where no browser does it."""

from __future__ import annotations

import unicodedata
from functools import cache

from PIL import ImageFont

from explainer.authoring.theme import fonts

#: Fonts are measured large and scaled down, as Pillow rounds letters to the pixels of their size.
SIZE = 1000


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts() / f"{name}.ttf"), SIZE, layout_engine=ImageFont.Layout.BASIC)


def width(text: str, name: str, size: float) -> float:
    """Return how wide `text` is at `size`.

    Parameters
    ----------
    text : str
        One line.
    name : str
        A font of theme/fonts by the name of its file: ``LibreFranklin-Regular``.
    size : float
        Height of the letters; the width is in the same unit.
    """
    if text.isascii():
        return _font(name).getlength(text) / SIZE * size
    # The fonts have no wide letters, such as ideographs; another font sets each of them in a square.
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    own = "".join(letter for letter in text if unicodedata.east_asian_width(letter) not in "WF")
    return (wide + _font(name).getlength(own) / SIZE) * size


def wrap(text: str, name: str, size: float, limit: float) -> list[str]:
    """Return `text` in lines that are no wider than `limit`, unless a single word is."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, name, size) <= limit:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
