"""Who else reported a fact: counted by voice, so that copies of one story count once.

A *voice* is a newsroom, an agency or a group, whoever published the copy. The outlet of the article cannot
support itself: what else it published is listed and not counted, unless it differs. Neither can the speaker
on whose word the article says something; and of two versions of a story the later one counts. A row speaks
of one fact, or of a part of a question that the article leaves open; the mark beside a fact counts the rows
of that fact and no others.

The notebook that analyzes the sources and the report that prints the badges call the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from explainer.data.frames import each_row, join_list, split_list
from explainer.data.package import load, names
from explainer.data.table import split_cell
from explainer.evidence import citations
from explainer.system.project import Project

SILENT = "silent"
#: How a source can stand to what the article says, in the order in which they are listed.
STANCES = ("same", "adds", "differs", SILENT)
#: On what a report rests, of several rows of a voice the last in this order: the release that the article
#: rests on too; another outlet, or not known; the speaker whom the article quotes; a record, in which we
#: looked ourselves; own reporting, or somebody else who is quoted.
SUPPORT = ("release", "other", "speaker", "record", "independent")
#: Of these, what a badge counts by itself.
_COUNTED_BY_KIND = ("release", "speaker", "record", "independent")
#: The kind of source that is a record and no report.
RECORD = "dataset"
OWN_OUTLET = "the article's own outlet, not counted"
QUOTED_SPEAKER = "the article has it from them, not counted"
SUPERSEDED = "superseded by a later version, not counted"
NOT_FOUND = "not found elsewhere"
#: What a badge says that a report differs in.
DIFFERS_IN = {
    "day": "the day",
    "time": "the time",
    "count": "the count",
    "party": "who",
    "wording": "the wording",
    "scope": "the scope",
}
_OPTIONAL = ("fact_id", "part", "differs_in", "answer_value", "about", "basis", "basis_of")


def classify_reports(
    reports: pd.DataFrame, sources: pd.DataFrame, questions: pd.DataFrame, outlet: str
) -> pd.DataFrame:
    """Return every report with whose voice it is, on what it rests, and whether it counts.

    Parameters
    ----------
    reports, sources, questions : DataFrame
        The tables ``corroboration``, ``sources`` and ``questions``.
    outlet : str
        The article's own outlet.

    Returns
    -------
    DataFrame
        The columns of `reports`, and ``outlet``, ``published`` (the day of the report, missing where none is
        known), ``voice`` (of a report that differs in the words of somebody it quotes: that person, and where
        quoted), ``about_what`` (the fact, or question and part), ``support`` (one of `SUPPORT`, the
        best of all rows of a voice with the same stance on the same thing), ``counted`` (False for silence,
        for further reports of a voice with the same stance on the same thing, for an earlier version of a
        story that is there too and, unless they differ, for the article's own outlet and for the speaker it
        quotes) and ``remark`` (why it is not counted); by question and stance, the earliest first, undated
        ones last.
    """
    missing = {
        column: pd.Series(pd.NA, reports.index, "string") for column in _OPTIONAL if column not in reports
    }
    rows = reports.assign(**missing).merge(
        sources[["source_id", "outlet", "kind", "published", "voice", "based_on"]],
        on="source_id",
        validate="many_to_one",
    )
    rows["published"] = rows["reported"].fillna(rows["published"])
    rows["voice"] = rows["voice"].fillna(rows["outlet"])
    differs_in_quote = ((rows["stance"] == "differs") & (rows["basis"] == "quotes")).fillna(False)
    rows.loc[differs_in_quote, "voice"] = rows["basis_of"] + ", quoted in " + rows["outlet"]
    rows["about_what"] = rows["fact_id"].fillna(rows["fact_key"] + ": " + rows["part"].fillna(""))
    speaker = rows["fact_key"].map(questions.set_index("fact_key")["speaker"]).fillna("")
    rows = rows.assign(
        rank=rows["stance"].map(STANCES.index), speaker=speaker, quoted=rows["voice"] == speaker
    ).sort_values(["fact_key", "rank", "published"], kind="stable", ignore_index=True)
    silent, friendly = rows["stance"] == SILENT, rows["stance"] != "differs"
    own, quoted = (rows["voice"] == outlet) & friendly, rows["quoted"] & friendly
    superseded = _superseded(rows)
    considered = rows[~(silent | superseded)]
    same_thing = ["about_what", "stance", "voice"]
    repeated = considered.duplicated(same_thing).reindex(rows.index, fill_value=False)
    strength = _support(rows).map(SUPPORT.index)
    best = considered.assign(strength=strength).groupby(same_thing)["strength"].transform("max")
    rows["support"] = best.reindex(rows.index).fillna(strength).astype(int).map(dict(enumerate(SUPPORT)))
    rows["counted"] = ~(silent | own | quoted | superseded | repeated)
    rows["remark"] = ""
    rows.loc[repeated, "remark"] = "counted with " + rows["voice"]
    rows.loc[superseded, "remark"] = SUPERSEDED
    rows.loc[quoted, "remark"] = QUOTED_SPEAKER
    rows.loc[own & ~silent, "remark"] = OWN_OUTLET
    return rows.drop(columns=["rank", "speaker", "quoted", "kind", "based_on"])


def _support(rows: pd.DataFrame) -> pd.Series:
    """Return on what each report rests, as one of `SUPPORT`."""
    organization = rows["basis_of"].fillna("").str.split(":").str[0].str.strip()
    from_speaker = (rows["basis"] == "quotes") & (organization == rows["speaker"]) & (organization != "")
    support = pd.Series("other", rows.index)
    support[(rows["basis"].isin(["own", "quotes"]) & ~from_speaker).fillna(False)] = "independent"
    support[from_speaker.fillna(False)] = "speaker"
    support[rows["kind"] == RECORD] = "record"
    support[(rows["basis"] == "release").fillna(False)] = "release"
    return support


def _superseded(rows: pd.DataFrame) -> pd.Series:
    """Return which reports stand beside a later version of their voice's story on the same thing."""
    later = rows[rows["based_on"].notna() & (rows["outlet"] == rows["voice"]) & (rows["stance"] != SILENT)]
    replaced = set(zip(later["about_what"], later["based_on"], later["voice"], strict=True))
    keys = zip(rows["about_what"], rows["source_id"], rows["voice"], strict=True)
    return pd.Series([key in replaced for key in keys], index=rows.index, dtype=bool)


def count_voices(reports: pd.DataFrame, by: str = "fact_id") -> pd.DataFrame:
    """Return how many voices take each stance, and on what those rest that say the same.

    Parameters
    ----------
    reports : DataFrame
        As `classify_reports` returns them.
    by : str
        The column to count by; rows in which it is blank are left out.

    Returns
    -------
    DataFrame
        `by`, ``same``, ``adds``, ``differs`` (voices); of those that say the same, ``release`` (all they say
        rests on the release), ``speaker``, ``record`` and ``independent``; and ``merged``: the same, with all
        that rest on the release counted as one voice.
    """
    counted = reports[reports["counted"]]
    counts = counted.groupby([by, "stance"])["voice"].nunique().unstack(fill_value=0)
    counts = counts.reindex(index=pd.Index(reports[by].dropna().unique(), name=by), columns=list(STANCES[:3]))
    same = counted[counted["stance"] == "same"]
    strength = same["support"].map(SUPPORT.index).groupby([same[by], same["voice"]]).max()
    for kind in _COUNTED_BY_KIND:
        counts[kind] = (strength == SUPPORT.index(kind)).groupby(level=by).sum()
    counts = counts.fillna(0).astype(int)
    counts["merged"] = counts["same"] - (counts["release"] - 1).clip(lower=0)
    return counts.rename_axis(columns=None).reset_index()


def outlets_by_voice(reports: pd.DataFrame) -> pd.Series:
    """Return the outlets whose reports count as one voice: voice -> outlets, where there are several."""
    outlets = reports.drop_duplicates(["voice", "outlet"]).groupby("voice")["outlet"].agg(list)
    return outlets[outlets.map(len) > 1].map("; ".join)


def corroborate_facts(reports: pd.DataFrame) -> pd.DataFrame:
    """Return what the voices make of each fact that a report speaks to, and the badge that says so.

    Parameters
    ----------
    reports : DataFrame
        As `classify_reports` returns them.

    Returns
    -------
    DataFrame
        ``fact_id``, ``fact_keys`` (the questions, as a list cell), ``kind`` (differs: somebody does;
        reported: somebody says the same; unmatched: nobody does either), the counts of `count_voices`,
        ``differs_in`` (in what, as a list cell), ``badge`` (what the report prints beside the fact),
        ``first_published`` and ``first_source_ids`` (the earliest dated report that says the same).
    """
    on_facts = reports.dropna(subset="fact_id")
    keys = on_facts.groupby("fact_id", sort=False)["fact_key"].agg(lambda keys: join_list(keys.unique()))
    facts = keys.rename("fact_keys").reset_index().merge(count_voices(on_facts), on="fact_id")
    differing = on_facts[on_facts["counted"] & (on_facts["stance"] == "differs")]
    ways = differing.groupby("fact_id")["differs_in"].agg(lambda ways: join_list(ways.dropna().unique()))
    facts["differs_in"] = facts["fact_id"].map(ways.to_dict()).astype("string").fillna("")
    facts["kind"] = [
        "differs" if row.differs else "reported" if row.same else "unmatched" for row in each_row(facts)
    ]
    facts["badge"] = [badge(row) for row in each_row(facts)]
    dated = on_facts[(on_facts["stance"] == "same") & on_facts["published"].notna()]
    first = dated[dated["published"] == dated.groupby("fact_id")["published"].transform("min")]
    first = first.groupby("fact_id").agg(
        first_published=("published", "first"), first_source_ids=("source_id", join_list)
    )
    columns = (
        "fact_id fact_keys kind same adds differs release speaker record independent merged differs_in badge "
        "first_published first_source_ids"
    )
    return facts.merge(first, on="fact_id", how="left")[columns.split()]


def badge(fact: Any) -> str:
    """Return what a badge says.

    Parameters
    ----------
    fact : row
        The counts ``same``, ``adds``, ``differs``, ``release``, ``speaker`` and ``record`` of `count_voices`,
        and ``differs_in``: keys of `DIFFERS_IN`, as a list cell.

    Examples
    --------
    With 8 that say the same, 3 of them by the release and 1 quoting the speaker whom the article quotes, and
    1 that differs in the day, it is
    ``also reported by 4; 1 quotes the same speaker; 3 repeat the release; differs: the day``.
    """
    parts = []
    if reported := fact.same - fact.release - fact.speaker - fact.record:
        parts.append(f"also reported by {reported}")
    if fact.record:
        parts.append(f"also found in {fact.record} record{'' if fact.record == 1 else 's'}")
    if fact.speaker:
        parts.append(f"{fact.speaker} quote{'s' if fact.speaker == 1 else ''} the same speaker")
    if fact.release:
        parts.append(f"{fact.release} repeat{'s' if fact.release == 1 else ''} the release")
    if fact.differs:
        ways = " and ".join(DIFFERS_IN[way] for way in split_cell(fact.differs_in) if way)
        number = "differs" if fact.differs == 1 else f"{fact.differs} differ"
        parts.append(f"{number}: {ways}" if ways else number)
    if not parts:
        parts.append(NOT_FOUND)
        if fact.adds:
            parts.append(f"{fact.adds} add{'s' if fact.adds == 1 else ''} to it")
    return "; ".join(parts)


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
        ``key``, ``what`` it asks, and the ``reports`` that speak of this fact (``stance``, ``source``,
        ``outlet``, ``url``, ``day``, ``says``, ``note``, ``remark``: on what it rests, and why it is not
        counted).
        Empty in a project without the tables of questions and reports.
    """
    if not {"questions", "corroboration"} <= set(names(project)):
        return {}
    article = load("article", project).iloc[0]
    sources, questions = load("sources", project), load("questions", project)
    reports = classify_reports(load("corroboration", project), sources, questions, article["outlet"])
    asked = questions.set_index("fact_key")["fact"]
    named = citations.named(project)
    reports_by_fact = {
        key: [_report(row, named) for row in each_row(group)]
        for key, group in reports.dropna(subset="fact_id").groupby(["fact_id", "fact_key"])
    }
    facts = corroborate_facts(reports)
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
                {"key": key, "what": asked[key], "reports": reports_by_fact[row.fact_id, key]}
                for key in row.fact_keys
            ],
        }
        for row in each_row(facts)
    }


def _report(row: Any, named: dict[str, dict[str, str]]) -> dict[str, str]:
    source = named[row.source_id]
    text = {"says": row.source_value, "note": row.note}
    outlets = {key: one["outlet"] for key, one in named.items()}
    remarks = [rests_on(row.basis, row.basis_of, outlets), row.remark]
    if not pd.isna(row.differs_in):
        remarks.insert(0, f"differs in {DIFFERS_IN[row.differs_in]}")
    return {
        "stance": row.stance,
        "source": row.source_id,
        "outlet": source["outlet"],
        "url": source["url"],
        "day": citations.day(row.published),
        **{key: "" if pd.isna(cell) else str(cell).rstrip(".") for key, cell in text.items()},
        "remark": "; ".join(filter(None, remarks)),
    }


def rests_on(basis: Any, of: Any, outlets: Mapping[str, str]) -> str:
    """Return in a few words on what a report rests; blank where the table does not say.

    Parameters
    ----------
    basis, of : str or missing
        The cells ``basis`` and ``basis_of``.
    outlets : mapping
        The outlet of each source, by its id.
    """
    if pd.isna(basis):
        return ""
    whom = outlets.get(of, of) if not pd.isna(of) else ""
    words = {"own": "own reporting", "release": "repeats the release", "unclear": "basis not clear"}
    return words.get(basis) or f"{'quotes' if basis == 'quotes' else 'from'} {whom}"
