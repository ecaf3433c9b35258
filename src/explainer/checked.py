"""Remember which tables were found without fault, so that only changed ones are validated again.

The validator takes seconds to import, which every notebook and every command would pay otherwise. What is
remembered is a digest of everything that its verdict depends on: cells, schema, and the code that asks.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from contextlib import suppress
from functools import cache
from pathlib import Path

from explainer import table as table_module
from explainer import tableschema
from explainer.faults import Fault
from explainer.files import write_text
from explainer.project import Project
from explainer.table import Table


def is_known(project: Project, table: Table) -> bool:
    """Return whether the cells of exactly this table were found without fault before."""
    try:
        return _memory(project, table).read_text(encoding="utf-8") == _digest(table)
    except (OSError, UnicodeDecodeError):
        return False


def remember(project: Project, table: Table) -> None:
    """Note that the cells of exactly this table are without fault."""
    with suppress(Fault):  # a folder that cannot be written only costs time
        write_text(_memory(project, table), _digest(table))


def _memory(project: Project, table: Table) -> Path:
    return project.build / "checked" / table.name


def _digest(table: Table) -> str:
    said = json.dumps([table.schema, table.rows, _validator()], sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _validator() -> list[str]:
    """Return what stands for the code that gives the verdict."""
    modules = (tableschema, table_module)
    code = [hashlib.sha256(Path(module.__file__).read_bytes()).hexdigest() for module in modules]
    return [importlib.metadata.version("frictionless"), *code]
