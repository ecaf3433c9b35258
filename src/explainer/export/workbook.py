"""All tables as one workbook: a dictionary first, then a sheet for each table, whose text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from explainer.export import names
from explainer.export.tables import Column, Table
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

DICTIONARY = "Dictionary"
HEADINGS = ("Sheet", "Column", "Heading", "Type", "Meaning", "Key", "Refers to")
#: What a sheet can hold: rows, columns, and characters in a cell.
ROWS, COLUMNS, LONGEST = 1_048_576, 16_384, 32_767
NUMBERS = ("integer", "number")
#: More digits than this become others in a spreadsheet.
DIGITS = 15
#: Widths of columns, in characters.
NARROWEST, WIDEST = 8, 60
#: XlsxWriter would make formulas, links and numbers of texts that look like them.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Formats(NamedTuple):
    """How cells look: a text that is never read as anything else, a number, a heading."""

    text: Format
    number: Format
    heading: Format


def workbook(tables: list[Table], title: str, day: str | None) -> bytes:
    """Return the workbook; the same tables give the same bytes.

    Parameters
    ----------
    tables : list of Table
        All tables of a project.
    title : str
        Of the whole.
    day : str or None
        When it was made, as an ISO date; a time of its own would change with every build.

    Raises
    ------
    Fault
        If a table has more rows or columns than a sheet, or a cell more text, with its place.
    """
    import xlsxwriter

    for table in tables:
        _check(table)
    content = BytesIO()
    # The year in which its members are dated, too.
    made = datetime.fromisoformat(day or "1980-01-01")
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"title": title, "created": made})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        number = book.add_format({"num_format": "General", "valign": "top"})
        heading = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        sheets = names.unique(
            (table.name for table in tables), names.for_sheet, names.LONGEST_SHEET, [DICTIONARY]
        )
        _write_dictionary(book, tables, sheets, Formats(text, number, heading))
        for table in tables:
            _write(book, sheets[table.name], table, Formats(text, number, heading))
    return content.getvalue()


def is_number(column: Column, cell: str) -> bool:
    """Return whether a cell is a number that a spreadsheet keeps as it is."""
    digits = sum(letter.isdigit() for letter in cell.partition("e")[0])
    return column.kind in NUMBERS and bool(cell) and digits <= DIGITS


def _check(table: Table) -> None:
    """Refuse what no sheet can hold."""
    file = table.source.file
    if len(table.cells) >= ROWS or len(table.columns) > COLUMNS:
        raise Fault(
            f"has more than the {ROWS - 1:,} rows or {COLUMNS:,} columns of a worksheet",
            file=file,
            remedy="Take the CSV or the SQLite file; the workbook is left out.",
        )
    for row, cells in enumerate(table.cells, start=2):
        for column, cell in zip(table.columns, cells, strict=True):
            if len(cell) > LONGEST:
                raise Fault(
                    f"is longer than the {LONGEST:,} characters of a spreadsheet's cell",
                    file=file,
                    row=row,
                    column=column.name,
                    remedy="Shorten it, or take the SQLite file; the workbook is left out.",
                )


def _write(book: Workbook, name: str, table: Table, formats: Formats) -> None:
    sheet = book.add_worksheet(name)
    _write_heading(sheet, [column.name for column in table.columns], formats)
    for place, column in enumerate(table.columns):
        style = formats.number if column.kind in NUMBERS else formats.text
        sheet.set_column(place, place, _width(column.name, (row[place] for row in table.cells)), style)
        for at, row in enumerate(table.cells, start=1):
            cell = row[place]
            if is_number(column, cell):
                # A decimal is written with the digits of the cell, where a float's may be others.
                sheet.write_number(at, place, Decimal(cell), formats.number)
            elif cell:
                sheet.write_string(at, place, cell, formats.text)
    if table.cells:
        sheet.autofilter(0, 0, len(table.cells), len(table.columns) - 1)


def _write_dictionary(book: Workbook, tables: list[Table], sheets: dict[str, str], formats: Formats) -> None:
    sheet = book.add_worksheet(DICTIONARY)
    rows = [row for table in tables for row in _meanings(table, sheets)]
    _write_heading(sheet, HEADINGS, formats)
    for place, name in enumerate(HEADINGS):
        sheet.set_column(place, place, _width(name, (row[place] for row in rows)), formats.text)
    cells = ((at, place, cell) for at, row in enumerate(rows, start=1) for place, cell in enumerate(row))
    for at, place, cell in cells:
        if cell:
            sheet.write_string(at, place, cell[:LONGEST], formats.text)
    sheet.autofilter(0, 0, len(rows), len(HEADINGS) - 1)


def _meanings(table: Table, sheets: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the dictionary about a table: what it is, and what each column means."""
    yield sheets[table.name], "", table.title, "", table.description, "", ""
    targets = {
        column: f"{sheets[link.table]}.{target}"
        for link in table.links
        for column, target in zip(link.columns, link.targets, strict=True)
    }
    for column in table.columns:
        yield (
            sheets[table.name],
            column.name,
            column.title,
            column.form,
            column.description,
            "key" if column.name in table.key else "",
            targets.get(column.name, ""),
        )


def _write_heading(sheet: Worksheet, cells: Iterable[str], formats: Formats) -> None:
    sheet.freeze_panes(1, 0)
    for place, cell in enumerate(cells):
        sheet.write_string(0, place, cell, formats.heading)


def _width(name: str, cells: Iterable[str]) -> int:
    longest = max((len(cell) for cell in cells), default=0)
    return min(WIDEST, max(NARROWEST, len(name) + 3, longest + 1))
