"""Atomic writes: a reader never sees half a file, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from explainer.system.errors import Fault
from explainer.system.processes import is_alive

#: Name of a temporary file or folder: hidden, with the id of the process that writes it.
_PART = re.compile(r"\..+\.(\d+)-[0-9a-f]{8}\.part")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_bytes(path: Path, content: bytes, *, name: str | None = None) -> bool:
    """Put `content` in place of `path` in one step; leave an equal file untouched.

    Parameters
    ----------
    path : Path
        The file; missing folders are created. If it is a link, its target is replaced.
    content : bytes
        The new content.
    name : str, optional
        Name of the file in faults (default: `path`).

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    Fault
        If the file cannot be written; the old file is then unchanged.
    """
    return bool(write_all({path: content}, names={path: name} if name else {}))


def write_text(path: Path, content: str) -> bool:
    """Put UTF-8 text with LF line ends in place of `path`; see `write_bytes`."""
    return write_bytes(path, content.encode("utf-8"))


def write_all(contents: Mapping[Path, bytes], *, names: Mapping[Path, str] | None = None) -> list[Path]:
    """Replace several files together: all are written to temporary files beside them, then moved.

    A full disk or a folder without write permission thus fails before anything is replaced.

    Parameters
    ----------
    contents : mapping of Path to bytes
        New content of each file.
    names : mapping of Path to str, optional
        Names of the files in faults.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    Fault
        If one cannot be written.
    """
    parts: dict[Path, Path] = {}
    moved: list[Path] = []
    path = Path()
    try:
        for path, content in contents.items():
            target = path.resolve()
            if target.is_file() and target.read_bytes() == content:
                continue
            _sweep_once(target.parent)
            parts[path] = part_of(target)
            _write_new(parts[path], content, target)
        for path, part in parts.items():
            os.replace(part, path.resolve())
            moved.append(path)
    except OSError as error:
        raise refused(error, (names or {}).get(path) or str(path)) from error
    finally:
        for path in parts.keys() - moved:
            with suppress(OSError):
                parts[path].unlink(missing_ok=True)
    return moved


def refused(error: OSError, file: str | None = None) -> Fault:
    """Return an error of the operating system as a fault that says what to do.

    Parameters
    ----------
    error : OSError
        The error.
    file : str, optional
        Name of the file in the fault (default: the one in the error).
    """
    path = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None
    file = _from_here(file or path)
    if path and error.errno in CLOSED and os.path.exists(path) and not os.access(path, os.R_OK):
        remedy = "Check the permissions. What was there is as it was."
        return Fault(f"cannot be read: {error.strerror}", file=file, remedy=remedy)
    if error.errno in FULL:
        remedy = "There is no room: free some space and try again. What was there is as it was."
    elif error.errno in CLOSED:
        remedy = "Check the permissions of the folder it is in. What was there is as it was."
    else:
        remedy = "Mend that and try again. What was there is as it was."
    return Fault(f"cannot be written: {error.strerror or error}", file=file, remedy=remedy)


def _from_here(file: str | None) -> str | None:
    """Return the name of a file as seen from the working folder, if it is in it."""
    with suppress(ValueError, OSError):  # it is elsewhere, or the working folder is gone
        return Path(file or "").relative_to(Path.cwd()).as_posix()
    return file


def read(path: Path) -> bytes | None:
    """Return the content of a file; None if there is none."""
    return path.read_bytes() if path.is_file() else None


def part_of(path: Path) -> Path:
    """Return a name for what will take the place of `path`, by which `sweep_parts` knows who writes it."""
    return path.with_name(f".{path.name[:80]}.{os.getpid()}-{secrets.token_hex(4)}.part")


def sweep_parts(folders: Iterable[Path]) -> None:
    """Remove temporary files and folders of processes that no longer run from these folders."""
    for folder in folders:
        for path in folder.glob(".*.part") if folder.is_dir() else ():
            if (match := _PART.fullmatch(path.name)) and not is_alive(int(match[1])):
                remove(path)


@cache
def _sweep_once(folder: Path) -> None:
    """Sweep a folder before the first file is written to it: it may be one that no other command looks at."""
    sweep_parts([folder])


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder, as far as the system lets us."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _write_new(part: Path, content: bytes, target: Path) -> None:
    """Write a temporary file with the permissions of the file that it will replace."""
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(content)
    with suppress(OSError):  # there is no old file, or the file system has no permissions
        part.chmod(target.stat().st_mode & 0o777)
