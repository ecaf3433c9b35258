"""`make lint` refuses what it is there to refuse: each fault is planted in a copy and found by its tool."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def recipe() -> list[str]:
    """The commands of `make lint`."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return re.findall(r"^\t@\$\(BIN\)/(.+)$", re.search(r"^lint:.*\n((?:\t.*\n)+)", makefile, re.M)[1], re.M)


def lint(command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run one command of `make lint` in a folder."""
    assert command in recipe(), f"make lint no longer runs {command}"
    program, *arguments = command.split()
    place = Path(sys.executable).with_name(program)
    if not place.exists():
        pytest.skip(f"{program} is not installed beside this Python")
    # import-linter looks for the package as Python does, and would else find the installed one.
    environ = os.environ | {"PYTHONPATH": str(root / "src")}
    return subprocess.run(
        [place, *arguments], cwd=root, env=environ, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The packages of the library without their modules: each layer is there, and none imports another."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in [
        ROOT / "src/explainer",
        *(path.parent for path in ROOT.glob("src/explainer/*/__init__.py")),
    ]:
        copy = tmp_path / package.relative_to(ROOT)
        copy.mkdir(parents=True)
        (copy / "__init__.py").write_text('"""A package."""\n', "utf-8")
    return tmp_path


def put(library: Path, module: str, code: str) -> None:
    (library / "src/explainer" / module).write_text(f'"""A module."""\n\n\n{code}', "utf-8")


CLEAN = 'def half(number: int) -> float:\n    """Return half of a number."""\n    return number / 2\n'
BRANCHES = "".join(
    f"{'    ' * depth}if number > {depth}:\n" for depth in range(1, 8)
) + "                                return 1.0\n"  # fmt: skip


@pytest.mark.parametrize(
    ("command", "planted", "message"),
    [
        ("ruff format --check .", CLEAN.replace("number / 2", "number/2"), "half.py"),
        ("ruff check .", f"import os\n\n\n{CLEAN}", "F401"),
        ("mypy", CLEAN.replace("-> float", "-> str"), 'got "float", expected "str"'),
        ("mypy", CLEAN.replace("number / 2", "number.half"), 'has no attribute "half"'),
        ("lint-imports", f"import explainer.cli\n\n\n{CLEAN}", "not allowed to import explainer.cli"),
        ("vulture", CLEAN, "unused function 'half'"),
        ("complexipy --plain --failed", CLEAN.replace("    return", f"{BRANCHES}    return"), "half"),
    ],
    ids=["format", "rules", "type", "attribute", "upward-import", "dead-code", "complexity"],
)  # fmt: skip
def test_a_planted_fault_is_found(library, command, planted, message) -> None:
    put(library, "system/half.py", CLEAN)
    used = library / "src/explainer/system/__main__.py"
    if command == "vulture":
        used.write_text('"""A use."""\n\nfrom explainer.system.half import half\n\nprint(half(4))\n', "utf-8")
    before = lint(command, library)
    assert before.returncode == 0, before.stdout + before.stderr
    used.unlink(missing_ok=True)
    put(library, "system/half.py", planted)
    after = lint(command, library)
    assert after.returncode != 0
    assert message in after.stdout + after.stderr


def test_a_circle_within_one_layer_is_found(library) -> None:
    put(library, "system/one.py", "from explainer.system import two\n")
    put(library, "system/two.py", "")
    assert lint("lint-imports", library).returncode == 0
    put(library, "system/two.py", "from explainer.system import one\n")
    assert lint("lint-imports", library).returncode != 0


def test_every_command_of_lint_has_a_planted_fault() -> None:
    [planted] = [mark for mark in test_a_planted_fault_is_found.pytestmark if mark.name == "parametrize"]
    assert {case[0] for case in planted.args[1]} == set(recipe())
