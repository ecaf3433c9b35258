"""The line that says what a report was built from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from explainer.system.project import Project


def stamp(project: Project) -> dict[str, str]:
    """Return what the report was built from: short hashes of the data and of the libraries' lock."""
    data = _hash(project, [path for path in project.data.rglob("*") if path.is_file()])
    lock = _hash(project, [project.lock] if project.lock.is_file() else [])
    return {
        "data": data,
        "lock": lock,
        "words": f"Built from data {data} with libraries {lock}. The same inputs give the same report.",
    }


def _hash(project: Project, paths: list[Path]) -> str:
    total = hashlib.sha256()
    for name, path in sorted((project.relative(path), path) for path in paths):
        if not path.name.startswith("."):
            total.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]
