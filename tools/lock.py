"""Brings ``uv.lock`` up to ``pyproject.toml``, and writes ``environment.yml`` from the two.

Usage::

    .venv/bin/python tools/lock.py              after a change of pyproject.toml
    .venv/bin/python tools/lock.py --upgrade    every library to its newest version that is allowed
    .venv/bin/python tools/lock.py --check      write nothing; exit code 1 if environment.yml is not current
"""

import argparse
import json
import os
import re
import sys
import tomllib

import setup

ENVIRONMENT = setup.ROOT / "environment.yml"

# Any Quarto from here on renders the report; conda-forge did not carry every version in between.
QUARTO = ">=1.7.34,<2"

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
        The locked requirements, one a line, without hashes (pip cannot check hashes beside ``--editable``).
    """
    asked = [*project["project"]["dependencies"], *(project.get("dependency-groups", {}).get("dev", []))]
    names = {_name(requirement) for requirement in asked}
    locked = [line for line in exported.splitlines() if line.strip()]
    direct = [line for line in locked if _name(line) in names]
    others = [line for line in locked if _name(line) not in names]
    head = HEAD.format(
        name=project["project"]["name"],
        # The oldest Python allowed is the one that the tests are run with.
        python=re.search(r">=\s*([\d.]+)", project["project"]["requires-python"])[1],
        quarto=QUARTO,
    )
    lines = ["      # asked for in pyproject.toml", *map(_entry, direct)]
    lines += ["      # what those need", *map(_entry, others)]
    lines += ["      # this project itself", '      - "--editable ."']
    return head + "\n".join(lines) + "\n"


def _name(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")


def _entry(requirement):
    return f"      - {json.dumps(requirement)}"


def main(arguments=None):
    """Run the program and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether all is current")
    chosen = parser.parse_args(arguments)
    environ, _ = setup.for_uv(dict(os.environ), setup.pip_settings(os.environ))
    # The lock names PyPI, wherever this machine gets its packages.
    environ.pop("UV_DEFAULT_INDEX", None)
    try:
        uv = setup.find_uv(environ)
        if uv is None:
            raise setup.Failure("uv is missing", "Run: make lock")
        if not chosen.check:
            command = [uv, "lock", *(["--upgrade"] if chosen.upgrade else [])]
            setup.must(
                command, setup.LIMITS["libraries"], environ, "uv.lock could not be written", setup.REACHABLE
            )
        export = [uv, "export", "--quiet", "--frozen", "--all-groups", "--no-emit-project", "--no-hashes"]
        exported = setup.must(
            [*export, "--no-header", "--no-annotate"],
            setup.LIMITS["ask"],
            environ,
            "uv.lock could not be read",
            "Run: make lock",
        )
    except setup.Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    text = conda(tomllib.loads((setup.ROOT / "pyproject.toml").read_text("utf-8")), exported)
    if not chosen.check:
        setup.write(ENVIRONMENT, text)
    elif not ENVIRONMENT.is_file() or ENVIRONMENT.read_text("utf-8") != text:
        print("environment.yml is not what uv.lock says. Run: make lock", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
