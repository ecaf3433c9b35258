"""``explainer export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explainer.cli import app, check_choice, print_or_write

if TYPE_CHECKING:
    from explainer.system.project import Project

EPILOG = """
Examples:

  explainer export                                      every form of the tables, into _build/export

  explainer export xlsx --output /tmp                   the workbook only, into another folder

  explainer export --annotations                        the fact sheet, to the screen

  explainer export --annotations --output facts.jsonld  to a file
"""


@app.command(epilog=EPILOG)
def export(
    forms: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FORMAT]...",
            help="csv, json, zip, sqlite, xlsx, parquet, croissant, ro-crate or checksums (default: all).",
            show_default=False,
        ),
    ] = None,
    annotations: Annotated[
        bool,
        typer.Option("--annotations", help="The fact sheet as W3C Web Annotations (JSON-LD)."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A folder (default: _build/export); with --annotations, a file (default: the screen).",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Give the tables, or the fact sheet, to other programs.

    The data are checked and the notebooks that changed are run first. Every render puts the same files into
    the report, below data/; a report is replaced whole, so that nothing is written there. What stands in the
    folder already is kept, and a file of the same name is replaced.

    With --annotations, each fact becomes a Web Annotation: the body is its statement with its status, the
    target the article with a TextQuoteSelector for the words it rests on. Every render puts the same file
    beside the report, as facts.jsonld.
    """
    from explainer.evidence import annotations as web
    from explainer.export import formats
    from explainer.report.files import address
    from explainer.report.pages import read_pages
    from explainer.system.project import Project

    if annotations and forms:
        raise typer.BadParameter("goes without formats of the tables", param_hint="--annotations")
    for form in forms or ():
        check_choice(form, formats.CHOICES, "FORMAT")
    project = Project.find()
    if annotations:
        index = read_pages(project)[0]
        print_or_write(web.to_json(project, address.home(index.head, index.file)), output)
    else:
        _write_tables(project, tuple(forms or ()), output or project.build / "export")


def _write_tables(project: Project, forms: tuple[str, ...], folder: Path) -> None:
    """Write some forms of the tables, or all that can be made, and say what could not."""
    from explainer.build import prepare, stage
    from explainer.export import formats, parquet
    from explainer.system import transaction
    from explainer.system.errors import Faults

    every = tuple(name for name in formats.CHOICES if name != "parquet" or parquet.is_installed())
    with stage.lock(project, "An export was interrupted."):
        prepare.check_and_run(project, typer.echo)
        files, faults = formats.make(formats.read(project), forms or every)
    with transaction.lock(project):
        contents = {folder.absolute() / path: content for path, content in files.items()}
        transaction.replace(project, contents, f"The export to {folder}")
    for path in files:
        typer.echo(f"Written: {folder / path}")
    if faults:
        raise Faults(faults)
