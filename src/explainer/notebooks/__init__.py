"""Running notebooks: only those that something changed for, in the order their tables ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from explainer.system.project import Project
    from explainer.notebooks.progress import Listener
    from explainer.notebooks.runner import Report

__all__ = ["run"]


def run(
    project: Project,
    force: bool = False,
    only: Iterable[str] | None = None,
    workers: int | None = None,
    timeout: int = 600,
    progress: Listener | None = None,
) -> Report:
    """Bring the notebooks up to date and return what was done; see `explainer.notebooks.runner.run`.

    The work is imported when it is asked for: this package is also loaded inside every kernel, which
    needs none of it.
    """
    from explainer.notebooks import runner

    return runner.run(project, force=force, only=only, workers=workers, timeout=timeout, progress=progress)
