"""A project under git, and what an edit of it changes in its report."""

from __future__ import annotations

import subprocess

from explainer.diff.model import Difference
from explainer.system.project import Project


def git(project: Project, *arguments: str) -> str:
    """Run git in a project, as nobody in particular."""
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments],
        cwd=project.root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def commit(project: Project) -> None:
    """Commit everything but work files."""
    (project.root / ".gitignore").write_text("_build/\n_report/\n_variables.yml\n", encoding="utf-8")
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "As it was")


def titles(found: Difference) -> dict[str, list[tuple[str, str]]]:
    """Return what became of what, by section."""
    return {section.title: [(item.how, item.title) for item in section.items] for section in found.sections}


def parts(found: Difference, section: str, title: str) -> list[tuple[str, str | None, str | None]]:
    """Return the parts of one item."""
    (item,) = [
        item for part in found.sections if part.title == section for item in part.items if item.title == title
    ]
    return [(part.label, part.was, part.now) for part in item.parts]
