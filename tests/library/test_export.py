"""The tables to take away: what other programs read is what the tables say."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package
from lxml import etree

import mini
from explainer.data.package import DataPackage
from explainer.export import archive, formats, names, sqlite, tables, workbook
from explainer.export.about import About
from explainer.export.formats import Publication
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: What a spreadsheet or a database would take for something else.
TROUBLE = [
    "August 31",
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@home",
    "007",
    "1e5",
    "true",
    "https://example.org/",
    "_x0041_",
    "1/2",
]


def table(name: str, fields: list[dict[str, Any]], content: str, **schema: Any) -> dict[str, Any]:
    """Return a resource with its content, for `project`."""
    resource = {"name": name, "path": f"{len(content)}-{abs(hash(name)) % 10**8}.csv", "type": "table"}
    return {**resource, "schema": {"fields": fields, **schema}, "content": content}


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", **more}


def project(root: Path, *resources: dict[str, Any], **package: Any) -> Project:
    """Make a project of a page without words and these tables."""
    for resource in resources:
        mini.write(root / "data" / resource["path"], resource.pop("content"))
    described = {"name": "odd", "resources": list(resources), **package}
    mini.write(root / "data/datapackage.json", json.dumps(described))
    mini.write(root / "_quarto.yml", "project:\n  type: default\n")
    mini.write(root / "index.qmd", "---\ntitle: Odd\ndate: 2031-06-01\n---\n")
    return Project(root)


def made(project: Project, *choices: str) -> dict[str, bytes]:
    files, faults = formats.make(formats.read(project), choices or formats.CHOICES)
    assert faults == []
    return files


def connect(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def sheets(content: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """Return the cells of a workbook, each with its kind (``s`` text, ``n`` number), by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        words = ["".join(part.itertext()) for part in etree.fromstring(book.read("xl/sharedStrings.xml"))]
        listed = etree.fromstring(book.read("xl/workbook.xml")).iter(f"{SPREADSHEET}sheet")
        result = {}
        for number, sheet in enumerate(listed, start=1):
            tree = etree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            assert not list(tree.iter(f"{SPREADSHEET}f")), "no formula"
            rows = []
            for row in tree.iter(f"{SPREADSHEET}row"):
                cells = []
                for cell in row:
                    kind, value = cell.get("t", "n"), cell.findtext(f"{SPREADSHEET}v", "")
                    if value:
                        cells.append((words[int(value)] if kind == "s" else value, kind))
                rows.append(cells)
            result[sheet.get("name")] = rows
        return result


@pytest.fixture(scope="module")
def exported(rendered) -> dict[str, bytes]:
    """Return the files of the little report's data, as the render wrote them."""
    return mini.snapshot(rendered.report / "data")


# ---------------------------------------------------------------- all of it


def test_render_and_program_write_the_same(rendered, exported, tmp_path):
    copy = mini.copy_of(rendered, tmp_path / "mini")
    done = explain(copy, "export", "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    written = mini.snapshot(tmp_path / "out")
    assert written == {path: content for path, content in exported.items() if not path.endswith(".html")}
    assert {"mini.zip", "mini.sqlite", "mini.xlsx", "parquet/facts.parquet", "json/facts.json"} <= set(
        written
    )


def test_program_writes_what_it_is_asked_for(rendered, tmp_path):
    copy = mini.copy_of(rendered, tmp_path / "mini")
    before = mini.snapshot(copy.report)
    done = explain(copy, "export", "xlsx", "sqlite")
    assert done.returncode == 0, done.stderr
    assert sorted(mini.snapshot(copy.build / "export")) == ["metadata.json", "mini.sqlite", "mini.xlsx"]
    assert mini.snapshot(copy.report) == before
    done = explain(copy, "export", "xls")
    assert done.returncode == 2 and "'xls' is not one of csv, json, zip" in done.stderr


def test_program_exports_no_tables_with_faults(rendered, tmp_path):
    copy = mini.copy_of(rendered, tmp_path / "mini")
    mini.edit(copy.data / "article/facts.csv", "closing-day,2", "closing-day,9")
    done = explain(copy, "export", "csv")
    assert done.returncode == 1 and "data/article/facts.csv:5:paragraph: no such id" in done.stderr
    assert not (copy.build / "export").exists()


def test_checksums_are_those_of_every_file_but_the_pages(exported):
    listed = dict(line.split("  ", 1)[::-1] for line in exported["SHA256SUMS"].decode().splitlines())
    files = {path for path in exported if not path.endswith(".html")} - {"SHA256SUMS"}
    assert set(listed) == files
    assert all(hashlib.sha256(exported[path]).hexdigest() == listed[path] for path in files)


def test_the_same_tables_give_the_same_bytes(rendered):
    first, second = made(rendered), made(rendered)
    assert first == second


# ---------------------------------------------------------------- CSV, description, zip


def test_published_description_is_valid_and_says_who_when_and_how_long(rendered, exported):
    described, own = json.loads(exported["datapackage.json"]), DataPackage(rendered).descriptor
    assert {key: described[key] for key in own if key != "resources"} == {
        key: own[key] for key in own if key != "resources"
    }
    assert described["created"] == "2031-06-01T00:00:00Z"
    assert described["contributors"] == [{"title": "A newsroom", "roles": ["author"]}]
    for resource, original in zip(described["resources"], own["resources"], strict=True):
        content = exported[resource["path"]]
        assert resource.pop("bytes") == len(content)
        assert resource.pop("hash") == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource == original
    report = Package(str(rendered.report / "data/datapackage.json")).validate()
    assert report.valid, report.flatten()


def test_zip_is_a_data_package_of_its_own(exported, tmp_path):
    with zipfile.ZipFile(io.BytesIO(exported["mini.zip"])) as packed:
        packed.extractall(tmp_path)
        assert {entry.date_time for entry in packed.infolist()} == {archive.NEVER}
    inside = mini.snapshot(tmp_path / "mini")
    assert {path for path in inside if path.endswith(".csv")} == {
        path for path in exported if path.endswith(".csv")
    }
    assert all(inside[path] == exported[path] for path in inside if path.endswith(".csv"))
    assert Package(str(tmp_path / "mini/datapackage.json")).validate().valid
    words = inside["README.txt"].decode()
    assert "article/facts.csv" in words and "  fact_id (text): Fact." in words
    sums = [line.split("  ", 1) for line in inside["SHA256SUMS"].decode().splitlines()]
    assert all(hashlib.sha256(inside[path]).hexdigest() == value for value, path in sums)
    assert {path for _, path in sums} == set(inside) - {"SHA256SUMS"}


def test_json_has_rows_in_their_types_and_lists_as_lists(exported):
    facts = json.loads(exported["json/facts.json"])
    assert facts[0]["paragraph"] == 2 and facts[0]["unit"] is None
    questions = json.loads(exported["json/questions.json"])
    assert questions[0]["fact_ids"] == ["apples"] and questions[0]["answered"] is True


# ---------------------------------------------------------------- SQLite


def test_sqlite_has_types_keys_and_meanings(exported):
    database = connect(exported["mini.sqlite"])
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    columns = database.execute("PRAGMA table_info(facts)").fetchall()
    assert [column[1] for column in columns][:3] == ["fact_id", "paragraph", "kind"]
    assert [column[2] for column in columns][:3] == ["TEXT", "INTEGER", "TEXT"]
    assert [column[1] for column in columns if column[5]] == ["fact_id"]
    linked = {row[3]: (row[2], row[4]) for row in database.execute("PRAGMA foreign_key_list(facts)")}
    assert linked["paragraph"] == ("paragraphs", "paragraph")
    assert linked["refers_to"] == ("facts", "fact_id")
    (statement,) = database.execute("SELECT sql FROM sqlite_master WHERE name = 'facts'").fetchone()
    assert '"fact_id" TEXT NOT NULL, -- Fact: Short name' in statement
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        database.execute("UPDATE facts SET paragraph = 99")


def test_sqlite_has_a_list_as_a_table(exported):
    database = connect(exported["mini.sqlite"])
    rows = database.execute("SELECT * FROM questions_fact_ids ORDER BY 1").fetchall()
    assert rows == [("F01_apples", 1, "apples"), ("F02_close", 1, "fair-closes")]
    joined = (
        "SELECT count(*) FROM questions JOIN questions_fact_ids USING (fact_key) JOIN facts USING (fact_id)"
    )
    assert database.execute(joined).fetchone() == (2,)


def test_sqlite_has_every_cell(rendered, exported):
    database = connect(exported["mini.sqlite"])
    for one in tables.read(DataPackage(rendered)):
        names = ", ".join(sqlite.quote(column.name) for column in one.columns)
        rows = database.execute(f"SELECT {names} FROM {sqlite.quote(one.name)} ORDER BY rowid").fetchall()
        expected = [tuple(value if value is not None else None for value in row) for row in one.values()]
        for row, values in zip(rows, expected, strict=True):
            assert [cell or None for cell in row] == [value or None for value in values]


def test_composite_keys_and_keys_that_are_no_primary_keys_hold(tmp_path):
    odd = project(
        tmp_path,
        table("years", [text("place"), {"name": "year", "type": "integer"}], "place,year\na,1\na,2\n",
              primaryKey=["place", "year"]),
        table("codes", [text("id"), text("code"), text("group")], "id,code,group\n1,x,g\n2,y,g\n",
              primaryKey=["id"]),
        table(
            "counts",
            [text("place"), {"name": "year", "type": "integer"}, text("code"), text("group")],
            "place,year,code,group\na,2,x,g\n,,y,g\n",
            foreignKeys=[
                {"fields": ["place", "year"],
                 "reference": {"resource": "years", "fields": ["place", "year"]}},
                {"fields": ["code"], "reference": {"resource": "codes", "fields": ["code"]}},
                {"fields": ["group"], "reference": {"resource": "codes", "fields": ["group"]}},
            ],
        ),
    )  # fmt: skip
    # What two rows have cannot be a key in a database, and what refers to it cannot be held to it.
    database = connect(sqlite.database(tables.read(DataPackage(odd))))
    linked = {(row[2], row[3]) for row in database.execute("PRAGMA foreign_key_list(counts)")}
    assert linked == {("years", "place"), ("years", "year"), ("codes", "code")}
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("UPDATE counts SET year = 3 WHERE place = 'a'")


def test_datasette_is_told_of_every_table(exported):
    told = json.loads(exported["metadata.json"])["databases"]["mini"]["tables"]
    names = [row[0] for row in connect(exported["mini.sqlite"]).execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'")]  # fmt: skip
    assert sorted(told) == sorted(names)
    facts = told["facts"]
    assert facts["title"] == "Fact sheet" and facts["label_column"] == "subject"
    assert facts["license"] and facts["columns"]["fact_id"]
    assert {"kind", "status"} <= set(facts["facets"])
    assert told["questions_fact_ids"] == {"hidden": True}


# ---------------------------------------------------------------- workbook


def test_workbook_begins_with_a_dictionary_and_has_every_cell(rendered, exported):
    book = sheets(exported["mini.xlsx"])
    read = tables.read(DataPackage(rendered))
    assert list(book) == ["Dictionary", *(one.name for one in read)]
    assert [cell for cell, _ in book["Dictionary"][0]] == list(workbook.HEADINGS)
    for one in read:
        expected = [[cell for cell in row if cell] for row in [one.source.columns, *one.cells]]
        assert [[cell for cell, _ in row] for row in book[one.name]] == expected
        kinds = {column.name: column.kind for column in one.columns}
        for row, cells in zip(one.cells, book[one.name][1:], strict=True):
            filled = [name for name, cell in zip(one.source.columns, row, strict=True) if cell]
            for name, (_, kind) in zip(filled, cells, strict=True):
                assert kind == ("n" if kinds[name] in ("integer", "number") else "s")


def test_text_that_looks_like_something_else_stays_text(tmp_path):
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows([["id", "n"], *([cell, "7"] for cell in TROUBLE)])
    odd = project(tmp_path, table("odd", [text("id"), {"name": "n", "type": "integer"}], content.getvalue()))
    publication = read_unchecked(odd)
    rows = sheets(workbook.workbook(publication.tables, "Odd", None))["odd"][1:]
    # Excel reads _x0041_ as a letter unless its first character is escaped.
    assert [row[0] for row in rows] == [(cell.replace("_x0041_", "_x005F_x0041_"), "s") for cell in TROUBLE]
    assert {row[1] for row in rows} == {("7", "n")}
    database = connect(sqlite.database(publication.tables))
    assert [row[0] for row in database.execute("SELECT id FROM odd")] == TROUBLE


def test_a_number_keeps_its_digits(tmp_path):
    numbers = ["84.4", "-74.1034", "0.1", "1200", "-0.5"]
    odd = project(tmp_path, table("odd", [{"name": "n", "type": "number"}], "\n".join(["n", *numbers, ""])))
    rows = sheets(workbook.workbook(read_unchecked(odd).tables, "Odd", None))["odd"][1:]
    assert [row[0] for row in rows] == [(number, "n") for number in numbers]


def read_unchecked(project: Project) -> Publication:
    """Return data that `explainer check` may refuse."""
    package = DataPackage(project)
    read = [tables.Table(package.table(name)) for name in package.resources]
    about = About(package.descriptor, None, None, [], None, [])
    return Publication(about, read, {})


# ---------------------------------------------------------------- catalogs


def test_crate_describes_every_file(exported):
    crate = json.loads(exported["ro-crate-metadata.json"])
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    root = entities["./"]
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert root["datePublished"] == "2031-06-01" and entities[root["license"]["@id"]]["name"]
    files = {path for path in exported if not path.endswith(".html")}
    assert {part["@id"] for part in root["hasPart"]} == files - {"SHA256SUMS", "ro-crate-metadata.json"}
    for part in root["hasPart"]:
        entity = entities[part["@id"]]
        assert entity["sha256"] == hashlib.sha256(exported[part["@id"]]).hexdigest()


def test_croissant_describes_every_column(rendered, exported):
    described = json.loads(exported["croissant.json"])
    read = tables.read(DataPackage(rendered))
    assert {one["contentUrl"] for one in described["distribution"]} == {one.path for one in read}
    for one, records in zip(read, described["recordSet"], strict=True):
        assert [field["name"] for field in records["field"]] == one.source.columns


# ---------------------------------------------------------------- odd data


def test_a_table_without_rows_is_a_table(tmp_path):
    odd = project(
        tmp_path,
        table("none", [text("id"), {"name": "n", "type": "number"},
                       text("others", listOf={"resource": "none", "field": "id"})],
              "id,n,others\n", primaryKey=["id"]),
    )  # fmt: skip
    files = made(odd)
    database = connect(files["odd.sqlite"])
    assert database.execute("SELECT count(*) FROM none").fetchone() == (0,)
    assert database.execute("SELECT count(*) FROM none_others").fetchone() == (0,)
    assert files["json/none.json"] == b"[]\n"
    assert [cell for cell, _ in sheets(files["odd.xlsx"])["none"][0]] == ["id", "n", "others"]


def test_columns_of_odd_types_are_read_as_text(tmp_path):
    kinds = {"year": "2018", "time": "12:44:00", "any": "12", "geopoint": "1,2", "duration": "P1D"}
    fields = [{"name": kind, "type": kind} for kind in kinds]
    cells = ",".join(f'"{cell}"' for cell in kinds.values())
    odd = project(tmp_path, table("odd", fields, f"{','.join(kinds)}\n{cells}\n"))
    files = made(odd)
    assert connect(files["odd.sqlite"]).execute("SELECT * FROM odd").fetchone() == tuple(kinds.values())
    assert json.loads(files["json/odd.json"]) == [kinds]
    assert [cell for cell, _ in sheets(files["odd.xlsx"])["odd"][1]] == list(kinds.values())


def test_names_that_programs_refuse_are_changed_and_stay_apart(tmp_path):
    odd_names = [
        "Facts",
        "facts",
        "history",
        "dictionary",
        "sqlite_master",
        "index",
        "a/b:c*d?[e]",
        "x" * 40,
        "x" * 41,
    ]
    odd = project(tmp_path, *(table(name, [text("id"), text("ID")], "id,ID\n1,2\n") for name in odd_names))
    publication = read_unchecked(odd)
    book = list(sheets(workbook.workbook(publication.tables, "Odd", None)))
    assert len({name.casefold() for name in book}) == len(odd_names) + 1
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book)
    assert "history" not in {name.casefold() for name in book}
    database = connect(sqlite.database(publication.tables))
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert len({name.casefold() for (name,) in rows}) == len(odd_names)
    assert [row[1] for row in database.execute('PRAGMA table_info("facts-2")')] == ["id", "ID-2"]
    files = publication.file_names
    assert len({name.casefold() for name in files.values()}) == len(odd_names)
    assert all(re.fullmatch(r"[\w.-]+", name) for name in files.values()) and "index" not in files.values()


def test_names_of_the_same_beginning_stay_apart_within_the_length():
    made = names.unique(["y" * 31 + "a", "y" * 31 + "b"], names.for_sheet, names.LONGEST_SHEET)
    assert sorted(made.values()) == ["y" * 29 + "-2", "y" * 31]


def test_a_cell_too_long_for_a_spreadsheet_is_named_and_the_rest_is_written(tmp_path):
    odd = project(tmp_path, table("odd", [text("id")], f"id\nshort\n{'x' * 40_000}\n"))
    files, faults = formats.make(formats.read(odd), formats.CHOICES)
    assert len(faults) == 1 and "longer than the 32,767 characters" in str(faults[0])
    assert str(faults[0]).startswith(f"{faults[0].file}:3:id: ")
    assert "odd.xlsx" not in files and "odd.sqlite" in files


def test_a_hundred_thousand_rows_are_all_there(tmp_path):
    content = "id,n\n" + "".join(f"r{number},{number}\n" for number in range(100_000))
    odd = project(
        tmp_path, table("many", [text("id"), {"name": "n", "type": "integer"}], content, primaryKey=["id"])
    )
    publication = read_unchecked(odd)
    database = connect(sqlite.database(publication.tables))
    assert database.execute("SELECT count(*), max(n) FROM many").fetchone() == (100_000, 99_999)
    assert len(sheets(workbook.workbook(publication.tables, "Many", None))["many"]) == 100_001


def test_a_file_of_the_data_is_never_replaced_by_one_made_of_it(tmp_path):
    odd = project(tmp_path, table("odd", [text("id")], "id\n1\n"))
    (odd.data / "odd.sqlite").write_bytes(b"ours")
    package = json.loads(odd.package.read_text())
    package["resources"].append({"name": "own", "path": "odd.sqlite"})
    odd.package.write_text(json.dumps(package))
    files, faults = formats.make(formats.read(odd), formats.CHOICES)
    assert [fault.file for fault in faults] == ["data/odd.sqlite"]
    assert files["odd.sqlite"] == b"ours"


def test_without_its_library_parquet_says_what_to_install(rendered, monkeypatch):
    monkeypatch.setattr("explainer.export.parquet.is_installed", lambda: False)
    files, faults = formats.make(formats.read(rendered), ["parquet"])
    assert files == {} and 'pip install "news-explainer[parquet]"' in str(faults[0])


# ---------------------------------------------------------------- other programs


@pytest.mark.slow
def test_libreoffice_opens_and_saves_the_workbook_as_it_was(rendered, tmp_path):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine (soffice on PATH)")
    command = [
        office,
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--norestore",
    ]
    command += ["--convert-to", "xlsx", "--outdir", str(tmp_path), str(rendered.report / "data/mini.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    saved = sheets((tmp_path / "mini.xlsx").read_bytes())
    assert saved == sheets((rendered.report / "data/mini.xlsx").read_bytes())


def test_a_day_in_words_stays_text():
    assert not workbook.is_number(tables.Column({"name": "x", "type": "string"}), "August 31")
    assert workbook.is_number(tables.Column({"name": "x", "type": "number"}), "1.5")
    assert not workbook.is_number(tables.Column({"name": "x", "type": "integer"}), "1234567890123456")
    with pytest.raises(Fault):
        formats.merged({"a": b""}, {"A": b""})
