"""Writing files so that a reader never sees half of one, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from explainer.system.errors import Fault

#: What a file is called until it is whole: hidden, with the number of the process that writes it.
_PART = re.compile(r"\..+\.(\d+)-[0-9a-f]{8}\.part")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def write_bytes(path: Path, content: bytes, *, name: str | None = None) -> bool:
    """Put `content` in place of `path` in one step; leave an equal file untouched.

    Parameters
    ----------
    path : Path
        Where the file goes; missing folders are made. Where it is a link, the file it leads to is replaced.
    content : bytes
        The whole file.
    name : str, optional
        What a fault calls the file (default: `path`).

    Returns
    -------
    bool
        Whether the file changed.

    Raises
    ------
    Fault
        If the file cannot be written; the old file is then as it was.
    """
    return bool(write_all({path: content}, names={path: name} if name else {}))


def write_text(path: Path, content: str) -> bool:
    """Put UTF-8 text with LF line ends in place of `path`; see `write_bytes`."""
    return write_bytes(path, content.encode("utf-8"))


def write_all(contents: Mapping[Path, bytes], *, names: Mapping[Path, str] | None = None) -> list[Path]:
    """Put several files in place together: all are written beside their places first, and only then moved.

    What goes wrong with a full disk or a closed folder goes wrong while nothing has been replaced.

    Parameters
    ----------
    contents : mapping of Path to bytes
        Each file, whole.
    names : mapping of Path to str, optional
        What a fault calls them.

    Returns
    -------
    list of Path
        Those that changed.

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
            parts[path] = _beside(target)
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
    """Return what the system refused, and what to do, in plain words.

    Parameters
    ----------
    error : OSError
        What it said.
    file : str, optional
        What the fault calls the file (default: what the system calls it).
    """
    file = file or (os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None)
    if error.errno in FULL:
        remedy = "There is no room: free some space and try again. What was there is as it was."
    elif error.errno in CLOSED:
        remedy = "Check the permissions of the folder it is in. What was there is as it was."
    else:
        remedy = "Mend that and try again. What was there is as it was."
    return Fault(f"cannot be written: {error.strerror or error}", file=file, remedy=remedy)


def sweep_parts(folders: Iterable[Path]) -> None:
    """Remove what processes that were killed while they wrote have left in these folders."""
    for folder in folders:
        for path in folder.glob(".*.part") if folder.is_dir() else ():
            if (found := _PART.fullmatch(path.name)) and not _is_alive(int(found[1])):
                with suppress(OSError):
                    path.unlink(missing_ok=True)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name[:80]}.{os.getpid()}-{secrets.token_hex(4)}.part")


def _write_new(part: Path, content: bytes, target: Path) -> None:
    """Write a file that is not there yet, readable like the one whose place it will take."""
    if not part.parent.is_dir():
        part.parent.mkdir(parents=True, exist_ok=True)
    with open(part, "xb") as stream:
        stream.write(content)
    with suppress(OSError):  # nothing to take the place of, or a file system without modes
        part.chmod(target.stat().st_mode & 0o777)


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # there, signal 0 is not a question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
