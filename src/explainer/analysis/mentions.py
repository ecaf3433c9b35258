"""The people, organizations and places of an article, with all their mentions."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from explainer.data.frames import each_row, join_list

COLUMNS = ["name", "kind", "role", "mentions", "paragraphs", "printed_as", "fact_ids"]


def gather_mentions(facts: pd.DataFrame, kinds: Collection[str], key: str) -> pd.DataFrame:
    """Return one row for each thing of these kinds, such as the table ``actors`` or ``places``.

    A later mention refers to an earlier one; following ``refers_to`` to its end, for as long as it stays
    among these kinds, leads to the first.

    Parameters
    ----------
    facts : DataFrame
        The table ``facts``.
    kinds : collection of str
        Such as ``place`` and ``facility``.
    key : str
        The name of the first column, which holds the fact of the first mention.

    Returns
    -------
    DataFrame
        `key`, ``name`` (as printed first), ``kind``, ``role`` (the subject of the first mention),
        ``mentions``, ``paragraphs``, ``printed_as`` and ``fact_ids`` (list cells), in the order of the sheet.
    """
    mentions = facts[facts["kind"].isin(list(kinds))]
    earlier = {
        row.fact_id: row.refers_to for row in each_row(mentions) if row.refers_to in set(mentions["fact_id"])
    }
    grouped = mentions.assign(first=[_first(fact, earlier) for fact in mentions["fact_id"]]).groupby(
        "first", sort=False
    )
    gathered = grouped.agg(
        mentions=("fact_id", "size"),
        paragraphs=("paragraph", lambda numbers: join_list(map(str, sorted(set(numbers))))),
        printed_as=("as_printed", join_list),
        fact_ids=("fact_id", join_list),
    )
    first = facts.set_index("fact_id").loc[gathered.index]
    named = gathered.assign(name=first["as_printed"], kind=first["kind"], role=first["subject"])
    return named.rename_axis(key).reset_index()[[key, *COLUMNS]]


def _first(fact_id: str, earlier: dict[str, str]) -> str:
    while fact_id in earlier:
        fact_id = earlier[fact_id]
    return fact_id
