"""The step before either engine: check the data, run the notebooks, write what the filters read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainer.build import record
from explainer.build.record import Record
from explainer.engines import quarto
from explainer.report.stamp import stamp
from explainer.system import fingerprint
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project

if TYPE_CHECKING:
    from explainer.notebooks.progress import Listener

#: What is written below ``_build`` besides the folders.
FILES = ("site.json", "facts.json", "figures.json", "references.json")
FOLDERS = ("exhibits", "figures", "files")


def prepare(
    project: Project, log: Callable[[str], Any] = print, progress: Listener | None = None
) -> dict[str, Any]:
    """Bring everything up to date that a page is made of, and return what ``site.json`` holds.

    Where the inputs are those of the last time and its results are still as they were written, nothing is
    done but to repeat its warnings.

    Parameters
    ----------
    project : Project
        The project.
    log : callable
        Receives the progress and the warnings, one line at a time.
    progress : Listener, optional
        Receives the progress of the notebooks.

    Raises
    ------
    Faults
        Everything that is wrong with the data, the notebooks or the prose.
    """
    quarto.sweep(project)
    inputs = fingerprint.take(project).digest()
    last = record.read(record_file(project))
    if last is not None and last.inputs == inputs and last.outputs == outputs(project):
        for message in last.messages:
            log(message)
        return content_of(project)
    messages: list[str] = []

    def warn(message: str) -> None:
        messages.append(message)
        log(message)

    inputs = _prepare(project, log, warn, progress)
    record.write(record_file(project), Record(inputs, outputs(project), tuple(messages)))
    return content_of(project)


def record_file(project: Project) -> Path:
    """Return where the record of this step is."""
    return project.build / "prepared.json"


def outputs(project: Project) -> dict[str, str]:
    """Return the hash of everything that this step writes, by its path from the root."""
    paths = [project.variables, *(project.build / name for name in FILES)]
    found = {project.relative(path): fingerprint.of_file(path) for path in paths}
    for name in FOLDERS:
        folder = project.build / name
        found |= {
            f"{project.relative(folder)}/{path}": value for path, value in fingerprint.hashes(folder).items()
        }
    return found


def content_of(project: Project) -> dict[str, Any]:
    """Return what the pages are made from: ``_build/site.json``."""
    return json.loads((project.build / "site.json").read_text(encoding="utf-8"))


def refuse_mixture(project: Project, data: str) -> None:
    """Refuse a report of which a part was made before an edit of the data and a part after it.

    Parameters
    ----------
    project : Project
        The project.
    data : str
        The hash of the data when it was first read, as `explainer.report.stamp.stamp` returns it.

    Raises
    ------
    Fault
        If the data changed while the report was being made.
    """
    if stamp(project)["data"] != data:
        raise Fault(
            "the data was changed while the report was being made, so it is not published",
            file=project.relative(project.data),
            remedy="Try again; the last report is as it was.",
        )


def _prepare(
    project: Project, log: Callable[[str], Any], warn: Callable[[str], Any], progress: Listener | None
) -> str:
    """Do all of it, and return the digest of the inputs that the results are of."""
    from explainer.notebooks import run

    cache = Cache(project)
    log("Checking the data")
    # Tables that notebooks write may be behind an edit until they have run.
    for message in _check_data(project, cache, made=False):
        warn(message)
    log("Running the notebooks that changed")
    run(project, progress=progress)
    # Now all tables, with those that the notebooks wrote.
    _check_data(project, cache, made=True)
    log("Collecting figures, values and sources")
    inputs = fingerprint.take(project).digest()
    _write(project, log, warn, cache)
    cache.sweep()
    return inputs


def _check_data(project: Project, cache: Cache, *, made: bool) -> list[str]:
    """Return the warnings and repairs of the data, which are checked again only when they changed.

    Raises
    ------
    Faults
        Everything that is wrong with the data.
    """

    def inputs() -> list[str]:
        return [str(made), fingerprint.environment(), json.dumps(fingerprint.hashes(project.data))]

    def check() -> bytes:
        from explainer.ledger.data_check import DataCheck
        from explainer.verify import messages

        checked = DataCheck(project, made=made)
        if checked.faults:
            raise Faults(checked.faults)
        lines = [f"  {caution.level}: {caution}" for caution in checked.warnings]
        lines += [f"  Read as meant: {line}" for line in messages.repair_lines(checked.repairs)]
        return json.dumps(lines).encode()

    return json.loads(cache.get("data-check", inputs, check))


def _write(project: Project, log: Callable[[str], Any], warn: Callable[[str], Any], cache: Cache) -> None:
    """Write what the filters read, and the files beside the pages."""
    # Imported here: pandas and Altair take a second to load.
    from explainer.build import collect
    from explainer.data import variables
    from explainer.report import figures, site
    from explainer.report.files import build
    from explainer.verify import prose
    from explainer.verify.numbers.check import find_typed_numbers

    data = stamp(project)["data"]
    gathered = collect.gather(project)
    content = collect.content(project, gathered)
    if faults := find_typed_numbers(project, gathered.figures, content["variables"]):
        raise Faults(faults)
    log("Drawing the files beside the pages")
    embedding = {
        "cited": prose.cited_sources(project, gathered.references),
        "embed_css": site.css(project, "embed.css", "LibreFranklin-*.woff2").replace("@up@", "../"),
    }
    front = site.front_matter(project)
    made = build.build(project, content | embedding, front, gathered.figures, cache, warn)
    figures.write(project, gathered.figures)
    variables.write(project, gathered.variables)
    refuse_mixture(project, data)
    site.write(project, content | made)
