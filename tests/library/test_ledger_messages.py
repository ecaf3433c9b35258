"""Each fault and warning of the ledger, whole: its place, what is wrong and what to do."""

from __future__ import annotations

import json
from datetime import date

import pytest

import mini
from damaged import EXAMPLE
from explainer.data.package import DataPackage
from explainer.ledger import correction_log, published_facts
from explainer.ledger.correct import Correction, correct
from explainer.ledger.correction_checks import correction_faults
from explainer.ledger.cut_words import cut_word_faults
from explainer.ledger.publish import publish
from explainer.ledger.row_counts import row_count_faults, withdraw
from explainer.ledger.stale_comparisons import stale_comparisons
from explainer.system.errors import Fault, Faults

FIRST = "1,2031-06-02,apples,transcription,as_printed,29,31,A slip.,"
LAST = "2,2031-06-03,apples,transcription,as_printed,31,30,A slip.,30"
DAY = date(2031, 6, 2)


@pytest.fixture
def project(tmp_path):
    return mini.tables(tmp_path)


def describe(project, change):
    package = json.loads(project.package.read_text(encoding="utf-8"))
    change(package)
    mini.write(project.package, json.dumps(package))


def without(*names):
    """Return a change of the description that leaves tables out."""
    return lambda package: package.update(
        resources=[one for one in package["resources"] if one["name"] not in names]
    )


def log_is(project, *rows):
    with (project.data / "corrections.csv").open("a", encoding="utf-8") as log:
        log.write("\n".join(rows) + "\n")


def text_of(call, *arguments, **keywords):
    """Return the whole text of the fault that a call ends with."""
    with pytest.raises(Fault) as refused:
        call(*arguments, **keywords)
    return str(refused.value)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([FIRST, LAST], []),
        (
            [FIRST + "31", LAST],
            ["2:expected: a later correction of this cell, in row 3, has taken its place ('31'). Clear it."],
        ),
        (
            [FIRST, LAST.removesuffix("30")],
            ["3:expected: must be what the correction left, '30'. Write the same as in is."],
        ),
        (
            [FIRST, LAST.replace(",31,30", ",32,30")],
            [
                "3:was: the correction before this one, in row 2, left '31' ('32'). "
                "Write the same, so that each correction leads to the next."
            ],
        ),
        (
            [FIRST.replace(",31,", ",30,"), LAST.replace(",31,30", ",30,30")],
            ["3:is: is the same as in was ('30'). Correct one of the two, or remove the row."],
        ),
        (
            [FIRST, LAST.replace("06-03", "06-01")],
            [
                "3:corrected_on: lies before 2031-06-02, the day of correction 1 ('2031-06-01'). "
                "Number corrections in the order in which they were made."
            ],
        ),
        (
            [
                LAST.replace("2,2031-06-03", "1,2031-06-02").replace(",31,", ",29,"),
                "1,2031-06-02,apples,article,unit,boxes,crates,B.,crates",
            ],
            [
                f"3:{column}: row 2 is the same correction and has {first!r} here ({now!r}). "
                "Write the same, or give this row a number of its own."
                for column, first, now in (("kind", "transcription", "article"), ("reason", "A slip.", "B."))
            ],
        ),
        (
            [FIRST.replace(",31,A slip.,", ",,A slip.,"), LAST.replace(",31,30", ",,30")],
            [],
        ),
        (
            ["1,2031-06-02,apples,article,unit,boxes,crates,B.,crates",
             "2,2031-06-03,apples,article,as_printed,29,,Gone.,"],
            ["2:expected: the fact was withdrawn since ('crates'). Clear it.",
             "3:expected: data/article/facts.csv:4:as_printed says '30' and not what this correction "
             "expects. Set the fact sheet back, or record one more correction: "
             "explainer correct apples --reason …"],
        ),
        (
            [FIRST[:-8].replace("apples", "fair-closes").replace("29,31", "a,b") + "A slip.,b"],
            [
                "2:expected: data/article/facts.csv:2:as_printed says 'will close' and not what this "
                "correction expects ('b'). Set the fact sheet back, or record one more correction: "
                "explainer correct fair-closes --reason …"
            ],
        ),
    ],
)  # fmt: skip
def test_faults_of_the_log(project, rows, faults):
    mini.edit(
        project.data / "article/facts.csv",
        mini.SOLD_31[0],
        "Apples sold,30,attributed,growers,sold 30 crates,",
    )
    log_is(project, *rows)
    told = [str(fault) for fault in correction_faults(DataPackage(project))]
    assert told == [f"data/corrections.csv:{fault}" for fault in faults]


def test_a_log_of_a_fact_that_is_gone(project):
    log_is(project, "1,2031-06-02,apples,transcription,unit,boxes,crates,A slip.,crates")
    path = project.data / "article/facts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    mini.write(path, "".join(line for line in lines if not line.startswith("apples")))
    (fault,) = correction_faults(DataPackage(project))
    assert fault.what == "data/article/facts.csv has no fact apples any more"


def test_what_cannot_be_corrected(project):
    def fix(fact, to):
        return text_of(correct, project, Correction(fact, to, "A slip.", DAY))

    file = "data/article/facts.csv"
    assert fix("aples", {"as_printed": "31"}) == (
        f"{file}: fact aples does not exist. Did you mean 'apples'? Check its id."
    )
    assert fix("apples", {"stauts": "x"}) == (
        f"{file}:stauts: column stauts is not one that is published. Did you mean 'status'? Published: kind, "
        "subject, as_printed, status, attributed_to, exact, unit, refers_to, relation, relative_to."
    )
    assert fix("apples", {}) == (
        f"{file}:4: fact apples says what readers have been told. Name the new value with --to."
    )
    assert fix("apples", {"as_printed": "31"}) == (
        f"{file}:4:exact: '31' is not among the words in exact, 'sold 29 crates', which have to change with "
        'it. Add --exact "sold 31 crates" if that is what the article says.'
    )
    assert fix("apples", {"as_printed": "31", "exact": "29 of 29 apples"}).endswith(
        'Add --exact "…" if that is what the article says.'
    ), "where the old token stands twice, or not at all, nothing is guessed"
    with (project.root / file).open("a", encoding="utf-8") as sheet:
        sheet.write("stall,3,claim,A stall,will close,stated,,fair will close,,,,,,,\n")
    assert fix("stall", {"as_printed": "close"}) == (
        f"{file}:6: fact stall has not been published. Edit the fact sheet: only what readers were told (see "
        "`explainer publish`) is corrected."
    )
    correct(project, Correction("visitors", {"as_printed": ""}, "Not in it.", DAY))
    assert fix("visitors", {"as_printed": "1300", "exact": "1300 visitors"}) == (
        f"{file}: fact visitors is not in the fact sheet. Put its row back, and record that: explainer "
        "correct visitors --reason …"
    )
    assert fix("visitors", {}) == f"{file}: fact visitors says what readers have been told. " + (
        "Name the new value with --to."
    )


def test_stories_that_keep_no_ledger(project):
    describe(project, without("corrections"))
    file = "data/datapackage.json"
    describe_it = "Describe it as the explainer's own data package does."
    assert text_of(correct, project, Correction("apples", {"as_printed": "31"}, "A slip.")) == (
        f"{file}: describes no tables called 'corrections' and 'published'. "
        "Describe them as the explainer's own data package does."
    )
    assert text_of(publish, project) == (f"{file}: describes no table called 'published'. {describe_it}")
    assert text_of(withdraw, project, "None.") == (
        f"{file}: describes no table called 'tally'. {describe_it}"
    )
    assert correction_log.entries(project) == []
    package = DataPackage(project)
    for told in (
        correction_faults(package),
        published_facts.uncorrected_changes(package),
        published_facts.missing_facts(package),
        row_count_faults(package),
    ):
        assert list(told) == []


def test_a_published_correction_that_is_gone(project):
    def told():
        return [str(caution) for caution in published_facts.uncorrected_changes(DataPackage(project))]

    mini.edit(project.data / "published.csv", "sold 29 crates,crates,,,,0", "sold 29 crates,crates,,,,2")
    rest = "Put them back: what was corrected stays in the log."
    assert told() == [
        f"data/corrections.csv: 2 rows on fact apples were published and none of them are left. {rest}"
    ]
    log_is(project, "1,2031-06-02,apples,transcription,as_printed,28,29,A slip.,29")
    assert told() == [
        f"data/corrections.csv: 2 rows on fact apples were published and 1 of them is left. {rest}"
    ]


def test_a_change_counts_as_corrected_only_by_its_own_chain(project):
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    log_is(project, "1,2031-06-02,apples,transcription,as_printed,28,31,A slip.,31")
    assert [caution.column for caution in published_facts.uncorrected_changes(DataPackage(project))] == [
        "as_printed",
        "exact",
    ], "a correction of something else than was published"


def test_withdrawn_facts_are_neither_missing_nor_changed(project):
    path = project.data / "published.csv"
    mini.edit(path, "visitors,count", "gone,claim,Gone,gone,stated,,gone,,,,,0,true\nvisitors,count")
    package = DataPackage(project)
    assert not list(published_facts.missing_facts(package))
    assert publish(project).startswith("data/published.csv is up to date")


def test_an_entry_of_the_log_for_readers(project):
    log_is(
        project,
        "2,2031-06-03,visitors,article,unit,,visitors,Why not?,visitors",
        "1,2031-06-02,apples,transcription,as_printed,28,29,A slip,29",
        "1,2031-06-02,apples,transcription,exact,sold 28 crates,sold 29 crates,A slip,sold 29 crates",
        "1,2031-06-02,apples,transcription,unit,boxes,crates,A slip,crates",
    )
    first, second = correction_log.entries(project)
    assert first == {
        "id": "correction-1",
        "date": "2031-06-02",
        "day": "June 2, 2031",
        "fact": "apples",
        "subject": "Apples sold",
        "kind": "transcription",
        "because": "A slip.",
        "changes": [
            {"column": "as_printed", "was": "28", "is": "29", "text": "“28” is now “29”"},
            {
                "column": "exact",
                "was": "sold 28 crates",
                "is": "sold 29 crates",
                "text": "exact words: “sold 28 crates” is now “sold 29 crates”",
            },
            {"column": "unit", "was": "boxes", "is": "crates", "text": "unit: “boxes” is now “crates”"},
        ],
        "what": "Apples sold: “28” is now “29”; unit: “boxes” is now “crates”.",
        "text": "June 2, 2031. A slip. Apples sold: “28” is now “29”; unit: “boxes” is now “crates”.",
    }
    assert second["text"] == (
        "June 3, 2031. The article was changed. Why not? Visitors: unit: “visitors” was added."
    )
    assert correction_log.latest_by_fact([first, second, first | {"id": "x"}])["apples"]["id"] == "x"


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ("as_printed,29,", "Apples sold: “29” was withdrawn."),
        ("as_printed,,29", "Apples sold: “29” was put back."),
        ("as_printed,28,29", "Apples sold: “28” is now “29”."),
        ("unit,boxes,", "Apples sold: unit: “boxes” was taken out."),
        ("unit,,crates", "Apples sold: unit: “crates” was added."),
        ("unit,boxes,crates", "Apples sold: unit: “boxes” is now “crates”."),
    ],
)
def test_each_kind_of_change_has_its_words(project, cells, text):
    log_is(project, f"1,2031-06-02,apples,transcription,{cells},A slip,")
    (entry,) = correction_log.entries(project)
    assert entry["what"] == text


def test_what_publish_refuses_ends_with_what_became_of_the_record(project):
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    with pytest.raises(Faults) as refused:
        publish(project)
    assert str(refused.value.faults[-1]) == "nothing was published. The record is as it was."
    assert len(refused.value.faults) == 3


def test_rows_that_are_gone_and_tables_that_are_not_counted(project):
    whole = json.loads(EXAMPLE.package.read_text(encoding="utf-8"))
    describe(
        project,
        lambda package: package["resources"].extend(
            one for one in whole["resources"] if one["name"] == "tally"
        ),
    )
    tally = project.data / "tally.csv"
    mini.write(
        tally, "table,row,rows,withdrawn\nsources,blog,1,\nsources,gone,1,\nsources,lost,2,\nsorces,x,1,\n"
    )
    package = DataPackage(project)
    say = "Put it back, or say why it goes: explainer withdraw sources"
    assert [str(fault) for fault in row_count_faults(package)] == [
        "data/tally.csv:5:table: no such table, or none whose rows are counted ('sorces'). Did you mean "
        "'sources'? Correct the name, or strike the row.",
        f"data/sources/sources.csv: a row is on record and is gone: gone. {say} 'gone' --reason …",
        f"data/sources/sources.csv: 2 rows are on record and none are left: lost. {say} 'lost' --reason …",
    ]
    mini.edit(tally, "sources,gone,1,\n", "")
    mini.edit(tally, "sorces,x,1,\n", "")
    assert withdraw(project, "Read wrongly.", ("sources", "lost")) == [("sources", "lost")]
    assert tally.read_text(encoding="utf-8").endswith("blog,1,\nsources,lost,0,Read wrongly.\n")
    assert text_of(withdraw, project, "x", ("sources", "blog")) == (
        "data/tally.csv: sources has 'blog' as on record. Strike the row from its table first."
    )
    assert publish(project) == (
        "data/published.csv has 4 facts as they are now, none of them new. "
        "data/tally.csv counts the rows of the other tables."
    )
    assert "sources,lost,0,Read wrongly.\n" in tally.read_text(encoding="utf-8")


def test_a_stale_comparison(project):
    mini.edit(project.data / "article/facts.csv", "Apples sold,29", "Apples sold,31")
    (caution,) = stale_comparisons(DataPackage(project))
    assert str(caution) == (
        "data/sources/questions.csv:2:compared_with: the sources were compared with '29', and the sheet says "
        "'31' now ('F01_apples'). Look at its stances again, then write here what they were compared with."
    )


def test_an_answer_that_points_at_no_fact_is_compared_as_it_is_written(project):
    mini.edit(project.data / "sources/questions.csv", "{apples},true,29", "{pears},true,29")
    (caution,) = stale_comparisons(DataPackage(project))
    assert "compared with '29', and the sheet says '{pears}' now" in str(caution)


@pytest.mark.parametrize(
    ("exact", "prefix", "suffix", "message"),
    [
        (
            "29 crate",
            "",
            "",
            "suffix: the words end inside 'crates', which is one word to browsers: no link finds them "
            "('29 crate'). Write 's' at the beginning of suffix.",
        ),
        (
            "old 29",
            "",
            "",
            "prefix: the words begin inside 'sold', which is one word to browsers: no link finds them "
            "('old 29'). Write 's' at the end of prefix.",
        ),
        ("29 crate", "", "s", None),
        ("29", "sold", "", None),
        ("row", "", "", "prefix: the words begin inside 'Growers', which is one word to browsers: no link "
         "finds them ('row'). Write 'G' at the end of prefix."),
    ],
)  # fmt: skip
def test_a_selector_that_cuts_a_word(project, exact, prefix, suffix, message):
    with (project.data / "article/facts.csv").open("a", encoding="utf-8") as sheet:
        sheet.write(f"cut,3,claim,Cut,{exact},stated,,{exact},{prefix},{suffix},,,,,\n")
    faults = [str(fault) for fault in cut_word_faults(DataPackage(project))]
    assert faults[:1] == ([f"data/article/facts.csv:6:{message}"] if message else [])
