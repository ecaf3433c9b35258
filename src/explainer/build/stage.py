"""Where a report is built, and how it takes the place of the last one: whole or not at all."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from explainer.system.errors import Fault
from explainer.system.files import refused, sweep_parts
from explainer.system.lock import hold, interrupted
from explainer.system.project import Project

#: What the next command says after a build that was killed.
INTERRUPTED = "A build was interrupted. The report is whole: the one before it, or the one it made."
_HERE = -100  # AT_FDCWD: paths are from the working folder, as everywhere
_EXCHANGE = 2  # RENAME_EXCHANGE, and RENAME_SWAP on macOS


def lock_file(project: Project) -> Path:
    """Return the file that whoever works with the project's work files holds."""
    return project.build / "render.lock"


@contextmanager
def lock(project: Project, notice: str = INTERRUPTED) -> Iterator[None]:
    """Hold the project for one build; the system releases it when the process ends, however it ends.

    Parameters
    ----------
    project : Project
        The project.
    notice : str
        What to say if it is killed, for `recover_if_idle`.

    Raises
    ------
    Fault
        If another build is at work.
    """
    refuse_links(project)
    path = lock_file(project)
    with hold(path, project.relative(path), notice) as acquired:
        if not acquired:
            raise Fault(
                "another render is at work on this project",
                file=project.relative(path),
                remedy="Wait until it has ended, then try again.",
            )
        yield


def refuse_links(project: Project) -> None:
    """Refuse folders that are links, in which a report could not be made or replaced.

    Raises
    ------
    Fault
        If ``_report`` or ``_build`` is a link.
    """
    if project.report.is_symlink():
        raise Fault(
            "is a link, and a report takes the place of the last one whole, link and all",
            file=project.relative(project.report),
            remedy="Remove the link, and link to this folder from where the report is to be read.",
        )
    if project.build.is_symlink():
        raise Fault(
            "is a link, and Typst reads no file outside the project",
            file=project.relative(project.build),
            remedy="Remove the link; the folder is made again.",
        )


def folder(project: Project) -> Path:
    """Return where the next report is put together."""
    return project.build / "stage"


def fresh(project: Project) -> Path:
    """Return the stage, empty, with the last report put back if a killed build left none."""
    recover(project)
    stage = folder(project)
    shutil.rmtree(stage, ignore_errors=True)
    try:
        stage.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(error, project.relative(stage)) from error
    return stage


def replace_report(project: Project) -> None:
    """Put the staged report in place of the last one.

    Where the system can exchange two folders, there is a whole report at every moment. Elsewhere there is
    none between two moves; a build killed just then leaves the last one in ``_build/previous``, and the next
    build puts it back.

    Raises
    ------
    Fault
        If it cannot be put there; the last report is then where it was.
    """
    staged, previous = folder(project), project.build / "previous"
    shutil.rmtree(previous, ignore_errors=True)
    try:
        if not exchange(staged, project.report):
            if project.report.exists():
                os.replace(project.report, previous)
            os.replace(staged, project.report)
    except OSError as error:
        recover(project)
        raise refused(error, project.relative(project.report)) from error
    for left in (staged, previous):
        shutil.rmtree(left, ignore_errors=True)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step, and return whether the system could do that."""
    if not (first.exists() and second.exists()):
        return False
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    paths = os.fsencode(first), os.fsencode(second)
    if call := getattr(library, "renameat2", None):  # Linux
        return call(_HERE, paths[0], _HERE, paths[1], _EXCHANGE) == 0
    if call := getattr(library, "renamex_np", None):  # macOS
        return call(*paths, _EXCHANGE) == 0
    return False


def recover_if_idle(project: Project) -> str:
    """Clear up after a build that was killed; return a message about it, empty if there was none."""
    if notice := interrupted(lock_file(project)):
        from explainer.engines import quarto  # here, as only this needs it

        with suppress(Fault), lock(project):
            recover(project)
            quarto.sweep(project)
            for left in (folder(project), project.build / "previous"):
                shutil.rmtree(left, ignore_errors=True)
            sweep_parts(path for path in project.build.rglob("*") if path.is_dir())
    return notice


def recover(project: Project) -> None:
    """Put the last good report back if a build was killed between the two moves of `replace_report`."""
    previous = project.build / "previous"
    if previous.exists() and not project.report.exists():
        os.replace(previous, project.report)
