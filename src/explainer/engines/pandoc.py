"""The embedded engine: Pandoc from PyPI, with the same page, filters and templates that Quarto gets."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypandoc

from explainer.notebooks import ipynb
from explainer.report import notebook_page, shortcodes, site
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_text
from explainer.system.project import THEME, Project

NAME = "Pandoc"
READER = "markdown"
#: Quotation marks stand in the text as they are printed; Typst is not to guess at them.
WRITERS = {"html": "html", "typst": "typst-smart"}
TEMPLATES = {"html": "page.html", "typst": "report.typ"}
#: Kinds of files that Pandoc reads beside a page: template, filters, style of references, language.
READS = (".html", ".lua", ".csl", ".yml")
#: Set for filters that wait for a line before they read what the data decide.
WAIT = "EXPLAINER_WAIT"


def version() -> str:
    """Return the version of the Pandoc that PyPI's package carries."""
    return str(pypandoc.get_pandoc_version())


def render(project: Project, output: Path) -> Path:
    """Write every page into `output`, and the PDF's Typst source beside the work files.

    Returns
    -------
    Path
        The Typst source.

    Raises
    ------
    Faults
        What the filters or Pandoc found wrong, by page.
    """
    for address, page in pages(project).items():
        convert(project, page.path, page.name, "html", output / address)
    return paper(project)


@dataclass(frozen=True)
class Page:
    """A page as Pandoc takes it.

    Parameters
    ----------
    path : Path
        Its Markdown, without shortcodes.
    name : str
        What it is called, from the project's root: ``index.qmd``.
    """

    path: Path
    name: str


def pages(project: Project) -> dict[str, Page]:
    """Write every page as Markdown among the work files, and return them by address in the report."""
    work = project.build / "pandoc"
    found = {"index.html": (Page(work / "index.md", project.relative(project.index)), _index(project))}
    for notebook in ipynb.read_all(project):
        page = Page(work / f"{notebook.name}.md", notebook.file)
        found[site.page_of(notebook.file)] = (page, notebook_page.to_markdown(notebook))
    for page, text in found.values():
        write_text(page.path, text)
    return {address: page for address, (page, _) in found.items()}


def paper(project: Project) -> Path:
    """Write the PDF's Typst source, and return where it is."""
    work = project.build / "pandoc"
    write_text(work / "index.md", _index(project))
    convert(project, work / "index.md", project.relative(project.index), "typst", work / "index.typ")
    return work / "index.typ"


def _index(project: Project) -> str:
    return shortcodes.expand(site.read_page(project))


def read(project: Project, page: Page, tree: Path) -> None:
    """Write a page of Markdown as Pandoc understands it, which it reads again in a tenth of the time.

    Parameters
    ----------
    project : Project
        The project.
    page : Page
        The page.
    tree : Path
        The JSON file to write; `convert` takes it in place of the Markdown.

    Raises
    ------
    Faults
        If Pandoc refuses the page.
    """
    _run(project, [f"--from={READER}", "--to=json", f"--output={tree}", str(page.path)], page.name)


def convert(project: Project, page: Path, name: str, to: str, output: Path) -> None:
    """Turn one page of Markdown into HTML or Typst.

    Parameters
    ----------
    project : Project
        The project.
    page : Path
        Markdown without shortcodes, or what `read` made of it.
    name : str
        What the page is called, from the project's root: ``index.qmd``.
    to : str
        ``html`` or ``typst``.
    output : Path
        The file to write.

    Raises
    ------
    Faults
        If the filters or Pandoc refuse the page. Pandoc's warnings count: it warns where it had to guess.
    """
    _run(project, _options(project, page, name, to, output), name)


class Begun:
    """Pandoc at work on a page, and as far as it gets without the data; the rest takes half the time.

    Parameters
    ----------
    project : Project
        The project, as it was gathered last.
    tree : Path
        What `read` made of the page.
    name : str
        What the page is called, from the project's root.
    output : Path
        The HTML file to write in the end.
    """

    def __init__(self, project: Project, tree: Path, name: str, output: Path) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [pypandoc.get_pandoc_path(), *_options(project, tree, name, "html", output)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Ctrl-C is for whoever began it, who ends it in order.
            process_group=0,
            **_surroundings(project, {WAIT: "1"}),
        )

    def finish(self) -> None:
        """Write the page, of the data as they are gathered now.

        Raises
        ------
        Faults
            If the filters or Pandoc refuse the page.
        """
        _, stderr = self._process.communicate("\n")
        if self._process.returncode != 0:
            raise Faults(told(stderr, self._name))

    def end(self) -> None:
        """Give it up."""
        self._process.kill()
        self._process.communicate()


def _options(project: Project, page: Path, name: str, to: str, output: Path) -> list[str]:
    output.parent.mkdir(parents=True, exist_ok=True)
    return [
        f"--from={'json' if page.suffix == '.json' else READER}",
        f"--to={WRITERS[to]}",
        "--standalone",
        # A line broken before "44." would begin a list in Typst.
        "--wrap=none",
        f"--template={project.theme_file(TEMPLATES[to])}",
        f"--lua-filter={THEME / 'filters' / 'report.lua'}",
        f"--metadata=explainer-page:{name}",
        f"--metadata-file={_defaults(project)}",
        "--fail-if-warnings",
        f"--output={output}",
        str(page),
    ]


def _defaults(project: Project) -> Path:
    """Write what counts less than what a page says of itself, as in Quarto, and return where it is."""
    defaults = project.build / "pandoc" / "defaults.json"
    write_text(defaults, json.dumps({"lang": site.language(project)}) + "\n")
    return defaults


def _run(project: Project, options: list[str], name: str) -> None:
    command = [pypandoc.get_pandoc_path(), *options]
    done = subprocess.run(command, capture_output=True, check=False, **_surroundings(project))
    if done.returncode != 0:
        raise Faults(told(done.stderr, name))


def _surroundings(project: Project, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    env = os.environ | {"LC_ALL": "C.UTF-8"} | (more or {})
    return {"cwd": project.root, "text": True, "encoding": "utf-8", "env": env}


def told(stderr: str, name: str) -> list[Fault]:
    """Return what an engine's messages say, one fault each, in the words of the filters where they spoke."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith((f"{name}: ", "_build/", "_quarto.yml: ", "theme/"))]
    if ours:
        return [
            Fault(text.rstrip("."), file=file) for file, _, text in (line.partition(": ") for line in ours)
        ]
    text = " ".join(line for line in lines if not line.startswith("Failing because"))
    return [Fault(text.rstrip(".") or "the engine failed without a word", file=name)]
