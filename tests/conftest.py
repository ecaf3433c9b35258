"""Projects that several test files share."""

from __future__ import annotations

# Before anything imports jsonschema, of which it leaves out a second that nobody needs.
import explainer  # noqa: F401

# isort: split
import fcntl
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import mini
import story
from explainer.engines import quarto
from explainer.starter.new import create
from explainer.system.project import Project
from program import explain

# Helpers that assert: pytest shows what was compared only in modules it has been told of before their import.
pytest.register_assert_rewrite("browser", "fact_links", "fuzz", "injection", "measure", "reading")

# Tests make and remove a hundred thousand files, which costs some file systems a tenth of the whole time.
# So they are made in memory where there is room, unless TMPDIR says where.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK):
    is_executable = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if is_executable and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# A shell has what it starts in the background ignore an interrupt, and the programs under test inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _empty_caches():
    """Empty the library's caches where mutmut notes which test reaches which function."""
    if "MUTANT_UNDER_TEST" in os.environ:
        for name, module in list(sys.modules.items()):
            # Those of explainer.system are no answers: one is the folder for temporary files.
            if name.startswith("explainer.") and not name.startswith("explainer.system"):
                for part in list(vars(module).values()):
                    if not str(getattr(part, "__module__", "")).startswith("explainer.system"):
                        getattr(part, "cache_clear", lambda: None)()


@pytest.fixture(scope="session")
def shared(tmp_path_factory) -> Callable[[str, Callable[[Path], Project]], Project]:
    """Return what builds a project and its report once, however many processes test them."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def build(name: str, make: Callable[[Path], Project]) -> Project:
        project = Project(folder / name)
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not project.report.is_dir():
                shutil.rmtree(project.root, ignore_errors=True)
                done = explain(make(project.root), "render", "--engine", "pandoc")
                assert done.returncode == 0, done.stdout + done.stderr
        return project

    return build


@pytest.fixture(scope="session")
def rendered(shared) -> Project:
    """Return the little report as the embedded engine renders it; copy it before changing anything."""
    return shared("mini", mini.make)


@pytest.fixture(scope="session")
def published(shared) -> Project:
    """Return the story's own report; copy it before changing anything."""
    return shared("published", story.copy)


@pytest.fixture(scope="session")
def ferry(shared) -> Project:
    """Return the story that `explainer new` makes up, and its report; copy it before changing anything."""
    return shared("ferry", lambda root: create(root.parent, root.name).project)


@pytest.fixture
def report(rendered, tmp_path) -> Project:
    """Return a copy of the rendered report that a test may spoil."""
    return mini.copy_of(rendered, tmp_path / "mini")


@pytest.fixture(scope="session")
def quarto_path() -> Path:
    """Return a real Quarto, or skip."""
    path = quarto.find(Project(mini.HERE))
    if path is None:
        pytest.skip("no Quarto on this machine ($QUARTO_PATH, PATH, .venv, conda)")
    return path


@pytest.fixture(scope="session")
def quarto_rendered(rendered, tmp_path_factory, quarto_path) -> Project:
    """Return the little report as Quarto renders it; copy it before changing anything."""
    project = mini.copy_of(rendered, tmp_path_factory.mktemp("quarto") / "mini")
    done = explain(project, "render", "--engine", "quarto", QUARTO_PATH=str(quarto_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Rendered with Quarto" in done.stdout
    return project


@pytest.fixture
def as_on_path(quarto_path) -> dict[str, str]:
    """Return the environment of somebody who calls that Quarto by its name."""
    left = {key: value for key, value in os.environ.items() if key != quarto.DONE}
    return left | {
        "PATH": os.pathsep.join([str(quarto_path.parent), left.get("PATH", "")]),
        "QUARTO_PYTHON": sys.executable,
    }
