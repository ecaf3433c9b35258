"""The numbers that an article gives."""

from __future__ import annotations

import re

import pandas as pd

from explainer.english.numbers import NUMBER, value_of


def is_counted(printed: str) -> bool:
    """Return whether the words of a count give a number."""
    return re.search(NUMBER, printed, re.IGNORECASE) is not None


def read_counts(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the table ``counts``: each count of the fact sheet, with its value.

    Parameters
    ----------
    facts : DataFrame
        The table ``facts``.

    Returns
    -------
    DataFrame
        The columns of the table ``counts``; ``value`` (Int64) is missing where the article gives no number.
    """
    counted = facts[facts["kind"] == "count"]
    printed = counted["as_printed"].str.extract(rf"(?i)({NUMBER})")[0]
    return pd.DataFrame(
        {
            "count_id": counted["fact_id"],
            "subject": counted["subject"],
            "as_printed": counted["as_printed"],
            "value": printed.map(value_of, na_action="ignore").astype("Int64"),
            "unit": counted["unit"],
            "status": counted["status"],
            "fact_ids": counted["fact_id"] + ("; " + counted["refers_to"]).fillna(""),
        }
    ).reset_index(drop=True)
