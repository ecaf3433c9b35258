"""What commands cost as a story grows: a made-up one of 100, 1,000 and 10,000 facts.

``python -m bench.growth`` measures this alone, in seconds of the processor and in the most memory that one
process held, so that whatever else the machine does matters little.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import mini
from bench import ROOT, table
from explainer.draft.sheet import Details, draft_blocks
from explainer.system.files import write_text
from explainer.system.project import Project

SIZES = (100, 1_000, 10_000)
EXPLAINER = [sys.executable, "-c", "from explainer.cli import main; main()"]
COMMANDS = {
    "check": ["check"],
    "audit": ["audit", "article.txt"],
    "extract": ["extract", "article.txt", "--dateline", "2031-05-09", "--output", "draft"],
    "render": ["render", "--engine", "pandoc"],
}
#: What a command is refused with does not matter here, but it must have done its work: no other code will do.
ENDS = {"check": (0,), "audit": (0, 1), "extract": (0,), "render": (0,)}
#: The text of the facts that the small story of the tests has.
OWN = [
    "Fruit fair ends",
    "The fair will close on Friday: 1200 visitors came.",
    "Growers said that they sold 29 crates.",
]
NOUNS = (
    "boats",
    "houses",
    "workers",
    "trains",
    "patients",
    "schools",
    "farms",
    "bridges",
    "letters",
    "engines",
)
VERBS = (
    "left the harbor",
    "stood in the valley",
    "came to the town",
    "moved to the coast",
    "reached the border",
)
SYLLABLES = ("bar", "den", "fel", "gor", "hul", "kim", "lan", "mor", "nes", "pol", "ras", "sul", "tam", "wen")


def text_of(facts: int) -> list[str]:
    """Return the paragraphs of a made-up story that gives at least so many facts, always the same."""
    choose = random.Random(facts)

    def name() -> str:
        return "".join(choose.choices(SYLLABLES, k=choose.randint(2, 3))).capitalize()

    paragraphs = []
    for _ in range(facts // 10 + 1):
        person, town = f"{name()} {name()}", name()
        numbers = [choose.randint(12, 99_999) for _ in range(4)]
        nouns, verbs = choose.sample(NOUNS, 4), choose.sample(VERBS, 3)
        paragraphs.append(
            f"About {numbers[0]:,} {nouns[0]} {verbs[0]} near {town} on May {choose.randint(1, 30)}, and "
            f"{numbers[1]:,} {nouns[1]} {verbs[1]}, said {person}, {choose.randint(20, 80)}, the mayor. "
            f"“We counted {numbers[2]:,} {nouns[2]} in {choose.randint(2, 90)} days,” {person} said. "
            f"More than {choose.randint(2, 90)} percent of {numbers[3]:,} {nouns[3]} {verbs[2]} by "
            f"{choose.randint(1, 11)}:{choose.randint(10, 59)} p.m."
        )
    return paragraphs


def story(root: Path, facts: int) -> Project:
    """Make a story that builds: the small one of the tests, with so many facts more."""
    project = mini.make(root)
    blocks = text_of(facts)
    (root / "article.txt").write_text("\n\n".join([*OWN, *blocks]) + "\n", encoding="utf-8")
    drafted = draft_blocks(blocks, project, Details(date(2031, 5, 9)), "article.txt")
    for name in ("paragraphs", "facts"):
        path = project.data / "article" / f"{name}.csv"
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        header, *more = drafted.tables[name].rows
        place = header.index("paragraph")
        for row in more[: facts if name == "facts" else None]:
            cells = dict(zip(header, row, strict=True)) | {"paragraph": str(int(row[place]) + len(OWN))}
            rows.append([cells.get(column, "") for column in rows[0]])
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8")
    return project


def measure(
    sizes: tuple[int, ...] = SIZES, commands: tuple[str, ...] = tuple(COMMANDS)
) -> dict[str, dict[str, list[float]]]:
    """Return seconds and megabytes by command and number of facts.

    Raises
    ------
    SystemExit
        If a command fails.
    """
    results: dict[str, dict[str, list[float]]] = {command: {} for command in commands}
    for facts in sizes:
        with tempfile.TemporaryDirectory() as folder:
            project = story(Path(folder) / "story", facts)
            for command in commands:
                results[command][str(facts)] = run(project, command)
                print(f"{command} of {facts:,} facts: {results[command][str(facts)]}", flush=True)
    return results


def run(project: Project, command: str) -> list[float]:
    """Run a command in a story and return its seconds and megabytes, those of its own programs included."""
    arguments = [*EXPLAINER, *COMMANDS[command]]
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        # In a process of its own, so that only its children are counted.
        done = subprocess.run(arguments, cwd=project.root, capture_output=True, check=False)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = "" if done.returncode in ENDS[command] else done.stderr.decode(errors="replace")[-2000:]
        cost = [round(used.ru_utime + used.ru_stime, 1), used.ru_maxrss // 1024]
        os.write(writer, json.dumps([said, cost]).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as pipe:
        said, cost = json.loads(pipe.read())
    if said:
        raise SystemExit(f"bench: {command} failed\n{said}")
    return cost


def main() -> None:
    """Measure, and write the numbers into ``bench/results.json`` and the table into ``bench/README.md``."""
    path = ROOT / "bench" / "results.json"
    results = json.loads(path.read_text(encoding="utf-8"))
    results["growth"] = {**results.get("growth", {}), "now": measure()}
    write_text(path, json.dumps(results, indent=1) + "\n")
    write_text(ROOT / "bench" / "README.md", table.readme(results))


if __name__ == "__main__":
    main()
