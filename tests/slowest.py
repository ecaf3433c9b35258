"""Writes the slowest twenty of a run into CONTRIBUTING.md.

``make test ARGS=--durations=20 | tee log && .venv/bin/python tests/slowest.py log``
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "CONTRIBUTING.md"
LINE = re.compile(
    r"^(?P<seconds>[\d.]+)s (?P<phase>call|setup|teardown) +tests/(?P<test>\S.*)$", re.MULTILINE
)
TABLE = re.compile(r"(?<=^\|--:\|---\|---\|\n)(?:\|.*\n)+", re.MULTILINE)


def rows(log: str) -> str:
    """Return the slowest twenty of what pytest printed, as rows of the table."""
    slowest = sorted(LINE.finditer(log), key=lambda found: -float(found["seconds"]))[:20]
    return "".join(
        f"| {float(found['seconds']):.0f} | {found['phase']} | `{found['test']}` |\n" for found in slowest
    )


if __name__ == "__main__":
    new = rows(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if new.count("\n") < 20:
        sys.exit(f"{sys.argv[1]} does not have twenty durations: run pytest with --durations=20")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(TABLE.sub(lambda _: new, page, count=1), encoding="utf-8")
