"""The step before either engine: check the data, run the notebooks, write what the filters read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from explainer.faults import Faults
from explainer.project import Project
from explainer.render import check, finish, site

if TYPE_CHECKING:
    from explainer.run.pool import Pool


def prepare(
    project: Project, say: Callable[[str], Any] = print, kernels: Pool | None = None
) -> dict[str, Any]:
    """Bring everything up to date that a page is made of, and return what ``site.json`` holds.

    Parameters
    ----------
    project : Project
        The project.
    say : callable
        Told what is being done, one line at a time.
    kernels : Pool, optional
        Kernels that were started ahead, for the notebooks.

    Raises
    ------
    Faults
        Everything that is wrong with the data, the notebooks or the prose.
    """
    # Imported when needed: pandas and the kernels' machinery take a second to load.
    from explainer import citations, derivations, evidence, figures, messages, package, variables
    from explainer.publish import build
    from explainer.run import run

    finish.sweep(project)
    say("Checking the data")
    # Tables that notebooks write may be behind an edit until they have run.
    found = package.Check(project, made=False)
    if found.faults:
        raise Faults(found.faults)
    for caution in found.warnings:
        say(f"  {caution.level}: {caution}")
    for line in messages.told(found.repairs):
        say(f"  Read as meant: {line}")
    say("Running the notebooks that changed")
    run(project, kernels=kernels)
    # Now all tables, with those that the notebooks wrote.
    if faults := package.check(project):
        raise Faults(faults)
    say("Collecting figures, values and sources")
    seen = site.stamp(project)
    values = variables.write(project)
    facts = evidence.write(project)
    collected = figures.collect(project)
    references = citations.write(project)
    if faults := check.check(project, site.flatten(values), collected, facts, references):
        raise Faults(faults)
    content = site.collect(project, values, derivations.collect(project, facts))
    say("Drawing the files beside the pages")
    embedding = {
        "cited": check.cited(project, references),
        "embed_css": site.css(project, "embed.css", "LibreFranklin-*.woff2").replace("@up@", "../"),
    }
    made = build.build(project, content | embedding, site.front_matter(project), collected, say)
    figures.write(project, collected)
    finish.refuse_mixture(project, {"stamp": seen})
    return site.write(project, content | made)
