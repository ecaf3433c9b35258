"""``explainer check``."""

from __future__ import annotations

import typer

from explainer.cli import app


@app.command()
def check() -> None:
    """Check every table against its description and print all faults at once.

    Each fault names file, row (as a spreadsheet shows it; the header is row 1) and column, says what is wrong
    and what to do. Warnings are marked as such. Nothing is written. Ends with exit code 1 when there is a
    fault, and with 0 when there are only warnings.
    """
    from explainer.package import Check
    from explainer.project import Project

    found = Check(Project.find())
    for fault in found.faults:
        typer.echo(str(fault))
    for caution in found.warnings:
        typer.echo(f"{caution.level}: {caution}")
    extent = f"{found.tables} tables, {found.rows} rows"
    verdict = _counted(len(found.faults), "fault")
    if found.warnings:
        verdict += f", {_counted(len(found.warnings), 'warning')}"
    typer.echo(f"{extent}: {verdict}")
    if found.faults:
        raise typer.Exit(1)


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'s' if count > 1 else ''}"
