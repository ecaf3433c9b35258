"""Execute one notebook in a kernel of its own."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from explainer.system.errors import Fault
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.system.processes import command
from explainer.system.project import Project
from explainer.notebooks.kernel import ROOT

STARTUP_SECONDS = 60
ANSI = re.compile(r"\x1b\[[0-9;]*m")
REMEDY = "Mend the cell and run again; nothing was overwritten."


@dataclass(frozen=True)
class Executed:
    """An executed notebook with its new outputs, and the record of what it used."""

    notebook: Notebook
    reads: list[str]
    modules: dict[str, str]


class _ThisInterpreter(KernelSpecManager):
    """Offer one kernel: this interpreter, whatever kernels are installed under the same name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        history = "--HistoryManager.enabled=False"
        argv = command("explainer.notebooks.kernel", "-f", "{connection_file}", history)
        return KernelSpec(argv=argv, display_name=kernel_name, language="python")


@dataclass(frozen=True)
class Kernel:
    """A kernel that runs, and the folder of its own files, which goes when it does."""

    manager: AsyncKernelManager
    folder: TemporaryDirectory

    @property
    def log(self) -> Path:
        """What its process prints."""
        return Path(self.folder.name) / "log"

    @property
    def record(self) -> Path:
        """Where it writes the record of what it used."""
        return Path(self.folder.name) / "record.json"


async def execute(
    notebook: Notebook,
    kernel: Kernel,
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
    kernel : Kernel
        Where to run it: one that has run nothing yet.
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
    client = NotebookClient(
        ran.node, km=kernel.manager, timeout=timeout, record_timing=False, force_raise_errors=True
    )
    client.skip_cells_with_tag = ""
    channels = kernel.manager.client()
    client.kc = channels
    channels.start_channels()
    channels.allow_stdin = False
    try:
        await _wait_until_ready(channels, ran, kernel.log)
        await _run_silently(client, channels, f"begin({str(stage)!r})")
        for cell in ran.code_cells:
            if cell.source.strip():
                on_cell(cell)
                await _run_cell(client, channels, cell, kernel.log)
        await _run_silently(client, channels, f"record({str(kernel.record)!r})")
    finally:
        channels.stop_channels()
    record: dict[str, Any] = json.loads(kernel.record.read_bytes())
    return Executed(ran, record["reads"], record["modules"])


async def start(project: Project) -> Kernel:
    """Start a kernel; whoever asks for it shuts it down, with `stop`."""
    folder = TemporaryDirectory(prefix="explainer-")
    own = Path(folder.name)
    # Sockets in a folder rather than on the network: nobody else can talk to the kernel, no port is taken.
    manager = AsyncKernelManager(
        kernel_spec_manager=_ThisInterpreter(),
        transport="ipc" if os.name == "posix" else "tcp",
        connection_file=str(own / "kernel.json"),
    )
    kernel = Kernel(manager, folder)
    try:
        with kernel.log.open("wb") as stream:
            await manager.start_kernel(
                cwd=str(project.notebooks), env=environment(project, own), stdout=stream, stderr=stream
            )
    except BaseException:
        await stop(kernel)
        raise
    return kernel


async def stop(kernel: Kernel) -> None:
    """Shut a kernel down, whatever it is doing."""
    # Shielded, so that a second Ctrl-C does not leave the kernel behind.
    await asyncio.shield(_shut_down(kernel))


@asynccontextmanager
async def fresh(project: Project) -> AsyncIterator[Kernel]:
    """Start a kernel, and shut it down whatever happens, cancelling included."""
    kernel = await start(project)
    try:
        yield kernel
    finally:
        await stop(kernel)


async def _shut_down(kernel: Kernel) -> None:
    with suppress(RuntimeError):  # it has gone already
        await kernel.manager.shutdown_kernel(now=True)
    await ensure_async(kernel.manager.cleanup_resources())
    kernel.folder.cleanup()


def environment(project: Project, own: Path) -> dict[str, str]:
    """Return the environment for running cells: nothing of it may show in an output.

    Parameters
    ----------
    project : Project
        The project.
    own : Path
        A folder for IPython's files.
    """
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
    }


async def _wait_until_ready(channels: AsyncKernelClient, notebook: Notebook, log: Path) -> None:
    try:
        await channels.wait_for_ready(timeout=STARTUP_SECONDS)
    except RuntimeError:
        raise Fault(
            f"its kernel did not start: {_last_line(log)}",
            file=notebook.file,
            remedy="Set the environment up again from the lock; nothing was overwritten.",
        ) from None


async def _run_cell(client: NotebookClient, channels: AsyncKernelClient, cell: Cell, log: Path) -> None:
    try:
        await client.async_execute_cell(cell.node, cell.index, execution_count=cell.number)
    except CellExecutionError as error:
        raise _failure(cell, error, await _failed_line(client, channels, cell, error)) from None
    except CellTimeoutError:
        what = f"took longer than {client.timeout} seconds"
        raise Fault(what, file=cell.file, column=cell.place, remedy=REMEDY) from None
    except DeadKernelError:
        what = f"ended the kernel: {_last_line(log)}"
        raise Fault(what, file=cell.file, column=cell.place, remedy=REMEDY) from None


async def _failed_line(
    client: NotebookClient, channels: AsyncKernelClient, cell: Cell, error: CellExecutionError
) -> int | None:
    """Return the line of `cell` that failed."""
    frames = re.findall(rf"Cell In\[{cell.number}\], line (\d+)", ANSI.sub("", error.traceback))
    if frames or error.ename != "SystemExit":
        return int(frames[-1]) if frames else None
    # IPython shows no lines of a cell that ends itself.
    request = channels.execute(
        "", silent=True, store_history=False, user_expressions={"line": _call("line_of_exit()")}
    )
    reply = await client.async_wait_for_reply(request)
    result = reply["content"]["user_expressions"]["line"] if reply else {}
    return int(result.get("data", {}).get("text/plain", 0)) or None


async def _run_silently(client: NotebookClient, channels: AsyncKernelClient, call: str) -> None:
    """Let the kernel call a function of `explainer.notebooks.kernel`, without a trace in the notebook."""
    request = channels.execute(_call(call), silent=True, store_history=False, allow_stdin=False)
    await client.async_wait_for_reply(request)


def _call(call: str) -> str:
    return f"__import__('explainer.notebooks.kernel', fromlist=['main']).{call}"


def _copy(notebook: Notebook) -> Notebook:
    node = copy.deepcopy(notebook.node)
    cells = tuple(replace(cell, node=node.cells[cell.index]) for cell in notebook.cells)
    for cell in cells:
        if cell.kind == "code":
            cell.node.outputs = []
    return replace(notebook, node=node, cells=cells)


def _failure(cell: Cell, error: CellExecutionError, number: int | None) -> Fault:
    """Say where a cell failed and how, in place of the traceback."""
    lines = cell.source.split("\n")
    place, text = cell.place, ""
    if number:
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
    """Return the last line that the kernel's process printed."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1].strip().rstrip(".") if lines else "it gave no reason (out of memory?)"
