"""The days that printed dates come to, and the events that they date."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from explainer.data.damage import looks_rewritten
from explainer.data.frames import cell_text, each_row
from explainer.english.dates import resolve
from explainer.english.numbers import NUMBER, value_of
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from explainer.authoring.values import Values

#: Kinds of facts that can come to a day.
DATED = ("date", "weekday", "interval")
EVENT_COLUMNS = [
    *("event_id", "date", "precision", "weekday", "what"),
    *("status", "date_status", "derivation", "fact_ids", "phase"),
]


def resolve_dates(facts: pd.DataFrame, dateline: date | pd.Timestamp) -> pd.DataFrame:
    """Return the dated facts that come to a day, by the rules of `explainer.english.dates`.

    Parameters
    ----------
    facts : DataFrame
        The table ``facts``.
    dateline : date
        The day of the article, from which a date is counted unless ``relative_to`` names another fact.

    Returns
    -------
    DataFrame
        Those rows in their order, with ``date`` (datetime64[s]), ``precision`` (``day``, or the part of the
        day that is printed) and ``derivation`` (by which rule; ``as printed`` where the date is complete). An
        interval without a number, and a date that names no single day, are left out.

    Examples
    --------
    >>> from explainer import load
    >>> resolved = resolve_dates(load("facts"), load("article")["dateline"].iloc[0])
    """
    dated = facts[facts["kind"].isin(DATED)]
    days: dict[str, Any] = {}
    pending = dated.to_dict("records")
    while ready := [row for row in pending if pd.isna(row["relative_to"]) or row["relative_to"] in days]:
        for row in ready:
            anchor = _day(dateline) if pd.isna(row["relative_to"]) else days[row["relative_to"]].day
            with suppress(Fault):
                days[row["fact_id"]] = resolve(row["as_printed"], anchor, cell_text(row["relation"]) or "on")
        pending = [row for row in pending if row not in ready]
    resolved = dated[dated["fact_id"].isin(list(days))]
    found = [days[fact_id] for fact_id in resolved["fact_id"]]
    return resolved.assign(
        date=pd.to_datetime([one.day for one in found]).astype("datetime64[s]"),
        precision=[one.precision for one in found],
        derivation=[one.derivation for one in found],
    )


def find_events(facts: pd.DataFrame, resolved: pd.DataFrame, dateline: date | pd.Timestamp) -> pd.DataFrame:
    """Return the table ``events``: what the article dates, in the order of the days.

    A date is the date *of* something, the fact in ``refers_to``; one that refers to nothing dates no event.
    A day that had to be counted or read from a weekday is *computed*, and one that is printed keeps the
    status of its sentence; the whole date, with its year, is *computed* where a rule had to resolve it.

    Parameters
    ----------
    facts : DataFrame
        The table ``facts``.
    resolved : DataFrame
        As `resolve_dates` returns it.
    dateline : date
        The day of the article.

    Returns
    -------
    DataFrame
        The columns of the table ``events``, one row an event.
    """
    subjects = facts.set_index("fact_id")["subject"]
    dated = resolved[resolved["refers_to"].notna()].drop_duplicates("refers_to")
    return (
        dated.assign(
            event_id=dated["refers_to"],
            what=dated["refers_to"].map(subjects),
            status=dated["status"].where(dated["kind"] == "date", "computed"),
            date_status=dated["status"].where(dated["derivation"] == "as printed", "computed"),
            weekday=dated["date"].dt.day_name(),
            fact_ids=dated["refers_to"] + "; " + dated["fact_id"],
            phase=[_phase(day.date(), _day(dateline)) for day in dated["date"]],
        )
        .sort_values(["date", "event_id"])
        .reset_index(drop=True)[EVENT_COLUMNS]
    )


def name_dates(values: Values, events: pd.DataFrame, resolved: pd.DataFrame) -> None:
    """Add the day of each event and the words of each printed date to the values for the prose.

    They are called ``dates.EVENT`` and ``printed.FACT``, with underscores for hyphens; an interval that gives
    a number is a count of its unit, and a day in figures, such as 5/9/2031, is a date.

    Parameters
    ----------
    values : Values
        The values that are added to.
    events, resolved : DataFrame
        As `find_events` and `resolve_dates` return them.
    """
    for event in each_row(events):
        values.date(
            f"dates.{_slug(event.event_id)}",
            event.date,
            status=event.status,
            fact_ids=event.fact_ids,
            derivation=event.derivation,
        )
    for row in each_row(resolved):
        name, about = f"printed.{_slug(row.fact_id)}", {"status": row.status, "fact_ids": [row.fact_id]}
        number = re.search(NUMBER, row.as_printed, re.IGNORECASE) if row.kind == "interval" else None
        if number and pd.notna(row.unit):
            values.count(name, int(value_of(number[0])), unit=row.unit, **about)
        elif looks_rewritten(row.as_printed):
            values.date(name, row.date, **about)
        else:
            values.text(name, row.as_printed, **about)


def _day(dateline: date | pd.Timestamp) -> date:
    return pd.Timestamp(dateline).date()


def _phase(day: date, dateline: date) -> str:
    return "before" if day < dateline else "after" if day > dateline else "article"


def _slug(fact_id: Any) -> str:
    return str(fact_id).replace("-", "_")
