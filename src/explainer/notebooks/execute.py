"""Executing one notebook in a kernel of its own."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from explainer.notebooks import forked_kernels
from explainer.notebooks.ipynb import Cell, Notebook
from explainer.notebooks.kernel import ROOT, STARTUP
from explainer.system import limits, temporary
from explainer.system.errors import Fault
from explainer.system.processes import command
from explainer.system.project import Project

STARTUP_SECONDS = 60
ANSI = re.compile(r"\x1b\[[0-9;]*m")
REMEDY = "Mend the cell and run again; nothing was overwritten."


@dataclass(frozen=True)
class Executed:
    """An executed notebook with its new outputs, and what `explainer.notebooks.kernel.record` says of it.

    Its tables are by path from the project's root.
    """

    notebook: Notebook
    tables: dict[str, bytes]
    reads: list[str]
    lookups: dict[str, list[str]]
    modules: dict[str, str]


class _ThisInterpreter(KernelSpecManager):
    """Offers one kernel: this interpreter, whatever kernels are installed under the same name."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        history = "--HistoryManager.enabled=False"
        argv = command("explainer.notebooks.kernel", "-f", "{connection_file}", history)
        provisioner = forked_kernels.start()
        return KernelSpec(
            argv=argv,
            display_name=kernel_name,
            language="python",
            metadata={"kernel_provisioner": provisioner} if provisioner else {},
        )


@dataclass(frozen=True)
class Kernel:
    """A running kernel and the temporary folder of its files."""

    manager: AsyncKernelManager
    folder: Path

    @property
    def log(self) -> Path:
        """The output of its process."""
        return self.folder / "log"

    @property
    def record(self) -> Path:
        """Where it writes the files and modules that it used."""
        return self.folder / "record.json"

    @property
    def stage(self) -> Path:
        """Where it saves tables: out of the project, as a kernel may outlive a run that is killed."""
        return self.folder / "stage"


class _Client(NotebookClient):
    """Interrupts a cell that puts out more than a notebook should hold."""

    printed = shown = 0
    has_too_much = False

    def __init__(self, notebook: Notebook, kernel: AsyncKernelManager, timeout: int) -> None:
        super().__init__(
            notebook.node, km=kernel, timeout=timeout, record_timing=False, force_raise_errors=True
        )
        self._kernel = kernel

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        content = msg["content"]
        self.printed += len(content.get("text", ""))
        self.shown += sum(len(str(value)) for value in content.get("data", {}).values())
        if self.printed <= limits.PRINTED_CHARACTERS and self.shown <= limits.OUTPUT_BYTES:
            return super().output(outs, msg, display_id, cell_index)
        if not self.has_too_much:
            self.has_too_much = True
            self.interrupted = asyncio.ensure_future(ensure_async(self._kernel.interrupt_kernel()))
        return None


async def execute(
    notebook: Notebook,
    kernel: Kernel,
    *,
    timeout: int,
    on_cell: Callable[[Cell], None],
) -> Executed:
    """Run all code cells from the top; the file on disk is not changed.

    Parameters
    ----------
    notebook : Notebook
        The notebook, which is copied rather than changed.
    kernel : Kernel
        A kernel that has run nothing yet.
    timeout : int
        Seconds that one cell may take.
    on_cell : callable
        Called with each cell before it runs.

    Raises
    ------
    Fault
        If a cell fails or takes too long, or the kernel dies or does not start.
    """
    copied = _copy(notebook)
    client = _Client(copied, kernel.manager, timeout)
    client.skip_cells_with_tag = ""
    channels = kernel.manager.client()
    client.kc = channels
    # Sockets try again after 10 ms, rather than 100, where the kernel does not listen yet.
    channels.context.setsockopt(zmq.RECONNECT_IVL, 10)
    channels.start_channels()
    channels.allow_stdin = False
    try:
        await _wait_until_ready(channels, copied, kernel.log)
        await _run_silently(client, channels, copied.file, f"begin({str(kernel.stage)!r})")
        for cell in copied.code_cells:
            if cell.source.strip():
                on_cell(cell)
                await _run_cell(client, channels, cell, kernel.log)
        await _run_silently(client, channels, copied.file, f"record({str(kernel.record)!r})")
    finally:
        channels.stop_channels()
    record: dict[str, Any] = json.loads(kernel.record.read_bytes())
    saved = sorted(path for path in kernel.stage.rglob("*") if path.is_file())
    tables = {path.relative_to(kernel.stage).as_posix(): path.read_bytes() for path in saved}
    return Executed(copied, tables, **record)


@asynccontextmanager
async def start_kernel(project: Project) -> AsyncIterator[Kernel]:
    """Start a kernel, and shut it down whatever happens, cancellation included."""
    folder = Path(tempfile.mkdtemp(prefix="", dir=temporary.folder()))
    # Sockets in a folder rather than on the network: no other user can talk to the kernel, no port is taken.
    manager = AsyncKernelManager(
        kernel_spec_manager=_ThisInterpreter(),
        transport="ipc" if os.name == "posix" else "tcp",
        connection_file=str(folder / "kernel.json"),
    )
    kernel = Kernel(manager, folder)
    try:
        with kernel.log.open("wb") as stream:
            await manager.start_kernel(
                cwd=str(project.notebooks),
                env=environment(project, folder) | temporary.environment(),
                stdout=stream,
                stderr=stream,
            )
        yield kernel
    finally:
        # Shielded, so that a second Ctrl-C does not leave the kernel behind.
        await asyncio.shield(_shut_down(manager, folder))


async def _shut_down(manager: AsyncKernelManager, folder: Path) -> None:
    with suppress(RuntimeError):  # it has ended already
        await manager.shutdown_kernel(now=True)
    await ensure_async(manager.cleanup_resources())
    shutil.rmtree(folder, ignore_errors=True)


def environment(project: Project, folder: Path) -> dict[str, str]:
    """Return environment variables for running cells, so that outputs do not depend on those of the user.

    Parameters
    ----------
    project : Project
        The project.
    folder : Path
        A folder for IPython's files.
    """
    excluded = (
        "PYTHONSTARTUP",
        "PYTHONWARNINGS",
        "PYTHONSAFEPATH",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "LANG",
        "LANGUAGE",
    )
    return {
        **{key: value for key, value in os.environ.items() if key not in excluded},
        **STARTUP,
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        # Start-up files and settings of the user could change outputs.
        "IPYTHONDIR": str(folder / "ipython"),
        ROOT: str(project.root),
    }


async def _wait_until_ready(channels: AsyncKernelClient, notebook: Notebook, log: Path) -> None:
    """Wait until the kernel answers and has greeted its new reader, who misses no output from then on.

    `wait_for_ready` of `jupyter_client` also waits for a fifth of a second in which nothing is said.
    """
    try:
        async with asyncio.timeout(STARTUP_SECONDS):
            for receive in (channels.get_iopub_msg, channels.get_shell_msg):
                await _first_message(channels, receive)
    except (RuntimeError, TimeoutError):
        raise Fault(
            f"its kernel did not start: {_last_line(log)}",
            file=notebook.file,
            remedy="Set the environment up again from the lock; nothing was overwritten.",
        ) from None


async def _first_message(channels: AsyncKernelClient, receive: Callable[..., Any]) -> None:
    """Ask the kernel how it is until a channel has a message.

    Raises
    ------
    RuntimeError
        If the kernel has ended.
    """
    while True:
        channels.kernel_info()
        try:
            return await receive(timeout=1)
        except Empty:
            if not await channels.is_alive():
                raise RuntimeError from None


async def _run_cell(client: _Client, channels: AsyncKernelClient, cell: Cell, log: Path) -> None:
    client.printed = client.shown = 0
    try:
        await client.async_execute_cell(cell.node, cell.index, execution_count=cell.number)
    except CellExecutionError as error:
        if client.has_too_much:
            raise _too_much(cell) from None
        raise _failure(cell, error, await _failed_line(client, channels, cell, error)) from None
    except CellTimeoutError:
        what = f"took longer than {client.timeout} seconds"
        raise Fault(what, file=cell.file, column=cell.place, remedy=REMEDY) from None
    except DeadKernelError:
        what = f"ended the kernel: {_last_line(log)}"
        raise Fault(what, file=cell.file, column=cell.place, remedy=REMEDY) from None
    if client.has_too_much:
        raise _too_much(cell)


def _too_much(cell: Cell) -> Fault:
    return Fault(
        f"prints more than {limits.PRINTED_CHARACTERS:,} characters, or shows more than"
        f" {limits.OUTPUT_BYTES / 1e6:g} MB",
        file=cell.file,
        column=cell.place,
        remedy="Show a part, such as frame.head(); nothing was overwritten.",
    )


async def _failed_line(
    client: NotebookClient, channels: AsyncKernelClient, cell: Cell, error: CellExecutionError
) -> int | None:
    """Return the number of the line that failed, if IPython reports one."""
    frames = re.findall(rf"Cell In\[{cell.number}\], line (\d+)", ANSI.sub("", error.traceback))
    if frames or error.ename != "SystemExit":
        return int(frames[-1]) if frames else None
    # IPython shows no line numbers for SystemExit.
    request = channels.execute(
        "", silent=True, store_history=False, user_expressions={"line": _call("line_of_exit()")}
    )
    reply = await client.async_wait_for_reply(request)
    result = reply["content"]["user_expressions"]["line"] if reply else {}
    return int(result.get("data", {}).get("text/plain", 0)) or None


async def _run_silently(client: NotebookClient, channels: AsyncKernelClient, file: str, call: str) -> None:
    """Call a function of `explainer.notebooks.kernel` in the kernel, without a trace in the notebook."""
    request = channels.execute(_call(call), silent=True, store_history=False, allow_stdin=False)
    reply = await client.async_wait_for_reply(request)
    if reply and (content := reply["content"])["status"] == "error":
        raise Fault(
            f"its kernel broke off: {content['ename']}: {content['evalue']}".rstrip("."),
            file=file,
            remedy="Mend that and run again; nothing was overwritten.",
        )


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
    """Return the fault that replaces the traceback of a failed cell."""
    lines = cell.source.split("\n")
    place, text = cell.place, ""
    if number:
        place += f", line {number}"
        text = lines[number - 1].strip() if number <= len(lines) else ""
    message = error.evalue.strip()
    if error.ename in ("Fault", "Faults"):
        # The fault itself says what to do.
        return Fault(
            f"{text} was refused:\n  " + message.replace("\n", "\n  ") + "\nNothing was overwritten",
            file=cell.file,
            column=place,
        )
    shown = f"{error.ename}: {message}" if message else error.ename
    return Fault(f"{shown.rstrip('.')}, in: {text}", file=cell.file, column=place, remedy=REMEDY)


def _last_line(log: Path) -> str:
    """Return the last line of the kernel's output."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return (
        lines[-1].strip().rstrip(".")
        if lines
        else "it gave no reason (is the memory or the temporary folder full?)"
    )
