"""Showing the progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from explainer.notebooks.ipynb import Cell, Notebook


class Listener:
    """Receives the events of a run; this base class ignores them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the display, if any."""

    def say(self, text: str) -> None:
        """Receive a line of text."""

    def skipped(self, notebook: Notebook) -> None:
        """Handle a notebook for which nothing changed."""

    def started(self, notebook: Notebook, why: list[str]) -> None:
        """Handle the start of a notebook, with the reasons why it runs."""

    def cell(self, notebook: Notebook, cell: Cell) -> None:
        """Handle the start of a cell."""

    def ended(self, notebook: Notebook, how: str) -> None:
        """Handle the end of a notebook, such as ``done in 1.2 s``, ``failed`` or ``stopped``."""


def listener(console: Console | None = None) -> Listener:
    """Return a listener that prints to `console` (default: standard error)."""
    console = console or Console(stderr=True, highlight=False)
    return Bars(console) if console.is_terminal else Lines(console)


class Lines(Listener):
    """Prints a line when a notebook starts and one when it ends."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, text: str) -> None:
        """Print a line."""
        self._console.print(text, markup=False, soft_wrap=True)

    def skipped(self, notebook: Notebook) -> None:
        """Print that nothing changed."""
        self.say(f"{notebook.name}: nothing changed")

    def started(self, notebook: Notebook, why: list[str]) -> None:
        """Print why it runs."""
        self.say(f"{notebook.name}: running, because {_listed(why)}")

    def ended(self, notebook: Notebook, how: str) -> None:
        """Print how it ended."""
        self.say(f"{notebook.name}: {how}")


class Bars(Lines):
    """Prints the same lines, and below them a bar for each running notebook."""

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
        """Print why it runs, and show its bar."""
        super().started(notebook, why)
        total = sum(bool(cell.source.strip()) for cell in notebook.code_cells)
        self._tasks[notebook.name] = self._progress.add_task(
            notebook.name, total=total, cell="starting the kernel"
        )

    def cell(self, notebook: Notebook, cell: Cell) -> None:
        """Advance the bar and show the cell."""
        task = self._tasks[notebook.name]
        total = int(self._progress.tasks[self._progress.task_ids.index(task)].total or 0)
        name = f" ({cell.label})" if cell.label else ""
        self._progress.update(task, completed=cell.number - 1, cell=f"cell {cell.number} of {total}{name}")

    def ended(self, notebook: Notebook, how: str) -> None:
        """Remove the bar and print how it ended."""
        self._progress.remove_task(self._tasks.pop(notebook.name))
        super().ended(notebook, how)


def _listed(reasons: list[str]) -> str:
    """Join the first three reasons, and count the rest."""
    rest = len(reasons) - 3
    return "; ".join(reasons[:3]) + (f"; and {rest} more" if rest > 0 else "")
