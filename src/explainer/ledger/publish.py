"""Renewing the record, unless something was changed that readers would not be told."""

from __future__ import annotations

from explainer.data.package import DataPackage
from explainer.ledger import record, tally
from explainer.ledger.data_check import DataCheck
from explainer.ledger.rows import RECORD, kept, read
from explainer.system import transaction
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project


def publish(project: Project) -> str:
    """Write the record of what is published and return what became of it, in a sentence.

    Raises
    ------
    Faults
        Whatever is wrong with the tables, and every change that no correction accounts for; the record is
        then as it was.
    """
    with transaction.lock(project):
        if faults := DataCheck(project).faults:
            raise Faults(faults)
        package = DataPackage(project)
        if not kept(package):
            raise Fault(
                f"describes no table called {RECORD!r}",
                file=project.relative(project.package),
                remedy="Describe it as the explainer's own data package does.",
            )
        rows = read(package)
        if untold := list(record.cautions(package)):
            raise Faults([*untold, Fault("nothing was published", remedy="The record is as it was.")])
        file = package.file(RECORD)
        new = len(rows.sheet.keys() - rows.record.keys())
        renewed = {project.root / file: record.renewed(package, rows)}
        if tally.kept(package):
            renewed[project.root / package.file(tally.TALLY)] = tally.renewed(package)
        changed = {path: content for path, content in renewed.items() if path.read_bytes() != content}
        if not changed:
            return f"{file} is up to date: nothing has changed since it was published."
        transaction.lay_out(project, changed)
        transaction.replace(project, changed, "Publishing")
        rest = [project.relative(path) for path in changed if path != project.root / file]
        told = f"{file} has {len(rows.sheet)} facts as they are now, {new or 'none'} of them new."
        return " ".join([told, *(f"{name} counts the rows of the other tables." for name in rest)])
