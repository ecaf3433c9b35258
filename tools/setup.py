"""Makes ``.venv`` from ``requirements.txt``, hash by hash; with the argument ``quarto``, tries to get Quarto.

uv does the work where it is found, else pip; each reads its own settings (``UV_DEFAULT_INDEX``, ``uv.toml``,
``PIP_INDEX_URL``, ``pip.conf``). The syntax is that of Python 3.6, so that an old one says that it is old.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import venv
from pathlib import Path

OLDEST = (3, 11)
QUARTO_LIMIT = 120  # seconds
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
READY = VENV / "ready"
# Settings that would have packages installed, or looked for, outside .venv.
MISLEADING = (
    "PIP_TARGET PIP_PREFIX PIP_ROOT PYTHONHOME PYTHONPATH UV_PYTHON UV_SYSTEM_PYTHON UV_TARGET UV_PREFIX"
)


def use_newer_python():
    """Start again with a newer Python from PATH, or stop with a message."""
    for name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        path = shutil.which(name)
        if path and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execv(path, [path, *sys.argv])
    mine = f"{sys.version.split()[0]} ({sys.executable})"
    remedy = "Name a newer one: make report PYTHON=/path/to/python3.11"
    sys.exit(f"set-up: Python 3.11 or newer is needed; this one is {mine}.\n    {remedy}")


def install(uv, *arguments):
    """Return the command that installs into ``.venv``, building with the packages that are in it already."""
    python = str(VENV / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--use-pep517"]
    command = [uv, "pip", "install", "--python", python, "--compile-bytecode"] if uv else pip
    return [*command, "--quiet", "--no-build-isolation", *arguments]


def make_environment(uv):
    """Make ``.venv`` from nothing, so that it holds no package that the lock no longer names."""
    started = time.time()
    print(f"set-up: installing requirements.txt with {'uv' if uv else 'pip'}", flush=True)
    folder = os.path.realpath(str(VENV))  # elsewhere, where .venv is a link: that stays one
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder, exist_ok=True)
    venv.create(folder, with_pip=not uv, symlinks=True)
    os.environ["PATH"] = os.pathsep.join([str(VENV / "bin"), os.environ["PATH"]])  # uv_build needs it
    subprocess.run(install(uv, "--require-hashes", "-r", "tools/build.txt"), check=True)
    subprocess.run(install(uv, "--require-hashes", "-r", "requirements.txt"), check=True)
    subprocess.run(install(uv, "--no-deps", "--editable", "."), check=True)
    name_sources_in_ascii()
    # Last, so that an interrupted set-up is done again. The folder's name, because .venv cannot be moved.
    READY.write_text(f"{ROOT}\n", encoding="utf-8")
    print(f"set-up: .venv is ready ({time.time() - started:.0f} s)", flush=True)


def name_sources_in_ascii():
    """Have Python find the library by a relative path: 3.11 reads it in the locale, which may know no é."""
    if str(ROOT).isascii():
        # The whole path holds for a .venv that is a link, too.
        return
    for path in VENV.glob("lib/python*/site-packages/*.pth"):
        if path.read_bytes().strip() == os.fsencode(str(ROOT / "src")):
            path.write_text(os.path.relpath(str(ROOT / "src"), str(path.parent)) + "\n", encoding="ascii")


def set_up():
    """Make the environment with uv, or with pip where there is no uv or uv fails."""
    uv = shutil.which("uv")
    for tool in [uv, None] if uv else [None]:
        try:
            return make_environment(tool)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"set-up: {error}", file=sys.stderr)
            remedy = "Is the package index reachable? PIP_INDEX_URL can name a mirror of it. Then try again."
            if "ensurepip" in str(error):
                remedy = "Python's venv is incomplete. On Debian and Ubuntu: apt install python3-venv"
    return sys.exit(f"    {remedy}")


def try_quarto():
    """Install ``quarto-cli``, which downloads Quarto while it is built, and note the outcome in ``.venv``."""
    if os.environ.get("QUARTO_PATH") or shutil.which("quarto"):
        return
    [version] = re.findall(r"(?m)^quarto-cli==(\S+)", (ROOT / "tools/quarto.txt").read_text("utf-8"))
    print(f"set-up: no Quarto found; trying quarto-cli {version} (at most {QUARTO_LIMIT} s)", flush=True)
    command = install(shutil.which("uv"), "--no-deps", "--require-hashes", "-r", "tools/quarto.txt")
    with (VENV / "quarto.log").open("w+", encoding="utf-8", errors="replace") as log:
        # In a group of its own, because the build starts programs that would go on downloading.
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        try:
            process.wait(QUARTO_LIMIT)
        except subprocess.TimeoutExpired:
            log.write(f"\nnot done after {QUARTO_LIMIT} s")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        log.seek(0)
        output = log.read()
    outcome = f"Quarto {version} is in .venv"
    if process.wait():
        causes = re.findall(r"Error downloading Quarto: .+", output) or output.strip().splitlines() or ["?"]
        outcome = f"no Quarto ({causes[-1][:160]}): going on with Pandoc; `make quarto` tries again"
    (VENV / "quarto-attempt").write_text(f"{outcome}\n", encoding="utf-8")
    print(f"set-up: {outcome}", flush=True)


def main():
    """Do what the command line asks for, once any other set-up of this folder has ended."""
    if sys.version_info < OLDEST:
        use_newer_python()
    os.chdir(str(ROOT))
    os.environ["PIP_USER"] = "0"
    for name in MISLEADING.split():
        os.environ.pop(name, None)
    if "PIP_INDEX_URL" in os.environ:
        os.environ.setdefault("UV_DEFAULT_INDEX", os.environ["PIP_INDEX_URL"])
    started = time.time()
    with open(__file__) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if sys.argv[1:] == ["quarto"]:
            try_quarto()
        elif not (READY.is_file() and READY.stat().st_mtime > started):
            set_up()


if __name__ == "__main__":
    main()
