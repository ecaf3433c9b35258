"""Set-up: what it needs, what it promises, and when make calls it."""

from __future__ import annotations

import ast
import base64
import functools
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE = shutil.which("make")
needs_make = pytest.mark.skipif(MAKE is None, reason="make is not on PATH")
UV = shutil.which("uv", path=ROOT / ".venv" / "bin") or shutil.which("uv")
TOOLS = [
    "pip",
    pytest.param("uv", marks=pytest.mark.skipif(UV is None, reason="uv is neither in .venv nor on PATH")),
]
PROJECT = """\
[project]
name = "little"
version = "1"
[build-system]
requires = ["little-backend"]
build-backend = "little_backend"
"""
# A build backend in a few lines, so that these tests need no network: it installs a path to the sources.
BACKEND = """\
import os, zipfile
def _wheel(folder):
    with zipfile.ZipFile(os.path.join(folder, "little-1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("little.pth", os.path.join(os.getcwd(), "src"))
        wheel.writestr("little-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: little\\nVersion: 1\\n")
        wheel.writestr("little-1.dist-info/WHEEL",
                       "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("little-1.dist-info/RECORD", "")
    return "little-1-py3-none-any.whl"
def build_editable(folder, settings=None, metadata=None):
    return _wheel(folder)
def build_wheel(folder, settings=None, metadata=None):
    return _wheel(folder)
"""


def program(path: Path, body: str, interpreter: str = "/bin/sh") -> Path:
    """Write an executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{interpreter}\n{body}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def wheel(folder: Path, name: str, files: dict[str, str]) -> str:
    """Write a wheel of version 1 into a folder and return its line for a requirements file."""
    module = name.replace("-", "_")
    path = folder / f"{module}-1-py3-none-any.whl"
    info = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    contents = files | {f"{module}-1.dist-info/{key}": text for key, text in info.items()}
    record = "".join(
        f"{key},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip('=')},"
        f"{len(text)}\n"
        for key, text in contents.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for key, text in contents.items():
            archive.writestr(key, text)
        archive.writestr(f"{module}-1.dist-info/RECORD", f"{record}{module}-1.dist-info/RECORD,,\n")
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A little project with this set-up, in a folder with a space in its name, and what it needs on disk."""
    root = tmp_path / "a project"
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", root)
    (root / "src").mkdir()
    (root / "src" / "little.py").write_text("import library\n", "utf-8")
    (root / "pyproject.toml").write_text(PROJECT, "utf-8")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    build = wheel(wheels, "little-backend", {"little_backend.py": BACKEND})
    (root / "tools" / "build.txt").write_text(build, "utf-8")
    (root / "requirements.txt").write_text(wheel(wheels, "library", {"library.py": ""}), "utf-8")
    return root


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A machine with an empty home, few programs on PATH, and a folder of wheels as its only index."""
    (tmp_path / "home").mkdir()
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in (
        "sh",
        "env",
        "sleep",
        "cat",
        "mkdir",
        "touch",
        "awk",
        "test",
        "rm",
        "id",
        "realpath",
        "dirname",
    ):
        (folder / name).symlink_to(shutil.which(name))
    wheels = str(tmp_path / "wheels")
    settings = tmp_path / "uv.toml"  # no variable keeps uv from asking PyPI
    settings.write_text(f'no-index = true\nfind-links = ["{wheels}"]\n', "utf-8")
    index = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, "UV_CONFIG_FILE": str(settings)}
    return {"HOME": str(tmp_path / "home"), "PATH": str(folder), "PIP_CONFIG_FILE": os.devnull, **index}


def on_path(environ: dict[str, str], name: str, body: str) -> Path:
    return program(Path(environ["PATH"]) / name, body)


def set_up(project: Path, environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tools/setup.py", *arguments]
    return subprocess.run(
        command, cwd=project, env=environ, capture_output=True, text=True, timeout=120, check=False
    )


def without_fallback(environ: dict[str, str], tool: str) -> dict[str, str]:
    """The environment in which what `tool` refuses is refused, because pip has no index to fall back on."""
    return environ | ({"PIP_FIND_LINKS": environ["HOME"]} if tool == "uv" else {})


def imports(project: Path, environ: dict[str, str] | None = None) -> bool:
    """Whether the project and its library can be imported in its environment."""
    command = [project / ".venv/bin/python", "-c", "import little, library"]
    return subprocess.run(command, env=environ, check=False).returncode == 0


# ---------------------------------------------------------------- Python


def test_the_syntax_is_that_of_an_old_python() -> None:
    ast.parse((ROOT / "tools" / "setup.py").read_text("utf-8"), feature_version=(3, 6))


@functools.cache
def old_python() -> str | None:
    """A Python on this machine that is too old for the project."""
    places = [
        *os.environ.get("PATH", "").split(os.pathsep),
        *Path.home().glob(".pyenv/versions/3.[6-9].*/bin"),
    ]
    candidates = [Path(place, f"python3.{minor}") for place in places for minor in (6, 7, 8, 9, 10)]
    works = (
        path for path in candidates if path.is_file() and not subprocess.call([path, "-c", "import venv"])
    )
    return str(next(works, "")) or None


def test_an_old_python_is_told_what_is_needed(project, environ) -> None:
    old = old_python()
    if old is None:
        pytest.skip("no Python from 3.6 to 3.10 on this machine")
    done = subprocess.run([old, "tools/setup.py"], cwd=project, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed; this one is 3." in done.stderr
    assert "make report PYTHON=" in done.stderr
    on_path(environ, "python3.14", "exit 127")
    on_path(environ, "python3.13", '[ "$1" = -c ] || echo taken: "$@"')
    done = subprocess.run([old, "tools/setup.py"], cwd=project, env=environ, capture_output=True, text=True)
    assert done.stdout == "taken: tools/setup.py\n"


# ---------------------------------------------------------------- the environment


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(("locale", "is_link"), [("C", False), ("xx_YY.UTF-8", True)])
def test_the_environment_is_made_of_what_is_locked_in_a_folder_of_any_name(
    project, environ, tmp_path, tool, locale, is_link
) -> None:
    if tool == "uv":
        (Path(environ["PATH"]) / "uv").symlink_to(UV)
    odd = project.rename(project.with_name("a%41b é"))
    folder = tmp_path / "environment of another" if is_link else odd / ".venv"
    folder.mkdir()
    if is_link:
        (odd / ".venv").symlink_to(folder)
    stray = folder / "stray"
    stray.touch()
    plain = environ | {"LC_ALL": locale, "LANG": locale}
    astray = {"PIP_TARGET": str(tmp_path / "elsewhere"), "PIP_USER": "1", "PYTHONPATH": str(tmp_path)}
    done = set_up(odd, plain | astray)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"with {tool}\n" in done.stdout and "set-up:" not in done.stderr, "the other tool took over"
    assert imports(odd, plain)
    assert (odd / ".venv" / "ready").read_text("utf-8") == f"{odd}\n"
    assert not stray.exists(), "something of the former environment was kept"
    assert (folder / "ready").exists() and (odd / ".venv").is_symlink() == is_link
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    ("name", "found", "wrong"),
    [("requirements.txt", "sha256:.{8}", "sha256:00000000"), ("tools/build.txt", " --hash=.+", "")],
)
def test_a_package_with_another_hash_or_none_is_refused(project, environ, tool, name, found, wrong) -> None:
    if tool == "uv":
        (Path(environ["PATH"]) / "uv").symlink_to(UV)
    path = project / name
    path.write_text(re.sub(found, wrong, path.read_text("utf-8")), "utf-8")
    done = set_up(project, without_fallback(environ, tool))
    assert done.returncode == 1
    assert "hash" in done.stderr.lower() and "Traceback" not in done.stderr
    assert not (project / ".venv" / "ready").exists()


def test_an_index_that_cannot_be_reached_is_said_with_the_remedy(project, environ) -> None:
    done = set_up(project, environ | {"PIP_FIND_LINKS": str(project)})
    assert done.returncode == 1
    assert "No matching distribution found for little-backend==1" in done.stderr
    assert "PIP_INDEX_URL can name a mirror" in done.stderr and "Traceback" not in done.stderr


def test_uv_uses_the_mirror_that_pip_is_told_of(project, environ) -> None:
    on_path(environ, "uv", 'echo "index $UV_DEFAULT_INDEX"')
    mirror = {"PIP_INDEX_URL": "https://mirror.example/simple"}
    assert "index https://mirror.example/simple\n" in set_up(project, environ | mirror).stdout
    own = {"UV_DEFAULT_INDEX": "https://own.example/simple"}
    assert "index https://own.example/simple\n" in set_up(project, environ | mirror | own).stdout


def test_interrupted_is_done_again_and_a_second_waits_and_pip_takes_over(project, environ, tmp_path) -> None:
    running, go = tmp_path / "running", tmp_path / "go"
    body = (
        f'touch "{running}"; while ! test -e "{go}"; do sleep 0.05; done; echo no route to host >&2; exit 2'
    )
    on_path(environ, "uv", body)
    command = [sys.executable, "tools/setup.py"]
    options = {
        "cwd": project,
        "env": environ,
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.PIPE,
    }

    def wait_for_uv() -> None:
        until = time.monotonic() + 60
        while not running.exists() and time.monotonic() < until:
            time.sleep(0.05)

    stopped = subprocess.Popen(command, start_new_session=True, **options)
    wait_for_uv()
    os.killpg(stopped.pid, signal.SIGKILL)
    stopped.communicate()
    assert (project / ".venv").is_dir() and not (project / ".venv" / "ready").exists()
    running.unlink()
    first = subprocess.Popen(command, **options)
    wait_for_uv()
    second = subprocess.Popen(command, **options)
    time.sleep(0.5)
    go.touch()
    output, errors = first.communicate(timeout=120)
    assert first.returncode == 0, errors
    assert "no route to host" in errors and "with pip" in output
    assert second.communicate(timeout=60) == ("", ""), "made again what was made while it waited"
    assert imports(project)


# ---------------------------------------------------------------- Quarto


def quarto_package(project: Path, version: str = "1") -> None:
    """Put a quarto-cli of this version where the index is, and pin it."""
    files = {
        "quarto_cli.py": "def main():\n    print('1.2.3')\n",
        "quarto_cli-1.dist-info/entry_points.txt": "[console_scripts]\nquarto = quarto_cli:main\n",
    }
    line = wheel(project.parent / "wheels", "quarto-cli", files)
    (project / "tools" / "quarto.txt").write_text(line.replace("==1", f"=={version}"), "utf-8")


def make(project: Path, environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [MAKE, f"PYTHON={sys.executable}", *arguments],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@needs_make
def test_quarto_is_tried_once_and_the_outcome_remembered(project, environ) -> None:
    quarto_package(project, version="2")
    make(project, environ, ".venv/ready")
    told = make(project, environ, ".venv/quarto-attempt")
    assert re.search(
        r"no Quarto \(.*quarto-cli==2.*\): going on with Pandoc; `make quarto` tries again", told
    )
    assert "Quarto" not in make(project, environ, ".venv/quarto-attempt"), "tried again without being asked"
    assert "no Quarto" in make(project, environ, "quarto")
    quarto_package(project)
    later = time.time() + 10
    os.utime(project / "tools" / "quarto.txt", (later, later))
    assert "Quarto 1 is in .venv" in make(project, environ, ".venv/quarto-attempt")
    assert subprocess.check_output([project / ".venv/bin/quarto"], text=True) == "1.2.3\n"


def test_a_closed_download_is_named_and_one_that_hangs_is_given_up(project, environ) -> None:
    (project / ".venv").mkdir()
    on_path(environ, "uv", "echo 'Error downloading Quarto: <urlopen error closed>'; echo hint; exit 1")
    done = set_up(project, environ, "quarto")
    assert done.returncode == 0
    assert "no Quarto (Error downloading Quarto: <urlopen error closed>): going on" in done.stdout
    child = project / "child"
    on_path(environ, "uv", f'sleep 300 & echo $! > "{child}"; wait')
    path = project / "tools" / "setup.py"
    path.write_text(path.read_text("utf-8").replace("QUARTO_LIMIT = 120", "QUARTO_LIMIT = 1"), "utf-8")
    started = time.monotonic()
    done = set_up(project, environ, "quarto")
    assert time.monotonic() - started < 20
    assert done.returncode == 0 and "no Quarto (not done after 1 s)" in done.stdout
    state = subprocess.run(["ps", "-o", "stat=", "-p", child.read_text("utf-8").strip()], capture_output=True)
    assert state.stdout.strip()[:1] in (b"", b"Z"), "what the build started goes on"


@pytest.mark.parametrize("where", ["PATH", "QUARTO_PATH"])
def test_quarto_that_is_there_is_not_fetched(project, environ, where) -> None:
    found = program(project / "elsewhere" / "quarto", "echo 1.9.0")
    environ[where] = {"PATH": f"{environ['PATH']}:{found.parent}", "QUARTO_PATH": str(found)}[where]
    done = set_up(project, environ, "quarto")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# ---------------------------------------------------------------- make


def targets() -> list[str]:
    """What the Makefile offers to people."""
    return re.search(r"^\.PHONY: (help .+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split()


@needs_make
def test_help_lists_every_target_and_is_what_make_alone_says(project, environ) -> None:
    listed = make(project, environ, "help")
    assert re.findall(r"^  make (\w+) +\S", listed, re.MULTILINE) == targets()
    assert make(project, environ) == listed


PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_no_target_that_is_not_there(page: str) -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z]+)\b", (ROOT / page).read_text("utf-8"), re.MULTILINE))
    assert named <= set(targets())


@needs_make
def test_set_up_runs_again_only_when_something_changed(project, environ) -> None:
    program(
        project / "tools" / "setup.py",
        "import os, pathlib, sys\n"
        "pathlib.Path('.venv/bin').mkdir(parents=True, exist_ok=True)\n"
        "if not os.path.lexists('.venv/bin/python'): os.symlink(sys.executable, '.venv/bin/python')\n"
        "pathlib.Path('.venv/ready').write_text(os.getcwd() + '\\n')\n"
        "print('SET UP')",
    )
    assert "SET UP" in make(project, environ, ".venv/ready")
    assert "SET UP" not in make(project, environ, ".venv/ready")
    later = time.time() + 5
    for name in ("requirements.txt", "pyproject.toml", "tools/setup.py", "tools/build.txt"):
        later += 5
        os.utime(project / name, (later, later))
        assert "SET UP" in make(project, environ, ".venv/ready"), name
        os.utime(project / ".venv/ready", (later, later))
        assert "SET UP" not in make(project, environ, ".venv/ready"), name
    moved = project.with_name("moved here")
    project.rename(moved)
    assert "SET UP" in make(moved, environ, ".venv/ready")
    (moved / ".venv/bin/python").unlink()
    assert "SET UP" in make(moved, environ, ".venv/ready")


@needs_make
def test_pandoc_alone_never_asks_for_quarto(project, environ) -> None:
    assert "setup.py quarto" in make(project, environ, "--dry-run", "report")
    assert "setup.py quarto" not in make(project, environ, "--dry-run", "report", "ENGINE=pandoc")


# ---------------------------------------------------------------- CI


@pytest.mark.parametrize(("failing", "code"), [("lint", 3), ("test", 7)])
def test_ci_lints_then_tests_and_ends_as_they_end(project, environ, tmp_path, failing, code) -> None:
    shutil.copytree(ROOT / ".ci", project / ".ci")
    log = tmp_path / "made"
    body = f'echo "$1 CI=$CI $EXPLAINER_ARTICLE" >> "{log}"; if [ "$1" = {failing} ]; then exit {code}; fi'
    on_path(environ, "make", body)
    article = tmp_path / "shared" / "article" / "text.txt"
    article.parent.mkdir(parents=True)
    article.write_text("words", "utf-8")
    done = subprocess.run(
        [shutil.which("bash"), project / ".ci" / "run"], env=environ, stdin=subprocess.DEVNULL, timeout=60
    )
    assert done.returncode == code
    lines = log.read_text("utf-8").splitlines()
    assert lines == [f"{name} CI=true {article}" for name in ("lint", "test")]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("name", ["ENGINE", "REV", "ARTICLE", "WORKERS", "CASES", "PYTHON"])
@pytest.mark.parametrize(
    "value", ['x"; touch PWNED; "', "$(shell touch PWNED)", "`touch PWNED`", "$(touch PWNED)"]
)
def test_what_is_said_to_make_reaches_no_shell(tmp_path, name, value):
    targets = {"ENGINE": "report", "REV": "diff", "ARTICLE": "audit", "WORKERS": "test", "CASES": "fuzz"}
    target = targets.get(name, "quarto")
    shutil.copy(ROOT / "Makefile", tmp_path)
    for program in (tmp_path / ".venv/bin/explainer", tmp_path / ".venv/bin/python"):
        program.parent.mkdir(parents=True, exist_ok=True)
        text = '#!/bin/sh\nfor word in "$@" "$EXPLAINER_FUZZ"; do printf "<%s>" "$word"; done\n'
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
    options = [part for made in ("ready", "quarto-attempt") for part in ("-o", f".venv/{made}")]
    done = subprocess.run(
        ["make", *options, target, f"{name}={value}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not (tmp_path / "PWNED").exists()
    # A Python of such a name there is not, which the shell says of the whole of it.
    assert (value in done.stderr) if name == "PYTHON" else (f"<{value}>" in done.stdout), done.stderr
