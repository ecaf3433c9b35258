"""One command in several stories, side by side, each in a process of its own so that none stops another."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from explainer.system.processes import command
from explainer.system.project import MARKER

#: What commands that run in several stories take as their arguments.
Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[FOLDER]...",
        help="Stories, which are done side by side (default: the one around the working folder).",
    ),
]


def run_in_each(folders: Sequence[Path], arguments: Sequence[str], summarize: Callable[[str], str]) -> None:
    """Run a command in each story, print a line about each, and exit with code 1 if one failed.

    Below the line of a story that failed stands everything that its command printed.

    Parameters
    ----------
    folders : sequence of Path
        The stories.
    arguments : sequence of str
        The command, as it is given to ``explainer``.
    summarize : callable
        Returns the result in one line, given what a command that succeeded printed.
    """
    stories = list({folder.resolve(): folder for folder in folders}.values())
    failed = 0
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        for folder, (succeeded, text) in zip(
            stories, pool.map(partial(_run, arguments), stories), strict=True
        ):
            typer.echo(f"{folder}: {summarize(text) if succeeded else 'failed'}")
            if not succeeded:
                failed += 1
                typer.echo("".join(f"  {line}\n" for line in text.splitlines()), nl=False)
    finally:
        pool.shutdown(cancel_futures=True)
    if failed:
        typer.echo(f"{failed} of {len(stories)} failed.", err=True)
        raise typer.Exit(1)


def _run(arguments: Sequence[str], folder: Path) -> tuple[bool, str]:
    """Return whether the command succeeded in a story, and what it printed."""
    if not (folder / MARKER).is_file():
        return False, f"This is not the folder of a story: it has no {MARKER}."
    done = subprocess.run(
        command("explainer.cli", *arguments),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode == 0, done.stdout.decode("utf-8", "replace")
