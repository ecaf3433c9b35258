"""Trouble on demand: a process that is killed, or told that the disk is full, at a chosen change of a file.

Every change that Python makes to a file or folder below the project passes an audit hook. The hook counts
them, and at the one asked for it kills the process or raises what the system would.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys

import mini
import program
from explainer.system.project import Project

KILL = "kill"
#: Numbers of the system's errors: no space left, permission denied, file system is read-only.
FULL, DENIED, READ_ONLY = 28, 13, 30
EVENTS = {"os.rename": 2, "os.mkdir": 1, "os.remove": 1, "os.rmdir": 1, "os.chmod": 1}


def arm() -> None:
    """Count changes from here on; what is to happen, and at which, stands in the environment."""
    root, what = os.environ["INJECT_ROOT"], os.environ["INJECT"]
    diary, place = os.environ["INJECT_DIARY"], int(os.environ["INJECT_AT"])
    own = os.getpid()
    seen: list[str] = []

    def watch(event: str, args: tuple) -> None:
        if os.getpid() != own or not (path := changed(event, args)) or not path.startswith(root + os.sep):
            return
        seen.append(f"{event} {path[len(root) + 1 :]}")
        if what == "list":
            with open(diary, "a", encoding="utf-8") as file:
                file.write(json.dumps(seen[-1]) + "\n")
        elif len(seen) == place and what == KILL:
            os.kill(own, 9)
        elif len(seen) >= place and what != KILL and event in ("open", "os.mkdir", "os.rename"):
            raise OSError(int(what), os.strerror(int(what)), path)

    sys.addaudithook(watch)


def changed(event: str, args: tuple) -> str | None:
    """Return the path that an event of Python's audit changes."""
    if event == "open":
        path, mode, flags = args
        writes = set(mode) & set("wax+") if isinstance(mode, str) else flags & (os.O_WRONLY | os.O_RDWR)
        return os.path.abspath(os.fsdecode(path)) if writes and not isinstance(path, int) else None
    if event in EVENTS and isinstance(args[0], str | bytes | os.PathLike):
        return os.path.abspath(os.fsdecode(args[EVENTS[event] - 1]))
    return None


def run(project: Project, what: str | int, at: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a project, with trouble at the change number `at`."""
    diary = project.root.with_name(f"{project.root.name}.diary")
    diary.unlink(missing_ok=True)
    environment = mini.without_quarto() | {
        "INJECT": str(what),
        "INJECT_AT": str(at),
        "INJECT_ROOT": str(project.root),
        "INJECT_DIARY": str(diary),
    }
    return program.fork(_main, list(arguments), cwd=project.root, env=environment)


def _main() -> None:
    arm()
    importlib.import_module("explainer.cli").main()


def changes(project: Project, *arguments: str) -> list[str]:
    """Return every change that the program makes, in order, as event and path."""
    done = run(project, "list", 0, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    diary = project.root.with_name(f"{project.root.name}.diary")
    return [json.loads(line) for line in diary.read_text(encoding="utf-8").splitlines()]
