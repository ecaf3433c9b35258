"""Reading files, JSON and YAML from people: whatever is in them, a fault says what is wrong."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from explainer.system import limits
from explainer.system.errors import Fault

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NUMBER = re.compile(rf"\d{{{limits.DIGITS + 1},}}")


def read_file(path: Path, file: str, most: int, remedy: str = "Put the file back under this name.") -> bytes:
    """Return the content of a regular file of at most so many bytes.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Its name in faults.
    most : int
        A limit of `explainer.system.limits`.
    remedy : str, optional
        What to do if it is missing.

    Raises
    ------
    Fault
        If it is missing, too large, no regular file (a folder, a pipe) or unreadable.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Fault("cannot be read: it is no regular file", file=file, remedy="Put a file in its place.")
        if status.st_size > most:
            raise Fault(
                f"has {status.st_size / 1e6:,.1f} MB, more than the {most / 1e6:,.0f} MB that are read",
                file=file,
                remedy="Keep to what the report needs, or split it.",
            )
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise Fault("is missing", file=file, remedy=remedy) from None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise Fault(f"cannot be read: {what}", file=file, remedy="Check the file's permissions.") from None


def parse_json(content: bytes, file: str, remedy: str = "Mend it.") -> Any:
    """Return the value of a JSON text.

    Raises
    ------
    Fault
        If it is not UTF-8, not JSON, nested too deeply, or has half of a character or a number that is too
        long or none.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(f"is not UTF-8 text (byte {error.start})", file=file, remedy=remedy) from None
    _check_json(_STRING.sub('""', text), file)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
        if "\\ud" in text.lower():  # half of a character, which no file can hold
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg}"
        raise Fault(what, file=file, row=error.lineno, column=str(error.colno), remedy=remedy) from None
    except UnicodeEncodeError as error:
        value = json.dumps(error.object[error.start])[1:-1]
        raise Fault("has half of a character", file=file, value=value, remedy=remedy) from None
    except (ValueError, RecursionError) as error:
        raise Fault(f"is not JSON: {error}", file=file, remedy=remedy) from None


def _check_json(marks: str, file: str) -> None:
    """Refuse a JSON text, given without its strings, that could not be read."""
    if number := _NUMBER.search(marks):
        what = f"has a number of {len(number[0]):,} digits"
        raise Fault(what, file=file, value=number[0][:20] + "…", remedy="Write it as text, or shorter.")
    depth = 0
    for mark in re.finditer(r"[\[{\]}]", marks):
        depth += 1 if mark[0] in "[{" else -1
        if depth > limits.JSON_DEPTH:
            what = f"has more than {limits.JSON_DEPTH} lists or objects within each other"
            raise Fault(what, file=file, remedy="Put it back as it was.")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def parse_yaml(text: str, fault: Callable[[str, int], Fault]) -> Any:
    """Return the value of a YAML text without aliases, which can stand for more than any memory holds.

    Parameters
    ----------
    text : str
        The text.
    fault : callable
        Returns a fault, given what is wrong and the line, from 1.

    Raises
    ------
    Fault
        If it is not YAML, is nested too deeply, or has an alias.
    """
    return _read_yaml(yaml.load, text, fault)


def compose_yaml(text: str, fault: Callable[[str, int], Fault]) -> yaml.Node | None:
    """Return the nodes of a YAML text, which know their lines; see `parse_yaml`."""
    node: yaml.Node | None = _read_yaml(yaml.compose, text, fault)
    return node


def _read_yaml(read: Callable[..., Any], text: str, fault: Callable[[str, int], Fault]) -> Any:
    try:
        refuse_endless(text, fault)
        return read(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        refusal = fault(f"is not valid YAML: {error.problem or error.context}", line)
    except (yaml.YAMLError, ValueError, LookupError, OverflowError, RecursionError) as error:
        refusal = fault(f"is not valid YAML: {' '.join(str(error).split())}", 1)
    refusal.remedy = refusal.remedy or "Put texts with a colon in quotation marks."
    raise refusal


def refuse_endless(text: str, fault: Callable[[str, int], Fault]) -> None:
    """Refuse a YAML text that has an alias or is nested too deeply; see `parse_yaml`.

    Raises
    ------
    yaml.YAMLError
        If it is not YAML.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            what = f"has an alias, *{event.anchor}: write out what it stands for"
            raise fault(what, _line(event))
        if depth > limits.YAML_DEPTH:
            what = f"has more than {limits.YAML_DEPTH} lists or mappings within each other"
            raise fault(what, _line(event))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def read_settings(path: Path, file: str) -> dict[str, Any]:
    """Return the mapping in a YAML file; an empty one where it holds none.

    Raises
    ------
    Fault
        If it cannot be read, or is no YAML that `parse_yaml` reads.
    """

    def fault(what: str, line: int) -> Fault:
        return Fault(what, file=file, row=line, remedy="Mend it.")

    settings = parse_yaml(read_text(path, file), fault)
    return settings if isinstance(settings, dict) else {}


def read_text(path: Path, file: str) -> str:
    """Return the text of a page or of settings.

    Raises
    ------
    Fault
        As `read_file` does, with the limit of a page, or if it is not UTF-8.
    """
    try:
        return read_file(path, file, limits.PAGE_BYTES).decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Fault(
            f"is not UTF-8 text (byte {error.start})", file=file, remedy="Save it as UTF-8."
        ) from None
