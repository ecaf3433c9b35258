"""``explainer check``."""

from __future__ import annotations

from typing import Annotated

import typer

from explainer.cli import app, check_choice
from explainer.cli.several import Folders, run_in_each

EPILOG = """
Examples:

  explainer check                    every fault at once, and every repair

  explainer check --fix              write the repairs; the rest is still listed

  explainer check --format json      for a program: see docs/check.md

  explainer check --format github    errors beside the lines of a review on GitHub

  explainer check stories/*          every story of a desk, a line each
"""


@app.command(epilog=EPILOG)
def check(
    folders: Folders = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Write the tables that can be repaired as they were read.")
    ] = False,
    form: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="text, for reading; json, for programs; or github."),
    ] = "text",
) -> None:
    """Check every table against its description and print all faults at once.

    Each fault names file, row (as a spreadsheet shows it; the header is row 1) and column, says what is wrong
    and what to do. What a spreadsheet wrote in its own way (semicolons, 7/27/2018, TRUE, spaces at the end)
    is read as it was meant where it can mean one thing only, and said; the report is built from that
    reading. Nothing is written without --fix. Ends with exit code 1 when there is a fault.

    Of several stories, each gets a line, and those with faults all of them; none keeps another from being
    checked.
    """
    from explainer.ledger.data_check import DataCheck
    from explainer.system.project import Project
    from explainer.system.terminal import has_color
    from explainer.verify import messages

    check_choice(form, messages.FORMATS, "--format")
    if folders:
        if form != "text":
            raise typer.BadParameter("is for one story, in its own folder", param_hint=f"--format {form}")
        run_in_each(folders, ["check", *(["--fix"] if fix else [])], lambda text: text.splitlines()[-1])
        return
    result = DataCheck(Project.find())
    fixed = list(result.fix()) if fix else []
    if form == "json":
        text = messages.as_json(result, fixed)
    elif form == "github":
        text = messages.as_github(result, fixed)
    else:
        text = messages.as_text(result, fixed, color=has_color())
    typer.echo(text, nl=False)
    if result.faults:
        raise typer.Exit(1)
