"""The record notices a changed fact; one command mends the sheet and tells readers, or does neither."""

from __future__ import annotations

import csv
import os
import shutil
import signal
from datetime import date

import pytest

import mini
from explainer.cli import main
from explainer.ledger import correction_log
from explainer.ledger.correct import Correction, correct, withdrawal
from explainer.ledger.data_check import DataCheck
from explainer.ledger.publish import publish
from explainer.report import site
from explainer.system import files, transaction
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from program import explain, fork, start

DAY = date(2031, 6, 2)
SHEET, LOG, RECORD = "data/article/facts.csv", "data/corrections.csv", "data/published.csv"
TO_31 = {"as_printed": "31", "exact": "sold 31 crates"}


@pytest.fixture
def project(tmp_path) -> Project:
    """The tables of a story that was published."""
    return mini.tables(tmp_path / "mini")


def content(project: Project) -> dict[str, bytes]:
    return {name: (project.root / name).read_bytes() for name in (SHEET, LOG, RECORD)}


def log(project: Project) -> list[dict[str, str]]:
    with (project.root / LOG).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def edit(project: Project, old: str, new: str, file: str = SHEET) -> None:
    mini.edit(project.root / file, old, new)


def told(project: Project) -> tuple[list[str], list[str]]:
    """Return faults and warnings as `explainer check` finds them, but for those on what sources said."""
    found = DataCheck(project)
    warnings = [str(caution) for caution in found.warnings if caution.column != "compared_with"]
    return [str(fault) for fault in found.faults], warnings


def fix(project: Project, fact: str = "apples", to=TO_31, reason: str = "A slip.", **more):
    return correct(project, Correction(fact, to, reason, **{"on": DAY, **more}))


# --- the record


def test_a_story_that_was_published_and_not_touched_has_nothing_to_tell(project):
    assert told(project) == ([], [])
    before = content(project)
    assert publish(project) == "data/published.csv is up to date: nothing has changed since it was published."
    assert content(project) == before


def test_a_changed_fact_is_warned_of_by_name_and_place_and_refused_by_publish(project):
    edit(project, *mini.SOLD_31)
    edit(project, "will close,stated,,fair will close", "will close,attributed,growers,fair will close")
    faults, warnings = told(project)
    assert faults == []
    apples, closes = (
        f"without a correction. Set it back, or record it: explainer correct {fact} --reason …"
        for fact in ("apples", "fair-closes")
    )
    assert warnings == [
        "data/article/facts.csv:4:as_printed: fact apples was published with '29' here and has "
        f"'31' now, {apples}",
        "data/article/facts.csv:4:exact: fact apples was published with 'sold 29 crates' here and has "
        f"'sold 31 crates' now, {apples}",
        "data/article/facts.csv:2:status: fact fair-closes was published with 'stated' here and has "
        f"'attributed' now, {closes}",
        "data/article/facts.csv:2:attributed_to: fact fair-closes was published with '' here and has "
        f"'growers' now, {closes}",
    ]
    done = explain(project, "check")
    assert done.returncode == 0 and done.stdout.count("warning") == 6, done.stdout
    before = content(project)
    done = start(project, "publish")
    assert done.returncode == 1
    assert "fact apples was published with '29'" in done.stderr and "nothing was published" in done.stderr
    assert content(project) == before


def test_setting_it_back_by_hand_clears_the_warning(project):
    edit(project, *mini.SOLD_31)
    assert told(project)[1]
    edit(project, *reversed(mini.SOLD_31))
    assert told(project) == ([], [])


def test_order_notes_and_places_are_not_what_was_published(project):
    path = project.root / SHEET
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [
        row + "A doubt" if row.startswith("apples") else row.replace("visitors,2", "visitors,3")
        for row in rows
    ]
    path.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    assert told(project) == ([], [])
    before = content(project)[RECORD]
    publish(project)
    assert content(project)[RECORD] == before


def test_a_new_fact_is_no_correction_and_joins_the_record(project):
    with (project.root / SHEET).open("a", encoding="utf-8") as file:
        file.write('stall,3,claim,"A stall, named",will close,stated,,fair will close,,,,,,,\n')
    assert told(project) == ([], [])
    assert publish(project) == "data/published.csv has 5 facts as they are now, 1 of them new."
    assert 'stall,claim,"A stall, named",will close' in content(project)[RECORD].decode()


def test_a_removed_fact_needs_a_correction(project):
    before = content(project)
    edit(project, "visitors,2,count,Visitors,1200,stated,,1200 visitors,,,visitors,,,,\n", "")
    assert told(project) == (
        [
            "data/article/facts.csv: fact visitors was published as '1200' and is gone, without a "
            "correction. Put it back, or record it: explainer correct visitors --remove --reason …"
        ],
        [],
    )
    with pytest.raises(Faults, match="visitors was published as '1200' and is gone"):
        publish(project)
    assert content(project)[RECORD] == before[RECORD]


def test_publish_refuses_faults_of_the_tables_first(project):
    edit(project, "apples,3,", "apples,9,")
    before = content(project)
    with pytest.raises(Faults, match="no such id in 'paragraphs'"):
        publish(project)
    assert content(project) == before


def test_first_publication_takes_everything(project):
    edit(
        project,
        "apples,count,Apples sold,29,attributed,growers,sold 29 crates,crates,,,,0,false\n",
        "",
        RECORD,
    )
    path = project.root / RECORD
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert told(project) == ([], [])
    assert publish(project) == "data/published.csv has 4 facts as they are now, 4 of them new."
    assert path.read_text(encoding="utf-8") == mini.TABLES["published.csv"]


# --- the command


def test_correct_edits_one_row_of_the_sheet_and_adds_to_the_log(project):
    before = content(project)
    done = start(
        project,
        *("correct", "apples", "--to", "31", "--exact", "sold 31 crates", "--reason", "A slip, of ours"),
        *("--on", "2031-06-02"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "as_printed: '29' is now '31' (2031-06-02)" in done.stdout
    after = content(project)
    old, new = (text.encode() for text in mini.SOLD_31)
    assert after[SHEET] == before[SHEET].replace(old, new)
    assert after[LOG] == before[LOG] + (
        b'1,2031-06-02,apples,transcription,as_printed,29,31,"A slip, of ours",31\n'
        b'1,2031-06-02,apples,transcription,exact,sold 29 crates,sold 31 crates,"A slip, of ours",'
        b"sold 31 crates\n"
    )
    assert after[RECORD] == before[RECORD]
    assert told(project) == ([], [])
    publish(project)
    assert "apples,count,Apples sold,31,attributed,growers,sold 31 crates,crates,,,,2,false" in (
        content(project)[RECORD].decode()
    )
    assert not (project.build / "edit").exists()


def test_the_day_is_today_unless_it_is_given(project):
    before = date.today().isoformat()
    done = explain(
        project, "correct", "fair-closes", "--column", "subject", "--to", "It closes", "--reason", "x"
    )
    assert done.returncode == 0, done.stderr
    assert before <= log(project)[0]["corrected_on"] <= date.today().isoformat()


def test_a_spreadsheets_way_of_writing_stays(project):
    path = project.root / SHEET
    text = path.read_text(encoding="utf-8").replace("fair-closes,2,claim", 'fair-closes,"2","claim"')
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    before = path.read_bytes()
    fix(project)
    old, new = (text.encode() for text in mini.SOLD_31)
    assert path.read_bytes() == before.replace(old, new)


def test_the_words_that_carry_the_token_have_to_change_with_it(project):
    before = content(project)
    done = explain(project, "correct", "apples", "--to", "31", "--reason", "A slip.")
    assert done.returncode == 1
    assert (
        "'31' is not among the words in exact, 'sold 29 crates', which have to change with it" in done.stderr
    )
    assert 'Add --exact "sold 31 crates"' in done.stderr and "Nothing was changed." in done.stderr
    assert content(project) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["aples", "--to", "31"], "fact aples does not exist. Did you mean 'apples'?"),
        (
            ["apples", "--to", "x", "--column", "stauts"],
            "column stauts is not one that is published. Did you mean",
        ),
        (["apples", "--to", "x", "--column", "note"], "column note is not one that is published"),
        (
            ["apples", "--to", "stated", "--column", "status"],
            "facts.csv:4:attributed_to: must be blank unless",
        ),
        (
            ["apples", "--to", "said", "--column", "status"],
            "facts.csv:4:status: not one of the allowed values",
        ),
        (["closing-day", "--to", "Fryday", "--exact", "on Fryday"], "facts.csv:5:as_printed: "),
        (["apples"], "fact apples says what readers have been told. Name the new value with --to."),
        (["apples", "--remove"], "no such id in 'facts' ('apples')"),
    ],
)
def test_what_check_would_refuse_is_not_written(project, arguments, told):
    before = content(project)
    done = explain(project, "correct", *arguments, "--reason", "A slip.")
    assert done.returncode == 1 and told in done.stderr, done.stderr
    assert "Nothing was changed." in done.stderr and "Traceback" not in done.stderr
    assert content(project) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["apples", "--to", "31"], "Missing option '--reason'"),
        (["apples", "--to", "31", "--reason", " "], "readers are told why"),
        (["apples", "--to", "31", "--reason", "x", "--kind", "typo"], "not one of transcription, article"),
        (["apples", "--to", "31", "--reason", "x", "--on", "2031-02-30"], "does not match the format"),
        (["apples", "--to", "31", "--reason", "x", "--also", "status"], "is not COLUMN=VALUE"),
        (
            ["apples", "--to", "a", "--column", "exact", "--exact", "b", "--reason", "x"],
            "exact is given twice",
        ),
        (["apples", "--to", " ", "--reason", "x"], "a fact cannot be blank; --remove withdraws it"),
        (["apples", "--to", "31", "--remove", "--reason", "x"], "has no new value"),
    ],
)
def test_wrong_usage_is_told_as_such(project, arguments, told):
    done = explain(project, "correct", *arguments, COLUMNS="200", TERM="dumb")
    assert done.returncode == 2 and told in done.stderr, done.stderr


def test_a_fact_that_was_never_published_is_edited_and_not_corrected(project):
    with (project.root / SHEET).open("a", encoding="utf-8") as file:
        file.write("stall,3,claim,A stall,will close,stated,,fair will close,,,,,,,\n")
    with pytest.raises(Fault, match=r"facts.csv:6: fact stall has not been published. Edit the fact sheet"):
        fix(project, "stall", {"as_printed": "close"})


def test_several_cells_change_together(project):
    done = explain(
        project,
        *(
            "correct",
            "apples",
            "--column",
            "status",
            "--to",
            "stated",
            "--also",
            "attributed_to=",
            "--reason",
            "x",
        ),
    )
    assert done.returncode == 0, done.stderr
    rows = log(project)
    assert [(row["correction"], row["column"], row["was"], row["is"]) for row in rows] == [
        ("1", "status", "attributed", "stated"),
        ("1", "attributed_to", "growers", ""),
    ]
    assert told(project) == ([], [])
    (entry,) = correction_log.entries(project)
    assert entry["what"] == (
        "Apples sold: status: “attributed” is now “stated”; attributed to: “growers” was taken out."
    )


def test_what_readers_were_told_already_is_warned_of_and_nothing_is_written(project):
    before = content(project)
    done = explain(project, "correct", "apples", "--to", "29", "--reason", "x")
    assert done.returncode == 0 and done.stdout == ""
    assert "Warning: apples says this already, and readers were told so. Nothing was changed." in done.stderr
    assert content(project) == before


def test_an_edit_made_by_hand_is_recorded_as_it_is(project):
    edit(project, *mini.SOLD_31)
    before = content(project)
    done = fix(project, to={})
    assert done.logged == (("as_printed", "29", "31"), ("exact", "sold 29 crates", "sold 31 crates"))
    assert content(project)[SHEET] == before[SHEET]
    assert told(project) == ([], [])


def test_an_edit_made_by_hand_can_be_set_back_and_is_no_correction(project):
    before = content(project)
    edit(project, *mini.SOLD_31)
    done = fix(project, to={"as_printed": "29", "exact": "sold 29 crates"})
    assert (done.logged, done.set_back) == ((), ("as_printed", "exact"))
    assert content(project) == before


def test_corrections_of_one_cell_lead_from_one_to_the_next(project):
    fix(project)
    publish(project)
    fix(project, to={"as_printed": "30", "exact": "sold 30 crates"}, reason="Another slip.")
    rows = [row for row in log(project) if row["column"] == "as_printed"]
    assert [(row["correction"], row["was"], row["is"], row["expected"]) for row in rows] == [
        ("1", "29", "31", ""),
        ("2", "31", "30", "30"),
    ]
    assert told(project) == ([], [])
    assert [entry["id"] for entry in correction_log.entries(project)] == ["correction-1", "correction-2"]
    publish(project)
    fix(project, to={"as_printed": "29", "exact": "sold 29 crates"}, on=date(2031, 6, 4), kind="article")
    assert told(project) == ([], [])
    publish(project)
    entries = correction_log.entries(project)
    assert site.last_modified(entries, "2031-06-01") == "2031-06-04"
    assert site.last_modified(entries, "2031-07-01") == "2031-07-01"
    assert correction_log.entries(project)[-1]["text"] == (
        "June 4, 2031. The article was changed. A slip. Apples sold: “30” is now “29”."
    )


def test_two_corrections_before_the_next_publication_are_both_in_the_log(project):
    fix(project)
    fix(project, to={"as_printed": "30", "exact": "sold 30 crates"})
    assert told(project) == ([], [])
    assert len(log(project)) == 4
    publish(project)


def test_a_fact_is_withdrawn_and_put_back(project):
    row = "visitors,2,count,Visitors,1200,stated,,1200 visitors,,,visitors,,,,\n"
    fix(project, "visitors", {"subject": "People who came"}, "Clearer.")
    before = content(project)
    done = explain(project, "correct", "visitors", "--remove", "--reason", "Not in it", "--on", "2031-06-03")
    assert done.returncode == 0, done.stderr
    assert content(project)[SHEET] == before[SHEET].replace(
        row.replace("Visitors", "People who came").encode(), b""
    )
    assert [(row["column"], row["is"], row["expected"]) for row in log(project)] == [
        ("subject", "People who came", ""),
        ("as_printed", "", ""),
    ]
    assert told(project) == ([], [])
    assert publish(project) == "data/published.csv has 3 facts as they are now, none of them new."
    kept = "visitors,count,Visitors,1200,stated,,1200 visitors,visitors,,,,2,true\n"
    assert kept in content(project)[RECORD].decode()
    assert told(project) == ([], [])
    assert correction_log.entries(project)[-1]["what"] == "Visitors: “1200” was withdrawn."
    # Put back by hand, it contradicts the log until that is recorded too.
    with (project.root / SHEET).open("a", encoding="utf-8") as file:
        file.write(row.replace("Visitors", "People who came"))
    faults, _ = told(project)
    assert (
        len(faults) == 1
        and "corrections.csv:3:expected: data/article/facts.csv:5:as_printed says '1200'" in faults[0]
    )
    fix(project, "visitors", {}, "It is.", on=date(2031, 6, 4))
    assert told(project) == ([], [])
    assert correction_log.entries(project)[-1]["what"] == "People who came: “1200” was put back."
    publish(project)
    assert told(project) == ([], [])


def test_a_withdrawn_fact_cannot_be_corrected(project):
    fix(project, "visitors", withdrawal())
    with pytest.raises(Fault, match=r"fact visitors is not in the fact sheet\. Put its row back"):
        fix(project, "visitors", {"as_printed": "1300", "exact": "1300 visitors"})


# --- the guard


def test_a_sheet_that_contradicts_a_correction_is_a_fault_at_its_guard(project):
    fix(project)
    edit(
        project,
        "Apples sold,31,attributed,growers,sold 31 crates",
        "Apples sold,33,attributed,growers,sold 33 crates",
    )
    faults, _ = told(project)
    assert faults == [
        "data/corrections.csv:2:expected: data/article/facts.csv:4:as_printed says '33' and not what this "
        "correction expects ('31'). Set the fact sheet back, or record one more correction: "
        "explainer correct apples --reason …",
        "data/corrections.csv:3:expected: data/article/facts.csv:4:exact says 'sold 33 crates' and not what "
        "this correction expects ('sold 31 crates'). Set the fact sheet back, or record one more correction: "
        "explainer correct apples --reason …",
    ]
    fix(project, to={}, reason="Counted again.")
    assert told(project) == ([], [])


FIRST = "1,2031-06-02,apples,transcription,as_printed,29,31,A slip.,"
LAST = "2,2031-06-03,apples,transcription,as_printed,31,30,A slip.,30"
FAULTY = {
    "one later in force": ([FIRST + "31", LAST], "2:expected", "a later correction of this cell, in row 3"),
    "no guard": ([FIRST, LAST.removesuffix("30")], "3:expected", "must be what the correction left, '30'"),
    "another guard": (
        [FIRST, LAST.removesuffix("30") + "3"],
        "3:expected",
        "must be what the correction left",
    ),
    "broken chain": (
        [FIRST, LAST.replace(",31,30", ",32,30")],
        "3:was",
        "the correction before this one, in row 2",
    ),
    "no change": ([FIRST, LAST.replace(",31,30", ",30,30")], "3:is", "is the same as in was"),
    "day before": ([FIRST, LAST.replace("06-03", "06-01")], "3:corrected_on", "lies before 2031-06-02"),
    "one number, two reasons": (
        [
            FIRST,
            LAST.replace("2,2031-06-03", "1,2031-06-02").replace(
                "as_printed,31,30,A slip.,30", "unit,crates,,B,"
            ),
        ],
        "3:reason",
        "row 2 is the same correction",
    ),
    "unknown fact": ([FIRST.replace("apples", "aples") + "31"], "2:fact_id", "Did you mean 'apples'?"),
    "unknown column": (
        [FIRST.replace("as_printed", "printed") + "31"],
        "2:column",
        "not one of the allowed values",
    ),
    "no such day": ([FIRST.replace("06-02", "06-31") + "31"], "2:corrected_on", "not a date"),
    "no reason": ([FIRST.replace("A slip.", "") + "31"], "2:reason", "must not be blank"),
    "twice": ([FIRST + "31", FIRST + "31"], "3:correction+column", "this key stands in row 2 already"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_log_that_contradicts_itself_is_refused_at_the_cell(project, name):
    rows, place, words = FAULTY[name]
    edit(project, mini.SOLD_31[0], "Apples sold,30,attributed,growers,sold 30 crates,")
    with (project.root / LOG).open("a", encoding="utf-8") as file:
        file.write("\n".join(rows) + "\n")
    found = [fault for fault in told(project)[0] if fault.startswith(f"data/corrections.csv:{place}: ")]
    assert found and words in found[0], told(project)


def test_a_log_in_order_passes(project):
    edit(project, mini.SOLD_31[0], "Apples sold,30,attributed,growers,sold 30 crates,")
    with (project.root / LOG).open("a", encoding="utf-8") as file:
        file.write(f"{FIRST}\n{LAST}\n")
    faults, warnings = told(project)
    assert faults == []
    assert len(warnings) == 1 and ":exact:" in warnings[0], "the words changed too, and no row says so"


def test_a_published_correction_must_not_vanish_from_the_log(project):
    fix(project)
    publish(project)
    (project.root / LOG).write_text(mini.TABLES["corrections.csv"], encoding="utf-8")
    _, (warning,) = told(project)
    assert warning == (
        "data/corrections.csv: 2 rows on fact apples were published and none of them are left. "
        "Put them back: what was corrected stays in the log."
    )
    with pytest.raises(Faults, match="none of them are left"):
        publish(project)


# --- both files or neither


@pytest.mark.parametrize("failing", [LOG, SHEET])
def test_a_file_that_cannot_be_written_leaves_both_as_they_were(project, monkeypatch, failing):
    before = content(project)
    real = os.replace

    def full(source, target):
        if str(target).endswith(failing) and "_build" not in str(target):
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(Fault, match=f"{failing}: cannot be written: No space left on device"):
        fix(project)
    monkeypatch.undo()
    assert content(project) == before
    assert transaction.recover(project) == ""
    assert told(project) == ([], [])


def killed(project: Project, at: int) -> bool:
    """Start a correction that is killed at its `at`-th moment; return whether it lived to see it."""
    words = ["correct", "apples", "--to", "31", "--exact", "sold 31 crates", "--reason", "A slip."]
    done = fork(
        _killed, [*words, "--on", "2031-06-02"], cwd=project.root, env={**os.environ, "KILLED_AT": str(at)}
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == -9


def _killed() -> None:
    """Run the program, and kill it before or after it replaces the n-th file of the edit."""
    at, replace, seen = int(os.environ["KILLED_AT"]), os.replace, 0

    def watched(source, target) -> None:
        nonlocal seen
        moment = "checked" not in str(target)
        seen += moment
        if moment and at == 2 * seen - 1:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)
        if moment and at == 2 * seen:
            os.kill(os.getpid(), signal.SIGKILL)

    os.replace = watched
    main()


@pytest.fixture(scope="module")
def moments(tmp_path_factory) -> list[Project]:
    """Return the same tables with a correction killed at each moment, and at the end one that was not."""
    if os.name == "nt":
        pytest.skip("there is no SIGKILL")
    root = tmp_path_factory.mktemp("killed")
    found = []
    for at in range(1, 40):
        found.append(mini.tables(root / str(at)))
        if not killed(found[-1], at):
            return found
    raise AssertionError("it never ended")


def journal(project: Project) -> bool:
    return (project.build / "edit" / "journal.json").exists()


def test_a_correction_killed_at_any_moment_is_whole_after_the_next_command(moments, project, tmp_path):
    before = content(project)
    after = content(moments[-1])
    ends, halves = [], 0
    for number, one in enumerate(moments):
        found, waiting = content(one), journal(one)
        copy = mini.copy_of(one, tmp_path / str(number))
        if found not in (before, after):
            halves += 1
            lost = mini.copy_of(one, tmp_path / f"{number}-lost")
            shutil.rmtree(lost.build)
            assert any(told(lost)), "without a trace of the correction, check still finds what is missing"
        done = explain(copy, "check")
        assert done.returncode == 0 and "no fault" in done.stdout, done.stdout + done.stderr
        assert ("The correction of apples had been interrupted and is finished now" in done.stderr) == waiting
        assert content(copy) in (before, after) and not journal(copy)
        ends.append(content(copy) == after)
    assert halves == 2, "after the log and before the sheet"
    assert ends == sorted(ends) and ends[0] is False and True in ends[:-1], "first nothing of it, then all"


def test_an_interrupted_correction_keeps_off_what_was_edited_since(moments, project, tmp_path):
    sheet = content(project)[SHEET]
    half = next(one for one in moments if content(one)[SHEET] == sheet and content(one)[LOG].count(b"\n") > 1)
    copy = mini.copy_of(half, tmp_path / "copy")
    edit(copy, "Visitors,1200,stated,,1200 visitors", "Visitors,1300,stated,,1300 visitors")
    before = content(copy)
    done = explain(copy, "check")
    assert (
        "The correction of apples was interrupted, and data/article/facts.csv was changed since"
        in done.stderr
    )
    assert content(copy) == before
    assert done.returncode == 1 and "data/corrections.csv:2:expected" in done.stdout
    assert explain(copy, "check").stderr == ""


def test_two_corrections_at_once_do_not_mix(project, monkeypatch):
    monkeypatch.setattr(transaction, "PATIENCE", 0.1)
    with (
        transaction.lock(project),
        pytest.raises(Fault, match="another command is changing the tables of this project"),
    ):
        fix(project)


@pytest.mark.parametrize("command", ["correct", "publish"])
def test_help_has_examples(project, command):
    done = explain(project, command, "--help", COLUMNS="200")
    assert done.returncode == 0 and "Examples:" in done.stdout and f"explainer {command}" in done.stdout
