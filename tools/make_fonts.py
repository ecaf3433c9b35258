# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Make ``theme/fonts`` from two npm packages (run it again only to change a font).

    npm pack @fontsource/libre-franklin@5.3.0 @fontsource/newsreader@5.3.0   # unpack each into one folder
    uv run tools/make_fonts.py FOLDER-WITH-libre-franklin-AND-newsreader
    uv run tools/make_fonts.py                                               # only what the page loads

The TTF files hold the packages' Latin subset for programs that read no WOFF2 (the PDF, and the measuring of
chart text). Their name tables are written anew, since the subsets call themselves "Libre Franklin Thin" and
"Newsreader 16pt 16pt" and would never be found by name. Neither family has a reserved font name, so its
licence allows that.

The page loads WOFF2, made from the TTF in two parts: what English prose is written with, and the rest, which
a browser fetches only for a page that needs it. ``faces.css`` tells the two apart.
"""

import sys
from pathlib import Path

from fontTools import subset
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
STYLES = {
    "Regular": (400, "normal"),
    "Italic": (400, "italic"),
    "SemiBold": (600, "normal"),
    "Bold": (700, "normal"),
}
#: ASCII, and of the rest what English is printed with.
BASIC = {*range(0x20, 0x7F), *map(ord, "\u00a0\u00b7\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212")}
#: Without the second set of digits: all of them are lining and as wide as each other.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
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
        target = OUT / f"{family.replace(' ', '')}-{style}.ttf"
        font = TTFont(source, recalcTimestamp=False)
        font.flavor = None
        name_font(font, family, style)
        font.save(target)
        (OUT / f"OFL-{family.replace(' ', '')}.txt").write_bytes((folder / package / "LICENSE").read_bytes())
    pages()


def pages() -> None:
    """Write what the page loads: each face in two parts, and the style sheet that names them."""
    rules = []
    for family, _, _, style in FACES:
        source = OUT / f"{family.replace(' ', '')}-{style}.ttf"
        has = set(TTFont(source).getBestCmap())
        weight, slant = STYLES[style]
        for part, wanted in (("", has & BASIC), ("-rest", has - BASIC)):
            name = f"{source.stem}{part}.woff2"
            cut(source, wanted, OUT / name)
            rules.append(
                f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{slant};font-display:swap;'
                f'src:url("@up@fonts/{name}") format("woff2");unicode-range:{ranges(wanted)}}}\n'
            )
    (OUT / "faces.css").write_text("".join(rules), encoding="utf-8")


def cut(source: Path, wanted: set[int], target: Path) -> None:
    """Write the part of a font that draws the `wanted` characters."""
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [13, 14]
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted)
    worker.subset(font)
    round_kerning(font)
    font.flavor = "woff2"
    font.save(target)


def round_kerning(font: TTFont) -> None:
    """Round the distances between letters to a hundredth of their size, which no eye tells and packs well."""
    step = font["head"].unitsPerEm // 100
    for lookup in font["GPOS"].table.LookupList.Lookup if "GPOS" in font else ():
        for table in (getattr(one, "ExtSubTable", one) for one in lookup.SubTable):
            if table.LookupType != 2:
                continue
            if table.Format == 1:
                pairs = [pair for found in table.PairSet for pair in found.PairValueRecord]
            else:
                pairs = [pair for first in table.Class1Record for pair in first.Class2Record]
            for value in (value for pair in pairs for value in (pair.Value1, pair.Value2)):
                if value is not None and hasattr(value, "XAdvance"):
                    value.XAdvance = round(value.XAdvance / step) * step


def ranges(codes: set[int]) -> str:
    """Return characters as CSS writes them: ``U+20-7E,U+A0``."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in runs)


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) > 1 else pages()
