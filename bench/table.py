"""``bench/README.md``, written from ``bench/results.json`` and never by hand."""

from __future__ import annotations

import json
from typing import Any

from bench import ROOT
from explainer.system.files import write_text

RESULTS = ROOT / "bench" / "results.json"
TEXT = """\
# The page beside a stock page

Written by `make bench` from `results.json`. The report, and a page of the same words and charts as the usual
tools make it, took turns in the same browser on the same machine. Medians of {runs} cold visits each.

| | this report | stock page | ratio |
|---|--:|--:|--:|
{rows}

- Stock page: {stock}. It gets the better of its possibilities: it carries neither data tables nor lists of
  sources; its libraries come from its own host in one file, not from another in three; and nothing else comes
  from outside.
- First chart: the first frame in which a chart has been drawn.
- Line and phone: {latency} ms and {speed} kB a second, which browsers call slow 4G; a processor {slower}
  times slower; a window of {width} × {height} CSS pixels. The host compresses with gzip.
- axe-core {axe}: elements that break a rule of WCAG 2.2 A or AA or a best practice, with everything closed.
- Lighthouse for phones: {lighthouse}
- Machine: {cores} cores, {system}, Chromium {chromium}.
"""
#: Of the live preview, where it was measured.
EDITS = """
## An edit in the live preview

Seconds from saving to the first frame of a browser that shows it, with everything warm. By then the notebooks
that it reaches have run from the top, and the page has been checked. Medians of {rounds}.

| what is edited | on the screen | at most |
|---|--:|--:|
{rows}
"""
#: Of the builds, where they were measured.
BUILDS = """
## A build

Seconds of the whole command, beside `quarto render` of stock pages with the same words and charts, to HTML
and PDF ({quarto}). In turns; medians of {rounds}.

| what is built | seconds | ÷ stock pages |
|---|--:|--:|
{rows}
"""
BUILD_ROWS = {
    "nothing": "the report, nothing changed",
    "fact": "the report, one fact edited",
    "anew": "the report, everything anew",
    "steps": "pre- and post-render of `quarto render`, nothing changed",
    "stock": "the stock pages",
}
ROWS = {
    "first_chart_ms": "first chart, ms",
    "first_paint_ms": "first text, ms",
    "bytes": "bytes",
    "requests": "requests",
}


GROWTH = """
## As a story grows

Seconds of the processor / megabytes of the largest process, in made-up stories of so many facts
(`python -m bench.growth`). *Before* is commit 512d3dc and stories of the same size; its `extract` refused
more than 100,000 characters.

{rows}
"""


def record(part: str, measured: dict[str, Any]) -> None:
    """Put what was measured of one part into ``bench/results.json`` and into ``bench/README.md``."""
    write(json.loads(RESULTS.read_text(encoding="utf-8")) | {part: measured})


def write(results: dict[str, Any]) -> None:
    """Write ``bench/results.json`` and ``bench/README.md``."""
    write_text(RESULTS, json.dumps(results, indent=1) + "\n")
    write_text(RESULTS.with_name("README.md"), readme(results))


def readme(results: dict[str, Any]) -> str:
    """Return the text for these results."""
    ours, stock = results["report"], results["stock"]
    rows = [
        f"| {title} | {ours[name]:,} | {stock[name]:,} | {ours[name] / stock[name]:.2f} |"
        for name, title in ROWS.items()
    ]
    broken = [sum(page["violations"].values()) for page in (ours, stock)]
    rows.append(f"| axe-core violations | {broken[0]} | {broken[1]} | |")
    audit = results["lighthouse"]
    if "missing" in audit:
        lighthouse = f"not measured ({audit['missing']})."
    else:
        scores = ", ".join(f"{name} {score}" for name, score in audit["scores"].items())
        lighthouse = f"{scores} (version {audit['version']}, this report)."
    conditions, machine = results["conditions"], results["machine"]
    text = TEXT.format(
        rows="\n".join(rows),
        runs=conditions["runs"],
        stock=results["stock"]["made_with"],
        latency=f"{conditions['line']['latency']:g}",
        speed=round(conditions["line"]["downloadThroughput"] / 1000),
        slower=conditions["slower"],
        lighthouse=lighthouse,
        axe=results["axe"],
        **conditions["window"],
        **machine,
    )
    if "build" in results:
        text += _builds(results["build"])
    text += _edits(results["preview"]) if "preview" in results else ""
    return text + (_growth(results["growth"]) if "growth" in results else "")


def _builds(measured: dict[str, Any]) -> str:
    seconds = measured["seconds"]
    stock = seconds.get("stock")
    rows = [
        f"| {title} | {seconds[name]:.1f} | {f'{seconds[name] / stock:.2f}' if stock else ''} |"
        for name, title in BUILD_ROWS.items()
        if name in seconds
    ]
    made_with = f"Quarto {measured['quarto']}" if measured["quarto"] else "there is no Quarto on this machine"
    return BUILDS.format(quarto=made_with, rounds=measured["rounds"], rows="\n".join(rows))


def _edits(measured: dict[str, Any]) -> str:
    rows = [
        f"| {name} | {one['median_s']:.2f} | {one['most_s']:.2f} |" for name, one in measured["edits"].items()
    ]
    return EDITS.format(rounds=measured["rounds"], rows="\n".join(rows))


def _growth(growth: dict[str, dict[str, dict[str, list[float]]]]) -> str:
    """Return what commands cost as a story grows, before and now; blank cells were not measured."""
    now = growth["now"]
    sizes = next(iter(now.values()))
    rows = ["| facts |", "|--:|"]
    for command in now:
        for when in ("before", "now"):
            rows[0] += f" {command}, {when} |"
            rows[1] += "--:|"
    for size in sizes:
        row = f"| {int(size):,} |"
        for command in now:
            for when in ("before", "now"):
                cost = growth.get(when, {}).get(command, {}).get(size)
                row += f" {cost[0]:.1f} / {cost[1]} |" if cost else " |"
        rows.append(row)
    return GROWTH.format(rows="\n".join(rows))
