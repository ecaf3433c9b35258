"""Where a report is built, and how it takes the place of the last one: whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from explainer.faults import Fault
from explainer.lock import hold
from explainer.project import Project


@contextmanager
def lock(project: Project) -> Iterator[None]:
    """Hold the project for one build; the system lets go of it when the process ends, however it ends.

    Raises
    ------
    Fault
        If another build is at work.
    """
    path = project.build / "render.lock"
    with hold(path) as ours:
        if not ours:
            raise Fault(
                "another render is at work on this project",
                file=project.relative(path),
                remedy="Wait until it has ended, then try again.",
            )
        yield


def folder(project: Project) -> Path:
    """Return where the next report is put together."""
    return project.build / "stage"


def fresh(project: Project) -> Path:
    """Return that folder, empty, after mending what a killed build may have left."""
    recover(project)
    stage = folder(project)
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    return stage


def publish(project: Project) -> None:
    """Put the staged report in place of the last one.

    Both moves are renames in one file system. Between them there is no report for a moment; a build killed
    just then leaves the last one in ``_build/previous``, and the next build puts it back.
    """
    previous = project.build / "previous"
    shutil.rmtree(previous, ignore_errors=True)
    if project.report.exists():
        os.replace(project.report, previous)
    try:
        os.replace(folder(project), project.report)
    except OSError:
        recover(project)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def recover(project: Project) -> None:
    """Put the last good report back if a build was killed between the two moves of `publish`."""
    previous = project.build / "previous"
    if previous.exists() and not project.report.exists():
        os.replace(previous, project.report)
