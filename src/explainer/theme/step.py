"""Run one ``explainer`` command with the story's own Python, whatever Python started this file.

Quarto calls this before and after it renders, in the story's folder and with the first Python it finds. It
needs nothing but the standard library.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path.cwd()
RESTARTED = "EXPLAINER_RESTARTED"


def project_python():
    """Return the Python of the project's environment, or None."""
    for place in ("bin/python", "Scripts/python.exe"):
        path = ROOT / ".venv" / place
        if path.is_file():
            return path
    return None


def main():
    """Run the command, here or in the project's environment; return its exit code."""
    if os.environ.get("EXPLAINER_STEPS") == "done":
        return 0
    try:
        from explainer.cli import main as explainer
    except ImportError as error:
        python = project_python()
        if python is None or os.environ.get(RESTARTED):
            print(
                f"step.py: the explainer library cannot be loaded ({error}). "
                "Install it for the Python that QUARTO_PYTHON names, or into .venv here, and try again.",
                file=sys.stderr,
            )
            return 1
        command = [str(python), str(Path(__file__).resolve()), *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, RESTARTED: "1"}, check=False).returncode
    explainer()
    return 0


if __name__ == "__main__":
    sys.exit(main())
