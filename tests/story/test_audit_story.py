"""The real fact sheet against the real article, which is not part of this project.

The changes are made from the fact sheet itself. Which facts a change must name is found without the audit:
those whose plain selector no longer stands in the text.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

import story
from explainer.article.audit import Audit, audit_sheet
from explainer.article.audit.facts import NAMES, Fact, FactSheet
from explainer.article.audit.facts import read as read_sheet
from explainer.article.audit.paragraphs import Text
from explainer.article.audit.report import counts, problems
from explainer.article.audit.wording import reworded
from explainer.article.copies import read
from explainer.system.project import Project
from ferry import page

SUPPLIED = os.environ.get("EXPLAINER_ARTICLE")
pytestmark = pytest.mark.skipif(
    not SUPPLIED,
    reason="EXPLAINER_ARTICLE does not name a copy of the article, which is not part of the project",
)

SHEET: FactSheet = read_sheet(Project.find(Path(__file__)))
FACTS = {fact.fact_id: fact for fact in SHEET.facts}
WITH_DIGITS = [name for name, fact in FACTS.items() if re.search(r"\d", fact.selector.exact)]
DAYS = [name for name, fact in FACTS.items() if fact.kind in ("date", "weekday")]
WITH_CAPITALS = [
    name for name, fact in FACTS.items() if fact.kind in NAMES and re.search(r"[A-Z]\w", fact.selector.exact)
]
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s)[^.!?\n]+)*[.!?]?[\"'”’]*")


@pytest.fixture(scope="module")
def text() -> str:
    chunks = itertools.groupby(read(SUPPLIED).lines, key=lambda line: line.chunk)
    return "\n\n".join("\n".join(line.text for line in lines) for _, lines in chunks)


@pytest.fixture
def held(tmp_path):
    def against(text: str, name: str = "copy.txt") -> Audit:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return audit_sheet(SHEET, read(path))

    return against


def test_parts_of_each_annotation_join_to_words_of_the_article(text):
    plain = " ".join(text.split())
    for fact in SHEET.facts:
        found = fact.selector.as_annotation(SHEET.openings[fact.paragraph])
        assert found.get("prefix", "") + found["exact"] + found.get("suffix", "") in plain, fact.fact_id


def test_no_more_than_six_words_of_the_article_stand_together_anywhere_but_in_its_headline():
    """In the tables, the notebooks and the prose; `exact` words are held to six by their own rule."""
    root = Project.find(Path(__file__)).root
    article = words(Path(SUPPLIED).read_text(encoding="utf-8"))
    runs = {" ".join(article[at : at + 7]) for at in range(len(article) - 6)}
    with open(root / "data" / "article" / "article.csv", encoding="utf-8", newline="") as file:
        headline = " ".join(words(next(csv.DictReader(file))["headline"]))
    found = []
    for path in [root / "index.qmd", *root.glob("data/**/*.csv"), *root.glob("notebooks/*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            cells = json.loads(text)["cells"]
            text = "\n\n".join("".join(cell["source"]) for cell in cells)
        # What marks a fact, and the name of a variable, are no words of the sentence.
        text = re.sub(r"\]\{[^}]*\}|\{\{<.*?>\}\}", " ", text)
        for line in text.split("\n\n" if path.suffix != ".csv" else "\n"):
            said = words(line)
            for at in range(len(said) - 6):
                run = " ".join(said[at : at + 7])
                if run in runs and run not in headline:
                    found.append((path.name, run))
    assert not found


def words(text: str) -> list[str]:
    return re.findall(r"\w+(?:'\w+)?", text.casefold().replace("’", "'"))


def named(result: Audit) -> dict[str, str]:
    assert not result.ambiguous
    return {finding.fact.fact_id: finding.now for finding in result.missing}


def touched(text: str) -> set[str]:
    """Return the facts whose selector does not stand in `text` as it is printed."""
    return {fact.fact_id for fact in SHEET.facts if fact.selector.count(text) == 0}


def span(fact: Fact, text: str) -> tuple[int, int]:
    """Return where the exact words of a fact stand."""
    hit = fact.selector.pattern.search(text)
    start = hit.start() + hit[0].index(fact.selector.exact, len(fact.selector.prefix))
    return start, start + len(fact.selector.exact)


def test_every_selector_once_and_every_mention_accounted_for(held):
    result = audit_sheet(SHEET, read(SUPPLIED))
    assert problems(result) == []
    found = counts(result)
    assert found["facts"] == found["found"] > 90
    assert found["paragraphs"] == found["paragraphs_found"]
    assert found["mentions"] == found["covered"] + found["left_out"] > 70
    assert found["left_out"] <= len(SHEET.left_out)


def test_a_fact_that_was_struck_is_named(tmp_path):
    project = story.copy(tmp_path)
    path = project.data / "article" / "facts.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith("penn-marketplace,")), encoding="utf-8")
    result = audit_sheet(read_sheet(project), read(SUPPLIED))
    (told,) = problems(result)
    assert "fact penn-marketplace was published as 'marketplace' and is gone" in told
    assert not result.complete


def test_each_left_out_row_is_needed(held):
    """Without any one row, the audit asks for those words."""
    article = read(SUPPLIED)
    for row in SHEET.left_out:
        others = [other for other in SHEET.left_out if other is not row]
        result = audit_sheet(replace(SHEET, left_out=others), article)
        assert row.paragraph in {mention.text.number for mention in result.coverage.uncovered}, row


def test_each_name_date_and_number_is_needed(held):
    """Without any one fact of a date, count or interval, the audit asks for what it covered."""
    article = read(SUPPLIED)
    for fact in SHEET.facts:
        if fact.kind in ("date", "weekday", "interval", "count") and re.search(r"\d|day\b", fact.as_printed):
            others = [other for other in SHEET.facts if other is not fact]
            result = audit_sheet(replace(SHEET, facts=others), article)
            wanted = [
                mention for mention in result.coverage.uncovered if mention.text.number == fact.paragraph
            ]
            assert wanted, fact.fact_id


@pytest.mark.parametrize(
    "fact_id", [name for name, fact in FACTS.items() if re.search(r"\d", fact.selector.exact)]
)
def test_another_digit(held, text, fact_id):
    fact = FACTS[fact_id]
    start, end = span(fact, text)
    for hit in re.finditer(r"\d", text[start:end]):
        place = start + hit.start()
        digit = str((int(hit[0]) + 3) % 10)
        copy = text[:place] + digit + text[place + 1 :]
        seen = held(copy)
        result = named(seen)
        assert set(result) == touched(copy)
        assert result[fact_id] == copy[start:end]
        assert seen.reworded == [fact.paragraph]


@pytest.mark.parametrize(
    "fact_id", [name for name, fact in FACTS.items() if fact.kind in ("date", "weekday")]
)
def test_another_day(held, text, fact_id):
    fact = FACTS[fact_id]
    start, end = span(fact, text)
    other = "Sunday" if fact.kind == "weekday" else "November 12"
    moved = re.sub(r"[A-Z][a-z]+day|[A-Z][a-z]+ \d+", other, text[start:end])
    copy = text[:start] + moved + text[end:]
    result = named(held(copy))
    assert set(result) == touched(copy)
    assert result[fact_id] == moved


@pytest.mark.parametrize("fact_id", WITH_CAPITALS)
def test_another_name(held, text, fact_id):
    fact = FACTS[fact_id]
    start, end = span(fact, text)
    word = re.search(r"[A-Z]\w+", text[start:end])
    copy = text[: start + word.start()] + "Zanzibar" + text[start + word.end() :]
    result = named(held(copy))
    assert set(result) == touched(copy)
    assert "Zanzibar" in result[fact_id]


def test_any_word_that_is_dropped_is_another_wording():
    found = audit_sheet(SHEET, read(SUPPLIED)).located.paragraphs
    assert list(found) == [number for number, noted in SHEET.digests.items() if noted]
    for number, whole in found.items():
        for word in re.finditer(r"\w+", whole.text):
            less = Text(number, whole.text[: word.start()] + whole.text[word.end() :])
            assert reworded({number: less}, SHEET.digests) == [number], word[0]


def test_a_dropped_sentence(held, text):
    dropped = 0
    for number, opening in SHEET.openings.items():
        if SHEET.roles[number] != "body":
            continue
        paragraph = next(line for line in text.splitlines() if line.startswith(opening))
        for sentence in SENTENCE.finditer(paragraph):
            copy = text.replace(sentence[0], "")
            result = named(held(copy))
            assert set(result) == touched(copy), sentence[0]
            dropped += bool(result)
    assert dropped > 10


def straight(text: str) -> str:
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


def wide(text: str) -> str:
    return text.replace(" ", "\u00a0 ")


@pytest.mark.parametrize(
    "set_anew",
    [
        straight,
        str.upper,
        str.lower,
        lambda text: text.replace(" ", "\u00a0 "),
        lambda text: " ".join(text.split()),
    ],
    ids=["quotes", "capitals", "small letters", "spaces", "one line"],
)
def test_typesetting_does_not_matter(held, text, set_anew):
    copy = set_anew(text)
    assert copy != text
    assert problems(held(copy)) == []


def test_a_page_audits_the_same(held, text):
    result = held(page([line for line in text.splitlines() if line]), "copy.html")
    assert problems(result) == []
    assert counts(result) == counts(held(text))
