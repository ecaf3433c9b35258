"""The step after either engine: typeset the PDF, repair what the engine changed, remove leftovers, verify."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from explainer.report import brand
from explainer.report.files.place import copy
from explainer.report.folders import remove_others
from explainer.report.layout import FONTS, SCRIPT
from explainer.report.policy import with_policy
from explainer.system import fingerprint
from explainer.system.cache import Cache
from explainer.system.errors import Fault, Faults
from explainer.system.files import write_bytes, write_text
from explainer.system.project import THEME, Project

DRAWING = re.compile(r"<!--svg (?P<label>[\w-]+) (?P<name>[\w-]+)-->.*?<!--/svg-->", re.DOTALL)
ABSOLUTE = re.compile(r'\s+data-notebook(?:-title|-cellid)?="[^"]*"', re.IGNORECASE)
COUNTS = re.compile(r'\s+data-execution_count="[^"]*"')


def finish(
    project: Project, stage: Path, content: dict[str, Any], pdfs: Mapping[str, bytes], cache: Cache
) -> None:
    """Make the pages that an engine wrote into a report that can be published.

    Parameters
    ----------
    project : Project
        The project.
    stage : Path
        The folder with the pages; changed in place.
    content : dict
        What they were made from: ``_build/site.json``.
    pdfs : mapping
        The pages for print by name, each as `pdf` returns it.
    cache : Cache
        Results of earlier builds.

    Raises
    ------
    Faults
        Everything that keeps the report from being published.
    """
    # Engines leave second pictures, previews and copies beside the pages.
    remove_others(stage, addresses(content))
    for page in sorted(stage.rglob("*.html")):
        mend(project, page)
    copy_files(project, stage)
    for name, pdf in pdfs.items():
        write_bytes(stage / name, pdf)
    _verify(project, stage, content, cache)
    cache.sweep()


def addresses(content: Mapping[str, Any]) -> list[str]:
    """Return the address of every page that an engine writes: prose, then notebooks."""
    return [
        *(page["address"] for page in content["pages"]),
        *(notebook["page"] for notebook in content["notebooks"]),
    ]


def _verify(project: Project, stage: Path, content: dict[str, Any], cache: Cache) -> None:
    """Check the staged report, unless the same files passed before for the same project."""

    def inputs() -> list[str]:
        return [
            fingerprint.take(project).digest(),
            json.dumps(fingerprint.hashes(stage)),
            json.dumps(fingerprint.hashes(project.build / "figures")),
            json.dumps([content, fingerprint.of_file(project.build / "figures.json")]),
        ]

    def verify() -> bytes:
        # Imported here: what reads pages and the PDF takes a second to load.
        from explainer.verify import pages

        pages.verify_pages(project, stage, content)
        return b"verified"

    cache.get("verified", inputs, verify)


def mend(project: Project, page: Path) -> None:
    """Put a page's drawings back as they were drawn, take local paths and counters out, add its policy."""

    def drawing(match: re.Match[str]) -> str:
        path = project.build / "figures" / match["label"] / f"{match['name']}.svg"
        return path.read_text(encoding="utf-8").strip()

    text = page.read_text(encoding="utf-8")
    text = DRAWING.sub(drawing, text)
    text = COUNTS.sub("", ABSOLUTE.sub("", text))
    # Of drawings that stand in the prose, Quarto forgets the case too.
    text = text.replace(" viewbox=", " viewBox=")
    text = text.replace(f"{project.root.as_posix()}/", "")
    text = with_policy(text, project.theme_file("page.html").read_text(encoding="utf-8"))
    write_text(page, text.rstrip("\n") + "\n")


def copy_files(project: Project, folder: Path) -> None:
    """Put everything into `folder` that a report has besides its pages and the PDF."""
    copy_assets(project, folder)
    copy(project, folder)


def copy_assets(project: Project, folder: Path) -> None:
    """Put the page's script, and its fonts with their licenses, into the report's folder."""
    for path in sorted((THEME / FONTS).iterdir()):
        if path.suffix == ".woff2" or path.name.startswith("OFL"):
            write_bytes(folder / FONTS / path.name, path.read_bytes())
    for font in brand.read(project).fonts:
        write_bytes(folder / font.address, font.path.read_bytes())
    lines = (line.strip() for line in project.theme_file("page.js").read_text(encoding="utf-8").splitlines())
    # Comments stay behind: every reader would load them.
    code = (line for line in lines if line and not line.startswith("//"))
    write_text(folder / SCRIPT, "\n".join(code) + "\n")


def complete(project: Project, folder: Path, pdfs: Mapping[str, bytes]) -> None:
    """Put what a report has besides its pages into Quarto's own folder, which its live preview shows."""
    copy_files(project, folder)
    for name, pdf in pdfs.items():
        write_bytes(folder / name, pdf)


def pdfs(
    project: Project, sources: Mapping[str, Path], content: Mapping[str, Any], cache: Cache
) -> dict[str, bytes]:
    """Return each PDF by its name, as `pdf` does; `sources` are their Typst sources by name."""
    days = {page["pdf"]: page["date"] for page in content["pages"]}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {name: pool.submit(pdf, project, path, days[name], cache) for name, path in sources.items()}
        return {name: job.result() for name, job in jobs.items()}


def pdf(project: Project, source: Path, day: str | None, cache: Cache) -> bytes:
    """Return the PDF of a Typst source, from an earlier build if it was typeset from the same files then."""

    def inputs() -> list[str | bytes]:
        return [
            version("typst"),
            version("pikepdf"),
            source.read_bytes(),
            str(time_stamp(day)),
            # A source may name any file of the project.
            fingerprint.take(project).digest(),
            json.dumps(fingerprint.hashes(project.build / "figures")),
        ]

    return cache.get("pdf", inputs, lambda: typeset(project, source, day))


def typeset(project: Project, source: Path, day: str | None) -> bytes:
    """Return the PDF of a Typst source: tagged, PDF/UA-1, with the report's own day as its time stamp.

    Quarto's Typst makes a PDF too, but an untagged one that bears the time of the build. So the source is
    set again, and both engines give the same PDF; rows of its tables then get their headings.

    Raises
    ------
    Fault
        If the source does not compile, or the result would not be accessible.
    """
    import typst

    # Imported here: it takes a fifth of a second to load.
    from explainer.build import row_headings

    # Paths in the source are from the project's root, and Typst reads no file outside it.
    try:
        made = typst.compile(
            str(source),
            root=str(project.root),
            font_paths=[
                str(THEME / FONTS),
                *sorted({str(font.path.parent) for font in brand.read(project).fonts}),
            ],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=time_stamp(day),
        )
    except (typst.TypstError, RuntimeError) as error:
        message = re.sub(r"\s+", " ", str(error)).strip()
        from explainer.build import letters  # here, as it loads what reads tables

        if faults := letters.missing_letters(project, message):
            raise Faults(faults) from None
        hints = " ".join(getattr(error, "hints", None) or [])
        raise Fault(
            f"the PDF cannot be set: {message}",
            file=project.relative(source),
            remedy=hints or "Mend what the message names, in the page or in a theme/report.typ of your own.",
        ) from None
    return row_headings.mark(made)


def time_stamp(day: str | None) -> int:
    """Return the PDF's time stamp in seconds since 1970: SOURCE_DATE_EPOCH, else the report's day, else 0."""
    if (epoch := os.environ.get("SOURCE_DATE_EPOCH")) is not None:
        # The year 9999 is the last that a PDF can name.
        if not re.fullmatch(r"[0-9]{1,12}", epoch) or int(epoch) > 253_402_300_799:
            raise Fault(
                "SOURCE_DATE_EPOCH in the environment is no time",
                value=epoch,
                remedy="Write seconds since 1970, or unset it.",
            )
        return int(epoch)
    if day is None:
        return 0
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
