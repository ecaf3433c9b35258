"""Publishing the fact sheet: updating the record, unless a change lacks a correction."""

from __future__ import annotations

from explainer.data.package import DataPackage
from explainer.ledger import published_facts, row_counts
from explainer.ledger.correction_tables import RECORD, read_correction_tables
from explainer.ledger.data_check import DataCheck
from explainer.system import transaction
from explainer.system.errors import Fault, Faults
from explainer.system.project import Project


def publish(project: Project) -> str:
    """Update the record of what is published, and return a message about the changes.

    Raises
    ------
    Faults
        Everything that is wrong with the tables, and every change without a correction; the record is then
        unchanged.
    """
    with transaction.lock(project):
        if faults := DataCheck(project).faults:
            raise Faults(faults)
        package = DataPackage(project)
        rows = read_correction_tables(package)
        if rows is None:
            raise Fault(
                f"describes no table called {RECORD!r}",
                file=project.relative(project.package),
                remedy="Describe it as the explainer's own data package does.",
            )
        if uncorrected := list(published_facts.uncorrected_changes(package)):
            raise Faults([*uncorrected, Fault("nothing was published", remedy="The record is as it was.")])
        file = package.file(RECORD)
        new = len(rows.sheet.keys() - rows.record.keys())
        updated = {project.root / file: published_facts.updated_record(package, rows)}
        if row_counts.keeps_row_counts(package):
            updated[project.root / package.file(row_counts.TALLY)] = row_counts.updated_counts(package)
        changed = {path: content for path, content in updated.items() if path.read_bytes() != content}
        if not changed:
            return f"{file} is up to date: nothing has changed since it was published."
        transaction.replace(project, changed, "Publishing")
        rest = [project.relative(path) for path in changed if path != project.root / file]
        message = f"{file} has {len(rows.sheet)} facts as they are now, {new or 'none'} of them new."
        return " ".join([message, *(f"{name} counts the rows of the other tables." for name in rest)])
