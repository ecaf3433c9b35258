"""``explainer check``."""

from __future__ import annotations

import typer

from explainer.cli import app


@app.command()
def check() -> None:
    """Check every table against its description and print all faults at once.

    Each fault names file, row (as a spreadsheet shows it; the header is row 1) and column, says what is wrong
    and what to do. Nothing is written. Ends with exit code 1 when there is a fault.
    """
    from explainer.package import Check
    from explainer.project import Project

    found = Check(Project.find())
    for fault in found.faults:
        typer.echo(str(fault))
    extent = f"{found.tables} tables, {found.rows} rows"
    if found.faults:
        count = len(found.faults)
        typer.echo(f"{extent}: {count} fault{'s' if count > 1 else ''}")
        raise typer.Exit(1)
    typer.echo(f"{extent}: no fault")
