# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Make ``theme/fonts`` from two npm packages (run it again only to change a font).

    npm pack @fontsource/libre-franklin@5.3.0 @fontsource/newsreader@5.3.0   # unpack each into one folder
    uv run tools/make_fonts.py FOLDER-WITH-libre-franklin-AND-newsreader

The WOFF2 files are copied as they are: they are the Latin subset that the page carries. The TTF files are
the same outlines for programs that read no WOFF2 (the PDF, and the measuring of chart text). Their name
tables are written anew, since the subsets call themselves "Libre Franklin Thin" and "Newsreader 16pt 16pt"
and would never be found by name. Neither family has a reserved font name, so its licence allows that.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

OUT = Path(__file__).parent.parent / "theme" / "fonts"
LICENCE = (
    "This Font Software is licensed under the SIL Open Font License, Version 1.1. https://openfontlicense.org"
)
FACES = [
    ("Libre Franklin", "libre-franklin", "400-normal", "Regular"),
    ("Libre Franklin", "libre-franklin", "600-normal", "SemiBold"),
    ("Newsreader", "newsreader", "400-normal", "Regular"),
    ("Newsreader", "newsreader", "400-italic", "Italic"),
    ("Newsreader", "newsreader", "700-normal", "Bold"),
]
FOUR_STYLES = ("Regular", "Italic", "Bold")


def name_font(font: TTFont, family: str, style: str) -> None:
    """Write the name table of `font`: the family by its real name, the weight as a style of it."""
    table = font["name"]
    plain = family.replace(" ", "")
    legacy = (family, style) if style in FOUR_STYLES else (f"{family} {style}", "Regular")
    entries = {
        0: table.getDebugName(0),
        1: legacy[0],
        2: legacy[1],
        3: f"{plain}-{style}",
        4: f"{family} {style}",
        6: f"{plain}-{style}",
        13: LICENCE,
        14: "https://openfontlicense.org",
        16: family,
        17: style,
    }
    table.names = []
    for number, text in entries.items():
        table.setName(text, number, 3, 1, 0x409)


def main(folder: Path) -> None:
    """Write every face and licence into ``theme/fonts``."""
    OUT.mkdir(parents=True, exist_ok=True)
    for family, package, face, style in FACES:
        source = folder / package / "files" / f"{package}-latin-{face}.woff2"
        target = OUT / f"{family.replace(' ', '')}-{style}"
        target.with_suffix(".woff2").write_bytes(source.read_bytes())
        font = TTFont(source, recalcTimestamp=False)
        font.flavor = None
        name_font(font, family, style)
        font.save(target.with_suffix(".ttf"))
        (OUT / f"OFL-{family.replace(' ', '')}.txt").write_bytes((folder / package / "LICENSE").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
