"""Show the progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from explainer.notebooks.ipynb import Cell, Notebook


class Listener:
    """Receives what a run does; by itself, it ignores it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the display, if there is one."""

    def say(self, text: str) -> None:
        """Receive a line of text."""

    def skipped(self, notebook: Notebook) -> None:
        """Learn that nothing changed for `notebook`."""

    def started(self, notebook: Notebook, why: list[str]) -> None:
        """Learn that `notebook` begins, for these reasons."""

    def cell(self, notebook: Notebook, cell: Cell) -> None:
        """Learn that `cell` of `notebook` begins."""

    def ended(self, notebook: Notebook, how: str) -> None:
        """Learn that `notebook` ended: done in so many seconds, failed, or stopped."""


def listener(console: Console | None = None) -> Listener:
    """Return the listener that suits `console` (default: standard error)."""
    console = console or Console(stderr=True, highlight=False)
    return Bars(console) if console.is_terminal else Lines(console)


class Lines(Listener):
    """One line as a notebook begins and one as it ends."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, text: str) -> None:
        """Print a line as it is."""
        self._console.print(text, markup=False, soft_wrap=True)

    def skipped(self, notebook: Notebook) -> None:
        """Say that nothing changed."""
        self.say(f"{notebook.name}: nothing changed")

    def started(self, notebook: Notebook, why: list[str]) -> None:
        """Say that it runs and why."""
        self.say(f"{notebook.name}: running, because {_listed(why)}")

    def ended(self, notebook: Notebook, how: str) -> None:
        """Say how it ended."""
        self.say(f"{notebook.name}: {how}")


class Bars(Lines):
    """The same lines, and below them a bar for each notebook that is running."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[cell]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def started(self, notebook: Notebook, why: list[str]) -> None:
        """Say that it runs and why, and show its bar."""
        super().started(notebook, why)
        total = sum(bool(cell.source.strip()) for cell in notebook.code_cells)
        self._tasks[notebook.name] = self._progress.add_task(
            notebook.name, total=total, cell="starting the kernel"
        )

    def cell(self, notebook: Notebook, cell: Cell) -> None:
        """Move the bar on and name the cell."""
        task = self._tasks[notebook.name]
        total = int(self._progress.tasks[self._progress.task_ids.index(task)].total or 0)
        name = f" ({cell.label})" if cell.label else ""
        self._progress.update(task, completed=cell.number - 1, cell=f"cell {cell.number} of {total}{name}")

    def ended(self, notebook: Notebook, how: str) -> None:
        """Take the bar away and say how it ended."""
        self._progress.remove_task(self._tasks.pop(notebook.name))
        super().ended(notebook, how)


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._start


def _listed(why: list[str], most: int = 3) -> str:
    """Join reasons, the first few in full."""
    rest = len(why) - most
    return "; ".join(why[:most]) + (f"; and {rest} more" if rest > 0 else "")
