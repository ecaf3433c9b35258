"""The readers of bytes under atheris, which looks for input that reaches new code; a part of `make fuzz`.

Arguments are those of libFuzzer, such as ``-runs=10000``. What ends in anything but a fault stops the run
and is left in ``_build/``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["explainer"]):
    import fuzz
    from explainer.data.csv_edit import CsvEdit
    from explainer.data.csv_read import parse_sheet
    from explainer.data.encoding import decode_article
    from explainer.notebooks.syntax import parse_code
    from explainer.system.errors import Fault
    from explainer.system.structured import parse_json, parse_yaml

SEEDS = [
    fuzz.FACTS.encode(),
    json.dumps(fuzz.NOTEBOOK).encode(),
    json.dumps(fuzz.STORY).encode(),
    fuzz.PROJECT.quarto_yml.read_bytes(),
    "\ufefftitle: “é” 'x'\r\n".encode("utf-16"),
    b"def f(a, *, b=(1, 2)): return [x for x in a if x] + f'{b!r:>{a}}'",
]


def _fault(what: str, line: int) -> Fault:
    return Fault(what, file="x", row=line)


def read(content: bytes) -> None:
    """Give some bytes to each reader."""
    text = content.decode("utf-8", "replace")
    for reader in (
        lambda: parse_json(content, "x"),
        lambda: parse_yaml(text, _fault),
        lambda: parse_sheet(content, "x", ["a", "b"]),
        lambda: CsvEdit(content, "x"),
        lambda: decode_article(content, "x"),
    ):
        with suppress(Fault):
            reader()
    with suppress(SyntaxError):
        parse_code(text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(SEEDS):
            Path(corpus, str(number)).write_bytes(seed)
        Path("_build").mkdir(exist_ok=True)
        atheris.Setup([*sys.argv, "-artifact_prefix=_build/", corpus], read)
        atheris.Fuzz()
