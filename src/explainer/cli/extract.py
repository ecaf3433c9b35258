"""``explainer extract``: a first fact sheet for another article."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explainer.cli import app

if TYPE_CHECKING:
    from explainer.draft.sheet import DraftTables

EPILOG = """
Examples:

  explainer extract storm.txt > facts.csv                       the fact sheet alone

  explainer extract storm.html --output drafts/storm            facts.csv, paragraphs.csv, article.csv

  explainer extract storm.txt --dateline 2035-01-08 --outlet "The Gull" -o drafts/storm
"""


@app.command(epilog=EPILOG)
def extract(
    article: Annotated[Path, typer.Argument(metavar="ARTICLE", help="A copy: plain text or an HTML page.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Where the tables go; default facts.csv to standard output.",
        ),
    ] = None,
    dateline: Annotated[
        datetime.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day it was published, where the text does not give it."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace tables that are already there.")] = False,
    outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
    url: Annotated[str, typer.Option(help="Where it can be read.")] = "",
    author: Annotated[str, typer.Option(help="Who wrote it, where no byline says so.")] = "",
    timezone: Annotated[str, typer.Option(help="IANA name of the zone in which its days are counted.")] = "",
) -> None:
    """Propose a fact sheet for any news article, row by row, for an editor to accept or strike.

    Rules of English news style find dates, times and stretches of time (resolved against the dateline),
    counts and measures with their unit, money, ages, percentages, people, organizations and places. Every row
    has a selector that finds its words once, and a note that says "proposed" and by which rule. Rules miss
    things and mistake others: read every row against the article.
    """
    from explainer.draft.sheet import Details, draft
    from explainer.system.project import Project

    day = dateline.date() if dateline else None
    details = Details(day, outlet.strip(), url.strip(), author.strip(), timezone.strip())
    project = Project.find()
    tables = draft(article, project, details)
    if output is None:
        typer.echo(tables.csv("facts").decode("utf-8"), nl=False)
    else:
        for path in tables.write(project, output, force=force):
            typer.echo(str(path))
    _summarize(tables)


def _summarize(tables: DraftTables) -> None:
    """Say on standard error what was proposed and what an editor has to look at."""
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, highlight=False)
    table = Table(
        "Kind", title=f"Proposed, dates seen from {tables.proposals.dateline}", title_justify="left"
    )
    for heading in ("Stated", "Attributed", "All"):
        table.add_column(heading, justify="right")
    by_kind = tables.by_kind()
    for kind, counted in by_kind.items():
        table.add_row(kind, str(counted["stated"]), str(counted["attributed"]), str(counted.total()))
    total = [sum(counted[status] for counted in by_kind.values()) for status in ("stated", "attributed")]
    table.add_section()
    table.add_row("all", *map(str, total), str(sum(total)))
    console.print(table)
    skipped = tables.proposals.skipped
    if skipped:
        console.print(f"Seen and not proposed ({len(skipped)}):")
        for paragraph, item in skipped:
            console.print(f"  paragraph {paragraph}: {item.printed} ({item.reason})", markup=False)
    if tables.to_fill:
        console.print(f"Left to fill in article.csv: {', '.join(tables.to_fill)}.")
