"""A project small enough to run in a test: two tables by hand, three by notebooks."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from explainer.system.project import Project

FIELDS = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}]

IMPORTS = "from explainer.data.package import load, save"

# 2-double needs 1-tenfold; 3-other needs neither.
NOTEBOOKS = {
    "1-tenfold": [
        IMPORTS,
        'frame = load("raw")\nframe["n"] *= 10\nsave("one", frame)',
        'print(frame["n"].sum())',
    ],
    "2-double": [
        IMPORTS,
        'frame = load("one")\nframe["n"] *= 2\nsave("two", frame)',
        'int(frame["n"].sum())',
    ],
    "3-other": [IMPORTS, 'save("three", load("other"))'],
}


def make(root: Path, notebooks: dict[str, list[str]] = NOTEBOOKS) -> Project:
    """Make a project in `root` whose `notebooks` are given as code cells by name."""
    for folder in ("data/tidy", "notebooks"):
        (root / folder).mkdir(parents=True)
    (root / "_quarto.yml").write_text("project:\n  type: default\n")
    (root / "uv.lock").write_text("version = 1\n")
    (root / "data/raw.csv").write_text("id,n\na,1\nb,2\n")
    (root / "data/other.csv").write_text("id,n\nc,3\n")
    tables = {name: f"{name}.csv" for name in ("raw", "other")}
    tables |= {name: f"tidy/{name}.csv" for name in ("one", "two", "three")}
    resources = [
        {"name": name, "path": path, "type": "table", "schema": {"fields": FIELDS, "primaryKey": ["id"]}}
        for name, path in tables.items()
    ]
    (root / "data/datapackage.json").write_text(json.dumps({"name": "tiny", "resources": resources}))
    project = Project(root)
    for name, cells in notebooks.items():
        write(project, name, cells)
    return project


def write(project: Project, name: str, cells: list[str], title: str = "A title") -> Path:
    """Write a notebook that has not run: a title, then `cells` (Markdown where one begins with ``md:``)."""
    node = nbformat.v4.new_notebook()
    for number, source in enumerate([f"md:# {title}", *cells]):
        kind = nbformat.v4.new_markdown_cell if source.startswith("md:") else nbformat.v4.new_code_cell
        node.cells.append(kind(source.removeprefix("md:"), id=f"c{number}"))
    path = project.notebooks / f"{name}.ipynb"
    nbformat.write(node, path)
    return path


def snapshot(project: Project) -> dict[str, bytes]:
    """Return every file of the project outside ``_build`` with its content."""
    files = (
        path
        for path in project.root.rglob("*")
        if path.is_file() and project.build not in path.parents and path.parent.name != "__pycache__"
    )
    return {project.relative(path): path.read_bytes() for path in sorted(files)}
