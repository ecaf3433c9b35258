"""The number gate: every number that page and PDF are made of, against what the tables account for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml.html import HtmlElement

from explainer.notebooks import ipynb
from explainer.notebooks.ipynb import Notebook
from explainer.report import shortcodes
from explainer.report.pages import ReportPage, read_pages
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify import markdown
from explainer.verify.markdown import GAP, Passage
from explainer.verify.numbers import figures as figure_words
from explainer.verify.numbers import hardcoded, templates, tokens
from explainer.verify.numbers.exceptions import Exceptions
from explainer.verify.numbers.hardcoded import HardcodedNumber
from explainer.verify.prose import relocate

if TYPE_CHECKING:
    from explainer.verify.numbers.known import KnownNumbers

AROUND = 36
WORD = r"[^\W_]+"
#: How many words on the left and on the right of a number find its line, the surest first.
REACHES = [(3, 3), (3, 0), (0, 3), (2, 2), (2, 0), (0, 2), (1, 1), (1, 0), (0, 1), (0, 0)]
#: In the source of a page: what is no prose and may hold any word.
NOT_PROSE = re.compile(r"\{\{<.*?>\}\}|\]\([^)]*\)|\{[^{}\n]*\}|\[[^\]\n]*@[^\]\n]*\]|<!--.*?-->", re.DOTALL)
EXCEPT = "or list the words in data/exceptions.csv with a reason"
REMEDY = f"Write it as {{{{< var name >}}}} or within a fact span, {EXCEPT}"
REMEDY_NOTEBOOK = f"Say it without the number, or end a cell with Markdown(…) that computes it, {EXCEPT}"
REMEDY_FIGURE = f"Compute it from the frame, or save it as a value in the notebook, {EXCEPT}"


def find_typed_numbers(
    project: Project,
    known: KnownNumbers,
    figures: Mapping[str, dict[str, Any]],
    variables: Mapping[str, str],
) -> list[Fault]:
    """Return a fault for every number of the report that no table accounts for.

    What page and PDF are made of is read, and not the finished files: prose and front matter, the text and
    the outputs of notebooks, the words of figures, and the story's own templates.

    Parameters
    ----------
    project : Project
        With its figures collected.
    known : KnownNumbers
        What the tables account for.
    figures : mapping
        As `explainer.report.figures.collect_figures` returns them.
    variables : mapping
        Values by dotted name.
    """
    exceptions = Exceptions(known.exceptions)
    notebooks = ipynb.read_all(project)
    pages = read_pages(project)
    page_trees, trees = markdown.read_all(project, pages, notebooks)
    code = {notebook.file: hardcoded.find_hardcoded_numbers(notebook) for notebook in notebooks}
    faults = [
        fault
        for page, tree in zip(pages, page_trees, strict=True)
        for fault in _prose(page, markdown.passages(tree, variables), known, exceptions)
    ]
    faults += [
        *_settings(project, exceptions),
        *_figures(project, figures, known, exceptions, code),
    ]
    for notebook, tree in zip(notebooks, trees, strict=True):
        faults += _notebook(notebook, tree, known, exceptions, code[notebook.file])
    faults += templates.find_typed_numbers(project, exceptions)
    relocate(faults, pages)
    return [*faults, *exceptions.unused()]


def _prose(
    page: ReportPage, passages: Iterable[Passage], known: KnownNumbers, exceptions: Exceptions
) -> Iterator[Fault]:
    file, source = page.file, page.text
    for passage in passages:
        for token in _not_allowed(passage.text, exceptions):
            yield _untraced(token, passage, file, _line(source, token, passage.text), REMEDY)
        for fault, token, words in _wrong_facts(passage, known, exceptions):
            fault.file, fault.row = file, _line(source, token, words)
            yield fault


def _wrong_facts(
    passage: Passage, known: KnownNumbers, exceptions: Exceptions
) -> Iterator[tuple[Fault, tokens.Token, str]]:
    """Yield each number that a fact span has and its fact has not, with the words of the span."""
    for fact, words in passage.facts:
        for token in _not_allowed(words, exceptions, known.facts.get(fact, frozenset())):
            what, value = f"these words are not what fact {fact} says", words.replace(GAP, "…")
            remedy = "Write what the fact sheet has, or name another fact"
            yield Fault(what, value=value, remedy=remedy), token, words


def _settings(project: Project, exceptions: Exceptions) -> Iterator[Fault]:
    for file, text in markdown.settings(project):
        for token in _not_allowed(text, exceptions):
            yield _untraced(token, Passage(text, ""), file, None, REMEDY)


def _not_allowed(
    text: str, exceptions: Exceptions, known: frozenset[str] = frozenset()
) -> Iterator[tokens.Token]:
    """Yield each number of a text that is neither known nor an exception."""
    for token in tokens.find(text):
        if token.key not in known and not exceptions.allow(text, token):
            yield token


def _figures(
    project: Project,
    figures: Mapping[str, dict[str, Any]],
    known: KnownNumbers,
    exceptions: Exceptions,
    code: Mapping[str, list[HardcodedNumber]],
) -> Iterator[Fault]:
    for label, item in figures.items():
        seen: set[tuple[str, str]] = set()
        for passage in figure_words.passages(project, item):
            for token in tokens.find(passage.text):
                fault = _figure_fault(label, item["notebook"], passage, token, known, exceptions, code)
                if fault is not None and (passage.place, token.key) not in seen:
                    seen.add((passage.place, token.key))
                    yield fault


def _figure_fault(
    label: str,
    file: str,
    passage: Passage,
    token: tokens.Token,
    known: KnownNumbers,
    exceptions: Exceptions,
    code: Mapping[str, list[HardcodedNumber]],
) -> Fault | None:
    # In the words of a chart *one* explains how to read it: one mark each.
    if token.text.lower() == "one" or exceptions.allow(passage.text, token):
        return None
    alone = passage.place == figure_words.DRAWING and passage.text.strip() == token.text
    if alone and token.key in known.drawn[label]:
        return None
    typed = _typed(code[file], passage, token, label)
    if typed is not None:
        return Fault(
            f"{token.text!r} is typed into the code and printed in {label}, {passage.place}",
            file=file,
            column=typed.place,
            value=_around(passage.text, token),
            remedy=REMEDY_FIGURE,
        )
    if token.key in known.figures[label]:
        return None
    return _untraced(token, passage, f"{file}, {label}", None, REMEDY_FIGURE)


def _notebook(
    notebook: Notebook,
    tree: HtmlElement,
    known: KnownNumbers,
    exceptions: Exceptions,
    code: list[HardcodedNumber],
) -> Iterator[Fault]:
    """Yield numbers that were typed into the text of a notebook, or into code that prints them."""
    for passage in markdown.passages(tree, skip_names=True):
        for fault, _, _ in _wrong_facts(passage, known, exceptions):
            fault.file, fault.column = notebook.file, passage.place
            yield fault
        for token in tokens.find(passage.text):
            column = _typed_at(passage, token, code)
            if column and not exceptions.allow(passage.text, token):
                how = "code and printed by a cell" if passage.is_output else "text of a notebook"
                value = _around(passage.text, token)
                what = f"{token.text!r} is typed into the {how}"
                yield Fault(what, file=notebook.file, column=column, value=value, remedy=REMEDY_NOTEBOOK)


def _typed_at(passage: Passage, token: tokens.Token, code: list[HardcodedNumber]) -> str:
    """Return where a number of a notebook was typed: its cell, or the code of an output."""
    # With *one*, a notebook explains what a row or a mark is: one for each.
    if token.text.lower() == "one":
        return ""
    if not passage.is_output:
        return passage.place
    typed = _typed(code, passage, token, "")
    return typed.place if typed else ""


def _typed(
    code: list[HardcodedNumber], passage: Passage, token: tokens.Token, label: str
) -> HardcodedNumber | None:
    return next((number for number in code if number.is_printed(passage.text, token, label)), None)


def _untraced(token: tokens.Token, passage: Passage, file: str, row: int | None, remedy: str) -> Fault:
    return Fault(
        f"{token.text!r} traces to no table",
        file=file,
        row=row,
        column=passage.place or None,
        value=_around(passage.text, token),
        remedy=remedy,
    )


def _around(text: str, token: tokens.Token) -> str:
    return text[max(0, token.start - AROUND) : token.end + AROUND].replace(GAP, "…").strip()


def _line(source: str, token: tokens.Token, text: str) -> int | None:
    """Return the line of the page's source that holds the token between the same words, if only one does."""
    prose = _prose_only(source)
    before = [re.escape(word) for word in re.findall(WORD, text[: token.start].split(GAP)[-1])]
    after = [re.escape(word) for word in re.findall(WORD, text[token.end :].split(GAP)[0])]
    for left, right in REACHES:
        words = [*before[max(0, len(before) - left) :], f"(?P<own>{re.escape(token.text)})", *after[:right]]
        pattern = r"[\W_]+".join(words)
        places = list(re.finditer(rf"(?<!\w){pattern}(?!\w)", prose))
        if len(places) == 1:
            return shortcodes.line_of(source, places[0].start("own"))
    return None


@lru_cache(maxsize=4)
def _prose_only(source: str) -> str:
    """Return a page's source with the letters and figures of its markup blanked out."""
    return NOT_PROSE.sub(lambda match: re.sub(r"\w", "_", match[0]), source)
