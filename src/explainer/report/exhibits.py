"""Figures and tables as pages and paper show them, built once for all pages: ``_build/exhibits``.

A filter puts them in their places. What depends on the page is left to it: the number, the way to the
report's folder, whether sources lead to the page's list, the link to the notebook or to the report.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from markupsafe import escape

from explainer.report.folders import write_folder
from explainer.report.layout import VEGA
from explainer.report.site import anchor
from explainer.report.templates import render
from explainer.system.project import Project

NAMES = {"fig": "Figure", "tbl": "Table"}
#: What a figure may have beside it.
DOWNLOADS = ("script", "embed", "csv", "svg", "png", "spec")
NUMBERS = ("number", "integer")
#: Values up to this length, such as months, are not broken over lines.
SHORT = 12
#: A drawing made wider than the text, in CSS pixels, reaches into the margin...
TEXT = 760
#: ...and so does a table of this many columns, unless all but the first are numbers and short words.
COLUMNS = 4
#: How many characters of a row's words its id has at most.
LONGEST_ID = 60
#: A longer list of sources is folded.
FEW = 4
#: A table with more rows is an appendix: it opens on the reader's wish.
MANY = 60


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    title : str
        Its heading.
    is_number : bool
        Whether its values are numbers.
    kind : str
        Class of its cells: ``number``, ``short`` or none.
    """

    title: str
    is_number: bool
    kind: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Parameters
    ----------
    text : str
        What it says.
    url : str
        Where its words lead to, if anywhere.
    is_again : bool
        Whether it repeats the heading of the row above.
    here : str
        The id of its row, in the one cell of the row that shows its address: the last with words.
    """

    text: str
    url: str = ""
    is_again: bool = False
    here: str = ""


def write(project: Project, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Write ``_build/exhibits/<label>.json`` for every figure and table, and remove what is out of date.

    Parameters
    ----------
    project : Project
        With the drawings of its figures written.
    entries : mapping
        As ``figures.json`` has them.
    """
    files = {
        f"{label}.json": (json.dumps(exhibit(project, entry), ensure_ascii=False) + "\n").encode()
        for label, entry in entries.items()
    }
    write_folder(project.build / "exhibits", files)


def exhibit(project: Project, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return one figure or table as the filters read it.

    Parameters
    ----------
    project : Project
        The project.
    entry : mapping
        The figure or table as ``figures.json`` has it.

    Returns
    -------
    dict
        ``notebook``, ``page`` and ``cell`` (where it was made), ``sources`` (ids), and for each format its
        markup and what the page chooses from. ``html`` has a ``body`` with comments where the page decides,
        sources that lead to their own address (``named``) or to the page's list (``listed``), and the code to
        embed it in full (``code``) or without the script that the page has already (``code_again``).
        ``typst`` has the ``arguments`` that no page decides, and the sources in both forms.
    """
    code = entry.get("embed_code") or ""
    sources = entry.get("sources") or []
    own = [{"text": source["text"], "url": source.get("url") or ""} for source in sources]
    listed = [
        {"text": source.get("name") or source["text"], "id": source["id"], "url": source.get("url") or ""}
        for source in sources
    ]
    anchors = [source | {"url": f"#ref-{source['id']}"} for source in listed]
    return {
        "notebook": entry["notebook"],
        "page": entry["page"],
        "cell": anchor(entry["cell"]),
        "sources": [source["id"] for source in sources],
        "html": {
            "body": render(project, "figure.html", **_body(project, entry)),
            "named": _html_sources(project, entry, own),
            "listed": _html_sources(project, entry, anchors),
            "code": escape(code),
            "code_again": escape(code.partition("\n")[0]),
        },
        "typst": {
            "arguments": _typst_arguments(entry),
            "named": _typst_sources(own),
            "listed": _typst_sources(listed),
        },
    }


def columns(entry: Mapping[str, Any]) -> list[Column]:
    """Return the columns of a figure's table, each with the class of its cells."""
    shown = []
    for at, column in enumerate(entry["columns"]):
        is_number = column.get("type") in NUMBERS
        is_short = all(len(row[at]) <= SHORT for row in entry["cells"])
        kind = "number" if is_number else "short" if is_short else ""
        shown.append(Column(column.get("title") or column["name"], is_number, kind))
    return shown


def rows(entry: Mapping[str, Any]) -> list[list[Cell]]:
    """Return the cells of a figure's table, row by row."""
    names = [column["name"] for column in entry["columns"]]
    shown: list[list[Cell]] = []
    for texts, urls in zip_longest(entry["cells"], entry.get("links") or []):
        cells = [Cell(text, (urls or {}).get(name) or "") for text, name in zip(texts, names, strict=True)]
        # A question with several answers is asked once; each row still has its heading.
        if entry["kind"] == "tbl" and shown and texts[0] == shown[-1][0].text and not cells[0].url:
            cells[0] = Cell(texts[0], is_again=True)
        shown.append(cells)
    return _addressed(shown, row_ids(entry)) if entry["kind"] == "tbl" else shown


def _addressed(shown: list[list[Cell]], ids: list[str]) -> list[list[Cell]]:
    """Return the rows with the id of each in its last cell with words."""
    for cells, name in zip(shown, ids, strict=True):
        last = max((at for at, cell in enumerate(cells) if cell.text.strip()), default=0)
        cells[last] = replace(cells[last], here=name)
    return shown


def row_ids(entry: Mapping[str, Any]) -> list[str]:
    """Return the id of each row of a table: its label and the row's key, or the first words no other row has.

    An edit of words leaves an id that is made of a key as it is. Another row, or another order of rows,
    leaves any id as it is, but for rows with the same key or the same first words.

    Examples
    --------
    >>> cells = [["July 3", "WHYY"], ["July 3", "AP"], ["July 5", "AP"]]
    >>> row_ids({"label": "tbl-a", "cells": cells})
    ['tbl-a.july-3-whyy', 'tbl-a.july-3-ap', 'tbl-a.july-5']
    >>> row_ids({"label": "tbl-a", "cells": cells, "ids": ["whyy_0703", "ap_0703", "ap_0705"]})
    ['tbl-a.whyy-0703', 'tbl-a.ap-0703', 'tbl-a.ap-0705']
    """
    ids: dict[str, None] = {}
    alike: Counter[str] = Counter()
    for key, words in zip_longest(entry.get("ids") or [], _first_words(entry["cells"])):
        name = own = f"{entry['label']}.{_slug(key or '') or words}"
        while own in ids:
            alike[name] += 1
            own = f"{name}-{alike[name] + 1}"
        ids[own] = None
    return list(ids)


def _first_words(cells: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the first words of each row that no other row has."""
    rows = [[_slug(text) for text in row] for row in cells]
    alike = Counter(tuple(row[:length]) for row in rows for length in range(1, len(row) + 1))
    for row in rows:
        lengths = range(1, len(row) + 1)
        length = next((one for one in lengths if alike[tuple(row[:one])] == 1), len(row))
        yield "-".join(filter(None, row[:length]))[:LONGEST_ID].strip("-")


def _slug(text: str) -> str:
    """Return the letters and digits of a text as a part of an id."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def drawn(project: Project, entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return class and SVG of each drawing of a chart: for a page, and for a phone where there is one."""
    kinds = {"page": "chart"}
    if entry["files"].get("narrow"):
        kinds = {"page": "chart chart-wide", "page-narrow": "chart chart-narrow"}
    folder = project.build / "figures" / entry["label"]
    return [
        (kind, (folder / f"{name}.svg").read_text(encoding="utf-8").strip()) for name, kind in kinds.items()
    ]


def is_wide(entry: Mapping[str, Any], drawing: str = "") -> bool:
    """Return whether a figure reaches into the margin: a wide drawing, or a table of long texts."""
    if entry["kind"] == "fig":
        width = re.search(r'viewBox="0 0 ([\d.]+)', drawing)
        return width is not None and float(width[1]) > TEXT
    return len(entry["columns"]) >= COLUMNS and any(not column.kind for column in columns(entry)[1:])


def _body(project: Project, entry: Mapping[str, Any]) -> dict[str, Any]:
    label = entry["label"]
    pictures = drawn(project, entry) if entry["kind"] == "fig" else []
    return {
        "label": label,
        "kind": entry["kind"],
        "name": NAMES[entry["kind"]],
        "takeaway": entry.get("takeaway") or "",
        "caption": entry["caption"],
        "is_wide": is_wide(entry, pictures[0][1] if pictures else ""),
        "is_long": len(entry["cells"]) > MANY,
        # The comments let the last step put a drawing back as it was: Quarto reads the finished page into a
        # tree that forgets the case of SVG's names.
        "drawn": [
            (kind, f"<!--svg {label} {name}-->{drawing}<!--/svg-->")
            for (kind, drawing), name in zip(pictures, ("page", "page-narrow"), strict=False)
        ],
        "columns": columns(entry),
        "rows": rows(entry),
        "downloads": {kind: {} for kind in DOWNLOADS} | (entry.get("downloads") or {}),
        "vega": VEGA,
        "embed_code": entry.get("embed_code") or "",
    }


def _html_sources(project: Project, entry: Mapping[str, Any], sources: Sequence[Mapping[str, str]]) -> str:
    return render(project, "sources.html", note=entry.get("note") or "", sources=sources, few=FEW)


def _typst_arguments(entry: Mapping[str, Any]) -> str:
    """Return what is the same on every page as named arguments of ``exhibit`` in ``report.typ``."""
    shape = columns(entry)
    body = [_array(_typst_cell(cell) for cell in row) for row in rows(entry)]
    arguments = {
        "id": quote(entry["label"]),
        "takeaway": quote(entry.get("takeaway") or ""),
        "caption": quote(entry["caption"]),
        "note": quote(entry.get("note") or ""),
        "sides": _array(quote("right" if column.is_number else "left") for column in shape),
        "header": _array(quote(column.title) for column in shape),
        "rows": _array(body, ",\n    "),
    }
    if entry["kind"] == "fig":
        arguments["alt"] = quote(entry["alt"])
        # From the project's root, which both engines give to Typst.
        arguments["drawing"] = quote(f"/_build/figures/{entry['label']}/print.svg")
    return ",\n  ".join(f"{name}: {value}" for name, value in arguments.items())


def _typst_cell(cell: Cell) -> str:
    return f"({quote(cell.text)}, {quote(cell.url)})" if cell.url else quote(cell.text)


def _typst_sources(sources: Iterable[Mapping[str, str]]) -> str:
    return _array(f"({quote(source['text'])}, {quote(source['url'])})" for source in sources)


def _array(values: Iterable[str], between: str = ", ") -> str:
    """Return a Typst array, which keeps its kind with one value by a comma."""
    return "(" + "".join(value + between for value in values).rstrip(" \n") + ")"


def quote(text: str) -> str:
    """Return a Typst string; inside one, nothing is markup."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"\r?\n", " ", escaped) + '"'
