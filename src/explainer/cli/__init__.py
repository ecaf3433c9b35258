"""The ``explainer`` program: one command per module."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from contextlib import suppress

import typer

from explainer.faults import Fault

app = typer.Typer(
    name="explainer",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def _program() -> None:
    """Check, run and render a report whose every number traces to the words it came from."""
    # A callback keeps `explainer check` two words even where only one command has been registered.
    _recover()


def _recover() -> None:
    """Finish an edit of the tables that was killed halfway, before anything else reads them."""
    from explainer.project import Project
    from explainer.transaction import recover

    with suppress(Fault):  # outside a project there is nothing to finish
        if told := recover(Project.find()):
            typer.echo(told, err=True)


def _register() -> None:
    """Let each module of this package add its command to `app`."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        importlib.import_module(f"{__name__}.{module.name}")


def main() -> None:
    """Run the program; a fault is printed as text and ends with exit code 1."""
    _register()
    try:
        app()
    except Fault as fault:
        typer.echo(str(fault), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped. Nothing was overwritten.", err=True)
        sys.exit(130)
