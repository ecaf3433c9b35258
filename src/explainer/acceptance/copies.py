"""Copies of the article and of sources, in which links with text fragments are tried."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from explainer.acceptance import host
from explainer.acceptance.finding import Finding, held, unchecked
from explainer.article import copies
from explainer.article.audit import audit
from explainer.article.audit.report import cut_faults
from explainer.data.frames import cell_text, each_row
from explainer.data.package import load, names
from explainer.evidence.fragments import directives
from explainer.system.errors import Fault
from explainer.system.project import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARTICLE = "article"
#: So far apart that the place to which a browser scrolls is that of one block alone.
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Copy</title>'
    "<style>p {{ margin: 150vh 0 }}</style></head><body>{}</body></html>"
)
#: The number of the block in the middle of the window, once the browser has scrolled; -1 at the top.
SEEN = """() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => {
  const blocks = [...document.querySelectorAll("p")];
  const away = (block) => {
    const box = block.getBoundingClientRect();
    return Math.abs((box.top + box.bottom - innerHeight) / 2);
  };
  const nearest = blocks.reduce((one, other) => away(other) < away(one) ? other : one);
  done(scrollY > 0 ? blocks.indexOf(nearest) : -1);
}), 30))"""


def read_all(project: Project, folder: Path) -> dict[str, copies.Article]:
    """Return the copies in a folder by the address of what they are copies of.

    A copy of the article is called ``article``, one of a source by the source's id, each with the ending of a
    text or HTML file.

    Raises
    ------
    Fault
        If the folder or a file cannot be read, or a file is called otherwise.
    """
    if not folder.is_dir():
        raise Fault("is no folder", file=str(folder), remedy="Name the folder that holds the copies.")
    known = {ARTICLE: cell_text(load("article", project).iloc[0]["url"])}
    if "sources" in names(project):
        known |= {row.source_id: cell_text(row.url) for row in each_row(load("sources", project))}
    found = {}
    for path in sorted(path for path in folder.iterdir() if not path.name.startswith(".")):
        if path.stem not in known:
            remedy = "Call it article, or as the source_id in data/sources/sources.csv, with its ending."
            raise Fault("is a copy of nothing that this story knows", file=path.name, remedy=remedy)
        found[known[path.stem]] = copies.read(path)
    return found


def check(
    project: Project, addresses: Iterable[str], folder: Path | None, browser: Browser | None, why_not: str
) -> Iterator[Finding]:
    """Yield what is found of the text fragments of a report.

    Parameters
    ----------
    project : Project
        The project.
    addresses : iterable of str
        Addresses on its pages that lead out of the report.
    folder : Path or None
        The folder with copies.
    browser : Browser or None
        The browser that is to scroll.
    why_not : str
        Why there is none.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        page, fragments = directives(address)
        if fragments:
            wanted[page].append(address)
    given = read_all(project, folder) if folder else {}
    for page in [page for page in wanted if page in given]:
        yield from _check_copy(project, given[page], page, wanted[page], browser, why_not)
    if rest := [page for page in wanted if page not in given]:
        count = sum(len(wanted[page]) for page in rest)
        pages = f"{len(rest)} pages" if len(rest) > 1 else rest[0]
        yield unchecked(f"{count:,} text fragments: no copy of {pages} was given (--copies FOLDER)")


def _check_copy(
    project: Project,
    copy: copies.Article,
    page: str,
    addresses: list[str],
    browser: Browser | None,
    why_not: str,
) -> Iterator[Finding]:
    blocks = [line.text for line in copy.lines]
    places = {address: [one.find(blocks) for one in directives(address)[1]] for address in addresses}
    wrong = [f"no browser finds the words of {address}" for address, at in places.items() if None in at]
    text = f"text fragments: {len(addresses):,} lead to words that stand in {copy.name}"
    if page == cell_text(load("article", project).iloc[0]["url"]):
        wrong += map(str, cut_faults(audit(project, copy)))
    if browser is None:
        yield held(f"{text} (read, not scrolled to: {why_not})", wrong)
        return
    seen = scrolled(browser, blocks, addresses)
    wrong += [
        f"{address}: scrolls to {_start(blocks, seen[address])}, not to {_start(blocks, at[0])}"
        for address, at in places.items()
        if at[0] is not None and seen[address] != at[0]
    ]
    yield held(f"{text} and scroll to them in Chromium {browser.version}", wrong)


def _start(blocks: list[str], at: int) -> str:
    return "the top" if at < 0 else repr(blocks[at][:30])


def scrolled(browser: Browser, blocks: list[str], addresses: Iterable[str]) -> Mapping[str, int]:
    """Return the number of the block to which a browser scrolls for each address; -1 where it does not."""
    with _served(blocks) as address:
        page = browser.new_page(viewport={"width": 1000, "height": 700})
        seen = {}
        for number, wanted in enumerate(addresses):
            # Another query, so that the browser loads the page anew instead of going on in it.
            page.goto(f"{address}?{number}#:~:{wanted.partition(':~:')[2]}")
            seen[wanted] = page.evaluate(SEEN)
        page.close()
        return seen


@contextmanager
def _served(blocks: list[str]) -> Iterator[str]:
    """Serve a page with nothing but blocks of text, far from each other."""
    with TemporaryDirectory() as folder:
        body = "".join(f"<p>{html.escape(block)}</p>" for block in blocks)
        Path(folder, "index.html").write_text(PAGE.format(body), encoding="utf-8")
        with host.serving(Path(folder)) as server:
            yield server.address
