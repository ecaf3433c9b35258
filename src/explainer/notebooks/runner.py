"""Run what changed: find it, run it side by side where possible, and put the results in place."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

from explainer.notebooks import forked_kernels
from explainer.notebooks import ipynb as nb
from explainer.system.errors import Fault, Faults
from explainer.system.files import sweep_parts, write_all
from explainer.system.lock import wait_and_hold
from explainer.notebooks.ipynb import Notebook
from explainer.system.project import Project
from explainer.notebooks import stamp as stamps
from explainer.notebooks.execute import Executed, execute, fresh
from explainer.notebooks.graph import Graph, build
from explainer.notebooks.normalise import normalise, text
from explainer.notebooks.progress import Clock, Listener, listener


@dataclass(frozen=True)
class Outcome:
    """What was done with one notebook: why it ran (nothing: it did not) and for how many seconds."""

    notebook: str
    why: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True)
class Report:
    """What was done, in the order it was done."""

    outcomes: tuple[Outcome, ...]

    @property
    def ran(self) -> list[str]:
        """Names of the notebooks that were executed."""
        return [outcome.notebook for outcome in self.outcomes if outcome.why]

    @property
    def current(self) -> list[str]:
        """Names of the notebooks for which nothing had changed."""
        return [outcome.notebook for outcome in self.outcomes if not outcome.why]

    def why(self, notebook: str) -> tuple[str, ...]:
        """Return why `notebook` was executed; nothing when it was not."""
        return next(outcome.why for outcome in self.outcomes if outcome.notebook == notebook)


@dataclass(frozen=True)
class Plan:
    """The notebooks of a project with their graph, and those chosen to run."""

    project: Project
    graph: Graph
    chosen: frozenset[str]


def plan(project: Project, only: Iterable[str] | None = None) -> Plan:
    """Read and check the notebooks, without running anything.

    Parameters
    ----------
    project : Project
        The project.
    only : iterable of str, optional
        Notebooks to choose, as `explainer.notebooks.ipynb.find` takes them; what they need is chosen too.

    Raises
    ------
    Faults, Fault
        Everything that can be seen to be wrong in the notebooks before any of them runs.
    """
    notebooks = nb.read_all(project)
    faults = [fault for notebook in notebooks for fault in nb.check(notebook)]
    if faults:
        raise Faults(faults)
    graph = build(notebooks, project)
    wanted = [nb.find(notebooks, name).name for name in only] if only else list(graph.notebooks)
    return Plan(project, graph, frozenset(graph.ancestors(wanted)))


def reasons(project: Project, notebook: Notebook) -> list[str]:
    """Say why `notebook` would run now; nothing when it would not."""
    return stamps.reasons(project, notebook, stamps.read(project, notebook))


def run(
    project: Project,
    force: bool = False,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    timeout: int = 600,
    progress: Listener | None = None,
) -> Report:
    """Execute the notebooks that something changed for; leave the others alone.

    Parameters
    ----------
    project : Project
        The project.
    force : bool
        Execute even where nothing changed; with `only`, those named and not what they need.
    only : iterable of str, optional
        Notebooks to bring up to date, with what they need; default all.
    workers : int, optional
        Kernels at one time; default the number of processors.
    timeout : int
        Seconds that one cell may take.
    progress : Listener, optional
        Receives what is done; default: shows it on standard error.

    Returns
    -------
    Report
        What was executed and why.

    Raises
    ------
    Fault, Faults
        If anything is wrong with the notebooks or one fails. What a failed notebook would have
        written stays as it was; notebooks that ran beside it are finished and kept.
    KeyboardInterrupt
        If it was stopped by Ctrl-C or SIGTERM; every kernel is gone by then.
    """
    only = list(only or [])
    limit = max(1, workers or os.cpu_count() or 1)
    with progress or listener() as listening, _lock(project, listening):
        chosen = plan(project, only)
        forced = set()
        if force:
            named = [nb.find(chosen.graph.notebooks.values(), name).name for name in only]
            forced = set(named) or set(chosen.chosen)
        try:
            return asyncio.run(_run(chosen, forced, limit, timeout, listening))
        except (KeyboardInterrupt, asyncio.CancelledError):
            listening.say("Stopped: what had not ended is as it was.")
            raise KeyboardInterrupt from None


class _Schedule:
    """Runs each chosen notebook once those that it needs have run, some at a time.

    Parameters
    ----------
    chosen : Plan
        What to run.
    limit : int
        Notebooks that may run at one time.
    start : callable
        Brings the notebook of a name up to date.
    """

    def __init__(
        self, chosen: Plan, limit: int, start: Callable[[str], Coroutine[None, None, Outcome]]
    ) -> None:
        self._names = list(chosen.graph.notebooks)
        self._limit = limit
        self._start = start
        self._sorter = TopologicalSorter(
            {name: chosen.graph.needs[name] for name in self._names if name in chosen.chosen}
        )
        self._ready: list[str] = []
        self._running: dict[asyncio.Task[Outcome], str] = {}
        self._outcomes: list[Outcome] = []
        self._faults: dict[str, list[Fault]] = {}

    async def run(self) -> Report:
        """Run them all; after a fault, none that has not begun.

        Raises
        ------
        Faults
            What is wrong with those that failed, in the order of the notebooks.
        """
        self._sorter.prepare()
        try:
            while self._fill():
                ended, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
                for task in sorted(ended, key=lambda task: self._running[task]):
                    self._record(task)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
        if self._faults:
            raise Faults(fault for name in self._names for fault in self._faults.get(name, ()))
        return Report(tuple(self._outcomes))

    def _fill(self) -> bool:
        """Start as many notebooks as may run now, and return whether any runs."""
        self._ready += self._sorter.get_ready()
        self._ready.sort(key=self._names.index)
        while self._ready and len(self._running) < self._limit and not self._faults:
            name = self._ready.pop(0)
            self._running[asyncio.create_task(self._start(name))] = name
        return bool(self._running)

    def _record(self, task: asyncio.Task[Outcome]) -> None:
        """Take in how one notebook ended."""
        name, error = self._running.pop(task), task.exception()
        if error is None:
            self._outcomes.append(task.result())
            self._sorter.done(name)
        elif isinstance(error, Fault):
            self._faults[name] = getattr(error, "faults", [error])
        else:
            raise error


async def _run(chosen: Plan, forced: set[str], limit: int, timeout: int, progress: Listener) -> Report:
    # Ctrl-C cancels this task already; being ended by another program should leave no kernel either.
    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError, RuntimeError):  # Windows; not the main thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)

    def start(name: str) -> Coroutine[None, None, Outcome]:
        return _run_one(chosen, name, name in forced, timeout, progress)

    return await _Schedule(chosen, limit, start).run()


async def _run_one(chosen: Plan, name: str, forced: bool, timeout: int, progress: Listener) -> Outcome:
    """Bring one notebook up to date; everything it needs already is."""
    project, notebook = chosen.project, chosen.graph.notebooks[name]
    why = reasons(project, notebook) or (["it was asked for"] if forced else [])
    if not why:
        progress.skipped(notebook)
        return Outcome(name)
    clock, started = Clock(), time.time_ns()
    progress.started(notebook, why)
    stage = stamps.folder(project) / "stage" / name
    end = "failed"
    try:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        forked_kernels.install()
        async with fresh(project) as kernel:
            done = await execute(
                notebook, kernel, stage, timeout=timeout, on_cell=lambda cell: progress.cell(notebook, cell)
            )
        normalise(done.notebook, project)
        tables = _staged(stage)
        _compare(chosen.graph, name, done, tables)
        _put_in_place(project, notebook, done, stage, tables)
        made = stamps.make(
            project,
            nb.read(notebook.path, project),
            reads=done.reads,
            modules=done.modules,
            tables=tables,
            started=started,
        )
        stamps.write(project, notebook, made)
        seconds = clock.seconds
        end = f"done in {seconds:.1f} s"
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        task = asyncio.current_task()
        progress.ended(notebook, "stopped" if task is not None and task.cancelling() else end)
    return Outcome(name, tuple(why), seconds)


def _staged(stage: Path) -> list[str]:
    """Return the files below `stage`, as they will be named from the project's root."""
    return sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file())


def _compare(graph: Graph, name: str, done: Executed, tables: list[str]) -> None:
    """Hold what the notebook did against what its code says it does.

    Raises
    ------
    Faults
        If it read or wrote a table that its code does not name, or did not write one that it names.
    """
    uses, file = graph.uses[name], graph.notebooks[name].file
    by_file = {table.file: table.name for table in graph.tables.values()}
    faults = []
    named = {graph.tables[table].file: place for table, place in uses.writes.items()}
    for table in sorted(set(tables) - set(named)):
        remedy = f'Write save("{by_file.get(table, "…")}", frame) in a cell, with the name in quotes.'
        faults.append(Fault("saved a table that no cell names", file=file, value=table, remedy=remedy))
    for table in sorted(set(named) - set(tables)):
        what = f"did not save {by_file[table]}, though the cell says so"
        remedy = "Let the cell save it every time, or take the line out."
        faults.append(Fault(what, file=file, column=named[table], remedy=remedy))
    known = graph.closure([*uses.reads, *uses.writes])
    for read in done.reads:
        table = by_file.get(read, "")
        writer = graph.writer(table)
        if writer and writer != name and table not in known:
            what = f"read a table that {writer} saves, in a way that does not show in the code"
            remedy = f'Write load("{table}"), with the name in quotes, so that {writer} runs first.'
            faults.append(Fault(what, file=file, value=read, remedy=remedy))
    if faults:
        raise Faults(faults)


def _put_in_place(
    project: Project, notebook: Notebook, done: Executed, stage: Path, tables: list[str]
) -> None:
    """Move the tables and the notebook to where they belong.

    Raises
    ------
    Fault
        If somebody changed the notebook while it ran: their change is kept.
    """
    try:
        unchanged = notebook.path.read_bytes() == notebook.raw
    except OSError:
        unchanged = False
    if not unchanged:
        raise Fault(
            "was changed while it ran, so its results are out of date",
            file=notebook.file,
            remedy="Run again; nothing was overwritten.",
        )
    # Together: a disk that fills up between two of them would leave tables of two runs side by side.
    contents = {project.root / table: (stage / table).read_bytes() for table in tables}
    contents[notebook.path] = text(done.notebook).encode("utf-8")
    write_all(contents, names={path: project.relative(path) for path in contents})


@contextmanager
def _lock(project: Project, progress: Listener) -> Iterator[None]:
    """Let only one run at a time work in this project; a second one waits."""
    folder = stamps.folder(project)

    def on_wait() -> None:
        progress.say("Another run is working on this project; waiting for it to end.")

    with wait_and_hold(folder / "lock", on_wait, project.relative(folder)):
        sweep_parts([project.root, project.notebooks, project.data, *project.data.glob("*")])
        yield
