"""Running the notebooks affected by a change, in parallel where possible."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from graphlib import TopologicalSorter

from explainer.notebooks import ipynb as nb
from explainer.notebooks import stamp as stamps
from explainer.notebooks.execute import Executed, execute, start_kernel
from explainer.notebooks.graph import Graph, build
from explainer.notebooks.ipynb import Notebook
from explainer.notebooks.normalize import normalize, text
from explainer.notebooks.progress import Listener, listener
from explainer.system import transaction
from explainer.system.errors import Fault, Faults
from explainer.system.lock import wait_and_hold
from explainer.system.project import Project

#: Seconds by which two clocks may differ unless one of them was set.
_CLOCK_DRIFT = 0.5


@dataclass(frozen=True)
class Outcome:
    """The result for one notebook: why it ran (empty if it did not) and for how many seconds."""

    notebook: str
    why: tuple[str, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True)
class Report:
    """The outcomes of a run, in the order in which notebooks ended."""

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
        """Return why `notebook` was executed; empty if it was not."""
        return next(outcome.why for outcome in self.outcomes if outcome.notebook == notebook)


@dataclass(frozen=True)
class Plan:
    """The notebooks of a project, with their graph, and those chosen to run."""

    project: Project
    graph: Graph
    chosen: frozenset[str]


def plan(project: Project, only: Iterable[str] | None = None) -> Plan:
    """Read and check the notebooks without running them.

    Parameters
    ----------
    project : Project
        The project.
    only : iterable of str, optional
        Notebooks to choose, in the forms of `explainer.notebooks.ipynb.find`; those they need are chosen too.

    Raises
    ------
    Faults, Fault
        Everything that is wrong with the notebooks and can be seen before any of them runs.
    """
    notebooks = nb.read_all(project)
    faults = [fault for notebook in notebooks for fault in nb.check(notebook)]
    if faults:
        raise Faults(faults)
    graph = build(notebooks, project)
    names = [nb.find(notebooks, name).name for name in only] if only else list(graph.notebooks)
    return Plan(project, graph, frozenset(graph.ancestors(names)))


def reasons(project: Project, notebook: Notebook) -> list[str]:
    """Return why `notebook` would run now; empty if it would not."""
    return stamps.reasons(project, notebook, stamps.read(project, notebook))


def run(
    project: Project,
    force: bool = False,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    timeout: int = 600,
    progress: Listener | None = None,
) -> Report:
    """Execute the notebooks that are affected by a change.

    Parameters
    ----------
    project : Project
        The project.
    force : bool
        Execute even without a change; with `only`, the notebooks named but not those they need.
    only : iterable of str, optional
        Notebooks to bring up to date, with those they need (default: all).
    workers : int, optional
        Maximum number of kernels at one time (default: the number of processors).
    timeout : int
        Maximum seconds for one cell.
    progress : Listener, optional
        Receives the events of the run (default: shows them on standard error).

    Returns
    -------
    Report
        What was executed and why.

    Raises
    ------
    Fault, Faults
        If anything is wrong with the notebooks or one fails. The files of a failed notebook stay unchanged;
        notebooks that run at the same time are finished and saved.
    KeyboardInterrupt
        On Ctrl-C or SIGTERM, once every kernel has ended.
    """
    only = list(only or [])
    limit = max(1, workers or os.cpu_count() or 1)
    with progress or listener() as receiver, _lock(project, receiver):
        chosen = plan(project, only)
        forced = set()
        if force:
            named = [nb.find(chosen.graph.notebooks.values(), name).name for name in only]
            forced = set(named) or set(chosen.chosen)
        try:
            return asyncio.run(_run(chosen, forced, limit, timeout, receiver))
        except (KeyboardInterrupt, asyncio.CancelledError):
            receiver.say("Stopped: what had not ended is as it was.")
            raise KeyboardInterrupt from None


class _Schedule:
    """Runs each chosen notebook as soon as those it needs have run, at most `limit` at a time."""

    def __init__(
        self, chosen: Plan, limit: int, start: Callable[[str], Coroutine[None, None, Outcome]]
    ) -> None:
        self._names = list(chosen.graph.notebooks)
        self._limit = limit
        self._start = start
        self._sorter = TopologicalSorter(
            {name: chosen.graph.needs[name] for name in self._names if name in chosen.chosen}
        )
        needed = {name: chosen.graph.ancestors([name]) for name in self._names}
        #: How many notebooks wait for each; those that most wait for start first.
        self._waiting = {name: sum(name in names for names in needed.values()) for name in self._names}
        self._ready: list[str] = []
        self._running: dict[asyncio.Task[Outcome], str] = {}
        self._outcomes: list[Outcome] = []
        self._faults: dict[str, list[Fault]] = {}

    async def run(self) -> Report:
        """Run all; after a fault, start no more, and raise it once the others have ended."""
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
        """Start as many notebooks as possible, and return whether any is running."""
        self._ready += self._sorter.get_ready()
        self._ready.sort(key=lambda name: (-self._waiting[name], self._names.index(name)))
        while self._ready and len(self._running) < self._limit and not self._faults:
            name = self._ready.pop(0)
            self._running[asyncio.create_task(self._start(name))] = name
        return bool(self._running)

    def _record(self, task: asyncio.Task[Outcome]) -> None:
        """Store the outcome or the faults of a notebook."""
        name, error = self._running.pop(task), task.exception()
        if error is None:
            self._outcomes.append(task.result())
            self._sorter.done(name)
        elif isinstance(error, Fault):
            self._faults[name] = error.faults
        else:
            raise error


async def _run(chosen: Plan, forced: set[str], limit: int, timeout: int, progress: Listener) -> Report:
    # Ctrl-C cancels this task already; SIGTERM should leave no kernel behind either.
    task = asyncio.current_task()
    if task is not None:
        with suppress(NotImplementedError, RuntimeError):  # on Windows, or outside the main thread
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)

    def start(name: str) -> Coroutine[None, None, Outcome]:
        return _run_one(chosen, name, name in forced, timeout, progress)

    return await _Schedule(chosen, limit, start).run()


async def _run_one(chosen: Plan, name: str, forced: bool, timeout: int, progress: Listener) -> Outcome:
    """Bring one notebook up to date, once those it needs are."""
    project, notebook = chosen.project, chosen.graph.notebooks[name]
    why = reasons(project, notebook) or (["it was asked for"] if forced else [])
    if not why:
        progress.skipped(notebook)
        return Outcome(name)
    since = _Stopwatch()
    progress.started(notebook, why)
    end = "failed"
    try:
        async with start_kernel(project) as kernel:
            executed = await execute(
                notebook, kernel, timeout=timeout, on_cell=lambda cell: progress.cell(notebook, cell)
            )
        normalize(executed.notebook, project)
        _check_tables(chosen.graph, name, executed)
        _save_results(project, notebook, executed)
        stamp = stamps.make(
            project,
            nb.read(notebook.path, project),
            reads=executed.reads,
            lookups=executed.lookups,
            modules=executed.modules,
            tables=executed.tables,
            while_running=since.period(),
        )
        stamps.write(project, notebook, stamp)
        seconds = since.seconds()
        end = f"done in {seconds:.1f} s"
    finally:
        task = asyncio.current_task()
        progress.ended(notebook, "stopped" if task is not None and task.cancelling() else end)
    return Outcome(name, tuple(why), seconds)


class _Stopwatch:
    """Measures a run, and gives its start and end as files have them."""

    def __init__(self) -> None:
        self._clock, self._time = time.monotonic(), time.time_ns()

    def seconds(self) -> float:
        """Return how long it took."""
        return time.monotonic() - self._clock

    def period(self) -> tuple[int, int]:
        """Return start and end in nanoseconds; all times there are, if somebody set the clock meanwhile."""
        now = time.time_ns()
        is_steady = abs((now - self._time) / 1e9 - self.seconds()) < _CLOCK_DRIFT
        return (self._time, now) if is_steady else (0, sys.maxsize)


def _check_tables(graph: Graph, name: str, executed: Executed) -> None:
    """Refuse tables that are read or saved but not named in the code, or named but not saved."""
    uses, file = graph.uses[name], graph.notebooks[name].file
    by_file = {table.file: table.name for table in graph.tables.values()}
    faults = []
    expected = {graph.tables[table].file: place for table, place in uses.writes.items()}
    for table in sorted(executed.tables.keys() - expected.keys()):
        remedy = f'Write save("{by_file.get(table, "…")}", frame) in a cell, with the name in quotes.'
        faults.append(Fault("saved a table that no cell names", file=file, value=table, remedy=remedy))
    for table in sorted(expected.keys() - executed.tables.keys()):
        what = f"did not save {by_file[table]}, though the cell says so"
        remedy = "Let the cell save it every time, or take the line out."
        faults.append(Fault(what, file=file, column=expected[table], remedy=remedy))
    known = graph.closure([*uses.reads, *uses.writes])
    for read in executed.reads:
        table = by_file.get(read, "")
        writer = graph.writer(table)
        if writer and writer != name and table not in known:
            what = f"read a table that {writer} saves, in a way that does not show in the code"
            remedy = f'Write load("{table}"), with the name in quotes, so that {writer} runs first.'
            faults.append(Fault(what, file=file, value=read, remedy=remedy))
    if faults:
        raise Faults(faults)


def _save_results(project: Project, notebook: Notebook, executed: Executed) -> None:
    """Replace the tables and the notebook in the project, unless somebody changed the notebook meanwhile."""
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
    # All together: otherwise a full disk, or a kill, could leave tables of two runs side by side.
    contents = {project.root / table: content for table, content in executed.tables.items()}
    contents[notebook.path] = text(executed.notebook).encode("utf-8")
    with transaction.lock(project):
        transaction.replace(project, contents, f"Saving the results of {notebook.name}")


@contextmanager
def _lock(project: Project, progress: Listener) -> Iterator[None]:
    """Allow only one run at a time in this project; a second one waits."""

    def on_wait() -> None:
        progress.say("Another run is working on this project; waiting for it to end.")

    folder = stamps.folder(project)
    with wait_and_hold(folder / "lock", on_wait, project.relative(folder)):
        yield
