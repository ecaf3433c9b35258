"""Execute one notebook in a kernel of its own."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from explainer.faults import Fault
from explainer.notebooks import Cell, Notebook
from explainer.project import Project
from explainer.run.kernel import ROOT, STAGE

STARTUP_SECONDS = 60
ANSI = re.compile(r"\x1b\[[0-9;]*m")
REMEDY = "Mend the cell and run again; nothing was overwritten."


@dataclass(frozen=True)
class Executed:
    """What a notebook left: itself with new outputs, and the record of what it used."""

    notebook: Notebook
    reads: list[str]
    modules: dict[str, str]


class _ThisInterpreter(KernelSpecManager):
    """Offer one kernel: this interpreter, whatever kernels are installed under the same name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        # The notebooks' folder must not hide a library while the kernel starts; IPython puts it back.
        start = "import sys; del sys.path[0]; from explainer.run.kernel import main; main()"
        history = "--HistoryManager.enabled=False"
        argv = [sys.executable, "-c", start, "-f", "{connection_file}", history]
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


async def execute(
    notebook: Notebook,
    project: Project,
    stage: Path,
    *,
    timeout: int,
    on_cell: Callable[[Cell], None],
) -> Executed:
    """Run all code cells from the top; the file on disk is not touched.

    Parameters
    ----------
    notebook : Notebook
        What to run; it is copied, not changed.
    project : Project
        The project.
    stage : Path
        An empty folder for the tables the notebook saves.
    timeout : int
        Seconds that one cell may take.
    on_cell : callable
        Called with each cell as it begins.

    Raises
    ------
    Fault
        If a cell fails or takes too long, or the kernel dies or does not start.
    """
    ran = _copy(notebook)
    with TemporaryDirectory(prefix="explainer-") as own:
        return await _execute(ran, project, stage, Path(own), timeout, on_cell)


async def _execute(
    ran: Notebook, project: Project, stage: Path, own: Path, timeout: int, on_cell: Callable[[Cell], None]
) -> Executed:
    """Run `ran` in place; `own` is a folder for the kernel's files."""
    log = own / "log"
    async with _kernel(project, stage, own, log) as manager:
        client = NotebookClient(
            ran.node, km=manager, timeout=timeout, record_timing=False, force_raise_errors=True
        )
        client.skip_cells_with_tag = ""
        client.kc = manager.client()
        client.kc.start_channels()
        client.kc.allow_stdin = False
        try:
            await _ready(client, ran, log)
            for cell in ran.code_cells:
                if cell.source.strip():
                    on_cell(cell)
                    await _cell(client, cell, log)
            reads, modules = await _record(client, own / "record.json")
        finally:
            client.kc.stop_channels()
    return Executed(ran, reads, modules)


@asynccontextmanager
async def _kernel(project: Project, stage: Path, own: Path, log: Path) -> AsyncIterator[AsyncKernelManager]:
    """Start a kernel, and shut it down whatever happens, cancelling included."""
    # Sockets in a folder rather than on the network: nobody else can talk to the kernel, no port is taken.
    manager = AsyncKernelManager(
        kernel_spec_manager=_ThisInterpreter(),
        transport="ipc" if os.name == "posix" else "tcp",
        connection_file=str(own / "kernel.json"),
    )
    try:
        with log.open("wb") as stream:
            environment = _environment(project, stage, own)
            await manager.start_kernel(
                cwd=str(project.notebooks), env=environment, stdout=stream, stderr=stream
            )
        yield manager
    finally:
        # Shielded, so that a second Ctrl-C does not leave the kernel behind.
        await asyncio.shield(_shut_down(manager))


async def _shut_down(manager: AsyncKernelManager) -> None:
    with suppress(RuntimeError):  # it has gone already
        await manager.shutdown_kernel(now=True)
    await ensure_async(manager.cleanup_resources())


def _environment(project: Project, stage: Path, own: Path) -> dict[str, str]:
    """Return the kernel's environment: nothing of it may show in an output."""
    unwanted = (
        "PYTHONSTARTUP",
        "PYTHONWARNINGS",
        "PYTHONSAFEPATH",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "LANG",
        "LANGUAGE",
    )
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return {
        **kept,
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        # Start-up files and settings of this user would make the run theirs alone.
        "IPYTHONDIR": str(own / "ipython"),
        ROOT: str(project.root),
        STAGE: str(stage),
    }


async def _ready(client: NotebookClient, notebook: Notebook, log: Path) -> None:
    try:
        await client.kc.wait_for_ready(timeout=STARTUP_SECONDS)
    except RuntimeError:
        raise Fault(
            f"its kernel did not start: {_last_line(log)}",
            file=notebook.file,
            remedy="Set the environment up again from the lock; nothing was overwritten.",
        ) from None


async def _cell(client: NotebookClient, cell: Cell, log: Path) -> None:
    try:
        await client.async_execute_cell(cell.node, cell.index, execution_count=cell.number)
    except CellExecutionError as error:
        raise _failed(cell, error) from None
    except CellTimeoutError:
        what = f"took longer than {client.timeout} seconds"
        raise Fault(what, file=cell.file, column=cell.place, remedy=REMEDY) from None
    except DeadKernelError:
        what = f"ended the kernel: {_last_line(log)}"
        raise Fault(what, file=cell.file, column=cell.place, remedy=REMEDY) from None


async def _record(client: NotebookClient, file: Path) -> tuple[list[str], dict[str, str]]:
    """Let the kernel write down what it used, without a trace in the notebook."""
    code = f"__import__('explainer.run.kernel', fromlist=['record']).record({str(file)!r})"
    identity = client.kc.execute(code, silent=True, store_history=False, allow_stdin=False)
    await client.async_wait_for_reply(identity)
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found["reads"], found["modules"]


def _copy(notebook: Notebook) -> Notebook:
    node = copy.deepcopy(notebook.node)
    cells = tuple(replace(cell, node=node.cells[cell.index]) for cell in notebook.cells)
    for cell in cells:
        if cell.kind == "code":
            cell.node.outputs = []
    return replace(notebook, node=node, cells=cells)


def _failed(cell: Cell, error: CellExecutionError) -> Fault:
    """Say where a cell failed and how, in place of the traceback."""
    lines = cell.source.split("\n")
    frames = re.findall(rf"Cell In\[{cell.number}\], line (\d+)", ANSI.sub("", error.traceback))
    place, text = cell.place, ""
    if frames:
        number = int(frames[-1])
        place += f", line {number}"
        text = lines[number - 1].strip() if number <= len(lines) else ""
    message = error.evalue.strip()
    if error.ename in ("Fault", "Faults"):
        # The data's own fault says what to do.
        return Fault(
            f"{text} was refused:\n  " + message.replace("\n", "\n  ") + "\nNothing was overwritten",
            file=cell.file,
            column=place,
        )
    shown = f"{error.ename}: {message}" if message else error.ename
    return Fault(f"{shown.rstrip('.')}, in: {text}", file=cell.file, column=place, remedy=REMEDY)


def _last_line(log: Path) -> str:
    """Return the last thing the kernel's process said."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1].strip().rstrip(".") if lines else "it gave no reason (out of memory?)"
