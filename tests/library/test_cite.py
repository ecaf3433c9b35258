"""How to cite the report: what reference managers read is what the page says."""

from __future__ import annotations

import json
import re

import pypandoc
import pytest

from explainer.report.files import cite, people

SITE = {"title": "The fair, 29 crates later", "lang": "en-US", "date": "2031-06-01", "home": None}


def read_bibtex(text: str) -> dict:
    """Return the one entry of a BibTeX file as Pandoc reads it."""
    (entry,) = json.loads(pypandoc.convert_text(text, "csljson", format="biblatex"))
    return entry


def entry(authors=(), **site) -> dict:
    return cite.item(SITE | site, people.authors({"author": list(authors)}, {}))


def plain(text: str) -> str:
    """Return a title without the marks by which CSL keeps its capitals."""
    return re.sub(r"</?span[^>]*>", "", text)


@pytest.mark.parametrize(
    "title",
    [
        "The fair, 29 crates later",
        "100% of A&B: #1 costs $5_000 ~ 2^3",
        r"A {brace}, a \backslash",
        "Žižek über “alles” – 日本語",
        "“Quoted” at its start",
        "What’s left @ the fair?",
    ],
)
def test_a_title_comes_through_bibtex(title):
    assert plain(read_bibtex(cite.bibtex(entry(title=title)))["title"]) == title
    assert json.loads(cite.files(entry(title=title))[cite.CSL])[0]["title"] == title


@pytest.mark.parametrize(
    "author, csl, line",
    [
        ("Ann Le Guin", {"literal": "Ann Le Guin"}, "Ann Le Guin"),
        ("Barnes and Noble", {"literal": "Barnes and Noble"}, "Barnes and Noble"),
        ({"name": "A newsroom", "type": "Organization"}, {"literal": "A newsroom"}, "A newsroom"),
        ({"name": {"literal": "The {odd} & Sons"}}, {"literal": "The {odd} & Sons"}, "The {odd} & Sons"),
        (
            {"name": {"given": "Mária", "family": "Ő"}},
            {"family": "Ő", "given": "Mária"},
            "Mária Ő",
        ),
        (
            {"name": {"given": "Ludwig", "family": "Berg", "non-dropping-particle": "van der"}},
            {"family": "van der Berg", "given": "Ludwig"},
            "Ludwig van der Berg",
        ),
        ({"name": {"family": "Sting"}}, {"family": "Sting"}, "Sting"),
        (
            {"name": {"given": "John", "family": "Doe", "suffix": "Jr."}},
            {"family": "Doe", "given": "John", "suffix": "Jr."},
            "John Doe Jr.",
        ),
        (
            {"name": {"given": "Sue", "family": "Salt and Pepper"}},
            {"family": "Salt and Pepper", "given": "Sue"},
            "Sue Salt and Pepper",
        ),
    ],
)
def test_an_author_comes_through_bibtex_csl_and_the_line(author, csl, line):
    made = entry([author])
    assert made["author"] == [csl]
    assert cite.line(made).startswith(f"{line} (2031). ")
    (read,) = read_bibtex(cite.bibtex(made))["author"]
    # Pandoc tells particles from the family's name, as BibTeX does.
    parts = ("dropping-particle", "non-dropping-particle", "family")
    family = " ".join(read.pop(part) for part in parts if part in read)
    assert ({"family": family} if family else {}) | read == csl


def test_a_brace_without_its_other_does_not_end_the_entry():
    made = cite.bibtex(entry(title="One { alone", date=None))
    assert made == ("@misc{one-alone,\n  title = {{One \\textbraceleft{} alone}},\n}\n")
    assert read_bibtex(made)["title"]


def test_several_authors_stay_several():
    made = entry(["A and B", {"name": {"given": "C", "family": "D"}}, "E, F"])
    assert read_bibtex(cite.bibtex(made))["author"] == made["author"]
    assert cite.line(made) == "A and B; C D; E, F (2031). The fair, 29 crates later."


def test_what_is_not_known_is_left_out():
    made = entry(date=None)
    assert made == {
        "id": "the-fair-crates-later",
        "type": "report",
        "title": SITE["title"],
        "language": "en-US",
    }
    assert cite.line(made) == "The fair, 29 crates later."
    read = read_bibtex(cite.bibtex(made))
    assert {"author", "issued", "URL"}.isdisjoint(read) and read["title"]


@pytest.mark.parametrize(
    "home", ["https://example.org/fair/", "https://example.org/a_b%20c/#x~y&z/", "https://example.org/{a}/"]
)
def test_the_address_comes_through(home):
    read = read_bibtex(cite.bibtex(entry(home=home)))
    assert read["URL"] == home.replace("{", "%7B").replace("}", "%7D")
    assert entry(home=home)["URL"] == home


def test_the_day_comes_through():
    assert read_bibtex(cite.bibtex(entry()))["issued"] == {"date-parts": [[2031, 6, 1]]}


@pytest.mark.parametrize(
    "title, key",
    [
        ("The fair, 29 crates later", "the-fair-crates-later-2031"),
        ("Žižek über alles", "zizek-uber-alles-2031"),
        ("日本語", "2031"),
    ],
)
def test_the_key_is_of_plain_letters(title, key):
    assert entry(title=title)["id"] == key


def test_names_of_a_citation_file_keep_their_parts():
    cff = {"given-names": "Ann", "name-particle": "de la", "family-names": "Cruz", "name-suffix": "III"}
    (author,) = people.authors({}, {"authors": [cff]})
    assert author["name"] == "Ann de la Cruz III"
    made = cite.item(SITE, [author])
    assert made["author"] == [{"family": "de la Cruz", "given": "Ann", "suffix": "III"}]
