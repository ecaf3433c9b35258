"""Brings ``uv.lock`` up to ``pyproject.toml``; writes ``requirements.txt`` and ``environment.yml`` from it.

Usage::

    .venv/bin/python tools/lock.py              after a change of pyproject.toml
    .venv/bin/python tools/lock.py --upgrade    every library to its newest version that is allowed
    .venv/bin/python tools/lock.py --check      write nothing; exit code 1 if one of the three is not current
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Personal settings, which must not show in the lock: mirrors of PyPI and constraints.
PERSONAL = {
    "UV_CONSTRAINT",
    "UV_DEFAULT_INDEX",
    "UV_EXCLUDE_NEWER",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_OVERRIDE",
}

# The oldest Quarto that renders the report; conda-forge does not have every later version.
QUARTO = ">=1.7.34,<2"

REQUIREMENTS = "# Written by `make lock` from uv.lock: change pyproject.toml, not this file.\n"

HEAD = """\
# Written by `make lock` from pyproject.toml and uv.lock: change those, not this file.
# The same environment for users of conda, with Quarto from conda-forge:
#   conda env create --file environment.yml
#   conda activate {name}
#   explainer render --engine quarto
name: {name}
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={python}
  - pip
  - "quarto{quarto}"
  - pip:
"""


def conda(project, exported):
    """Return the text of ``environment.yml``.

    Parameters
    ----------
    project : dict
        The parsed ``pyproject.toml``.
    exported : str
        The locked requirements. Hashes are left out: pip refuses them beside ``--editable``.
    """
    declared = [*project["project"]["dependencies"], *(project.get("dependency-groups", {}).get("dev", []))]
    names = {_name(requirement) for requirement in declared}
    locked = [
        line.rstrip(" \\") for line in exported.splitlines() if line and not line.startswith((" ", "#"))
    ]
    direct = [line for line in locked if _name(line) in names]
    transitive = [line for line in locked if _name(line) not in names]
    head = HEAD.format(
        name=project["project"]["name"],
        # The oldest Python that is supported.
        python=re.search(r">=\s*([\d.]+)", project["project"]["requires-python"])[1],
        quarto=QUARTO,
    )
    lines = ["      # asked for in pyproject.toml", *map(_entry, direct)]
    lines += ["      # what those need", *map(_entry, transitive)]
    lines += ["      # this project itself", '      - "--editable ."']
    return head + "\n".join(lines) + "\n"


def _name(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


def _entry(requirement):
    return f"      - {json.dumps(requirement)}"


def main(arguments=None):
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether all is current")
    chosen = parser.parse_args(arguments)
    uv = shutil.which("uv", path=ROOT / ".venv" / "bin") or shutil.which("uv")
    if uv is None:
        sys.exit("make lock needs uv: `pip install uv`, or see https://docs.astral.sh/uv/")
    environ = {name: value for name, value in os.environ.items() if name not in PERSONAL}

    def run(*command):
        return subprocess.run(
            [uv, *command, "--quiet"], cwd=ROOT, env=environ, check=True, capture_output=True
        )

    try:
        run("lock", *(f"--{option}" for option in ("check", "upgrade") if getattr(chosen, option)))
        export = ["--frozen", "--all-groups", "--no-emit-project", "--no-header", "--no-annotate"]
        exported = run("export", *export).stdout.decode()
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.stderr.decode()}{error}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    written = {"requirements.txt": REQUIREMENTS + exported, "environment.yml": conda(project, exported)}
    for name, text in written.items():
        path = ROOT / name
        if not chosen.check:
            path.write_text(text, "utf-8")
        elif not path.is_file() or path.read_text("utf-8") != text:
            sys.exit(f"{name} is not what uv.lock says. Run: make lock")


if __name__ == "__main__":
    main()
