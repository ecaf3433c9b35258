"""Tables that LibreOffice opened and saved: they load as they were, or the cells it rewrote are named."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from damaged import Copy
from explainer.data.package import load
from explainer.ledger.data_check import DataCheck

# Tokens of the import and export filters: separator, quotation mark, character set (76 UTF-8, 1 Windows-1252,
# 65535 UTF-16), first line, formats, language (1031 German, 1033 American), quote all text,
# on import: recognize dates and numbers; on export: as they are shown.
AS_TYPED = "44,34,76,1,,0,false,false"
GERMAN = "44,34,76,1,,1031,false,true"
AMERICAN = "44,34,76,1,,1033,false,true"
WAYS = {
    "semicolons": (AS_TYPED, "59,34,76,1,,0,false,true,false"),
    "tabs in UTF-16": (AS_TYPED, "9,34,65535,1,,0,false,true,false"),
    "commas, all text quoted": (AS_TYPED, "44,34,76,1,,0,true,true,false"),
    "bars": (AS_TYPED, "124,34,76,1,,0,true,true,false"),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return a function that opens and saves every table that people edit, as LibreOffice does."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip(
            "no LibreOffice on this machine (soffice on PATH); Debian has it as libreoffice-calc-nogui"
        )
    home = tmp_path_factory.mktemp("office")

    def save(copy: Copy, came_in: str, goes_out: str) -> None:
        out = home / "out"
        shutil.rmtree(out, ignore_errors=True)
        paths = [path for path in copy.paths.values() if path.suffix == ".csv" and path.exists()]
        command = [
            program,
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--norestore",
        ]
        command += [f"--infilter=CSV:{came_in}", "--convert-to"]
        command += [f"csv:Text - txt - csv (StarCalc):{goes_out}", "--outdir", str(out), *map(str, paths)]
        subprocess.run(
            command, check=True, capture_output=True, timeout=240, env=os.environ | {"LC_ALL": "C.UTF-8"}
        )
        for path in paths:
            saved = Path(out / path.name)
            assert saved.is_file(), f"LibreOffice did not save {path.name}"
            shutil.copy(saved, path)

    return save


def tables(copy: Copy) -> dict[str, pd.DataFrame]:
    names = [name for name, path in copy.paths.items() if path.suffix == ".csv" and path.exists()]
    return {name: load(name, copy.project) for name in names}


@pytest.mark.parametrize("way", WAYS)
def test_what_it_saves_is_read_as_it_was(way: str, office, tmp_path) -> None:
    copy = Copy(tmp_path)
    before, content = tables(copy), copy.content()
    office(copy, *WAYS[way])
    assert copy.content() != content
    assert [str(fault) for fault in DataCheck(copy.project).faults] == []
    for name, frame in tables(copy).items():
        pd.testing.assert_frame_equal(frame, before[name], obj=name)


def test_what_it_saves_in_windows_1252_is_refused_by_its_cells(office, tmp_path) -> None:
    copy = Copy(tmp_path)
    spoiled = {
        file for file, content in copy.content().items() if file.endswith(".csv") and not content.isascii()
    }
    office(copy, AS_TYPED, "44,34,1,1,,0,false,true,false")
    faults = [fault for fault in DataCheck(copy.project).faults if "older encoding" in fault.what]
    assert faults and {fault.file for fault in faults} <= spoiled
    assert all(fault.row and fault.column and "CSV UTF-8" in fault.remedy for fault in faults)


@pytest.mark.parametrize(
    ("came_in", "goes_out", "harmed"),
    [
        (
            AMERICAN,
            "44,34,76,1,,0,false,true,false",
            {"facts", "paragraphs", "arrest-reports", "corroboration"},
        ),
        (GERMAN, "59,34,76,1,,0,false,false,false", {"facts", "corroboration"}),
    ],
)
def test_dates_that_it_makes_of_words_are_refused_where_they_stand(
    came_in: str, goes_out: str, harmed: set[str], office, tmp_path
) -> None:
    copy = Copy(tmp_path)
    before = tables(copy)
    office(copy, came_in, goes_out)
    found = DataCheck(copy.project)
    places = {(fault.file, fault.column) for fault in found.faults}
    # "August 31" and "July 27, 2018" are the article's words; "july-3" is a name that looks like a day.
    assert {(copy.file("facts"), "as_printed"), (copy.file("facts"), "exact")} <= places
    refused = {name for name in before if copy.file(name) in {file for file, _ in places}}
    assert harmed <= refused
    assert all(fault.row and fault.remedy for fault in found.faults)
    broken = {fault.file for fault in found.faults}
    for name in set(before) - refused:
        if not any(copy.file(other) in broken for other in referred(copy, name)):
            pd.testing.assert_frame_equal(load(name, copy.project), before[name], obj=name)


def referred(copy: Copy, name: str) -> set[str]:
    """Return the tables without which `name` cannot be loaded."""
    from explainer.data.package import DataPackage

    schema = DataPackage(copy.project).resource(name)["schema"]
    links = [key["reference"].get("resource") or name for key in schema.get("foreignKeys", [])]
    return {*links, *(field["listOf"]["resource"] for field in schema["fields"] if "listOf" in field)}
