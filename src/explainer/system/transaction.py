"""Replacing several files together, all or none, even if the process is killed in between.

The new files are staged in ``_build/edit``; then a journal is written, and only then are the files replaced.
If a process dies in between, the next one finds its journal and finishes its work (`recover`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from explainer.system.errors import Fault
from explainer.system.files import sweep_parts, write_bytes, write_text
from explainer.system.lock import hold, hold_soon
from explainer.system.project import Project

JOURNAL = "journal.json"
#: Seconds that an edit waits for another, which takes less.
PATIENCE = 5.0


def folder(project: Project) -> Path:
    """Return the folder in which new files are staged."""
    return project.build / "edit"


@contextmanager
def lock(project: Project) -> Iterator[None]:
    """Lock the tables for one edit, after finishing one that was interrupted.

    Raises
    ------
    Fault
        If another edit is still being made after some seconds.
    """
    with hold_soon(_lock(project), PATIENCE) as is_ours:
        if not is_ours:
            raise Fault(
                "another command is changing the tables of this project",
                file=project.relative(_lock(project)),
                remedy="Wait until it has ended, then try again.",
            )
        _finish(project)
        shutil.rmtree(folder(project), ignore_errors=True)
        yield


def stage_files(project: Project, contents: Mapping[Path, bytes]) -> Path:
    """Write the new files to a staging folder, where they can be checked, and return that folder.

    Parameters
    ----------
    project : Project
        The project, locked.
    contents : mapping of Path to bytes
        The content of each file, by its path in the project.
    """
    stage = folder(project) / "new"
    for path, content in contents.items():
        write_bytes(stage / project.relative(path), content)
    return stage


def replace(project: Project, contents: Mapping[Path, bytes], what: str) -> None:
    """Put new files in place, in the order given, all or none.

    Parameters
    ----------
    project : Project
        The project, locked.
    contents : mapping of Path to bytes
        The content of each file, by its path in the project.
    what : str
        Name of the edit, for the message if it has to be finished later.

    Raises
    ------
    Fault
        If a file cannot be written. All files are then unchanged; if even that fails, the next command that
        can write them completes the edit.
    """
    stage_files(project, contents)  # those that are staged already stay untouched
    before = {path: path.read_bytes() if path.is_file() else None for path in contents}
    files = [
        {"file": project.relative(path), "old": _hash(before[path]), "new": _hash(content)}
        for path, content in contents.items()
    ]
    write_text(folder(project) / JOURNAL, json.dumps({"what": what, "files": files}, indent=1) + "\n")
    try:
        for path, content in contents.items():
            write_bytes(path, content, name=project.relative(path))
    except BaseException:
        for path, old in before.items():
            if old is None:
                path.unlink(missing_ok=True)
            else:
                write_bytes(path, old, name=project.relative(path))
        _discard(project)
        raise
    _discard(project)


def recover(project: Project) -> str:
    """Finish an edit that was interrupted, and return a message about it; empty if there was none.

    If one of its files has been changed since, all are left alone: `explainer check` then reports whatever
    does not fit together.
    """
    parts = [project.root, project.notebooks, project.data, *project.data.glob("*")]
    sweep_parts(parts)
    if not folder(project).is_dir():
        return ""
    with hold(_lock(project)) as is_ours:
        message = _finish(project) if is_ours else ""
        if is_ours:
            shutil.rmtree(folder(project), ignore_errors=True)
        return message


def _finish(project: Project) -> str:
    journal = folder(project) / JOURNAL
    try:
        entry = json.loads(journal.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    remaining = []
    for item in entry["files"]:
        path, new = project.root / item["file"], folder(project) / "new" / item["file"]
        now = _hash(path.read_bytes() if path.is_file() else None)
        if now == item["new"]:
            continue
        if now != item["old"] or not new.is_file() or _hash(new.read_bytes()) != item["new"]:
            _discard(project)
            return f"{entry['what']} was interrupted, and {item['file']} was changed since: look at it."
        remaining.append((path, new, item["file"]))
    for path, new, file in remaining:
        write_bytes(path, new.read_bytes(), name=file)
    _discard(project)
    return f"{entry['what']} had been interrupted and is finished now."


def _discard(project: Project) -> None:
    """Remove the staged files, the journal first: without it they have no effect."""
    with suppress(OSError):
        (folder(project) / JOURNAL).unlink()
        shutil.rmtree(folder(project))


def _lock(project: Project) -> Path:
    return project.build / "edit.lock"


def _hash(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()
