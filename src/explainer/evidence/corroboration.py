"""Who else reported a fact: counted by voice, so that copies of one story count once.

A *voice* is a newsroom, an agency or a group, whoever published the copy. The outlet of the article cannot
confirm itself: what else it published is listed and not counted, unless it conflicts. Neither can the speaker
on whose word the article says something; and of two versions of a story the later one counts.

The notebook that analyzes the sources and the report that prints the badges call the same functions.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from explainer.data.frames import each_row, join_list, split_list
from explainer.data.package import load, names
from explainer.evidence import citations
from explainer.system.project import Project

#: How a source can stand to what the article says, silence apart, in the order in which they are listed.
STANCES = ("confirms", "adds", "conflicts")
OWN_OUTLET = "the article's own outlet, not counted"
QUOTED_SPEAKER = "the article has it from them, not counted"
SUPERSEDED = "superseded by a later version, not counted"
#: Verbs of a badge: one voice, several voices.
VERBS = {"confirms": ("confirms", "confirm"), "adds": ("adds", "add"), "conflicts": ("differs", "differ")}
ONLY_HERE = "only here"


def classify_reports(
    reports: pd.DataFrame, sources: pd.DataFrame, questions: pd.DataFrame, outlet: str
) -> pd.DataFrame:
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
    repeated = (
        rows[~superseded].duplicated(["fact_key", "stance", "voice"]).reindex(rows.index, fill_value=False)
    )
    rows["counted"] = ~(own | quoted | superseded | repeated)
    rows["remark"] = ""
    rows.loc[repeated, "remark"] = "counted with " + rows["voice"]
    rows.loc[superseded, "remark"] = SUPERSEDED
    rows.loc[quoted, "remark"] = QUOTED_SPEAKER
    rows.loc[own, "remark"] = OWN_OUTLET
    columns = "fact_key stance source_id outlet published voice counted remark source_value note"
    return rows[columns.split()]


def _superseded(rows: pd.DataFrame) -> pd.Series:
    """Return which reports stand beside a later version of their voice's story on the same question."""
    later = rows[rows["based_on"].notna() & (rows["outlet"] == rows["voice"])]
    replaced = set(zip(later["fact_key"], later["based_on"], later["voice"], strict=True))
    keys = zip(rows["fact_key"], rows["source_id"], rows["voice"], strict=True)
    return pd.Series([key in replaced for key in keys], index=rows.index, dtype=bool)


def count_voices(reports: pd.DataFrame, by: str = "fact_key") -> pd.DataFrame:
    """Return how many voices take each stance: a row for each `by`, a column for each stance."""
    counted = reports[reports["counted"]]
    counts = counted.groupby([by, "stance"])["voice"].nunique().unstack(fill_value=0)
    return counts.reindex(columns=list(STANCES), fill_value=0).rename_axis(columns=None).reset_index()


def outlets_by_voice(reports: pd.DataFrame) -> pd.Series:
    """Return the outlets whose reports count as one voice: voice -> outlets, where there are several."""
    outlets = reports.drop_duplicates(["voice", "outlet"]).groupby("voice")["outlet"].agg(list)
    return outlets[outlets.map(len) > 1].map("; ".join)


def corroborate_facts(questions: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Return what the voices make of each fact that the questions are about, and the badge that says so.

    Parameters
    ----------
    questions : DataFrame
        The table ``questions``.
    reports : DataFrame
        As `classify_reports` returns them.

    Returns
    -------
    DataFrame
        ``fact_id``, ``fact_keys`` (the questions, as a list cell), ``kind`` (disputed: somebody conflicts;
        confirmed; single: nobody does either), ``confirms``, ``adds``, ``conflicts`` (voices), ``badge``
        (what the report prints beside the fact), ``first_published`` and ``first_source_ids`` (the earliest
        dated report that confirms it).
    """
    pairs = (
        questions.assign(fact_id=split_list(questions["fact_ids"]))[["fact_id", "fact_key"]]
        .explode("fact_id")
        .dropna()
    )
    facts = pairs.groupby("fact_id", sort=False)["fact_key"].agg(join_list).rename("fact_keys").reset_index()
    on_facts = pairs.merge(reports, on="fact_key")
    facts = facts.merge(count_voices(on_facts, "fact_id"), on="fact_id", how="left")
    for stance in STANCES:
        facts[stance] = facts[stance].fillna(0).astype("Int64")
    facts["kind"] = [
        "disputed" if row.conflicts else "confirmed" if row.confirms else "single" for row in each_row(facts)
    ]
    facts["badge"] = [badge(row.confirms, row.adds, row.conflicts) for row in each_row(facts)]
    dated = on_facts[(on_facts["stance"] == "confirms") & on_facts["published"].notna()]
    first = dated[dated["published"] == dated.groupby("fact_id")["published"].transform("min")]
    first = first.groupby("fact_id").agg(
        first_published=("published", "first"), first_source_ids=("source_id", join_list)
    )
    columns = "fact_id fact_keys kind confirms adds conflicts badge first_published first_source_ids"
    return facts.merge(first, on="fact_id", how="left")[columns.split()]


def badge(confirms: int, adds: int, conflicts: int) -> str:
    """Return what a badge says, given how many voices take each stance.

    Examples
    --------
    >>> badge(4, 2, 1)
    '4 confirm, 1 differs'
    >>> badge(0, 2, 0)
    'only here, 2 add'
    """

    def part(stance: str, number: int) -> str:
        return f"{number} {VERBS[stance][int(number != 1)]}"

    if confirms or conflicts:
        counts = {"confirms": confirms, "conflicts": conflicts}
        return ", ".join(part(stance, number) for stance, number in counts.items() if number)
    return f"{ONLY_HERE}, {part('adds', adds)}" if adds else ONLY_HERE


def first_report(published: pd.Timestamp, outlets: list[str], dateline: pd.Timestamp) -> str:
    """Return a sentence on who was first, as far as the reports bear a date; blank where none does."""
    if pd.isna(published):
        return ""
    if published > dateline:
        return "No dated report of it is earlier than the article."
    who = ", ".join(dict.fromkeys(outlets))
    if published == dateline:
        return f"First reported on the day of the article; that day also by {who}."
    return f"First reported, as far as dates are known, by {who}, {citations.day(published)}."


def accounts(project: Project) -> dict[str, dict[str, Any]]:
    """Return, for each fact that others were asked about, what its badge says and opens to.

    Returns
    -------
    dict
        By `fact_id`: ``kind``, ``label`` (the badge), ``first`` and ``questions``: for each question its
        ``key``, ``what`` it asks, and its ``reports`` (``stance``, ``outlet``, ``url``, ``day``, ``says``,
        ``note``, ``remark``). Empty in a project without the tables of questions and reports.
    """
    if not {"questions", "corroboration"} <= set(names(project)):
        return {}
    article = load("article", project).iloc[0]
    sources, questions = load("sources", project), load("questions", project)
    reports = classify_reports(load("corroboration", project), sources, questions, article["outlet"])
    asked = questions.set_index("fact_key")["fact"]
    named = citations.named(project)
    by_question = {
        str(key): [_report(row, named) for row in each_row(group)]
        for key, group in reports.groupby("fact_key")
    }
    facts = corroborate_facts(questions, reports)
    facts["first_source_ids"] = split_list(facts["first_source_ids"])
    facts["fact_keys"] = split_list(facts["fact_keys"])
    return {
        row.fact_id: {
            "kind": row.kind,
            "label": row.badge,
            "first": first_report(
                row.first_published,
                [named[source]["outlet"] for source in row.first_source_ids],
                article["dateline"],
            ),
            "questions": [
                {"key": key, "what": asked[key], "reports": by_question.get(key, [])} for key in row.fact_keys
            ],
        }
        for row in each_row(facts)
    }


def _report(row: Any, named: dict[str, dict[str, str]]) -> dict[str, str]:
    source = named[row.source_id]
    text = {"says": row.source_value, "note": row.note}
    return {
        "stance": row.stance,
        "outlet": source["outlet"],
        "url": source["url"],
        "day": citations.day(row.published),
        **{key: "" if pd.isna(cell) else str(cell).rstrip(".") for key, cell in text.items()},
        "remark": row.remark,
    }
