"""Letters that the PDF's fonts do not have: where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from explainer.data.package import DataPackage
from explainer.notebooks import ipynb
from explainer.report.pages import read_pages
from explainer.system.errors import Fault
from explainer.system.project import Project

#: File, row, column and text.
Words = tuple[str, int | None, str | None, str]
#: What Typst says of them.
MESSAGE = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed')
WHAT = "the fonts of the PDF have no letter for this"
REMEDY = "Write it in words, or in letters of the Latin, Greek or Cyrillic alphabet."


def missing_letters(project: Project, message: str) -> list[Fault]:
    """Return a fault for each cell, line and notebook that holds what a message of Typst is about."""
    match = MESSAGE.search(message)
    return list(_places(project, match["text"])) if match else []


def _places(project: Project, text: str) -> Iterator[Fault]:
    for file, row, column, words in (*_cells(project), *_prose(project)):
        if text in words:
            yield Fault(WHAT, file=file, row=row, column=column, value=text, remedy=REMEDY)


def _cells(project: Project) -> Iterator[Words]:
    """Yield the cells of the tables that people edit."""
    package = DataPackage(project)
    for name, resource in package.resources.items():
        if "schema" in resource and not resource.get("producedBy"):
            with suppress(Fault):
                table = package.table(name)
                for column in table.columns:
                    yield from ((table.file, row, column, cell) for row, cell in table.cells(column))


def _prose(project: Project) -> Iterator[Words]:
    """Yield the lines of the pages and the cells of the notebooks."""
    for page in read_pages(project):
        for number, line in enumerate(page.text.split("\n"), start=1):
            yield page.file, number, None, line
    for notebook in ipynb.read_all(project):
        for cell in notebook.cells:
            yield notebook.file, None, cell.place, cell.source
