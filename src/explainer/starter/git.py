"""The first commit of a new story."""

from __future__ import annotations

import subprocess
from pathlib import Path

#: Who commits where git knows no name.
_NOBODY = ["-c", "user.name=explainer new", "-c", "user.email=explainer@localhost"]


def begin(folder: Path) -> str:
    """Make a git repository in a folder and commit everything, and return what was done, as a sentence.

    A folder inside another repository is left to that.
    """
    if _git(folder, "--version") is None:
        return "git is not installed, so nothing is committed."
    if _git(folder, "rev-parse", "--is-inside-work-tree") is not None:
        return "It lies in a git repository already: commit it there."
    if _git(folder, "init", "--quiet") is None or _git(folder, "add", "--all") is None:
        return "git could not begin a repository here; nothing is committed."
    named = _git(folder, "config", "user.email") and _git(folder, "config", "user.name")
    if _git(folder, *([] if named else _NOBODY), "commit", "--quiet", "--message", "Begin the story") is None:
        return "It is a git repository; commit it before you compare."
    return "It is a git repository with one commit."


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints; None if it fails or is not installed."""
    try:
        result = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return None
    return result.stdout.decode("utf-8", "replace").strip() if result.returncode == 0 else None
