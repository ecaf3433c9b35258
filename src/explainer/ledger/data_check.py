"""Checking the whole data package, as ``explainer check`` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from explainer.data import description
from explainer.data.csv_read import write_rows
from explainer.data.package import DataPackage
from explainer.data.schema import package_notes
from explainer.data.table import CsvTable, Repair
from explainer.ledger import (
    correction_checks,
    cut_words,
    published_facts,
    row_counts,
    stale_comparisons,
    stance_values,
)
from explainer.notebooks import codespaces
from explainer.system import extension, limits, release, transaction
from explainer.system.errors import Caution, Fault
from explainer.system.files import write_all
from explainer.system.project import Project
from explainer.system.structured import parse_json, read_file

#: The folder in the build folder for copies of tables before they are fixed.
BEFORE_FIX = "before-fix"


class DataCheck:
    """The result of checking the whole package: faults, warnings, repairs, and the tables and rows checked.

    Parameters
    ----------
    project : Project
        The project to check.
    stage : Path, optional
        A folder with files to check instead of those of the project, at the same paths.
    with_generated : bool, default True
        Whether to check tables that notebooks write, too; before a run they may be out of date.
    """

    def __init__(self, project: Project, stage: Path | None = None, *, with_generated: bool = True) -> None:
        self.project = project
        self.tables = 0
        self.rows = 0
        self.faults: list[Fault] = []
        self.warnings: list[Caution] = []
        self.repairs: list[Repair] = []
        self._repaired: list[CsvTable] = []
        package = DataPackage(project, stage)
        file = package.description_file
        try:
            resources = package.resources
            notes = package_notes(package.descriptor, package.cache)
            if not description.is_current(project):
                self.repairs.append(
                    Repair(f"is not what {file} describes", project.relative(project.package))
                )
        except Fault as fault:
            self.faults += fault.faults
            return
        if notes:
            remedy = "The standard has what is allowed: https://datapackage.org/standard/data-package/"
            self.faults = [Fault(f"is not valid: {note}", file=file, remedy=remedy) for note in notes]
            return
        for name, resource in resources.items():
            try:
                self.faults += self._resource_faults(package, name, resource, with_generated)
            except Fault as fault:
                self.faults.append(fault)
        self._check_ledger(package)
        self._check_release()
        if stage is None:
            self._check_codespaces()
        if with_generated and stage is None:
            package.cache.sweep()

    def _resource_faults(
        self, package: DataPackage, name: str, resource: dict[str, Any], with_generated: bool
    ) -> list[Fault]:
        path = self.project.data / resource["path"]
        if resource.get("producedBy") and not (with_generated and path.exists()):
            return package.description_faults(name)
        if "schema" in resource:
            return self._table_faults(package, name)
        return self._json_faults(path)

    def _check_ledger(self, package: DataPackage) -> None:
        self.faults += correction_checks.correction_faults(package)
        self.faults += stance_values.stance_value_faults(package)
        self.faults += cut_words.cut_word_faults(package)
        # In a table with other faults, a row that is missing may only be one whose id is misspelled.
        faulty = {fault.file for fault in self.faults}
        missing = [*published_facts.missing_facts(package), *row_counts.row_count_faults(package)]
        self.faults += [fault for fault in missing if fault.file not in faulty]
        self.warnings += published_facts.uncorrected_changes(package)
        self.warnings += stale_comparisons.stale_comparisons(package)

    def _check_release(self) -> None:
        try:
            mismatch = release.mismatch(self.project)
        except Fault as fault:
            mismatch = fault
        for one in filter(None, (mismatch, extension.outdated(self.project))):
            if isinstance(one, Caution):
                self.warnings.append(one)
            else:
                self.faults.append(one)

    def _check_codespaces(self) -> None:
        try:
            changes = codespaces.changes(self.project)
        except Fault as fault:
            self.faults.append(fault)
            return
        for path, content in changes.items():
            what = f"is not what {codespaces.COMMON} gives"
            if content is None:
                what = "opens a notebook that is gone"
            elif not path.exists():
                what = "is missing: with it, a codespace opens this notebook"
            self.repairs.append(Repair(what, self.project.relative(path)))

    def _table_faults(self, package: DataPackage, name: str) -> list[Fault]:
        table = package.table(name)
        self.tables += 1
        self.rows += len(table.rows) - 1
        if table.repairs:
            self.repairs += table.repairs
            self._repaired.append(table)
        faults = package.faults(table)
        if notebook := table.resource.get("producedBy"):
            # Nobody edits such a table by hand, so the remedy for a cell does not apply.
            for fault in faults:
                fault.remedy = f"Notebook {notebook} writes this table: run `explainer run`."
        return faults

    def fix(self) -> Iterator[str]:
        """Write the repairs of each table to its file, and yield its path from the root.

        The original file is copied to ``_build/before-fix``. A table with the wrong columns is skipped.

        Raises
        ------
        Fault
            If a file cannot be written, or was changed since it was read; all are then unchanged.
        """
        tables = [
            (table, table.sheet.content)
            for table in self._repaired
            if table.sheet and table.header == table.columns
        ]
        if not self.repairs:
            return
        with transaction.lock(self.project):
            write_all({self.project.build / BEFORE_FIX / table.file: content for table, content in tables})
            repaired: dict[Path, bytes | None] = {
                self.project.root / table.file: write_rows(table.rows) for table, _ in tables
            }
            repaired |= codespaces.changes(self.project)
            if not description.is_current(self.project):
                package = description.to_json(description.compose(self.project))
                repaired[self.project.package] = package.encode("utf-8")
            for table, content in tables:
                path = self.project.root / table.file
                if not path.is_file() or path.read_bytes() != content:
                    raise Fault(
                        "was changed while it was being checked, and is left as it is",
                        file=table.file,
                        remedy="Run the check again.",
                    )
            transaction.replace(self.project, repaired, "The repair of the tables")
        yield from map(self.project.relative, repaired)

    def _json_faults(self, path: Path) -> list[Fault]:
        """Return the faults of a file that is not a table but JSON, such as outlines for a map."""
        file = self.project.relative(path)
        try:
            parse_json(
                read_file(path, file, limits.MAP_BYTES, "Put the file back."),
                file,
                "Put the file back as it was.",
            )
        except Fault as fault:
            return fault.faults
        return []
