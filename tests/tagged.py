"""What the tags of a PDF tell a screen reader, and what is wrong with them.

No package here checks all of PDF/UA-1: Typst refuses what it knows, and the rest is read from the tags.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject

#: What holds text of its own: text anywhere else would be read as a part of nothing.
KINDS = "P H1 H2 H3 H4 BlockQuote Caption TD TH LBody Lbl Note Title Figure Code"
BLOCKS = {f"/{kind}" for kind in KINDS.split()}


class Tags:
    """The tags of a PDF.

    Parameters
    ----------
    content : bytes
        The PDF.
    """

    def __init__(self, content: bytes) -> None:
        self.reader = pypdf.PdfReader(io.BytesIO(content))
        self.root = self.reader.trailer["/Root"]
        self.tree = self.root.get("/StructTreeRoot", DictionaryObject()).get_object()

    def all(self, *kinds: str, below: DictionaryObject | None = None) -> Iterator[DictionaryObject]:
        """Yield the elements of some kinds, or all, in the order of reading."""
        for child in children(self.tree if below is None else below):
            if not kinds or child["/S"] in kinds:
                yield child
            yield from self.all(*kinds, below=child)

    def tables(self) -> list[tuple[list[DictionaryObject], list[list[DictionaryObject]]]]:
        """Return the cells of each table's first row, and of each row after it."""
        read = []
        for table in self.all("/Table"):
            rows = [list(children(row)) for row in self.all("/TR", below=table)]
            read.append((rows[0], rows[1:]))
        return read

    def faults(self) -> list[str]:
        """Return in words what a screen reader would miss."""
        return [fault for check in CHECKS for fault in check(self)]


def children(element: DictionaryObject) -> Iterator[DictionaryObject]:
    inside = element.get("/K", ArrayObject()).get_object()
    for item in inside if isinstance(inside, ArrayObject) else [inside]:
        child = item.get_object()
        if isinstance(child, DictionaryObject) and "/S" in child:
            yield child


def of_table(cell: DictionaryObject) -> DictionaryObject:
    return next((one for one in cell.get("/A", []) if one["/O"] == "/Table"), DictionaryObject())


def _frame(tags: Tags) -> Iterator[str]:
    root = tags.root
    if not tags.tree or not root.get("/MarkInfo", {}).get("/Marked"):
        yield "it is not tagged"
    if "/Lang" not in root:
        yield "it names no language"
    if not (tags.reader.metadata or {}).get("/Title"):
        yield "it has no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "a reader shows the file's name for its title"
    if "/Metadata" not in root or b"pdfuaid:part" not in root["/Metadata"].get_data():
        yield "it does not say that it is PDF/UA"


def _pictures(tags: Tags) -> Iterator[str]:
    for figure in tags.all("/Figure"):
        if not str(figure.get("/Alt", "")).strip():
            yield "a picture has no alternative text"


def _tables(tags: Tags) -> Iterator[str]:
    names = tags.tree.get("/IDTree", {}).get("/Names", [])
    known = dict(zip(map(str, names[::2]), [one.get_object() for one in names[1::2]], strict=True))
    if list(known) != sorted(known):
        yield "identifiers are not in order, so that none is found"
    for number, (heads, rows) in enumerate(tags.tables(), start=1):
        where = f"table {number}"
        if any(head["/S"] != "/TH" or of_table(head).get("/Scope") != "/Column" for head in heads):
            yield f"{where} has a column without a heading"
        for row in rows:
            if len(row) != len(heads):
                yield f"{where} has a row of {len(row)} cells"
            if row[0]["/S"] != "/TH" or of_table(row[0]).get("/Scope") != "/Row":
                yield f"{where} has a row without a heading"
            for place, cell in enumerate(row):
                named = [str(name) for name in of_table(cell).get("/Headers", [])]
                expected = [heads[place], *([row[0]] if place else [])]
                if [known.get(name) for name in named] != expected:
                    yield f"{where} has a cell that does not name its headings"


def _headings(tags: Tags) -> Iterator[str]:
    levels = [int(str(one["/S"])[2:]) for one in tags.all("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")]
    for before, after in zip([0, *levels], levels, strict=False):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _words(tags: Tags) -> Iterator[str]:
    def outside(element: DictionaryObject) -> Iterator[DictionaryObject]:
        for child in children(element):
            if child["/S"] in BLOCKS:
                continue
            content = child.get("/K", ArrayObject()).get_object()
            own = content if isinstance(content, ArrayObject) else [content]
            if any(isinstance(one.get_object(), int) for one in own):
                yield child
            yield from outside(child)

    for element in outside(tags.tree):
        yield f"words stand in no paragraph, but in {element['/S']}"


CHECKS: tuple[Callable[[Tags], Iterator[str]], ...] = (_frame, _pictures, _tables, _headings, _words)
