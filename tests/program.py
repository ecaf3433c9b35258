"""The program as a user starts it, and the same without the seconds that every start spends on imports."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import explainer
import mini
from explainer.notebooks import forked_kernels
from explainer.system.project import Project

COMMAND = [sys.executable, "-c", "from explainer.cli import main; main()"]

#: Imported once by the server that `explain` forks from: the library, what it imports only when needed, and
#: what forks run. Without the last, each of them would spend 0.2 s on importing this module.
LIBRARY = [
    module.name
    for module in pkgutil.walk_packages(explainer.__path__, "explainer.")
    if not module.name.endswith("__main__")
]
#: Where the server of kernels is; from Python 3.14 on, a client has to show a key.
SERVER = ("_forkserver_address", "_forkserver_authkey")
OTHERS = ["altair", "frictionless", "nbclient", "pandas", "pypandoc", "pypdf", "typst", "vl_convert"]

_context = multiprocessing.get_context("forkserver")
#: Forks programs. The server of `multiprocessing` itself is left to the library, which forks kernels from it.
_programs = forkserver.ForkServer()
_programs.set_forkserver_preload([*LIBRARY, *OTHERS, "preload"])
_starting = threading.Lock()


def explain(project: Project, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a project, without Quarto unless the environment names one.

    It runs in a process of its own: exit code, signals, environment, working folder and output are those of
    a program that was just started. Only the imports are done before, and its kernels are forked from the one
    server that the library starts in this process. `start` does without that, too.
    """
    return fork(_main, list(arguments), cwd=project.root, env=mini.without_quarto() | environment)


def start(project: Project, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a project from a cold start, as a shell does."""
    _skip_under_mutation()
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=project.root,
        env=mini.without_quarto() | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def fork(
    target: Callable[[], None], arguments: list[str], *, cwd: Path, env: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Call `target`, a function of a module, in a process that has imported everything."""
    _skip_under_mutation()
    with tempfile.TemporaryDirectory() as folder:
        stdout, stderr = Path(folder, "stdout"), Path(folder, "stderr")
        with _starting:
            forked_kernels.start()
            with mock.patch.dict(os.environ, PYTHONPATH=str(Path(__file__).parent)):
                _programs.ensure_running()
            kernels = {name: vars(forkserver._forkserver).get(name) for name in SERVER}
            process = _context.Process(
                target=_begin, args=(target, arguments, cwd, env, stdout, stderr, kernels)
            )
            with mock.patch.object(forkserver, "connect_to_new_process", _programs.connect_to_new_process):
                process.start()
        process.join()
        assert process.exitcode is not None
        return subprocess.CompletedProcess(
            arguments, process.exitcode, stdout.read_text("utf-8"), stderr.read_text("utf-8")
        )


def _skip_under_mutation() -> None:
    """Skip a test that starts a process while `make mutants` runs: too slow for hundreds of changes."""
    if "MUTANT_UNDER_TEST" in os.environ:
        pytest.skip("starts a process")


def _begin(
    target: Callable[[], None],
    arguments: list[str],
    cwd: Path,
    env: dict[str, str],
    stdout: Path,
    stderr: Path,
    kernels: dict[str, Any],
) -> None:
    for number, path in ((1, stdout), (2, stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    # A server that runs, and that this process did not start.
    vars(forkserver._forkserver).update(kernels, ensure_running=lambda: None)
    forkserver.ensure_running = forkserver._forkserver.ensure_running
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["-c", *arguments]
    target()


def _main() -> None:
    importlib.import_module("explainer.cli").main()
