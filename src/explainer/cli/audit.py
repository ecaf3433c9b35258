"""``explainer audit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from explainer.cli import app, check_choice, print_or_write

FORMATS = ("text", "json")

EPILOG = """
Examples:

  explainer audit article.txt          a copy pasted into a text file

  explainer audit saved-page.html      a page saved in a browser

  explainer audit --format json --output audit.json article.txt

  explainer audit --note-wording article.txt    once the sheet is made
"""


@app.command(epilog=EPILOG)
def audit(
    article: Annotated[
        Path,
        typer.Argument(
            metavar="ARTICLE",
            help="A copy of the article: plain text, or a saved HTML page.",
            show_default=False,
        ),
    ],
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="text, for reading, or json, for programs.")
    ] = "text",
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result to this file.", show_default=False)
    ] = None,
    note_wording: Annotated[
        bool,
        typer.Option(
            "--note-wording",
            help="Note how each paragraph is worded, in the table of paragraphs, if all else is found.",
        ),
    ] = False,
) -> None:
    """Hold the fact sheet against a copy of the article.

    Every selector must stand in the copy exactly once, in its paragraph, and every date, weekday, word for
    time, number and name in it must be in the fact sheet or in the list of what is left out. Where the
    article was changed, each fact that is touched is named with what it said and what it says now. A
    paragraph whose wording was noted and is another now is named too, whichever words those are. How the
    copy is typeset does not matter.
    Nothing is fetched, and nothing is written but FILE and what --note-wording notes. Ends with exit code 1
    when anything is missing, ambiguous or unaccounted for, or a paragraph is not worded as it was when the
    sheet was made.
    """
    import json

    from explainer.article import copies
    from explainer.article.audit import audit as audit_copy
    from explainer.article.audit import report, wording
    from explainer.system.errors import Fault
    from explainer.system.project import Project

    check_choice(form, FORMATS, "--format")
    if output is not None and output.resolve() == article.resolve():
        raise typer.BadParameter("that is the article itself", param_hint="--output")
    project = Project.find()
    copy = copies.read(article)
    result = audit_copy(project, copy)
    table = result.sheet.files["paragraphs"]
    noted = note_wording and result.accounted
    if noted:
        wording.note(project, table, result.located.paragraphs)
        result = audit_copy(project, copy)
    text = (
        json.dumps(report.as_data(result), ensure_ascii=False, indent=1) + "\n"
        if form == "json"
        else report.as_text(result)
    )
    print_or_write(text, output)
    if noted:
        typer.echo(f"Noted: {table}", err=True)
    elif note_wording:
        raise Fault(
            "no wording is noted, since not everything is found in this copy",
            file=table,
            remedy="Settle what the audit names first, or get a copy that was not changed",
        )
    if not result.complete:
        raise typer.Exit(1)
