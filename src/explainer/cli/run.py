"""``explainer run``: bring the notebooks up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from explainer.cli import app

if TYPE_CHECKING:
    from explainer.notebooks.runner import Plan

EPILOG = """
Examples:

  explainer run                    whatever changed

  explainer run 3-topic            one notebook, and what it needs

  explainer run --force 3-topic    the same even if nothing changed

  explainer run --list             what would run, and why
"""


@app.command(epilog=EPILOG)
def run(
    notebook: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NOTEBOOK]...", help="Names such as 3-topic or notebooks/3-topic.ipynb; default all."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run even where nothing changed (those named, or all).")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Notebooks to run at one time; default one a processor.")
    ] = None,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds that one cell may take.")] = 600,
    list_only: Annotated[
        bool, typer.Option("--list", help="Say what would run and why, and run nothing.")
    ] = False,
) -> None:
    """Execute the notebooks whose cells, data, library or lock changed, in the order their tables ask for.

    Notebooks that do not need each other run side by side, each in a fresh kernel. When a cell fails,
    notebook, cell, line and message are shown, the tables and the notebook stay as they were, and the exit
    code is 1.
    """
    from explainer.data import description
    from explainer.notebooks import codespaces, runner
    from explainer.system.project import Project

    project = Project.find()
    description.refresh(project)
    codespaces.refresh(project)
    if list_only:
        _list(runner.plan(project, notebook))
        return
    report = runner.run(project, force=force, only=notebook, workers=workers, timeout=timeout)
    ran, current = len(report.ran), len(report.current)
    typer.echo(f"{ran} run, {current} up to date.")


def _list(plan: Plan) -> None:
    """Print each chosen notebook with what it loads and saves and why it would run."""
    from explainer.notebooks import runner

    going: set[str] = set()
    for name in plan.graph.order():
        if name not in plan.chosen:
            continue
        uses = plan.graph.uses[name]
        why = runner.reasons(plan.project, plan.graph.notebooks[name])
        why += [
            f"{needed} runs before, and may change what it loads"
            for needed in sorted(plan.graph.needs[name] & going)
        ]
        if why:
            going.add(name)
        typer.echo(f"{name}: " + ("would run" if why else "up to date"))
        for reason in why:
            typer.echo(f"    {reason}")
        typer.echo(f"    loads {', '.join(sorted(uses.reads)) or 'nothing'}")
        typer.echo(f"    saves {', '.join(sorted(uses.writes)) or 'nothing'}")
