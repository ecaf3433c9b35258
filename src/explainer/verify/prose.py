"""Faults of the prose that can be named with their lines, before any engine starts.

References are checked here and nowhere else: the filters trust what has passed.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

from explainer.notebooks import ipynb
from explainer.notebooks.ipynb import Notebook
from explainer.report import notebook_page, shortcodes
from explainer.report.pages import ReportPage, read_pages
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify import markdown, pictures
from explainer.verify.markdown import Mark, Refused

#: Words for one output alone: code of a named format, fenced or in a line, and HTML's own tags.
RAW = re.compile(r"(?:`+|~{3,})[ \t]*\{=[ \t]*[\w+-]*[ \t]*\}")
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?=[\s/>])[^<>]*>|<[!?][A-Za-z\[]")
ENTITY = re.compile(r"&#?\w+;")

#: What finds a mark in the source, by its kind; braces stand for its key.
PATTERNS = {
    "reference": r"(?<![\w@.\\])-?@\{{?{}(?![\w-])",
    "figure": r"\{{[^}}\n]*#{}(?![\w-])[^}}\n]*\}}",
    "own figure": r"\{{[^}}\n]*#{}(?![\w-])[^}}\n]*\}}",
    "fact": r"""\]\{{(?=[^}}]*\.fact\b)(?=[^}}]*\bref=["']?{}["'\s}}])[^}}]*\}}""",
    "no fact": r"\]\{{(?=[^}}]*\.fact\b)(?![^}}]*\bref=)[^}}]*\}}{}",
    "link": r"\]\({}(?![\w-])",
    "words in {#refs}": r"\{{\#refs\}}{}",
}


def check_prose(
    project: Project,
    variables: dict[str, str],
    figures: dict[str, dict[str, Any]],
    facts: dict[str, Any],
    references: list[dict[str, Any]],
) -> list[Fault]:
    """Return every fault of the pages and of what the notebooks show.

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

    Raises
    ------
    Fault
        If the front matter of a page cannot be read.
    """
    notebooks = ipynb.read_all(project)
    pages = read_pages(project)
    labels = {f"{item['notebook']}#{label}": label for label, item in figures.items()}
    known = _Known(figures, facts, {item["id"] for item in references}, pages)
    page_trees, trees = markdown.read_all(project, pages, notebooks)
    marks = [list(markdown.marks(tree)) for tree in page_trees]
    everywhere = [mark for page in marks for mark in page]
    faults: list[Fault] = []
    for page, own, page_tree in zip(pages, marks, page_trees, strict=True):
        faults += shortcodes.check_shortcodes(
            page.text, page.file, variables, labels, [notebook.file for notebook in notebooks], page.head
        )
        wrong = [*pictures.faults(project, page.file, page_tree), *known.faults(own, everywhere)]
        for fault, pattern in wrong:
            faults += _placed(fault, pattern, _without_code(page.text), page.file)
        faults += _raw(page.text, page.file)
    faults += _embedded_twice(pages, labels)
    faults += _disputes(everywhere, pages, facts)
    for notebook, tree in zip(notebooks, trees, strict=True):
        faults += ipynb.check(notebook)
        faults += notebook_page.check_outputs(notebook)
        faults += _notebook(project, notebook, tree, known, variables)
    faults += _all_refused(_sources(pages, notebooks), markdown.refused(project, pages, notebooks), faults)
    relocate(faults, pages)
    return faults


def _sources(pages: Iterable[ReportPage], notebooks: Iterable[Notebook]) -> dict[str, dict[str, str]]:
    """Return the Markdown of each file, by the place of the cell that holds it."""
    return {page.file: {"": page.text} for page in pages} | {
        notebook.file: {cell.place: cell.source for cell in notebook.cells} for notebook in notebooks
    }


def _all_refused(
    sources: dict[str, dict[str, str]], parts: Iterable[Iterable[Refused]], faults: list[Fault]
) -> list[Fault]:
    """Return a fault for each part of a file that the filters refuse, unless another fault names it."""
    return [
        fault
        for (file, cells), refused in zip(sources.items(), parts, strict=True)
        for fault in _refused(file, refused, cells, [fault for fault in faults if fault.file == file])
    ]


def _refused(
    file: str, parts: Iterable[Refused], sources: dict[str, str], faults: list[Fault]
) -> Iterator[Fault]:
    """Yield what the filters refuse, at each line that holds it; `sources` are by cell, or the whole page."""
    known, whats = {(fault.what, fault.row) for fault in faults}, {fault.what for fault in faults}
    for part in dict.fromkeys(parts):
        pattern = re.escape(part.key)
        if part.key.endswith("="):
            pattern = rf"(?<![\w-]){re.escape(part.key[:-1])}[ \t]*="
        fault = Fault(part.what, value=part.value, remedy=part.remedy)
        source = sources.get(part.place, "")
        if not re.search(pattern, source):
            source = _decoded(source)
        for placed in _placed(fault, pattern, source, file):
            if part.place:
                yield _in_cell(placed, part.place)
            elif (placed.what, placed.row) not in known and (placed.row or placed.what not in whats):
                yield placed


def _decoded(text: str) -> str:
    """Return `text` with its entities decoded; white space among them as Pandoc has it in an address."""
    return ENTITY.sub(lambda match: re.sub(r"\s", "%20", html.unescape(match[0])), text)


def relocate(faults: Iterable[Fault], pages: Iterable[ReportPage]) -> None:
    """Put faults of a page's text to the file and line that it includes there."""
    by_file = {page.file: page for page in pages}
    for fault in faults:
        if fault.row is not None and fault.file in by_file:
            fault.file, fault.row = by_file[fault.file].place(fault.row)
            fault.line = fault.row


def _notebook(
    project: Project, notebook: Notebook, tree: HtmlElement, known: _Known, variables: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of a notebook's text, with cell and line."""
    marks = list(markdown.marks(tree))
    cells = {cell.place: cell.source for cell in notebook.cells if cell.kind == "markdown"}
    for place, source in cells.items():
        for fault in shortcodes.check_shortcodes(source, notebook.file, variables, (), ()):
            yield _in_cell(fault, place)
    own = [Mark("embed", label) for label, item in known.figures.items() if item["notebook"] == notebook.file]
    wrong = [*known.faults(marks, [*marks, *own]), *pictures.faults(project, notebook.file, tree)]
    for fault, pattern in wrong:
        place = fault.column or ""
        for placed in _placed(fault, pattern, _without_code(cells.get(place, "")), notebook.file):
            yield _in_cell(placed, place)


def _in_cell(fault: Fault, place: str) -> Fault:
    """Return a fault of a cell's source with the cell, and its line there."""
    fault.column = f"{place}, line {fault.row}" if fault.row else place
    fault.row = None
    return fault


def _placed(fault: Fault, pattern: str, text: str, file: str) -> Iterator[Fault]:
    """Yield a fault once for each line that holds what it is about; once without a line if none does."""
    rows: list[int | None] = [shortcodes.line_of(text, match.start()) for match in re.finditer(pattern, text)]
    for row in rows or [None]:
        yield Fault(fault.what, file=file, row=row, value=fault.value, remedy=fault.remedy)


class _Known:
    """What a page may refer to: figures by label, facts by id, ids of sources, files of pages."""

    def __init__(
        self,
        figures: dict[str, dict[str, Any]],
        facts: dict[str, Any],
        sources: set[str],
        pages: Sequence[ReportPage],
    ) -> None:
        self.figures = figures
        self._facts = facts
        self._sources = sources
        self._pages = {page.file for page in pages}

    def faults(self, marks: list[Mark], everywhere: list[Mark]) -> Iterator[tuple[Fault, str]]:
        """Yield each thing a page refers to in vain, once, with a pattern that finds it in the source.

        `everywhere` are the marks of all pages that it may refer to, its own among them.
        """
        sections = {mark.key for mark in everywhere if mark.kind == "section"}
        count = Counter(mark.key for mark in everywhere if mark.kind in markdown.SHOWN)
        for mark in dict.fromkeys(marks):
            if mark.kind == "reference":
                fault = self._reference(mark.key, count, sections)
            elif mark.kind == "figure":
                fault = self._figure(mark.key, count[mark.key])
            elif mark.kind == "own figure":
                fault = self._own_figure(mark.key, count[mark.key])
            else:
                fault = self._other(mark)
            if fault is not None:
                fault.column = mark.place
                yield fault, PATTERNS[mark.kind].format(re.escape(mark.key))

    def _reference(self, key: str, shown: Collection[str], sections: set[str]) -> Fault | None:
        value = f"@{key}"
        if key.startswith(("fig-", "tbl-")):
            if key in shown:
                return None
            if key in self.figures:
                what = "this refers to a figure or table that no page shows"
                return Fault(what, value=value, remedy="Embed it, or drop the reference.")
            what = "this refers to a figure or table that no notebook has"
            return Fault(what, value=value, remedy=shortcodes.near(key, self.figures))
        if key.startswith("sec-"):
            what = "this refers to a section that no page has"
            remedy = shortcodes.near(key, sections)
            return None if key in sections else Fault(what, value=value, remedy=remedy)
        if key in self._sources or key == "*":
            return None
        remedy = f"{shortcodes.near(key, self._sources)} Sources are in data/sources/sources.csv."
        return Fault("this cites a source that does not exist", value=value, remedy=remedy)

    def _figure(self, label: str, count: int) -> Fault | None:
        if label not in self.figures:
            what = "no notebook has a figure or table with this label"
            return Fault(what, value=label, remedy=shortcodes.near(label, self.figures))
        return self._figure_twice(label) if count > 1 else None

    def _own_figure(self, label: str, count: int) -> Fault | None:
        if label in self.figures:
            what = "a notebook has a figure with this label too"
            return Fault(what, value=label, remedy="Give the picture another label.")
        return self._figure_twice(label) if count > 1 else None

    def _leads_nowhere(self, target: str) -> bool:
        page = re.match(r"[^/#:]+\.qmd(?=#|$)", target)
        return page is not None and page[0] not in self._pages

    @staticmethod
    def _figure_twice(label: str) -> Fault:
        what = "this figure or table is shown twice"
        return Fault(what, value=label, remedy="Drop one; a figure has one place and one number.")

    def _other(self, mark: Mark) -> Fault | None:
        if mark.kind == "no fact":
            remedy = 'Write [words]{.fact ref="fact-id"}.'
            return Fault("a fact span names no fact", value=".fact", remedy=remedy)
        if mark.kind == "fact" and mark.key not in self._facts:
            remedy = f"{shortcodes.near(mark.key, self._facts)} Facts are in data/article/facts.csv."
            return Fault("this fact does not exist", value=mark.key, remedy=remedy)
        if mark.kind == "link" and mark.key.startswith("#ref-"):
            remedy = f"Write [@{mark.key.removeprefix('#ref-')}] instead."
            return Fault("a link stands for a citation", value=mark.key, remedy=remedy)
        if mark.kind == "link" and self._leads_nowhere(mark.key):
            what, remedy = (
                "a link leads to a page that is not rendered",
                "List it under render in _quarto.yml.",
            )
            return Fault(what, value=mark.key, remedy=remedy)
        if mark.kind == "words in {#refs}":
            remedy = "Take them out; the list of sources goes there and nothing else."
            return Fault("the block {#refs} holds words", remedy=remedy)
        return None


def _without_code(text: str) -> str:
    """Return `text` with code blanked out, every other character in its place."""
    for start, end in shortcodes.code_spans(text):
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _embedded_twice(pages: Sequence[ReportPage], labels: dict[str, str]) -> Iterator[Fault]:
    lines: dict[str, tuple[str, int]] = {}
    for page in pages:
        for code in shortcodes.find(page.text):
            if code.name != "embed" or not code.arguments or code.arguments[0] not in labels:
                continue
            figure = code.arguments[0]
            here = (page.file, code.line)
            file, line = lines.setdefault(figure, here)
            if (file, line) != here:
                first = next(one for one in pages if one.file == file).place(line)
                where = f"line {first[1]}" + (f" of {first[0]}" if first[0] != page.file else "")
                what = f"this figure or table is already embedded in {where}"
                remedy = "Drop one of the two; a figure has one place and one number."
                yield Fault(what, file=page.file, row=code.line, value=figure, remedy=remedy)


def _disputes(marks: Iterable[Mark], pages: Sequence[ReportPage], facts: dict[str, Any]) -> Iterator[Fault]:
    """Yield each question on which others differ and no fact of which a page names."""
    named = {mark.key for mark in marks if mark.kind == "fact"}
    about: dict[tuple[str, str], list[str]] = {}
    for fact, entry in facts.items():
        for question in entry.get("account", {}).get("questions", ()):
            if any(report["stance"] == "differs" for report in question["reports"]):
                about.setdefault((question["key"], question["what"]), []).append(fact)
    for (_, what), ids in about.items():
        if not named & set(ids):
            yield Fault(
                "somebody differs on this, and no page shows it beside a fact",
                file=pages[0].file,
                value=what,
                remedy=f"Name one of its facts in the prose: {', '.join(ids)}.",
            )


def _raw(text: str, file: str) -> Iterator[Fault]:
    """Yield what only one of page and PDF would print; the two are one report, held to the same tables."""
    spans = shortcodes.code_spans(text)
    matches = [match for match in TAG.finditer(text) if not shortcodes.within(match.start(), spans)]
    matches += [match for match in RAW.finditer(text) if not _quoted(text, match, spans)]
    for match in sorted(matches, key=lambda match: match.start()):
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
