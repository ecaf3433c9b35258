"""Writing files whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from explainer.faults import Fault


def write_atomically(path: Path, content: bytes, *, file: str | None = None) -> None:
    """Write `content` beside `path` and move it there, so that no reader ever sees half a file.

    Parameters
    ----------
    path : Path
        Where the file goes; missing folders are made.
    content : bytes
        The whole file.
    file : str, optional
        What a fault calls the file (default: `path`).

    Raises
    ------
    Fault
        If the file cannot be written; what stood there before is untouched.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            beside.write_bytes(content)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise Fault(
            f"cannot be written: {error.strerror}",
            file=file or str(path),
            remedy="Check the folder's permissions and the space left, then try again.",
        ) from error
