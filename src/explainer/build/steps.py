"""What `_quarto.yml` calls before and after a plain ``quarto render``."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from explainer.build import finish, stage
from explainer.build.prepare import content_of, prepare, refuse_mixture
from explainer.engines import quarto
from explainer.report.layout import PDF
from explainer.system.cache import Cache
from explainer.system.files import write_bytes
from explainer.system.project import Project


def done(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether ``explainer render`` started this Quarto, and so does the steps itself."""
    return environment.get(quarto.DONE) == "done"


def before(project: Project, log: Callable[[str], Any] = print) -> None:
    """Do everything that has to be done before Quarto reads the pages."""
    if done():
        return
    finish.time_stamp(None)  # refused before any work
    with stage.lock(project):
        stage.recover(project)
        prepare(project, log)


def after(project: Project, environment: Mapping[str, str] = os.environ) -> bool:
    """Publish what Quarto made.

    Returns
    -------
    bool
        Whether a report was published: not when Quarto was asked for a part of the pages or formats only,
        because a report is replaced whole.
    """
    if done(environment):
        return False
    source = project.index.with_suffix(".typ")
    files = environment.get("QUARTO_PROJECT_OUTPUT_FILES", "").split()
    whole = environment.get("QUARTO_PROJECT_RENDER_ALL") == "1" and any(
        file.endswith(".html") for file in files
    )
    output = project.root / (environment.get("QUARTO_PROJECT_OUTPUT_DIR") or quarto.output(project))
    if not whole or not source.is_file():
        quarto.sweep(project)
        if files:
            # The live preview renders one page, and shows Quarto's own folder.
            _complete(project, output, _last_pdf(project))
        return False
    with stage.lock(project):
        folder, cache, content = stage.fresh(project), Cache(project), content_of(project)
        quarto.take(project, output, folder)
        pdf = finish.pdf(project, quarto.keep_source(project), content["date"], cache)
        quarto.sweep(project)
        finish.finish(project, folder, content, pdf, cache)
        # The live preview may come later; its pages need the other files, too.
        _complete(project, output, pdf)
        refuse_mixture(project, content["stamp"]["data"])
        stage.replace_report(project)
    return True


def _complete(project: Project, output: Path, pdf: bytes) -> None:
    """Put what a report has besides its pages into Quarto's own folder."""
    finish.copy_files(project, output)
    write_bytes(output / PDF, pdf)


def _last_pdf(project: Project) -> bytes:
    """Return the last good report's PDF; where there is none yet, one that the embedded engine writes."""
    last = project.report / PDF
    if last.is_file():
        return last.read_bytes()
    from explainer.engines import pandoc

    return finish.typeset(project, pandoc.paper(project), content_of(project)["date"])
