"""What `_quarto.yml` calls before and after a plain ``quarto render``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from explainer.build import finish, stage
from explainer.build.prepare import content_of, prepare, refuse_mixture
from explainer.engines import quarto
from explainer.report.pages import read_pages
from explainer.system.cache import Cache
from explainer.system.project import Project
from explainer.verify import switches


def done(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether ``explainer render`` started this Quarto, and so does the steps itself."""
    return environment.get(quarto.DONE) == "done"


def before(project: Project, log: Callable[[str], Any] = print) -> None:
    """Do everything that has to be done before Quarto reads the pages."""
    if done():
        return
    switches.check()
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
    sources = [quarto.typst_source(page) for page in read_pages(project) if page.pdf]
    files = environment.get("QUARTO_PROJECT_OUTPUT_FILES", "").split()
    whole = environment.get("QUARTO_PROJECT_RENDER_ALL") == "1" and any(
        file.endswith(".html") for file in files
    )
    output = project.root / (environment.get("QUARTO_PROJECT_OUTPUT_DIR") or quarto.output(project))
    if not whole or not all(source.is_file() for source in sources):
        quarto.sweep(project)
        if files:
            # The live preview renders one page, and shows Quarto's own folder.
            finish.complete(project, output, _last_pdfs(project, output, files))
        return False
    with stage.lock(project):
        folder, cache, content = stage.fresh(project), Cache(project), content_of(project)
        quarto.take(project, output, folder)
        pdfs = finish.pdfs(project, quarto.keep_sources(project), content, cache)
        quarto.sweep(project)
        finish.finish(project, folder, content, pdfs, cache)
        # The live preview may come later; its pages need the other files, too.
        finish.complete(project, output, pdfs)
        refuse_mixture(project, content["stamp"]["data"])
        stage.replace_report(project)
        # If its own page is there, Quarto ends on that name, and the report is elsewhere. The live preview
        # renders this page first.
        (output / "index.html").unlink(missing_ok=True)
    return True


def _last_pdfs(project: Project, output: Path, files: Iterable[str]) -> dict[str, bytes]:
    """Return the last good report's PDFs; where one is not there yet, as the embedded engine makes it.

    Parameters
    ----------
    project : Project
        The project.
    output : Path
        Quarto's folder. A PDF in it that Quarto did not make just now is left as it is.
    files : iterable of str
        What Quarto made.
    """
    days = {page["pdf"]: page["date"] for page in content_of(project)["pages"] if page["pdf"]}
    pdfs = {name: path.read_bytes() for name in days if (path := project.report / name).is_file()}
    made = {Path(file).name for file in files}
    absent = {name for name in days if name not in pdfs and (name in made or not (output / name).is_file())}
    if absent:
        from explainer.engines import pandoc

        for page in pandoc.pages_of_prose(project).values():
            if page.pdf in absent:
                pdfs[page.pdf] = finish.typeset(project, pandoc.paper(project, page), days[page.pdf])
    return pdfs
