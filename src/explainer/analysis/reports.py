"""Other reports beside the article: what each says, and on what it rests."""

from __future__ import annotations

import pandas as pd

from explainer.evidence import citations, corroboration


def list_reports(classified: pd.DataFrame, facts: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Return what other sources say, in words for a table, in the order of `classified`.

    Parameters
    ----------
    classified : DataFrame
        As `explainer.evidence.corroboration.classify_reports` returns it; silent sources are left out.
    facts, sources : DataFrame
        The tables of these names.

    Returns
    -------
    DataFrame
        The columns of `classified`, and ``thing`` (the fact, or what the answer is about where the article
        leaves it open), ``stands`` (the same, adds, differs in what), ``who`` (outlet and day), ``rests``
        (on what), ``remarks`` and ``url``.
    """
    given = classified[classified["stance"] != "silent"]
    outlets = dict(zip(sources["source_id"], sources["outlet"], strict=True))
    differs = "differs: " + given["differs_in"].map(corroboration.DIFFERS_IN)
    return given.assign(
        thing=given["fact_id"]
        .map(facts.set_index("fact_id")["subject"])
        .fillna("Not in the article: " + given["part"]),
        stands=given["stance"].where(given["differs_in"].isna(), differs),
        who=given["outlet"] + ", " + given["published"].map(citations.day),
        rests=[
            corroboration.rests_on(basis, of, outlets)
            for basis, of in zip(given["basis"], given["basis_of"], strict=True)
        ],
        remarks=[
            ". ".join(part for part in pair if pd.notna(part) and part)
            for pair in zip(given["note"], given["remark"], strict=True)
        ],
        url=given["source_id"].map(sources.set_index("source_id")["url"]),
    )
