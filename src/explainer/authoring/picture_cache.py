"""A cache of rendered charts, so that only a chart that changed is validated and rendered.

The key covers all that a picture is made from: the spec with its data, the renderer, and the fonts. Only a
spec that Altair found valid is ever rendered, so one with a cached picture need not be validated again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from explainer.authoring import theme
from explainer.notebooks.kernel import ROOT
from explainer.system.errors import Fault
from explainer.system.files import write_text

#: Beyond so many pictures, the oldest are removed.
MOST = 600
#: Of their files: SVG, or PNG as base64.
ENDING = ".txt"


def find(spec: Mapping[str, Any]) -> str | None:
    """Return the cached picture of a spec, as text; None if it has not been rendered before."""
    path = _path(spec)
    with suppress(OSError, UnicodeDecodeError):
        return path.read_text(encoding="utf-8") if path else None
    return None


def store(spec: Mapping[str, Any], picture: str) -> None:
    """Cache the picture of a spec for later runs; outside of a run nothing is cached."""
    path = _path(spec)
    if path is None:
        return
    with suppress(OSError, Fault):  # it is only rendered again
        write_text(path, picture)
        files = sorted(path.parent.glob(f"*{ENDING}"), key=lambda file: file.stat().st_mtime_ns)
        for file in files[:-MOST]:
            file.unlink()


def _path(spec: Mapping[str, Any]) -> Path | None:
    root = os.environ.get(ROOT)
    if root is None:
        return None
    # Keys are not sorted: their order may be the order in which marks are drawn.
    text = json.dumps(spec, ensure_ascii=False)
    key = hashlib.sha256(f"{_tools()}\n{text}".encode()).hexdigest()
    return Path(root) / "_build" / "pictures" / f"{key}{ENDING}"


@lru_cache(maxsize=1)
def _tools() -> str:
    fonts = [hashlib.sha256(font.read_bytes()).hexdigest() for font in sorted(theme.fonts().glob("*.ttf"))]
    return json.dumps([version("altair"), version("vl-convert-python"), fonts])
