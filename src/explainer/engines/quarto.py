"""Quarto as the engine: where it is, and how ``explainer render`` starts it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from explainer.engines import filter_messages
from explainer.report.pages import ReportPage, read_pages, sources
from explainer.system import temporary
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project

NAME = "Quarto"
MINIMUM = (1, 6)
#: Endings of what a Quarto that failed or was killed leaves beside a page.
LEFT = (".html", ".typ", ".pdf", ".out.ipynb", "-preview.html", ".html.md", ".quarto_ipynb")
#: Set for the steps that `_quarto.yml` calls, when `explainer render` does them itself.
DONE = "EXPLAINER_STEPS"


def find(project: Project) -> Path | None:
    """Return the Quarto to use: ``$QUARTO_PATH``, then PATH, then ``.venv``, then conda's environment."""
    named = os.environ.get("QUARTO_PATH")
    if named:
        path = Path(named)
        return _executable(path / "quarto" if path.is_dir() else path)
    if on_path := shutil.which("quarto"):
        return Path(on_path)
    scripts = "Scripts" if os.name == "nt" else "bin"
    places = [project.root / ".venv" / scripts]
    if conda := os.environ.get("CONDA_PREFIX"):
        places.append(Path(conda) / scripts)
    return next((program for place in places if (program := _executable(place / "quarto"))), None)


def _executable(path: Path) -> Path | None:
    program = shutil.which(str(path))
    return Path(program) if program else None


def version(path: Path) -> str:
    """Return the version that the Quarto at `path` gives itself.

    Raises
    ------
    Fault
        If it does not start, or is too old to run filters on what Pandoc read (``at: pre-ast``).
    """
    try:
        result = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=60, check=True, env=environment()
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Fault(
            "Quarto does not start",
            file=str(path),
            value=str(error),
            remedy="Install it again, or use --engine pandoc.",
        ) from None
    text = result.stdout.strip()
    numbers = tuple(int(part) for part in re.findall(r"\d+", text)[:2])
    if numbers < MINIMUM:
        raise Fault(
            "this Quarto is too old",
            file=str(path),
            value=text,
            remedy="Use 1.6 or later, or --engine pandoc.",
        )
    return text


def environment() -> dict[str, str]:
    """Return the environment for Quarto: its Python is this one, and the steps are already done.

    In the plain C locale, Lua could not open a file whose path is not ASCII.
    """
    variables = {DONE: "done", "QUARTO_PYTHON": sys.executable, "LC_ALL": "C.UTF-8"}
    return os.environ | variables | temporary.environment()


def output(project: Project) -> Path:
    """Return the folder that ``_quarto.yml`` names for Quarto's output.

    It is not ``_report``: Quarto writes file by file, and a report is replaced whole.
    """
    return project.build / "quarto"


def render(project: Project, path: Path, into: Path) -> dict[str, Path]:
    """Render the project with the Quarto at `path`, into the folder `into`.

    Returns
    -------
    dict
        The Typst source of each PDF, by its name in the report.

    Raises
    ------
    Faults
        What is wrong according to the filters or Quarto.
    """
    produced = output(project)
    shutil.rmtree(produced, ignore_errors=True)
    try:
        result = subprocess.run(
            [path, "render", str(project.root)],
            cwd=project.root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment(),
            # It holds the lock of the build too: while it outlives a killed build, no other can begin.
            close_fds=False,
            check=False,
        )
        if result.returncode != 0:
            raise Faults(parse_errors(result.stderr + result.stdout))
        take(project, produced, into)
        return keep_sources(project)
    finally:
        sweep(project)


def take(project: Project, produced: Path, into: Path) -> None:
    """Copy what Quarto made into the stage.

    Raises
    ------
    Fault
        If it made nothing.
    """
    if not (produced / "index.html").is_file():
        raise Fault(
            "Quarto ended without a page",
            file=project.relative(produced),
            remedy="Check output-dir and render in _quarto.yml.",
        )
    shutil.copytree(produced, into, dirs_exist_ok=True)


def keep_sources(project: Project) -> dict[str, Path]:
    """Move the Typst sources that Quarto left beside the pages to the work files.

    Returns
    -------
    dict
        Where each is, by the name of its PDF in the report.
    """
    sources = {}
    for page in read_pages(project):
        if page.pdf is None:
            continue
        produced = typst_source(page)
        if not produced.is_file():
            raise Fault(
                "Quarto kept no Typst source",
                file=project.relative(produced),
                remedy=f"Set keep-typ: true for format typst in {page.file}.",
            )
        source = project.build / "quarto-typst" / f"{page.path.stem}.typ"
        source.parent.mkdir(parents=True, exist_ok=True)
        os.replace(produced, source)
        sources[page.pdf] = source
    return sources


def typst_source(page: ReportPage) -> Path:
    """Return where Quarto leaves a page's Typst source."""
    return page.path.with_suffix(".typ")


def parse_errors(messages: str) -> list[Fault]:
    """Return the messages of Quarto as faults: those of our filters, or else its last lines as one."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", messages)
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    if faults := filter_messages.to_faults(lines):
        return faults
    # The cause stands before the stack trace.
    words = [line for line in lines if not re.match(r"Stack trace:|at ", line)]
    return [Fault("Quarto failed: " + " / ".join(words[-8:]).rstrip("."), remedy="Or use --engine pandoc.")]


def sweep(project: Project) -> None:
    """Remove what a Quarto that failed or was killed leaves beside the pages and the notebooks."""
    stems = [path.with_suffix("") for path in sources(project)]
    if project.notebooks.is_dir():
        stems += [path.with_suffix("") for path in project.notebooks.glob("[!.]*.ipynb")]
    for stem in stems:
        for suffix in LEFT:
            stem.with_name(stem.name + suffix).unlink(missing_ok=True)
        shutil.rmtree(stem.with_name(f"{stem.name}_files"), ignore_errors=True)
