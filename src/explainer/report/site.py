"""What the pages need to know about each other: ``_build/site.json``, read by the filters."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from fnmatch import fnmatch
from typing import Any

from explainer.authoring.theme import palette
from explainer.evidence.annotations import FILE as ANNOTATIONS
from explainer.ledger import correction_log
from explainer.notebooks import ipynb
from explainer.report import shortcodes
from explainer.report.layout import FONTS, PDF, SCRIPT
from explainer.report.stamp import stamp
from explainer.system import limits
from explainer.system.errors import Fault
from explainer.system.files import write_text
from explainer.system.project import Project
from explainer.system.structured import parse_yaml, read_file, read_settings

#: The file of a rule in ``faces.css``, where each has a line.
FACE = re.compile(r"fonts/([^\"]+)")
MARKED = re.compile(r'[^\s",;]*\?\?[^\s",;]*')
VAR = re.compile(r"\{\{<\s*var\s+(\S+)\s*>\}\}")


def flatten(tree: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested variables by their dotted names, as text."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{prefix}{key}"
        flat |= flatten(value, f"{name}.") if isinstance(value, dict) else {name: str(value)}
    return flat


def front_matter(project: Project) -> dict[str, Any]:
    """Return the front matter of ``index.qmd``.

    Raises
    ------
    Fault
        If the page cannot be read, or its front matter is missing, not YAML, or lacks a title.
    """
    file = project.relative(project.index)
    text = read_page(project)
    block = shortcodes.FRONT_MATTER.match(text)
    if block is None:
        raise Fault(
            "the page has no front matter", file=file, row=1, remedy="Begin it with ---, title: … and ---."
        )

    def fault(what: str, line: int) -> Fault:
        remedy = "Put texts with a colon in quotation marks." if "not valid" in what else None
        return Fault(f"the front matter {what}", file=file, row=line + 1, remedy=remedy)

    head = parse_yaml("\n".join(block[0].rstrip("\n").split("\n")[1:-1]), fault)
    if not isinstance(head, dict) or not isinstance(head.get("title"), str):
        raise Fault("the front matter has no title", file=file, row=1, remedy="Add title: and a text.")
    return head


def read_page(project: Project) -> str:
    """Return the text of ``index.qmd``.

    Raises
    ------
    Fault
        If it is not there or is not UTF-8.
    """
    file = project.relative(project.index)
    if not project.index.exists():
        raise Fault("there is no page", file=file, remedy="Put the report's prose there.")
    try:
        return read_file(project.index, file, limits.PAGE_BYTES).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Fault(
            f"is not UTF-8 text (byte {error.start})", file=file, remedy="Save it as UTF-8."
        ) from None


def day_of(head: dict[str, Any], file: str) -> str | None:
    """Return the report's own day as an ISO date, if its front matter gives one.

    Raises
    ------
    Fault
        If it is not a date: the PDF's time stamp is made of it.
    """
    day = head.get("date")
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
                file=file,
                value=day,
                remedy="Write it as 2018-07-27.",
            ) from None
    return day.isoformat()


def describe_report(
    project: Project, variables: dict[str, Any], derivations: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return what the project says of the report as a whole.

    Parameters
    ----------
    project : Project
        The project, its notebooks executed.
    variables : dict
        Nested, as in ``_variables.yml``.
    derivations : dict
        By value, as `explainer.report.derivations.collect_derivations` returns them.
    """
    flat = flatten(variables)
    head = front_matter(project)
    file = project.relative(project.index)
    text = read_page(project)
    embeds = [code.arguments[0] for code in shortcodes.find(text) if code.name == "embed"]
    title = _filled(head["title"], flat)
    described = next((head[key] for key in ("description", "subtitle", "abstract") if head.get(key)), None)
    return {
        "title": title,
        "description": " ".join(plain(_filled(str(described), flat)).split()) if described else title,
        "lang": str(head.get("lang") or language(project)),
        "date": day_of(head, file),
        "modified": correction_log.last_modified(project, day_of(head, file)),
        "corrections": correction_log.entries(project),
        "pdf": PDF,
        "script": SCRIPT,
        "facts": ANNOTATIONS,
        "notebooks": [
            {"path": notebook.file, "page": page_of(notebook.file), "title": plain(notebook.title)}
            for notebook in ipynb.read_all(project)
        ],
        "embedded": [match["label"] for match in map(shortcodes.EMBED.fullmatch, embeds) if match],
        "literals": [*shortcodes.literals(text), *_marked(project)],
        "variables": flat,
        "values": derivations,
        "css": css(project),
        "palette": {role.name: role.light for role in palette},
        "stamp": stamp(project),
    }


def _marked(project: Project) -> list[str]:
    """Return the words of the tables with ``??``, which elsewhere stands for something that is unresolved."""
    words: set[str] = set()
    for path in project.data.rglob("*.csv"):
        content = path.read_bytes() if path.is_file() else b""
        if b"??" in content:
            words.update(MARKED.findall(content.decode("utf-8", errors="replace")))
    return sorted(words, key=len, reverse=True)


def write(project: Project, content: dict[str, Any]) -> dict[str, Any]:
    """Write ``_build/site.json``, what `describe_report` returns and was made since, and return it."""
    write_text(project.build / "site.json", json.dumps(content, ensure_ascii=False) + "\n")
    return content


def _filled(text: str, flat: dict[str, str]) -> str:
    """Return a text of the front matter with its variables filled in."""
    return VAR.sub(lambda match: flat.get(match[1], match[0]), text)


def language(project: Project) -> str:
    """Return the report's language from ``_quarto.yml``, English if it gives none."""
    config = read_settings(project.quarto_yml, project.relative(project.quarto_yml))
    return str(config.get("lang") or "en")


def page_of(notebook: str) -> str:
    """Return the address of a notebook's page from the report's folder."""
    return notebook.removesuffix(".ipynb") + ".html"


def plain(title: str) -> str:
    """Return a heading without the marks of emphasis and code."""
    return re.sub(r"[*_`]", "", title)


def css(project: Project, sheet: str = "style.css", fonts: str = "*.woff2") -> str:
    """Return the page's whole style sheet; ``@up@`` stands for the way to the report's folder.

    Parameters
    ----------
    project : Project
        The project.
    sheet : str
        The file in theme/ that has the rules.
    fonts : str
        Which of the fonts it uses, as a pattern of their files.
    """
    faces, rules = (
        project.theme_file(name).read_text(encoding="utf-8") for name in (f"{FONTS}/faces.css", sheet)
    )
    lines = ((line, FACE.search(line)) for line in faces.splitlines(keepends=True))
    used = (line for line, file in lines if file and fnmatch(file[1], fonts))
    return palette.css() + "".join(used) + compact(rules)


def compact(rules: str) -> str:
    """Return a style sheet without its comments and the space between its rules."""
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)
    return re.sub(r"(?<=[:,])\s+|\s*([{};])\s*", r"\1", rules).strip() + "\n"
