"""The page as an edit makes it, shown before it is checked: made in a copy, from notebooks kept in memory.

It is for the eye alone. What counts is the build that follows, which runs the notebooks from the top, checks
everything, and takes the draft's place or says what is wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from explainer import evidence, figures, notebooks, package
from explainer.faults import Fault, Faults
from explainer.files import write_bytes
from explainer.project import Project
from explainer.render import collect, finish, pandoc, site
from explainer.render.collect import Gathered
from explainer.run import graph, stamp
from explainer.run.execute import environment
from explainer.run.kernel import STAGE

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
        self._lives: dict[str, _Live] = {}
        #: What tables and notebooks were as the draft's are, and what was gathered from these.
        self._settled: dict[str, str] | None = None
        self._found: Gathered | None = None
        self._order: tuple[list[Any], Mapping[str, frozenset[str]]] | None = None
        #: Markdown that Pandoc has read already, by page.
        self._trees: dict[Path, bytes] = {}

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
        found = self.update(state)
        with package.trusted():
            content = site.collect(self._copy, found.variables, found.values)
        last = finish.content_of(self._project)
        drawn = json.loads((self._project.build / "figures.json").read_text(encoding="utf-8"))
        for label, entry in found.figures.items():
            entry |= {key: drawn.get(label, {})[key] for key in BESIDE_FIGURES if key in drawn.get(label, {})}
        figures.write(self._copy, found.figures)
        site.write(self._copy, content | {key: last[key] for key in BESIDE if key in last})
        page = pandoc.pages(self._copy)[address]
        made = self._copy.build / "made.html"
        pandoc.convert(self._copy, self._tree(page) or page.path, page.name, "html", made)
        finish.mend(self._copy, made)
        write_bytes(pages(self._project) / address, made.read_bytes())

    def prepare(self, addresses: Collection[str]) -> None:
        """Read the pages at these addresses already; what they say is the same after most edits.

        Raises
        ------
        Fault
            If Pandoc refuses one.
        """
        for address, page in pandoc.pages(self._copy).items():
            if address in addresses and not self._tree(page):
                text = page.path.read_bytes()
                pandoc.read(self._copy, page, page.path.with_suffix(".json"))
                self._trees[page.path] = text

    def _tree(self, page: pandoc.Page) -> Path | None:
        """Return what Pandoc made of a page's words, if it has read the same before."""
        same = self._trees.get(page.path) == page.path.read_bytes()
        return page.path.with_suffix(".json") if same else None

    def update(self, state: Mapping[str, str]) -> Gathered:
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
        return self._found

    def _run(self) -> dict[str, Any] | None:
        """Run what an edit reaches in the notebooks' processes; meanwhile find, and return, the evidence."""
        needs = self._needs()
        for name in set(self._lives) - set(needs):
            self._lives.pop(name).end()
        sorter = TopologicalSorter(needs)
        sorter.prepare()
        running: dict[Future[None], str] = {}
        facts = None
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            # All at once first: little of a notebook waits for what another writes. What goes wrong for that
            # little is no fault; when its turn comes, it sees what it waited for.
            for name in needs:
                threads.submit(self._live(name).update)
            while sorter.is_active():
                for name in sorter.get_ready():
                    running[threads.submit(self._live(name).update)] = name
                if facts is None:  # while the first notebooks run, on which neither rests
                    if faults := package.Check(self._copy, made=False).faults:
                        raise Faults(faults)
                    with package.trusted():
                        facts = evidence.write(self._copy)
                done, _ = wait(running, LONGEST, FIRST_COMPLETED)
                for future in done or self._stuck(running.values()):
                    name = running.pop(future)
                    future.result()
                    sorter.done(name)
                    if sorter.is_active():  # while others run
                        figures.prepare(self._copy, self._copy.notebooks / f"{name}.ipynb")
        return facts

    def compare(self) -> None:
        """Forget what a notebook has in memory where a run from the top came out otherwise."""
        for name in [*self._lives]:
            made = self._lives[name].made
            if any(_differ(self._project.root / file, self._copy.root / file) for file in made):
                self._lives.pop(name).end()
                self._settled = None

    def close(self) -> None:
        """End what keeps the notebooks."""
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
                    self.close()  # a module that notebooks may have imported

    def _needs(self) -> Mapping[str, frozenset[str]]:
        """Return which notebooks must come before which; worked out anew when a cell's words change."""
        found = notebooks.read_all(self._copy)
        key = [self._copy.package.read_bytes(), *((one.name, stamp.sources(one)) for one in found)]
        if self._order is None or self._order[0] != key:
            self._order = (key, graph.build(found, self._copy).needs)
        return self._order[1]

    def _live(self, name: str) -> _Live:
        if name not in self._lives or self._lives[name].ended:
            self._lives[name] = _Live(self._copy, name)
        return self._lives[name]

    def _stuck(self, names: Any) -> list[Any]:
        for name in list(names):
            self._lives.pop(name).end()
        raise Fault("a cell takes too long for a draft")


class _Live:
    """A process that keeps one notebook in memory; see `explainer.preview.live`."""

    def __init__(self, project: Project, name: str) -> None:
        self._project = project
        self._stage = project.build / "live" / name
        self._turn = threading.Lock()
        #: Files it made, from the project's root.
        self.made: set[str] = set()
        shutil.rmtree(self._stage, ignore_errors=True)
        own = project.build / "ipython"
        own.mkdir(parents=True, exist_ok=True)
        # The notebooks' folder must not hide a library while it starts.
        start = "import sys; del sys.path[0]; from explainer.preview.live import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", start, name],
            cwd=project.notebooks,
            env=environment(project, own) | {STAGE: str(self._stage)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Ctrl-C is for the preview, which ends this one in order.
            start_new_session=True,
        )

    @property
    def ended(self) -> bool:
        """Whether there is no process any more."""
        return self._process.poll() is not None

    def update(self) -> None:
        """Run what an edit reaches, and put what came of it in place."""
        with self._turn:
            self._update()

    def _update(self) -> None:
        with suppress(BrokenPipeError):
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if answer != "\n":
            shutil.rmtree(self._stage, ignore_errors=True)
            raise Fault(answer.strip() or "the notebook's process ended")
        for path in sorted(self._stage.rglob("*")):
            if path.is_file():
                file = path.relative_to(self._stage).as_posix()
                self.made.add(file)
                (self._project.root / file).parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, self._project.root / file)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()


def _differ(one: Path, other: Path) -> bool:
    try:
        return one.read_bytes() != other.read_bytes()
    except OSError:
        return True
