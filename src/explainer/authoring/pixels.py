"""Pictures of pixels in fewer bytes, with their few colors in a table."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

import vl_convert
from PIL import Image, __version__

from explainer.authoring import picture_cache, theme

#: Goes into the name of what is kept between builds.
VERSION = f"pillow {__version__}"
#: Colors that a table can hold.
MOST = 256
#: What a notebook shows is sharp on a screen of twice the density; a chart and the edges of its letters need
#: no more colors.
SCALE, COLORS = 2, 64


def of_drawing(drawing: str) -> str:
    """Return an SVG as the PNG that stands beside it in a notebook, as base64 text."""
    key = {"drawing": drawing, "pillow": VERSION, "scale": SCALE, "colors": COLORS}
    picture = picture_cache.find(key)
    if picture is None:
        theme.register_fonts()
        image = Image.open(BytesIO(vl_convert.svg_to_png(drawing, scale=SCALE))).convert("RGB")
        content = BytesIO()
        image.quantize(COLORS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            content, "PNG", optimize=True
        )
        picture = b64encode(content.getvalue()).decode()
        picture_cache.store(key, picture)
    return picture


def lighten(picture: bytes) -> bytes:
    """Return a PNG that shows the same as `picture`, pixel by pixel.

    A chart has the few colors of the palette and what lies between them at the edges of letters, so that one
    byte a pixel says what the renderer says in four.
    """
    image: Image.Image = Image.open(BytesIO(picture))
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if image.mode == "RGB" and image.getcolors(MOST):
        indexed = image.quantize(MOST, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        if indexed.convert("RGB").tobytes() == image.tobytes():
            image = indexed
    lighter = BytesIO()
    image.save(lighter, "PNG", optimize=True)
    return min(lighter.getvalue(), picture, key=len)
