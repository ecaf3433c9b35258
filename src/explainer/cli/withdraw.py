"""``explainer withdraw``."""

from __future__ import annotations

from typing import Annotated

import typer

from explainer.cli import app

EPILOG = """
Examples:

  explainer withdraw --reason "The page was taken down."        all rows that were struck

  explainer withdraw corroboration "F01_apples; echo_0510" --reason "Read wrongly."
"""


@app.command(epilog=EPILOG)
def withdraw(
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why they go.")],
    table: Annotated[
        str | None, typer.Argument(metavar="TABLE", help="The table it was in.", show_default=False)
    ] = None,
    row: Annotated[
        str | None,
        typer.Argument(metavar="ROW", help="Its ids, as explainer check names them.", show_default=False),
    ] = None,
) -> None:
    """Say why rows were struck from the tables that the report rests on.

    Strike them first, in a spreadsheet or an editor. Sources, what they say, events and figures from
    elsewhere are counted in data/tally.csv, which explainer publish renews; with fewer left, explainer check
    fails until this has been said. A fact is withdrawn by explainer correct FACT --remove.
    """
    from explainer.ledger.row_counts import withdraw as withdraw_rows
    from explainer.system.project import Project

    if not reason.strip():
        raise typer.BadParameter("write why, in a sentence", param_hint="--reason")
    if table is not None and row is None:
        raise typer.BadParameter("name the row too", param_hint="ROW")
    only = None if table is None or row is None else (table, row)
    for name, ids in withdraw_rows(Project.find(), reason.strip(), only):
        typer.echo(f"Withdrawn: {name}, {ids}.")
