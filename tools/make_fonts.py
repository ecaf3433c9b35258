# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Make the library's ``theme/fonts`` from two npm packages (run it again only to change a font).

    npm pack @fontsource/libre-franklin@5.3.0 @fontsource/newsreader@5.3.0   # unpack each into one folder
    uv run tools/make_fonts.py FOLDER-WITH-libre-franklin-AND-newsreader
    uv run tools/make_fonts.py                                               # only what the page loads

The TTF files contain the packages' Latin subset for programs that cannot read WOFF2 (the PDF, and the
measuring of chart text). Their name tables are rewritten, because the subsets have names such as
"Libre Franklin Thin". Neither family has a reserved font name, so its license allows that.

The page loads WOFF2, converted from the TTF in two parts: the characters of English prose, and the rest,
which a browser loads only for pages that need it. ``faces.css`` says which characters are in which.
"""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.otlLib.builder import buildPairPosClassesSubtable, buildValue
from fontTools.ttLib import TTFont

OUT = Path(__file__).parent.parent / "src" / "explainer" / "theme" / "fonts"
LICENSE = (
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
#: ASCII without characters of code, and the typographic characters of English.
BASIC = {*range(0x20, 0x7F), *map(ord, "\u00a0\u00b7\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212")}
BASIC -= {*map(ord, "\\^`{|}")}
#: OpenType features of the two parts. Letters in the rest are not kerned; accents have to be placed.
PROSE, REST = ["kern", "liga"], ["mark", "mkmk", "ccmp", "locl"]
LIGATURES = {"fi", "fl", "f_f", "f_f_i", "f_f_l"}
#: Punctuation before and after a word, and punctuation that may be followed by more.
BEFORE = {*"\u00a0 ([/-'\"\u2013\u2014\u2018\u2019\u201c"}
AFTER = {*"\u00a0 )]/-'\".,:;!?\u2013\u2014\u2018\u2019\u201d\u2026"}
CLOSING = {*".,\u2019\u201d"}
FOUR_STYLES = ("Regular", "Italic", "Bold")


def name_font(font: TTFont, family: str, style: str) -> None:
    """Write the name table of `font`, with the weight as a style of the family."""
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
        13: LICENSE,
        14: "https://openfontlicense.org",
        16: family,
        17: style,
    }
    table.names = []
    for number, text in entries.items():
        table.setName(text, number, 3, 1, 0x409)


def main(folder: Path) -> None:
    """Write every face and license into the library's ``theme/fonts``."""
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
    """Write the files that the page loads: each face in two parts, and the style sheet for them."""
    rules = []
    for family, _, _, style in FACES:
        source = OUT / f"{family.replace(' ', '')}-{style}.ttf"
        has = set(TTFont(source).getBestCmap())
        weight, slant = STYLES[style]
        for part, characters, features in (("", has & BASIC, PROSE), ("-rest", has - BASIC, REST)):
            name = f"{source.stem}{part}.woff2"
            cut(source, characters, features, OUT / name)
            rules.append(
                f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{slant};font-display:swap;'
                f'src:url("@up@fonts/{name}") format("woff2");unicode-range:{ranges(characters)}}}\n'
            )
    (OUT / "faces.css").write_text("".join(rules), encoding="utf-8")


def cut(source: Path, characters: set[int], features: list[str], target: Path) -> None:
    """Write the part of a font with these `characters`."""
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [14]  # the URL of the license, whose text is in a file beside the font
    options.drop_tables += ["STAT", "gasp"]
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters)
    worker.subset(font)
    if "kern" in features:
        kern(font)
    font.flavor = "woff2"
    font.save(target)


def kern(font: TTFont) -> None:
    """Keep only the kerning of pairs that occur in prose, in a compact table.

    Values are rounded to a hundredth of the font size, which is invisible. Letters with the same kerning form
    a class, which takes fewer bytes than a list of pairs.
    """
    step = font["head"].unitsPerEm // 100
    kerning = {}
    for pair, value in distances(font).items():
        if (rounded := round(value / step) * step) and in_prose(font, *pair):
            kerning[pair] = rounded
    first = alike(
        {a for a, _ in kerning}, lambda left: {(b, v) for (a, b), v in kerning.items() if a == left}
    )
    second = alike(
        {b for _, b in kerning}, lambda right: {(a, v) for (a, b), v in kerning.items() if b == right}
    )
    pairs = {
        (left, right): (buildValue({"XAdvance": kerning[left[0], right[0]]}), None)
        for left, right in itertools.product(first, second)
        if (left[0], right[0]) in kerning
    }
    lookup = font["GPOS"].table.LookupList.Lookup[0]
    lookup.SubTable = [buildPairPosClassesSubtable(pairs, font.getReverseGlyphMap())]
    lookup.LookupType, lookup.SubTableCount = 2, 1
    del font["GDEF"]


def alike(glyphs: set[str], distances_of: Callable[[str], set]) -> list[tuple[str, ...]]:
    """Return groups of glyphs with the same distances, in a fixed order."""
    groups: dict[frozenset, list[str]] = {}
    for glyph in sorted(glyphs):
        groups.setdefault(frozenset(distances_of(glyph)), []).append(glyph)
    return [tuple(group) for group in groups.values()]


def distances(font: TTFont) -> dict[tuple[str, str], int]:
    """Return the kerning of each pair of glyphs, from the first rule that covers both."""
    (lookup,) = font["GPOS"].table.LookupList.Lookup
    rules = [getattr(table, "ExtSubTable", table) for table in lookup.SubTable]
    kerning = {}
    for left, right in itertools.product(font.getGlyphOrder(), repeat=2):
        for rule in rules:
            if (value := distance(rule, left, right)) is not None:
                kerning[left, right] = value
                break
    return kerning


def distance(rule: Any, left: str, right: str) -> int | None:
    """Return the kerning of two glyphs by one rule; None if the rule does not cover them."""
    if left not in rule.Coverage.glyphs:
        return None
    if rule.Format == 1:
        pairs = rule.PairSet[rule.Coverage.glyphs.index(left)].PairValueRecord
        record = next((pair for pair in pairs if pair.SecondGlyph == right), None)
        if record is None:
            return None
    else:
        first, second = rule.ClassDef1.classDefs.get(left, 0), rule.ClassDef2.classDefs.get(right, 0)
        record = rule.Class1Record[first].Class2Record[second]
    return getattr(record.Value1, "XAdvance", 0)


def in_prose(font: TTFont, left: str, right: str) -> bool:
    """Return whether two glyphs occur side by side in prose, in a word or with punctuation around it.

    A lowercase letter before a capital does not, nor do most pairs of punctuation. A ligature counts as its
    first letter.
    """
    drawn = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    before, after = (drawn.get(glyph, glyph[0] if glyph in LIGATURES else "") for glyph in (left, right))
    if not before or not after:
        return False
    if before.isalpha() and after.isalpha():
        return before.isupper() or after.islower()
    if before.isalnum() and after.isalnum():
        return before.isdigit() and after.isdigit()
    if before.isalnum():
        return after in AFTER
    if after.isalnum():
        return before in BEFORE
    return before in CLOSING and after in CLOSING


def ranges(codes: set[int]) -> str:
    """Return characters as a CSS unicode-range: ``U+20-7E,U+A0``."""
    runs: list[list[int]] = []
    for code in sorted(codes):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{low:X}" if low == high else f"U+{low:X}-{high:X}" for low, high in runs)


if __name__ == "__main__":
    main(Path(sys.argv[1])) if len(sys.argv) > 1 else pages()
