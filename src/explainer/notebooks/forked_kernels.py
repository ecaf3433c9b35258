"""Kernels that are forked from one process that has imported everything.

A kernel spends two seconds on imports, and a report has several notebooks. So a provisioner for
`jupyter_client` launches kernels as forks of `multiprocessing`'s fork server, which imports the libraries
once. Everything else, from the messages to the record of what a notebook read, is the same as for any kernel.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from multiprocessing import get_all_start_methods, get_context, parent_process, process
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from explainer.notebooks import kernel
from explainer.system import limits, temporary

NAME = "explainer-forked"
#: Seconds that the end of a killed kernel is waited for without looking at anything else.
PATIENCE = 1


def start() -> dict[str, str]:
    """Start the fork server, unless it runs, and return the provisioner for a kernel's specification.

    Returns
    -------
    dict
        What `jupyter_client` looks for as ``kernel_provisioner``; empty where the system cannot fork.
    """
    if "forkserver" not in get_all_start_methods():
        return {}
    from multiprocessing import forkserver

    _fork_server().set_forkserver_preload(["explainer.notebooks.preload"])
    with _environment(kernel.STARTUP | temporary.environment()):
        forkserver.ensure_running()
    place = f"{__name__}:{ForkedProvisioner.__name__}"
    KernelProvisionerFactory.instance().provisioners[NAME] = EntryPoint(
        NAME, place, KernelProvisionerFactory.GROUP_NAME
    )
    return {"provisioner_name": NAME}


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the processes that are started meanwhile."""
    # One by one: other threads must never see an environment without the rest.
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _fork_server() -> Any:
    return get_context("forkserver")  # its type does not exist on Windows


class ForkedProvisioner(LocalProvisioner):
    """Launches a kernel by forking instead of running its command."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Fork a kernel with the arguments of `cmd`; `options` are those of `subprocess.Popen`."""
        process = _ForkedProcess(
            cmd[cmd.index("-f") :], options["cwd"], options["env"], options["stdout"].name
        )
        self.process = process
        self.pid = self.pgid = process.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and wait for the moment that this takes: else it is looked for every 100 ms."""
        await super().kill(restart)
        if self.process:
            self.process.wait(PATIENCE)


class _ForkedProcess:
    """A forked kernel with the interface of `subprocess.Popen` that provisioners use."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], folder: str, env: dict[str, str], log: str) -> None:
        self._process: process.BaseProcess = _fork_server().Process(
            target=_run_kernel, args=(arguments, folder, env, log), daemon=True
        )
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.pid is not None and self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _run_kernel(arguments: list[str], folder: str, env: dict[str, str], log: str) -> None:
    """Run in this fork the kernel that the command would have started."""
    os.setsid()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(folder)
    with open(log, "ab") as stream:
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)
    import resource  # does not exist on Windows

    # Whatever a cell prints past Jupyter, or writes elsewhere than into the project, cannot fill the disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.FILE_BYTES, limits.FILE_BYTES))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the fork server ignores it
    # With a parent, ipykernel prints no connection info; 1 means that `_end_with_parent` watches it instead.
    sys.argv = ["-c", *arguments, "--IPKernelApp.parent_handle=1"]
    # Imported again where a notebook needs them, so that its record lists only the modules that it uses.
    for name in [name for name in sys.modules if name.partition(".")[0] == "explainer"]:
        if name != kernel.__name__:
            del sys.modules[name]
    kernel.main()


def _end_with_parent() -> None:
    """End this process as soon as its parent has ended, however that happened."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
