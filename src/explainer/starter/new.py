"""Writing a new story: drafted from an article, or made up to look around in."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from explainer.article.copies import read
from explainer.data import description
from explainer.data.csv_read import parse_sheet, write_rows
from explainer.data.package import DataPackage
from explainer.draft.layout import blocks_of
from explainer.draft.sheet import Details, draft
from explainer.english.recognize import is_english
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import codespaces
from explainer.starter import git, readiness
from explainer.starter.names import check_name
from explainer.system import extension
from explainer.system.errors import Fault, Faults
from explainer.system.files import part_of, refused, write_all
from explainer.system.project import Project
from explainer.system.release import version

#: What every new story is made of; ``data`` holds the tables of the one that is made up.
FILES = Path(__file__).with_name("files")
#: Files that git and other tools would take for their own under their names.
_RENAMED = {"gitignore": ".gitignore", "pyproject.txt": "pyproject.toml"}
#: Files with places to fill in; the others are copied.
_TEMPLATES = {".md", ".qmd", ".txt", ".yml"}
#: The tables that notebooks of a new story write.
_PRODUCED = {
    **dict.fromkeys(("events", "counts", "places", "actors", "values-facts"), "1-facts"),
    **dict.fromkeys(("evidence-by-fact", "values-sources"), "2-sources"),
}
_KEY_FIGURES = 3
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class NewStory:
    """A story that was written.

    Parameters
    ----------
    project : Project
        Its folder.
    facts : int
        How many facts its sheet has.
    missing : list of str
        What it lacks before it can be published.
    committed : str
        What became of it in git, as a sentence.
    """

    project: Project
    facts: int
    missing: list[str]
    committed: str


def create(
    parent: Path,
    name: str,
    article: Path | None = None,
    details: Details | None = None,
    *,
    quarto: bool = False,
) -> NewStory:
    """Write a new story into a folder of its name; it is written aside, checked, and then put in place.

    Parameters
    ----------
    parent : Path
        Where the folder goes.
    name : str
        The name of the story.
    article : Path, optional
        A copy of its article, from which a fact sheet is drafted; without one, the story is made up.
    details : Details, optional
        What an editor knows about the article.
    quarto : bool
        Whether the story gets the filters and templates that Quarto reads.

    Raises
    ------
    Fault
        If the name or the article will not do, or the folder exists; nothing is left behind then.
    """
    folder = parent / check_name(name)
    if folder.exists() or folder.is_symlink():
        remedy = "Take another name, or move what is there."
        raise Fault("there is something of this name already", file=str(folder), remedy=remedy)
    part = part_of(folder)
    try:
        facts = _write(Project(part), name, article, details or Details(), quarto=quarto)
        missing = readiness.missing(Project(part))
        shutil.rmtree(Project(part).build, ignore_errors=True)
        committed = git.begin(part)
        os.rename(part, folder)
    except OSError as error:
        raise refused(error, str(folder)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return NewStory(Project(folder), facts, missing, committed)


def _write(project: Project, name: str, article: Path | None, details: Details, *, quarto: bool) -> int:
    """Write the whole story, check it, and return the number of its facts."""
    _write_description(project, name, {})
    tables = _made_up() if article is None else _drafted(project, article, details)
    _write_description(project, name, tables["article"][0])
    _write_tables(project, tables)
    known = {
        "name": name,
        "version": version(),
        "today": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "key_figures": _key_figures(tables["facts"]),
    }
    write_all(_texts(project.root, known))
    if quarto:
        place = extension.folder(project)
        write_all({place / file: content for file, content in extension.files().items()})
    codespaces.refresh(project)
    if faults := DataCheck(project).faults:
        raise Faults(faults)
    return len(tables["facts"])


def _write_description(project: Project, name: str, article: Mapping[str, str]) -> None:
    story: dict[str, object] = {
        "name": name.lower(),
        "title": article.get("headline") or name,
        "version": "0.1.0",
    }
    if article.get("url"):
        title = f"{article['outlet']}, {article['dateline']}"
        story["sources"] = [{"title": title, "path": article["url"]}]
    story["resources"] = [{"name": table, "producedBy": notebook} for table, notebook in _PRODUCED.items()]
    write_all({project.story: description.to_json(story).encode()})
    description.refresh(project)


def _made_up() -> dict[str, Rows]:
    tables = {}
    for path in sorted((FILES / "data").glob("*.csv")):
        header, *rows = parse_sheet(path.read_bytes(), path.name).rows
        tables[path.stem] = [dict(zip(header, row, strict=True)) for row in rows]
    return tables


def _drafted(project: Project, article: Path, details: Details) -> dict[str, Rows]:
    """Return the tables drafted from a copy of an article.

    Raises
    ------
    Fault
        If it cannot be read, is not English, has no dateline, or holds no fact that a rule finds.
    """
    copy = read(article)
    if not is_english(" ".join(blocks_of(copy))):
        remedy = (
            "The rules know English news style only. Write the fact sheet by hand: start without --article."
        )
        raise Fault("does not read as English", file=copy.name, remedy=remedy)
    drafted = draft(article, project, details)
    tables = {name: [row for _, row in table.records] for name, table in drafted.tables.items()}
    body = {row["paragraph"] for row in tables["paragraphs"] if row["role"] == "body"}
    if not any(row["paragraph"] in body for row in tables["facts"]):
        remedy = "Is it the text of the article, with an empty line between paragraphs?"
        raise Fault("holds no paragraph with a fact in it", file=copy.name, remedy=remedy)
    (row,) = tables["article"]
    row["outlet"] = row["outlet"] or readiness.UNNAMED
    row["headline"] = row["headline"] or readiness.UNTITLED
    if row["url"]:
        tables["sources"] = [_own_source(row)]
    return tables


def _own_source(article: Mapping[str, str]) -> dict[str, str]:
    return {
        "source_id": "article",
        "outlet": article["outlet"],
        "title_short": "The article",
        "url": article["url"],
        "published": article["dateline"],
        "kind": "news",
    }


def _write_tables(project: Project, tables: Mapping[str, Rows]) -> None:
    """Write every table that people edit, those of which nothing is known yet without rows."""
    package = DataPackage(project)
    contents = {}
    for name, resource in package.resources.items():
        if "producedBy" not in resource:
            columns = [field["name"] for field in resource["schema"]["fields"]]
            rows = [[row.get(column, "") for column in columns] for row in tables.get(name, [])]
            contents[project.data / resource["path"]] = write_rows([columns, *rows])
    write_all(contents)


def _key_figures(facts: Iterable[Mapping[str, str]]) -> str:
    """Return the first counts of a fact sheet as a list of key figures; nothing if it has none."""
    from explainer.analysis.counts import is_counted

    counts = [
        row["fact_id"]
        for row in facts
        if row["kind"] == "count" and row["unit"] and is_counted(row["as_printed"])
    ]
    lines = [
        f'- **{{{{< var counts.{name}.n >}}}}** [{{{{< var counts.{name}.unit >}}}}]{{.fact ref="{fact_id}"}}'
        for fact_id in counts[:_KEY_FIGURES]
        for name in [fact_id.replace("-", "_")]
    ]
    return "\n".join(["::: {.key-figures}", *lines, ":::", ""]) if lines else ""


def _texts(root: Path, known: Mapping[str, str]) -> dict[Path, bytes]:
    contents = {}
    for path in sorted(path for path in FILES.rglob("*") if path.is_file()):
        name = path.relative_to(FILES)
        if name.parts[0] == "data" or "__pycache__" in name.parts:
            continue
        content = path.read_bytes()
        if path.suffix in _TEMPLATES:
            content = Template(content.decode("utf-8")).substitute(known).encode()
        contents[root / name.with_name(_RENAMED.get(name.name, name.name))] = content
    return contents
