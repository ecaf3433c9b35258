"""What the notebooks and tables hold, brought together for the page: the same for every way of making it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from explainer.notebooks import ipynb
from explainer.report import site
from explainer.report.pages import read_pages
from explainer.system.errors import Faults
from explainer.system.files import write_text
from explainer.system.project import Project
from explainer.verify import markdown, pictures, prose
from explainer.verify.outline import outline

if TYPE_CHECKING:
    from explainer.verify.numbers.known import KnownNumbers

#: Where what the data and the notebooks hold is kept for builds after an edit of the prose alone.
FILE = "collected.json"

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
    known : KnownNumbers
        What the tables account for.
    """

    variables: dict[str, Any]
    facts: dict[str, Any]
    figures: dict[str, dict[str, Any]]
    references: list[dict[str, Any]]
    values: dict[str, dict[str, Any]]
    known: KnownNumbers


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
    from explainer.verify.numbers.known import collect_known_numbers

    with ThreadPoolExecutor(1) as pool:
        # Pandoc reads the prose meanwhile; `content` takes it from memory, or meets the same fault.
        pool.submit(lambda: markdown.read_all(project, read_pages(project), ipynb.read_all(project)))
        facts = fact_sheet.write(project)
        entries = figures.collect_figures(project)
        return Collected(
            variables.collect(project),
            facts,
            entries,
            citations.write(project),
            derivations.collect_derivations(project, facts),
            collect_known_numbers(project, entries),
        )


def store(project: Project, collected: Collected) -> None:
    """Write what `gather` returned, for `load`."""
    text = json.dumps(asdict(collected), ensure_ascii=False, allow_nan=False, default=sorted)
    write_text(project.build / FILE, text + "\n")


def load(project: Project) -> Collected:
    """Return what `store` wrote."""
    from explainer.verify.numbers.known import KnownNumbers

    stored = json.loads((project.build / FILE).read_text(encoding="utf-8"))
    known = stored.pop("known")
    sets = {
        field.name: {key: frozenset(numbers) for key, numbers in known[field.name].items()}
        for field in fields(KnownNumbers)
        if field.name != "exceptions"
    }
    return Collected(**stored, known=KnownNumbers(**sets, exceptions=tuple(known["exceptions"])))


def content(
    project: Project, collected: Collected, shared: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the pages have to know of each other, once the prose has been checked.

    Parameters
    ----------
    project : Project
        The project.
    collected : Collected
        What `gather` returned.
    shared : mapping, optional
        What `explainer.report.site.describe_shared` returned, if that is known.

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
        project, shared or site.describe_shared(project),
        collected.variables, collected.values, outlines, sources, answers,
    )  # fmt: skip
    return described | {
        "pictures": pictures.paths(zip(files, [*trees, *cells], strict=True)),
        "front_matter": json.dumps(pages[0].head, default=str),
    }


def _answers(facts: dict[str, Any]) -> set[str]:
    """Return the sources that say anything of a fact."""
    accounts = [fact["account"] for fact in facts.values() if fact.get("account")]
    questions = [question for account in accounts for question in account["questions"]]
    return {report["source"] for question in questions for report in question["reports"]}
