"""Every chart and table as files that an editor can take away: CSV, SVG, PNG, and the chart's spec."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from explainer.authoring import records
from explainer.authoring.vega import script_json
from explainer.report import brand
from explainer.report.files import credits, poster
from explainer.system import fingerprint
from explainer.system.cache import Cache
from explainer.system.project import Project

FOLDER = "figures"


def write(
    project: Project,
    entries: Mapping[str, Mapping[str, Any]],
    outlets: Mapping[str, Mapping[str, str]],
    title: str,
    home: str | None,
    cache: Cache,
) -> dict[str, dict[str, tuple[str, bytes]]]:
    """Return the files of each figure and table: label -> kind -> path in the report, content.

    Parameters
    ----------
    project : Project
        With its figures collected.
    entries : mapping
        As ``figures.json`` has them.
    outlets : mapping
        By source, as `explainer.evidence.citations.named` returns them.
    title : str
        Of the report.
    home : str or None
        The report's address.
    cache : Cache
        Pictures of the last build.
    """
    origin = credits.origin(title, home)
    sources = {
        label: " ".join(filter(None, [entry["note"], credits.sources(entry, outlets), origin]))
        for label, entry in entries.items()
    }
    look = brand.read(project)
    drawings = {
        label: look.repaint(_poster(project, entry, sources[label], cache))
        for label, entry in entries.items()
        if entry["kind"] == "fig"
    }
    files: dict[str, dict[str, tuple[str, bytes]]] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        pictures = {label: pool.submit(poster.png, drawn, cache) for label, drawn in drawings.items()}
        for label, entry in entries.items():
            path = f"{FOLDER}/{label}"
            files[label] = {"csv": (f"{path}.csv", records.to_csv(entry["columns"], entry["rows"]).encode())}
            if label not in drawings:
                continue
            wide = spec(json.loads(_read(project, entry, "spec")), entry, sources[label])
            narrow = None
            if "narrow-spec" in entry["files"]:
                narrow = spec(json.loads(_read(project, entry, "narrow-spec")), entry, sources[label])
            files[label] |= {
                "svg": (f"{path}.svg", poster.in_the_dark(drawings[label], look.palette).encode()),
                "png": (f"{path}.png", pictures[label].result()),
                "spec": (f"{path}.vl.json", _json(wide)),
                "script": (f"{path}.vl.js", script(label, wide, narrow).encode()),
            }
    return files


def _poster(project: Project, entry: Mapping[str, Any], source: str, cache: Cache) -> str:
    """Return a chart as an SVG file with its words, from an earlier build where both are the same."""
    drawing = _read(project, entry, "print")
    words = {key: entry[key] for key in ("label", "takeaway", "alt")}
    words |= {"caption": sentence(entry["caption"]), "source": source}
    inputs = [fingerprint.environment(), drawing, json.dumps(words)]
    return cache.get("poster", inputs, lambda: poster.poster(drawing, **words).encode()).decode()


def sentence(text: str) -> str:
    """Return `text` with a full stop, if it has none of its own kind."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def spec(drawn: Mapping[str, Any], entry: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return a chart's Vega-Lite spec with the words that belong to it: description, headline and source."""
    words = {"title": entry["takeaway"], "caption": entry["caption"], "source": source}
    return {**drawn, "description": entry["alt"], "usermeta": words}


def script(label: str, wide: Mapping[str, Any], narrow: Mapping[str, Any] | None) -> str:
    """Return the specs as a script: a page that is opened from a disk can fetch no JSON."""
    specs = script_json({"wide": wide, "narrow": narrow})
    return f"(globalThis.explainerCharts ??= {{}})[{script_json(label)}] = {specs};\n"


def _read(project: Project, entry: Mapping[str, Any], kind: str) -> str:
    return (project.root / entry["files"][kind]).read_text(encoding="utf-8")


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
