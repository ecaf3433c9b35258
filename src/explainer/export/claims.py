"""Claims that were checked, as schema.org's ``ClaimReview``: who claims what, and the verdict in words.

The description of a table says so with ``claimReview``: ``claim`` and ``verdict`` are texts in which the
names of columns stand in braces; ``verdict`` has one for each value of the column ``by``. A column is the
table's own, or one of a row that the row refers to. ``about`` names a column that is true where the claim is
approximate. There is no rating beyond the words.
"""

from __future__ import annotations

import re
from typing import Any

from explainer.export.about import About
from explainer.export.tables import Table
from explainer.system.errors import Fault

PROPERTY = "claimReview"
NAMED = re.compile(r"\{(\w+)\}")
SOURCE, SOURCES = "source_id", "sources"


def reviews(about: About, table: Table, tables: dict[str, Table], anchors: list[str]) -> list[dict[str, Any]]:
    """Return the reviews of a table's rows; none where its description asks for none.

    Parameters
    ----------
    about : About
        What is said of the data.
    table : Table
        The table.
    tables : dict of str to Table
        All tables, by name.
    anchors : list of str
        The address of each row.

    Raises
    ------
    Fault
        If the description has no verdict for a row.
    """
    asked = table.source.resource.get(PROPERTY)
    if not asked:
        return []
    chosen = table.source.columns.index(asked["by"])
    for number, row in enumerate(table.cells, start=2):
        if row[chosen] not in asked["verdict"]:
            what = f"{PROPERTY} has no verdict for this value"
            remedy = "Add it to verdict, in the description of the table."
            raise Fault(
                what, file=table.source.file, row=number, column=asked["by"], value=row[chosen], remedy=remedy
            )
    rows = zip(table.cells, anchors, strict=False)
    return [_review(about, asked, _known(table, row, tables), tables, address) for row, address in rows]


def _known(table: Table, row: list[str], tables: dict[str, Table]) -> dict[str, str]:
    """Return the cells of a row, and those of the rows that it refers to, by their columns."""
    known = dict(zip(table.source.columns, row, strict=True))
    for link in table.links:
        if not link.is_list:
            linked = _row(tables[link.table], link.targets, table.parts(row, link.columns))
            known = linked | known
    return known


def _row(table: Table, columns: tuple[str, ...], key: tuple[str, ...]) -> dict[str, str]:
    rows = (row for row in table.cells if table.parts(row, columns) == key)
    return dict(zip(table.source.columns, next(rows, []), strict=False))


def _review(
    about: About, asked: dict[str, Any], known: dict[str, str], tables: dict[str, Table], address: str
) -> dict[str, Any]:
    approximate = known.get(asked.get("about", "")) == "true"
    values = known | {"about": "about " if approximate else ""}
    verdict = asked["verdict"][known[asked["by"]]]
    source = _row(tables[SOURCES], (SOURCE,), (known.get(SOURCE, ""),)) if SOURCES in tables else {}
    claim = {
        "@type": "Claim",
        "author": {"@type": "Organization", "name": source["outlet"]} if source else None,
        "datePublished": source.get("published"),
        "appearance": {"@type": "CreativeWork", "url": source["url"]} if source.get("url") else None,
    }
    review = {
        "@type": "ClaimReview",
        "url": address,
        "claimReviewed": _filled(asked["claim"], values),
        "datePublished": about.day,
        "author": about.publisher or about.authors,
        "itemReviewed": _given(claim),
        "reviewRating": {"@type": "Rating", "alternateName": _filled(verdict, values)},
    }
    return _given(review)


def _filled(text: str, values: dict[str, str]) -> str:
    return NAMED.sub(lambda match: values.get(match[1], match[0]), text)


def _given(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value}
