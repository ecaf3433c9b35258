"""Pictures of pixels in fewer bytes: the same pixels, with their few colors in a table."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, __version__

#: Goes into the name of what is kept between builds.
VERSION = f"pillow {__version__}"
#: Colors that a table can hold.
MOST = 256


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
