"""``explainer new``."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from explainer.cli import app

EPILOG = """
Examples:

  explainer new ferry                                  a small made-up story, to look around in

  explainer new storm --article storm.html             drafted from a saved page

  explainer new storm --article storm.txt --outlet "The Gull" --dateline 2035-01-08
"""


@app.command(epilog=EPILOG)
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its folder: letters, digits and hyphens.")],
    article: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A copy of the article: plain text or an HTML page.")
    ] = None,
    outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
    url: Annotated[str, typer.Option(help="Where it can be read.")] = "",
    dateline: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day it was published, where the text does not give it."),
    ] = None,
    author: Annotated[str, typer.Option(help="Who wrote it, where no byline says so.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA name of the zone in which its days are counted.")] = "",
    quarto: Annotated[
        bool, typer.Option("--quarto", help="Add the filters and templates that `quarto render` reads.")
    ] = False,
) -> None:
    """Begin a story in a new folder: tables, notebooks, prose and tests that render as they stand.

    With an article, its fact sheet is drafted by the rules of `explainer extract`, for an editor to accept
    row by row; the copy itself is not taken over. Nothing is asked, and nothing is half-written: if the name
    or the article will not do, a message says why, and there is no folder.
    """
    from explainer.draft.sheet import Details
    from explainer.starter.new import create

    if article is None and any((outlet, url, dateline, author, timezone)):
        raise typer.BadParameter("these describe an article, and none is given", param_hint="--article")
    day = dateline.date() if dateline else None
    details = Details(day, outlet.strip(), url.strip(), author.strip(), timezone.strip())
    story = create(Path.cwd(), name, article, details, quarto=quarto)
    typer.echo(f"{name}: a story of {story.facts} facts. {story.committed}")
    if story.missing:
        typer.echo("Before it is published, it lacks:")
        for lack in story.missing:
            typer.echo(f"  - {lack}")
    typer.echo(f"Next: cd {name}, explainer render, and README.md says how to go on.")
