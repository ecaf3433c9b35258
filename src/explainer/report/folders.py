"""Folders that hold certain files and nothing else."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from explainer.system.files import write_bytes


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files by their path from `folder`, and remove whatever else is in it."""
    remove_others(folder, files)
    for name, content in files.items():
        write_bytes(folder / name, content)


def remove_others(folder: Path, names: Container[str]) -> None:
    """Remove every file of `folder` but those at the paths `names` in it, and folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in names:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
