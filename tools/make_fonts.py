# /// script
# requires-python = ">=3.11"
# dependencies = ["fonttools==4.68.0", "brotli==1.2.1"]
# ///
"""Make the library's ``theme/fonts`` from two npm packages (run it again only to change a font).

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

import itertools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.otlLib.builder import buildPairPosClassesSubtable, buildValue
from fontTools.ttLib import TTFont

OUT = Path(__file__).parent.parent / "src" / "explainer" / "theme" / "fonts"
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
#: ASCII without what only programs are written with, and of the rest what English is printed with.
BASIC = {*range(0x20, 0x7F), *map(ord, "\u00a0\u00b7\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2212")}
BASIC -= {*map(ord, "\\^`{|}")}
#: Of the prose's part: all digits are lining and as wide as each other. And of the rest, whose letters meet
#: none of their own kind: where accents go.
PROSE, REST = ["kern", "liga"], ["mark", "mkmk", "ccmp", "locl"]
LIGATURES = {"fi", "fl", "f_f", "f_f_i", "f_f_l"}
#: Marks that stand before and after a word, and those that meet each other there.
BEFORE = {*"\u00a0 ([/-'\"\u2013\u2014\u2018\u2019\u201c"}
AFTER = {*"\u00a0 )]/-'\".,:;!?\u2013\u2014\u2018\u2019\u201d\u2026"}
CLOSING = {*".,\u2019\u201d"}
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
    """Write every face and licence into the library's ``theme/fonts``."""
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
        for part, wanted, features in (("", has & BASIC, PROSE), ("-rest", has - BASIC, REST)):
            name = f"{source.stem}{part}.woff2"
            cut(source, wanted, features, OUT / name)
            rules.append(
                f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{slant};font-display:swap;'
                f'src:url("@up@fonts/{name}") format("woff2");unicode-range:{ranges(wanted)}}}\n'
            )
    (OUT / "faces.css").write_text("".join(rules), encoding="utf-8")


def cut(source: Path, wanted: set[int], features: list[str], target: Path) -> None:
    """Write the part of a font that draws the `wanted` characters."""
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.name_IDs = [14]  # where the licence is; its words are kept beside
    options.drop_tables += ["STAT", "gasp"]
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=wanted)
    worker.subset(font)
    if "kern" in features:
        kern(font)
    font.flavor = "woff2"
    font.save(target)


def kern(font: TTFont) -> None:
    """Keep the distances between letters that stand side by side in prose, and write them the short way.

    They are rounded to a hundredth of the letters' size, which no eye tells. Letters that keep the same
    distances are one class, which says in few bytes what the designers wrote pair by pair.
    """
    step = font["head"].unitsPerEm // 100
    kept = {}
    for pair, value in distances(font).items():
        if (rounded := round(value / step) * step) and in_prose(font, *pair):
            kept[pair] = rounded
    first = alike({one for one, _ in kept}, lambda one: {(b, v) for (a, b), v in kept.items() if a == one})
    second = alike({two for _, two in kept}, lambda two: {(a, v) for (a, b), v in kept.items() if b == two})
    pairs = {
        (left, right): (buildValue({"XAdvance": kept[left[0], right[0]]}), None)
        for left, right in itertools.product(first, second)
        if (left[0], right[0]) in kept
    }
    lookup = font["GPOS"].table.LookupList.Lookup[0]
    lookup.SubTable = [buildPairPosClassesSubtable(pairs, font.getReverseGlyphMap())]
    lookup.LookupType, lookup.SubTableCount = 2, 1
    del font["GDEF"]


def alike(glyphs: set[str], distances_of: Callable[[str], set]) -> list[tuple[str, ...]]:
    """Return glyphs in groups that keep the same distances, in an order that is always the same."""
    groups: dict[frozenset, list[str]] = {}
    for glyph in sorted(glyphs):
        groups.setdefault(frozenset(distances_of(glyph)), []).append(glyph)
    return [tuple(group) for group in groups.values()]


def distances(font: TTFont) -> dict[tuple[str, str], int]:
    """Return what a font adds between two glyphs: what the first rule says that speaks of both."""
    (lookup,) = font["GPOS"].table.LookupList.Lookup
    rules = [getattr(one, "ExtSubTable", one) for one in lookup.SubTable]
    found = {}
    for one, other in itertools.product(font.getGlyphOrder(), repeat=2):
        for rule in rules:
            if (value := distance(rule, one, other)) is not None:
                found[one, other] = value
                break
    return found


def distance(rule: Any, one: str, other: str) -> int | None:
    """Return what one rule adds between two glyphs; none if it does not speak of them."""
    if one not in rule.Coverage.glyphs:
        return None
    if rule.Format == 1:
        pairs = rule.PairSet[rule.Coverage.glyphs.index(one)].PairValueRecord
        record = next((pair for pair in pairs if pair.SecondGlyph == other), None)
        if record is None:
            return None
    else:
        first, second = rule.ClassDef1.classDefs.get(one, 0), rule.ClassDef2.classDefs.get(other, 0)
        record = rule.Class1Record[first].Class2Record[second]
    return getattr(record.Value1, "XAdvance", 0)


def in_prose(font: TTFont, one: str, other: str) -> bool:
    """Tell whether two glyphs stand side by side in prose: in a word, or with the marks around it.

    A small letter before a capital, and most pairs of marks, do not. Of a ligature, its letters count.
    """
    drawn = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    before, after = (drawn.get(glyph, glyph[0] if glyph in LIGATURES else "") for glyph in (one, other))
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
