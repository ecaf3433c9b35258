"""Measure the report, its builds and its live preview, and write the results down: ``make bench``."""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import sys
import tempfile
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT

from bench import ROOT, build, lighthouse, preview, stock, table, visit
from explainer.acceptance import chromium, host
from explainer.system.project import Project

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: First chart of the report, as a part of the stock page's time.
TARGET = 0.4


def main() -> int:
    """Run the program and return its exit code."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--runs", type=int, default=5, help="visits to each page, and edits of each kind (default: 5)"
    )
    runs = parser.parse_args().runs
    project, path = Project(ROOT), chromium.find()
    if path is None:
        print(f"bench: {chromium.MISSING}", file=sys.stderr)
        return 1
    if not (project.report / "index.html").is_file():
        print("bench: there is no report yet; run `make report` first", file=sys.stderr)
        return 1
    results = compare(project, path, runs)
    print("Builds", flush=True)
    results["build"] = build.measure(min(runs, 5))
    print("Live preview", flush=True)
    results["preview"] = preview.measure(path, min(runs, 9))
    table.write(results)
    ratio = results["report"]["first_chart_ms"] / results["stock"]["first_chart_ms"]
    print(f"first chart: {ratio:.2f} of the stock page's time (wanted: {TARGET} at most)")
    print(f"bench/README.md has the table; Lighthouse: {results['lighthouse']}")
    return 0


def compare(project: Project, path: str, runs: int) -> dict:
    """Return the measurements of each page."""
    with tempfile.TemporaryDirectory() as folder, chromium.starter(path) as start:
        made_with = stock.build(project, Path(folder))
        with host.serving(project.report) as ours, host.serving(Path(folder)) as theirs:
            browser = start()
            pages = {"report": ours, "stock": theirs}
            visits: dict[str, list[dict]] = {name: [] for name in pages}
            # In turns, so that whatever else the machine does meets both.
            for number in range(runs):
                for name, served in pages.items():
                    visits[name].append(visit.measure(browser, served))
                    print(f"{number + 1}/{runs} {name}: {visits[name][-1]}", flush=True)
            results = {name: {key: round(statistics.median(one[key] for one in every)) for key in every[0]}
                     for name, every in visits.items()}  # fmt: skip
            for name, served in pages.items():
                results[name]["violations"] = visit.violations(browser, served, AXE_SCRIPT, TAGS)
            version = browser.version
            browser.close()
            print("Lighthouse", flush=True)
            scores = lighthouse.scores(ours.address, path, min(runs, 3))
    results["stock"]["made_with"] = made_with
    return {
        **results,
        "lighthouse": scores,
        "axe": re.search(r"axe v([\d.]+)", AXE_SCRIPT)[1],
        "conditions": {"runs": runs, "line": visit.LINE, "slower": visit.SLOWER, "window": visit.WINDOW},
        "machine": {
            "cores": os.cpu_count(),
            "system": f"{platform.system()} on {platform.machine()}",
            "chromium": version,
        },
        "visits": visits,
    }


if __name__ == "__main__":
    raise SystemExit(main())
