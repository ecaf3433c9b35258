"""What a step of the build was made from and what came out, so that it is skipped when both are the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from explainer.system.files import write_text


@dataclass(frozen=True)
class Record:
    """A step that succeeded; a step that fails leaves no record.

    Parameters
    ----------
    inputs : str
        One hash of everything that it was made from.
    outputs : mapping
        The hash of each file that it wrote.
    messages : tuple of str
        Its warnings, which are repeated when the step is skipped.
    without_prose : str
        One hash of what it was made from, but for the text of the pages.
    """

    inputs: str
    outputs: Mapping[str, str]
    messages: tuple[str, ...] = ()
    without_prose: str = ""


def read(path: Path) -> Record | None:
    """Return the record in a file; None if there is none that can be used."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Record(**{**content, "messages": tuple(content["messages"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(path: Path, record: Record) -> None:
    """Store a record."""
    write_text(path, json.dumps(asdict(record), ensure_ascii=False) + "\n")
