"""The walk through docs/editing.md can be walked: its edits fit, its commands do what it shows."""

from __future__ import annotations

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import mini
import story

WALK = (story.HERE / "docs" / "editing.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(data/[\w/-]+\.csv)`")
EXIT = re.compile(r"#.*exit code (\d+)")


def put(row: str, table: Path) -> None:
    """Put a row into a table as an editor would: in place of the one with its name, or at the end."""
    header, *lines = table.read_text(encoding="utf-8").splitlines()
    assert len(next(csv.reader([row]))) == len(next(csv.reader([header]))), f"{row} is no row of {table.name}"
    same = [place for place, line in enumerate(lines) if line.partition(",")[0] == row.partition(",")[0]]
    if len(same) == 1:
        lines[same[0]] = row
    else:
        lines.append(row)
    table.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def command(line: str, root: Path) -> str:
    """Run one line of the walk, hold its exit code against what the line says, and return its output."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["sh", "-c", line], cwd=root, env=os.environ | {"PATH": path}, text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    said = EXIT.search(line)
    assert done.returncode == (int(said[1]) if said else 0), f"{line}\n{done.stdout}"
    return done.stdout


def hold(shown: str, output: str) -> None:
    """Hold each line that the walk shows against the output, in order; … stands for anything.

    So do the numbers of rows, which move with every edit of the story.
    """
    shown, output = (re.sub(r"\.csv:\d+", ".csv:…", text) for text in (shown, output))
    place = 0
    for line in shown.splitlines():
        found = re.compile(".*".join(map(re.escape, line.split("…")))).search(output, place)
        assert found, f"not in the output, or not in this order: {line}\n{output}"
        place = found.end()


@pytest.mark.slow
def test_the_walk_can_be_walked(published, tmp_path):
    project = mini.copy_of(published, tmp_path / "story")
    (project.root / ".venv" / "bin").mkdir(parents=True)
    (project.root / ".venv" / "bin" / "activate").write_text("# The test names the program itself.\n")
    git = "git -c user.name=A -c user.email=a@example.org"
    command(f"git init --quiet && git add . && {git} commit --quiet --message Published", project.root)
    output = ""
    for block in BLOCK.finditer(WALK):
        kind, content = block[1], block[2]
        if kind == "sh":
            output = "".join(command(line, project.root) for line in content.splitlines())
        elif kind == "text":
            hold(content, output)
        elif kind == "csv":
            put(content.strip(), project.root / FILE.findall(WALK[: block.start()])[-1])
    assert command("git status --porcelain", project.root) == ""
    assert "<ins>" in (project.build / "changes.html").read_text(encoding="utf-8")


def test_every_command_of_the_walk_exists():
    makefile = (story.HERE / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    verbs = {path.stem for path in (story.HERE / "src" / "explainer" / "cli").glob("*.py")}
    named = [shlex.split(words) for words in re.findall(r"`((?:make|explainer) [^`]+)`", WALK)]
    assert len(named) >= 4
    for program, verb, *_ in named:
        assert verb in (targets if program == "make" else verbs), verb
