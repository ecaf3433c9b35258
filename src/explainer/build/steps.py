"""What `_quarto.yml` calls before and after a plain ``quarto render``."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from explainer.build import finish, stage
from explainer.build.prepare import prepare
from explainer.engines import pandoc, quarto
from explainer.report import site
from explainer.system.files import write_bytes
from explainer.system.project import Project


def done(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether ``explainer render`` started this Quarto, and so does the steps itself."""
    return environment.get(quarto.DONE) == "done"


def before(project: Project, say: Callable[[str], Any] = print) -> None:
    """Do everything that has to be done before Quarto reads the pages."""
    if done():
        return
    with stage.lock(project):
        stage.recover(project)
        prepare(project, say)


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
    made = environment.get("QUARTO_PROJECT_OUTPUT_FILES", "").split()
    whole = environment.get("QUARTO_PROJECT_RENDER_ALL") == "1" and any(
        file.endswith(".html") for file in made
    )
    produced = project.root / (environment.get("QUARTO_PROJECT_OUTPUT_DIR") or quarto.output(project))
    if not whole or not source.is_file():
        quarto.sweep(project)
        if made:
            # The live preview renders one page, and shows Quarto's own folder.
            finish.beside(project, produced)
            write_bytes(produced / site.PDF, _last_pdf(project))
        return False
    with stage.lock(project):
        folder = stage.fresh(project)
        quarto.take(project, produced, folder)
        finish.finish(project, folder, quarto.keep_source(project))
        # The live preview may come later; its pages want what is beside them, too.
        finish.beside(project, produced)
        write_bytes(produced / site.PDF, (folder / site.PDF).read_bytes())
        finish.refuse_mixture(project, finish.content_of(project))
        stage.publish(project)
        quarto.sweep(project)
    return True


def _last_pdf(project: Project) -> bytes:
    """Return the last good report's PDF; where there is none yet, one that the embedded engine writes."""
    last = project.report / site.PDF
    if last.is_file():
        return last.read_bytes()
    content = json.loads((project.build / "site.json").read_text(encoding="utf-8"))
    return finish.typeset(project, pandoc.paper(project), content["date"])
