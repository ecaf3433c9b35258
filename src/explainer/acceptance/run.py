"""Everything that is checked of a report, in the order in which it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from lxml.html import HtmlElement

from explainer.acceptance import access, builds, chromium, copies, engines, host, links, weight
from explainer.acceptance.finding import Finding, held, unchecked
from explainer.acceptance.paper import Paper, differences
from explainer.acceptance.reading import Page
from explainer.build import finish, pipeline
from explainer.build.prepare import content_of
from explainer.report.layout import DATA, EMBEDS
from explainer.system.project import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def verify(
    project: Project,
    engine: str,
    *,
    copies_folder: Path | None = None,
    most_bytes: int = weight.LIMIT,
    log: Callable[[str], Any] = print,
) -> Iterator[tuple[str, Finding]]:
    """Yield what is found of each promise, under its heading.

    Parameters
    ----------
    project : Project
        The project; nothing in it is changed.
    engine : str
        ``auto``, ``quarto`` or ``pandoc``.
    copies_folder : Path, optional
        Copies of the article and of sources; see `explainer.acceptance.copies.read_all`.
    most_bytes : int
        What the first page may weigh.
    log : callable
        Receives what is being done.

    Raises
    ------
    Fault
        If the report cannot be built.
    """
    path, name = pipeline.choose(project, engine)
    used = "quarto" if path else "pandoc"
    with TemporaryDirectory(prefix="explainer-verify-") as folder:
        log(f"Building it with {name}")
        first = builds.build(project, Path(folder, "1"), builds.HERE, used)
        log("Building it again, in another folder and under other circumstances")
        second = builds.build(project, Path(folder, "2"), builds.ELSEWHERE, used)
        for finding in builds.compared(project, first, second):
            yield "Sameness", finding
        log("Comparing the engines, and the page with its PDF")
        content = content_of(first)
        pdfs = [page["pdf"] for page in content["pages"] if page["pdf"]]
        yield "Sameness", engines.check(project, first, second, used, [*finish.addresses(content), *pdfs])
        for finding in _paper(first, content):
            yield "Sameness", finding
        log("Reading its links")
        pages = links.read_all(first.report)
        for finding in links.check(first.report, pages):
            yield "Links", finding
        yield from _in_browser(first, pages, content, copies_folder, most_bytes, log)


def _paper(project: Project, content: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield whether each page has the words of its PDF, section by section."""
    for page in content["pages"]:
        if page["pdf"]:
            wrong = differences(Page(project.report / page["address"]), Paper(project.report / page["pdf"]))
            yield held(f"{page['pdf']} has the sections and the words of {page['address']}, in order", wrong)


def _in_browser(
    built: Project,
    pages: Mapping[str, HtmlElement],
    content: Mapping[str, Any],
    copies_folder: Path | None,
    most_bytes: int,
    log: Callable[[str], Any],
) -> Iterator[tuple[str, Finding]]:
    """Yield what a browser shows: where text fragments scroll to, what a visit costs, who can read it."""
    why_not = chromium.why_not()
    addresses = [address for address in links.outside(pages) if not links.malformed(address)]
    with _browser(why_not) as browser:
        for finding in copies.check(built, addresses, copies_folder, browser, why_not):
            yield "Links", finding
        if browser is None:
            yield "Weight", unchecked(f"bytes before a click: {why_not}")
            yield "Access", unchecked(f"access: {why_not}")
            return
        log("Looking at it in a browser")
        with host.serving(built.report) as server:
            yield "Weight", weight.check(browser, server, most_bytes)
            yield "Access", access.check(browser, server.address, _each_kind(pages, content))


@contextmanager
def _browser(why_not: str) -> Iterator[Browser | None]:
    path = chromium.find()
    if why_not or path is None:
        yield None
        return
    with chromium.starter(path) as start:
        yield start()


def _each_kind(pages: Mapping[str, HtmlElement], content: Mapping[str, Any]) -> list[str]:
    """Return the pages to look at: all that engines make, and one of each kind that is made by the dozen."""
    kinds = [f"{DATA}/index.html", *_first(pages, DATA), *_first(pages, EMBEDS)]
    return [name for name in dict.fromkeys([*finish.addresses(content), *kinds]) if name in pages]


def _first(pages: Mapping[str, HtmlElement], folder: str) -> list[str]:
    of_kind = [name for name in pages if name.startswith(f"{folder}/") and not name.endswith("/index.html")]
    return of_kind[:1]
