"""``explainer diff``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explainer.cli import app, check_choice, print_or_write

FORMATS = ("text", "markdown", "html")
#: The format of a file, where no option names it.
ENDINGS = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}

EPILOG = """
Examples:

  explainer diff                              since the last commit

  explainer diff HEAD~3                       since an older one

  explainer diff v1 --to v2                   between two

  explainer diff ../copy-of-the-project       from another folder

  explainer diff --output changes.html        a page to send around, charts side by side
"""


@app.command(epilog=EPILOG)
def diff(
    revision: Annotated[
        str,
        typer.Argument(metavar="[REV]", help="The side before: a git revision, or a folder with a project."),
    ] = "HEAD",
    to: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="The side after, a revision or a folder; default the project as it is now.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="text, for reading, markdown, for a review, or html, with the charts; default by FILE.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result to this file.", show_default=False)
    ] = None,
) -> None:
    """Show what an edit does to the report: facts, sentences, charts, tables, badges, before and after.

    What readers cannot see, such as rows in another order or other quotation marks in a table, is no change.
    Both sides are made by the theme and library of this folder, in _build/diff; nothing else is written, and
    the project need not be rendered first. Ends with exit code 0 whether there are changes or not.
    """
    from explainer.diff.compare import diff as compare
    from explainer.diff.report_html import as_html
    from explainer.diff.report_markdown import as_markdown
    from explainer.diff.report_text import as_text
    from explainer.system.project import Project
    from explainer.system.terminal import has_color

    form = form or ENDINGS.get(output.suffix.lower() if output else "", "text")
    check_choice(form, FORMATS, "--format")
    changes = compare(Project.find(), revision, to, lambda line: typer.echo(line, err=True))
    if form == "text":
        text = as_text(changes, color=output is None and has_color())
    else:
        text = {"markdown": as_markdown, "html": as_html}[form](changes)
    print_or_write(text, output)
