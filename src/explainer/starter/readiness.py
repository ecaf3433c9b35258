"""What a story lacks before it can be published, as one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from explainer.data.package import DataPackage
from explainer.report import pages
from explainer.report.files import people
from explainer.system.project import Project

#: In place of the outlet and the headline that a draft does not know.
UNNAMED, UNTITLED = "The article", "No headline"
#: Begins the note of each row that a rule has drafted.
PROPOSED = "proposed"


def missing(project: Project) -> list[str]:
    """Return what a story lacks before it can be published, as phrases with the file to edit.

    Raises
    ------
    Fault
        If its tables or the head of its page cannot be read.
    """
    return list(_missing(project))


def _missing(project: Project) -> Iterator[str]:
    package = DataPackage(project)
    for _, article in package.table("article").records:
        if lacking := _lacking(article):
            yield f"the article's {', '.join(lacking)} ({package.file('article')})"
        others = [row for _, row in package.table("sources").records if row["url"] != article["url"]]
        if not others:
            yield f"other reports of the same event ({package.file('sources')})"
    notes = [row["note"] for _, row in package.table("facts").records]
    if drafted := sum(note.startswith(PROPOSED) for note in notes):
        where = f"{package.file('facts')}, notes that begin with {PROPOSED}"
        yield f"an editor's eye on {drafted} drafted facts ({where})"
    index = project.relative(project.index)
    head = pages.front_matter(pages.read_text(project, project.index), index)
    yield from (f"{credit} ({index}, at the top)" for credit in people.missing_credits(head))


def _lacking(article: Mapping[str, str]) -> list[str]:
    placeholders = {"outlet": UNNAMED, "headline": UNTITLED}
    columns = ("outlet", "headline", "url", "author", "timezone")
    return [column for column in columns if article[column] in ("", placeholders.get(column))]
