"""A throw-away copy of example data, and ways to damage it.

The example has tables of every kind that a story has needed so far. It belongs to the tests: the story that
the repository tells may have other tables, and edits of it change no test of the library.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from explainer.ledger.data_check import DataCheck
from explainer.system.project import MARKER, Project

EXAMPLE = Project(Path(__file__).parent / "example")

#: What an edit returns: table, row and column of what is told, and words of it.
Expected = tuple[str, int | None, str | None, str]


class Copy:
    """The example data in a folder of its own, as if never published: no edit needs a correction."""

    def __init__(self, folder: Path, *, checked: bool = True) -> None:
        self.project = Project(folder)
        (folder / MARKER).touch()
        shutil.copytree(EXAMPLE.data, self.project.data)
        if checked:
            # What the check of the undamaged tables found is cached: only what is damaged is validated anew.
            shutil.copytree(Path(_checked().name), self.project.build)
        described = json.loads(self.project.package.read_text(encoding="utf-8"))["resources"]
        self.paths = {resource["name"]: self.project.data / resource["path"] for resource in described}
        for name in ("corrections", "published"):
            self.write(name, self.rows(name)[:1])

    def file(self, name: str) -> str:
        return self.project.relative(self.paths[name])

    def rows(self, name: str) -> list[list[str]]:
        text = self.paths[name].read_text(encoding="utf-8")
        return list(csv.reader(io.StringIO(text, newline="")))

    def write(self, name: str, rows: list[list[str]], **dialect: str) -> None:
        with self.paths[name].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, **{"lineterminator": "\n"} | dialect).writerows(rows)

    def get(self, name: str, row: int, column: str) -> str:
        rows = self.rows(name)
        return rows[row - 1][rows[0].index(column)]

    def set(self, name: str, row: int, column: str, value: str) -> None:
        rows = self.rows(name)
        rows[row - 1][rows[0].index(column)] = value
        self.write(name, rows)

    def find(self, name: str, column: str, test: Callable[[str], bool]) -> int:
        """Return the number of the first row whose cell in `column` passes `test`."""
        rows = self.rows(name)
        place = rows[0].index(column)
        return next(number for number, row in enumerate(rows[1:], start=2) if test(row[place]))

    def describe(self, change: Callable[[dict], None]) -> None:
        """Let `change` edit the data package."""
        package = json.loads(self.project.package.read_text(encoding="utf-8"))
        change(package)
        self.project.package.write_text(json.dumps(package), encoding="utf-8")

    @staticmethod
    def committed(name: str) -> str:
        """Return the text of a table before any damage."""
        described = json.loads(EXAMPLE.package.read_text(encoding="utf-8"))["resources"]
        path = next(resource["path"] for resource in described if resource["name"] == name)
        return (EXAMPLE.data / path).read_bytes().decode("utf-8")

    def content(self) -> dict[str, bytes]:
        """Return every file of the data, to see later that none has changed."""
        files = (path for path in self.project.data.rglob("*") if path.is_file())
        return {self.project.relative(path): path.read_bytes() for path in files}


@lru_cache(maxsize=1)
def _checked() -> TemporaryDirectory:
    """Return a folder with what is cached of a check of the data without damage."""
    folder, build = TemporaryDirectory(), TemporaryDirectory()
    copy = Copy(Path(folder.name), checked=False)
    DataCheck(copy.project)
    shutil.copytree(copy.project.build, build.name, dirs_exist_ok=True)
    folder.cleanup()
    return build


def one_cell(table: str, row: int, column: str, value: str, words: str) -> Callable[[Copy], Expected]:
    """Return an edit of one cell."""

    def edit(copy: Copy) -> Expected:
        assert copy.get(table, row, column) != value
        copy.set(table, row, column, value)
        return table, row, column, words

    return edit
