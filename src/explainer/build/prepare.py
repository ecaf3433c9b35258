"""The step before either engine: check the data, run the notebooks, write what the filters read."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainer.build import record
from explainer.build.record import Record
from explainer.engines import quarto
from explainer.report.files import address
from explainer.report.stamp import stamp
from explainer.system import fingerprint
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project
from explainer.verify import supported

if TYPE_CHECKING:
    from explainer.build.collect import Collected
    from explainer.notebooks.progress import Listener

#: What is written below ``_build`` besides the folders.
FILES = ("site.json", "facts.json", "figures.json", "references.json", "collected.json")
FOLDERS = ("exhibits", "figures", "files")


def prepare(
    project: Project, log: Callable[[str], Any] = print, progress: Listener | None = None
) -> dict[str, Any]:
    """Bring everything up to date that a report is made of, and return what ``site.json`` holds.

    Parameters and errors are those of `begin`.
    """
    content, complete = begin(project, log, progress)
    complete()
    return content


def begin(
    project: Project, log: Callable[[str], Any], progress: Listener | None = None
) -> tuple[dict[str, Any], Callable[[], None]]:
    """Bring everything up to date that an engine reads.

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

    Returns
    -------
    dict
        What ``site.json`` holds.
    callable
        What writes the files beside the pages, and then the record that all of this is done; it raises what
        is wrong with the files.

    Raises
    ------
    Faults
        Everything that is wrong with the data, the notebooks or the prose.
    """
    quarto.sweep(project)
    inputs = fingerprint.take(project)
    last = record.read(record_file(project))
    if last is not None and last.outputs == outputs(project) and _is_same(project, inputs, last):
        for message in last.messages:
            log(message)
        record.write(record_file(project), replace(last, inputs=inputs.digest()))
        return content_of(project), lambda: None
    warnings = check_and_run(project, log, progress)
    from explainer.build import collect  # here, as it loads lxml, which is for builds with something new

    log("Collecting figures, values and sources")
    inputs = fingerprint.take(project)
    data = stamp(project)["data"]
    collected = collect.gather(project)
    collect.store(project, collected)
    content, write_files = describe(project, collected, log)
    refuse_mixture(project, data)
    if content["home"] is None:
        warnings.append(address.MISSING)
        log(address.MISSING)

    def complete() -> None:
        write_files()
        refuse_mixture(project, data)
        made = Record(inputs.digest(), outputs(project), tuple(warnings), inputs.without_prose())
        record.write(record_file(project), made)

    return content, complete


def _is_same(project: Project, inputs: fingerprint.Fingerprint, last: Record) -> bool:
    """Return whether this step would write what it wrote last: nothing changed, or words of the prose alone.

    Raises
    ------
    Faults
        What is wrong with the prose.
    """
    if last.inputs == inputs.digest():
        return True
    if last.without_prose != inputs.without_prose():
        return False
    from explainer.build import collect

    supported.check(project)
    before = content_of(project)
    content = _checked_content(project, collect.load(project), before)
    return all(before[key] == value for key, value in json.loads(json.dumps(content)).items())


def record_file(project: Project) -> Path:
    """Return where the record of this step is."""
    return project.build / "prepared.json"


def outputs(project: Project) -> dict[str, str]:
    """Return the hash of everything that this step writes, by its path from the root."""
    paths = [project.variables, *(project.build / name for name in FILES)]
    hashes = {project.relative(path): fingerprint.of_file(path) for path in paths}
    for name in FOLDERS:
        folder = project.build / name
        hashes |= {
            f"{project.relative(folder)}/{path}": value for path, value in fingerprint.hashes(folder).items()
        }
    return hashes


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


def check_and_run(project: Project, log: Callable[[str], Any], progress: Listener | None = None) -> list[str]:
    """Check the data, bring the notebooks up to date, and return the warnings, which were logged.

    Arguments and errors are those of `prepare`.
    """
    from explainer.data import description
    from explainer.notebooks import codespaces, runner

    supported.check(project)
    description.refresh(project)
    codespaces.refresh(project)
    cache = Cache(project)
    log("Checking the data")
    # Tables that notebooks write may be behind an edit until they have run.
    warnings = _check_data(project, cache, made=False)
    for warning in warnings:
        log(warning)
    log("Running the notebooks that changed")
    with ThreadPoolExecutor(1) as pool:
        # Most of the time is that of the kernels: what comes next is loaded meanwhile.
        for module in ("report.files.build", "build.collect", "verify.numbers.check", "export.publish"):
            pool.submit(import_module, f"explainer.{module}")
        runner.run(project, progress=progress)
    # Now all tables, with those that the notebooks wrote.
    _check_data(project, cache, made=True)
    cache.sweep()
    return warnings


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
        from explainer.notebooks import forked_kernels
        from explainer.verify import messages

        # Data that changed will make notebooks run, so what their kernels import is loaded meanwhile.
        forked_kernels.start()
        checked = DataCheck(project, with_generated=made)
        if checked.faults:
            raise Faults(checked.faults)
        lines = [f"  {caution.level}: {caution}" for caution in checked.warnings]
        lines += [f"  Read as meant: {line}" for line in messages.repair_lines(checked.repairs)]
        return json.dumps(lines).encode()

    return json.loads(cache.get("data-check", inputs, check))


def _pictures(project: Project, paths: Iterable[str], files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files beside the pages with the authors' pictures among them."""
    for path in paths:
        if path in files:
            remedy = "Give the picture another name, or put it into a folder such as images/."
            raise Fault("the report has a file of this name", file=path, remedy=remedy)
        files |= {path: (project.root / path).read_bytes()}
    return files


def _exported(
    project: Project, front: Mapping[str, Any], cache: Cache
) -> tuple[dict[str, bytes], list[dict[str, str]], list[str]]:
    """Return what `explainer.export.publish.tables` does: from an earlier build, unless the data changed."""

    def inputs() -> list[str]:
        inputs = fingerprint.take(project).without(".qmd", ".ipynb")
        return [inputs, json.dumps(dict(front), default=str)]

    def make() -> bytes:
        from explainer.export import publish

        files, links, faults = publish.tables(project)
        return json.dumps([_as_text(files), links, [str(fault) for fault in faults]]).encode()

    texts, links, warnings = json.loads(cache.get("tables", inputs, make))
    return _as_bytes(texts), links, warnings


def _pages_and_bundles(
    project: Project,
    front: Mapping[str, Any],
    content: Mapping[str, Any],
    exported: dict[str, bytes],
    cache: Cache,
) -> dict[str, bytes]:
    """Return the pages of the tables, which no notebook changes, and the notebooks with their bundles."""
    used = {name: content[name] for name in ("title", "lang", "home", "notebooks", "script", "card")}
    settings = json.dumps([used, dict(front)], default=str)

    def make_pages() -> bytes:
        from explainer.export import publish

        return json.dumps(_as_text(publish.table_pages(project, used, exported))).encode()

    def make_bundles() -> bytes:
        from explainer.export import notebooks

        return json.dumps(_as_text(notebooks.files(project, used))).encode()

    def get(kind: str, unread: tuple[str, ...], make: Callable[[], bytes]) -> dict[str, bytes]:
        files = cache.get(kind, lambda: [fingerprint.take(project).without(*unread), settings], make)
        return _as_bytes(json.loads(files))

    with ThreadPoolExecutor(1) as pool:
        # Most of this is compressing, during which Python does other work.
        bundles = pool.submit(get, "bundles", (".qmd",), make_bundles)
        return get("table-pages", (".qmd", ".ipynb"), make_pages) | bundles.result()


def _as_text(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: b64encode(content).decode() for path, content in files.items()}


def _as_bytes(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {path: b64decode(text) for path, text in texts.items()}


def _checked_content(
    project: Project, collected: Collected, shared: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what `explainer.build.collect.content` does, once all numbers are accounted for."""
    from explainer.build import collect
    from explainer.verify.numbers.check import find_typed_numbers

    content = collect.content(project, collected, shared)
    if faults := find_typed_numbers(project, collected.known, collected.figures, content["variables"]):
        raise Faults(faults)
    return content


def describe(
    project: Project, collected: Collected, log: Callable[[str], Any]
) -> tuple[dict[str, Any], Callable[[], None]]:
    """Check the prose, and write what the filters read; see `prepare`.

    Returns
    -------
    dict
        What ``site.json`` holds.
    callable
        What writes the files beside the pages, which no engine reads; it raises what is wrong with them.
    """
    # Imported here: pandas and Altair take a second to load.
    from explainer.data import variables
    from explainer.export import notebooks
    from explainer.report import figures, site
    from explainer.report.files import build, data, place
    from explainer.report.folders import write_folder
    from explainer.report.pages import read_pages

    content, cache = _checked_content(project, collected), Cache(project)
    log("Drawing the files beside the pages")
    style = site.css(project, "embed.css", "LibreFranklin-*.woff2").replace("@up@", "../")
    front = read_pages(project)[0].head
    known, files = build.build(project, content | {"embed_css": style}, front, collected.figures, cache)
    exported, downloads, warnings = _exported(project, front, cache)
    for warning in warnings:
        log(f"  warning: {warning}")
    figures.write(project, collected.figures)
    variables.write(project, collected.variables)
    ways = notebooks.ways(project, content["notebooks"], known["credits"].get("repository"))

    def write_files() -> None:
        beside = {data.address_of(path): table for path, table in exported.items()}
        beside |= files | _pages_and_bundles(project, front, content | known, exported, cache)
        write_folder(place.folder(project), _pictures(project, content["pictures"], beside))
        cache.sweep()

    return site.write(project, content | known | {"downloads": downloads, "ways": ways}), write_files
