"""The ``explainer`` program: one command per module."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from explainer.system.errors import Fault
from explainer.system.files import refused

LIBRARY = Path(__file__).parents[1]
DISTRIBUTION = "pars-explainer"

app = typer.Typer(
    name="explainer",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def _print_version(requested: bool) -> None:
    """Print the version of the installed package and end, if that is asked for."""
    if requested:
        from importlib.metadata import version

        typer.echo(f"explainer {version(DISTRIBUTION)}")
        raise typer.Exit()


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Check, run and render a report whose every number traces to the words it came from."""
    # A callback keeps `explainer check` two words even where only one command has been registered.
    _recover()


def _recover() -> None:
    """Finish an edit of the tables that was killed halfway, before anything else reads them."""
    from explainer.system.project import Project
    from explainer.system.transaction import recover

    with suppress(Fault):  # outside a project there is nothing to finish
        if message := recover(Project.find()):
            typer.echo(message, err=True)


def _register() -> None:
    """Let each module of this package add its command to `app`."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        importlib.import_module(f"{__name__}.{module.name}")


def _import_fault(error: SyntaxError | ImportError) -> Fault:
    """Say which line of the library cannot be read, or which of its imports finds nothing."""
    file, row = getattr(error, "filename", None), getattr(error, "lineno", None)
    if file is None:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if Path(frame.filename).is_relative_to(LIBRARY)]
        file, row = (own[-1].filename, own[-1].lineno) if own else (None, None)
    if file and Path(file).is_relative_to(LIBRARY):
        file = f"src/explainer/{Path(file).relative_to(LIBRARY).as_posix()}"
    if isinstance(error, SyntaxError):
        return Fault(f"is not valid Python: {error.msg}", file=file, row=row, remedy="Mend the line.")
    return Fault(
        f"an import found nothing: {error}",
        file=file,
        row=row,
        remedy="Mend the line, or set the environment up again: make distclean report.",
    )


def main() -> None:
    """Run the program; a fault is printed as text and ends with exit code 1.

    So is what the system refuses, such as space on a full disk. A reader that goes away early, as ``head``
    does, is no fault.
    """
    try:
        _register()
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
    except (SyntaxError, ImportError) as error:
        typer.echo(str(_import_fault(error)), err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("Stopped. What was not finished is as it was.", err=True)
        sys.exit(130)
