"""The audit finds every fact once and every mention, and names what an article has changed, and only that."""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

import explainer.cli.audit  # noqa: F401  (gives the program its command)
import ferry
from explainer.article.audit import Audit, audit
from explainer.article.audit.report import as_data, as_text, problems
from explainer.article.audit.wording import digest
from explainer.article.copies import read
from explainer.cli import app
from explainer.english.mentions import mentions
from explainer.english.typeset import Folded, FoldedTexts, fold
from explainer.system.errors import Fault
from explainer.system.project import Project

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path) -> Project:
    return ferry.make(tmp_path / "ferry")


@pytest.fixture
def held(project, tmp_path):
    """Hold the fact sheet against a text."""

    def against(text: str, name: str = "copy.txt") -> Audit:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return audit(project, read(path))

    return against


def changed(result: Audit) -> dict[str, str]:
    """Return what each missing fact says now, or how it is missing."""
    assert not result.ambiguous
    return {finding.fact.fact_id: finding.now or finding.change for finding in result.missing}


def uncovered(result: Audit) -> list[tuple[int | None, str, str]]:
    return [
        (mention.text.number, mention.kind, mention.text.text[mention.start : mention.end])
        for mention in result.coverage.uncovered
    ]


# What is right ------------------------------------------------------------------------------------------


def test_all_is_found_and_accounted_for(held):
    result = held(ferry.TEXT)
    assert problems(result) == []
    assert result.complete
    counts = as_data(result)["counts"]
    assert counts["facts"] == counts["found"] == 18
    assert (counts["missing"], counts["ambiguous"], counts["uncovered"]) == (0, 0, 0)
    assert counts["left_out"] == 2
    assert counts["mentions"] == counts["covered"] + counts["left_out"]
    assert counts["paragraphs"] == counts["paragraphs_found"] == 7


def soft(text: str) -> str:
    return re.sub(r"([a-z]{3})(?=[a-z])", "\\1\u00ad", text)


TYPESET = {
    "straight quotes": lambda text: text.translate(str.maketrans("“”‘’", "\"\"''")),
    "other quotes": lambda text: text.translate(str.maketrans("“”’", "«»´")),
    "hyphens for dashes": lambda text: text.replace("–", "--"),
    "dashes for hyphens": lambda text: text.replace("-", "‑").replace(" – ", "—"),
    "capitals": str.upper,
    "small letters": str.lower,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "wide spaces": lambda text: text.replace(" ", "  "),
    "soft hyphens": soft,
    "hard wrapped": lambda text: "\n\n".join(textwrap.fill(block, 24) for block in text.split("\n\n")),
    "no blank lines": lambda text: re.sub("\n+", "\n", text),
    "on one line": lambda text: " ".join(text.split()),
    "paragraphs in another order": lambda text: "\n\n".join(reversed(text.split("\n\n"))),
    "ligatures": lambda text: text.replace("st", "ﬆ"),
    "full-width digits": lambda text: text.translate({ord("0") + i: 0xFF10 + i for i in range(10)}),
    "words run together set apart": lambda text: text.replace("NEWSPier", "NEWS\n\nPier"),
}


@pytest.mark.parametrize("set_anew", TYPESET.values(), ids=TYPESET)
def test_typesetting_does_not_matter(held, set_anew):
    text = set_anew(ferry.TEXT)
    assert text != ferry.TEXT
    assert problems(held(text)) == []


def test_a_page_audits_as_its_text_does(held):
    result = held(ferry.page(ferry.LINES), "copy.html")
    assert problems(result) == []
    assert as_data(result)["counts"] == as_data(held(ferry.TEXT))["counts"]


def test_a_change_is_seen_in_a_page_too(held):
    page = ferry.page([line.replace("17 passengers", "19 passengers") for line in ferry.LINES])
    result = held(page, "copy.html")
    assert changed(result) == {"bruised": "19"}
    assert len(problems(result)) == 1


# What an article has changed ----------------------------------------------------------------------------

CHANGES = {
    "a count": ("counted 17", "counted 18", {"bruised": "18"}),
    "a count with another digit before it": ("counted 17", "counted 117", {"bruised": "117"}),
    "a count with thousands before it": ("counted 17", "counted 3,017", {"bruised": "3,017"}),
    "a count with a fraction": ("counted 17", "counted 17.5", {"bruised": "17.5"}),
    "a count spelled out": ("counted 17", "counted seventeen", {"bruised": "seventeen"}),
    "a spelled-out number": ("Twenty-two others", "Twenty-six others", {"ashore": "Twenty-six others"}),
    "a spelled-out number made longer": (
        "Twenty-two others",
        "One hundred twenty-two others",
        {"ashore": "One hundred twenty-two others"},
    ),
    "digits spelled out as two words": ("counted 17", "counted twenty-nine", {"bruised": "twenty-nine"}),
    "a month shortened": ("until April 14", "until Apr. 14", {"until": "Apr. 14"}),
    "an amount": ("is $4", "is $5", {"fare": "$5"}),
    "an interval": ("9 days", "8 days", {"interval": "8 days after"}),
    "a weekday": ("said Monday", "said Tuesday", {"announced": "Tuesday"}),
    "a day": ("until April 14", "until April 15", {"until": "April 15"}),
    "a day with one digit less": ("until April 14", "until April 1", {"until": "April 1"}),
    "a month": ("until April 14", "until May 14", {"until": "May 14"}),
    "a day that is another fact's": ("until April 14", "until April 2", {"until": "April 2"}),
    "the dateline": ("March 3, 2031", "March 4, 2031", {"published": "March 4, 2031"}),
    "a place": ("Port Ansel", "Port Brill", {"port": "Port Brill"}),
    "a person": ("Ruth Okafor", "Rita Okafor", {"captain": "Captain Rita Okafor"}),
    "a name within another fact": (
        "the Blue Heron",
        "the Grey Heron",
        {"boat": "Grey Heron", "no-sailing": "Grey Heron will not sail"},
    ),
    "a word of a claim": ("raised fares", "lowered fares", {"fares": "the line lowered fares"}),
    "a neighbour": ("lowest fare", "cheapest fare", {"fare": "$4"}),
    "a sentence dropped": (
        "Twenty-two others were led ashore by the Coast Watch – all within the hour.",
        "",
        {"ashore": "gone", "watch": "gone"},
    ),
    "the first sentence dropped": (
        ferry.LINES[3].split(" Twenty")[0],
        "",
        {"captain": "gone", "bruised": "gone"},
    ),
    "a paragraph dropped": (
        ferry.LINES[4],
        "",
        dict.fromkeys(["interval", "fares", "fare", "last-trip", "crew"], "gone"),
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES.values(), ids=CHANGES)
def test_a_change_names_its_facts_and_no_other(held, old, new, expected):
    assert ferry.TEXT.count(old) == 1
    result = held(ferry.TEXT.replace(old, new))
    assert changed(result) == expected
    assert not result.complete
    # The new words are told with the fact, and not once more as something the sheet does not know.
    assert all(words not in expected.values() for _, _, words in uncovered(result))


def test_every_digit_matters(held):
    """Whatever digit of the text is another one, some fact is named, and only facts that hold it."""
    base = held(ferry.TEXT)
    spans = {
        finding.fact.fact_id: finding.fact.selector.pattern.search(ferry.TEXT).span()
        for finding in base.findings
    }
    places = [hit.start() for hit in re.finditer(r"\d", ferry.TEXT)]
    assert len(places) == 12
    for place in places:
        digit = str((int(ferry.TEXT[place]) + 5) % 10)
        result = held(ferry.TEXT[:place] + digit + ferry.TEXT[place + 1 :])
        holders = {name for name, (start, end) in spans.items() if start <= place < end}
        assert set(changed(result)) == holders, f"digit {place}"
        assert holders


def test_a_message_says_what_it_said_and_what_it_says_now(held):
    (line,) = problems(held(ferry.TEXT.replace("counted 17", "counted 18")))
    assert line.startswith("data/article/facts.csv:10: bruised (paragraph 4): said '17', says now '18' (")
    assert "counted [18] passengers" in line
    assert line.endswith("Correct the row, or get a copy that was not changed.")


def test_a_fact_that_went_to_another_paragraph(held):
    text = ferry.TEXT.replace(", who counted 17 passengers with bruises", "").replace(
        "raised fares.", "raised fares. She counted 17 passengers."
    )
    result = held(text)
    assert changed(result) == {"bruised": "moved"}
    assert "paragraph 5: " in problems(result)[0]


# What it says in words that no fact rests on ------------------------------------------------------------


@pytest.fixture
def noted(project, program) -> Project:
    """Note how every paragraph is worded."""
    assert program("--note-wording", str(program.copy)).exit_code == 0
    return project


@pytest.mark.parametrize("set_anew", TYPESET.values(), ids=TYPESET)
def test_typesetting_does_not_reword(noted, held, set_anew):
    assert problems(held(set_anew(ferry.TEXT))) == []


def test_a_page_and_quotation_marks_around_a_paragraph_do_not_reword(noted, held):
    assert problems(held(ferry.page(ferry.LINES), "copy.html")) == []
    assert problems(held(ferry.TEXT.replace("“Nobody", "Nobody"))) == []
    assert problems(held(ferry.TEXT.replace("April 2.", "April 2.”"))) == []


REWORDED = {
    "another unit": ("17 passengers", "17 officers", 4),
    "a word that is dropped": ("“Nobody was badly hurt", "“Nobody was hurt", 4),
    "a not": ("others were led", "others were not led", 4),
    "another verb": ("it struck a pier", "it missed a pier", 3),
    "an apostrophe within a word": ("line’s lowest", "lines lowest", 5),
    "another end of a sentence": ("on April 2.", "on April 2?", 5),
    "words that are a quotation no more": ("hurt,” said", "hurt, said", 4),
    "words put in quotation marks": ("raised fares", "“raised fares”", 5),
}


@pytest.mark.parametrize(("old", "new", "paragraph"), REWORDED.values(), ids=REWORDED)
def test_a_paragraph_that_says_something_else_is_named(noted, held, old, new, paragraph):
    assert ferry.TEXT.count(old) == 1
    result = held(ferry.TEXT.replace(old, new))
    assert as_data(result)["reworded"] == [paragraph]
    assert not result.complete
    told = (
        f"data/article/paragraphs.csv: paragraph {paragraph} is not worded as it was when the sheet was made."
    )
    assert problems(result)[-1].startswith(told)


def test_a_changed_digit_names_its_fact_and_its_paragraph(noted, held):
    result = held(ferry.TEXT.replace("counted 17", "counted 18"))
    assert changed(result) == {"bruised": "18"}
    fact, paragraph = problems(result)
    assert "bruised (paragraph 4): said '17', says now '18'" in fact
    assert "paragraph 4 is not worded as it was" in paragraph


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,200", "1 200"), ("1.5", "1,5"), ("9 11", "911"), ("9-11", "9 11"), ("it's", "its"), ("so.", "so")],
)
def test_what_makes_another_wording(one, other):
    assert digest(Folded(one)) != digest(Folded(other))


def test_the_digest_of_a_text_stays_the_same():
    """It is kept in tables, so another way of making it would name every paragraph."""
    assert digest(Folded("“A ferry – the owners’ –\nsails at 9.”")) == "f9a3b4e43100"


def test_a_paragraph_without_a_digest_is_not_watched(noted, held):
    text = ferry.TEXT.replace("17 passengers", "17 officers").replace("it struck", "it missed")
    assert as_data(held(text))["reworded"] == [3, 4]
    ferry.edit(noted, "paragraphs", "4", digest="")
    assert as_data(held(text))["reworded"] == [3]


def test_wording_is_noted_only_where_all_else_is_found(noted, program):
    table = noted.data / "article" / "paragraphs.csv"
    before = table.read_bytes()
    program.copy.write_text(ferry.TEXT.replace("counted 17", "counted 18"), encoding="utf-8")
    done = program("--note-wording", str(program.copy))
    assert isinstance(done.exception, Fault)
    assert done.exception.what == "no wording is noted, since not everything is found in this copy"
    assert "says now '18'" in done.stdout
    assert table.read_bytes() == before


def test_wording_that_was_read_and_found_right_is_noted_anew(noted, program):
    program.copy.write_text(ferry.TEXT.replace("17 passengers", "17 officers"), encoding="utf-8")
    before = (noted.data / "article" / "paragraphs.csv").read_text(encoding="utf-8").splitlines()
    assert program(str(program.copy)).exit_code == 1
    assert program("--note-wording", str(program.copy)).exit_code == 0
    after = (noted.data / "article" / "paragraphs.csv").read_text(encoding="utf-8").splitlines()
    assert [row for row in range(8) if before[row] != after[row]] == [4]
    assert program(str(program.copy)).exit_code == 0


# What is mentioned and not in the sheet -----------------------------------------------------------------

ADDED = {
    "a number": ("It has 31 seats.", (5, "number", "31")),
    "a spelled-out number": ("It has thirty-one seats.", (5, "number", "thirty-one")),
    "an ordinal": ("It is the third such accident.", (5, "number", "third")),
    "money": ("It cost $2.5 million.", (5, "number", "$2.5")),
    "a share": ("It lost 12% of them.", (5, "number", "12%")),
    "a date": ("It is back by June 1, 2031, they hope.", (5, "date", "June 1, 2031")),
    "a date with numbers only": ("It is back by 2031-06-01.", (5, "date", "2031-06-01")),
    "a month": ("It is back in June.", (5, "month", "June")),
    "a weekday": ("It is back on Sunday.", (5, "weekday", "Sunday")),
    "a word for time": ("It is back this week.", (5, "time", "this week")),
    "a person": ("It was bought by Dana Reyes.", (5, "name", "Dana Reyes")),
    "a name that opens a sentence": ("Reyes bought it.", (5, "name", "Reyes")),
    "an organization": ("It belongs to the FTA.", (5, "name", "FTA")),
    "a place of the gazetteer": ("It lies at Tarn Bridge.", (5, "place", "Tarn Bridge")),
    "an account": ("It was told by @ferryfan.", (5, "name", "@ferryfan")),
}


def test_of_much_that_is_in_no_paragraph_all_is_told_and_the_beginning_read(held):
    line = "Rex Bloom of Elm Hollow had 31 boats. " * 26
    result = held(ferry.TEXT + "\n\n" + "\n\n".join([line.strip()] * 200))
    assert result.missing == []
    assert len(result.located.added) == 200
    read = {id(mention.text) for mention in result.coverage.uncovered}
    assert len(read) == 101, "of 987 characters each, as many as make 100,000"
    assert sum("not in the sheet" in problem for problem in problems(result)) == 200


@pytest.mark.parametrize(("sentence", "expected"), ADDED.values(), ids=ADDED)
def test_a_mention_that_is_not_in_the_sheet(held, sentence, expected):
    result = held(ferry.TEXT.replace("on April 2.", f"on April 2. {sentence}"))
    assert expected in uncovered(result)
    assert result.missing == []
    assert not result.complete


def test_words_that_mention_nothing_are_let_be(held):
    sentences = (
        "Meanwhile, it waits. “We can’t say,” they said. However they may march on. I’m sure. That is all."
    )
    result = held(ferry.TEXT.replace("on April 2.", f"on April 2. {sentences}"))
    assert uncovered(result) == []


def test_a_new_paragraph(held):
    result = held(ferry.TEXT.replace("MORE HARBOR", "Correction: it was 19 people.\n\nMORE HARBOR"))
    assert (None, "number", "19") in uncovered(result)
    assert any("a paragraph that is not in the sheet" in line for line in problems(result))
    assert result.missing == []


def test_left_out_on_purpose(project, held):
    text = ferry.TEXT.replace("on April 2.", "on April 2. It has 31 seats.")
    ferry.add(project, "left-out", "5,31,number,Seats are of no matter")
    assert problems(held(text)) == []
    (line,) = problems(held(ferry.TEXT))
    assert line.startswith("data/article/left-out.csv:4:words: '31' does not stand in paragraph 5.")


# A sheet that is wrong itself ---------------------------------------------------------------------------


def test_an_ambiguous_selector_is_told_with_its_places(project, held):
    ferry.edit(project, "facts", "announced", kind="claim", exact="the", prefix="", as_printed="the")
    result = held(ferry.TEXT)
    (finding,) = result.ambiguous
    assert finding.fact.fact_id == "announced"
    assert finding.places[0] == ("paragraph 3: [The] ferry’s owners said Monday that the…")
    assert {place.partition(":")[0] for place in finding.places} >= {
        "paragraph 3",
        "paragraph 4",
        "paragraph 7",
    }
    (line,) = [line for line in problems(result) if "announced" in line]
    assert "the words stand" in line
    assert line.endswith("Add prefix or suffix.")


def test_a_paragraph_given_wrongly(project, held):
    ferry.edit(project, "facts", "watch", paragraph="3")
    assert changed(held(ferry.TEXT)) == {"watch": "moved"}


def test_a_token_that_its_words_do_not_hold_is_refused_before_the_audit(project, held):
    ferry.edit(project, "facts", "bruised", as_printed="19")
    with pytest.raises(Fault, match=r"as_printed: is not among the words in exact, '17' \('19'\)"):
        held(ferry.TEXT)


def test_two_facts_on_the_same_words(project, held):
    ferry.add(project, "facts", "day,3,weekday,The day,Monday,stated,,Monday,,,,,,,")
    result = held(ferry.TEXT)
    assert [(first.fact_id, second.fact_id) for first, second in result.twins] == [("announced", "day")]
    assert "facts.csv:20: day and announced (row 4) are of one kind" in problems(result)[0]


def test_facts_of_two_kinds_may_share_words(project, held):
    ferry.add(project, "facts", "sitting,3,claim,On a Monday,Monday,stated,,said Monday,,,,,,,")
    assert problems(held(ferry.TEXT)) == []


def test_facts_of_one_kind_may_not_overlap(project, held):
    ferry.add(project, "facts", "day,3,weekday,The day,Monday,stated,,said Monday,,,,,,,")
    (line,) = problems(held(ferry.TEXT))
    assert line.startswith("data/article/facts.csv:20: day and announced (row 4) are of one kind")
    assert "('Monday', 'said Monday')" in line


@pytest.mark.parametrize(
    ("fact_id", "expected"),
    [
        ("boat", (3, "name", "Blue Heron")),
        ("captain", (4, "name", "Captain Ruth Okafor")),
        ("interval", (5, "number", "9")),
        ("last-trip", (5, "date", "April 2")),
    ],
)
def test_neighbours_of_a_fact_do_not_account_for_what_they_mention(project, held, fact_id, expected):
    """A fact struck from the sheet is asked for, even if another has its words as prefix or suffix."""
    rows = ferry.TABLES["facts"].splitlines()
    kept = "\n".join(row for row in rows if not row.startswith(f"{fact_id},"))
    (project.data / "article" / "facts.csv").write_text(kept + "\n", encoding="utf-8")
    neighbours = {
        "boat": ("no-sailing", {"exact": "will not sail", "prefix": "Blue Heron"}),
        "captain": ("bruised", {"prefix": "Captain Ruth Okafor, who counted"}),
        "interval": ("fares", {"prefix": "9 days after the line", "exact": "raised fares"}),
        "last-trip": ("crew", {"exact": "sailed", "suffix": "on April 2"}),
    }
    row, cells = neighbours[fact_id]
    ferry.edit(project, "facts", row, **cells)
    result = held(ferry.TEXT)
    assert result.missing == []
    assert uncovered(result) == [expected]
    assert not result.complete


def test_the_dateline_in_the_data_is_a_day(held):
    assert as_data(held(ferry.TEXT))["article"]["dateline"] == "2031-03-03"


def test_a_paragraph_that_is_not_there_and_one_that_opens_otherwise(project, held):
    ferry.add(project, "paragraphs", "8,footer,,Subscribe to our letter")
    ferry.edit(project, "paragraphs", "5", opens_with="The crash came")
    lines = problems(held(ferry.TEXT))
    assert [line for line in lines if "paragraph 8 ('Subscribe to our letter') is not in the copy" in line]
    assert [line for line in lines if "paragraph 5 no longer opens with 'The crash came'" in line]
    assert len(lines) == 2


def test_a_broken_table_is_a_fault(project, held):
    ferry.edit(project, "facts", "watch", paragraph="77")
    with pytest.raises(Fault, match=r"facts\.csv:12:paragraph: no such id in 'paragraphs'"):
        held(ferry.TEXT)


def test_another_article_altogether_names_everything(held):
    result = held("Budget passes\n\nThe council passed a budget of 41 million on Thursday.\n")
    assert len(result.missing) == 18
    assert not result.complete
    assert result.alien
    assert result.coverage.uncovered == []
    said = as_text(result)
    assert "This does not look like the article: none of its paragraphs is there. Check the path." in said
    assert len(said.splitlines()) < 12


def test_a_copy_with_hundreds_of_other_lines_is_told_in_few(held):
    result = held(ferry.TEXT + "\n" + "\n\n".join(f"Reyes {year} won." for year in range(100, 400)))
    assert len(result.coverage.uncovered) == 600
    said = as_text(result).splitlines()
    assert "outside the paragraphs: and 550 more." in said
    assert len(said) < 120


def test_a_long_other_text_is_told_at_once(held):
    result = held("\n\n".join(f"Dana Reyes sold {year} crates on Thursday." for year in range(1000, 3000)))
    assert result.alien
    assert len(result.missing) == 18
    assert as_data(result)["looks_like_the_article"] is False


# The program --------------------------------------------------------------------------------------------


@pytest.fixture
def program(project, tmp_path, monkeypatch):
    monkeypatch.chdir(project.root)
    copy = tmp_path / "copy.txt"
    copy.write_text(ferry.TEXT, encoding="utf-8")

    def run(*arguments: str):
        return CliRunner().invoke(app, ["audit", *arguments])

    run.copy = copy
    return run


def test_the_program_prints_a_table_and_ends_well(program):
    done = program(str(program.copy))
    assert done.exit_code == 0
    assert re.search(r"facts\s+│\s+18 │\s+18 │\s+0 │\s+0", done.stdout)
    assert "Every fact stands where it should" in done.stdout


def test_the_program_ends_with_1_when_something_is_missing(program):
    program.copy.write_text(ferry.TEXT.replace("17", "18"), encoding="utf-8")
    done = program(str(program.copy))
    assert done.exit_code == 1
    assert "bruised (paragraph 4): said '17', says now '18'" in done.stdout


def test_json_holds_the_same_and_nothing_of_the_machine(program, tmp_path):
    program.copy.write_text(ferry.TEXT.replace("17", "18"), encoding="utf-8")
    target = tmp_path / "out" / "audit.json"
    done = program(str(program.copy), "--format", "json", "--output", str(target))
    assert done.exit_code == 1
    data = json.loads(target.read_text(encoding="utf-8"))
    assert data["counts"]["missing"] == 1
    assert data["complete"] is False
    (fact,) = [fact for fact in data["facts"] if fact["status"] == "missing"]
    assert (fact["fact_id"], fact["change"], fact["said"], fact["now"]) == ("bruised", "changed", "17", "18")
    assert fact["selector"] == {"type": "TextQuoteSelector", "exact": "17"}
    assert str(tmp_path) not in target.read_text(encoding="utf-8")
    first = target.read_bytes()
    program(str(program.copy), "--format", "json", "--output", str(target))
    assert target.read_bytes() == first


def test_wrong_usage(program):
    assert program().exit_code == 2
    assert program(str(program.copy), "--format", "xml").exit_code == 2
    before = program.copy.read_bytes()
    assert program(str(program.copy), "--output", str(program.copy)).exit_code == 2
    assert program.copy.read_bytes() == before


def test_a_bad_copy_is_a_fault(program):
    program.copy.write_bytes(b"\x00\x01\x02" * 50)
    done = program(str(program.copy))
    assert isinstance(done.exception, Fault)  # main() prints it and ends with 1


def test_make_without_an_article_says_how(tmp_path):
    done = subprocess.run(["make", "audit"], cwd=HERE, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "usage: make audit ARTICLE=path" in done.stderr


def test_text_is_plain(held):
    text = as_text(held(ferry.TEXT))
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


# The parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("29", "229"), ("29", "290"), ("29", "29,000"), ("29", "1,029"), ("29", "2.29"), ("29", "29.5"),
        ("29", "29²"), ("29", "30"), ("July 2", "July 25"), ("two", "twenty-two"), ("two", "twenty two"),
        ("two", "one hundred and two"), ("twenty", "twenty-two"), ("seven", "seventeen"), ("10²", "102"),
        ("Penn", "Pennington"), ("July 25", "July 2 5"),
    ],
)  # fmt: skip
def test_other_numbers_and_longer_words_are_not_found(wanted, text):
    assert Folded(f"So {text} people").find(wanted) == []
    assert Folded(f"So {wanted} people").find(wanted)


def test_a_find_gives_the_place_in_the_original():
    text = "It said:\u00a0“No … way ﬁnally”  –  on  May\u00ad 5, cafe\u0301."
    for wanted in ("'no...way", "FINALLY", "finally'-on May 5", "café"):
        (hit,) = Folded(text).find(wanted)
        assert fold(text[hit.start : hit.end]) == fold(wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("On 5 July 2018 and Aug. 31 they met.", ["5 July 2018", "Aug. 31"]),
        ("In May, it may rain. March on.", ["May"]),
        ("May 4 was a Friday afternoon; Fridays are.", ["May 4", "Friday", "Fridays"]),
        ("A third of 1,200 or two dozen, 5th and 12%.", ["third", "1,200", "two dozen", "5th", "12%"]),
        ("The U.S. Coast Guard and Mr. Smith’s anti-NATO talk.", ["U.S. Coast Guard", "Smith", "NATO"]),
        ("But I can’t, said We the People’s Dr. Oz.", ["People", "Oz"]),
        ("Ultimately, it ended. “This,” he said.", []),
        ("City Hall today is shut.", ["City Hall", "today"]),
        ("They met last month and this week.", ["last month", "this week"]),
        ("In recent weeks, a year ago, it rained overnight.", ["recent weeks", "a year ago", "overnight"]),
        ("It comes next Friday.", ["Friday"]),
    ],
)
def test_mentions(text, expected):
    assert [text[mention.start : mention.end] for mention in mentions(text)] == expected


def test_words_are_looked_for_only_where_all_of_them_are():
    texts = [Folded(f"The {count} boats of pier {count + 1} left, NEWSPier said.") for count in range(2, 40)]
    index = FoldedTexts(texts, [["newspier"]] + [[]] * 37)
    assert index.containing("2", "boats", "of pier") == [0]
    assert index.containing("", "3 left") == [0, 1]
    assert index.containing("", "Pier said") == list(range(38))
    assert index.containing("", "news") == [0]
    assert index.containing("", "absent boats") == []
    assert list(index.containing("", "…")) == list(range(38))
