"""What the notebooks and tables hold, brought together for the page: the same for every way of making it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from explainer.notebooks import ipynb
from explainer.report import site
from explainer.report.pages import read_pages
from explainer.system.errors import Faults
from explainer.system.project import Project
from explainer.verify import markdown, pictures, prose
from explainer.verify.outline import outline

#: The label of the table of all answers, as the filters know it.
EVIDENCE = "tbl-evidence"


@dataclass(frozen=True)
class Collected:
    """Everything that a page takes from data and notebooks.

    Parameters
    ----------
    variables : dict
        Nested, as in ``_variables.yml``.
    facts : dict
        As ``_build/facts.json`` has them.
    figures : dict
        As ``_build/figures.json`` has them.
    references : list of dict
        As ``_build/references.json`` has them.
    values : dict
        How each value was derived, as `explainer.report.derivations.collect_derivations` returns it.
    """

    variables: dict[str, Any]
    facts: dict[str, Any]
    figures: dict[str, dict[str, Any]]
    references: list[dict[str, Any]]
    values: dict[str, dict[str, Any]]


def gather(project: Project) -> Collected:
    """Return what pages take from data and notebooks; write the pictures, the facts and the references.

    Parameters
    ----------
    project : Project
        The project, its notebooks executed.

    Raises
    ------
    Faults
        What is wrong with what the notebooks show.
    """
    # Imported when needed: pandas takes a second to load.
    from explainer.data import variables
    from explainer.evidence import citations, fact_sheet
    from explainer.report import derivations, figures

    with ThreadPoolExecutor(1) as pool:
        # Pandoc reads the prose meanwhile; `content` takes it from memory, or meets the same fault.
        pool.submit(lambda: markdown.read_all(project, read_pages(project), ipynb.read_all(project)))
        facts = fact_sheet.write(project)
        return Collected(
            variables.collect(project),
            facts,
            figures.collect_figures(project),
            citations.write(project),
            derivations.collect_derivations(project, facts),
        )


def content(project: Project, collected: Collected) -> dict[str, Any]:
    """Return what the pages have to know of each other, once the prose has been checked.

    Raises
    ------
    Faults
        Everything that is wrong with the prose.
    """
    flat = site.flatten(collected.variables)
    if faults := prose.check_prose(project, flat, collected.figures, collected.facts, collected.references):
        raise Faults(faults)
    pages = read_pages(project)
    notebooks = ipynb.read_all(project)
    trees, cells = markdown.read_all(project, pages, notebooks)
    outlines = [outline(page, tree, flat) for page, tree in zip(pages, trees, strict=True)]
    sources = {
        label: [source["id"] for source in entry["sources"]] for label, entry in collected.figures.items()
    }
    # Where the table of evidence is shown, badges lead to the list of sources for who says the same.
    answers = _answers(collected.facts) if any(EVIDENCE in one.exhibits for one in outlines) else set()
    files = [page.file for page in pages] + [notebook.file for notebook in notebooks]
    described = site.describe_report(
        project, collected.variables, collected.values, outlines, sources, answers
    )
    return described | {"pictures": pictures.paths(zip(files, [*trees, *cells], strict=True))}


def _answers(facts: dict[str, Any]) -> set[str]:
    """Return the sources that say anything of a fact."""
    accounts = [fact["account"] for fact in facts.values() if fact.get("account")]
    questions = [question for account in accounts for question in account["questions"]]
    return {report["source"] for question in questions for report in question["reports"]}
