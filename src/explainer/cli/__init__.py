"""The ``explainer`` program: one command per module."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer

from explainer.system.errors import Fault
from explainer.system.files import refused, sweep_parts, write_text

LIBRARY = Path(__file__).parents[1]

app = typer.Typer(
    name="explainer",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)


def check_choice(value: str, choices: Collection[str], option: str) -> None:
    """Refuse an option whose value is not one of its choices."""
    if value not in choices:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(choices)}", param_hint=option)


def print_or_write(text: str, output: Path | None) -> None:
    """Write a result to a file, or print it where none is named."""
    if output is None:
        typer.echo(text, nl=False)
    else:
        write_text(output, text)
        typer.echo(f"Written: {output}")


def _print_version(requested: bool) -> None:
    """Print the version of the installed package and exit, if requested."""
    if requested:
        from explainer.system.release import version

        typer.echo(f"explainer {version()}")
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
    """Finish what a killed command has begun, before anything else reads it, and remove what it left."""
    from explainer.build import stage
    from explainer.system import temporary
    from explainer.system.project import Project
    from explainer.system.transaction import recover

    temporary.sweep()
    sweep_parts([Path.cwd()])
    try:
        project = Project.find()
    except Fault:  # outside a project there is nothing to finish
        return
    for message in (recover(project), stage.recover_if_idle(project)):
        if message:
            typer.echo(message, err=True)


def _register() -> None:
    """Let each module of this package add its command to `app`."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        importlib.import_module(f"{__name__}.{module.name}")


def _import_fault(error: SyntaxError | ImportError) -> Fault:
    """Return the fault of a line of the library that cannot be parsed, or of an import that fails."""
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
        remedy="Mend the line, or install the library again, with everything that it needs.",
    )


def main() -> None:
    """Run the program; print faults, and errors of the system such as a full disk, and exit with code 1.

    A reader that ends early, as ``head`` does, is no fault.
    """
    try:
        if sys.flags.optimize > 1:
            what = "Python leaves out docstrings, and Altair cannot be imported without"
            raise Fault(what, remedy="Unset PYTHONOPTIMIZE, or set it to 1.")
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
