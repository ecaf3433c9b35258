"""The embedded engine: Pandoc from PyPI, with the same page, filters and templates that Quarto gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from explainer.engines import filter_messages, program
from explainer.notebooks import ipynb
from explainer.report import notebook_page, shortcodes, site
from explainer.report.pages import read_pages
from explainer.system import fingerprint
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_bytes, write_text
from explainer.system.project import THEME, Project

READER = "markdown"
#: Without `smart`: the text has its quotation marks already, and Typst would guess at them.
WRITERS = {"html": "html", "typst": "typst-smart"}
TEMPLATES = {"html": "page.html", "typst": "report.typ"}
#: Without any of these a notebook names no value and no fact: shortcodes, the attribute of facts, their list.
NAMES_FACTS = ("{{<", "ref=", "derivations")


@dataclass(frozen=True)
class Page:
    """A page as Pandoc takes it.

    Parameters
    ----------
    path : Path
        Its Markdown, without shortcodes.
    name : str
        What it is called, from the project's root: ``index.qmd``.
    pdf : str or None
        Its PDF in the report, if it has one.
    """

    path: Path
    name: str
    pdf: str | None = None


def pages(project: Project) -> dict[str, Page]:
    """Write every page as Markdown among the work files, and return them by address in the report."""
    written = pages_of_prose(project)
    for notebook in ipynb.read_all(project):
        page = Page(project.build / "pandoc" / "notebooks" / f"{notebook.name}.md", notebook.file)
        write_text(page.path, notebook_page.to_markdown(notebook))
        written[site.page_of(notebook.file)] = page
    return written


def pages_of_prose(project: Project) -> dict[str, Page]:
    """Write every page that is no notebook's as Markdown, and return them by address, the index first."""
    written = {}
    for source in read_pages(project):
        page = Page(project.build / "pandoc" / f"{source.path.stem}.md", source.file, source.pdf)
        write_text(page.path, shortcodes.expand(source.text))
        written[source.address] = page
    return written


def paper(project: Project, page: Page, cache: Cache | None = None) -> Path:
    """Write the Typst source of a page's PDF, and return where it is."""
    source = page.path.with_suffix(".typ")
    convert(project, page.path, page.name, "typst", source, cache)
    return source


def convert(
    project: Project, page: Path, name: str, to: str, output: Path, cache: Cache | None = None
) -> None:
    """Turn one page of Markdown into HTML or Typst.

    Parameters
    ----------
    project : Project
        The project.
    page : Path
        Markdown without shortcodes.
    name : str
        What the page is called, from the project's root: ``index.qmd``.
    to : str
        ``html`` or ``typst``.
    output : Path
        The file to write.
    cache : Cache, optional
        Pages of earlier builds.

    Raises
    ------
    Faults
        If the filters or Pandoc refuse the page. Pandoc's warnings count: it warns where it had to guess.
    """

    def make() -> bytes:
        return _run(project, _options(project, page, name, to), name)

    if cache is None:
        write_bytes(output, make())
        return
    # Every page names the data that the report was built from. What is cached has the page's own hash, which
    # no page can hold, in place of that of the data: what else is on it may be the same.
    data = _content(project)["stamp"]["data"].encode()
    own = fingerprint.of_file(page).encode()
    inputs = partial(_inputs, project, page, name)
    written = cache.get(f"page-{to}", inputs, lambda: make().replace(data, own))
    write_bytes(output, written.replace(own, data))


def _inputs(project: Project, page: Path, name: str) -> Iterator[str | bytes]:
    """Yield what a page is made from, but its stamp: Pandoc, its text, what filters read, the theme."""
    text = page.read_text(encoding="utf-8")
    yield program.version()
    yield name
    yield text
    yield site.language(project)
    yield fingerprint.environment()  # the library's filters and templates are in it
    yield json.dumps(fingerprint.hashes(project.theme))
    names_facts = name.endswith(".qmd") or any(mark in text for mark in NAMES_FACTS)
    unread = {"stamp"} if names_facts else {"stamp", "variables", "values"}
    yield json.dumps({key: value for key, value in _content(project).items() if key not in unread})
    yield fingerprint.of_file(project.build / "references.json")
    if names_facts:
        yield fingerprint.of_file(project.build / "facts.json")
    for exhibit in sorted((project.build / "exhibits").iterdir()):
        if exhibit.stem in text:
            yield exhibit.name + fingerprint.of_file(exhibit)


def _content(project: Project) -> dict[str, Any]:
    return _parse((project.build / "site.json").read_bytes())


@lru_cache(maxsize=1)  # it is the same for all pages
def _parse(content: bytes) -> dict[str, Any]:
    return json.loads(content)


def _options(project: Project, page: Path, name: str, to: str) -> list[str]:
    return [
        f"--from={READER}",
        f"--to={WRITERS[to]}",
        "--standalone",
        # A line broken before "44." would begin a list in Typst.
        "--wrap=none",
        # Pandoc takes a template's path for a URL.
        f"--template={str(project.theme_file(TEMPLATES[to])).replace('%', '%25')}",
        f"--lua-filter={THEME / 'filters' / 'report.lua'}",
        f"--metadata=explainer-page:{name}",
        f"--metadata-file={_defaults(project)}",
        "--fail-if-warnings",
        str(page),
    ]


def _defaults(project: Project) -> Path:
    """Write metadata that a page's own front matter overrides, as in Quarto, and return where it is."""
    defaults = project.build / "pandoc" / "defaults.json"
    write_text(defaults, json.dumps({"lang": site.language(project)}) + "\n")
    return defaults


def _run(project: Project, options: list[str], name: str) -> bytes:
    """Return what Pandoc prints: one that outlives a killed build has no file to write to."""
    result = program.run(options, name, folder=project.root)
    if result.returncode != 0:
        raise Faults(parse_errors(result.stderr, name))
    return result.stdout.encode("utf-8")


def parse_errors(stderr: str, name: str) -> list[Fault]:
    """Return the messages of Pandoc as faults: those of our filters, or else all of them as one."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    if faults := filter_messages.to_faults(lines):
        return faults
    text = " ".join(line for line in lines if not line.startswith("Failing because"))
    return [Fault(text.rstrip(".") or "the engine failed without a word", file=name)]
