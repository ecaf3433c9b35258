"""The tables as pages: one that says what every column means, and one for the rows of each table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from explainer.english.dates import spoken
from explainer.export import claims, dataset
from explainer.export.formats import Publication
from explainer.export.tables import Column, Link, Table, items
from explainer.report import site as report_site
from explainer.report.files import address, data, head
from explainer.report.templates import render
from explainer.system.project import Project

INDEX = "index.html"
#: Where style and script of these pages are in the report.
STYLE, SCRIPT = "styles/data.css", "scripts/table.js"
#: A page with more rows is slow to open; the rest is in the files.
MOST_ROWS = 1000
#: The forms of one table, in order: heading and ending.
FORMATS = (("JSON", "json"), ("Parquet", "parquet"))


@dataclass(frozen=True)
class Part:
    """A piece of a cell: its words, and where they lead to, if anywhere."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a page: the name of its place, and its cells in parts."""

    anchor: str
    cells: list[list[Part]]


class Pages:
    """The pages of all tables.

    Parameters
    ----------
    project : Project
        The project.
    publication : Publication
        Its data.
    files : mapping of str to bytes
        The files of all forms, by path from the data folder.
    site : mapping
        ``title``, ``lang``, ``home``, ``notebooks`` and ``script``.
    """

    def __init__(
        self, project: Project, publication: Publication, files: Mapping[str, bytes], site: Mapping[str, Any]
    ) -> None:
        self.project = project
        self.publication = publication
        self.files = files
        self.site = site
        self.names = {name: f"{file}.html" for name, file in publication.file_names.items()}
        self.notebooks = {PurePosixPath(one["path"]).stem: one for one in site["notebooks"]}

    def build(self) -> dict[str, bytes]:
        """Return every page by its path from the data folder."""
        pages = {INDEX: self._dictionary()}
        for table in self.publication.tables:
            pages[self.names[table.name]] = self._table(table)
        return {path: text.encode() for path, text in pages.items()}

    @cached_property
    def anchors(self) -> dict[str, list[str]]:
        """The names of the places of the rows that a page shows, by table."""
        return {table.name: anchors(table)[:MOST_ROWS] for table in self.publication.tables}

    @cached_property
    def places(self) -> dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], str]]:
        """For the columns of a table that a link leads to: the address of the row with certain cells."""
        targets = {(link.table, link.targets) for table in self.publication.tables for link in table.links}
        tables = {table.name: table for table in self.publication.tables}
        return {
            (name, columns): {
                tables[name].parts(row, columns): f"{self.names[name]}#{quote(anchor)}"
                for row, anchor in zip(tables[name].cells, self.anchors[name], strict=False)
            }
            for name, columns in targets
        }

    def _dictionary(self) -> str:
        about, stem = self.publication.about, self.publication.stem
        return render(
            self.project,
            "dictionary.html",
            **self._frame(INDEX, "The data", about.title),
            about=about,
            day=spoken(date.fromisoformat(about.day)) if about.day else "",
            has_parquet=any(path.endswith(".parquet") for path in self.files),
            downloads=[one for one in dataset.whole(stem) if one.path in self.files],
            described=[one for one in dataset.DESCRIBED if one.path in self.files],
            stem=stem,
            tables=[self._described(table) for table in self.publication.tables],
            others=self._other_files(),
            linked=head.script(dataset.of_all(about, self.files, stem)),
        )

    def _table(self, table: Table) -> str:
        rows = list(self.rows(table))
        return render(
            self.project,
            "table.html",
            **self._frame(self.names[table.name], table.title, table.description or table.title),
            table=self._described(table),
            rows=rows,
            kinds=["number" if column.kind in ("integer", "number") else "" for column in table.columns],
            most=MOST_ROWS,
            linked=self._linked(table),
        )

    def _linked(self, table: Table) -> str:
        """Return what search engines are told of a table, and of the claims that it checks."""
        about, page = self.publication.about, self.names[table.name]
        place = address.absolute(about.home, data.address_of(page)) if about.home else ""
        node = dataset.of_table(about, table, page, self._downloads(table))
        addresses = [f"{place}#{quote(anchor)}" for anchor in self.anchors[table.name]]
        tables = {one.name: one for one in self.publication.tables}
        reviews = claims.reviews(about, table, tables, addresses)
        if not reviews:
            return head.script(node)
        context = node.pop("@context")
        return head.script({"@context": context, "@graph": [node, *reviews]})

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows that a page shows."""
        links: dict[str, Link] = {}
        for link in table.links:
            for column in link.columns:
                links.setdefault(column, link)
        for cells, anchor in zip(table.cells, self.anchors[table.name], strict=False):
            parts = [
                self._parts(table, column, cell, links.get(column.name), cells)
                for column, cell in zip(table.columns, cells, strict=True)
            ]
            yield Row(anchor, parts)

    def _parts(
        self, table: Table, column: Column, cell: str, link: Link | None, row: list[str]
    ) -> list[Part]:
        """Return a cell in parts: ids lead to their rows, addresses to what they are addresses of."""
        if link:
            places = self.places[link.table, link.targets]
            if link.is_list:
                return [Part(item, places.get((item,), "")) for item in items(cell)]
            return [Part(cell, places.get(table.parts(row, link.columns), "") if cell else "")]
        return [Part(cell, cell if column.kind == "text" and address.is_web(cell) else "")]

    def _described(self, table: Table) -> dict[str, Any]:
        """Return what pages say of a table besides its rows."""
        notebook = self.notebooks.get(table.notebook or "")
        targets = {column: link for link in reversed(table.links) for column in link.columns}
        titles = {one.name: one.title for one in self.publication.tables}
        own, whole = table.source.resource.get("licenses") or [], self.publication.about.licenses
        return {
            "id": self.publication.file_names[table.name],
            "path": table.path,
            "page": self.names[table.name],
            "title": table.title,
            "description": table.description,
            "count": len(table.cells),
            "key": ", ".join(table.key),
            "sources": table.sources,
            "licenses": own or whole,
            "notebook": {"title": notebook["title"], "href": f"../{notebook['page']}"} if notebook else None,
            "downloads": self._downloads(table),
            "used_by": [
                {"title": other.title, "page": self.names[other.name]}
                for other in self.publication.tables
                if other is not table and any(link.table == table.name for link in other.links)
            ],
            "columns": [
                {
                    "column": column,
                    "target": self._target(targets.get(column.name), titles),
                }
                for column in table.columns
            ],
        }

    def _target(self, link: Link | None, titles: Mapping[str, str]) -> dict[str, str] | None:
        return {"title": titles[link.table], "page": self.names[link.table]} if link else None

    def _downloads(self, table: Table) -> list[dataset.Download]:
        """Return the files of a table."""
        name = self.publication.file_names[table.name]
        rest = [dataset.Download(title, f"{kind}/{name}.{kind}") for title, kind in FORMATS]
        return [
            dataset.Download("CSV", table.path),
            *(download for download in rest if download.path in self.files),
        ]

    def _other_files(self) -> list[dict[str, Any]]:
        """Return the files of the data package that are no tables."""
        resources = self.publication.about.package["resources"]
        return [one for one in resources if "schema" not in one and one["path"] in self.files]

    def _frame(self, page: str, title: str, description: str) -> dict[str, Any]:
        """Return what every page has around its content."""
        path = data.address_of(page)
        description = report_site.shortened(description)
        shared = {
            "title": f"{title} – {self.site['title']}",
            "description": description,
            "address": path,
        }
        return {
            "lang": self.site["lang"],
            "report": self.site["title"],
            "title": title,
            "meta_description": description,
            "canonical": address.absolute(self.site["home"], path) if self.site["home"] else "",
            "sharing": head.tags(self.site, shared),
            "style": STYLE,
            "script": SCRIPT,
            "page_script": self.site["script"],
        }


def anchors(table: Table) -> list[str]:
    """Return the name of the place of each row: by its key, so that it stays when rows are added.

    Where the description says of which columns it is made (``rowAddress``), rows that have all of them in
    common are numbered.

    Examples
    --------
    The row of ``facts`` with the key ``arrest-count`` is at ``facts.html#row-arrest-count``.
    """
    used: dict[str, int] = {}
    result = []
    for number, row in enumerate(table.cells, start=1):
        key = [part for part in table.parts(row, table.address) if part] or [str(number)]
        name = "row-" + "_".join(re.sub(r"\s+", "-", part) for part in key)
        used[name] = used.get(name, 0) + 1
        result.append(name if used[name] == 1 else f"{name}_{used[name]}")
    return result


def assets(project: Project) -> dict[str, bytes]:
    """Return style and script of the pages, by path in the report."""
    sheet = report_site.css(project).replace("@up@", "../")
    own = report_site.compact(project.theme_file("data.css").read_text(encoding="utf-8"))
    return {STYLE: (sheet + own).encode(), SCRIPT: project.theme_file("table.js").read_bytes()}
