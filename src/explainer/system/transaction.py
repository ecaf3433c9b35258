"""Replacing several files together: all of them or none, even when the process is killed in between.

The new files are laid out in ``_build/edit`` first, and then a journal says that they are to be put in
place. Whoever finds the journal of a process that is no more finishes its work (`recover`). Without the
journal nothing has been touched.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from explainer.system.errors import Fault
from explainer.system.files import write_bytes, write_text
from explainer.system.lock import hold
from explainer.system.project import Project

JOURNAL = "journal.json"


def folder(project: Project) -> Path:
    """Return where the new files are laid out."""
    return project.build / "edit"


@contextmanager
def lock(project: Project) -> Iterator[None]:
    """Hold the tables for one edit, after finishing one that was interrupted.

    Raises
    ------
    Fault
        If another edit is being made.
    """
    with hold(_lock(project)) as ours:
        if not ours:
            raise Fault(
                "another command is changing the tables of this project",
                file=project.relative(_lock(project)),
                remedy="Wait until it has ended, then try again.",
            )
        _finish(project)
        shutil.rmtree(folder(project), ignore_errors=True)
        yield


def lay_out(project: Project, contents: Mapping[Path, bytes]) -> Path:
    """Put the new files where they can be checked before they count, and return that folder.

    Parameters
    ----------
    project : Project
        The project, locked.
    contents : mapping of Path to bytes
        The whole of each file, by its place in the project.
    """
    stage = folder(project) / "new"
    for path, content in contents.items():
        write_bytes(stage / project.relative(path), content)
    return stage


def replace(project: Project, contents: Mapping[Path, bytes], what: str) -> None:
    """Put the new files in place, in the order given.

    Parameters
    ----------
    project : Project
        The project, locked, its new files laid out.
    contents : mapping of Path to bytes
        As they were laid out.
    what : str
        What is being done, for the message if it has to be finished later.

    Raises
    ------
    Fault
        If a file cannot be written; all are then as they were, or else will be as they should be as soon as
        the next command can write them.
    """
    before = {path: path.read_bytes() for path in contents}
    files = [
        {"file": project.relative(path), "old": _hash(before[path]), "new": _hash(content)}
        for path, content in contents.items()
    ]
    write_text(folder(project) / JOURNAL, json.dumps({"what": what, "files": files}, indent=1) + "\n")
    try:
        for path, content in contents.items():
            write_bytes(path, content, name=project.relative(path))
    except BaseException:
        for path, content in before.items():
            write_bytes(path, content, name=project.relative(path))
        _drop(project)
        raise
    _drop(project)


def recover(project: Project) -> str:
    """Finish an edit that was interrupted, and return what was done about it; nothing, as a rule.

    A file that has been changed since is left alone, and so are the others then: what does not fit together
    is for `explainer check` to say.
    """
    if not (folder(project) / JOURNAL).is_file():
        return ""
    with hold(_lock(project)) as ours:
        return _finish(project) if ours else ""


def _finish(project: Project) -> str:
    journal = folder(project) / JOURNAL
    try:
        entry = json.loads(journal.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    waiting = []
    for item in entry["files"]:
        path, new = project.root / item["file"], folder(project) / "new" / item["file"]
        now = _hash(path.read_bytes()) if path.is_file() else ""
        if now == item["new"]:
            continue
        if now != item["old"] or not new.is_file() or _hash(new.read_bytes()) != item["new"]:
            _drop(project)
            return f"{entry['what']} was interrupted, and {item['file']} was changed since: look at it."
        waiting.append((path, new, item["file"]))
    for path, new, file in waiting:
        write_bytes(path, new.read_bytes(), name=file)
    _drop(project)
    return f"{entry['what']} had been interrupted and is finished now."


def _drop(project: Project) -> None:
    """Forget an edit; its journal goes first, for without it the rest means nothing."""
    with suppress(OSError):
        (folder(project) / JOURNAL).unlink()
        shutil.rmtree(folder(project))


def _lock(project: Project) -> Path:
    return project.build / "edit.lock"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
