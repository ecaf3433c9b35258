"""What can be worked out of any fact sheet: its dates, counts, names and voices, and other reports beside it.

Each function takes tables as `explainer.load` returns them and returns a table, so that a notebook can show
every step.
"""

from explainer.analysis.counts import read_counts
from explainer.analysis.dates import find_events, name_dates, resolve_dates
from explainer.analysis.listing import (
    body_facts,
    count_by_kind,
    facts_in_no_table,
    list_claims,
    list_facts,
    unless_empty,
)
from explainer.analysis.mentions import gather_mentions
from explainer.analysis.reports import list_reports

__all__ = [
    "body_facts",
    "count_by_kind",
    "facts_in_no_table",
    "find_events",
    "gather_mentions",
    "list_claims",
    "list_facts",
    "list_reports",
    "name_dates",
    "read_counts",
    "resolve_dates",
    "unless_empty",
]
