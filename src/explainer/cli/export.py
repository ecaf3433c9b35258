"""``explainer export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explainer.cli import app, print_or_write

EPILOG = """
Examples:

  explainer export --annotations                        to the screen

  explainer export --annotations --output facts.jsonld  to a file
"""


@app.command(epilog=EPILOG)
def export(
    annotations: Annotated[
        bool,
        typer.Option("--annotations", help="The fact sheet as W3C Web Annotations (JSON-LD)."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write to this file instead of the screen.", show_default=False),
    ] = None,
) -> None:
    """Give the fact sheet to other programs.

    With --annotations, each fact becomes a Web Annotation: the body is its statement with its status, the
    target the article with a TextQuoteSelector for the words it rests on. Every render puts the same file
    beside the report, as facts.jsonld.
    """
    from explainer.evidence import annotations as web
    from explainer.system.project import Project

    if not annotations:
        raise typer.BadParameter("say what to export", param_hint="--annotations")
    print_or_write(web.to_json(Project.find()), output)
