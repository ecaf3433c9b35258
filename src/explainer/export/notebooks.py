"""A notebook to take away: the file itself, and a folder in which it runs."""

from __future__ import annotations

import json
import re
import textwrap
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from explainer.data.package import DataPackage
from explainer.export import archive
from explainer.notebooks import codespaces, graph, ipynb, stamp
from explainer.notebooks.ipynb import Notebook
from explainer.report.files import data
from explainer.system.project import MARKER, Project
from explainer.system.release import DISTRIBUTION, pinned, version

GITHUB, GITLAB = "github.com", "gitlab.com"
#: How Binder names these two.
BINDER = {GITHUB: "gh", GITLAB: "gl"}
PYTHON = ">=3.11"


def files(project: Project, site: Mapping[str, Any]) -> dict[str, bytes]:
    """Return each notebook and its bundle by their paths in the report.

    Parameters
    ----------
    project : Project
        The project, its notebooks executed.
    site : mapping
        ``title`` of the report, and ``home``, its address if known.
    """
    notebooks = ipynb.read_all(project)
    uses = graph.build(notebooks, project)
    tables = DataPackage(project)
    published = data.files(project, tables)
    made = {}
    for notebook in notebooks:
        names = _resources(project, tables, notebook, uses)
        resources = [resource for resource in tables.descriptor["resources"] if resource["name"] in names]
        # Keys and lists lead only to what is here: a table brings those along that it refers to.
        package = {**tables.descriptor, "resources": resources}
        content = {
            notebook.file: notebook.raw,
            "data/datapackage.json": _json(package),
            **{
                f"data/{one['path']}": published[one["path"]] for one in resources if one["path"] in published
            },
            **_modules(project, notebook),
            **_environment(project, notebook),
            "README.txt": _readme(notebook, site).encode(),
        }
        if "LICENSE.txt" in published:
            content["data/LICENSE.txt"] = published["LICENSE.txt"]
        made[notebook.file] = notebook.raw
        made[_bundle(notebook.file)] = archive.pack(content, notebook.name)
    return made


def ways(
    project: Project, notebooks: Iterable[Mapping[str, Any]], repository: str | None
) -> dict[str, list[dict[str, str]]]:
    """Return for each notebook what its page leads to: ``title``, and ``href`` from the page or in full.

    Parameters
    ----------
    project : Project
        The project, which may have configurations for codespaces.
    notebooks : iterable of mapping
        Each with its ``path`` from the project's root.
    repository : str or None
        The address of the project's source, in which others can open the notebook without an installation.
    """
    return {
        notebook["path"]: [
            {"title": "Notebook", "href": _name(notebook["path"])},
            {"title": "Notebook with its tables, to run", "href": _name(_bundle(notebook["path"]))},
            *(_hosts(project, repository, notebook["path"]) if repository else []),
        ]
        for notebook in notebooks
    }


def _hosts(project: Project, repository: str, path: str) -> list[dict[str, str]]:
    """Return the services that run a notebook of a repository in a browser; none of a folder in one."""
    parts = urlsplit(repository)
    place = parts.path.strip("/").removesuffix(".git")
    kind = BINDER.get(parts.hostname or "", "git")
    is_folder = "/-/" in place or (kind == "gh" and place.count("/") != 1)
    if not parts.hostname or not place or is_folder:
        return []
    named = quote(place) if kind == "gh" else quote(place if kind == "gl" else repository, safe="")
    lab = quote(f"lab/tree/{path}", safe="")
    links = [{"title": "Binder", "href": f"https://mybinder.org/v2/{kind}/{named}/HEAD?urlpath={lab}"}]
    configuration = codespaces.file_for(PurePosixPath(path).stem)
    if kind == "gh" and (project.root / configuration).is_file():
        opening = quote(configuration, safe="")
        href = f"https://codespaces.new/{named}?devcontainer_path={opening}"
        links.append({"title": "Codespaces", "href": href})
    return links


def _resources(project: Project, package: DataPackage, notebook: Notebook, uses: graph.Graph) -> set[str]:
    """Return the tables that a notebook loads and saves, other files it has read, and what those refer to."""
    used = uses.uses[notebook.name]
    last = stamp.read(project, notebook)
    read = {*last.inputs, *last.lookups} if last else set()
    pending = {name for name in package.resources if package.file(name) in read} | {*used.reads, *used.writes}
    names: set[str] = set()
    while pending:
        names |= pending
        named = {name for one in pending for name in _named(package.resources[one])}
        pending = (named & package.resources.keys()) - names
    return names


def _named(node: Any) -> Iterator[str]:
    """Return the tables and files that a description names: in its keys, lists and rules."""
    if isinstance(node, list):
        for item in node:
            yield from _named(item)
    elif isinstance(node, dict):
        if isinstance(node.get("resource"), str):
            yield node["resource"]
        for item in node.values():
            yield from _named(item)


def _modules(project: Project, notebook: Notebook) -> dict[str, bytes]:
    """Return the project's own modules that a notebook has imported."""
    last = stamp.read(project, notebook)
    paths = [path for path in (last.inputs if last else ()) if path.endswith(".py")]
    return {path: (project.root / path).read_bytes() for path in paths if (project.root / path).is_file()}


def _environment(project: Project, notebook: Notebook) -> dict[str, bytes]:
    """Return what uv and conda set up the environment from, and what marks the folder."""
    needs = [f"{DISTRIBUTION}=={version()}"]
    if pinned(project):
        settings = tomllib.loads(project.pyproject.read_text(encoding="utf-8"))
        needs = settings["project"]["dependencies"]
    name = re.sub(r"[^a-z0-9]+", "-", notebook.name.lower()).strip("-") or "notebook"
    listed = "".join(f"    {json.dumps(need)},\n" for need in needs)
    pip = "".join(f"      - {json.dumps(need)}\n" for need in needs)
    return {
        "pyproject.toml": (
            f'[project]\nname = "notebook-{name}"\nversion = "0"\nrequires-python = "{PYTHON}"\n'
            f"dependencies = [\n{listed}]\n\n[tool.uv]\npackage = false\n"
        ).encode(),
        "environment.yml": (
            f"name: notebook-{name}\nchannels:\n  - conda-forge\n  - nodefaults\n"
            f"dependencies:\n  - python{PYTHON}\n  - pip\n  - pip:\n{pip}"
        ).encode(),
        MARKER: b"# Marks the folder in which the notebook looks for its tables.\nproject: {}\n",
    }


def _readme(notebook: Notebook, site: Mapping[str, Any]) -> str:
    origin = f"A notebook of the report \u201c{site['title']}\u201d"
    origin += f", {site['home']}" if site.get("home") else "."
    lines = [
        notebook.title,
        "=" * min(100, len(notebook.title)),
        "",
        *textwrap.wrap(origin, 100, break_long_words=False, break_on_hyphens=False),
        "",
        "data/ has the tables that it reads and writes; data/datapackage.json says what each column means.",
        "Run it with uv:",
        "",
        f"    uv run jupyter lab {notebook.file}",
        "",
        "or with conda:",
        "",
        "    conda env create --file environment.yml --prefix ./env",
        f"    conda run --prefix ./env jupyter lab {notebook.file}",
        "",
    ]
    return "\n".join(lines)


def _bundle(path: str) -> str:
    return path.removesuffix(".ipynb") + ".zip"


def _name(path: str) -> str:
    """Return the address of a file that stands beside the notebook's page."""
    return quote(path.rpartition("/")[2])


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
