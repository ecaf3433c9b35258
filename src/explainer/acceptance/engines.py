"""The same report by either engine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from explainer.acceptance import builds
from explainer.acceptance.finding import Finding, held, unchecked
from explainer.acceptance.paper import Paper
from explainer.acceptance.reading import SAME_BY_EITHER_ENGINE, Page
from explainer.build import pipeline
from explainer.engines import quarto
from explainer.system.errors import Fault
from explainer.system.project import Project


def check(project: Project, first: Project, copy: Project, used: str, names: Iterable[str]) -> Finding:
    """Return whether the other engine gives the same report.

    Parameters
    ----------
    project : Project
        The project, in whose environment the engines are.
    first : Project
        A copy of it, with the report as the engine in use makes it.
    copy : Project
        Another copy, which is rendered anew by the other engine.
    used : str
        The engine in use, ``quarto`` or ``pandoc``.
    names : iterable of str
        The pages and PDFs that engines make.
    """
    other = "pandoc" if used == "quarto" else "quarto"
    try:
        own, name = pipeline.choose(project, used)[1], pipeline.choose(project, other)[1]
        builds.render(copy, builds.ELSEWHERE, other, quarto.find(project))
    except Fault as fault:
        return unchecked(f"engine against engine: {fault.what}")
    names = list(names)
    wrong = [f"{file}: only by one engine" for file in sorted(_files(first.report) ^ _files(copy.report))]
    wrong += [
        f"{file}: not the same {part}" for file in names for part in unlike(first.report, copy.report, file)
    ]
    return held(f"{own} and {name}: the same words, figures and links of {len(names)} files", wrong)


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def unlike(first: Path, second: Path, file: str) -> list[str]:
    """Return what is not the same of a page or a PDF in two reports."""
    if not ((first / file).is_file() and (second / file).is_file()):
        return []
    if file.endswith(".pdf"):
        one, other = Paper(first / file), Paper(second / file)
        return [part for part in ("headings", "pages") if getattr(one, part) != getattr(other, part)]
    pages = Page(first / file), Page(second / file)
    return [name for name, part in SAME_BY_EITHER_ENGINE.items() if part(pages[0]) != part(pages[1])]
