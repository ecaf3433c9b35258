"""``explainer post-render``."""

from __future__ import annotations

import typer

from explainer.cli import app


@app.command("post-render")
def post_render() -> None:
    """Check and publish what Quarto made; `_quarto.yml` calls this after a plain `quarto render`."""
    from explainer.build import steps
    from explainer.cli.render import say_what_is_missing
    from explainer.system.project import Project

    project = Project.find()
    if steps.done():
        return
    if steps.after(project):
        say_what_is_missing(project)
        # Last, as the one line that everybody reads.
        typer.echo(f"Published: {project.relative(project.report / 'index.html')}")
    else:
        typer.echo(
            "A part of the report was rendered; _report is as it was. `quarto render` makes all of it."
        )
