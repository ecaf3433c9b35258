"""The folders and files of an explainer project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from explainer.system.errors import Fault

MARKER = "_quarto.yml"

#: The library's template, style sheet, filters and fonts.
THEME = Path(__file__).resolve().parents[1] / "theme"


@dataclass(frozen=True)
class Project:
    """The paths of one project.

    Parameters
    ----------
    root : Path
        The folder that holds ``_quarto.yml``.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | str | None = None) -> Project:
        """Return the project that `start` (default: the working folder) lies in.

        Raises
        ------
        Fault
            If no folder from `start` up holds ``_quarto.yml``.
        """
        here = Path(start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / MARKER).is_file():
                return cls(folder)
        raise Fault(
            f"no {MARKER} here or in any folder above",
            file=str(here),
            remedy="Change to the project's folder and try again.",
        )

    @property
    def data(self) -> Path:
        """Tables that editors write, and the tidy ones that notebooks write."""
        return self.root / "data"

    @property
    def package(self) -> Path:
        """The data package that describes every table."""
        return self.data / "datapackage.json"

    @property
    def story(self) -> Path:
        """What the story itself describes of its data package, if it leaves the rest to the library."""
        return self.data / "story.json"

    @property
    def notebooks(self) -> Path:
        """The analysis, one notebook per step."""
        return self.root / "notebooks"

    def notebook_files(self) -> list[Path]:
        """Return the files of the notebooks in natural order (2 before 10)."""

        def natural(path: Path) -> list[tuple[bool, int, str]]:
            parts = re.split(r"(\d+)", path.stem)
            return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts if part]

        return sorted(self.notebooks.glob("[!.]*.ipynb"), key=natural)

    @property
    def theme(self) -> Path:
        """The story's own theme, if any: its files replace those of the same name in `THEME`."""
        return self.root / "theme"

    def theme_file(self, name: str) -> Path:
        """Return a file of the theme: the story's own if there is one, else the library's.

        Raises
        ------
        Fault
            If it is missing.
        """
        for path in (self.theme / name, THEME / name):
            if path.is_file():
                return path
        raise Fault(
            "this file of the theme is missing",
            file=f"theme/{name}",
            remedy="Install the explainer library again; the report cannot be made without it.",
        )

    @property
    def index(self) -> Path:
        """The report's prose."""
        return self.root / "index.qmd"

    @property
    def variables(self) -> Path:
        """The generated values that ``{{< var >}}`` reads."""
        return self.root / "_variables.yml"

    @property
    def quarto_yml(self) -> Path:
        """The project file that both engines read."""
        return self.root / MARKER

    @property
    def pyproject(self) -> Path:
        """What Python packages the story asks for, the library among them."""
        return self.root / "pyproject.toml"

    @property
    def lock(self) -> Path:
        """The lock file: every dependency with its hash."""
        return self.root / "uv.lock"

    @property
    def build(self) -> Path:
        """Work files; safe to delete."""
        return self.root / "_build"

    @property
    def report(self) -> Path:
        """The finished report."""
        return self.root / "_report"

    def relative(self, path: Path | str) -> str:
        """Return `path` from the root, with forward slashes."""
        path = Path(path)
        return path.relative_to(self.root).as_posix() if path.is_absolute() else path.as_posix()
