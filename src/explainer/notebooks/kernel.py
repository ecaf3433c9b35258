"""Code that runs inside the kernel: starts IPython, and records what the notebook reads and imports.

The record comes from Python's audit events, so that it does not matter which library opens a file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = "EXPLAINER_RUN_ROOT"
#: The folder to which tables are saved instead of the project, so that a failed run changes nothing.
STAGE = "EXPLAINER_TIDY_STAGE"

#: Environment variables that Python reads only when it starts.
STARTUP = {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}

# Not inputs of the analysis: work files, version control, and code, which is recorded as modules.
IGNORED_FOLDERS = frozenset({".git", ".venv", "_build", "_report", "__pycache__", ".ipynb_checkpoints"})
IGNORED_SUFFIXES = (".py", ".pyc", ".pyi", ".so", ".pth")
#: Where Python and Jupyter keep files of their own; of a project, everything else is closed to cells.
OPEN_FOLDERS = frozenset({"_build", "__pycache__", ".ipynb_checkpoints"})
#: Events that change files, by their paths.
CHANGES = (
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "shutil.rmtree",
)
#: What a cell may not do at all.
REFUSED = {
    **dict.fromkeys(
        ("os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"),
        "start another program: nobody could say what that reads and writes",
    ),
    "socket.connect": "use the network: put what it needs into data/",
}

_opened: set[str] = set()
#: Columns in which ids were looked up, by the file of the table.
_looked_up: dict[str, set[str]] = {}
#: Files that are open for such a look-up only.
_lookups: set[str] = set()


def main() -> None:
    """Start the kernel; its arguments are those of ``ipykernel_launcher``."""
    # Without its debugger, which takes longer to import than the rest of ipykernel.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    from ipykernel.kernelapp import launch_new_instance

    sys.addaudithook(audit)
    launch_new_instance()


def begin(stage: str) -> None:
    """Save tables to the folder `stage` from now on."""
    os.environ[STAGE] = stage


def audit(event: str, args: tuple) -> None:
    """Record files of the project that are opened, and keep cells from writing where only `save` may.

    Raises
    ------
    PermissionError
        If a file of the project is opened for writing, moved or removed, because a notebook that fails later
        must leave it unchanged; and for what would escape this, or depend on another machine.
    """
    if event == "open":
        _audit_open(*args)
    elif event in CHANGES:
        for path in args[:2]:
            _refuse_writing(path)
    elif event in REFUSED and STAGE in os.environ and not _is_local(args):
        raise PermissionError(f"a notebook may not {REFUSED[event]}")


def _is_local(args: tuple) -> bool:
    """Return whether a socket is connected within this machine, by a path."""
    return len(args) == 2 and isinstance(args[1], str | bytes) and type(args[0]).__name__ == "socket"


def _audit_open(path: object, mode: object, flags: object) -> None:
    if any(letter in mode for letter in "wax+") if isinstance(mode, str) else _flags_write(flags):
        _refuse_writing(path)
        return
    parts = _inside(path)
    if parts is None or parts[-1].endswith(IGNORED_SUFFIXES):
        return
    if (file := "/".join(parts)) not in _lookups:
        _opened.add(file)


@contextmanager
def looking_up(columns: Mapping[str, set[str]]) -> Iterator[None]:
    """Record that tables are read only for the ids in some of their columns.

    Parameters
    ----------
    columns : mapping
        Columns by the file of the table, as a path from the project's root.
    """
    for file, names in columns.items():
        _looked_up.setdefault(file, set()).update(names)
    _lookups.update(columns)
    try:
        yield
    finally:
        _lookups.clear()


def record(path: str) -> None:
    """Write as JSON what the notebook used.

    That is the files it read (``reads``), the columns in which ids were looked up in other tables
    (``lookups``), and the file of each module that it imported (``modules``).
    """
    modules = {}
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and (_inside(file) is not None or name.partition(".")[0] == "explainer"):
            modules[name] = os.path.abspath(file)
    lookups = {file: sorted(names) for file, names in _looked_up.items() if file not in _opened}
    text = json.dumps({"reads": sorted(_opened), "lookups": lookups, "modules": modules})
    Path(path).write_text(text, encoding="utf-8")


def line_of_exit() -> int:
    """Return the line at which a cell raised SystemExit, which IPython does not report; 0 if unknown."""
    line, trace = 0, getattr(sys, "last_traceback", None)
    while trace is not None:
        if "ipykernel_" in trace.tb_frame.f_code.co_filename:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _parts(path: object, root: str) -> tuple[str, ...] | None:
    """Return the parts of `path` from the project's `root`, or None if it is elsewhere or Python's own."""
    if not isinstance(path, str | bytes | os.PathLike):
        return None
    full = os.path.abspath(os.fsdecode(path))
    if not full.startswith(root + os.sep) or full.startswith(sys.prefix + os.sep):
        return None
    return tuple(full[len(root) + 1 :].split(os.sep))


def _inside(path: object) -> tuple[str, ...] | None:
    """Return the parts of `path` from the project's root, or None if it is elsewhere or ignored."""
    parts = _parts(path, os.environ[ROOT])
    return None if parts is None or IGNORED_FOLDERS.intersection(parts) else parts


def _flags_write(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND))


def _refuse_writing(path: object) -> None:
    if not isinstance(path, str | bytes | os.PathLike):
        return
    root = os.environ[ROOT]
    # As it is named and as it is: a link may lead into the project, and data/ may be one that leads out.
    for parts in (_parts(path, root), _parts(os.path.realpath(path), os.path.realpath(root))):
        if parts is None or OPEN_FOLDERS.intersection(parts):
            continue
        raise PermissionError(
            f'a notebook may not write {"/".join(parts)}; save tables with save("…", frame)'
        )
