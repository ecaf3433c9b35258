"""Set-up: makes ``.venv`` from ``uv.lock``, and says in one line what each step did.

``make`` runs this file when the lock, ``pyproject.toml`` or a file in ``tools/`` has changed. It needs
nothing but Python and a package index; every package is checked against a hash.

Usage::

    python3 tools/setup.py                   the environment
    python3 tools/setup.py quarto            try once to get Quarto, where there is none
    python3 tools/setup.py quarto --again    try again, with more patience

Written in the syntax of old Pythons on purpose (no annotations), so that an old one gets as far as the
message that says it is too old.
"""

import argparse
import ast
import contextlib
import fcntl
import importlib.util
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
UV_HOME = TOOLS / "uv"

# Everything installed, and everything that building it needs, is checked against a hash.
HASHES = ["--require-hashes", "--require-build-hashes", "--build-constraints", ROOT / "tools" / "build.txt"]

REACHABLE = "Is the package index reachable? PIP_INDEX_URL can name a mirror of it. Then try again."

# Seconds. Generous where a slow line is to be expected, short where nobody asked for the step.
LIMITS = {"ask": 30, "venv": 180, "uv": 300, "libraries": 1800, "quarto": 120, "quarto, asked for": 900}

# Settings that would send an installation elsewhere than where this file puts it.
STRAY = {
    *("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET"),
    *("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"),
    *("UV_CONSTRAINT", "UV_EXCLUDE_NEWER", "UV_OVERRIDE", "UV_PROJECT", "UV_PROJECT_ENVIRONMENT"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_WORKING_DIR"),
}


class Failure(Exception):
    """A step that did not work.

    Parameters
    ----------
    what : str
        What failed, as a sentence without a full stop.
    remedy : str
        What to do about it.
    output : str, optional
        What the failed program printed; its end is shown.
    """

    def __init__(self, what, remedy, output=""):
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.output = output

    def __str__(self):
        lines = [line[:200] for line in self.output.splitlines() if line.strip()][-15:]
        return "\n".join([f"set-up: {self.what}.", *(f"    {line}" for line in lines), f"    {self.remedy}"])


def say(text):
    """Print one line at once, so that it stands before what the next step prints."""
    print(f"set-up: {text}", flush=True)


# ---------------------------------------------------------------- running programs


def run(command, limit, environ, show=False):
    """Run a program with a time limit and return ``(exit code, output)``.

    The program gets a process group of its own, all of which is ended when the time is up or this set-up is
    stopped: a package being built has children that would otherwise go on downloading.

    Parameters
    ----------
    command : list
        Program and arguments.
    limit : float
        Seconds.
    environ : dict
        The environment.
    show : bool
        Let the program draw its progress on the terminal, if there is one.

    Raises
    ------
    subprocess.TimeoutExpired
        When the time is up; its ``output`` is what was printed until then.
    """
    errors = None if show and sys.stderr.isatty() else subprocess.STDOUT
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=str(ROOT),
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(limit)
        except BaseException as stopped:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(stopped, subprocess.TimeoutExpired):
                stopped.output = _read(printed)
            raise
        return process.returncode, _read(printed)


def _read(printed):
    printed.seek(0)
    return printed.read().decode("utf-8", "replace")


def must(command, limit, environ, what, remedy, show=False):
    """Run a program that has to succeed and return its output.

    Raises
    ------
    Failure
        With `what` and `remedy` when it fails or takes longer than `limit` seconds.
    """
    try:
        code, output = run(command, limit, environ, show)
    except subprocess.TimeoutExpired as late:
        raise Failure(f"{what}: not done after {limit:g} seconds", remedy, late.output) from None
    except OSError as error:
        raise Failure(f"{what}: {error}", remedy) from None
    if code:
        raise Failure(what, remedy, output)
    return output


def answers(command, environ, limit=LIMITS["ask"]):
    """Return what a program prints, or ``None`` when it cannot be run or fails."""
    try:
        code, output = run(command, limit, environ)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return output if code == 0 else None


# ---------------------------------------------------------------- Python


def newer_python(environ):
    """Return the path of a Python on PATH that is new enough, or ``None``."""
    test = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    for name in NEWER_NAMES:
        path = shutil.which(name, path=environ.get("PATH"))
        if path and answers([path, "-c", test], environ) is not None:
            return path
    return None


def too_old():
    """Return the failure to show under a Python that is too old."""
    oldest = ".".join(map(str, OLDEST))
    return Failure(
        f"Python {oldest} or newer is needed; this one is {sys.version.split()[0]} ({sys.executable})",
        f"Name a newer one: make report PYTHON=/path/to/python{oldest}",
    )


# ---------------------------------------------------------------- package index


def pip_settings(environ):
    """Return pip's settings (index-url, cert, ...) from its variables and configuration files.

    pip itself is asked where there is one, because it alone knows all the places it reads; its variables
    count even where there is none.
    """
    listed = None
    if importlib.util.find_spec("pip"):
        listed = answers([sys.executable, "-m", "pip", "config", "list"], environ)
    elif shutil.which("pip3", path=environ.get("PATH")):
        listed = answers(["pip3", "config", "list"], environ)
    found = {"global": {}, "install": {}}
    for line in (listed or "").splitlines():
        match = re.fullmatch(r"(global|install)\.([a-z-]+)=(.+)", line)
        if match:
            with contextlib.suppress(SyntaxError, ValueError):
                found[match[1]][match[2]] = ast.literal_eval(match[3])
    variables = {
        name[4:].lower().replace("_", "-"): value
        for name, value in environ.items()
        if name.startswith("PIP_") and value
    }
    return {**found["global"], **found["install"], **variables}


def for_uv(environ, pip):
    """Return ``(environment, options)`` that give uv the index that pip uses.

    uv reads neither pip's variables nor its files. Where uv has settings of its own, those stay. Extra
    indexes are left out: everything in the lock comes from PyPI or a mirror of it.
    """
    mine = clean(environ)
    options = []
    if pip.get("index-url") and not (mine.get("UV_DEFAULT_INDEX") or mine.get("UV_INDEX_URL")):
        mine["UV_DEFAULT_INDEX"] = pip["index-url"]
    if pip.get("trusted-host"):
        mine.setdefault("UV_INSECURE_HOST", " ".join(pip["trusted-host"].split()))
    if pip.get("proxy"):
        mine.setdefault("ALL_PROXY", pip["proxy"])
    if pip.get("cert"):
        mine.setdefault("SSL_CERT_FILE", pip["cert"])
    # A company's own root certificate is in the system's store, if anywhere.
    if "SSL_CERT_FILE" not in mine and ssl.get_default_verify_paths().cafile:
        mine.setdefault("UV_SYSTEM_CERTS", "1")
    if str(pip.get("no-index", "")).lower() in ("1", "true", "yes", "on"):
        options.append("--no-index")
        for place in pip.get("find-links", "").split():
            options += ["--find-links", place]
    mine["UV_PYTHON_DOWNLOADS"] = "never"
    mine["UV_NO_MODIFY_PATH"] = "1"
    if not mine.get("UV_CACHE_DIR") and not _writable(_cache(mine)):
        mine["UV_CACHE_DIR"] = str(TOOLS / "cache")
    return mine, options


def for_pip(environ, pip):
    """Return the environment in which pip uses uv's index, if it has none, and installs where it is told."""
    mine = clean(environ)
    index = mine.get("UV_DEFAULT_INDEX") or mine.get("UV_INDEX_URL")
    if index and not pip.get("index-url"):
        # uv lets an index be written as name=URL.
        mine["PIP_INDEX_URL"] = re.sub(r"^[\w.-]+=", "", index)
    mine["PIP_USER"] = "0"
    return mine


def clean(environ):
    """Return `environ` without the settings that would lead an installation astray."""
    return {name: value for name, value in environ.items() if name not in STRAY}


def _cache(environ):
    base = environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "uv"


def _writable(folder):
    """Whether `folder` can be written to, or made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(str(folder), os.W_OK)


# ---------------------------------------------------------------- uv


def pin(name):
    """Return the version that ``tools/<name>.txt`` pins, as text."""
    return re.search(r"^[\w-]+==([\w.]+)", (ROOT / "tools" / f"{name}.txt").read_text("utf-8"), re.M)[1]


def acceptable(path, environ):
    """Whether `path` is an uv that reads this lock as the pinned one does: same 0.x series, not older."""
    printed = answers([path, "--version"], environ) if path else None
    match = re.match(r"uv (\d+)\.(\d+)\.(\d+)", printed or "")
    if not match:
        return False
    found = tuple(map(int, match.groups()))
    wanted = tuple(map(int, pin("uv").split(".")))
    return found[:2] == wanted[:2] and found >= wanted


def find_uv(environ):
    """Return the path of an acceptable uv, in ``.tools/`` or on PATH, or ``None``."""
    for path in (UV_HOME / "bin" / "uv", shutil.which("uv", path=environ.get("PATH"))):
        if acceptable(path, environ):
            return Path(path)
    return None


def ways_to_pip(environ):
    """Yield, best first, the pips that this machine has: ``(name, command that installs into .tools/uv)``."""
    into = ["--target", UV_HOME]
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        command = [sys.executable, "-m", "venv", "--clear", UV_HOME]
        try:
            code, _ = run(command, LIMITS["venv"], environ)
        except subprocess.TimeoutExpired:
            code = 1
        if code == 0:
            yield "pip of a virtual environment", [UV_HOME / "bin" / "python", "-m", "pip", "install"]
    if importlib.util.find_spec("pip"):
        yield "pip of this Python", [sys.executable, "-m", "pip", "install", *into]
    for name in ("pip3", "pip"):
        if shutil.which(name, path=environ.get("PATH")):
            yield name, [name, "install", *into]


def get_uv(environ):
    """Install the pinned uv into ``.tools/`` and return its path.

    Raises
    ------
    Failure
        If there is no pip, or none of them can install it.
    """
    started = time.monotonic()
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary", ":all:"]
    options += ["--require-hashes", "-r", ROOT / "tools" / "uv.txt"]
    failed = None
    for name, command in ways_to_pip(environ):
        if "--target" in command:
            shutil.rmtree(str(UV_HOME), ignore_errors=True)
        try:
            must(
                [*command, *options],
                LIMITS["uv"],
                environ,
                f"uv {pin('uv')} could not be installed with {name}",
                REACHABLE,
            )
        except Failure as failure:
            failed = failed or failure
            continue
        path = UV_HOME / "bin" / "uv"
        if acceptable(path, environ):
            say(f"uv {pin('uv')} into .tools/ ({time.monotonic() - started:.0f} s)")
            return path
        failed = failed or Failure(
            f"the installed uv does not run ({path})",
            f"Install uv {pin('uv')} yourself, so that it is on PATH.",
        )
    raise failed or Failure(
        f"this Python ({sys.executable}) has neither venv nor pip, and there is no uv {pin('uv')} on PATH",
        "On Debian and Ubuntu: apt install python3-venv. Then try again.",
    )


# ---------------------------------------------------------------- the environment


def make_environment(environ):
    """Bring ``.venv`` to exactly what the lock says.

    Raises
    ------
    Failure
        Saying which step failed; the next run takes up from there.
    """
    pip = pip_settings(environ)
    uv = find_uv(clean(environ)) or get_uv(for_pip(environ, pip))
    mine, options = for_uv(environ, pip)
    ready = VENV / "ready"
    unfinished = VENV / "unfinished"
    started = time.monotonic()

    if unfinished.exists() or not _sound(mine, ready):
        must(
            [uv, "venv", "--quiet", "--no-project", "--clear", "--python", sys.executable, VENV],
            LIMITS["venv"],
            mine,
            "the virtual environment .venv could not be made",
            "Is there room and leave to write in this folder?",
        )
    # A package half-copied looks installed; a .venv left with this file is made anew.
    unfinished.write_text("", "utf-8")
    ready.unlink(missing_ok=True)
    if not _from_cache(uv, mine):
        _from_index(uv, mine, options)
    unfinished.unlink()
    write(ready, f"{ROOT}\n")
    say(f"the libraries of uv.lock are in .venv ({time.monotonic() - started:.0f} s)")


def _from_cache(uv, environ):
    """Do without network what can be done without it: whether ``.venv`` now is what the lock says."""
    sync = [uv, "sync", "--quiet", "--frozen", "--offline", "--all-groups", "--compile-bytecode"]
    return answers(sync, environ, LIMITS["libraries"]) is not None


def _from_index(uv, environ, options):
    """Install the locked libraries from whichever index this machine uses.

    ``uv sync`` would download from the addresses in the lock, past any mirror; a list of versions and hashes
    can be had from any index.
    """
    python = VENV / "bin" / "python"
    wanted = VENV / "requirements.txt"
    export = [uv, "export", "--quiet", "--frozen", "--all-groups", "--no-emit-project", "--no-header"]
    must(
        [*export, "--python", python, "--output-file", wanted],
        LIMITS["ask"],
        environ,
        "uv.lock could not be read",
        "Get the committed one back: git checkout uv.lock",
    )
    sync = [uv, "pip", "sync", *HASHES, "--compile-bytecode", "--python", python]
    if not sys.stderr.isatty():
        sync.append("--no-progress")
    must(
        [*sync, *options, wanted],
        LIMITS["libraries"],
        environ,
        "the libraries of uv.lock could not be installed",
        f"{REACHABLE} What was downloaded is kept.",
        show=True,
    )
    # The build backend is part of uv: nothing is downloaded here.
    install = [uv, "pip", "install", "--quiet", "--no-deps", "--require-build-hashes", "--python", python]
    must(
        [*install, "--editable", ROOT],
        LIMITS["venv"],
        environ,
        "the project itself could not be installed",
        "Is pyproject.toml in order?",
    )


def _sound(environ, ready):
    """Whether ``.venv`` runs, is new enough, and was made in this very folder."""
    ask = f"import sys; print(sys.version_info >= {OLDEST}, sys.prefix != sys.base_prefix)"
    if answers([VENV / "bin" / "python", "-c", ask], environ) != "True True\n":
        return False
    return not ready.exists() or ready.read_text("utf-8").strip() == str(ROOT)


def write(path, text):
    """Write a file whole or not at all."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, "utf-8")
    os.replace(str(beside), str(path))


# ---------------------------------------------------------------- Quarto


def find_quarto(environ):
    """Return the path of a Quarto ($QUARTO_PATH, PATH, ``.venv``, conda), or ``None``."""
    places = [environ.get("QUARTO_PATH"), shutil.which("quarto", path=environ.get("PATH"))]
    places.append(VENV / "bin" / "quarto")
    if environ.get("CONDA_PREFIX"):
        places.append(Path(environ["CONDA_PREFIX"]) / "bin" / "quarto")
    for place in places:
        if place and os.path.isfile(str(place)) and os.access(str(place), os.X_OK):
            return Path(place)
    return None


def try_quarto(environ, again=False):
    """Get Quarto through PyPI's ``quarto-cli`` where there is none, once, and remember the outcome.

    The package is put into ``.venv/quarto``, beside what the lock governs, so that bringing ``.venv`` to the
    lock does not remove it.

    Parameters
    ----------
    environ : dict
        ``EXPLAINER_QUARTO=off`` skips the attempt.
    again : bool
        Try even where it failed before, and wait longer.

    Returns
    -------
    bool
        Whether there is a Quarto now.
    """
    if environ.get("EXPLAINER_QUARTO", "").lower() == "off" and not again:
        return False
    found = find_quarto(environ)
    if found:
        if again:
            say(f"Quarto is there already: {found}")
        return True
    memory = VENV / "quarto-attempt.json"
    version = pin("quarto")
    if not again and _tried(memory, version):
        os.utime(str(memory))
        return False
    limit = LIMITS["quarto, asked for" if again else "quarto"]
    say(f"no Quarto found; trying PyPI's quarto-cli {version} (at most {limit:g} s)")
    problem = _install_quarto(environ, version, limit)
    write(memory, json.dumps({"version": version, "problem": problem}, indent=2) + "\n")
    if problem:
        say(
            f"quarto-cli did not work ({problem}): going on with the embedded Pandoc. "
            "Not tried again by itself; `make quarto` does."
        )
    else:
        say(f"Quarto {version} into .venv/quarto")
    return not problem


def _tried(memory, version):
    try:
        return json.loads(memory.read_text("utf-8"))["version"] == version
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _install_quarto(environ, version, limit):
    """Install quarto-cli and return ``None``, or in a few words why it did not work."""
    mine, options = for_uv(environ, pip_settings(environ))
    uv = find_uv(mine)
    if uv is None:
        return "uv is missing"
    home = VENV / "quarto"
    staging = VENV / "quarto.new"
    shutil.rmtree(str(staging), ignore_errors=True)
    command = [uv, "pip", "install", "--quiet", "--no-deps", *HASHES]
    command += [*options, "--python", VENV / "bin" / "python", "--target", staging]
    command += ["--requirements", ROOT / "tools" / "quarto.txt"]
    program = Path("quarto_cli") / "bin" / "quarto"
    try:
        code, output = run(command, limit, mine)
        if code:
            return _cause(output)
        if (answers([staging / program, "--version"], mine) or "").strip() != version:
            return "what it installed does not run"
        shutil.rmtree(str(home), ignore_errors=True)
        os.rename(str(staging), str(home))
        link = VENV / "bin" / "quarto"
        if link.is_symlink():
            link.unlink()
        link.symlink_to(Path("..") / "quarto" / program)
    except subprocess.TimeoutExpired:
        return f"not done after {limit:g} s"
    except OSError as error:
        return str(error)
    finally:
        shutil.rmtree(str(staging), ignore_errors=True)
    return None


def _cause(output):
    """Return the one line of a failed build that says why."""
    match = re.search(r"Error downloading Quarto: *<?(?:urlopen error )?(.+?)>?\s*$", output, re.M)
    if match:
        return f"its download is closed: {match[1]}"
    lines = [line.strip(" │╰─▶×├└") for line in output.splitlines()]
    lines = [line for line in lines if line and not line.startswith("hint")]
    return lines[-1][:160] if lines else "no reason given"


# ---------------------------------------------------------------- program


@contextlib.contextmanager
def alone():
    """Keep two set-ups of one folder from running at once; the second waits for the first."""
    TOOLS.mkdir(exist_ok=True)
    with open(str(TOOLS / "lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("waiting for another set-up in this folder")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stopped(number, _frame):
    raise SystemExit(128 + number)


def main(arguments=None):
    """Run the set-up and return its exit code: 0 fine, 1 a step failed, 2 wrong usage."""
    environ = dict(os.environ)
    if sys.version_info < OLDEST:
        newer = newer_python(environ)
        if newer:
            os.execv(newer, [newer, str(Path(__file__).resolve()), *sys.argv[1:]])
        print(too_old(), file=sys.stderr)
        return 1
    parser = argparse.ArgumentParser(description="Make .venv from uv.lock.")
    parser.add_argument("what", nargs="?", choices=["environment", "quarto"], default="environment")
    parser.add_argument("--again", action="store_true", help="try for Quarto even where it failed before")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _stopped)
    try:
        with alone():
            if chosen.what == "environment":
                make_environment(environ)
            else:
                got = try_quarto(environ, chosen.again)
                # An attempt nobody asked for may fail; one that was asked for may not.
                return 0 if got or not chosen.again else 1
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("set-up: stopped; the next one repairs what is unfinished.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
