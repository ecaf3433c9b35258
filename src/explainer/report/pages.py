"""The pages of a report: every ``.qmd`` that ``_quarto.yml`` renders, `index.qmd` first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from explainer.report import includes, shortcodes
from explainer.report.layout import PDF
from explainer.system import structured
from explainer.system.errors import Fault
from explainer.system.project import MARKER, Project
from explainer.system.structured import parse_yaml, read_settings

INDEX = "index.qmd"
#: What a page is made as: always as HTML, and as Typst for its PDF.
FORMATS = ("html", "typst")
#: What a page may set besides its words.
SETTINGS = ("toc", "number-sections")
#: Kinds of files that Quarto renders and that are no page here.
OTHERS = (".md", ".Rmd", ".py", ".jl", ".r", ".R")


@dataclass(frozen=True)
class ReportPage:
    """A page of prose.

    Parameters
    ----------
    path : Path
        Its source.
    file : str
        The source's name from the project's root: ``evidence.qmd``.
    text : str
        The source, with what it includes.
    head : dict
        Its front matter.
    pdf : str or None
        Its PDF in the report, if it is made for print too.
    origins : tuple of (str, int)
        File and line that each line of the text comes from.
    settings : mapping
        What ``_quarto.yml``, ``_metadata.yml`` and the front matter set for ``html`` and for ``typst``, of
        `SETTINGS`.
    """

    path: Path
    file: str
    text: str
    head: dict[str, Any]
    pdf: str | None
    origins: tuple[tuple[str, int], ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def place(self, row: int) -> tuple[str, int]:
        """Return file and line of the source that line `row` of the text stands in."""
        return self.origins[row - 1] if row <= len(self.origins) else (self.file, row)

    @property
    def address(self) -> str:
        """Where the page is in the report: ``evidence.html``."""
        return f"{self.path.stem}.html"


def sources(project: Project) -> list[Path]:
    """Return the source of each page, `index.qmd` first, the others as ``_quarto.yml`` lists them.

    Raises
    ------
    Fault
        If ``render`` names a page that is not there, or a file that is no page.
    """
    settings = _config(project).get("project")
    patterns = settings.get("render") if isinstance(settings, Mapping) else None
    names: list[str] = []
    for pattern in map(str, _listed(patterns) or [INDEX]):
        if pattern.startswith("!"):
            excluded = _matches(project, pattern[1:])
            names = [name for name in names if name not in excluded]
        else:
            names += _pages(project, pattern)
    return [project.root / name for name in dict.fromkeys([INDEX, *names])]


def _pages(project: Project, pattern: str) -> Iterator[str]:
    """Yield the names of the pages that an entry of ``render`` is about."""
    file = project.relative(project.quarto_yml)
    names = list(_matches(project, pattern))
    if not names and pattern.endswith((".qmd", *OTHERS)) and not _is_wild(pattern):
        remedy = "Put it beside index.qmd, or take it out of render."
        raise Fault("render names a page that is not there", file=file, value=pattern, remedy=remedy)
    for name in names:
        path = PurePosixPath(name)
        if path.suffix == ".qmd" and len(path.parts) > 1:
            remedy = "Move it beside index.qmd."
            raise Fault("a page is not in the project's own folder", file=file, value=name, remedy=remedy)
        if path.suffix in OTHERS:
            remedy = "A page is a .qmd; give it this ending, or take it out of render."
            raise Fault("render names a file that is no page", file=file, value=name, remedy=remedy)
        if path.suffix == ".qmd":
            yield name


def _is_wild(pattern: str) -> bool:
    return any(letter in pattern for letter in "*?[")


def _matches(project: Project, pattern: str) -> list[str]:
    """Return the files that a pattern of Quarto's names, but for those that Quarto leaves out of patterns."""
    pattern = pattern.removeprefix("/")  # in Quarto, a pattern without it matches in every folder
    if not _is_wild(pattern):
        path = project.root / pattern
        return [pattern] if path.exists() and not path.is_dir() else []
    try:
        paths = [path for path in project.root.glob(pattern) if path.is_file()]
    except (ValueError, NotImplementedError):  # "a**", "//etc/*"
        return []
    names = sorted(project.relative(path) for path in paths)
    return [name for name in names if not any(part[0] in "._" for part in PurePosixPath(name).parts)]


def read_pages(project: Project) -> tuple[ReportPage, ...]:
    """Return every page, `index.qmd` first.

    Raises
    ------
    Fault
        If a page is missing or is not UTF-8, if its front matter is missing, is not YAML or lacks a title, or
        if it asks for a format that is not made.
    """
    config = _config(project)
    pages = tuple(_read(project, path, config) for path in sources(project))
    pdfs: dict[str, str] = {}
    for page in pages:
        if page.pdf is not None and pdfs.setdefault(page.pdf, page.file) != page.file:
            raise Fault(
                f"this PDF is that of {pdfs[page.pdf]} too",
                file=page.file,
                value=page.pdf,
                remedy="Give one of them another output-file under format, typst.",
            )
    return pages


def _config(project: Project) -> dict[str, Any]:
    if not project.quarto_yml.is_file():
        return {}
    return read_settings(project.quarto_yml, project.relative(project.quarto_yml))


def _metadata(project: Project) -> dict[str, Any]:
    path = project.root / "_metadata.yml"
    return read_settings(path, project.relative(path)) if path.is_file() else {}


def _read(project: Project, path: Path, config: Mapping[str, Any]) -> ReportPage:
    file = project.relative(path)
    source = read_text(project, path)
    head = front_matter(source, file)
    pdf = _pdf(path, file, head, config)
    text, origins = includes.expand(project, file, source)
    return ReportPage(path, file, text, head, pdf, origins, settings_of(config, _metadata(project), head))


def shared_settings(project: Project) -> dict[str, dict[str, Any]]:
    """Return what the project's files set for every page, of `SETTINGS`, for ``html`` and for ``typst``."""
    return settings_of(_config(project), _metadata(project))


def settings_of(*levels: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the settings of each format; a later level comes before an earlier one, style sheets add up."""
    found: dict[str, dict[str, Any]] = {}
    for name in FORMATS:
        merged: dict[str, Any] = {"css": []}
        for level in levels:
            for part in (level, _formats(level.get("format")).get(name, {})):
                merged["css"] = [*merged["css"], *map(str, _listed(part.get("css")))]
                merged |= {key: part[key] for key in SETTINGS if key in part}
        found[name] = merged
    return found


def _listed(setting: object) -> list[object]:
    """Return a setting that is one of something or a list of them, as a list."""
    return setting if isinstance(setting, list) else [] if setting is None else [setting]


def read_text(project: Project, path: Path) -> str:
    """Return the text of a page.

    Raises
    ------
    Fault
        If it is not there or is not UTF-8.
    """
    file = project.relative(path)
    if not path.exists():
        raise Fault("there is no page", file=file, remedy="Put the report's prose there.")
    return structured.read_text(path, file)


def front_matter(text: str, file: str) -> dict[str, Any]:
    """Return the front matter of a page.

    Raises
    ------
    Fault
        If it is missing, not YAML, or lacks a title.
    """
    block = shortcodes.FRONT_MATTER.match(text)
    if block is None:
        raise Fault(
            "the page has no front matter", file=file, row=1, remedy="Begin it with ---, title: … and ---."
        )

    def fault(what: str, line: int) -> Fault:
        return Fault(f"the front matter {what}", file=file, row=line + 1)

    head = parse_yaml("\n".join(block[0].rstrip("\n").split("\n")[1:-1]), fault)
    if not isinstance(head, dict) or not isinstance(head.get("title"), str):
        raise Fault("the front matter has no title", file=file, row=1, remedy="Add title: and a text.")
    return head


def day_of(page: ReportPage) -> str | None:
    """Return a page's own day as an ISO date, if its front matter gives one.

    Raises
    ------
    Fault
        If it is not a date: the PDF's time stamp is made of it.
    """
    day = page.head.get("date")
    if day is None:
        return None
    if isinstance(day, datetime):
        day = day.date()
    if not isinstance(day, date):
        try:
            day = date.fromisoformat(str(day))
        except ValueError:
            raise Fault(
                "the date in the front matter is no date",
                file=page.file,
                value=day,
                remedy="Write it as 2018-07-27.",
            ) from None
    return day.isoformat()


def _pdf(path: Path, file: str, head: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
    """Return the name of a page's PDF; None if it has none."""
    formats = _formats(head.get("format", config.get("format", FORMATS)))
    place = file if "format" in head else MARKER
    if other := [name for name in formats if name not in FORMATS]:
        remedy = "A page is made as html, and as typst for its PDF."
        raise Fault("this format is not made", file=place, column="format", value=other[0], remedy=remedy)
    if "html" not in formats:
        remedy = "Add html: default."
        raise Fault("a page needs the format html", file=place, column="format", remedy=remedy)
    if "output-file" in head or "output-file" in formats["html"]:
        remedy = "Rename the .qmd, or set output-file under format, typst."
        raise Fault("a page has the name of its source", file=file, column="output-file", remedy=remedy)
    if "typst" not in formats:
        return None
    name = str(formats["typst"].get("output-file") or (PDF if file == INDEX else path.stem))
    name = name if name.endswith(".pdf") else f"{name}.pdf"
    if PurePosixPath(name).name != name or "\\" in name:
        remedy = "Write a file name alone, such as report.pdf."
        what = "a PDF stands beside its page"
        raise Fault(what, file=file, column="output-file", value=name, remedy=remedy)
    return name


def _formats(declared: object) -> dict[str, Mapping[str, Any]]:
    """Return the settings of each format that front matter or ``_quarto.yml`` declares."""
    if isinstance(declared, str):
        declared = [declared]
    if isinstance(declared, Mapping):
        return {
            str(name): settings if isinstance(settings, Mapping) else {}
            for name, settings in declared.items()
        }
    return {str(name): {} for name in declared} if isinstance(declared, Iterable) else {}
