"""Everything that is wrong with the data package, all tables at once: what ``explainer check`` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from explainer.data.csv_read import write_rows
from explainer.data.package import DataPackage
from explainer.data.schema import package_notes
from explainer.data.table import CsvTable, Repair
from explainer.ledger import correction_checks, published_facts, row_counts, stale_comparisons, stance_values
from explainer.system import transaction
from explainer.system.errors import Caution, Fault
from explainer.system.files import write_all, write_bytes
from explainer.system.project import Project

#: The folder among the work files that keeps tables as they were before they were fixed.
BEFORE_FIX = "before-fix"


class DataCheck:
    """The result of checking the whole package: faults, warnings, repairs, and how much was checked.

    Parameters
    ----------
    project : Project
        The project to check.
    stage : Path, optional
        A folder whose files stand in for those of the project: what the check would say of them.
    made : bool, default True
        Whether tables that notebooks write are checked too; they may be out of date before a run.
    """

    def __init__(self, project: Project, stage: Path | None = None, *, made: bool = True) -> None:
        self.project = project
        self.tables = 0
        self.rows = 0
        self.faults: list[Fault] = []
        self.warnings: list[Caution] = []
        self.repairs: list[Repair] = []
        self._repaired: list[CsvTable] = []
        package = DataPackage(project, stage)
        file = project.relative(project.package)
        try:
            resources = package.resources
            notes = package_notes(package.descriptor, package.cache)
        except Fault as fault:
            self.faults.append(fault)
            return
        if notes:
            remedy = "The standard has what is allowed: https://datapackage.org/standard/data-package/"
            self.faults = [Fault(f"is not valid: {note}", file=file, remedy=remedy) for note in notes]
            return
        for name, resource in resources.items():
            try:
                self.faults += self._resource_faults(package, name, resource, made=made)
            except Fault as fault:
                self.faults.append(fault)
        self._check_ledger(package)
        if made and stage is None:
            package.cache.sweep()

    def _resource_faults(
        self, package: DataPackage, name: str, resource: dict[str, Any], *, made: bool
    ) -> list[Fault]:
        path = self.project.data / resource["path"]
        if resource.get("producedBy") and not (made and path.exists()):
            return package.description_faults(name)
        if "schema" in resource:
            return self._table_faults(package, name)
        return self._json_faults(package, path)

    def _check_ledger(self, package: DataPackage) -> None:
        self.faults += correction_checks.correction_faults(package)
        self.faults += stance_values.stance_value_faults(package)
        # In a table with other faults, a row that is missing may only be one whose id is misspelled.
        faulty = {fault.file for fault in self.faults}
        missing = [*published_facts.missing_facts(package), *row_counts.row_count_faults(package)]
        self.faults += [fault for fault in missing if fault.file not in faulty]
        self.warnings += published_facts.uncorrected_changes(package)
        self.warnings += stale_comparisons.stale_comparisons(package)

    def _table_faults(self, package: DataPackage, name: str) -> list[Fault]:
        table = package.table(name)
        self.tables += 1
        self.rows += len(table.rows) - 1
        if table.repairs:
            self.repairs += table.repairs
            self._repaired.append(table)
        faults = package.faults(table)
        if notebook := table.resource.get("producedBy"):
            # Nobody edits such a table by hand, whatever the cell's own remedy says.
            for fault in faults:
                fault.remedy = f"Notebook {notebook} writes this table: run `explainer run`."
        return faults

    def fix(self) -> Iterator[str]:
        """Write each table that was read with repairs as it was read, and yield its path from the root.

        The file as it was is kept below ``_build/before-fix``. A table whose columns are not the right ones
        is left alone.

        Raises
        ------
        Fault
            If a file cannot be written, or was changed since it was read; it is then as it was.
        """
        tables = [
            (table, table.sheet.content)
            for table in self._repaired
            if table.sheet and table.header == table.columns
        ]
        if not tables:
            return
        with transaction.lock(self.project):
            write_all({self.project.build / BEFORE_FIX / table.file: was for table, was in tables})
            for table, was in tables:
                path = self.project.root / table.file
                if not path.is_file() or path.read_bytes() != was:
                    raise Fault(
                        "was changed while it was being checked, and is left as it is",
                        file=table.file,
                        remedy="Run the check again.",
                    )
                write_bytes(path, write_rows(table.rows), name=table.file)
                yield table.file

    def _json_faults(self, package: DataPackage, path: Path) -> list[Fault]:
        """Return the fault of a file that is no table: all of them are JSON, such as outlines for a map."""
        file = package.relative(path)
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            return [Fault(f"cannot be read: {error.strerror}", file=file, remedy="Put the file back.")]
        except ValueError as error:
            return [Fault(f"is not JSON: {error}", file=file, remedy="Put the file back as it was.")]
        return []
