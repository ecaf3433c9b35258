"""Faults of the prose that can be told with their lines, before any engine starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from explainer.notebooks import ipynb
from explainer.report import notebook_page, shortcodes, site
from explainer.system.errors import Fault
from explainer.system.project import Project

REFERENCE = re.compile(
    r"(?<![\w@.\\])-?@\{?(?P<key>(?:fig|tbl|sec)-[A-Za-z0-9_-]+|[A-Za-z0-9_][A-Za-z0-9_]*(?:[:.#$%&+?<>~/-][A-Za-z0-9_]+)*)"
)
SECTION = re.compile(r"^#{1,6}[ \t].*\{[^}]*#(?P<id>sec-[A-Za-z0-9_-]+)[^}]*\}", re.MULTILINE)
FACT = re.compile(r"\]\{(?=[^}]*\.fact\b)(?P<attributes>[^}]*)\}")
#: Words for one output alone: code of a named format, fenced or in a line, and HTML's own tags.
RAW = re.compile(r"(?:`+|~{3,})[ \t]*\{=[ \t]*[\w+-]*[ \t]*\}")
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?=[\s/>])[^<>]*>|<[!?][A-Za-z\[]")
REF = re.compile(r"""\bref=(?:"([^"]*)"|'([^']*)'|(\S+))""")


def check(
    project: Project,
    variables: dict[str, str],
    figures: dict[str, dict[str, Any]],
    facts: dict[str, Any],
    references: list[dict[str, Any]],
) -> list[Fault]:
    """Return every fault of ``index.qmd`` and of what the notebooks show.

    Parameters
    ----------
    project : Project
        The project.
    variables : dict
        By dotted name.
    figures : dict
        As ``_build/figures.json`` has them.
    facts : dict
        As ``_build/facts.json`` has them.
    references : list of dict
        As ``_build/references.json`` has them.
    """
    read = ipynb.read_all(project)
    text, file = site.read_page(project), project.relative(project.index)
    paths = [notebook.file for notebook in read]
    labels = {f"{item['notebook']}#{label}": label for label, item in figures.items()}
    faults = shortcodes.check(text, file, variables, labels, paths)
    embedded = {
        labels.get(code.arguments[0])
        for code in shortcodes.find(text)
        if code.name == "embed" and code.arguments
    }
    ids = {item["id"] for item in references}
    faults += _twice(text, file, labels)
    faults += _references(text, file, embedded, figures, ids)
    faults += _facts(text, file, facts)
    faults += _disputes(text, file, facts)
    faults += _raw(text, file)
    for notebook in read:
        faults += ipynb.check(notebook)
        faults += notebook_page.check(notebook)
        own = {label for label, item in figures.items() if item["notebook"] == notebook.file}
        for cell in notebook.cells:
            if cell.kind == "markdown":
                sections = {
                    found["id"] for other in notebook.cells for found in SECTION.finditer(other.source)
                }
                for fault in _references(cell.source, notebook.file, own, figures, ids, sections):
                    fault.column, fault.row = f"{cell.place}, line {fault.row}", None
                    faults.append(fault)
    return faults


def cited(project: Project, references: list[dict[str, Any]]) -> set[str]:
    """Return the ids of the sources that the page cites."""
    keys = {found["key"] for found in REFERENCE.finditer(_prose(site.read_page(project)))}
    return keys & {item["id"] for item in references}


def _prose(text: str) -> str:
    """Return `text` with front matter and code blanked out, every other character in its place."""
    spans = shortcodes.code_spans(text)
    head = shortcodes.FRONT_MATTER.match(text)
    if head:
        spans.append(head.span())
    letters = list(text)
    for start, end in spans:
        for place in range(start, end):
            if letters[place] != "\n":
                letters[place] = " "
    return "".join(letters)


def _twice(text: str, file: str, labels: dict[str, str]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for code in shortcodes.find(text):
        if code.name != "embed" or not code.arguments or code.arguments[0] not in labels:
            continue
        if code.arguments[0] in seen:
            yield Fault(
                f"this figure or table is already embedded in line {seen[code.arguments[0]]}",
                file=file,
                row=code.line,
                value=code.arguments[0],
                remedy="Drop one of the two; a figure has one place and one number.",
            )
        seen.setdefault(code.arguments[0], code.line)


def _references(
    text: str,
    file: str,
    shown: set[str | None],
    figures: dict[str, Any],
    sources: set[str],
    sections: set[str] | None = None,
) -> Iterator[Fault]:
    prose = _prose(text)
    if sections is None:
        sections = {found["id"] for found in SECTION.finditer(prose)}
    for found in REFERENCE.finditer(prose):
        key, row = found["key"], shortcodes.line_of(text, found.start())
        if key.startswith(("fig-", "tbl-")):
            if key in shown:
                continue
            what = (
                "this refers to a figure or table that the page does not show"
                if key in figures
                else "this refers to a figure or table that no notebook has"
            )
            remedy = "Embed it, or drop the reference." if key in figures else shortcodes.near(key, figures)
        elif key.startswith("sec-"):
            if key in sections:
                continue
            what, remedy = (
                "this refers to a section that the page does not have",
                shortcodes.near(key, sections),
            )
        elif key in sources:
            continue
        else:
            what = "this cites a source that does not exist"
            remedy = f"{shortcodes.near(key, sources)} Sources are in data/sources/sources.csv."
        yield Fault(what, file=file, row=row, value=f"@{key}", remedy=remedy)


def _disputes(text: str, file: str, facts: dict[str, Any]) -> Iterator[Fault]:
    """Yield each question on which others differ and no fact of which the page names."""
    named = {
        next(group for group in match.groups() if group is not None)
        for found in FACT.finditer(_prose(text))
        if (match := REF.search(found["attributes"]))
    }
    about: dict[str, list[str]] = {}
    asked: dict[str, str] = {}
    for fact, entry in facts.items():
        for question in entry.get("account", {}).get("questions", ()):
            if any(report["stance"] == "differs" for report in question["reports"]):
                about.setdefault(question["key"], []).append(fact)
                asked[question["key"]] = question["what"]
    for key, ids in about.items():
        if not named & set(ids):
            yield Fault(
                "somebody differs on this, and the page does not show it beside a fact",
                file=file,
                value=asked[key],
                remedy=f"Name one of its facts in the prose: {', '.join(ids)}.",
            )


def _raw(text: str, file: str) -> Iterator[Fault]:
    """Yield what only one of page and PDF would print; the two are one report, held to the same tables."""
    spans = shortcodes.code_spans(text)
    found = [match for match in TAG.finditer(text) if not shortcodes.within(match.start(), spans)]
    found += [match for match in RAW.finditer(text) if not _quoted(text, match, spans)]
    for match in sorted(found, key=lambda match: match.start()):
        yield Fault(
            "only the page or only the PDF would print this",
            file=file,
            row=shortcodes.line_of(text, match.start()),
            value=match[0],
            remedy="Write it as Markdown, which both print.",
        )


def _quoted(text: str, match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    """Return whether the marks of a raw part stand within other code, shown and not meant."""
    brace = match.end() - 1
    return any(start < brace < end and text[start : match.start()].strip() for start, end in spans)


def _facts(text: str, file: str, facts: dict[str, Any]) -> Iterator[Fault]:
    prose = _prose(text)
    for found in FACT.finditer(prose):
        row = shortcodes.line_of(text, found.start())
        match = REF.search(found["attributes"])
        if match is None:
            yield Fault(
                "a fact span names no fact",
                file=file,
                row=row,
                value=found["attributes"].strip(),
                remedy='Write [words]{.fact ref="fact-id"}.',
            )
            continue
        fact = next(group for group in match.groups() if group is not None)
        if fact not in facts:
            yield Fault(
                "this fact does not exist",
                file=file,
                row=row,
                value=fact,
                remedy=f"{shortcodes.near(fact, facts)} Facts are in data/article/facts.csv.",
            )
