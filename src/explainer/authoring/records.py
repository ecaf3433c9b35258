"""A data frame as plain records: for JSON, for Markdown and for spreadsheets."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from explainer.system.errors import Fault

MISSING = "–"
DANGEROUS = ("=", "+", "-", "@", "\t", "\n")
ADDRESS = re.compile(r"https?://[^\s<>\"\\]+")
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~^$@&]|-(?=-)|\.(?=\.\.))")


def escape_markdown(text: str) -> str:
    """Return `text` so that Pandoc and Jupyter print it literally, on one line; quotes may curl."""
    return MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def spreadsheet_safe(text: str) -> str:
    """Return `text` with an apostrophe before what a spreadsheet would read as a formula.

    Line ends become LF, since a bare CR would end the row in some readers.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _kind(column: pd.Series) -> str:
    """Return the Table Schema type of a column."""
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "string"


def _plain(value: Any, kind: str) -> Any:
    """Return a cell as a JSON value; a missing one is None."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind == "date":
        return pd.Timestamp(value).date().isoformat()
    if kind == "integer":
        return int(value)
    if kind == "number":
        return float(value)
    if kind == "boolean":
        return bool(value)
    return str(value)


def _shown(value: Any, kind: str, style: str | None, missing: str) -> str:
    """Return the text of a cell."""
    if value is None:
        return missing
    if style is not None:
        return style.format(value)
    if kind == "boolean":
        return "yes" if value else "no"
    return f"{value:g}" if kind == "number" else str(value)


class Records:
    """The rows and columns of a frame to show, with headings and formats.

    Parameters
    ----------
    frame : DataFrame
    columns : mapping of str to str, optional
        Columns to show, in this order, with their headings; all by default.
    formats : mapping of str to str, optional
        Python format of a column's values, such as ``{:,.1f}``.
    missing : str
        Text for a missing value.
    links : mapping of str to str, optional
        Shown column -> the column of `frame` that holds its link, blank for none.
    key : sequence of str, optional
        Columns of `frame` that tell its rows apart.

    Raises
    ------
    Fault
        If the frame is empty, a column does not exist, or a link is not a web address.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        columns: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        missing: str = MISSING,
        links: Mapping[str, str] | None = None,
        key: Sequence[str] = (),
    ) -> None:
        titles = dict(columns) if columns is not None else _headings(frame)
        formats, links = dict(formats or {}), dict(links or {})
        _refuse_columns(frame, titles, [*formats, *links.values(), *key])
        _refuse_links(links, titles)
        kinds = {name: _kind(frame[name]) for name in titles}
        self.columns = [{"name": name, "title": titles[name], "type": kinds[name]} for name in titles]
        self.rows = [
            {name: _plain(value, kinds[name]) for name, value in zip(titles, row, strict=True)}
            for row in frame[list(titles)].itertuples(index=False, name=None)
        ]
        self.cells = [
            [_shown(row[name], kinds[name], formats.get(name), missing) for name in titles]
            for row in self.rows
        ]
        self.links = [
            {name: address for name, column in links.items() if (address := _address(row[column]))}
            for row in frame[list(links.values())].to_dict("records")
        ]

        self.ids = _ids(frame, key)

    def to_dict(self) -> dict[str, Any]:
        """Return ``columns`` (name, title, type), ``rows`` (values) and ``cells`` (the same as text).

        Where there are any, also ``links``, for each row column -> address, and ``ids``, the key of each row.
        """
        records = {"columns": self.columns, "rows": self.rows, "cells": self.cells}
        links = {"links": self.links} if any(self.links) else {}
        return records | links | ({"ids": self.ids} if any(self.ids) else {})

    def to_markdown(self) -> str:
        """Return a pipe table, numbers to the right."""
        right = [column["type"] in ("integer", "number") for column in self.columns]
        lines = [
            [escape_markdown(column["title"]) for column in self.columns],
            ["---:" if number else ":---" for number in right],
            *(
                [
                    f"[{escape_markdown(cell)}](<{addresses[column['name']]}>)"
                    if column["name"] in addresses
                    else escape_markdown(cell)
                    for column, cell in zip(self.columns, row, strict=True)
                ]
                for row, addresses in zip(self.cells, self.links, strict=True)
            ),
        ]
        return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _address(value: Any) -> str:
    """Return an address that a page may link to; blank for a missing one.

    Raises
    ------
    Fault
        If it is not a web address, or could end the link early.
    """
    text = "" if pd.isna(value) else str(value).strip()
    if text and not ADDRESS.fullmatch(text):
        raise Fault("not a web address", value=text, remedy="Write it in full: https://…, percent-encoded.")
    return text


def _ids(frame: pd.DataFrame, key: Sequence[str]) -> list[str]:
    """Return the cells of each row's key as one text."""
    rows = frame[list(key)].itertuples(index=False, name=None)
    return [" ".join(str(value) for value in row if not pd.isna(value)) for row in rows]


def _headings(frame: pd.DataFrame) -> dict[str, str]:
    """Return a heading for each column, made from its name."""
    words = {str(name): str(name).replace("_", " ") for name in frame.columns}
    return {name: text[:1].upper() + text[1:] for name, text in words.items()}


def _refuse_columns(frame: pd.DataFrame, titles: Mapping[str, str], others: Iterable[str]) -> None:
    """Raise if a named column does not exist, or there are no rows."""
    for name in [*titles, *others]:
        if name not in frame.columns:
            known = ", ".join(map(str, frame.columns))
            raise Fault("no such column in the data", value=name, remedy=f"The columns are {known}.")
    if frame.empty:
        raise Fault(
            "there is nothing to show", remedy="Check the filter before this cell; the frame has no rows."
        )


def _refuse_links(links: Mapping[str, str], titles: Mapping[str, str]) -> None:
    """Raise if a column with links is not shown."""
    for name in links:
        if name not in titles:
            raise Fault("a link on a column that is not shown", value=name, remedy="Name a column that is.")


def to_csv(columns: list[dict[str, str]], rows: list[dict[str, Any]]) -> str:
    """Return records as CSV in which a spreadsheet finds no formula; numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([spreadsheet_safe(column["name"]) for column in columns])
    for row in rows:
        writer.writerow([_cell(row[column["name"]]) for column in columns])
    return out.getvalue()


def _cell(value: Any) -> Any:
    """Return a value as CSV writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return spreadsheet_safe(value) if isinstance(value, str) else value
