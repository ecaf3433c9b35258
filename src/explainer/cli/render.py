"""``explainer render``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from explainer.cli import app, check_choice
from explainer.cli.several import Folders, run_in_each

if TYPE_CHECKING:
    from explainer.system.project import Project

RENDERED = "Rendered with "
EPILOG = """
Examples:

  explainer render                     with Quarto, where there is one

  explainer render --engine pandoc     with nothing but what set-up installed

  explainer render stories/*           every story of a desk, a line each
"""


@app.command(epilog=EPILOG)
def render(
    folders: Folders = None,
    engine: Annotated[
        str,
        typer.Option(help="auto (Quarto where there is one), quarto, or pandoc, which needs nothing else."),
    ] = "auto",
) -> None:
    """Check the data, run the notebooks that changed, and build page, PDF and notebook pages into _report.

    The report is built beside the last one and takes its place only when all of it is good; after any fault
    the last report is as it was. So it is when a build is stopped, or the disk is full; two builds
    at once are refused. Where nothing changed since the last build, nothing is done.

    Of several stories, each gets a line, and those that could not be rendered all that is wrong; none keeps
    another from being rendered.
    """
    from explainer.build import pipeline
    from explainer.report.layout import DATA, EMBEDS
    from explainer.system.project import Project

    check_choice(engine, pipeline.ENGINES, "--engine")
    if folders:
        run_in_each(folders, ["render", "--engine", engine], _summarize)
        return
    project = Project.find()
    name = pipeline.render(project, engine, typer.echo)
    say_what_is_missing(project)
    typer.echo(f"{RENDERED}{name}:")
    page = project.report / "index.html"
    # The page comes last, as the one line that everybody reads.
    for path in sorted(project.report.rglob("*"), key=lambda path: (path == page, path)):
        is_one_of_many = path.parent.name == EMBEDS or (
            path.parent.name == DATA and path.name != "index.html"
        )
        if path.suffix in (".html", ".pdf") and not is_one_of_many:
            typer.echo(f"  {project.relative(path)}")


def _summarize(text: str) -> str:
    """Return the line that names the engine, and whether there was anything to do."""
    unchanged = ", nothing changed" if "Nothing changed:" in text else ""
    return next(line for line in text.splitlines() if line.startswith(RENDERED)).rstrip(":") + unchanged


def say_what_is_missing(project: Project) -> None:
    """Print what readers of a published report would look for and the front matter does not say."""
    from explainer.build.prepare import content_of

    if missing := content_of(project)["missing"]:
        typer.echo(f"Missing for publication in the front matter of {project.relative(project.index)}:")
        for line in missing:
            typer.echo(f"  {line}")
