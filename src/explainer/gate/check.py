"""The gate itself: every number of the finished report against what the tables account for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import lxml.html

from explainer.faults import Fault
from explainer.gate import page, tokens
from explainer.gate.traces import Traces, collect
from explainer.project import Project

AROUND = 36
EXCEPT = "or list the words in data/exceptions.csv with a reason"
REMEDY = f"Write it as {{{{< var name >}}}} or within a fact span, {EXCEPT}"
REMEDY_FIGURE = f"Compute it from the frame, or save it as a value in the notebook, {EXCEPT}"


def check(
    project: Project, tree: lxml.html.HtmlElement, pdf: str, variables: Mapping[str, str]
) -> list[Fault]:
    """Return a fault for every number of the report that no table accounts for.

    Parameters
    ----------
    project : Project
        With its figures collected.
    tree : lxml.html.HtmlElement
        The finished page.
    pdf : str
        The text of the PDF.
    variables : mapping
        Every value in every form, by dotted name.
    """
    traces = collect(project, variables)
    used: set[str] = set()
    faults = [
        *_prose(project, tree, traces, used),
        *_figures(project, tree, traces, used),
        *_pdf(tree, pdf),
    ]
    faults += [
        Fault(
            "an exception to the number gate is not needed",
            file="data/exceptions.csv",
            column="words",
            value=allowance.words,
            remedy="Delete the row",
        )
        for allowance in traces.allowances
        if allowance.words not in used
    ]
    return faults


def _prose(project: Project, tree: Any, traces: Traces, used: set[str]) -> Iterator[Fault]:
    source, file = project.index.read_text(encoding="utf-8"), project.relative(project.index)
    for passage in page.prose(tree):
        # The description is plain text: it cannot show which of its words are variables.
        known = traces.values if passage.place == page.DESCRIPTION else frozenset()
        known |= traces.corrections if passage.log else frozenset()
        for token in _unaccounted(passage.text, known, traces, used):
            yield _fault(
                token, passage, project.relative(project.index), _line(source, token, passage), REMEDY
            )
        for fact, words in passage.facts:
            for token in _unaccounted(words, traces.facts.get(fact, frozenset()), traces, used):
                yield Fault(
                    f"these words are not what fact {fact} says",
                    file=file,
                    row=_line(source, token, page.Passage(words, passage.place)),
                    value=words,
                    remedy="Write what the fact sheet has, or name another fact",
                )


def _figures(project: Project, tree: Any, traces: Traces, used: set[str]) -> Iterator[Fault]:
    seen: set[tuple[str, str, str]] = set()
    for label, passage in page.figures(tree):
        if label not in traces.figures:
            continue
        for token in _unaccounted(passage.text, traces.of_figure(label), traces, used):
            key = (label, passage.place, token.key)
            if key not in seen:
                seen.add(key)
                yield _fault(token, passage, label, None, REMEDY_FIGURE)


def _pdf(tree: Any, text: str) -> Iterator[Fault]:
    """Yield numbers that only the PDF has; what both have was checked in the page."""
    words = " ".join(tree.itertext())
    # Paper has numbers of its own: those of its pages, and those of its notes, one a source at the most.
    notes = sum((one.get("id") or "").startswith(("ref-", "fn")) for one in tree.iter())
    known = tokens.keys(words) | {str(number) for number in range(1, 1 + max(_pages(text), notes))}
    # The PDF breaks addresses into lines, at any of their numbers.
    known |= {run for address in re.findall(r"https?://\S+", words) for run in re.findall(r"\d+", address)}
    seen: set[str] = set()
    for token in tokens.find(" ".join(text.split())):
        if token.key not in known and token.key not in seen:
            seen.add(token.key)
            yield Fault(
                "a number stands in the PDF and not in the page",
                file="report.pdf",
                value=_around(" ".join(text.split()), token),
                remedy="Look for it in theme/report.typ",
            )


def _pages(text: str) -> int:
    return text.count("\f") + 1


def _unaccounted(text: str, known: frozenset[str], traces: Traces, used: set[str]) -> Iterator[tokens.Token]:
    for token in tokens.find(text):
        if token.key in known or _allowed(text, token, traces, used):
            continue
        yield token


def _allowed(text: str, token: tokens.Token, traces: Traces, used: set[str]) -> bool:
    for allowance in traces.allowances:
        for match in re.finditer(re.escape(allowance.words), text):
            if match.start() <= token.start < match.end():
                used.add(allowance.words)
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
    start, end = max(0, token.start - AROUND), token.start + len(token.text) + AROUND
    return text[start:end].replace(page.GAP, "…").strip()


def _line(source: str, token: tokens.Token, passage: page.Passage) -> int | None:
    """Return the line of the page's source that holds the token between the same words, if one does."""
    before = passage.text[: token.start].split(page.GAP)[-1].split()[-3:]
    after = passage.text[token.start + len(token.text) :].split(page.GAP)[0].split()[:3]
    pattern = r"[\s\W]+".join(re.escape(word) for word in [*before, token.text, *after])
    exactly = re.search(pattern, source)
    places = [exactly] if exactly else list(re.finditer(rf"(?<!\w){re.escape(token.text)}(?!\w)", source))
    if len(places) != 1:
        return None
    return source.count("\n", 0, (places[0].start() + places[0].end()) // 2) + 1
