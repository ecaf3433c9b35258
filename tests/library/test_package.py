"""Reading, writing and checking the tables of the data package."""

from __future__ import annotations

import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import explainer.cli.check  # noqa: F401  (gives the program its command)
import mini
from damaged import EXAMPLE, Copy
from explainer.cli import app
from explainer.data import package, schema
from explainer.data.frames import join_list, split_list
from explainer.data.package import load, names, save
from explainer.ledger.data_check import DataCheck
from explainer.system.errors import Fault, Faults


@pytest.fixture
def copy(tmp_path) -> Copy:
    return Copy(tmp_path)


def values(**columns) -> pd.DataFrame:
    """Return a frame fit for a table of values, one row, with `columns` changed."""
    row = {"name": "a.b", "type": "count", "value": "3", "unit": "people", "status": "computed"}
    return pd.DataFrame([{**row, "fact_ids": "", "source_ids": "", "derivation": "", **columns}])


def test_columns_are_typed(copy: Copy) -> None:
    found = load("facilities", copy.project).dtypes.astype(str)
    wanted = {"facility": "string", "peak_fy2017": "Int64", "lat": "float64", "first_use": "datetime64[s]"}
    assert {name: found[name] for name in wanted} == wanted
    assert load("linked-claims", copy.project).dtypes["approximate"] == "boolean"


def test_blank_cells_are_missing(copy: Copy) -> None:
    for name in ("facilities", "sources"):
        blank = np.array([[cell == "" for cell in row] for row in copy.rows(name)[1:]])
        assert blank.any()
        assert (load(name, copy.project).isna().to_numpy() == blank).all()


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in names(EXAMPLE)
        if package.DataPackage(EXAMPLE).resource(name).get("producedBy") is None
    ],
)
def test_a_table_survives_load_and_save(name: str, copy: Copy) -> None:
    before = copy.paths[name].read_bytes()
    frame = load(name, copy.project)
    save(name, frame, copy.project)
    pd.testing.assert_frame_equal(load(name, copy.project), frame)
    rows = before.decode().count("\n")
    assert copy.paths[name].read_bytes().count(b"\n") == rows


def test_save_is_stable(copy: Copy) -> None:
    save("facilities", load("facilities", copy.project), copy.project)
    once = copy.paths["facilities"].read_bytes()
    save("facilities", load("facilities", copy.project), copy.project)
    assert copy.paths["facilities"].read_bytes() == once


def test_save_writes_what_a_spreadsheet_reads(copy: Copy) -> None:
    frame = load("sources", copy.project).head(2).assign(note=['said "so", twice', "one\ntwo"])
    frame["published"] = pd.to_datetime(["2018-07-02", None])
    frame["based_on"] = pd.NA
    save("sources", frame.sort_index(axis=1), copy.project)
    text = copy.paths["sources"].read_bytes().decode()
    assert text.startswith(",".join(copy.rows("sources")[0]) + "\n")
    assert ",2018-07-02," in text and '"said ""so"", twice"\n' in text and "\r" not in text
    assert not text.startswith("\ufeff")


@pytest.mark.parametrize(("value", "written"), [(29.0, "29"), (0, "0"), (np.int64(7), "7"), (pd.NA, "")])
def test_whole_numbers_are_written_without_a_point(value, written: str, copy: Copy) -> None:
    frame = load("facilities", copy.project).head(1).astype({"peak_fy2017": object})
    frame["adp_fy2017"] = 0.0  # the peak is never less
    frame.loc[0, "peak_fy2017"] = value
    save("facilities", frame, copy.project)
    assert copy.get("facilities", 2, "peak_fy2017") == written


@pytest.mark.parametrize(
    ("frame", "where", "words"),
    [
        (values(value="2.5"), "2:value", "not a count"),
        (values(type="date", value="2018-02-30"), "2:value", "not a date"),
        (values(type="year", value="18"), "2:value", "not a year"),
        (values(type="number", value="nan"), "2:value", "not a number"),
        (values(status="guessed"), "2:status", "not one of the allowed values"),
        (values(fact_ids="no-such-fact"), "2:fact_ids", "no such id in 'facts'"),
        (values(name="No Name"), "2:name", "not written as this column wants it"),
        (pd.concat([values(), values()]), "3:name", "stands in row 2 already"),
        (values().drop(columns="unit"), "1:unit", "this column is missing"),
        (values(extra="x"), "1:extra", "no column of this name is known"),
    ],
)
def test_save_refuses_a_bad_frame_and_keeps_the_old_file(frame, where: str, words: str, copy: Copy) -> None:
    save("values-facts", values(), copy.project)
    before = copy.content()
    with pytest.raises(Faults) as refused:
        save("values-facts", frame, copy.project)
    assert f"{copy.file('values-facts')}:{where}: " in str(refused.value)
    assert words in str(refused.value)
    assert copy.content() == before


def test_save_refuses_a_time_of_day_in_a_date(copy: Copy) -> None:
    frame = load("sources", copy.project).head(1)
    frame["published"] = pd.to_datetime(["2018-07-02 12:44"])
    with pytest.raises(Faults, match="2:published: not a date"):
        save("sources", frame, copy.project)


def test_save_that_cannot_write_keeps_the_old_file(copy: Copy, monkeypatch) -> None:
    before = copy.content()

    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(Fault, match=r"data/sources/sources.csv: cannot be written: No space left"):
        save("sources", load("sources", copy.project).head(3), copy.project)
    assert copy.content() == before


def test_a_table_that_no_notebook_has_written_yet(copy: Copy) -> None:
    with pytest.raises(
        Fault, match=r"events.csv: is not there yet. Notebook 1-facts writes it: run `explainer run`"
    ):
        load("events", copy.project)
    assert DataCheck(copy.project).faults == []


def test_an_unknown_table_is_named_with_its_neighbour(copy: Copy) -> None:
    with pytest.raises(Fault, match=r"describes no table called 'fact'\. Did you mean 'facts'"):
        load("fact", copy.project)


def test_columns_are_loaded_in_the_order_asked_for_and_an_unknown_one_is_named(copy: Copy) -> None:
    whole = load("sources", copy.project)
    some = load("sources", copy.project, columns=["outlet", "source_id"])
    pd.testing.assert_frame_equal(some, whole[["outlet", "source_id"]])
    with pytest.raises(Fault, match=r"sources.csv: has no column called 'outlets'. Did you mean 'outlet'"):
        load("sources", copy.project, columns=["source_id", "outlets"])


def test_a_spreadsheets_byte_order_mark_and_line_ends_are_taken(copy: Copy) -> None:
    wanted = load("sources", copy.project)
    text = copy.paths["sources"].read_bytes().replace(b"\n", b"\r\n")
    copy.paths["sources"].write_bytes(b"\xef\xbb\xbf" + text + b"\r\n\r\n")
    pd.testing.assert_frame_equal(load("sources", copy.project), wanted)


def test_lists_come_apart_and_together() -> None:
    column = pd.Series(["a; b", "c", None, "d;e"], dtype="string")
    assert split_list(column).tolist() == [["a", "b"], ["c"], [], ["d", "e"]]
    assert join_list(["a", "b", "a"]) == "a; b"


def test_what_is_read_only_to_look_up_ids_is_known_by_its_columns(copy: Copy) -> None:
    tables = package.DataPackage(copy.project)
    lookups = tables.lookups(tables.table("corroboration"))
    assert lookups[copy.file("questions")] == {"fact_key", "fact_ids"}
    assert lookups[copy.file("sources")] == {"source_id"}
    assert copy.file("corroboration") not in lookups


def test_check_reports_how_much_it_looked_at(copy: Copy, monkeypatch) -> None:
    monkeypatch.chdir(copy.project.root)
    result = CliRunner().invoke(app, ["check"])
    present = [path for path in copy.paths.values() if path.suffix == ".csv" and path.exists()]
    rows = sum(len(copy.rows(name)) - 1 for name, path in copy.paths.items() if path in present)
    assert result.exit_code == 0
    assert result.output == f"{len(present)} tables, {rows} rows: no fault\n"


def test_a_check_loads_no_library_that_it_can_do_without(copy: Copy) -> None:
    heavy = (
        "pandas",
        "numpy",
        "altair",
        "nbformat",
        "lxml",
        "jinja2",
        "petl",
        "requests",
        "rich",
        "jupyter_client",
    )
    code = (
        "import sys; from explainer.cli import main; sys.argv = ['explainer', 'check']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copy.project.root, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_table_that_a_notebook_has_yet_to_write_anew_is_no_fault_before_it_ran(tmp_path):
    project = mini.tables(tmp_path)
    resource = package.DataPackage(project).resource("values-crates")
    header = ",".join(field["name"] for field in resource["schema"]["fields"])
    mini.write(tmp_path / "data" / "tidy" / "values-crates.csv", header.replace("status", "state") + "\n")
    assert DataCheck(project, with_generated=False).faults == []
    faults = DataCheck(project).faults
    assert {fault.file for fault in faults} == {"data/tidy/values-crates.csv"}
    assert all(
        str(fault).endswith("Notebook 1-crates writes this table: run `explainer run`.") for fault in faults
    )


def test_a_table_is_validated_once_for_as_long_as_it_is_the_same(copy: Copy, monkeypatch) -> None:
    copy.set("facilities", 2, "lat", "north")
    copy.set("corroboration", 4, "source_id", "nobody")
    first = [str(fault) for fault in DataCheck(copy.project).faults]

    def refuse(text: str) -> list:
        raise AssertionError("validated again")

    for question in ("_table_error_descriptors", "_schema_notes", "_package_notes"):
        refuse.__name__ = question
        monkeypatch.setattr(schema, question, refuse)
        assert [str(fault) for fault in DataCheck(copy.project).faults] == first
        monkeypatch.undo()
    copy.set("facilities", 2, "lat", "south")
    refuse.__name__ = "_table_error_descriptors"
    monkeypatch.setattr(schema, "_table_error_descriptors", refuse)
    with pytest.raises(AssertionError, match="validated again"):
        DataCheck(copy.project)


def test_a_check_goes_on_where_nothing_can_be_kept(copy: Copy) -> None:
    shutil.rmtree(copy.project.build)
    copy.project.build.write_text("a file in place of the folder")
    copy.set("facilities", 2, "lat", "north")
    (fault,) = DataCheck(copy.project).faults
    assert fault.where == f"{copy.file('facilities')}:2:lat"
