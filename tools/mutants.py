"""Tests the tests: changes the rooms of evidence in small ways, and counts what no test notices.

Usage::

    make mutants                        a sample of each module, by room, and every change that went unnoticed
    make mutants ARGS="--most 20"       a smaller sample
    make mutants ARGS="--room dates"    one room
    make mutants ARGS="--seed 7"        another sample

`[tool.mutmut]` in ``pyproject.toml`` names the modules and the tests. mutmut_ makes the changes; its working
copy is the folder ``mutants``.

.. _mutmut: https://mutmut.readthedocs.io/
"""

import argparse
import collections
import json
import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "mutants"
#: Each room, and what the names of its modules begin with.
ROOMS = {
    "evidence": ("explainer.evidence.", "explainer.analysis.reports."),
    "gate of numbers": ("explainer.verify.numbers.",),
    "audit": ("explainer.article.audit.",),
    "corrections": ("explainer.ledger.",),
    "dates": ("explainer.english.dates.", "explainer.analysis.dates."),
}
#: What mutmut notes of a change that went unnoticed: the exit code of pytest, or its own number for no test.
SURVIVED, NO_TEST = 0, 33


def mutmut(*arguments, **options):
    """Run mutmut, which is in the environment of this script."""
    return subprocess.run(["mutmut", *arguments], cwd=ROOT, check=True, **options)


def results():
    """Return the exit code of each change by its name; None where it was not tried."""
    codes = {}
    for path in sorted(COPY.rglob("*.meta")):
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def sample(names, most, seed):
    """Return at most so many changes of each module, the same ones for the same seed."""
    modules = collections.defaultdict(list)
    for name in sorted(names):
        modules[name.rpartition(".")[0]].append(name)
    chosen = (random.Random(seed).sample(each, min(most, len(each))) for each in modules.values())
    return sorted(name for each in chosen for name in each)


def main():
    """Make the changes, try a sample, and print what was noticed by room."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=60, help="changes of one module (default: 60)")
    parser.add_argument("--seed", type=int, default=16, help="which sample (default: 16)")
    parser.add_argument("--room", choices=ROOMS, action="append", help="one room (default: all)")
    options = parser.parse_args()
    rooms = {room: ROOMS[room] for room in options.room or ROOMS}
    # One change is tried, so that all are made.
    mutmut("run", "explainer.english.dates.x_resolve__mutmut_1", stdout=sys.stderr)
    prefixes = tuple(prefix for each in rooms.values() for prefix in each)
    chosen = sample([name for name in results() if name.startswith(prefixes)], options.most, options.seed)
    mutmut("run", "--max-children", "1", *chosen, stdout=sys.stderr)
    codes = results()
    for name in chosen:
        if codes[name] in (SURVIVED, NO_TEST):
            mutmut("show", name)
    sys.stdout.flush()
    print("| room | changes | tried | noticed | |\n|---|--:|--:|--:|--:|")
    for room, prefixes in rooms.items():
        made = [name for name in codes if name.startswith(prefixes)]
        tried = [name for name in chosen if name.startswith(prefixes)]
        noticed = sum(codes[name] not in (SURVIVED, NO_TEST) for name in tried)
        share = f"{100 * noticed / max(len(tried), 1):.0f}%"
        print(f"| {room} | {len(made):,} | {len(tried):,} | {noticed:,} | {share} |")


if __name__ == "__main__":
    main()
