"""The line that says what a report was built from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from explainer.system.project import Project
from explainer.system.release import DISTRIBUTION, version


def stamp(project: Project) -> dict[str, str]:
    """Return what the report was built from: a short hash of the data, and the words for the page.

    Only where the story has a lock file do the words promise the same report again.
    """
    data = _hash(project, [path for path in project.data.rglob("*") if path.is_file()])
    if project.lock.is_file():
        lock = _hash(project, [project.lock])
        words = f"Built from data {data} with libraries {lock}. The same inputs give the same report."
    else:
        words = f"Built from data {data} with {DISTRIBUTION} {version()}."
    return {"data": data, "words": words}


def _hash(project: Project, paths: list[Path]) -> str:
    total = hashlib.sha256()
    for name, path in sorted((project.relative(path), path) for path in paths):
        if not path.name.startswith("."):
            total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]
