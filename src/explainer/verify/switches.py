"""Switches of ``quarto render`` and ``quarto preview`` that a report would drop: refused before any work.

Quarto tells the steps that `_quarto.yml` names which files it renders, and nothing of its switches. So they
are read from the process that started the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psutil

from explainer.system.errors import Fault, Faults
from explainer.verify import supported

#: What Quarto's launcher starts, in every version: its switches come after it.
PROGRAM = "quarto.js"
FORMAT = ("--to", "-t", "--render")
#: Formats that `FORMAT` may name; ``all`` are those of the page.
MADE = (*supported.FORMATS, "all", "default")
#: What does as it says: about the program, its messages and its server.
KNOWN = {
    "--quiet", "--log", "--log-level", "--log-format", "--debug", "--no-clean",
    "--port", "--host", "--no-serve", "--no-navigate", "--no-browser", "--no-browse", "--navigate",
    "--no-watch-inputs", "--watch-inputs", "--timeout", "--presentation",
}  # fmt: skip
_SETTING = (
    "Write the setting into _quarto.yml or the page's front matter, where it works or is refused by name."
)
_NOTEBOOKS = supported.REMEDIES["execute"]
_PARAMETERS = "Take it out: a report has no parameters; what varies is a cell of a table."
_FOLDER = "Take it out: a report is made in _report, and its files have names of their own."
REMEDIES = {
    **dict.fromkeys(["-P", "--execute-param", "--execute-params"], _PARAMETERS),
    **dict.fromkeys(
        [
            "--execute", "--no-execute", "--execute-dir", "--execute-daemon", "--execute-daemon-restart",
            "--no-execute-daemon", "--execute-debug", "--use-freezer", "--cache", "--no-cache",
            "--cache-refresh",
        ],
        _NOTEBOOKS,
    ),
    **dict.fromkeys(["-o", "--output", "--output-dir"], _FOLDER),
    "--site-url": "Take it out: url in the front matter of index.qmd says where the report will be.",
    "--profile": supported.NOT_READ["_quarto-*.yml"],
}  # fmt: skip


def check() -> None:
    """Refuse the switches of the Quarto that started this process, if one did.

    Raises
    ------
    Faults
        Every switch that a report would drop.
    """
    if faults := list(refused(_given())):
        raise Faults(faults)


def _given() -> list[str]:
    """Return Quarto's command and what follows it; nothing where the system does not show it."""
    # Quarto is near; farther up there may be processes that are not ours to read.
    with suppress(psutil.Error):
        for process in psutil.Process().parents():
            words = process.cmdline()
            for number, word in enumerate(words):
                if Path(word).name == PROGRAM:
                    return words[number + 1 :]
    return []


def refused(words: Sequence[str]) -> Iterator[Fault]:
    """Yield a fault for each switch that a report would drop.

    Parameters
    ----------
    words : sequence of str
        A command of Quarto's and what follows it, such as ``["render", "--to", "docx"]``.
    """
    command = f"quarto {words[0]}" if words else ""
    for word, following in pairwise([*words, ""]):
        if not word.startswith("-"):
            continue
        name, _, value = word.partition("=")
        name = name if name.startswith("--") else name[:2]
        if name in FORMAT:
            yield from _formats(command, name, value or word.removeprefix(name) or following)
        elif name not in KNOWN:
            remedy = REMEDIES.get(name, _SETTING)
            yield Fault("this switch does nothing here", file=command, value=word, remedy=remedy)


def _formats(command: str, switch: str, names: str) -> Iterator[Fault]:
    for name in names.split(","):
        if name not in MADE:
            remedy = supported.FORMAT_REMEDY
            yield Fault("this format is not made", file=command, column=switch, value=name, remedy=remedy)
