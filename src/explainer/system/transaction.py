"""Replacing several files together, all or none, even if the process is killed in between.

The new files are staged in ``_build/edit``; then a journal is written, and only then are the files replaced.
If a process dies in between, the next one finds its journal and finishes its work (`recover`). The files may
lie outside the project, as those of an export do.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from explainer.system.errors import Fault
from explainer.system.files import read, sweep_parts, write_bytes, write_text
from explainer.system.lock import hold_soon
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
    with _hold(project) as is_ours:
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
        write_bytes(stage / _staged_name(project, path), content)
    return stage


def replace(project: Project, contents: Mapping[Path, bytes | None], what: str) -> None:
    """Put new files in place and remove old ones, in the order given, all or none.

    Parameters
    ----------
    project : Project
        The project, locked.
    contents : mapping of Path to bytes or None
        The content of each file by its absolute path; None removes it.
    what : str
        Name of the edit, for the message if it has to be finished later.

    Raises
    ------
    Fault
        If a file cannot be written. All files are then unchanged; if even that fails, the next command that
        can write them completes the edit.
    """
    # Those that are staged already stay untouched.
    stage_files(project, {path: content for path, content in contents.items() if content is not None})
    before = {path: read(path) for path in contents}
    files = [
        {"file": _name(project, path), "old": _hash(before[path]), "new": _hash(content)}
        for path, content in contents.items()
    ]
    write_text(folder(project) / JOURNAL, json.dumps({"what": what, "files": files}, indent=1) + "\n")
    try:
        for path, content in contents.items():
            _put(project, path, content)
    except BaseException:
        for path, old in before.items():
            _put(project, path, old)
        _discard(project)
        raise
    _discard(project)


def _put(project: Project, path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_bytes(path, content, name=_name(project, path))


def _name(project: Project, path: Path) -> str:
    """Return a file's path from the root; that of a file elsewhere as it is."""
    return project.relative(path) if path.is_relative_to(project.root) else str(path)


def _staged_name(project: Project, path: Path) -> str:
    """Return where a file is staged, below the folder of new files."""
    name = _name(project, path)
    return name if path.is_relative_to(project.root) else f"elsewhere/{_hash(name.encode())}"


def recover(project: Project) -> str:
    """Finish an edit that was interrupted, and return a message about it; empty if there was none.

    An edit that another process is making now is waited for, as what it replaces is read next. If a file of
    an interrupted one has been changed since, all are left alone, and `explainer check` says what does not
    fit together.

    Raises
    ------
    Fault
        If a file cannot be written: nothing should read what is there, of which a part is old and a part new.
    """
    sweep_parts([project.root, project.notebooks, project.data, *project.data.glob("*")])
    if not folder(project).is_dir():
        return ""
    try:
        with _hold(project) as is_ours:
            message = _finish(project) if is_ours else ""
            if is_ours:
                shutil.rmtree(folder(project), ignore_errors=True)
            return message
    except Fault as fault:
        what = f"{fault.what}, so that an edit that was interrupted is not finished"
        raise Fault(what, file=fault.file, remedy="Mend that; the next command finishes it.") from fault


def _finish(project: Project) -> str:
    journal = folder(project) / JOURNAL
    try:
        entry = json.loads(journal.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    remaining = []
    for item in entry["files"]:
        path = project.root / item["file"]
        now = _hash(read(path))
        if now == item["new"]:
            continue
        new = read(folder(project) / "new" / _staged_name(project, path))
        if now != item["old"] or _hash(new) != item["new"]:
            _discard(project)
            return f"{entry['what']} was interrupted, and {item['file']} was changed since: look at it."
        remaining.append((path, new))
    for path, new in remaining:
        _put(project, path, new)
    _discard(project)
    return f"{entry['what']} had been interrupted and is finished now."


def _discard(project: Project) -> None:
    """Remove the staged files, the journal first: without it they have no effect."""
    with suppress(OSError):
        (folder(project) / JOURNAL).unlink()
        shutil.rmtree(folder(project))


def _lock(project: Project) -> Path:
    return project.build / "edit.lock"


def _hold(project: Project) -> AbstractContextManager[bool]:
    return hold_soon(_lock(project), PATIENCE, project.relative(_lock(project)))


def _hash(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()
