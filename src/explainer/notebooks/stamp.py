"""Stamps: the inputs of a notebook's last run, so that it runs again if, and only if, they change."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from explainer.notebooks.ipynb import Notebook
from explainer.system.files import write_text
from explainer.system.project import Project

VERSION = 2
GONE = "gone"
UNKNOWN = "changed while the notebook ran"
LIBRARY = Path(__file__).resolve().parents[2]
# These determine the bytes of an executed notebook, whether or not it imports them.
RUNNER = (
    *(f"explainer/notebooks/{file}.py" for file in ("ipynb", "execute", "kernel", "normalize")),
    "explainer/data/universal.json",
)


@dataclass(frozen=True)
class Stamp:
    """The inputs and outputs of a notebook's last run; each part is a hash or a mapping of hashes.

    Parameters
    ----------
    sources : str
        Hash of the cells' sources.
    inputs : mapping
        Hash of each file of the project that it read, including the project's own modules.
    lookups : mapping
        Of each table in which it only looked up ids, the hash of each column of those ids.
    library : mapping
        Hash of each module of the explainer library that it imported.
    lock : str
        Hash of ``uv.lock``.
    python : str
        Version of Python, which is not in the lock.
    outputs : str
        Hash of the notebook's outputs.
    tables : mapping
        Hash of each tidy table that it saved.
    """

    sources: str
    inputs: Mapping[str, str]
    lookups: Mapping[str, Mapping[str, str]]
    library: Mapping[str, str]
    lock: str
    python: str
    outputs: str
    tables: Mapping[str, str]
    version: int = VERSION


def folder(project: Project) -> Path:
    """Return the folder of stamps."""
    return project.build / "run"


def path(project: Project, notebook: Notebook) -> Path:
    """Return the file of the stamp of `notebook`."""
    return folder(project) / f"{notebook.name}.json"


def read(project: Project, notebook: Notebook) -> Stamp | None:
    """Return the stamp of the last run; None if there is no usable one."""
    try:
        content = json.loads(path(project, notebook).read_bytes())
        return Stamp(**content) if content["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(project: Project, notebook: Notebook, stamp: Stamp) -> None:
    """Store the stamp of a run."""
    write_text(path(project, notebook), json.dumps(asdict(stamp), indent=1, sort_keys=True) + "\n")


def make(
    project: Project,
    notebook: Notebook,
    *,
    reads: Iterable[str],
    lookups: Mapping[str, Iterable[str]],
    modules: Mapping[str, str],
    tables: Iterable[str],
    while_running: tuple[int, int],
) -> Stamp:
    """Return the stamp of a run that just ended.

    Parameters
    ----------
    project : Project
        The project.
    notebook : Notebook
        The notebook with its new outputs.
    reads : iterable of str
        Files that it read, from the project's root.
    lookups : mapping
        Columns in which it looked up ids, by the file of the table.
    modules : mapping
        File of each imported module that belongs to the library or the project.
    tables : iterable of str
        Files of the tables that it saved, from the project's root.
    while_running : tuple of int
        Start and end of the run, in nanoseconds. A file changed between them may differ from what the
        notebook read, so its stamp is one that no file matches.
    """

    def hash_of(file: Path, column: str | None = None) -> str:
        if file.is_file() and while_running[0] <= file.stat().st_mtime_ns <= while_running[1]:
            return UNKNOWN
        return _column_hash(file, column) if column else _file_hash(file)

    tables = set(tables)
    files = [Path(file) for name, file in modules.items() if _of_library(name)]
    own = [Path(file) for name, file in modules.items() if not _of_library(name)]
    inputs = {file: project.root / file for file in reads if file not in tables | {notebook.file}}
    inputs |= {project.relative(file): file for file in own}
    library = {key: LIBRARY / key for key in [*(f.relative_to(LIBRARY).as_posix() for f in files), *RUNNER]}
    return Stamp(
        sources=sources(notebook),
        inputs={key: hash_of(file) for key, file in sorted(inputs.items())},
        lookups={
            file: {column: hash_of(project.root / file, column) for column in columns}
            for file, columns in sorted(lookups.items())
            if file not in tables
        },
        library={key: hash_of(file) for key, file in sorted(library.items())},
        lock=hash_of(project.lock),
        python=_python(),
        outputs=outputs(notebook),
        tables={file: _file_hash(project.root / file) for file in sorted(tables)},
    )


def reasons(project: Project, notebook: Notebook, stamp: Stamp | None) -> list[str]:
    """Return why `notebook` must run, one phrase per reason; empty if it need not."""
    if stamp is None:
        return ["it has not run here"]
    changes = []
    if stamp.sources != sources(notebook):
        changes.append("its cells changed")
    for file, before in stamp.inputs.items():
        changes += _change(file, before, project.root / file)
    changes += [
        f"{column} of {file} changed"
        for file, columns in stamp.lookups.items()
        for column, before in columns.items()
        if _column_hash(project.root / file, column) != before
    ]
    for file, before in stamp.library.items():
        changes += _change(f"the library's {file}", before, LIBRARY / file)
    changes += _change(project.relative(project.lock), stamp.lock, project.lock)
    if stamp.python != _python():
        changes.append(f"Python {stamp.python} became {_python()}")
    if stamp.outputs != outputs(notebook):
        changes.append("its outputs are not those of its last run")
    for file, before in stamp.tables.items():
        changes += [f"{change} by other hands" for change in _change(file, before, project.root / file)]
    return changes


def sources(notebook: Notebook) -> str:
    """Return a hash of the sources of the cells, without outputs and metadata."""
    return _hash([[cell.kind, cell.source] for cell in notebook.cells])


def outputs(notebook: Notebook) -> str:
    """Return a hash of the outputs of the cells, with execution counts and captions."""
    from explainer.notebooks.normalize import CAPTIONS

    return _hash(
        [
            [
                cell.node.get("execution_count"),
                cell.outputs,
                {key: cell.node.metadata.get(key) for key in CAPTIONS},
            ]
            for cell in notebook.code_cells
        ]
    )


def _change(name: str, before: str, file: Path) -> list[str]:
    now = _file_hash(file)
    if now == before:
        return []
    if now == GONE:
        return [f"{name} is gone"]
    return [f"{name} is new"] if before == GONE else [f"{name} changed"]


def _of_library(name: str) -> bool:
    return name.partition(".")[0] == "explainer"


def _python() -> str:
    return ".".join(map(str, sys.version_info[:2]))


def _file_hash(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return GONE


def _column_hash(file: Path, column: str) -> str:
    """Return a hash of the header and one column of a table; of the whole file where it is not plain CSV."""
    try:
        text = file.read_text(encoding="utf-8")
        header, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        place = header.index(column)
        return _hash([header, [row[place] for row in rows]])
    except (OSError, ValueError, IndexError, csv.Error):
        return _file_hash(file)


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
