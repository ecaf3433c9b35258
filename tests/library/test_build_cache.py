"""What is the same is not made again, what changed is, and the report does not show which was which."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import mini
from explainer.build import pipeline, prepare, record
from explainer.report.stamp import stamp
from explainer.system import fingerprint
from explainer.system.cache import Cache
from explainer.system.errors import Fault
from explainer.system.project import Project

ENGINE = "Pandoc 3.0"


@pytest.fixture(autouse=True)
def _without_an_address(monkeypatch):
    for name in fingerprint.VARIABLES:
        monkeypatch.delenv(name, raising=False)


def render(project: Project) -> list[str]:
    """Render in this process and return what was said."""
    lines: list[str] = []
    pipeline.render(project, "pandoc", lines.append)
    return lines


def unchanged(lines: list[str]) -> bool:
    return "Nothing changed: the report is as it was" in lines


# The whole report


def test_without_a_change_nothing_is_done_and_warnings_are_repeated(report):
    first = render(report)
    before = {path: path.stat().st_mtime_ns for path in report.root.rglob("*") if path.is_file()}
    lines = render(report)
    assert unchanged(lines)
    assert [line for line in first if line.startswith("No address")] == lines[:-1] != []
    after = {path: path.stat().st_mtime_ns for path in report.root.rglob("*") if path.is_file()}
    lock = report.build / "render.lock"
    assert {**after, lock: before.get(lock)} == before


@pytest.mark.parametrize("what", ["edited", "removed", "added", "gone"])
def test_a_report_that_somebody_changed_is_made_again(report, what):
    render(report)
    before = mini.snapshot(report.report)
    if what == "edited":
        mini.edit(report.report / "index.html", "<title>", "<title>Not ")
    elif what == "removed":
        (report.report / "fonts/Newsreader-Regular.woff2").unlink()
    elif what == "added":
        mini.write(report.report / "draft.html", "<p>Not yet</p>")
    else:
        shutil.rmtree(report.report)
    assert not unchanged(render(report))
    assert mini.snapshot(report.report) == before


def test_a_report_from_the_cache_is_the_report_made_anew(report):
    mini.edit(report.index, "It's no list", "It is no list")
    mini.edit(report.data / "sources/sources.csv", "Valley Echo", "Valley Daily Echo")
    assert not unchanged(render(report))
    cached = mini.snapshot(report.report)
    assert "It is no list" in cached["index.html"].decode()
    shutil.rmtree(report.build)
    shutil.rmtree(report.report)
    report.variables.unlink()
    assert not unchanged(render(report))
    assert mini.snapshot(report.report) == cached


def test_a_page_whose_own_inputs_are_the_same_is_not_made_again(report, monkeypatch):
    from explainer.engines import pandoc

    render(report)
    made, run = set(), pandoc._run

    def run_and_note(project: Project, options: list[str], name: str) -> bytes:
        made.add(name)
        return run(project, options, name)

    monkeypatch.setattr(pandoc, "_run", run_and_note)
    mini.edit(report.data / "article/facts.csv", "count,Visitors,1200", "count,People who came,1200")
    render(report)
    assert made == {"index.qmd"}
    for notebook in ("1-crates", "2-stalls"):
        page = (report.report / f"notebooks/{notebook}.html").read_text("utf-8")
        assert f"Built from data {stamp(report)['data']}" in page


def test_a_change_that_is_taken_back_gives_the_first_report(report):
    render(report)
    before = mini.snapshot(report.report)
    mini.edit(report.index, "### Later", "### Much later")
    assert not unchanged(render(report))
    assert mini.snapshot(report.report) != before
    mini.edit(report.index, "### Much later", "### Later")
    assert not unchanged(render(report))
    assert mini.snapshot(report.report) == before


def test_a_fault_is_found_again_every_time(report):
    mini.edit(report.data / "sources/sources.csv", "2031-05-10", "2031-05-32")
    for _ in range(2):
        with pytest.raises(Fault, match=r"sources\.csv:3:published"):
            render(report)
    mini.edit(report.data / "sources/sources.csv", "2031-05-32", "2031-05-10")
    path = mini.own_theme_file(report, "page.html")
    mini.edit(path, '<meta charset="utf-8">', "")
    for _ in range(2):
        with pytest.raises(Fault, match="does not say that it is UTF-8"):
            render(report)


@pytest.mark.parametrize(
    "file", ["site.json", "facts.json", "files/icon.svg", "figures/fig-crates/print.svg"]
)
def test_a_work_file_that_somebody_changed_does_not_reach_the_report(report, file):
    render(report)
    before = mini.snapshot(report.report)
    path = report.build / file
    path.write_bytes(path.read_bytes().replace(b"e", b"E", 1))
    shutil.rmtree(report.report)
    render(report)
    assert mini.snapshot(report.report) == before


# What it is made from


def change_notebook(project: Project) -> None:
    path = project.notebooks / "2-stalls.ipynb"
    content = json.loads(path.read_text("utf-8"))
    content["cells"][0]["source"] = "# Stalls, counted"
    path.write_text(json.dumps(content), encoding="utf-8")


def append(file: str, text: str = "\n"):
    """Return a function that adds to a file of a project, or makes it."""

    def change(project: Project) -> None:
        path = project.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)

    return change


CHANGES = {
    "data": append("data/article/facts.csv"),
    "description": append("data/datapackage.json"),
    "outlines": append("data/geo/new.topojson", "{}"),
    "notebook": change_notebook,
    "module beside a notebook": append("notebooks/helpers.py", "x = 1\n"),
    "prose": append("index.qmd", "One more sentence.\n"),
    "front matter": lambda project: mini.edit(project.index, 'author: "A newsroom"', 'author: "A desk"'),
    "theme file": lambda project: mini.own_theme_file(project, "style.css"),
    "picture": append("images/shot.svg", "<svg/>"),
    "lock": append("uv.lock", "# newer\n"),
    "citation": append("CITATION.cff", "title: The fair\n"),
    "license": append("LICENSE-data", "CC0\n"),
    "project file": append("_quarto.yml", "# more\n"),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_every_kind_of_file_is_an_input(rendered, tmp_path, kind):
    project = Project(tmp_path / "mini")
    left_out = shutil.ignore_patterns("_build", "_report")
    shutil.copytree(rendered.root, project.root, ignore=left_out)
    before = fingerprint.take(project).digest()
    assert fingerprint.take(project).digest() == before
    CHANGES[kind](project)
    assert fingerprint.take(project).digest() != before


@pytest.mark.parametrize("name", fingerprint.VARIABLES)
def test_the_variables_of_the_environment_are_inputs(rendered, monkeypatch, name):
    before = fingerprint.take(rendered).digest()
    monkeypatch.setenv(name, "1893456000")
    assert fingerprint.take(rendered).digest() != before


@pytest.mark.parametrize("file", ["build/finish.py", "theme/filters/page.lua", "theme/page.html"])
def test_the_library_is_an_input(rendered, monkeypatch, tmp_path, file):
    copy = tmp_path / "explainer"
    shutil.copytree(fingerprint.LIBRARY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "LIBRARY", copy)
    digests = set()
    for text in ("", "\n-- newer\n"):
        with (copy / file).open("a", encoding="utf-8") as stream:
            stream.write(text)
        fingerprint._installed.cache_clear()
        digests.add(fingerprint.take(rendered).digest())
    fingerprint._installed.cache_clear()
    assert len(digests) == 2


def test_an_installed_package_is_an_input(rendered, monkeypatch, tmp_path):
    before = fingerprint.take(rendered).digest()
    (tmp_path / "altair-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    fingerprint._installed.cache_clear()
    after = fingerprint.take(rendered).digest()
    fingerprint._installed.cache_clear()
    assert after != before


def test_the_engine_and_its_version_are_inputs(report, monkeypatch):
    render(report)
    assert unchanged(render(report))
    monkeypatch.setattr(pipeline.program, "version", lambda: "0.0")
    assert not unchanged(render(report))
    assert unchanged(render(report))


def test_what_a_build_writes_is_no_input(report):
    before = fingerprint.take(report).digest()
    for file in (
        "_build/x.json",
        "_report/x.html",
        ".quarto/x",
        "notebooks/__pycache__/x.pyc",
        "_variables.yml",
    ):
        append(file)(report)
    assert fingerprint.take(report).digest() == before


def test_a_folder_behind_a_link_counts_once(tmp_path):
    mini.write(tmp_path / "elsewhere/facts.csv", "a\n")
    mini.write(tmp_path / "story/index.qmd", "")
    (tmp_path / "story/data").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/round").symlink_to(tmp_path / "story")
    assert set(fingerprint.hashes(tmp_path / "story")) == {"index.qmd", "data/facts.csv"}


# Steps


def test_an_edit_of_the_data_while_it_is_prepared_is_not_kept(report, monkeypatch):
    from explainer.build import collect

    original = collect.gather

    def edit_and_gather(project: Project):
        gathered = original(project)
        mini.edit(project.data / "sources/sources.csv", "Valley Echo", "Hill Echo")
        return gathered

    record_file = prepare.record_file(report)
    record_file.unlink(missing_ok=True)
    monkeypatch.setattr(collect, "gather", edit_and_gather)
    with pytest.raises(Fault, match="the data was changed while the report was being made"):
        prepare.prepare(report, lambda line: None)
    assert not record_file.exists()


def test_a_word_of_the_prose_needs_nothing_but_a_check_of_the_prose(report, monkeypatch):
    from explainer.build import collect

    prepare.prepare(report, lambda line: None)
    before = mini.snapshot(report.build)
    monkeypatch.setattr(collect, "gather", None)
    mini.edit(report.index, "are no trouble", "are a trouble")
    prepare.prepare(report, lambda line: None)
    after = mini.snapshot(report.build)
    changed = {name for name in before if before[name] != after.get(name)}
    assert {name for name in changed if not name.startswith("cache/")} == {"prepared.json"}
    mini.edit(report.index, "are a trouble", "are 77 troubles")
    with pytest.raises(Fault, match=r"index\.qmd:\d+.*'77' traces to no table"):
        prepare.prepare(report, lambda line: None)
    mini.edit(report.index, "are 77 troubles", "are a trouble, @fig-stalls")
    prepare.prepare(report, lambda line: None)
    # A heading is something that other pages know.
    mini.edit(report.index, "### Later", "### Later still")
    with pytest.raises(TypeError):
        prepare.prepare(report, lambda line: None)


def test_an_edit_of_the_prose_during_a_build_is_for_the_next_build(report):
    mini.edit(report.index, "### Later", "### Much later")

    def log(line: str) -> None:
        if line.startswith("Setting the PDF"):
            mini.edit(report.index, "### Much later", "### Later still")

    pipeline.render(report, "pandoc", log)
    assert "Much later" in (report.report / "index.html").read_text("utf-8")
    assert not unchanged(render(report))
    assert "Later still" in (report.report / "index.html").read_text("utf-8")


def test_a_record_that_cannot_be_read_is_none(tmp_path):
    path = tmp_path / "record.json"
    assert record.read(path) is None
    for text in ("", "{", "[]", '{"inputs": "a"}', "null"):
        path.write_text(text)
        assert record.read(path) is None
    kept = record.Record("a", {"index.html": "b"}, ("No address",))
    record.write(path, kept)
    assert record.read(path) == kept


class TestCache:
    """Results are kept under a hash of all their inputs, whole or not at all."""

    @pytest.fixture
    def cache(self, tmp_path) -> Cache:
        return Cache(Project(tmp_path))

    def files(self, tmp_path) -> list[Path]:
        folder = tmp_path / "_build/cache"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def test_a_result_that_was_damaged_is_made_again(self, cache, tmp_path):
        assert cache.get("pdf", ["a"], lambda: b"made") == b"made"
        (path,) = self.files(tmp_path)
        for damaged in (b"", path.read_bytes()[:-1], path.read_bytes() + b"x"):
            path.write_bytes(damaged)
            assert cache.get("pdf", ["a"], lambda: b"anew") == b"anew"

    def test_what_fails_is_not_kept(self, cache, tmp_path):
        def fail() -> bytes:
            raise Fault("no")

        with pytest.raises(Fault):
            cache.get("check", ["a"], fail)
        assert self.files(tmp_path) == []

    def test_a_result_whose_inputs_changed_meanwhile_is_not_kept(self, cache, tmp_path):
        source = tmp_path / "source"
        source.write_text("before")

        def make() -> bytes:
            source.write_text("after")
            return b"of which?"

        assert cache.get("pdf", lambda: [source.read_bytes()], make) == b"of which?"
        assert self.files(tmp_path) == []

    def test_only_results_of_the_same_kinds_are_swept(self, cache, tmp_path):
        cache.get("pdf", ["old"], lambda: b"1")
        cache.get("page-html", ["old"], lambda: b"2")
        later = Cache(Project(tmp_path))
        later.get("pdf", ["new"], lambda: b"3")
        later.sweep()
        assert [path.name.rpartition("-")[0] for path in self.files(tmp_path)] == ["page-html", "pdf"]

    def test_inputs_are_told_apart_where_they_are_joined(self, cache):
        assert cache.get("x", ["ab", "c"], lambda: b"1") == b"1"
        assert cache.get("x", ["a", "bc"], lambda: b"2") == b"2"


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path):
    (tmp_path / "_build").touch()
    assert Cache(Project(tmp_path)).get("kind", ["inputs"], lambda: b"result") == b"result"
    assert (tmp_path / "_build").read_bytes() == b""
