"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from explainer.faults import Fault


def write_bytes(path: Path, content: bytes, *, name: str | None = None) -> bool:
    """Put `content` in place of `path` in one step; leave an equal file untouched.

    Parameters
    ----------
    path : Path
        Where the file goes; missing folders are made.
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
        If the folder cannot be written; the old file is then as it was.
    """
    temporary = None
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # mkstemp gives 0600; a published file is readable like any other.
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except OSError as error:
        raise Fault(
            f"cannot be written: {error.strerror or error}",
            file=name or str(path),
            remedy="Check the folder's permissions and the free space; the old file is as it was",
        ) from error
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
    return True


def write_text(path: Path, content: str) -> bool:
    """Put UTF-8 text with LF line ends in place of `path`; see `write_bytes`."""
    return write_bytes(path, content.encode("utf-8"))
