"""The ``explainer`` program: one command per module."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from contextlib import suppress

import typer

from explainer.faults import Fault
from explainer.files import refused

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
    """Run the program; a fault is printed as text and ends with exit code 1.

    So is what the system refuses, such as space on a full disk. A reader that goes away early, as ``head``
    does, is no fault.
    """
    _register()
    try:
        app()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Fault as fault:
        typer.echo(str(fault), err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(str(refused(error)), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped. What was not finished is as it was.", err=True)
        sys.exit(130)
