"""Configurations with which a codespace on GitHub opens one notebook.

The address of a codespace can name a configuration but no file, and none inherits from another. So the
story's own, ``.devcontainer/devcontainer.json``, has a copy for each notebook, which opens that.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from explainer.system import fingerprint, limits, transaction
from explainer.system.errors import Fault
from explainer.system.files import read
from explainer.system.project import Project
from explainer.system.structured import parse_json, read_file

FILE = "devcontainer.json"
COMMON = f"{fingerprint.DEV_CONTAINERS}/{FILE}"
_REMEDY = "Mend it; comments and commas at the end of a list are no JSON."


def file_for(notebook: str) -> str:
    """Return where the configuration that opens a notebook is, from the project's root."""
    return f"{fingerprint.DEV_CONTAINERS}/{notebook}/{FILE}"


def changes(project: Project) -> dict[Path, bytes | None]:
    """Return the configurations that are not as they should be, with the right content; None if left over.

    A story without a common configuration, or with one that builds its image from files beside it, has none
    for notebooks.

    Raises
    ------
    Fault
        If the common configuration cannot be read.
    """
    common = _common(project)
    notebooks = project.notebook_files() if common else []
    right: dict[Path, bytes | None] = {
        path: None
        for path in sorted((project.root / fingerprint.DEV_CONTAINERS).glob(f"*/{FILE}"))
        if _opened(path) == [f"notebooks/{path.parent.name}.ipynb"]
    }
    for notebook in notebooks:
        content = _opening(common, notebook.stem, project.relative(notebook))
        right[project.root / file_for(notebook.stem)] = content
    return {path: content for path, content in right.items() if read(path) != content}


def refresh(project: Project) -> None:
    """Write a configuration for each notebook, and remove those of notebooks that are gone.

    Raises
    ------
    Fault
        As `changes` does, or if one cannot be written.
    """
    if changed := changes(project):
        with transaction.lock(project):
            transaction.replace(project, changed, "The writing of configurations for codespaces")


def _common(project: Project) -> dict[str, Any]:
    """Return the common configuration; nothing if there is none that can stand in another folder."""
    path = project.root / COMMON
    if not path.exists():
        return {}
    common = parse_json(read_file(path, COMMON, limits.DESCRIPTION_BYTES), COMMON, _REMEDY)
    part: Any = common
    for key in ("customizations", "codespaces"):
        part = part.get(key, {}) if isinstance(part, dict) else None
    if not isinstance(part, dict):
        remedy = "It is an object, and so are its customizations, and those of codespaces."
        raise Fault("is no configuration of a dev container", file=COMMON, remedy=remedy)
    return common if "image" in common else {}


def _opening(common: dict[str, Any], name: str, file: str) -> bytes:
    custom = common.get("customizations", {})
    custom = {**custom, "codespaces": {**custom.get("codespaces", {}), "openFiles": [file]}}
    content = {**common, "name": name, "customizations": custom}
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _opened(path: Path) -> Any:
    """Return what files a configuration opens; None where that cannot be told."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        return json.loads(path.read_bytes())["customizations"]["codespaces"]["openFiles"]
    return None
