"""Colour goes to a terminal that wants it, and nowhere else."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from damaged import Copy
from explainer.system.terminal import has_color, paint
from program import start


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "wanted"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(stream, environment, wanted, monkeypatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_color(stream) is wanted


def test_text_is_painted_only_where_there_is_colour() -> None:
    assert paint("bad", "bold", "red", color=True) == "\x1b[1;31mbad\x1b[0m"
    assert paint("bad", "bold", "red", color=False) == "bad"
    assert paint("", "red", color=True) == ""


@pytest.mark.parametrize("command", ["audit", "extract"])
def test_a_command_starts_from_a_shell(command, tmp_path) -> None:
    """Those that no other test starts in that way."""
    done = start(Copy(tmp_path).project, command, "--help")
    assert (done.returncode, done.stderr) == (0, "") and f"{command} [OPTIONS]" in done.stdout


def test_a_check_on_a_terminal_is_coloured_and_says_the_same(tmp_path) -> None:
    pty = pytest.importorskip("pty")
    copy = Copy(tmp_path)
    copy.set("sources", 3, "published", "2018-02-30")
    code = "from explainer.cli import main; main()"
    command = [sys.executable, "-c", code, "check"]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {
        "TERM": "xterm"
    }
    piped = subprocess.run(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    assert piped.returncode == 1 and "\x1b" not in piped.stdout
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=theirs):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 4096):
                shown += part
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    text = shown.decode().replace("\r\n", "\n")
    assert "\x1b[1mdata/sources/sources.csv:3:published\x1b[0m: not a date" in text
    assert "\x1b[31m1 fault\x1b[0m" in text
    for code in ("\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"):
        text = text.replace(code, "")
    assert text == piped.stdout
