"""The step after either engine: set the PDF, mend what the engine changed, drop leftovers, verify."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import typst

from explainer.evidence import annotations
from explainer.report import site
from explainer.report.files import build
from explainer.system.errors import Fault
from explainer.system.files import write_bytes, write_text
from explainer.system.project import THEME, Project
from explainer.verify import pages

DRAWING = re.compile(r"<!--svg (?P<label>[\w-]+) (?P<name>[\w-]+)-->.*?<!--/svg-->", re.DOTALL)
ABSOLUTE = re.compile(r'\s+data-notebook(?:-title|-cellid)?="[^"]*"', re.IGNORECASE)
COUNTS = re.compile(r'\s+data-execution_count="[^"]*"')


def finish(project: Project, stage: Path, source: Path) -> None:
    """Make the pages and the Typst source that an engine wrote into a report that can be published.

    Parameters
    ----------
    project : Project
        The project.
    stage : Path
        The folder with the pages; changed in place.
    source : Path
        The PDF's Typst source.

    Raises
    ------
    Faults
        Everything that keeps the report from being published.
    """
    content = content_of(project)
    _drop(stage, expected(content))
    for page in sorted(stage.rglob("*.html")):
        mend(project, page)
    beside(project, stage)
    write_bytes(stage / site.PDF, typeset(project, source, content["date"]))
    pages.verify(project, stage, content)


def content_of(project: Project) -> dict:
    """Return what the pages were made from: ``_build/site.json``."""
    return json.loads((project.build / "site.json").read_text(encoding="utf-8"))


def refuse_mixture(project: Project, content: dict) -> None:
    """Refuse a report of which a part was made before an edit and a part after it.

    Raises
    ------
    Fault
        If the data changed while the report was being made.
    """
    if site.stamp(project)["data"] != content["stamp"]["data"]:
        raise Fault(
            "the data was changed while the report was being made, so it is not published",
            file=project.relative(project.data),
            remedy="Try again; the last report is as it was.",
        )


def expected(content: dict) -> set[str]:
    """Return the pages that a whole report has, from its folder."""
    return {"index.html", *(notebook["page"] for notebook in content["notebooks"])}


def _drop(stage: Path, pages: set[str]) -> None:
    """Remove whatever an engine left that is no page of the report: second pictures, previews, copies."""
    for path in sorted(stage.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(stage).as_posix() not in pages:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def mend(project: Project, page: Path) -> None:
    """Put a page's drawings back as they were drawn, and take local paths and counters out of it."""

    def drawing(found: re.Match[str]) -> str:
        path = project.build / "figures" / found["label"] / f"{found['name']}.svg"
        return path.read_text(encoding="utf-8").strip()

    text = page.read_text(encoding="utf-8")
    text = DRAWING.sub(drawing, text)
    text = COUNTS.sub("", ABSOLUTE.sub("", text))
    # Of drawings that stand in the prose, Quarto forgets the case too.
    text = text.replace(" viewbox=", " viewBox=")
    text = text.replace(f"{project.root.as_posix()}/", "")
    write_text(page, text.rstrip("\n") + "\n")


def beside(project: Project, folder: Path) -> None:
    """Put into `folder` whatever stands beside the pages, but for the PDF."""
    copy_assets(project, folder)
    build.copy(project, folder)
    write_text(folder / annotations.FILE, annotations.to_json(project))


def copy_assets(project: Project, folder: Path) -> None:
    """Put the page's script, and its fonts with their licences, into the report's folder."""
    for path in sorted((THEME / site.FONTS).iterdir()):
        if path.suffix == ".woff2" or path.name.startswith("OFL"):
            write_bytes(folder / site.FONTS / path.name, path.read_bytes())
    lines = (line.strip() for line in project.theme_file("page.js").read_text(encoding="utf-8").splitlines())
    # Comments stay behind: every reader would load them.
    code = (line for line in lines if line and not line.startswith("//"))
    write_text(folder / site.SCRIPT, "\n".join(code) + "\n")


def typeset(project: Project, source: Path, day: str | None) -> bytes:
    """Return the PDF of a Typst source: tagged, PDF/UA-1, with the report's own day as its time stamp.

    Quarto's Typst makes a PDF too, but an untagged one that bears the time of the build. So the source is
    set again, and both engines give the same PDF.

    Raises
    ------
    Fault
        If the source does not compile, or the result would not be accessible.
    """
    # Paths in the source are from the project's root, and Typst reads no file outside it.
    try:
        return typst.compile(
            str(source),
            root=str(project.root),
            font_paths=[str(THEME / site.FONTS)],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=time_stamp(day),
        )
    except (typst.TypstError, RuntimeError) as error:
        message = re.sub(r"\s+", " ", str(error)).strip()
        hints = " ".join(getattr(error, "hints", None) or [])
        raise Fault(
            f"the PDF cannot be set: {message}",
            file=project.relative(source),
            remedy=hints or "Mend the page, or theme/report.typ.",
        ) from None


def time_stamp(day: str | None) -> int:
    """Return the PDF's time stamp in seconds since 1970: SOURCE_DATE_EPOCH, else the report's day, else 0."""
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    if day is None:
        return 0
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
