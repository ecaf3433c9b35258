"""``explainer correct``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from explainer.cli import app, check_choice

if TYPE_CHECKING:
    from explainer.ledger.correct import Correction, CorrectionResult

KINDS = ("transcription", "article")

EPILOG = """
Examples:

  explainer correct arrests --to 31 --exact "31 people" --reason "We had 29; the article says 31."

  explainer correct arrests --reason "We had 29; the article says 31."   what was edited in the sheet by hand

  explainer correct arrests --column status --to attributed --also "attributed_to=The mayor" --reason "..."

  explainer correct arrests --to 31 --exact "31 people" --kind article --on 2031-05-12 --reason "..."

  explainer correct arrests --remove --reason "The article does not say so."
"""


@app.command(epilog=EPILOG)
def correct(
    fact: Annotated[str, typer.Argument(metavar="FACT", help="The fact, by its fact_id.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, in words for readers.")],
    to: Annotated[
        str | None,
        typer.Option(
            metavar="VALUE",
            help="The new value; without it, what was edited in the fact sheet already is recorded.",
            show_default=False,
        ),
    ] = None,
    column: Annotated[
        str, typer.Option(metavar="NAME", help="Which cell of the fact --to is for.")
    ] = "as_printed",
    exact: Annotated[
        str | None,
        typer.Option(
            metavar="WORDS", help="The words that carry it, where they change too.", show_default=False
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=VALUE",
            help="Another cell that changes with it; may be repeated.",
            show_default=False,
        ),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Withdraw the fact: its row leaves the fact sheet.")
    ] = False,
    kind: Annotated[
        str,
        typer.Option(
            help="What was wrong: transcription (of the article, by us), or article (it was changed since)."
        ),
    ] = "transcription",
    on: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The day of the correction; default today.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Correct a fact that was published: edit the fact sheet and add to the log of corrections, or neither.

    Before anything is written, the tables are checked as `explainer check` would find them afterwards. All
    other cells stay as they are, byte for byte. The report shows the correction in its log, and a mark beside
    the fact, once it is rendered again.
    """
    from explainer.ledger.correct import Correction, correct, withdrawal
    from explainer.system.errors import Fault
    from explainer.system.project import Project

    check_choice(kind, KINDS, "--kind")
    if not reason.strip():
        raise typer.BadParameter("readers are told why; write a sentence", param_hint="--reason")
    cells = _cells(to, column, exact, also)
    if remove and cells:
        raise typer.BadParameter("a fact that is withdrawn has no new value", param_hint="--remove")
    correction = Correction(
        fact=fact,
        to=withdrawal() if remove else cells,
        reason=reason.strip(),
        on=on.date() if on else datetime.date.today(),
        kind=kind,
    )
    try:
        result = correct(Project.find(), correction)
    except Fault as fault:
        typer.echo(str(fault), err=True)
        typer.echo("Nothing was changed.", err=True)
        raise typer.Exit(1) from None
    _report(correction, result)


def _cells(to: str | None, column: str, exact: str | None, also: list[str] | None) -> dict[str, str]:
    """Return the new value of each named cell."""
    named = [] if to is None else [(column, to, "--to")]
    named += [] if exact is None else [("exact", exact, "--exact")]
    for pair in also or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair!r} is not COLUMN=VALUE", param_hint="--also")
        named.append((name.strip(), value, "--also"))
    cells: dict[str, str] = {}
    for name, value, option in named:
        if name in cells:
            raise typer.BadParameter(f"{name} is given twice", param_hint=option)
        if name == "as_printed" and not value.strip():
            raise typer.BadParameter("a fact cannot be blank; --remove withdraws it", param_hint=option)
        cells[name] = value.strip()
    return cells


def _report(correction: Correction, result: CorrectionResult) -> None:
    for name, was, now in result.logged:
        typer.echo(
            f"Corrected: {correction.fact}, {name}: {was!r} is now {now!r} ({correction.on.isoformat()})."
        )
    for name in result.set_back:
        typer.echo(f"Set back: {correction.fact}, {name}, to what readers were told; that is no correction.")
    if result.logged:
        typer.echo("Next: explainer publish puts it on record, and explainer render shows it to readers.")
    elif not result.set_back:
        typer.echo(
            f"Warning: {correction.fact} says this already, and readers were told so. Nothing was changed.",
            err=True,
        )
