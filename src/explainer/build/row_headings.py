"""Row headings in the tags of a PDF: Typst has them behind a flag that its Python package cannot set."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NullObject, PdfObject, TextStringObject


def mark(pdf: bytes) -> bytes:
    """Return the PDF with the first cell of each row as the heading of its row, as on the page.

    Parameters
    ----------
    pdf : bytes
        A tagged PDF by Typst. In a table with a head, each cell names the heading of its column.

    Returns
    -------
    bytes
        The same with other tags. A last column that is empty from head to foot, which only keeps rows
        together on a page, is no longer announced.
    """
    reader = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    root = writer.root_object["/StructTreeRoot"].get_object()
    assert isinstance(root, DictionaryObject)
    tables = [table for table in _all(root, "/Table") if any(_all(table, "/THead"))]
    for number, table in enumerate(tables, start=1):
        rows = list(_all(table, "/TR"))
        _drop_empty_column(rows)
        first = _children(rows[0])[0]["/ID"]
        for place, row in enumerate(rows[1:], start=1):
            _mark_row(row, first, TextStringObject(f"R{number}y{place}"))
    # PDF looks identifiers up in a sorted list.
    named = {str(one["/ID"]): one for kind in ("/TH", "/Note") for one in _all(root, kind) if "/ID" in one}
    pairs = [
        part for name in sorted(named) for part in (TextStringObject(name), named[name].indirect_reference)
    ]
    if tables:
        names = ArrayObject(part for part in pairs if part is not None)
        root[NameObject("/IDTree")] = DictionaryObject({NameObject("/Names"): names})
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _children(element: DictionaryObject) -> list[DictionaryObject]:
    inside = element.get("/K", NullObject()).get_object()
    listed = inside if isinstance(inside, ArrayObject) else [inside]
    return [one for one in (item.get_object() for item in listed) if isinstance(one, DictionaryObject)]


def _all(element: DictionaryObject, kind: str) -> Iterator[DictionaryObject]:
    """Yield the elements of a kind below another, in the order of reading."""
    for child in _children(element):
        if child.get("/S") == kind:
            yield child
        yield from _all(child, kind)


def _drop_empty_column(rows: list[DictionaryObject]) -> None:
    width = len(_children(rows[0]))
    full = [row for row in rows if len(_children(row)) == width]
    if not any(_children(row)[-1].get("/K") for row in full):
        for row in full:
            row[NameObject("/K")] = ArrayObject(_list(row, "/K")[:-1])


def _mark_row(row: DictionaryObject, column: PdfObject, name: TextStringObject) -> None:
    """Make a row's cell of the first column its heading, and let the others name it."""
    first, *others = _children(row)
    attributes = _of_table(first)
    if column not in attributes.get("/Headers", ()):
        # A cell of the row above reaches into this one.
        return
    first[NameObject("/S")] = NameObject("/TH")
    first[NameObject("/ID")] = name
    attributes[NameObject("/Scope")] = NameObject("/Row")
    for cell in others:
        _list(_of_table(cell), "/Headers").append(name)


def _of_table(cell: DictionaryObject) -> DictionaryObject:
    """Return the attributes that a cell has as a part of its table."""
    attributes = _list(cell, "/A")
    if not any(one["/O"] == "/Table" for one in attributes):
        attributes.append(DictionaryObject({NameObject("/O"): NameObject("/Table")}))
    return next(one for one in attributes if one["/O"] == "/Table")


def _list(element: DictionaryObject, key: str) -> ArrayObject:
    """Return a list of an element, which gets one if it has none."""
    found = element.setdefault(NameObject(key), ArrayObject()).get_object()
    assert isinstance(found, ArrayObject)
    return found
