"""Programs that people open the data with, where they are installed: each reads all of it, without options.

Together they are larger than all that the project needs itself; CI installs them for these tests (see
CONTRIBUTING.md).
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess

import pytest
from frictionless import Package
from lxml import html

from explainer.data.package import DataPackage
from explainer.export import sqlite, tables
from explainer.starter.new import create


def test_polars_reads_every_table_without_options(rendered):
    polars = pytest.importorskip("polars", reason="polars is not installed (170 MB)")
    for one in tables.read(DataPackage(rendered)):
        frame = polars.read_parquet(rendered.report / "data/parquet" / f"{one.name}.parquet")
        assert frame.shape == (len(one.cells), len(one.columns))
        assert polars.read_csv(rendered.report / "data" / one.path).shape == frame.shape
    facts = polars.read_parquet(rendered.report / "data/parquet/facts.parquet")
    assert facts["paragraph"].dtype == polars.Int64


def test_duckdb_reads_every_table(rendered):
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (67 MB)")
    for one in tables.read(DataPackage(rendered)):
        path = rendered.report / "data/parquet" / f"{one.name}.parquet"
        assert len(duckdb.sql(f"SELECT * FROM '{path}'").fetchall()) == len(one.cells)
        path = rendered.report / "data" / one.path
        assert len(duckdb.sql(f"SELECT * FROM '{path}'").fetchall()) == len(one.cells)


def test_sqlite_utils_sees_the_keys(rendered):
    utils = pytest.importorskip("sqlite_utils", reason="sqlite-utils is not installed")
    facts = utils.Database(str(rendered.report / "data/mini.sqlite"))["facts"]
    assert facts.pks == ["fact_id"]
    assert ("paragraph", "paragraphs") in {(key.column, key.other_table) for key in facts.foreign_keys}


def test_croissant_loads_every_row(rendered, monkeypatch):
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed (it needs SciPy)")
    monkeypatch.chdir(rendered.report / "data")
    loaded = mlcroissant.Dataset(jsonld="croissant.json")
    assert not loaded.metadata.ctx.issues.errors
    for one in tables.read(DataPackage(rendered)):
        if one.cells:
            assert len(list(loaded.records(record_set=one.name))) == len(one.cells)


def test_frictionless_indexes_every_table(rendered, tmp_path):
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy is not installed (frictionless[sql])")
    package = Package(str(rendered.report / "data/tables.json"))
    for resource in package.resources:
        resource.index(f"sqlite:///{tmp_path / 'index.db'}")
    with sqlite3.connect(tmp_path / "index.db") as database:
        for one in tables.read(DataPackage(rendered)):
            count = f"SELECT count(*) FROM {sqlite.quote(one.name)}"
            assert database.execute(count).fetchone() == (len(one.cells),)


def test_datasette_shows_what_each_table_and_column_is(rendered):
    app = pytest.importorskip("datasette.app", reason="Datasette is not installed")
    folder = rendered.report / "data"
    described = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    shown = app.Datasette([str(folder / "mini.sqlite")], metadata=described)

    def page(path):
        answer = asyncio.run(shown.client.get(path))
        assert answer.status_code == 200, path
        return html.document_fromstring(answer.text)

    tables_listed = " ".join(page("/mini").text_content().split())
    for name, table in described["databases"]["mini"]["tables"].items():
        # Datasette lists a hidden table by its name, behind a link.
        assert table.get("hidden") or name in tables_listed
        rows = page(f"/mini/{name}")
        text = " ".join(rows.text_content().split())
        for words in (
            table.get("title"),
            table.get("description"),
            table.get("license"),
            table.get("source"),
        ):
            assert not words or " ".join(words.split()) in text, (name, words)
        assert {one.text_content() for one in rows.iter("dt")} >= set(table.get("columns", {}))
    facets = page("/mini/facts").xpath("//*[contains(@class, 'facet-info-name')]")
    assert {"kind", "status"} <= {" ".join(one.text_content().split()).split(" ")[0] for one in facets}


def test_repo2docker_takes_the_environment_with_the_python_that_it_names(tmp_path):
    """As Binder does; the image itself needs Docker."""
    program = shutil.which("jupyter-repo2docker")
    if program is None:
        pytest.skip("jupyter-repo2docker is not installed")
    story = create(tmp_path, "ferry").project
    done = subprocess.run(
        [program, "--no-build", "--debug", str(story.root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Building conda environment for python=3.12" in done.stderr
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"' in done.stdout
