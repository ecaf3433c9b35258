"""Lighthouse's scores for a page on a phone, where npm could install it (``bench/package-lock.json``)."""

from __future__ import annotations

import json
import os
import statistics
import subprocess

from bench import ROOT

PROGRAM = ROOT / "bench" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def scores(address: str, chromium: str, runs: int) -> dict[str, object]:
    """Return the median score of each category, from 0 to 100, and the version; or why there is none."""
    if not PROGRAM.exists():
        return {"missing": "npm did not install Lighthouse here"}
    marks_by_category: dict[str, list[int]] = {category: [] for category in CATEGORIES}
    lost: dict[str, set[str]] = {category: set() for category in CATEGORIES}
    version = ""
    for _ in range(runs):
        report = run(address, chromium)
        version = report["lighthouseVersion"]
        for category in CATEGORIES:
            part = report["categories"][category]
            marks_by_category[category].append(round(100 * part["score"]))
            weighed = [audit["id"] for audit in part["auditRefs"] if audit["weight"]]
            # An audit that does not apply has no score, and costs none.
            marks = {name: report["audits"][name]["score"] for name in weighed}
            lost[category] |= {name for name, mark in marks.items() if mark is not None and mark < 0.9}
    medians = {category: round(statistics.median(values)) for category, values in marks_by_category.items()}
    return {
        "version": version,
        "scores": medians,
        "lost": {category: sorted(audits) for category, audits in lost.items() if audits},
    }


def run(address: str, chromium: str) -> dict:
    """Return one report of Lighthouse, with its own settings for phones."""
    done = subprocess.run(
        [
            str(PROGRAM), address, "--output=json", "--quiet", "--no-enable-error-reporting",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
        ],
        env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    return json.loads(done.stdout)
