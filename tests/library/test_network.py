"""Once installed, no command connects to another machine, nor does a program or a kernel that it starts."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import ferry
import mini
from explainer.system.project import Project
from program import COMMAND

#: What Python processes are made to note where strace is not there to see every process.
HOOK = """
import os, sys

def watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"):
        with open(os.environ["NETWORK_DIARY"], "a") as file:
            file.write(f"{event} {args[-1] if event == 'socket.connect' else args[:2]!r}\\n")

sys.addaudithook(watch)
"""
LONGEST = 240  # seconds; only a test that fails waits so long


class Tracer:
    """Starts the program so that every attempt to reach another machine is noted."""

    def __init__(self, folder: Path) -> None:
        self.diary = folder / "diary"
        self.diary.touch()
        (folder / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
        self._environment = {"PYTHONPATH": str(folder), "NETWORK_DIARY": str(self.diary)}
        self._strace: list[str] = []
        if strace := shutil.which("strace"):
            # Detached (-D), so that a signal reaches the program and not strace.
            calls = "trace=connect,sendto,sendmsg,sendmmsg"
            command = [strace, "-D", "-f", "--seccomp-bpf", "-qq", "-e", calls, "-o", str(self.diary)]
            tried = subprocess.run([*command, "true"], capture_output=True, check=False)
            self._strace = command if tried.returncode == 0 else []

    def start(self, folder: Path, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self._strace, *COMMAND, *arguments],
            cwd=folder,
            env=mini.without_quarto() | self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def run(self, folder: Path, *arguments: str, code: int = 0) -> str:
        with self.start(folder, *arguments) as process:
            said, _ = process.communicate(timeout=LONGEST)
        assert process.returncode == code, said
        return said

    def asked(self) -> Iterator[str]:
        """Yield every attempt to reach another machine, or to find its address."""
        for line in self.diary.read_text(encoding="utf-8", errors="replace").splitlines():
            local = re.search(r"127\.0\.0\.1|::1|AF_UNIX|AF_NETLINK|AF_UNSPEC|NULL, 0", line)
            if re.search(r"sa_family=|socket\.", line) and not local:
                yield line


@pytest.fixture
def tracer(tmp_path) -> Tracer:
    if os.name == "nt":
        pytest.skip("no audit hook of this test reaches the kernels there")
    folder = tmp_path / "tracer"
    folder.mkdir()
    return Tracer(folder)


@pytest.fixture
def edited(report) -> Project:
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    return report


def test_the_tracer_sees_what_a_program_or_a_child_of_it_asks(tracer) -> None:
    child = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 53))"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    environment = os.environ | tracer._environment
    subprocess.run([*tracer._strace, sys.executable, "-c", code], env=environment, check=True)
    deadline = time.monotonic() + 20
    while not any("192.0.2.1" in line for line in tracer.asked()) and time.monotonic() < deadline:
        time.sleep(0.1)  # a detached strace writes its last lines after the program has ended
    assert any("192.0.2.1" in line for line in tracer.asked())


@pytest.mark.parametrize(
    "arguments",
    [
        ["render", "--engine", "pandoc"],
        ["run", "--force"],
        ["export"],
        ["check"],
        ["publish"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_command_reaches_nobody(tracer, edited, arguments) -> None:
    if arguments == ["publish"]:  # what was published before is corrected, not edited
        mini.edit(edited.data / "article/facts.csv", *reversed(mini.SOLD_31))
    tracer.run(edited.root, *arguments)
    assert list(tracer.asked()) == []


def test_a_comparison_reaches_nobody(tracer, edited, rendered) -> None:
    assert "31" in tracer.run(edited.root, "diff", str(rendered.root))
    assert list(tracer.asked()) == []


def test_a_new_story_and_an_audit_of_its_article_reach_nobody(tracer, tmp_path) -> None:
    article = tmp_path / "ferry.txt"
    article.write_text(ferry.TEXT, encoding="utf-8")
    tracer.run(tmp_path, "new", "crossing", "--article", str(article))
    # A draft leaves some words for an editor to account for.
    assert "against the fact sheet" in tracer.run(tmp_path / "crossing", "audit", str(article), code=1)
    assert list(tracer.asked()) == []


def test_a_preview_reaches_nobody(tracer, edited) -> None:
    with tracer.start(edited.root, "preview", "--port", "0", "--no-browser") as process:
        said = []
        for line in process.stdout:
            said.append(line)
            if "report.pdf" in line:
                process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST) == 0, said
    assert "Preview ended.\n" in said and any("index.html after" in line for line in said), said
    assert list(tracer.asked()) == []
