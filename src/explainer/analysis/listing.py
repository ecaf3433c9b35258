"""The facts of an article in lists: all of them, by kind, by who says so, and what is left as a claim."""

from __future__ import annotations

import pandas as pd

from explainer.analysis.dates import DATED
from explainer.data.frames import split_list
from explainer.evidence.fact_sheet import selector

#: Kinds that have a table of their own; the rest are claims.
TABULATED = (*DATED, "count", "place", "facility", "person", "organization")


def list_facts(facts: pd.DataFrame, paragraphs: pd.DataFrame, article: pd.Series) -> pd.DataFrame:
    """Return every fact with its place in the article, who says so, and the way to its words.

    Parameters
    ----------
    facts, paragraphs : DataFrame
        The tables of these names.
    article : Series
        The row of the table ``article``.

    Returns
    -------
    DataFrame
        The columns of `facts`, and ``role``, ``body_number``, ``place`` (the number of a paragraph of the
        body, else the role), ``voice`` (who says so) and ``words`` (the article, at its words; blank where
        it has no address).
    """
    listed = facts.merge(paragraphs[["paragraph", "role", "body_number"]], on="paragraph")
    return listed.assign(
        place=listed["body_number"].astype("string").where(listed["role"] == "body", listed["role"]),
        voice=listed["attributed_to"].fillna(article["outlet"]),
        words=[selector(row).link(article["url"]) for row in listed.itertuples()],
    )


def body_facts(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the facts in the body, paragraph by paragraph, those of one voice together.

    Parameters
    ----------
    listed : DataFrame
        As `list_facts` returns it.

    Returns
    -------
    DataFrame
        Its columns, and ``place_in_row`` (from 1 in each paragraph).
    """
    body = listed[listed["role"] == "body"]
    body = body.assign(body_number=body["body_number"].astype(int))
    body = body.sort_values(["body_number", "status", "voice"], kind="stable")
    return body.assign(place_in_row=body.groupby("body_number").cumcount() + 1)


def count_by_kind(facts: pd.DataFrame) -> pd.DataFrame:
    """Return how many facts there are of each kind: ``kind``, ``stated``, ``attributed``, ``total``."""
    counted = pd.crosstab(facts["kind"], facts["status"]).reindex(
        columns=["stated", "attributed"], fill_value=0
    )
    counted = counted.assign(total=counted.sum(axis=1)).rename_axis(columns=None).reset_index()
    return counted.sort_values(["total", "kind"], ascending=[False, True], ignore_index=True)


def list_claims(facts: pd.DataFrame, outlet: str) -> pd.DataFrame:
    """Return the facts that are neither dates nor counts nor names: what somebody asserts or asks for.

    Parameters
    ----------
    facts : DataFrame
        The table ``facts``.
    outlet : str
        Who says what is attributed to nobody.

    Returns
    -------
    DataFrame
        ``claim_id``, ``kind``, ``what``, ``status``, ``attributed_to``, ``speaker``, ``paragraph`` and
        ``fact_ids``.
    """
    claims = facts[~facts["kind"].isin(TABULATED)]
    return claims.assign(
        claim_id=claims["fact_id"],
        what=claims["subject"],
        speaker=claims["attributed_to"].fillna(outlet),
        fact_ids=claims["fact_id"],
    ).reset_index(drop=True)[
        ["claim_id", "kind", "what", "status", "attributed_to", "speaker", "paragraph", "fact_ids"]
    ]


def facts_in_no_table(facts: pd.DataFrame, *tables: pd.DataFrame) -> list[str]:
    """Return the facts that none of these tables rests on, by the ids in their ``fact_ids``."""
    covered = {fact_id for table in tables for ids in split_list(table["fact_ids"]) for fact_id in ids}
    return [fact_id for fact_id in facts["fact_id"] if fact_id not in covered]


def unless_empty(frame: pd.DataFrame, **cells: str) -> pd.DataFrame:
    """Return a frame, or where it has no rows a single one that says so: a table is never shown empty.

    Parameters
    ----------
    frame : DataFrame
        Any frame.
    **cells : str
        The cells of that row; its other cells are blank.
    """
    if not frame.empty:
        return frame
    return pd.DataFrame([dict.fromkeys(frame.columns, "") | cells], columns=frame.columns, dtype="string")
