"""What a reader finds in a page and in a PDF, to hold one against the other."""

from __future__ import annotations

import copy
import re
import unicodedata
from functools import cached_property
from pathlib import Path

import lxml.html
import pypdf

from explainer.acceptance.reading import Page, shown, squeezed, words
from explainer.verify.numbers import tokens
from printed import pages_of_text


def stretches(element: lxml.html.HtmlElement) -> list[str]:
    """Return what an element shows between its sources and notes.

    On paper these stand at the foot of the page, and their marks after the stop or comma that follows.
    """
    marks = element.xpath(".//*[@class='cited'] | .//*[@role='doc-noteref']")
    text = squeezed(shown(element))
    parts = []
    for mark in marks:
        before, _, text = text.partition(squeezed(shown(mark)))
        parts.append(before)
    return [part.strip(".,") for part in [*parts, text] if part.strip(".,")]


class Pdf:
    """The PDF of a report."""

    def __init__(self, path: Path) -> None:
        self.bytes = path.read_bytes()
        self.reader = pypdf.PdfReader(path)

    @cached_property
    def text(self) -> str:
        """All its words, page after page."""
        return "\n".join(page.extract_text() for page in self.reader.pages)

    @property
    def prose(self) -> str:
        """The same without what paper adds: signs of the status, and brackets around who else reported it."""
        unsigned = re.sub(r"\s*\[(?:a(?::[^\]]*)?|[ci])\]", "", self.text)
        return re.sub(r"\[\s*((?:\d+\s+\w+|only\s+here)[^\]]*)\]", r"\1", unsigned)

    @property
    def headings(self) -> list[str]:
        """Its bookmarks, in order."""

        def walk(entries):
            for entry in entries:
                if isinstance(entry, list):
                    yield from walk(entry)
                else:
                    yield words(entry.title)

        return list(walk(self.reader.outline))

    @property
    def numbers(self) -> list[str]:
        """The numbers of its figures and tables as their captions have them, in order."""
        return re.findall(
            r"^((?:Figure|Table) \d+)\.", self.text.replace("\N{NO-BREAK SPACE}", " "), re.MULTILINE
        )

    @property
    def links(self) -> set[str]:
        """The addresses it links to outside itself."""
        found = set()
        for page in self.reader.pages:
            for note in page.get("/Annots", []):
                action = note.get_object().get("/A", {})
                if "/URI" in action:
                    found.add(str(action["/URI"]))
        return found

    def alternatives(self) -> list[str]:
        """Return the alternative text of each picture, as its tags give them to a screen reader."""
        found: list[str] = []

        def walk(node):
            node = node.get_object()
            if isinstance(node, list):
                for child in node:
                    walk(child)
            elif isinstance(node, dict):
                if "/Alt" in node and node.get("/S") == "/Figure":
                    found.append(str(node["/Alt"]))
                if "/K" in node:
                    walk(node["/K"])

        walk(self.reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
        return found


def hold_the_same(page: Page, pdf: Pdf, *paper_alone: str) -> None:
    """Assert that both have the same headings, numbers of figures, alternative texts and cells of tables.

    `paper_alone` are headings at the end that only the PDF has.
    """
    assert pdf.headings == [*(text for tag, _, text in page.headings if tag != "h1"), *paper_alone]
    figures = page.figures
    # On paper a drawing may stand below the table that follows it.
    assert sorted(pdf.numbers) == sorted(figure["number"].rstrip(".") for figure in figures)
    assert pdf.alternatives() == [figure["alts"][0] for figure in figures if figure["alts"]]
    printed = squeezed(pdf.text)
    for figure in figures:
        assert figure["rows"], figure["label"]
        missing = [cell for row in figure["rows"] for cell in row if squeezed(cell) not in printed]
        assert missing == [], figure["label"]


#: How many letters on one side of a number are its neighbors.
REACH = 9
#: What paper adds by rule: page numbers, where a table or the full note stands, who else reported a fact,
#: signs of its status.
ADDED = re.compile(
    r"\d+ / \d+\s*$|Data table on page \d+|: see the key on page \d+\.|, as in note \d+"
    r"|\[(?:a(?:: [^\[\]]*)?|[ci])\]"
    # The second part is what a page's end leaves of such a sign.
    r"|\[\s*(?:\d+\s+\w+|also|differs|not\s+found)[^\]]*\]|\bby \d+\]"
)
#: A note's number stands right behind a word, or right before the first word of the note.
NOTE = re.compile(
    r"(?:(?<=[^\W\d_])|(?<=[^\W\d_)][.,;”’)])|(?<=[”’ ][.,])|(?<=\s[.,]\s)|(?<=\d\d,))"
    r"(?:\d\d?(?:,\d\d?)*)(?=[\s;.,]|$)"
    r"|(?m:^)\d+(?=[^\W\d])"
)
#: On screen alone: what opens, what only a screen reader is told, marks of notes and names of sources.
ON_SCREEN = ".//*[@popover or @role='doc-noteref' or contains(@class, 'status') or contains(@class, 'badge')]"
CITATIONS = ".//*[@class='cited']"


def numbers_on_paper_alone(path: Path, *pages: Page) -> list[str]:
    """Return the numbers of a PDF, with the words around them, that its pages lack beside the same letters.

    Notes are numbered on paper alone. A PDF has the sources of its page, which may stand on another.
    """
    on_page = ""
    for page in pages:
        body = copy.deepcopy(page.tree.find(".//body"))
        on_page += alphanumeric(body.text_content()) + " "
        for element in body.xpath(f"{ON_SCREEN} | {CITATIONS}"):
            element.drop_tree()
        on_page += alphanumeric(body.text_content()) + " "
    text = pdf_words(path)
    alone = []
    for token in tokens.find(text):
        own = alphanumeric(token.text)
        before = alphanumeric(text[max(0, token.start - 200) : token.start])[-REACH:]
        after = alphanumeric(text[token.end : token.end + 60])[:REACH]
        if before + own not in on_page and own + after not in on_page:
            alone.append(text[max(0, token.start - 30) : token.end + 30])
    return alone


def pdf_words(path: Path) -> str:
    """Return the words of a PDF without what paper adds by rule."""
    text = "\n".join(ADDED.sub(" ", page) for page in pages_of_text(path))
    text = re.sub(r"(?<=[-\u2010-\u2013/])\s*\n\s*(?=\w)", "", text)
    text = re.sub(r"\s*\n\s*", "\n", re.sub(r"[ \t]+", " ", text))
    return " ".join(NOTE.sub(" ", text).split())


def alphanumeric(text: str) -> str:
    """Return the letters and figures of `text`, in small letters."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
