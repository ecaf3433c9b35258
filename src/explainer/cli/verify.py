"""``explainer verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explainer.acceptance.weight import LIMIT
from explainer.cli import app, check_choice

EPILOG = """
Examples:

  explainer verify                      with what this machine has

  explainer verify --copies copies      with copies/article.txt, copies/SOURCE_ID.html, ...

  explainer verify --most-bytes 150000  for a first page that may weigh more
"""


@app.command(epilog=EPILOG)
def verify(
    engine: Annotated[
        str,
        typer.Option(help="auto (Quarto where there is one), quarto, or pandoc, which needs nothing else."),
    ] = "auto",
    copies: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Copies of the article (article.txt or .html) and of sources (SOURCE_ID.html), in which "
            "links with text fragments are tried.",
            show_default=False,
        ),
    ] = None,
    most_bytes: Annotated[
        int, typer.Option(metavar="BYTES", min=1, help="What the first page may weigh before a click.")
    ] = LIMIT,
) -> None:
    """Say in one screen what holds of the report: sameness, links, weight, access.

    The report is built twice in temporary folders, under circumstances that must make no difference, and by
    the other engine too where Quarto is found. Every link of every page is looked up, every text fragment is
    tried in the copies that are given, and a browser, where one is found, weighs the first page and lets
    axe-core read the pages. Each line says what holds, what fails, or what was not checked and why. Nothing
    is fetched, and nothing in the folder is changed. Ends with exit code 1 when anything fails.
    """
    from explainer.acceptance.finding import Outcome
    from explainer.acceptance.run import verify as verify_report
    from explainer.build import pipeline
    from explainer.system.project import Project

    check_choice(engine, pipeline.ENGINES, "--engine")
    failed, last = False, ""
    findings = verify_report(
        Project.find(),
        engine,
        copies_folder=copies,
        most_bytes=most_bytes,
        log=lambda line: typer.echo(line, err=True),
    )
    for heading, finding in findings:
        if heading != last:
            typer.echo(heading)
        last = heading
        typer.echo("\n".join(finding.lines()))
        failed = failed or finding.outcome is Outcome.FAILS
    if failed:
        raise typer.Exit(1)
