"""The gate itself: every number of the finished report against what the tables account for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import lxml.html
import yaml

from explainer.notebooks import ipynb
from explainer.report import shortcodes
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify.numbers import page, paper, tokens, typed, workings
from explainer.verify.numbers.traces import Traces, collect

AROUND = 36
WORD = r"[^\W_]+"
#: In the source of a page: what is no prose and may hold any word.
NOT_PROSE = re.compile(r"\{\{<.*?>\}\}|\]\([^)]*\)|\{[^{}\n]*\}|\[[^\]\n]*@[^\]\n]*\]|<!--.*?-->", re.DOTALL)
EXCEPT = "or list the words in data/exceptions.csv with a reason"
REMEDY = f"Write it as {{{{< var name >}}}} or within a fact span, {EXCEPT}"
REMEDY_NOTEBOOK = f"Say it without the number, or end a cell with Markdown(…) that computes it, {EXCEPT}"
REMEDY_FIGURE = f"Compute it from the frame, or save it as a value in the notebook, {EXCEPT}"


def check(
    project: Project,
    tree: lxml.html.HtmlElement,
    pdf: str,
    working: Mapping[str, lxml.html.HtmlElement] | None = None,
) -> list[Fault]:
    """Return a fault for every number of the report that no table accounts for.

    Parameters
    ----------
    project : Project
        With its figures collected.
    tree : lxml.html.HtmlElement
        The finished page.
    pdf : str
        The text of the PDF, its pages apart by form feeds.
    working : mapping of str to HtmlElement, optional
        The finished pages of the notebooks, by their place in the report.
    """
    traces = collect(project)
    used: set[str] = set()
    return [
        *_prose(project, tree, traces, used),
        *_figures(project, tree, traces, used),
        *_pdf(tree, pdf, traces, used),
        *(
            fault
            for name, one in (working or {}).items()
            for fault in _notebook(project, name, one, traces, used)
        ),
        *_exceptions(traces, used),
    ]


def _exceptions(traces: Traces, used: set[str]) -> Iterator[Fault]:
    for allowance in traces.allowances:
        if allowance.words not in used:
            yield Fault(
                "an exception to the number gate is not needed",
                file="data/exceptions.csv",
                column="words",
                value=allowance.words,
                remedy="Delete the row, or write the number with the words beside it",
            )


def _says_more(words: str) -> bool:
    """Return whether an exception has words beside its numbers."""
    rest = words
    for token in reversed(list(tokens.find(words))):
        rest = rest[: token.start] + rest[token.end :]
    return bool(re.search(r"[^\W\d_]{2}", rest))


def _prose(project: Project, tree: Any, traces: Traces, used: set[str]) -> Iterator[Fault]:
    source, file = project.index.read_text(encoding="utf-8"), project.relative(project.index)
    for passage in page.prose(tree):
        if passage.place == page.DESCRIPTION:
            # Plain text on the page: only its source shows which of its words are variables.
            passage = _described(source, passage)
        known = traces.corrections if passage.log else frozenset()
        for token in _unaccounted(passage.text, known, traces, used):
            yield _fault(token, passage, file, _line(source, token, passage), REMEDY)
        for fact, words in passage.facts:
            for token in _unaccounted(words, traces.facts.get(fact, frozenset()), traces, used):
                yield Fault(
                    f"these words are not what fact {fact} says",
                    file=file,
                    row=_line(source, token, page.Passage(words, passage.place)),
                    value=words.replace(page.GAP, "…"),
                    remedy="Write what the fact sheet has, or name another fact",
                )


def _described(source: str, passage: page.Passage) -> page.Passage:
    """Return the description as the front matter has it, if it does, its variables replaced by a mark."""
    head = shortcodes.FRONT_MATTER.match(source)
    front = yaml.safe_load(head[0].strip().strip("-.")) if head else {}
    for key in ("description", "subtitle", "abstract"):
        if isinstance(front, dict) and front.get(key):
            text = shortcodes.SHORTCODE.sub(page.GAP, str(front[key]))
            return page.Passage(" ".join(text.split()), passage.place)
    return passage


def _figures(project: Project, tree: Any, traces: Traces, used: set[str]) -> Iterator[Fault]:
    typed_in: dict[str, list[typed.Typed]] = {}
    seen: set[tuple[str, str, str]] = set()
    for label, passage in page.figures(tree):
        if label not in traces.figures:
            continue
        file = traces.notebooks[label]
        if file not in typed_in:
            typed_in[file] = typed.find(ipynb.read(project.root / file, project))
        for token in tokens.find(passage.text):
            # In the words of a chart *one* tells how it is read: one mark each.
            if token.text.lower() == "one" or _allowed(passage.text, token, traces, used):
                continue
            if (
                token.key in traces.drawn[label]
                and passage.place == page.DRAWING
                and passage.text.strip() == token.text
            ):
                continue
            hands = [one for one in typed_in[file] if one.stands_in(passage.text, token, label)]
            if not hands and token.key in traces.figures[label]:
                continue
            key = (label, passage.place, token.key)
            if key not in seen:
                seen.add(key)
                yield _figure_fault(label, passage, token, file, hands[0] if hands else None)


def _figure_fault(
    label: str, passage: page.Passage, token: tokens.Token, file: str, hand: typed.Typed | None
) -> Fault:
    if hand is None:
        return _fault(token, passage, f"{file}, {label}", None, REMEDY_FIGURE)
    return Fault(
        f"{token.text!r} is typed into the code and printed in {label}, {passage.place}",
        file=file,
        column=hand.place,
        value=_around(passage.text, token),
        remedy=REMEDY_FIGURE,
    )


def _notebook(project: Project, name: str, tree: Any, traces: Traces, used: set[str]) -> Iterator[Fault]:
    """Yield numbers of a notebook's page that were typed: into its text, or into code that prints them."""
    notebook = ipynb.read(project.root / workings.file_of(name), project)
    for passage, token in workings.text(tree):
        if not _allowed(passage.text, token, traces, used):
            yield Fault(
                f"{token.text!r} is typed into the text of a notebook",
                file=notebook.file,
                column=workings.place(notebook, passage, token),
                value=_around(passage.text, token),
                remedy=REMEDY_NOTEBOOK,
            )
    for passage, token, hand in workings.results(tree, typed.find(notebook)):
        if not _allowed(passage.text, token, traces, used):
            yield Fault(
                f"{token.text!r} is typed into the code and printed by a cell",
                file=notebook.file,
                column=hand.place,
                value=_around(passage.text, token),
                remedy=REMEDY_NOTEBOOK,
            )
    yield from _figures(project, tree, traces, used)


def _pdf(tree: Any, pdf: str, traces: Traces, used: set[str]) -> Iterator[Fault]:
    """Yield numbers that only the PDF has, or has once too often; what both have was checked in the page."""
    for text, token in paper.unaccounted(tree, pdf):
        if not _allowed(text, token, traces, used):
            yield Fault(
                "a number stands in the PDF and not in the page",
                file="report.pdf",
                value=_around(text, token),
                remedy="Look for it in theme/report.typ",
            )


def _unaccounted(text: str, known: frozenset[str], traces: Traces, used: set[str]) -> Iterator[tokens.Token]:
    for token in tokens.find(text):
        if token.key in known or _allowed(text, token, traces, used):
            continue
        yield token


def _allowed(text: str, token: tokens.Token, traces: Traces, used: set[str]) -> bool:
    """Return whether an exception's words stand at a number, whole and around the whole of it.

    An exception that is nothing but a number is for a passage that is nothing else, such as a cell.
    """
    for allowance in traces.allowances:
        words = allowance.words
        places = (match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w|[.,]\d)", text))
        if not _says_more(words):
            places = iter([(0, len(text))] if text.strip() == words else [])
        if any(start <= token.start and token.end <= end for start, end in places):
            used.add(words)
            return True
    return False


def _fault(token: tokens.Token, passage: page.Passage, file: str, line: int | None, remedy: str) -> Fault:
    return Fault(
        f"{token.text!r} traces to no table",
        file=file,
        row=line,
        column=passage.place,
        value=_around(passage.text, token),
        remedy=remedy,
    )


def _around(text: str, token: tokens.Token) -> str:
    return text[max(0, token.start - AROUND) : token.end + AROUND].replace(page.GAP, "…").strip()


def _line(source: str, token: tokens.Token, passage: page.Passage) -> int | None:
    """Return the line of the page's source that holds the token between the same words, if only one does."""
    blank = NOT_PROSE.sub(lambda found: re.sub(r"\w", "_", found[0]), source)
    before = re.findall(WORD, passage.text[: token.start].split(page.GAP)[-1])
    after = re.findall(WORD, passage.text[token.end :].split(page.GAP)[0])
    own = re.escape(token.text)
    for reach in (3, 2, 1):
        for left, right in ((reach, reach), (reach, 0), (0, reach)):
            words = (
                [re.escape(word) for word in before[-left:] if left],
                [re.escape(word) for word in after[:right]],
            )
            pattern = r"[\W_]+".join([*words[0], rf"(?P<own>{own})", *words[1]])
            places = list(re.finditer(rf"(?<!\w){pattern}(?!\w)", blank)) if words[0] or words[1] else []
            if len(places) == 1:
                return shortcodes.line_of(source, places[0].start("own"))
    places = list(re.finditer(rf"(?<!\w)(?P<own>{own})(?!\w)", blank))
    return shortcodes.line_of(source, places[0].start("own")) if len(places) == 1 else None
