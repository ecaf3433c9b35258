"""Build what an edit touched: the notebooks it reaches, the page that is looked at, then the rest."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import lxml.html
from pypdf import PdfReader

from explainer.build import finish, stage
from explainer.build.prepare import prepare
from explainer.data import package
from explainer.engines import pandoc
from explainer.notebooks import ipynb, runner
from explainer.notebooks.ipynb import Notebook
from explainer.report import site
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_bytes
from explainer.system.project import Project
from explainer.verify import pages

#: What the filters read besides the page itself.
INPUTS = ("site.json", "figures.json", "facts.json", "references.json")


def folder(project: Project) -> Path:
    """Return where the preview's pages are: apart from the report, which it never touches."""
    return project.build / "preview" / "site"


class Superseded(Exception):
    """There is a newer edit, so what is left to do for this one need not be done."""


class Builder:
    """The pages of the preview, and what they were last made from.

    Parameters
    ----------
    project : Project
        The project.
    newer : callable
        Says whether there is a newer edit.
    """

    def __init__(self, project: Project, newer: Callable[[], bool]) -> None:
        self._project = project
        self._newer = newer
        #: Notebooks that ran in the last build.
        self.ran: list[str] = []
        self._made: dict[str, str] = {}
        self._trees: dict[str, lxml.html.HtmlElement] = {}
        self._paper: str | None = None
        self._content: dict[str, Any] = {}
        ipynb.remember()
        package.remember()

    def pages(self, viewed: Iterable[str]) -> Iterator[str]:
        """Bring the pages up to date, those in `viewed` first, and yield the address of each that changed.

        Raises
        ------
        Faults
            Everything that is wrong; the pages not yielded by then are as they were.
        Superseded
            If an edit came in between two cells or pages.
        """
        project, where = self._project, folder(self._project)
        self.ran = []
        with _lock(project):
            self._content = prepare(project, _silent, _Ear(self.ran, self._pause))
            finish.copy_files(project, where)
            shared = self._shared()
            pages = pandoc.pages(project)
            for address in pages:  # links lead from these folders, whether their pages are there yet or not
                (where / address).parent.mkdir(parents=True, exist_ok=True)
            viewed = list(viewed)
            for address in sorted(pages, key=lambda name: name not in viewed):
                key = hashlib.sha256(pages[address].path.read_bytes() + shared).hexdigest()
                if self._made.get(address) == key:
                    continue
                text = self._page(address, pages[address])
                if write_bytes(where / address, text):
                    yield address
                self._made[address] = key
                self._pause()
            self._sweep(set(pages))
            self._check_links(pages)

    def _page(self, address: str, page: pandoc.Page) -> bytes:
        """Return a page as it would be published.

        Raises
        ------
        Faults
            What would keep it from that.
        """
        project, where = self._project, folder(self._project)
        made = project.build / "preview" / "new" / address
        pandoc.convert(project, page.path, page.name, "html", made)
        finish.mend(project, made)
        content = made.read_bytes()
        faults = list(pages.document(content.decode(), address))
        tree = lxml.html.document_fromstring(content)
        faults += self._but_pdf(
            pages.page(project, where, address, {address: tree}, self._content["literals"])
        )
        if faults:
            raise Faults(faults)
        self._trees[address] = tree
        return content

    def _but_pdf(self, faults: Iterable[Fault]) -> list[Fault]:
        """Leave out that other pages and the PDF are not there yet."""
        later = {site.PDF, "index.html", *(notebook["page"] for notebook in self._content["notebooks"])}
        there = {name for name in later if (folder(self._project) / name).is_file()}
        absent = {os.path.basename(name) for name in later - there}
        return [
            fault
            for fault in faults
            if str(fault.value or "").partition("#")[0].rpartition("/")[2] not in absent or not fault.value
        ]

    def _check_links(self, pages: Iterable[str]) -> None:
        """Check the places in other pages that links lead to; a page alone cannot know of them."""
        trees = {name: self._trees[name] for name in pages}
        faults = []
        for name, tree in trees.items():
            self._pause()
            faults += self._but_pdf(pages.links(tree, name, folder(self._project), trees))
        if faults:
            raise Faults(faults)

    def paper(self) -> bool:
        """Set the PDF if it is not that of the pages, and return whether it changed.

        Raises
        ------
        Faults
            What is wrong with it; the last good one stays.
        Superseded
            If an edit came in between two of its pages.
        """
        project = self._project
        with _lock(project):
            source = pandoc.paper(project)
            key = hashlib.sha256(source.read_bytes() + self._shared()).hexdigest()
            if key == self._paper:
                return False
            self._pause()
            made = finish.typeset(project, source, self._content["date"])
        texts = []
        for page in PdfReader(BytesIO(made)).pages:
            self._pause()
            texts.append(page.extract_text())
        text = "\f".join(texts)
        faults = list(pages.leftovers(text, site.PDF, self._content["literals"]))
        if faults:
            raise Faults(faults)
        self._paper = key
        return write_bytes(folder(project) / site.PDF, made)

    def settled(self) -> bool:
        """Return whether notebooks and tidy tables are as their last run left them."""
        plan = runner.plan(self._project)
        return not any(runner.reasons(self._project, one) for one in plan.graph.notebooks.values())

    def _pause(self) -> None:
        if self._newer():
            raise Superseded

    def _shared(self) -> bytes:
        """Return a hash of everything that any page may be made from."""
        build, theme = self._project.build, self._project.theme
        paths = [build / name for name in INPUTS]
        paths += sorted((build / "figures").rglob("*.svg"))
        paths += sorted(path for path in theme.rglob("*") if path.is_file())
        total = hashlib.sha256()
        for path in paths:
            total.update(str(path).encode() + hashlib.sha256(path.read_bytes()).digest())
        return total.digest()

    def _sweep(self, pages: set[str]) -> None:
        """Remove pages of notebooks that are gone."""
        for path in (folder(self._project) / "notebooks").glob("*.html"):
            if f"notebooks/{path.name}" not in pages:
                path.unlink()
        for gone in set(self._trees) - pages:
            del self._trees[gone]
        shutil.rmtree(self._project.build / "preview" / "new", ignore_errors=True)


class _Ear:
    """Hears of the notebooks that run, and breaks off between two cells where that is due."""

    def __init__(self, ran: list[str], pause: Callable[[], None]) -> None:
        self._ran = ran
        self._pause = pause

    def __enter__(self) -> _Ear:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def started(self, notebook: Notebook, _: list[str]) -> None:
        self._ran.append(notebook.name)

    def cell(self, *_: object) -> None:
        self._pause()

    def say(self, _: str) -> None:
        pass

    skipped = say

    def ended(self, *_: object) -> None:
        pass


def _silent(_: str) -> None:
    """Say nothing: the terminal is told of pages and notebooks."""


@contextmanager
def _lock(project: Project) -> Iterator[None]:
    """Hold the project's work files for one build; a render that is at work goes first."""
    while True:
        held = stage.lock(project)
        try:
            held.__enter__()
        except Fault:
            time.sleep(0.2)
            continue
        try:
            yield
        finally:
            held.__exit__(None, None, None)
        return
