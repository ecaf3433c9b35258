"""Rebuild the pages that an edit affects, check them, and only then show them in the browser."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lxml.html

from explainer.build import collect, finish, stage
from explainer.build.collect import Collected
from explainer.build.prepare import check_and_run, describe
from explainer.engines import pandoc
from explainer.notebooks import ipynb
from explainer.notebooks import stamp as stamps
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.notebooks.progress import Listener
from explainer.preview.sources import Sources
from explainer.report import site
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_bytes
from explainer.system.lock import wait_and_hold
from explainer.system.project import Project
from explainer.verify import pages as page_checks

INDEX = "index.html"
#: Files that the filters read besides the page itself and the drawings.
INPUTS = ("site.json", "figures.json", "facts.json", "references.json")
#: The file of the theme that changes only the look of a page.
STYLE = "style.css"


def folder(project: Project) -> Path:
    """Return the folder of the pages, apart from the report, which the preview never changes."""
    return project.build / "preview" / "site"


class Superseded(Exception):
    """A newer edit makes the rest of this build unnecessary."""


@dataclass(frozen=True)
class _Key:
    """Hashes of the inputs of a page: its Markdown, the theme without the style, the style, the rest."""

    markdown: str
    theme: str
    style: str
    rest: str

    def has_targets_of(self, other: _Key | None) -> bool:
        """Return whether a page has the same link targets as one made from `other`."""
        return other is not None and (self.markdown, self.theme) == (other.markdown, other.theme)


class Builder:
    """Builds the pages of the preview, and remembers their inputs.

    Parameters
    ----------
    project : Project
        The project.
    sources : Sources
        Its sources.
    is_superseded : callable
        Whether there is a newer edit.
    """

    def __init__(self, project: Project, sources: Sources, is_superseded: Callable[[], bool]) -> None:
        self._project = project
        self._sources = sources
        self._is_superseded = is_superseded
        #: Notebooks that ran in the last build.
        self.ran: list[str] = []
        self._finished: list[Notebook] = []
        self._gathered: Collected | None = None
        self._gathered_from: dict[str, str] = {}
        self._keys: dict[str, _Key] = {}
        self._trees: dict[str, lxml.html.HtmlElement] = {}
        self._pdf_keys: dict[str, str] = {}
        self._content: dict[str, Any] = {}
        self._content_from: dict[str, str] | None = None

    def pages(self, viewed: Iterable[str]) -> Iterator[str]:
        """Update the pages, and yield the address of each that changed, after it has been checked.

        Those in `viewed` come first, together with all whose link targets changed.

        Raises
        ------
        Faults
            All faults; pages that were not yielded yet stay unchanged.
        Superseded
            If an edit arrives between two cells or pages.
        """
        self.ran, self._finished = [], []
        with _lock(self._project):
            self._content, write_files = self._describe()
            pages = pandoc.pages(self._project)
            for address in pages:  # links start here, even before the pages exist
                (folder(self._project) / address).parent.mkdir(parents=True, exist_ok=True)
            keys = self._page_keys(pages)
            stale = {address for address, key in keys.items() if self._keys.get(address) != key}
            moved = {
                address for address in stale if not keys[address].has_targets_of(self._keys.get(address))
            }
            first = moved | stale & {*viewed}

            def beside() -> None:
                # What is refused here is to be refused again after an edit of the style alone.
                described_from, self._content_from = self._content_from, None
                write_files()
                finish.copy_files(self._project, folder(self._project))
                self._content_from = described_from

            for group, meanwhile in ((first, beside), (stale - first, _do_nothing)):
                yield from self._make({one: pages[one] for one in sorted(group)}, keys, meanwhile)
            self._sweep(set(pages))

    def _describe(self) -> tuple[dict[str, Any], Callable[[], None]]:
        """Run the notebooks that an edit affects, and return what `explainer.build.prepare.describe` does."""
        state = _without_style(self._sources.state())
        if state == self._content_from:
            content = {**self._content, "css": site.css(self._project)}
            return site.write(self._project, content), _do_nothing
        self._content_from = None
        before = _data_and_notebooks(state)
        if self._gathered is None or before != self._gathered_from:
            self._gathered = None
            recorder = _RunRecorder(self.ran, self._finished, self._stop_if_superseded)
            check_and_run(self._project, _say_nothing, recorder)
            after = _data_and_notebooks(self._sources.state())
            if {name for name, _ in before.items() ^ after.items()} - self.written():
                raise Superseded
            before = after
            self._gathered, self._gathered_from = collect.gather(self._project), before
        # A copy, since `describe` adds to each entry.
        entries = {label: {**entry} for label, entry in self._gathered.figures.items()}
        gathered = replace(self._gathered, figures=entries)
        content, write_files = describe(self._project, gathered, _say_nothing)
        if _data_and_notebooks(self._sources.state()) != before:
            self._gathered = None
            raise Superseded
        after = _without_style(self._sources.state())
        self._content_from = after if after == {**state, **before} else None
        return content, write_files

    def _page_keys(self, pages: Mapping[str, pandoc.Page]) -> dict[str, _Key]:
        """Return the inputs of each page."""
        build = self._project.build
        theme = self._sources.theme_state()
        style = {name: theme.pop(name) for name in [*theme] if name.endswith(f"/{STYLE}")}
        files = [build / name for name in INPUTS if name != "site.json"]
        files += sorted((build / "figures").rglob("*.svg"))
        rest = [{**self._content, "css": ""}, {str(path): _hash(path.read_bytes()) for path in files}]
        shared = [_hash(json.dumps(part).encode()) for part in (theme, style, rest)]
        return {address: _Key(_hash(page.path.read_bytes()), *shared) for address, page in pages.items()}

    def _make(
        self, pages: Mapping[str, pandoc.Page], keys: Mapping[str, _Key], meanwhile: Callable[[], None]
    ) -> Iterator[str]:
        """Build and check some pages, then write them together; yield those that changed.

        `meanwhile` is called while Pandoc works, before the pages are checked.
        """
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            results = {
                address: threads.submit(self._convert, address, page) for address, page in pages.items()
            }
            contents: dict[str, bytes] = {}
            trees = {address: tree for address, tree in self._trees.items() if address not in pages}
            faults: list[Fault] = []
            try:
                meanwhile()
                for address, result in results.items():
                    self._stop_if_superseded()
                    contents[address] = result.result()
                    trees[address] = lxml.html.document_fromstring(contents[address])
                    faults += page_checks.document(contents[address].decode(), trees[address], address)
            finally:
                for result in results.values():
                    result.cancel()
        ids = {address: page_checks.ids_of(tree) for address, tree in trees.items()}
        for address in pages:
            self._stop_if_superseded()
            faults += self._page_faults(address, trees[address], ids)
        if faults:
            raise Faults(faults)
        for address, content in contents.items():
            self._trees[address] = trees[address]
            if write_bytes(folder(self._project) / address, content):
                yield address
            self._keys[address] = keys[address]

    def _convert(self, address: str, page: pandoc.Page) -> bytes:
        """Return the HTML of a page as it would be published."""
        output = self._project.build / "preview" / "new" / address
        pandoc.convert(self._project, page.path, page.name, "html", output)
        finish.mend(self._project, output)
        return output.read_bytes()

    def _page_faults(
        self, address: str, tree: lxml.html.HtmlElement, ids: dict[str, list[str]]
    ) -> list[Fault]:
        """Return the faults of one page, except for links to pages and a PDF that do not exist yet."""
        where = folder(self._project)
        names = {*finish.addresses(self._content), *self._pdfs()}
        absent = {os.path.basename(name) for name in names if not (where / name).is_file()}
        literals = page_checks.all_literals(self._content)
        faults = page_checks.page(self._project, where, address, tree, ids, literals)
        return [
            fault
            for fault in faults
            if not fault.value or str(fault.value).partition("#")[0].rpartition("/")[2] not in absent
        ]

    def _pdfs(self) -> list[str]:
        return [page["pdf"] for page in self._content["pages"] if page["pdf"]]

    def pdf(self) -> bool:
        """Typeset and check the PDFs whose inputs changed, and return whether one did.

        Raises
        ------
        Faults
            The faults of a PDF; the last good one stays.
        Superseded
            If an edit arrives meanwhile.
        """
        days = {page["pdf"]: page["date"] for page in self._content["pages"]}
        pages = pandoc.pages_of_prose(self._project)
        made = [self._pdf(page, page.pdf, days.get(page.pdf)) for page in pages.values() if page.pdf]
        return any(made)

    def _pdf(self, page: pandoc.Page, name: str, day: str | None) -> bool:
        project = self._project
        path = project.build / "preview" / "new" / name
        with _lock(project):
            source = pandoc.paper(project, page)
            key = _hash(source.read_bytes()) + self._keys[INDEX].theme + self._keys[INDEX].rest
            if key == self._pdf_keys.get(name):
                return False
            self._stop_if_superseded()
            write_bytes(path, finish.typeset(project, source, day))
        self._stop_if_superseded()
        faults = list(page_checks.pdf(path, name, page_checks.all_literals(self._content)))
        if faults:
            raise Faults(faults)
        self._pdf_keys[name] = key
        return write_bytes(folder(project) / name, path.read_bytes())

    def written(self) -> set[str]:
        """Return the notebooks and tables that the last build wrote and that are unchanged since."""
        names: set[str] = set()
        for notebook in self._finished:
            current, stamp = ipynb.read(notebook.path, self._project), stamps.read(self._project, notebook)
            if stamp is not None and not stamps.reasons(self._project, current, stamp):
                names |= {notebook.file, *stamp.tables}
        return names

    def _stop_if_superseded(self) -> None:
        if self._is_superseded():
            raise Superseded

    def _sweep(self, pages: set[str]) -> None:
        """Remove pages that are no longer part of the report."""
        site_folder = folder(self._project)
        for path in [*site_folder.glob("*.html"), *(site_folder / "notebooks").glob("*.html")]:
            if path.relative_to(site_folder).as_posix() not in pages:
                path.unlink()
        for address in self._trees.keys() - pages:
            del self._trees[address], self._keys[address]
        shutil.rmtree(self._project.build / "preview" / "new", ignore_errors=True)


class _RunRecorder(Listener):
    """Records which notebooks run and finish, and ends the run before a cell where there is a newer edit."""

    def __init__(self, ran: list[str], finished: list[Notebook], check: Callable[[], None]) -> None:
        self._ran = ran
        self._finished = finished
        self._check = check

    def started(self, notebook: Notebook, why: list[str]) -> None:
        self._ran.append(notebook.name)

    def cell(self, notebook: Notebook, cell: Cell) -> None:
        self._check()

    def ended(self, notebook: Notebook, how: str) -> None:
        if how.startswith("done"):
            self._finished.append(notebook)


def _data_and_notebooks(state: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of the sources that can change the notebooks and tables."""
    return {
        name: value for name, value in state.items() if name.startswith(("data/", "notebooks/", "uv.lock"))
    }


def _without_style(state: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of the sources that can change more than the look of the pages."""
    return {name: value for name, value in state.items() if not name.endswith(f"/{STYLE}")}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _do_nothing() -> None:
    """Do nothing while Pandoc works."""


def _say_nothing(_: str) -> None:
    """Discard a message: the preview prints its own about pages and notebooks."""


def _lock(project: Project) -> AbstractContextManager[None]:
    """Lock the work files for one build, waiting for a render in progress."""
    return wait_and_hold(stage.lock_file(project), lambda: None, project.relative(stage.lock_file(project)))
