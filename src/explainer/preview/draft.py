"""The page as an edit makes it, shown before it is checked: made in a copy, from notebooks kept in memory.

It is for the eye alone. What counts is the build that follows, which runs the notebooks from the top, checks
everything, and takes the draft's place or says what is wrong.
"""

from __future__ import annotations

import json
import queue
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import nbformat

from explainer.build import collect, finish, prepare
from explainer.build.collect import Collected
from explainer.data import package
from explainer.engines import pandoc
from explainer.evidence import fact_sheet
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import graph, ipynb, stamp
from explainer.preview.process import Process
from explainer.report import figures, site
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_bytes
from explainer.system.project import Project

#: Seconds after which a cell is not waited for any longer.
LONGEST = 30
#: What the last build said of the files beside the pages; a draft has none of its own.
BESIDE = ("home", "head", "linked", "data", "vega", "embeds")
BESIDE_FIGURES = ("downloads", "embed_code")


def folder(project: Project) -> Path:
    """Return the copy in which drafts are made."""
    return project.build / "preview" / "draft"


def pages(project: Project) -> Path:
    """Return where the drafts of pages are."""
    return folder(project) / "_build" / "pages"


class Draft:
    """A copy of the project in which edits are tried.

    Parameters
    ----------
    project : Project
        The project.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._copy = Project(folder(project))
        self._copied: dict[str, str] = {}
        self._lives: dict[str, Process] = {}
        #: What tables and notebooks were as the draft's are, and what was gathered from these.
        self._settled: dict[str, str] | None = None
        self._found: Collected | None = None
        self._order: tuple[list[Any], Mapping[str, frozenset[tuple[str, str]]]] | None = None
        #: The data that were found in order.
        self._checked: dict[str, str] | None = None
        #: Markdown that Pandoc has read already, by page, and its work on pages that waits for data.
        self._trees: dict[Path, bytes] = {}
        self._begun: dict[Path, pandoc.Begun] = {}

    def page(self, address: str, state: Mapping[str, str]) -> None:
        """Make a page as the sources are now, among the drafts.

        Parameters
        ----------
        address : str
            From the report's folder.
        state : mapping
            Hash of each source by its path from the root.

        Raises
        ------
        Fault
            If the edit cannot be shown; the build that follows says why.
        """
        try:
            found = self.update(state)
        except Exception:
            self._check(state)  # which tells it better, if it lies in the data
            raise
        with package.trusted():
            content = site.collect(self._copy, found.variables, found.values)
        last = prepare.content_of(self._project)
        site.write(self._copy, content | {key: last[key] for key in BESIDE if key in last})
        page = pandoc.pages(self._copy)[address]
        made = self._made(page)
        with ThreadPoolExecutor(1) as threads:
            checked = threads.submit(self._check, state)  # meanwhile: nothing is shown before it is done
            self._convert(page, made)
            checked.result()
        finish.mend(self._copy, made)
        write_bytes(pages(self._project) / address, made.read_bytes())

    def _convert(self, page: pandoc.Page, made: Path) -> None:
        tree, begun = self._tree(page), self._begun.pop(page.path, None)
        if begun and tree:
            begun.finish()
            return
        if begun:  # on other words
            begun.end()
        pandoc.convert(self._copy, tree or page.path, page.name, "html", made)

    def _check(self, state: Mapping[str, str]) -> None:
        """Refuse data that are not in order."""
        data = {file: content for file, content in state.items() if file.startswith("data/")}
        if data != self._checked:
            if faults := DataCheck(self._copy, made=False).faults:
                raise Faults(faults)
            self._checked = data

    def prepare(self, addresses: Collection[str]) -> None:
        """Do for the pages at these addresses already what most edits leave as it is.

        Raises
        ------
        Fault
            If Pandoc refuses one.
        """
        self._stop()
        for address, page in pandoc.pages(self._copy).items():
            if address in addresses:
                tree = page.path.with_suffix(".json")
                if not self._tree(page):
                    text = page.path.read_bytes()
                    pandoc.read(self._copy, page, tree)
                    self._trees[page.path] = text
                self._begun[page.path] = pandoc.Begun(self._copy, tree, page.name, self._made(page))

    def _made(self, page: pandoc.Page) -> Path:
        return page.path.with_suffix(".html")

    def _stop(self) -> None:
        while self._begun:
            self._begun.popitem()[1].end()

    def _tree(self, page: pandoc.Page) -> Path | None:
        """Return what Pandoc made of a page's words, if it has read the same before."""
        same = self._trees.get(page.path) == page.path.read_bytes()
        return page.path.with_suffix(".json") if same else None

    def update(self, state: Mapping[str, str]) -> Collected:
        """Bring the copy up to date, its sources and the cells that these reach, and gather what they give.

        Raises
        ------
        Fault
            If the data are not in order, or a cell fails.
        """
        self._follow(state)
        reaching = {file: state[file] for file in state if file.startswith(("data/", "notebooks/"))}
        if reaching != self._settled:
            self._settled = None
            facts = self._run()
            with package.trusted():
                self._found = collect.gather(self._copy, facts)
            self._settled = reaching
        self._dress(self._found.figures)
        return self._found

    def _dress(self, entries: dict[str, dict[str, Any]]) -> None:
        """Write the figures with what the last build said of the files beside them."""
        path = self._project.build / "figures.json"
        last = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        for label, entry in entries.items():
            entry |= {key: one for key, one in last.get(label, {}).items() if key in BESIDE_FIGURES}
        figures.write(self._copy, entries)

    def _run(self) -> dict[str, Any]:
        """Run what an edit reaches in the notebooks' processes; meanwhile find, and return, the evidence."""
        turns = _Turns(self._waits())
        for name in set(self._lives) - turns.waits.keys():
            self._lives.pop(name).end()
        running: dict[str, Future[None]] = {}
        with ThreadPoolExecutor(2 * len(turns.waits) or 1) as threads:
            lives = {name: self._live(name) for name in turns.waits}

            def begin() -> None:
                for name in turns.next():
                    update = partial(lives[name].update, partial(turns.saved, name))
                    running[name] = threads.submit(update, wanted=turns.wanted(name))
                    running[name].add_done_callback(lambda _, name=name: turns.saved(name))

            begin()
            # All others too: little of a notebook waits for what another writes. What goes wrong for that
            # little is no fault; when its turn comes, it sees what it waited for.
            for name, files in turns.waits.items():
                if files:
                    threads.submit(lives[name].update, moving=[file for _, file in files])
            # And evidence, which does not rest on notebooks.
            with package.trusted():
                facts = fact_sheet.write(self._copy)
            while turns.left:
                begin()
                if (name := self._ended(turns, running)) is None:
                    continue
                running.pop(name).result()
                if running:
                    figures.prepare(self._copy, self._copy.notebooks / f"{name}.ipynb")
        return facts

    def _ended(self, turns: _Turns, running: Collection[str]) -> str | None:
        """Return a notebook that has ended, or None where another may begin before any has."""
        try:
            return turns.wait()
        except queue.Empty:
            for name in running:
                self._lives.pop(name).end()
            raise Fault("a cell takes too long for a draft") from None

    def compare(self) -> None:
        """Forget what a notebook has in memory where a run from the top came out otherwise."""
        for name in [*self._lives]:
            made = self._lives[name].made
            if any(_differ(self._project.root / file, self._copy.root / file) for file in made):
                self._lives.pop(name).end()
                self._settled = None

    def close(self) -> None:
        """End what is kept at work."""
        self._stop()
        self._forget()

    def _forget(self) -> None:
        while self._lives:
            self._lives.popitem()[1].end()

    def _follow(self, state: Mapping[str, str]) -> None:
        """Copy the sources that changed."""
        if not self._copied:
            shutil.rmtree(self._copy.root, ignore_errors=True)
        for file in [name for name in self._copied if name not in state]:
            (self._copy.root / file).unlink(missing_ok=True)
            del self._copied[file]
        for file, content in state.items():
            if self._copied.get(file) != content:
                write_bytes(self._copy.root / file, (self._project.root / file).read_bytes())
                self._copied[file] = content
                if file.endswith(".py"):
                    self._forget()  # a module that notebooks may have imported
                if file.endswith(pandoc.READS):
                    self._stop()  # it has been read

    def _waits(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """Return what each notebook waits for: a notebook and a file that this one writes.

        Worked out anew when a cell's words change.
        """
        found = ipynb.read_all(self._copy)
        key = [self._copy.package.read_bytes(), *((one.name, stamp.sources(one)) for one in found)]
        if self._order is None or self._order[0] != key:
            self._order = (key, graph.build(found, self._copy).waits())
        return self._order[1]

    def _live(self, name: str) -> Process:
        if name not in self._lives or self._lives[name].ended:
            self._lives[name] = Process(self._copy, name)
        return self._lives[name]


class _Turns:
    """Whose turn it is: a notebook's comes when the files are there that it waits for.

    Parameters
    ----------
    waits : mapping
        By notebook, the notebooks that write for it and the files they write.
    """

    def __init__(self, waits: Mapping[str, frozenset[tuple[str, str]]]) -> None:
        self.waits = waits
        self._due = {one for files in waits.values() for one in files}
        # Files are steps like notebooks; they are done when they are saved.
        self._sorter = TopologicalSorter(waits)
        self._sorter.prepare()
        self._news: queue.SimpleQueue[tuple[str, str | None]] = queue.SimpleQueue()

    @property
    def left(self) -> bool:
        """Whether there is a notebook that has not ended."""
        return self._sorter.is_active()

    def next(self) -> list[str]:
        """Return those whose turn has come since the last call."""
        return [one for one in self._sorter.get_ready() if one in self.waits]

    def wanted(self, name: str) -> list[str]:
        """Return the files of a notebook for which others wait."""
        return [file for writer, file in self._due if writer == name]

    def saved(self, name: str, file: str | None = None) -> None:
        """Note, from any thread, that a notebook has saved a file; or, without a file, that it has ended."""
        self._news.put((name, file))

    def wait(self) -> str | None:
        """Wait until something is saved, or a notebook has ended, and return that one's name.

        Raises
        ------
        queue.Empty
            If nothing happens for a long time.
        """
        name, file = self._news.get(timeout=LONGEST)
        written = {one for one in self._due if one[0] == name and file in (one[1], None)}
        self._due -= written
        self._sorter.done(*written, *([] if file else [name]))
        return None if file else name


def _differ(one: Path, other: Path) -> bool:
    try:
        found, made = one.read_bytes(), other.read_bytes()
    except OSError:
        return True
    if one.suffix == ".ipynb" and found != made:
        # The same notebook can be written in more ways than one.
        return nbformat.reads(found, 4) != nbformat.reads(made, 4)
    return found != made
