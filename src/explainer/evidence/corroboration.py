"""Who else reported a fact: counted by voice, so that copies of one story count once.

A *voice* is a newsroom, an agency or a group, whoever published the copy. The outlet of the article cannot
confirm itself: what else it published is listed and not counted, unless it conflicts. Neither can the speaker
on whose word the article says something; and of two versions of a story the later one counts.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from explainer.data.package import join_list, lasting, load, names, split_list
from explainer.evidence import citations
from explainer.system.project import Project

#: How a source can stand to what the article says, silence apart, in the order in which they are listed.
STANCES = ("confirms", "adds", "conflicts")
OWN = "the article's own outlet, not counted"
SPEAKER = "the article has it from them, not counted"
SUPERSEDED = "superseded by a later version, not counted"
#: Verbs of a badge: one voice, several voices.
VERBS = {"confirms": ("confirms", "confirm"), "adds": ("adds", "add"), "conflicts": ("differs", "differ")}
ALONE = "only here"


def heard(reports: pd.DataFrame, sources: pd.DataFrame, questions: pd.DataFrame, outlet: str) -> pd.DataFrame:
    """Return every report that is not silent, with whose voice it is and whether it counts.

    Parameters
    ----------
    reports, sources, questions : DataFrame
        The tables ``corroboration``, ``sources`` and ``questions``.
    outlet : str
        The article's own outlet.

    Returns
    -------
    DataFrame
        ``fact_key``, ``stance``, ``source_id``, ``outlet``, ``published`` (the day of the report, missing
        where none is known), ``voice``, ``counted`` (False for further reports of a voice with the same
        stance on the same question, for an earlier version of a story that is there too, and, unless they
        conflict, for the article's own outlet and for the speaker it quotes), ``remark`` (why it is not
        counted), ``source_value`` and ``note``; by question and stance, the earliest first,
        undated ones last.
    """
    rows = reports[reports["stance"].isin(STANCES)].merge(
        sources[["source_id", "outlet", "published", "voice", "based_on"]],
        on="source_id",
        validate="many_to_one",
    )
    rows["published"] = rows["reported"].fillna(rows["published"])
    rows["voice"] = rows["voice"].fillna(rows["outlet"])
    speaker = rows["fact_key"].map(questions.set_index("fact_key")["speaker"]).fillna("")
    rank = rows["stance"].map(STANCES.index)
    rows = rows.assign(rank=rank, quoted=rows["voice"] == speaker).sort_values(
        ["fact_key", "rank", "published"], kind="stable", ignore_index=True
    )
    friendly = rows["stance"] != "conflicts"
    own, quoted = (rows["voice"] == outlet) & friendly, rows["quoted"] & friendly
    superseded = _superseded(rows)
    again = (
        rows[~superseded].duplicated(["fact_key", "stance", "voice"]).reindex(rows.index, fill_value=False)
    )
    rows["counted"] = ~(own | quoted | superseded | again)
    rows["remark"] = ""
    rows.loc[again, "remark"] = "counted with " + rows["voice"]
    rows.loc[superseded, "remark"] = SUPERSEDED
    rows.loc[quoted, "remark"] = SPEAKER
    rows.loc[own, "remark"] = OWN
    columns = "fact_key stance source_id outlet published voice counted remark source_value note"
    return rows[columns.split()]


def _superseded(rows: pd.DataFrame) -> pd.Series:
    """Tell which reports have a later version of their own voice's story beside them on the same question."""
    later = rows[rows["based_on"].notna() & (rows["outlet"] == rows["voice"])]
    replaced = set(zip(later["fact_key"], later["based_on"], later["voice"], strict=True))
    keys = zip(rows["fact_key"], rows["source_id"], rows["voice"], strict=True)
    return pd.Series([key in replaced for key in keys], index=rows.index, dtype=bool)


def tally(rows: pd.DataFrame, by: str = "fact_key") -> pd.DataFrame:
    """Return how many voices take each stance: a row for each `by`, a column for each stance."""
    counted = rows[rows["counted"]]
    found = counted.groupby([by, "stance"])["voice"].nunique().unstack(fill_value=0)
    return found.reindex(columns=list(STANCES), fill_value=0).rename_axis(columns=None).reset_index()


def merged(rows: pd.DataFrame) -> pd.Series:
    """Return the outlets whose reports are heard as one voice: voice -> outlets, where there are several."""
    outlets = rows.drop_duplicates(["voice", "outlet"]).groupby("voice")["outlet"].agg(list)
    return outlets[outlets.map(len) > 1].map("; ".join)


def by_fact(questions: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what the voices make of each fact that the questions are about.

    Parameters
    ----------
    questions : DataFrame
        The table ``questions``.
    rows : DataFrame
        As `heard` returns them.

    Returns
    -------
    DataFrame
        ``fact_id``, ``fact_keys`` (the questions, as a list cell), ``kind`` (disputed: somebody conflicts;
        confirmed; single: nobody does either), ``confirms``, ``adds``, ``conflicts`` (voices) and
        ``first_published`` and ``first_source_ids`` (the earliest dated report that confirms it).
    """
    pairs = (
        questions.assign(fact_id=split_list(questions["fact_ids"]))[["fact_id", "fact_key"]]
        .explode("fact_id")
        .dropna()
    )
    facts = pairs.groupby("fact_id", sort=False)["fact_key"].agg(join_list).rename("fact_keys").reset_index()
    said = pairs.merge(rows, on="fact_key")
    found = facts.merge(tally(said, "fact_id"), on="fact_id", how="left")
    for stance in STANCES:
        found[stance] = found[stance].fillna(0).astype("Int64")
    found["kind"] = [
        "disputed" if row.conflicts else "confirmed" if row.confirms else "single"
        for row in found.itertuples()
    ]
    dated = said[(said["stance"] == "confirms") & said["published"].notna()]
    first = dated[dated["published"] == dated.groupby("fact_id")["published"].transform("min")]
    first = first.groupby("fact_id").agg(
        first_published=("published", "first"), first_source_ids=("source_id", join_list)
    )
    columns = "fact_id fact_keys kind confirms adds conflicts first_published first_source_ids"
    return found.merge(first, on="fact_id", how="left")[columns.split()]


def label(confirms: int, adds: int, conflicts: int) -> str:
    """Return what a badge says: ``6 confirm``, ``4 confirm, 1 differs``, ``only here, 2 add``."""

    def part(stance: str, number: int) -> str:
        return f"{number} {VERBS[stance][int(number != 1)]}"

    if confirms or conflicts:
        counts = {"confirms": confirms, "conflicts": conflicts}
        return ", ".join(part(stance, number) for stance, number in counts.items() if number)
    return f"{ALONE}, {part('adds', adds)}" if adds else ALONE


def first(published: pd.Timestamp, outlets: list[str], dateline: pd.Timestamp) -> str:
    """Return a sentence on who was first, as far as the reports bear a date; blank where none does."""
    if pd.isna(published):
        return ""
    if published > dateline:
        return "No dated report of it is earlier than the article."
    who = ", ".join(dict.fromkeys(outlets))
    if published == dateline:
        return f"First reported on the day of the article; that day also by {who}."
    return f"First reported, as far as dates are known, by {who}, {citations.day(published)}."


@lasting("article", "corroboration", "questions", "sources")
def accounts(project: Project) -> dict[str, dict[str, Any]]:
    """Return, for each fact that others were asked about, what its badge says and opens to.

    Returns
    -------
    dict
        By `fact_id`: ``kind``, ``label``, ``first`` and ``questions``: for each question its ``key``,
        ``what`` it asks, and its ``reports`` (``stance``, ``outlet``, ``url``, ``day``, ``says``, ``note``,
        ``remark``). Empty in a project without the tables of questions and reports.
    """
    if not {"questions", "corroboration"} <= set(names(project)):
        return {}
    article = load("article", project).iloc[0]
    sources, questions = load("sources", project), load("questions", project)
    rows = heard(load("corroboration", project), sources, questions, article["outlet"])
    asked = questions.set_index("fact_key")["fact"]
    named = citations.named(project)
    told = {
        key: [_report(row, named) for row in group.itertuples()] for key, group in rows.groupby("fact_key")
    }
    facts = by_fact(questions, rows)
    facts["first_source_ids"] = split_list(facts["first_source_ids"])
    facts["fact_keys"] = split_list(facts["fact_keys"])
    return {
        row.fact_id: {
            "kind": row.kind,
            "label": label(row.confirms, row.adds, row.conflicts),
            "first": first(
                row.first_published,
                [named[source]["outlet"] for source in row.first_source_ids],
                article["dateline"],
            ),
            "questions": [
                {"key": key, "what": asked[key], "reports": told.get(key, [])} for key in row.fact_keys
            ],
        }
        for row in facts.itertuples()
    }


def _report(row: Any, named: dict[str, dict[str, str]]) -> dict[str, str]:
    source = named[row.source_id]
    said = {"says": row.source_value, "note": row.note}
    return {
        "stance": row.stance,
        "outlet": source["outlet"],
        "url": source["url"],
        "day": citations.day(row.published),
        **{key: "" if pd.isna(text) else str(text).rstrip(".") for key, text in said.items()},
        "remark": row.remark,
    }
