"""Set-up on machines of every kind, acted out with small programs in place of pip and uv. No network."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / "tools" / "setup.py"
MAKE = shutil.which("make")
needs_make = pytest.mark.skipif(MAKE is None, reason="make is not on PATH")


def program(path: Path, body: str, interpreter: str = "/bin/sh") -> Path:
    """Write an executable script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{interpreter}\n{body}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def alive(pid: int) -> bool:
    """Whether a process runs (one that ended but was not yet collected does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    """Wait a little for a process to end."""
    until = time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


def wait_for(path: Path) -> str:
    """Wait a little for a file with something in it."""
    until = time.monotonic() + 20
    while not (path.is_file() and path.read_text("utf-8").strip()) and time.monotonic() < until:
        time.sleep(0.05)
    return path.read_text("utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that holds nothing but the set-up, in a folder with a space in its name."""
    root = tmp_path / "a project"
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml", "uv.lock"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def setup(project: Path) -> ModuleType:
    """The set-up of that project."""
    spec = importlib.util.spec_from_file_location("setup_under_test", project / "tools" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A machine with an empty home and nothing but the shell's own programs on PATH."""
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
    return {"HOME": str(tmp_path / "home"), "PATH": str(folder)}


def on_path(environ: dict[str, str], name: str, body: str) -> Path:
    return program(Path(environ["PATH"]) / name, body)


# ---------------------------------------------------------------- Python


def test_an_old_python_gets_as_far_as_the_message() -> None:
    tree = ast.parse(SETUP.read_text("utf-8"), feature_version=(3, 6))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.AnnAssign)
        if isinstance(node, ast.FunctionDef):
            arguments = [*node.args.args, *node.args.kwonlyargs]
            assert node.returns is None and all(argument.annotation is None for argument in arguments)


def test_an_old_python_is_told_what_is_needed(setup, environ, monkeypatch, capsys) -> None:
    monkeypatch.setattr(setup, "OLDEST", (99, 1))
    monkeypatch.setattr(os, "environ", environ)
    assert setup.main([]) == 1
    message = capsys.readouterr().err
    assert "Python 99.1 or newer is needed" in message
    assert "make report PYTHON=" in message


def test_a_newer_python_on_path_is_found_past_one_that_does_not_run(setup, environ) -> None:
    on_path(environ, "python3.14", "exit 127")
    assert setup.newer_python(environ) is None
    (Path(environ["PATH"]) / "python3.12").symlink_to(sys.executable)
    assert setup.newer_python(environ) == str(Path(environ["PATH"]) / "python3.12")


# ---------------------------------------------------------------- package index


@pytest.fixture
def without_pip(setup, monkeypatch):
    """This Python has no pip."""
    found = importlib.util.find_spec
    monkeypatch.setattr(
        setup.importlib.util, "find_spec", lambda name: None if name in {"pip", "ensurepip"} else found(name)
    )


@pytest.mark.usefixtures("without_pip")
def test_the_mirror_of_pip_becomes_the_mirror_of_uv(setup, environ) -> None:
    listed = "global.index-url='https://file/simple'\\nglobal.cert='/etc/c.pem'\\nglobal.timeout='9'"
    on_path(environ, "pip3", f'[ "$1 $2" = "config list" ] && printf "{listed}\\n"')
    uv, options = setup.for_uv(environ, setup.pip_settings(environ))
    assert uv["UV_DEFAULT_INDEX"] == "https://file/simple"
    assert uv["SSL_CERT_FILE"] == "/etc/c.pem"
    assert options == []

    environ["PIP_INDEX_URL"] = "https://variable/simple"
    uv, _ = setup.for_uv(environ, setup.pip_settings(environ))
    assert uv["UV_DEFAULT_INDEX"] == "https://variable/simple"


def test_an_index_of_uv_stays_and_reaches_pip(setup, environ) -> None:
    environ["UV_DEFAULT_INDEX"] = "office=https://mirror/simple?a=b"
    uv, _ = setup.for_uv(environ, {"index-url": "https://other/simple"})
    assert uv["UV_DEFAULT_INDEX"] == "office=https://mirror/simple?a=b"
    assert setup.for_pip(environ, {})["PIP_INDEX_URL"] == "https://mirror/simple?a=b"
    assert "PIP_INDEX_URL" not in setup.for_pip(environ, {"index-url": "https://own/simple"})


def test_a_folder_of_wheels_takes_the_place_of_an_index(setup, environ) -> None:
    environ |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/one /two"}
    _, options = setup.for_uv(environ, setup.pip_settings(environ))
    assert options == ["--no-index", "--find-links", "/one", "--find-links", "/two"]


def test_settings_that_install_elsewhere_are_left_out(setup, environ) -> None:
    stray = {
        "PIP_TARGET": "/x",
        "VIRTUAL_ENV": "/x",
        "UV_PYTHON": "3.9",
        "PYTHONPATH": "/x",
        "PIP_PREFIX": "/x",
    }
    pip = setup.for_pip(environ | stray, {})
    uv, _ = setup.for_uv(environ | stray, {})
    assert not stray.keys() & (pip.keys() | uv.keys())
    assert pip["PIP_USER"] == "0"
    assert uv["UV_PYTHON_DOWNLOADS"] == "never"


def test_a_home_that_cannot_be_written_does_not_stop_the_cache(setup, environ, monkeypatch) -> None:
    assert "UV_CACHE_DIR" not in setup.for_uv(environ, {})[0]
    monkeypatch.setattr(setup.os, "access", lambda *_: False)
    assert setup.for_uv(environ, {})[0]["UV_CACHE_DIR"] == str(setup.TOOLS / "cache")


# ---------------------------------------------------------------- time limits


def test_the_time_limit_ends_a_program_and_its_children(setup, environ, tmp_path) -> None:
    children = tmp_path / "child"
    hanging = program(
        tmp_path / "hanging", f"trap '' TERM\nsleep 300 &\necho $! > '{children}'\necho begun\nwait"
    )
    started = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired) as late:
        setup.run([hanging], 1, environ)
    assert time.monotonic() - started < 20
    assert late.value.output == "begun\n"
    assert gone(int(children.read_text("utf-8")))


def test_a_stopped_set_up_leaves_nothing_running(project, environ, tmp_path) -> None:
    children = tmp_path / "child"
    on_path(
        environ, "uv", f'echo "uv 0.13.9"; [ "$1" = --version ] || {{ echo $$ > "{children}"; sleep 300; }}'
    )
    command = [sys.executable, project / "tools" / "setup.py"]
    running = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    child = int(wait_for(children))
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 128 + signal.SIGTERM
    running.stdout.close()
    assert gone(child)


# ---------------------------------------------------------------- uv


@pytest.mark.parametrize(
    ("printed", "fine"),
    [
        ("uv 0.13.9 (x)", True),
        ("uv 0.13.20", True),
        ("uv 0.13.8", False),
        ("uv 0.14.0", False),
        ("what?", False),
    ],
)
def test_only_an_uv_that_reads_this_lock_the_same_way_is_used(setup, environ, printed, fine) -> None:
    setup.ROOT.joinpath("tools/uv.txt").write_text("# pinned\nuv==0.13.9 \\\n    --hash=sha256:0\n", "utf-8")
    path = on_path(environ, "uv", f'echo "{printed}"')
    assert setup.find_uv(environ) == (path if fine else None)


def fake_pip(tmp_path: Path, setup: ModuleType, name: str, works: bool) -> list[str]:
    """A pip that installs a small uv, or does not."""
    target = setup.UV_HOME / "bin" / "uv"
    version = setup.pin("uv")
    install = f"""
    mkdir -p "{target.parent}"
    printf '#!/bin/sh\\necho uv {version}\\n' > "{target}"
    chmod +x "{target}"
    """
    refuse = 'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1'
    body = f'echo "$@" >> "{tmp_path}/{name}.log"\n' + (install if works else refuse)
    return [str(program(tmp_path / name, body)), "install"]


def test_uv_comes_with_hashes_and_from_the_next_pip_when_one_fails(
    setup, environ, tmp_path, monkeypatch
) -> None:
    environ["PATH"] = os.environ["PATH"]
    ways = [
        (name, fake_pip(tmp_path, setup, name, name == "second")) for name in ("first", "second", "third")
    ]
    monkeypatch.setattr(setup, "ways_to_pip", lambda _: iter(ways))
    assert setup.get_uv(environ) == setup.UV_HOME / "bin" / "uv"
    asked = (tmp_path / "second.log").read_text("utf-8")
    assert "--require-hashes" in asked and "--only-binary :all:" in asked and "uv.txt" in asked
    assert not (tmp_path / "third.log").exists()


def test_a_pip_that_fails_is_quoted(setup, environ, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(
        setup, "ways_to_pip", lambda _: iter([("pip", fake_pip(tmp_path, setup, "p", False))])
    )
    with pytest.raises(setup.Failure) as failure:
        setup.get_uv(environ)
    message = str(failure.value)
    assert message.startswith("set-up: uv ") and "could not be installed with pip" in message
    assert "DO NOT MATCH THE HASHES" in message
    assert "PIP_INDEX_URL" in message


def test_a_pip_that_hangs_is_given_up(setup, environ, tmp_path, monkeypatch) -> None:
    hanging = program(tmp_path / "pip", "exec sleep 300")
    monkeypatch.setattr(setup, "ways_to_pip", lambda _: iter([("pip", [hanging])]))
    monkeypatch.setitem(setup.LIMITS, "uv", 0.5)
    with pytest.raises(setup.Failure, match=r"not done after 0\.5 seconds"):
        setup.get_uv(environ)


@pytest.mark.usefixtures("without_pip")
def test_a_machine_without_venv_and_pip_is_told_what_to_install(setup, environ) -> None:
    with pytest.raises(setup.Failure) as failure:
        setup.get_uv(environ)
    assert "neither venv nor pip" in str(failure.value)
    assert "apt install python3-venv" in str(failure.value)


@pytest.mark.usefixtures("without_pip")
def test_a_pip_on_path_is_enough(setup, environ) -> None:
    path = on_path(environ, "pip3", "exit 0")
    assert [command[0] for _, command in setup.ways_to_pip(environ)] == [path.name]


# ---------------------------------------------------------------- the environment


@pytest.fixture
def uv(setup, environ, tmp_path):
    """An uv that notes how it is called; a file named ``fail-<command>`` makes that command fail.

    Returns a function that gives the calls since it was last asked.
    """
    log = tmp_path / "uv.log"
    body = f"""
import os, pathlib, subprocess, sys
arguments = sys.argv[1:]
if arguments == ["--version"]:
    print("uv {setup.pin("uv")}")
    sys.exit()
with open({str(log)!r}, "a") as log:
    print(*arguments, file=log)
name = "-".join(word for word in arguments[:2] if not word.startswith("-"))
if arguments[0] == "venv":
    subprocess.run([arguments[arguments.index("--python") + 1], "-m", "venv", "--without-pip", "--clear"]
                   + [arguments[-1]], check=True)
if arguments[0] == "export":
    pathlib.Path(arguments[arguments.index("--output-file") + 1]).write_text("one==1 --hash=sha256:0\\n")
behaviour = pathlib.Path({str(tmp_path)!r}, name)
if behaviour.exists():
    exec(behaviour.read_text())
"""
    program(Path(environ["PATH"]) / "uv", body, sys.executable)

    def calls() -> list[str]:
        made = log.read_text("utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return made

    return calls


def commands(calls: list[str]) -> list[str]:
    """The first words of each call."""
    return [re.match(r"(pip )?\w+", call)[0] for call in calls]


def test_what_is_in_place_or_cached_needs_no_index(setup, environ, uv) -> None:
    setup.make_environment(environ)
    made = uv()
    assert commands(made) == ["venv", "sync"]
    assert "--offline" in made[1] and "--frozen" in made[1] and "--all-groups" in made[1]
    assert (setup.VENV / "ready").read_text("utf-8") == f"{setup.ROOT}\n"
    setup.make_environment(environ)
    assert commands(uv()) == ["sync"]


def test_everything_from_the_index_is_checked_against_hashes(setup, environ, uv, tmp_path) -> None:
    (tmp_path / "sync").write_text("sys.exit(1)")
    setup.make_environment(environ)
    made = uv()
    assert commands(made) == ["venv", "sync", "export", "pip sync", "pip install"]
    assert "--require-hashes" in made[3] and "--require-build-hashes" in made[3]
    assert "--require-build-hashes" in made[4] and "--no-deps" in made[4]


def test_a_failed_installation_says_so_and_the_next_one_starts_afresh(setup, environ, uv, tmp_path) -> None:
    (tmp_path / "sync").write_text("sys.exit(1)")
    (tmp_path / "pip-sync").write_text("sys.exit('error: no route to host')")
    with pytest.raises(setup.Failure) as failure:
        setup.make_environment(environ)
    assert "the libraries of uv.lock could not be installed" in str(failure.value)
    assert "no route to host" in str(failure.value)
    assert not (setup.VENV / "ready").exists()
    uv()
    (tmp_path / "pip-sync").unlink()
    setup.make_environment(environ)
    assert commands(uv())[0] == "venv", "a half-filled .venv was kept"
    assert not (setup.VENV / "unfinished").exists()


def test_a_folder_that_moved_or_lost_its_python_gets_a_new_venv(setup, environ, uv) -> None:
    setup.make_environment(environ)
    uv()
    (setup.VENV / "ready").write_text("/somewhere/else\n", "utf-8")
    setup.make_environment(environ)
    assert commands(uv()) == ["venv", "sync"]
    python = setup.VENV / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    setup.make_environment(environ)
    assert commands(uv()) == ["venv", "sync"]


def test_a_failure_is_a_message_and_exit_code_1(setup, environ, uv, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(os, "environ", environ)
    (tmp_path / "venv").write_text("sys.exit('error: no room on this disk')")
    assert setup.main([]) == 1
    message = capsys.readouterr().err
    assert message.startswith("set-up: ") and "no room on this disk" in message


# ---------------------------------------------------------------- Quarto


def quarto_arrives(setup: ModuleType, version: str) -> str:
    """What the fake uv does when the download is open."""
    return f"""
target = pathlib.Path(arguments[arguments.index("--target") + 1]) / "quarto_cli" / "bin" / "quarto"
target.parent.mkdir(parents=True)
target.write_text("#!/bin/sh\\necho {version}\\n")
target.chmod(0o755)
"""


CLOSED = "sys.exit('Error downloading Quarto: <urlopen error [Errno -2] Name or service not known>')"


@pytest.fixture
def ready(setup, environ, uv):
    """A finished set-up, before the attempt to get Quarto; gives the calls of uv."""
    setup.make_environment(environ)
    uv()
    return uv


def test_quarto_is_tried_once_and_the_outcome_remembered(setup, environ, ready, tmp_path, capsys) -> None:
    (tmp_path / "pip-install").write_text(CLOSED)
    assert setup.try_quarto(environ) is False
    assert commands(ready()) == ["pip install"]
    said = capsys.readouterr().out.splitlines()[-1]
    assert "download is closed: [Errno -2] Name or service not known)" in said
    assert "going on with the embedded Pandoc" in said
    memory = json.loads((setup.VENV / "quarto-attempt.json").read_text("utf-8"))
    assert memory == {
        "version": setup.pin("quarto"),
        "problem": "its download is closed: [Errno -2] Name or service not known",
    }

    assert setup.try_quarto(environ) is False
    assert ready() == [], "tried again without being asked"
    assert setup.try_quarto(environ, again=True) is False
    assert commands(ready()) == ["pip install"]
    (setup.ROOT / "tools/quarto.txt").write_text("quarto-cli==99.0 --hash=sha256:0\n", "utf-8")
    setup.try_quarto(environ)
    assert commands(ready()) == ["pip install"], "another version deserves another attempt"


def test_quarto_that_arrives_is_in_the_venv_and_checked_against_hashes(
    setup, environ, ready, tmp_path
) -> None:
    (tmp_path / "pip-install").write_text(quarto_arrives(setup, setup.pin("quarto")))
    assert setup.try_quarto(environ) is True
    [call] = ready()
    assert "--require-hashes" in call and "--require-build-hashes" in call
    link = setup.VENV / "bin" / "quarto"
    assert subprocess.check_output([link, "--version"], text=True).strip() == setup.pin("quarto")
    assert setup.find_quarto(environ) == link
    assert setup.try_quarto(environ) is True
    assert ready() == []


def test_quarto_that_does_not_run_is_removed_again(setup, environ, ready, tmp_path) -> None:
    (tmp_path / "pip-install").write_text(quarto_arrives(setup, "0.0.1"))
    assert setup.try_quarto(environ) is False
    assert not (setup.VENV / "bin" / "quarto").exists()
    assert not list(setup.VENV.glob("quarto*[!n]")), "left-overs"


def test_quarto_that_hangs_is_given_up(setup, environ, ready, tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "pip-install").write_text("subprocess.run(['sleep', '300'])")
    monkeypatch.setitem(setup.LIMITS, "quarto", 1)
    started = time.monotonic()
    assert setup.try_quarto(environ) is False
    assert time.monotonic() - started < 20
    assert "(not done after 1 s)" in capsys.readouterr().out


def test_quarto_that_is_not_wanted_is_not_tried(setup, environ, ready) -> None:
    assert setup.try_quarto({**environ, "EXPLAINER_QUARTO": "off"}) is False
    assert ready() == []
    assert not (setup.VENV / "quarto-attempt.json").exists()


@pytest.mark.parametrize("where", ["PATH", "QUARTO_PATH", "CONDA_PREFIX"])
def test_quarto_that_is_there_is_not_fetched(setup, environ, ready, tmp_path, where) -> None:
    found = program(tmp_path / "elsewhere" / "bin" / "quarto", "echo 1.9.0")
    places = {
        "PATH": f"{environ['PATH']}{os.pathsep}{found.parent}",
        "QUARTO_PATH": str(found),
        "CONDA_PREFIX": str(found.parent.parent),
    }
    environ[where] = places[where]
    assert setup.find_quarto(environ) == found
    assert setup.try_quarto(environ) is True
    assert ready() == []


def test_make_quarto_ends_with_1_when_it_fails_again(setup, environ, ready, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(os, "environ", environ)
    (tmp_path / "pip-install").write_text(CLOSED)
    assert setup.main(["quarto"]) == 0
    assert setup.main(["quarto", "--again"]) == 1


# ---------------------------------------------------------------- make


def make(project: Path, environ: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [MAKE, f"PYTHON={sys.executable}", *arguments],
        cwd=project,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def targets() -> list[str]:
    """What the Makefile offers to people."""
    return re.search(r"^\.PHONY: (help .+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split()


@needs_make
def test_help_lists_every_target_and_is_what_make_alone_says(project, environ) -> None:
    listed = make(project, environ, "help")
    assert re.findall(r"^  make (\w+) +\S", listed, re.MULTILINE) == targets()
    assert make(project, environ) == listed


def test_the_readme_names_no_target_that_is_not_there() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b(?=[^\n]*`)", (ROOT / "README.md").read_text("utf-8")))
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
    for name in ("uv.lock", "pyproject.toml", "tools/setup.py", "tools/uv.txt", "tools/build.txt"):
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


def test_ci_ends_as_make_test_ends_and_hands_over_the_article(project, environ, tmp_path) -> None:
    shutil.copytree(ROOT / ".ci", project / ".ci")
    on_path(environ, "make", f'echo "$@ CI=$CI $EXPLAINER_ARTICLE" > "{tmp_path}/made"; exit 7')
    article = tmp_path / "shared" / "article" / "text.txt"
    article.parent.mkdir(parents=True)
    article.write_text("words", "utf-8")
    done = subprocess.run(
        [shutil.which("bash"), project / ".ci" / "run"], env=environ, stdin=subprocess.DEVNULL, timeout=60
    )
    assert done.returncode == 7
    assert (tmp_path / "made").read_text("utf-8") == f"test CI=true {article}\n"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
