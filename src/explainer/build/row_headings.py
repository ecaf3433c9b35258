"""Row headings in the tags of a PDF: Typst has them behind a flag that its Python package cannot set."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, String


def mark(pdf: bytes) -> bytes:
    """Return the PDF with the first cell of each row as the heading of its row, as on the page.

    Parameters
    ----------
    pdf : bytes
        A tagged PDF by Typst. In a table with a head, each cell names the heading of its column.

    Returns
    -------
    bytes
        The same with other tags, in compressed objects: the tags are most of a PDF. A last column that is
        empty from head to foot, which only keeps rows together on a page, is no longer announced.
    """
    with Pdf.open(io.BytesIO(pdf)) as document:
        root = document.Root.StructTreeRoot
        tables = [table for table in _all(root, Name.Table) if any(_all(table, Name.THead))]
        for number, table in enumerate(tables, start=1):
            rows = list(_all(table, Name.TR))
            _drop_empty_column(rows)
            first = str(_children(rows[0])[0].ID)
            for place, row in enumerate(rows[1:], start=1):
                _mark_row(row, first, f"R{number}y{place}")
        if tables:
            # PDF looks identifiers up in a sorted list.
            named = {
                str(one.ID): one
                for kind in (Name.TH, Name.Note)
                for one in _all(root, kind)
                if Name.ID in one
            }
            pairs = [part for name in sorted(named) for part in (String(name), named[name])]
            root[Name.IDTree] = Dictionary(Names=Array(pairs))
        made = io.BytesIO()
        document.save(made, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    return made.getvalue()


def _children(element: Object) -> list[Object]:
    inside = element.get(Name.K)
    listed = inside if isinstance(inside, Array) else [inside]
    return [one for one in listed if isinstance(one, Dictionary)]


def _all(element: Object, kind: Name) -> Iterator[Object]:
    """Yield the elements of a kind below another, in the order of reading."""
    for child in _children(element):
        if child.get(Name.S) == kind:
            yield child
        yield from _all(child, kind)


def _drop_empty_column(rows: list[Object]) -> None:
    width = len(_children(rows[0]))
    full = [row for row in rows if len(_children(row)) == width]
    if not any(_children(row)[-1].get(Name.K) for row in full):
        for row in full:
            row.K = Array(list(_list(row, Name.K))[:-1])


def _mark_row(row: Object, column: str, name: str) -> None:
    """Make a row's cell of the first column its heading, and let the others name it."""
    first, *others = _children(row)
    attributes = _of_table(first)
    if column not in map(str, _list(attributes, Name.Headers)):
        # A cell of the row above reaches into this one.
        return
    first.S = Name.TH
    first.ID = String(name)
    attributes[Name.Scope] = Name.Row
    for cell in others:
        _list(_of_table(cell), Name.Headers).append(String(name))


def _of_table(cell: Object) -> Object:
    """Return the attributes that a cell has as a part of its table."""
    attributes = _list(cell, Name.A)
    if not any(one.get(Name.O) == Name.Table for one in attributes):
        attributes.append(Dictionary(O=Name.Table))
    return next(one for one in attributes if one.get(Name.O) == Name.Table)


def _list(element: Object, key: Name) -> Object:
    """Return a list of an element, which gets one if it has none."""
    if key not in element:
        element[key] = Array([])
    return element[key]
