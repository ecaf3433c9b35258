"""One render, from checking the data to the published report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from explainer.build import finish, stage
from explainer.build.prepare import prepare
from explainer.engines import pandoc, quarto
from explainer.report import site
from explainer.system.errors import Fault
from explainer.system.files import write_bytes
from explainer.system.project import Project

ENGINES = ("auto", "quarto", "pandoc")


def choose(project: Project, engine: str) -> tuple[Path | None, str]:
    """Return the Quarto to use (none: the embedded engine) and the engine's name and version.

    Raises
    ------
    Fault
        If Quarto is asked for and cannot be had. With ``auto`` it is done without.
    """
    path = None if engine == "pandoc" else quarto.find(project)
    if path is None:
        if engine == "quarto":
            raise Fault(
                "no Quarto was found ($QUARTO_PATH, PATH, .venv, conda)",
                remedy="Install it from https://quarto.org, or use --engine pandoc.",
            )
        return None, f"{pandoc.NAME} {pandoc.version()}"
    try:
        return path, f"{quarto.NAME} {quarto.version(path)}"
    except Fault:
        if engine == "quarto":
            raise
        return None, f"{pandoc.NAME} {pandoc.version()}"


def render(project: Project, engine: str = "auto", say: Callable[[str], Any] = print) -> str:
    """Build the whole report and put it in place of the last one.

    Parameters
    ----------
    project : Project
        The project.
    engine : str
        ``auto`` (Quarto where there is one), ``quarto`` or ``pandoc``.
    say : callable
        Told what is being done, one line at a time.

    Returns
    -------
    str
        Name and version of the engine.

    Raises
    ------
    Fault
        Whatever is wrong; the last report is then as it was.
    """
    with stage.lock(project):
        path, name = choose(project, engine)
        folder = stage.fresh(project)
        content = prepare(project, say)
        say(f"Rendering with {name}")
        source = pandoc.render(project, folder) if path is None else quarto.render(project, path, folder)
        say("Setting the PDF and checking the result")
        finish.finish(project, folder, source)
        finish.refuse_mixture(project, content)
        if path is not None:
            # Quarto's live preview shows Quarto's own folder; its pages want what is beside them, too.
            finish.beside(project, quarto.output(project))
            write_bytes(quarto.output(project) / site.PDF, (folder / site.PDF).read_bytes())
        stage.publish(project)
    return name
