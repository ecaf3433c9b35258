"""The Pandoc that PyPI's package carries: where it is, its version, and running it within limits."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import pypandoc

from explainer.system import limits, temporary
from explainer.system.errors import Fault

if sys.platform == "linux":
    import resource

NAME = "Pandoc"


def path() -> str:
    """Return the path of the program."""
    return str(pypandoc.get_pandoc_path())


@lru_cache(maxsize=1)
def version() -> str:
    """Return the version that the program gives itself."""
    return str(pypandoc.get_pandoc_version())


def run(
    arguments: list[str], name: str, *, text: str = "", folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program, whatever the page may ask of it, for so long and with so much memory only.

    Parameters
    ----------
    arguments : list of str
        Its arguments.
    name : str
        The page, for the fault.
    text : str, optional
        Its standard input.
    folder : Path, optional
        Where it starts.

    Raises
    ------
    Fault
        If it takes longer than `explainer.system.limits.PANDOC_SECONDS`.
    """
    command = [path(), "+RTS", f"-M{limits.PANDOC_MEMORY}", "-RTS", *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"LC_ALL": "C.UTF-8"} | temporary.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        _limit(process.pid)
        try:
            stdout, stderr = process.communicate(text, limits.PANDOC_SECONDS)
        except subprocess.TimeoutExpired:
            raise Fault(
                f"Pandoc did not come to an end in {limits.PANDOC_SECONDS} seconds",
                file=name,
                remedy="Look for long rows of brackets, stars or angle brackets, and shorten them.",
            ) from None
        finally:
            process.kill()  # nothing happens where it has ended
    return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)


def _limit(process: int) -> None:
    """Have the system end the program, even where this process is killed and nobody else would."""
    if sys.platform == "linux":
        with suppress(OSError):
            resource.prlimit(process, resource.RLIMIT_CPU, (limits.PANDOC_SECONDS, limits.PANDOC_SECONDS))
