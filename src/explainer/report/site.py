"""What the pages need to know about each other: ``_build/site.json``, read by the filters."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from itertools import takewhile
from typing import Any

from explainer.notebooks import ipynb
from explainer.report import brand, shortcodes
from explainer.report.layout import FONTS, SCRIPT
from explainer.report.pages import ReportPage, day_of, shared_settings
from explainer.report.stamp import stamp
from explainer.system.errors import Fault
from explainer.system.files import write_text
from explainer.system.project import Project
from explainer.system.structured import read_settings, read_text

#: The file of a rule in ``faces.css``, where each has a line.
FACE = re.compile(r"fonts/([^\"]+)")
#: Blocks that only one page holds and that others lead to: sources, derivations, log of corrections.
LISTS = ("refs", "derivations", "corrections")
#: What `describe_shared` returns.
SHARED = (
    "corrections", "script", "facts", "notebooks", "marked", "css", "settings", "palette", "families",
    "stamp",
)  # fmt: skip
#: A word of a table with ``??``.
MARKED = re.compile(r'[^\s",;]*\?\?[^\s",;]*')
VAR = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")
REFERENCE = re.compile(r"@\w|\{\{<")
#: By which a style sheet loads something or ends; a backslash can spell either.
LOADS = re.compile(r"url\(|@import|image-set\(|</|\\", re.IGNORECASE)
#: What search engines show of a page.
LONGEST = 160


def flatten(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested variables by their dotted names, as text."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        flat |= flatten(value, f"{name}.") if isinstance(value, dict) else {name: str(value)}
    return flat


@dataclass(frozen=True)
class Outline:
    """What a page shows and refers to.

    Parameters
    ----------
    page : ReportPage
        The page.
    exhibits : tuple of str
        Labels of its figures and tables, in order.
    sections : tuple of Section
        Its sections, in order.
    references : frozenset of str
        Ids of the sources that it cites.
    lists : frozenset of str
        Which of `LISTS` it holds.
    """

    page: ReportPage
    exhibits: tuple[str, ...]
    sections: tuple[Section, ...]
    references: frozenset[str]
    lists: frozenset[str]


@dataclass(frozen=True)
class Section:
    """A heading.

    Parameters
    ----------
    id : str
        Its id.
    title : str
        Its words.
    exhibits : tuple of str
        Labels of the figures and tables between it and the next.
    """

    id: str
    title: str
    exhibits: tuple[str, ...]


def describe_shared(project: Project) -> dict[str, Any]:
    """Return what the project says of the report whatever the text of its pages is."""
    # Imported here, as they load pandas.
    from explainer.evidence.annotations import FILE as ANNOTATIONS
    from explainer.ledger import correction_log

    look = brand.read(project)
    return {
        "corrections": correction_log.entries(project),
        "script": SCRIPT,
        "facts": ANNOTATIONS,
        "notebooks": [
            {
                "path": notebook.file,
                "page": page_of(notebook.file),
                "title": plain(notebook.title),
                "description": _opening(notebook),
                # By the number that both engines give a cell.
                "anchors": {str(cell.number): anchor(cell.node.id) for cell in notebook.code_cells},
            }
            for notebook in ipynb.read_all(project)
        ],
        "marked": _marked(project),
        "css": css(project),
        "settings": shared_settings(project),
        "palette": look.colors(),
        "families": dict(look.families),
        "stamp": stamp(project),
    }


def describe_report(
    project: Project,
    shared: Mapping[str, Any],
    variables: dict[str, Any],
    derivations: dict[str, dict[str, Any]],
    outlines: Sequence[Outline],
    sources: Mapping[str, Sequence[str]],
    answers: Collection[str],
) -> dict[str, Any]:
    """Return what the project says of the report as a whole.

    Parameters
    ----------
    project : Project
        The project, its notebooks executed.
    shared : mapping
        With at least what `describe_shared` returns.
    variables : dict
        Nested, as in ``_variables.yml``.
    derivations : dict
        By value, as `explainer.report.derivations.collect_derivations` returns them.
    outlines : sequence of Outline
        Of each page, that of ``index.qmd`` first.
    sources : mapping
        Ids of the sources that each figure or table names, by its label.
    answers : collection of str
        Ids of the sources to which badges lead.
    """
    flat = flatten(variables)
    index = outlines[0].page
    day = day_of(index)
    described = [_describe_page(project, outline, flat, day) for outline in outlines]
    return {
        **{key: described[0][key] for key in ("title", "description", "date", "pdf")},
        "lang": str(index.head.get("lang") or language(project)),
        "modified": last_modified(shared["corrections"], day),
        "pages": described,
        "shown": _numbered(outlines),
        "sections": {
            section.id: {"page": outline.page.address, "title": section.title}
            for outline in reversed(outlines)
            for section in outline.sections
            if section.id.startswith("sec-")
        },
        "lists": {name: _place_of(name, outlines) for name in LISTS},
        "cited": sorted(frozenset[str]().union(*(outline.references for outline in outlines))),
        "listed": sorted({*_listed(outlines, sources), *answers}),
        "variables": flat,
        "values": derivations,
        **{key: shared[key] for key in SHARED},
    }


def last_modified(corrections: Sequence[Mapping[str, Any]], day: str | None) -> str | None:
    """Return the ISO date of the last change of the report: its own `day`, or that of the last correction."""
    return max([entry["date"] for entry in corrections] + ([day] if day else []), default=None)


def _marked(project: Project) -> list[str]:
    """Return the words of the tables with ``??``, which elsewhere stands for something that is unresolved."""
    words: set[str] = set()
    for path in project.data.rglob("*.csv"):
        content = path.read_bytes() if path.is_file() else b""
        if b"??" in content:
            words.update(MARKED.findall(content.decode("utf-8", errors="replace")))
    return sorted(words, key=len, reverse=True)


def _describe_page(
    project: Project, outline: Outline, flat: Mapping[str, str], day: str | None
) -> dict[str, Any]:
    """Return what the other pages have to know of a page; `day` is the report's own."""
    page = outline.page
    head = page.head
    title = _filled(head["title"], flat)
    words = next((head[key] for key in ("description", "subtitle", "abstract") if head.get(key)), None)
    values = [code.arguments[0] for code in shortcodes.find(page.text) if _is_value(code)]
    return {
        "file": page.file,
        "address": page.address,
        "title": title,
        "description": " ".join(plain(_filled(str(words), flat)).split()) if words else title,
        "date": day_of(page) or day,
        "pdf": page.pdf,
        "sections": [asdict(section) for section in outline.sections],
        "settings": page.settings,
        "css": style_sheets(project, page.file, page.settings["html"]["css"]),
        "values": list(dict.fromkeys(values)),
        "literals": shortcodes.literals(page.text),
    }


def _is_value(code: shortcodes.Shortcode) -> bool:
    return code.name == "var" and code.where == "text" and bool(code.arguments)


def _numbered(outlines: Sequence[Outline]) -> dict[str, dict[str, Any]]:
    """Return page and number of each figure and table; they are counted through all pages."""
    counts = Counter[str]()
    shown = {}
    for outline in outlines:
        for label in outline.exhibits:
            counts[label[:3]] += 1
            shown[label] = {"page": outline.page.address, "number": counts[label[:3]]}
    return shown


def _place_of(name: str, outlines: Sequence[Outline]) -> str | None:
    """Return the address of the page that holds one of `LISTS`."""
    return next((outline.page.address for outline in outlines if name in outline.lists), None)


def _listed(outlines: Sequence[Outline], sources: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the sources of pages that leave their list to another page."""
    named: set[str] = set()
    for outline in outlines:
        if "refs" not in outline.lists:
            named |= outline.references
            named.update(*(sources.get(label, ()) for label in outline.exhibits))
    return named


def write(project: Project, content: dict[str, Any]) -> dict[str, Any]:
    """Write ``_build/site.json``, what `describe_report` returns and was made since, and return it."""
    write_text(project.build / "site.json", json.dumps(content, ensure_ascii=False) + "\n")
    return content


def _filled(text: str, flat: Mapping[str, str]) -> str:
    """Return a text of the front matter with its variables filled in."""
    return VAR.sub(lambda match: flat.get(match[1], match[0]), text)


def language(project: Project) -> str:
    """Return the report's language from ``_quarto.yml``, English if it gives none."""
    config = read_settings(project.quarto_yml, project.relative(project.quarto_yml))
    return str(config.get("lang") or "en")


def page_of(notebook: str) -> str:
    """Return the address of a notebook's page from the report's folder."""
    return notebook.removesuffix(".ipynb") + ".html"


def anchor(cell: str) -> str:
    """Return the id of a cell on its notebook's page: apart from those of headings and figures."""
    return f"cell-{cell}"


def _opening(notebook: ipynb.Notebook) -> str:
    """Return what a notebook says of itself before its first code: its first paragraph, else its title."""
    first = next((cell.source for cell in notebook.cells if cell.kind == "markdown"), "")
    paragraphs = (text.strip() for text in re.split(r"\n\s*\n", first))
    opening = next((text for text in paragraphs if text and not text.startswith("#")), "")
    words = " ".join(plain(LINK.sub(r"\1", opening)).split())
    # A reference has no number outside the page.
    sentences = takewhile(lambda one: not REFERENCE.search(one), re.split(r"(?<=[.!?])\s+", words))
    return shortened(" ".join(sentences)) or plain(notebook.title)


def shortened(text: str) -> str:
    """Return the beginning of a text, in whole words, for those who show a line or two of it."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"


def plain(title: str) -> str:
    """Return a heading without the marks of emphasis and code."""
    return re.sub(r"[*_`]", "", title)


def css(project: Project, sheet: str = "style.css", fonts: str = "*.woff2") -> str:
    """Return the page's whole style sheet; ``@up@`` stands for the way to the report's folder.

    Parameters
    ----------
    project : Project
        The project.
    sheet : str
        The file in theme/ that has the rules.
    fonts : str
        Which of the fonts it uses, as a pattern of their files.
    """
    faces, rules = (
        project.theme_file(name).read_text(encoding="utf-8") for name in (f"{FONTS}/faces.css", sheet)
    )
    lines = ((line, FACE.search(line)) for line in faces.splitlines(keepends=True))
    used = (line for line, file in lines if file and fnmatch(file[1], fonts))
    return brand.read(project).css("".join(used) + compact(rules))


def style_sheets(project: Project, page: str, names: Sequence[str]) -> str:
    """Return the style sheets that a page adds to the report's own.

    Raises
    ------
    Fault
        If one is missing, not in the project, or would load something.
    """
    rules = ""
    for name in names:
        path = project.root / name
        if "\0" in name or project.root.resolve() not in path.resolve().parents or not path.is_file():
            remedy = "Paths are from the project's folder."
            raise Fault("there is no such style sheet", file=page, column="css", value=name, remedy=remedy)
        text = read_text(path, name)
        if loading := LOADS.search(text):
            raise Fault(
                "a style sheet may not load anything",
                file=name,
                row=shortcodes.line_of(text, loading.start()),
                value=loading[0],
                remedy="Write the rules themselves; a report has its own fonts.",
            )
        rules += compact(text)
    return rules


def compact(rules: str) -> str:
    """Return a style sheet without its comments and the space between its rules."""
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)
    return re.sub(r"(?<=[:,])\s+|\s*([{};])\s*", r"\1", rules).strip() + "\n"
