"""pyproject.toml, uv.lock, requirements.txt, environment.yml and CITATION.cff say the same thing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
SHA256 = re.compile(r"sha256:[0-9a-f]{64}")


def direct() -> list[Requirement]:
    """What pyproject.toml asks for, the development group included."""
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    return [Requirement(line) for line in asked]


def conda_pip() -> list[str]:
    """The pip section of environment.yml."""
    return next(entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict))


def conda_pins() -> dict[str, set[str]]:
    """Every version that the pip section pins, by library; some have one for each range of Pythons."""
    pins: dict[str, set[str]] = {}
    for entry in conda_pip():
        if entry.startswith("--"):
            continue
        requirement = Requirement(entry)
        [clause] = requirement.specifier
        assert clause.operator == "==", f"{entry} is not pinned to one version"
        pins.setdefault(canonicalize_name(requirement.name), set()).add(clause.version)
    return pins


def locked() -> dict[str, set[str]]:
    """Every version in uv.lock, by library."""
    versions: dict[str, set[str]] = {}
    for package in LOCK["package"]:
        versions.setdefault(package["name"], set()).add(package["version"])
    return versions


@pytest.mark.parametrize("requirement", direct(), ids=lambda requirement: requirement.name)
def test_each_direct_dependency_is_in_all_three_at_an_allowed_version(requirement: Requirement) -> None:
    name = canonicalize_name(requirement.name)
    versions = locked().get(name, set())
    assert versions, f"{name} is not in uv.lock"
    assert conda_pins().get(name) == versions
    assert all(requirement.specifier.contains(version) for version in versions)


def test_conda_users_get_every_locked_library_at_its_locked_version() -> None:
    expected = {name: versions for name, versions in locked().items() if name != PROJECT["project"]["name"]}
    assert conda_pins() == expected


def test_conda_users_get_python_quarto_and_the_project_itself() -> None:
    packages = dict(
        re.fullmatch(r"([\w-]+)(.*)", entry).groups()
        for entry in CONDA["dependencies"]
        if isinstance(entry, str)
    )
    python = packages["python"].lstrip("=")
    assert SpecifierSet(PROJECT["project"]["requires-python"]).contains(python)
    assert "pip" in packages
    pinned = re.search(r"quarto-cli==([\d.]+)", (ROOT / "tools/quarto.txt").read_text("utf-8"))[1]
    assert SpecifierSet(packages["quarto"]).contains(pinned)
    assert CONDA["channels"][0] == "conda-forge"
    assert CONDA["name"] == PROJECT["project"]["name"]
    assert conda_pip()[-1] == "--editable ."


def test_python_bounds_agree() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import setup
    finally:
        sys.path.remove(str(ROOT / "tools"))
    oldest = ".".join(map(str, setup.OLDEST))
    assert LOCK["requires-python"] == PROJECT["project"]["requires-python"] == f">={oldest}"


def test_everything_locked_has_a_sha256() -> None:
    without = []
    for package in LOCK["package"]:
        if package["name"] == PROJECT["project"]["name"]:
            assert package["source"] == {"editable": "."}
            continue
        assert "registry" in package["source"], f"{package['name']} does not come from a package index"
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if not files or not all(SHA256.fullmatch(file.get("hash", "")) for file in files):
            without.append(package["name"])
    assert without == []


@pytest.mark.parametrize("name", ["requirements.txt", "tools/quarto.txt", "tools/build.txt"])
def test_what_set_up_fetches_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        requirement, *hashes = line.split(" --hash=")
        [clause] = Requirement(requirement.strip()).specifier
        assert clause.operator == "==" and not clause.version.endswith("*")
        assert hashes and all(SHA256.fullmatch(entry.strip()) for entry in hashes)


def test_the_build_backend_is_among_what_set_up_installs_first() -> None:
    """Otherwise installing the project would download a backend that no hash vouches for."""
    [backend] = [Requirement(line) for line in PROJECT["build-system"]["requires"]]
    text = (ROOT / "tools" / "build.txt").read_text("utf-8")
    pinned = re.search(rf"^{canonicalize_name(backend.name)}==([\d.]+)", text, re.MULTILINE)[1]
    assert backend.specifier.contains(pinned)


def test_every_library_that_must_be_built_can_be() -> None:
    """Set-up holds build requirements to tools/build.txt, which names setuptools only."""
    sources = {
        package["name"] for package in LOCK["package"] if package.get("sdist") and not package.get("wheels")
    }
    assert sources <= {"docopt"}, "tools/build.txt must name what building these needs"


def test_the_lock_and_what_is_written_from_it_are_current() -> None:
    if not (shutil.which("uv", path=ROOT / ".venv" / "bin") or shutil.which("uv")):
        pytest.skip("uv is neither in .venv nor on PATH")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    done = subprocess.run(
        [sys.executable, "tools/lock.py", "--check"],
        cwd=ROOT,
        env=environ | {"UV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0, f"{done.stderr}\nRun: make lock"


def test_every_locked_version_is_in_the_requirements() -> None:
    """That the two agree is seen even where there is no uv."""
    text = (ROOT / "requirements.txt").read_text("utf-8")
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)(?:\[.+?\])?==(\S+)", text, re.MULTILINE):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    assert pins == {
        name: versions for name, versions in locked().items() if name != PROJECT["project"]["name"]
    }


def test_citation_names_this_version_and_its_licence() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["project"]["version"]
    assert citation["license"] == PROJECT["project"]["license"]
