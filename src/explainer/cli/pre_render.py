"""``explainer pre-render``."""

from __future__ import annotations

import typer

from explainer.cli import app


@app.command("pre-render")
def pre_render() -> None:
    """Prepare for a render; `_quarto.yml` calls this before a plain `quarto render`.

    Checks the data, runs the notebooks that changed, and writes values, figures and sources for the page.
    """
    from explainer.build import steps
    from explainer.system.project import Project

    steps.before(Project.find(), typer.echo)
