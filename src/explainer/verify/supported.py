"""What Quarto knows and a report does not: refused at its line, before anything runs.

Settings are checked against `CONFIG`, `PAGE` and the others: what is in them works, in page and PDF and with
both engines; every other key is refused by its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

import yaml

from explainer.notebooks import ipynb
from explainer.report import brand, includes, pages, shortcodes
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.system.structured import compose_yaml, read_settings, read_text

#: What a key may hold: anything, one of some values, or keys of its own.
Known: TypeAlias = "Collection[str] | Mapping[str, Known] | None"

NO, DEFAULT = ("false", "no"), ("default", "true")
#: In place of settings within a setting: none of them.
EMPTY = ("", "null", "~", *DEFAULT)
#: Settings that are right for every page: in ``_quarto.yml`` and in front matter.
SHARED: dict[str, Known] = {"toc": None, "number-sections": None}
HTML: dict[str, Known] = {
    **SHARED,
    "css": None,
    "theme": ("none",),
    "minimal": ("true",),
    "template": None,
    "output-file": None,  # refused with the pages, which have a name of their own
    "notebook-links": NO,
    "appendix-style": ("none",),
    "html-table-processing": ("none",),
}
TYPST: dict[str, Known] = {
    **SHARED,
    "template": None,
    "font-paths": None,
    "variant": ("-smart",),
    "shift-heading-level-by": ("0",),
    "keep-typ": ("true",),
    "output-file": None,
}
FORMATS: dict[str, Known] = {"html": HTML, "typst": TYPST}
#: What Quarto's preview watches besides the pages.
WATCHED = "/data/**/*.csv"
#: Sheets of a PDF, by Typst's names.
PAPERS = ("us-letter", "a4", "a5", "us-legal")
#: ``_quarto.yml``.
CONFIG: dict[str, Known] = {
    "project": {
        "type": ("default",),
        "title": None,
        "output-dir": None,
        "render": None,
        "pre-render": None,
        "post-render": None,
        "preview": None,
        "resources": (WATCHED,),
    },
    "lang": None,
    "execute": {"enabled": NO, "freeze": NO},
    "filters": None,
    "format": FORMATS,
    "css": None,
    "brand": NO,
    **SHARED,
}
#: Beside keys that something may hold: it may be a plain value, too.
ITSELF = ""
COLOR: dict[str, Known] = dict.fromkeys([ITSELF, "light", "dark"])
#: What a newsroom says of its looks, in `explainer.report.brand.FILE`.
BRAND: dict[str, Known] = {
    "meta": None,
    "color": {"palette": None, **{name: COLOR for name in brand.COLORS}},
    "typography": {
        "fonts": None,
        **{use: {ITSELF: None, "family": None} for use in brand.FAMILIES},
        "link": {"color": COLOR},
    },
}
#: The front matter of a page, besides what {{< meta >}} names.
PAGE: dict[str, Known] = {
    **dict.fromkeys(
        [
            "title",
            "subtitle",
            "kicker",
            "abstract",
            "description",
            "byline",
            "author",
            "date",
            "date-modified",
            "lang",
            "keywords",
            "url",
            "contact",
            "repository",
            "publisher",
            "card",
            "css",
        ]
    ),
    "papersize": PAPERS,
    "output-file": None,
    "format": FORMATS,
    **SHARED,
}
NOTEBOOK: dict[str, Known] = {**dict.fromkeys(["title", "description"]), "format": FORMATS}
#: ``notebooks/_metadata.yml``.
OF_NOTEBOOKS: dict[str, Known] = {"format": {"html": DEFAULT}}

_SOURCES = "Sources are rows of data/sources/sources.csv, cited as [@source_id]."
_HEAD = "Take it out; url, contact, repository and keywords fill the head, and css: adds a style sheet."
_PLAIN = "Take it out; _brand.yml gives colors and type, and css: adds a style sheet."
_SIZES = "Take it out; css: can set it on the page."
_UNUSED = "Take it out, or put the color under palette, where it does no harm."
_PAGES = "List pages under project, render; each is made as html, and as typst for its PDF."
_NOTEBOOKS = "Take it out: code is in notebooks, which are run before Quarto starts."
#: What to do instead, by the name of a setting.
REMEDIES = {
    "bibliography": _SOURCES,
    "csl": "Take it out; theme/newsroom.csl is the style of sources.",
    "nocite": _SOURCES,
    "citation-location": _SOURCES,
    "embed-resources": "Take it out; hand on the folder _report, or its PDF, which is one file.",
    "self-contained": "Take it out; hand on the folder _report, or its PDF, which is one file.",
    "include-in-header": _HEAD,
    "include-before-body": _HEAD,
    "include-after-body": _HEAD,
    "header-includes": _HEAD,
    "theme": _PLAIN,
    "brand": "Write brand: false in _quarto.yml; page and PDF follow _brand.yml beside index.qmd.",
    "logo": "Take it out; a report has no place for one. kicker and byline name the newsroom.",
    "defaults": "Take it out; the report's template is its own.",
    **dict.fromkeys(["size", "weight", "line-height", "style", "background-color", "decoration"], _SIZES),
    **dict.fromkeys(["tertiary", "info", "warning", "light", "dark"], _UNUSED),
    "mainfont": _PLAIN,
    "lightbox": "Take it out; a chart has its own page and its drawing to open, and a picture can be a link.",
    "website": _PAGES,
    "book": _PAGES,
    "manuscript": _PAGES,
    "filters": "Take it out: a page is the same with both engines, and the report's own filter makes it.",
    "resources": "Take it out; pictures that a page shows are put into the report, tables are in its data/.",
    "execute": _NOTEBOOKS,
    "jupyter": _NOTEBOOKS,
    "engine": _NOTEBOOKS,
    "reference-location": "Take it out; notes stand below the text, in the PDF at the foot of the sheet.",
    "citations-hover": "Take it out; sources and facts open where they stand.",
}
FORMAT_REMEDY = "Take it out: a page is made as html, and as typst for its PDF."
#: Files of Quarto's that hold settings for all pages and are not read here.
NOT_READ = {
    "_brand.yaml": "Name it _brand.yml.",
    "_quarto-*.yml": "Put what it says into _quarto.yml; a report has no profiles.",
    "_quarto.yml.local": "Put what it says into _quarto.yml.",
}
CELL = re.compile(
    r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<mark>`{3,}|~{3,})[ \t]*(?P<code>\{[A-Za-z][^}\n]*\})",
    re.MULTILINE,
)
INLINE_CELL = re.compile(r"(?<!`)`(?P<code>\{[A-Za-z][\w-]*\}) [^`\n]*`")
CELL_REMEDY = (
    "Put the code into a notebook, and show its figure with {{< embed notebooks/name.ipynb#fig-label >}}."
)
#: Classes with a meaning in Quarto alone; without it, their words would stand in the text like any others.
CLASS = re.compile(
    r"\{[^}\n]*(?P<name>\.(?:column-[\w-]+|aside|panel-[\w-]+|g-col-\d+)|layout(?:-\w+)?=)(?![\w-])"
)
CLASS_REMEDY = "Take it out; a note, [^1], or a callout, ::: {.callout-note}, sets words apart."


def check(project: Project) -> None:
    """Refuse everything that would be asked for in vain.

    Raises
    ------
    Faults
        Every setting, cell and class that is not known, with its line.
    """
    if faults := [
        *_of_project(project), *_of_brand(project), *_of_pages(project), *_of_notebooks(project),
    ]:  # fmt: skip
        raise Faults(faults)


def _of_project(project: Project) -> Iterator[Fault]:
    for pattern, remedy in NOT_READ.items():
        for path in sorted(project.root.glob(pattern)):
            yield Fault("this file is not read", file=project.relative(path), remedy=remedy)
    others = {
        project.quarto_yml: CONFIG,
        project.root / "_metadata.yml": SHARED,
        project.notebooks / "_metadata.yml": OF_NOTEBOOKS,
    }
    for path, known in others.items():
        if path.is_file():
            file = project.relative(path)
            yield from settings(read_text(path, file), known, file)


def _of_brand(project: Project) -> Iterator[Fault]:
    path = project.root / brand.FILE
    if not path.is_file():
        return
    faults = list(settings(path.read_text(encoding="utf-8", errors="replace"), BRAND, brand.FILE))
    if not faults:
        try:
            brand.read(project)
        except Faults as error:
            faults += error.faults
    yield from faults
    config = read_settings(project.quarto_yml, project.relative(project.quarto_yml))
    if config.get("brand") is not False:
        what = "Quarto would add a style of its own to that of _brand.yml"
        remedy = "Add the line brand: false; page and PDF follow _brand.yml all the same."
        yield Fault(what, file=project.relative(project.quarto_yml), column="brand", remedy=remedy)


def _of_pages(project: Project) -> Iterator[Fault]:
    for path in pages.sources(project):
        if path.is_file():
            text, file = pages.read_text(project, path), project.relative(path)
            pages.front_matter(text, file)
            yield from _front_matter(text, PAGE, file, project)
            yield from _cells_and_classes(text, file)
            for match in includes.find(text):
                row = shortcodes.line_of(text, match.start())
                name, included = includes.read(project, file, match["path"], row)
                yield from _cells_and_classes(included, name)


def _of_notebooks(project: Project) -> Iterator[Fault]:
    for notebook in ipynb.read_all(project) if project.notebooks.is_dir() else ():
        for cell in notebook.cells[:1]:
            if cell.kind == "raw":
                for fault in _front_matter(cell.source + "\n", NOTEBOOK, notebook.file):
                    fault.column, fault.row = f"{cell.place}, line {fault.row}", None
                    yield fault


def _front_matter(
    text: str, known: Mapping[str, Known], file: str, project: Project | None = None
) -> Iterator[Fault]:
    block = shortcodes.FRONT_MATTER.match(text)
    if block is not None:
        # What an included part names is known too.
        whole = includes.expand(project, file, text)[0] if project else text
        used = {
            code.arguments[0] for code in shortcodes.find(whole) if code.name == "meta" and code.arguments
        }
        # The first line is kept, so that lines are counted as in the file.
        lines = ["", *block[0].rstrip("\n").split("\n")[1:-1]]
        yield from settings("\n".join(lines), {**dict.fromkeys(used), **known}, file)


def settings(text: str, known: Mapping[str, Known], file: str) -> Iterator[Fault]:
    """Yield each setting of a YAML text that is not `known`, with its line; nothing if it is no mapping."""

    def fault(what: str, line: int) -> Fault:
        return Fault(what, file=file, row=line)

    try:
        tree = compose_yaml(text, fault)
    except Fault as refusal:
        yield refusal
    else:
        yield from _unknown(tree, known, file, "")
        yield from _other_filters(tree, file)


def _unknown(node: yaml.Node | None, known: Mapping[str, Known], file: str, parent: str) -> Iterator[Fault]:
    if parent == "format" and not isinstance(node, yaml.MappingNode):
        listed = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for name in listed:
            if isinstance(name, yaml.ScalarNode) and name.value not in known:
                yield _refused(name, name.value, parent, known, file)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _one(key, value, known, file, parent)
    elif node is not None and parent and node.value not in EMPTY and ITSELF not in known:
        remedy = f"Write them on lines of their own below it, such as {next(iter(known))}: …"
        what = "this setting holds others"
        yield Fault(what, file=file, row=_row(node), column=parent, value=_short(node), remedy=remedy)


def _one(
    key: yaml.Node, value: yaml.Node, known: Mapping[str, Known], file: str, parent: str
) -> Iterator[Fault]:
    name = str(key.value)
    allowed = known.get(name)
    if name not in known:
        yield _refused(key, name, parent, known, file)
    elif isinstance(allowed, Mapping):
        yield from _unknown(value, allowed, file, name)
    elif allowed is not None and value.value not in allowed:
        remedy = REMEDIES.get(name, f"Write {name}: {next(iter(allowed))}.")
        yield Fault(
            "this setting has no other value here", file=file, row=_row(value), column=name,
            value=_short(value), remedy=remedy,
        )  # fmt: skip


def _refused(node: yaml.Node, name: str, parent: str, known: Mapping[str, Known], file: str) -> Fault:
    row = _row(node)
    if parent == "format":
        return Fault(
            "this format is not made", file=file, row=row, column="format", value=name, remedy=FORMAT_REMEDY
        )
    general = shortcodes.did_you_mean(name, known, quoted=False) or "Take it out."
    return Fault(
        "this setting does nothing here", file=file, row=row, value=name, remedy=REMEDIES.get(name, general)
    )


def _row(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _short(node: yaml.Node) -> Any:
    return node.value if isinstance(node, yaml.ScalarNode) else "…"


def _other_filters(tree: yaml.Node | None, file: str) -> Iterator[Fault]:
    """Yield each filter of the project's settings that is not the report's own."""
    if not isinstance(tree, yaml.MappingNode):
        return
    for key, value in tree.value:
        if key.value == "filters" and isinstance(value, yaml.SequenceNode):
            for one in value.value:
                written = yaml.serialize(one)
                if not re.search(r"/filters/report\.lua\b", written):
                    words = " ".join(written.split()).removesuffix(" ...")
                    yield Fault(
                        "this filter is not run", file=file, row=_row(one), column="filters", value=words,
                        remedy=REMEDIES["filters"],
                    )  # fmt: skip


def _cells_and_classes(text: str, file: str) -> Iterator[Fault]:
    spans = shortcodes.code_spans(text)
    cells = [match for pattern in (CELL, INLINE_CELL) for match in pattern.finditer(text)]
    for match in sorted(cells, key=lambda match: match.start("code")):
        place = match.start("code")
        # A span that begins on an earlier line shows the cell as an example.
        start = next((start for start, end in spans if start <= place < end), place)
        if "\n" not in text[start:place]:
            yield _at(text, place, file, "code does not run in a page", match["code"], CELL_REMEDY)
    for match in CLASS.finditer(text):
        if not shortcodes.within(match.start(), spans):
            what = "a page has no such part"
            yield _at(text, match.start("name"), file, what, match["name"], CLASS_REMEDY)


def _at(text: str, place: int, file: str, what: str, value: str, remedy: str) -> Fault:
    return Fault(what, file=file, row=shortcodes.line_of(text, place), value=value, remedy=remedy)
