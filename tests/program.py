"""The program as a user starts it."""

from __future__ import annotations

import subprocess
import sys

import mini
from explainer.system.project import Project


def explain(project: Project, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a project, without Quarto unless the environment names one."""
    return subprocess.run(
        [sys.executable, "-c", "from explainer.cli import main; main()", *arguments],
        cwd=project.root,
        env=mini.without_quarto() | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
