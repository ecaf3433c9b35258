"""``explainer preview``."""

from __future__ import annotations

from typing import Annotated

import typer

from explainer.cli import app

PORT = 8042
EPILOG = """
Examples:

  explainer preview                  build, serve, and open the browser

  explainer preview --port 9000      where the usual port is taken (0: any that is free)

  explainer preview --no-browser     where there is no screen
"""


@app.command(epilog=EPILOG)
def preview(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port, on this machine alone.")] = PORT,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    engine: Annotated[
        str, typer.Option(help="pandoc; Quarto has `quarto preview`, which watches pages and tables.")
    ] = "pandoc",
) -> None:
    """Show the report in a browser, and every edit as it is saved.

    Watches data, notebooks, prose, theme and library. After an edit, the notebooks that it reaches run from
    the top, and everything is checked; only then is the page shown. What is wrong is shown over the last good
    page. The PDF follows when there has been no edit for a moment. Notebooks and tidy tables are written as
    `explainer run` writes them; pages go to _build/preview, and _report is left alone: `explainer render`
    makes the report.
    Ctrl-C ends it.
    """
    import signal
    import webbrowser

    from explainer.preview.session import Session, alone
    from explainer.system.project import Project

    if engine != "pandoc":
        raise typer.BadParameter("only pandoc; with Quarto, run `quarto preview`", param_hint="--engine")
    project = Project.find()
    # Ended by another program is ended in order, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with alone(project):
        session = Session(project, port, typer.echo)
        try:
            session.start()
            typer.echo(f"Preview: {session.address} (Ctrl-C ends it)")
            if browser:
                webbrowser.open(session.address)
            session.wait()
        except KeyboardInterrupt:
            typer.echo("Preview ended.")
        finally:
            session.close()
