"""The step before either engine: check the data, run the notebooks, write what the filters read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from explainer.build import collect, finish
from explainer.engines import quarto
from explainer.ledger.data_check import DataCheck
from explainer.report import site
from explainer.system.errors import Faults
from explainer.system.project import Project
from explainer.verify import prose

if TYPE_CHECKING:
    from explainer.notebooks.progress import Listener


def prepare(
    project: Project, say: Callable[[str], Any] = print, progress: Listener | None = None
) -> dict[str, Any]:
    """Bring everything up to date that a page is made of, and return what ``site.json`` holds.

    Parameters
    ----------
    project : Project
        The project.
    say : callable
        Told what is being done, one line at a time.
    progress : Listener, optional
        Told how the notebooks get on.

    Raises
    ------
    Faults
        Everything that is wrong with the data, the notebooks or the prose.
    """
    # Imported when needed: pandas and the kernels' machinery take a second to load.
    from explainer.data import variables
    from explainer.notebooks import run
    from explainer.report import figures
    from explainer.report.files import build
    from explainer.verify import messages

    quarto.sweep(project)
    say("Checking the data")
    # Tables that notebooks write may be behind an edit until they have run.
    checked = DataCheck(project, made=False)
    if checked.faults:
        raise Faults(checked.faults)
    for caution in checked.warnings:
        say(f"  {caution.level}: {caution}")
    for line in messages.told(checked.repairs):
        say(f"  Read as meant: {line}")
    say("Running the notebooks that changed")
    run(project, progress=progress)
    # Now all tables, with those that the notebooks wrote.
    if faults := DataCheck(project).faults:
        raise Faults(faults)
    say("Collecting figures, values and sources")
    seen = site.stamp(project)
    found = collect.gather(project)
    content = collect.content(project, found)
    say("Drawing the files beside the pages")
    embedding = {
        "cited": prose.cited(project, found.references),
        "embed_css": site.css(project, "embed.css", "LibreFranklin-*.woff2").replace("@up@", "../"),
    }
    front = site.front_matter(project)
    made = build.build(project, content | embedding, front, found.figures, say)
    figures.write(project, found.figures)
    variables.write(project, found.variables)
    finish.refuse_mixture(project, {"stamp": seen})
    return site.write(project, content | made)
