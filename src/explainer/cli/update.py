"""``explainer update``."""

from __future__ import annotations

from typing import Annotated

import typer

from explainer.cli import app

EPILOG = """
Examples:

  explainer update             after a new release of the library was installed

  explainer update --quarto    also gives the story what `quarto render` reads
"""


@app.command(epilog=EPILOG)
def update(
    quarto: Annotated[
        bool, typer.Option("--quarto", help="Add the filters and templates that `quarto render` reads.")
    ] = False,
) -> None:
    """Bring a story to the installed library.

    That is the version it asks for, the whole description of its data, and what it has for Quarto. Tables,
    notebooks and prose are left alone; `explainer diff` then shows whether readers would see a change.
    """
    from explainer.starter.update import update
    from explainer.system.project import Project

    changed = list(update(Project.find(), quarto=quarto))
    typer.echo(
        f"Written: {', '.join(changed)}." if changed else "Everything is as the installed library has it."
    )
