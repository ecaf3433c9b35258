"""``explainer publish``."""

from __future__ import annotations

import typer

from explainer.cli import app

EPILOG = """
Examples:

  explainer publish                before the commit that goes out

  explainer correct FACT --help    what to do about a fact that it refuses
"""


@app.command(epilog=EPILOG)
def publish() -> None:
    """Note the facts as they are now as published, in data/published.csv.

    From then on, a fact that changes or goes needs a correction, which readers see: `explainer check` warns
    where there is none, and this command refuses with exit code 1. New facts need none. Nothing but the
    record is written, and it is replaced whole or not at all.
    """
    from explainer.ledger.publish import publish
    from explainer.starter import readiness
    from explainer.system.project import Project

    project = Project.find()
    typer.echo(publish(project))
    if lacking := readiness.missing(project):
        typer.echo(f"Readers will miss: {'; '.join(lacking)}.")
