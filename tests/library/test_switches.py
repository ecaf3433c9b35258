"""Switches of Quarto's program: one that a report would drop is refused before anything runs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import mini
from explainer.system.processes import command
from explainer.verify import switches


def refusals(*words: str) -> list[str]:
    return [str(fault) for fault in switches.refused(words)]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "render",
        "render index.qmd --to html",
        "render --to html,typst --quiet",
        "render -t typst --log a.log --log-level=info",
        "render -thtml --no-clean --debug",
        "render --to=all",
        "preview --port 4200 --no-browser --render html",
        "preview --host 127.0.0.1 --no-navigate --timeout 3",
        "preview index.qmd --to default --no-browser --no-watch-inputs",
    ],
)
def test_what_does_as_it_says_passes(line):
    assert refusals(*line.split()) == []


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("render -P year:2018", "quarto render: this switch does nothing here ('-P'). Take it out: a report"),
        ("render -Pyear:2018", "('-Pyear:2018'). Take it out: a report has no parameters"),
        ("render --execute-params p.yml", "('--execute-params'). Take it out: a report has no parameters"),
        ("preview -M toc:true", "quarto preview: this switch does nothing here ('-M'). Write the setting"),
        ("render --metadata toc:true", "('--metadata'). Write the setting into _quarto.yml"),
        ("render --metadata=toc:true", "('--metadata=toc:true'). Write the setting into _quarto.yml"),
        ("render --toc", "('--toc'). Write the setting into _quarto.yml"),
        ("render -V a=b", "('-V'). Write the setting into _quarto.yml"),
        ("render --no-execute", "('--no-execute'). Take it out: code is in notebooks"),
        ("render --cache", "('--cache'). Take it out: code is in notebooks"),
        ("render index.qmd -o a.html", "('-o'). Take it out: a report is made in _report"),
        ("render --output-dir out", "('--output-dir'). Take it out: a report is made in _report"),
        ("render --site-url https://example.org", "('--site-url'). Take it out: url in the front matter"),
        ("render --profile draft", "('--profile'). Put what it says into _quarto.yml"),
        ("render --to docx", "quarto render:--to: this format is not made ('docx')."),
        ("render --to html,docx", "quarto render:--to: this format is not made ('docx')."),
        ("render --to=pdf", "quarto render:--to: this format is not made ('pdf')."),
        ("render -trevealjs", "quarto render:-t: this format is not made ('revealjs')."),
        ("preview --render docx", "quarto preview:--render: this format is not made ('docx')."),
        ("render --to", "quarto render:--to: this format is not made"),
    ],
)  # fmt: skip
def test_what_would_be_dropped_is_refused_with_what_to_do(line, refusal):
    (message,) = refusals(*line.split())
    assert refusal in message


def test_every_switch_is_named_at_once():
    assert len(refusals("render", "-P", "a:1", "-M", "b:2", "--toc")) == 3


def test_the_step_reads_them_from_the_program_that_started_it(tmp_path):
    project = mini.tables(tmp_path)
    launcher = tmp_path / "quarto.js"
    step = command("explainer.cli", "pre-render")
    mini.write(launcher, f"import subprocess, sys\nsys.exit(subprocess.call({step!r}))\n")
    before = mini.snapshot(project.root)
    done = subprocess.run(
        [sys.executable, launcher, "render", "-P", "year:2018"],
        cwd=project.root, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "quarto render: this switch does nothing here ('-P')" in done.stderr
    assert mini.snapshot(project.root) == before
