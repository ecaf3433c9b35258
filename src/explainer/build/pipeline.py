"""One render, from checking the data to the published report."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

from explainer.build import finish, record, stage
from explainer.build.prepare import begin, record_file, refuse_mixture
from explainer.build.record import Record
from explainer.engines import program, quarto
from explainer.system import extension, fingerprint
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project

ENGINES = ("auto", "quarto", "pandoc")
FINISHING = "Setting the PDF and checking the result"


def choose(project: Project, engine: str) -> tuple[Path | None, str]:
    """Return the Quarto to use (none: the embedded engine) and the engine's name and version.

    Raises
    ------
    Fault
        If ``quarto`` is asked for and there is none that works; ``auto`` falls back to the embedded engine.
    """
    path = None if engine == "pandoc" else quarto.find(project)
    if path is not None and extension.is_missing(project):
        if engine == "quarto":
            remedy = "Write it: explainer update --quarto"
            raise Fault("Quarto needs what is missing here", file=extension.FOLDER, remedy=remedy)
        path = None
    if path is not None:
        try:
            return path, f"{quarto.NAME} {quarto.version(path)}"
        except Fault:
            if engine == "quarto":
                raise
    if engine == "quarto":
        raise Fault(
            "no Quarto was found ($QUARTO_PATH, PATH, .venv, conda)",
            remedy="Install it from https://quarto.org, or use --engine pandoc.",
        )
    return None, f"{program.NAME} {program.version()}"


def render(project: Project, engine: str = "auto", log: Callable[[str], Any] = print) -> str:
    """Build the whole report and put it in place of the last one, unless that would give the same report.

    Parameters
    ----------
    project : Project
        The project.
    engine : str
        ``auto`` (Quarto where there is one), ``quarto`` or ``pandoc``.
    log : callable
        Receives what is being done, one line at a time.

    Returns
    -------
    str
        Name and version of the engine.

    Raises
    ------
    Fault
        Whatever is wrong; the last report is then as it was.
    """
    finish.time_stamp(None)  # refused before any work
    with stage.lock(project):
        stage.recover(project)
        path, name = choose(project, engine)
        last = record.read(_record_file(project))
        if (
            last is not None
            and last.inputs == fingerprint.take(project).digest(name)
            and last.outputs == fingerprint.hashes(project.report)
        ):
            for message in last.messages:
                log(message)
            log("Nothing changed: the report is as it was")
            return name
        _build(project, path, name, log)
    return name


def _build(project: Project, path: Path | None, name: str, log: Callable[[str], Any]) -> None:
    """Build the report with the Quarto at `path`, or without, and note what it was made from."""
    folder, cache = stage.fresh(project), Cache(project)
    content, complete = begin(project, log)
    log(f"Rendering with {name}")
    with ThreadPoolExecutor(1) as pool:
        completion = pool.submit(complete)  # while the engine, which does not need it, is at work
        if path is None:
            pdfs = _embedded(project, folder, content, cache, log)
        else:
            sources = quarto.render(project, path, folder)
            log(FINISHING)
            pdfs = finish.pdfs(project, sources, content, cache)
        completion.result()
    prepared = record.read(record_file(project))
    finish.finish(project, folder, content, pdfs, cache)
    refuse_mixture(project, content["stamp"]["data"])
    if path is not None:
        # Quarto's live preview shows Quarto's own folder; its pages need the other files, too.
        finish.complete(project, quarto.output(project), pdfs)
    report = fingerprint.hashes(folder)
    inputs = fingerprint.take(project)
    stage.replace_report(project)
    # An edit of the prose or the theme during the build is for the next build.
    if prepared is not None and prepared.inputs == inputs.digest():
        record.write(_record_file(project), Record(inputs.digest(name), report, prepared.messages))


def _record_file(project: Project) -> Path:
    return project.build / "report.json"


def _embedded(
    project: Project, folder: Path, content: dict[str, Any], cache: Cache, log: Callable[[str], Any]
) -> dict[str, bytes]:
    """Write the pages with Pandoc into `folder`, side by side, and return the PDFs by name.

    Raises
    ------
    Faults
        What is wrong with the pages, in their order; else what is wrong with the PDFs.
    """
    from explainer.engines import pandoc

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pages = pandoc.pages(project)
        days = {page["pdf"]: page["date"] for page in content["pages"]}

        def typeset(page: pandoc.Page) -> bytes:
            return finish.pdf(project, pandoc.paper(project, page, cache), days[page.pdf], cache)

        # PDFs take longest, so that they are begun first.
        pdfs = {page.pdf: pool.submit(typeset, page) for page in pages.values() if page.pdf}
        jobs = [
            pool.submit(pandoc.convert, project, page.path, page.name, "html", folder / address, cache)
            for address, page in pages.items()
        ]
        # Loaded while the other programs work.
        import_module("explainer.verify.pages")
        errors = [error for job in jobs if (error := job.exception())]
        if errors:
            raise _combined(errors)
        log(FINISHING)
        if errors := [error for job in pdfs.values() if (error := job.exception())]:
            raise _combined(errors)
        return {name: job.result() for name, job in pdfs.items()}


def _combined(errors: list[BaseException]) -> BaseException:
    """Return the faults of several jobs as one; an error that is no fault goes first."""
    faults: list[Fault] = []
    for error in errors:
        if not isinstance(error, Fault):
            return error
        faults += error.faults if isinstance(error, Faults) else [error]
    return Faults(faults)
