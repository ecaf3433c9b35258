"""Running notebooks: order, side by side, only what changed, nothing lost on failure."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from rich.console import Console

from explainer.notebooks import ipynb as nb
from explainer.notebooks import kernel, progress, runner
from explainer.notebooks import stamp as stamps
from explainer.system import temporary
from explainer.system.errors import Fault, Faults
from program import COMMAND, explain, start
from tiny_project import IMPORTS, NOTEBOOKS, make, snapshot, write

SURROUNDINGS = """\
import os, sys
print(os.path.basename(os.getcwd()), os.environ["TZ"], os.environ["LC_ALL"], hash("a") == {hash})
print("x" in dir(__builtins__), sys.flags.utf8_mode)
print("second line", file=sys.stderr)
print("third line")"""


class Diary(progress.Lines):
    """Notes what a run reports, and when."""

    def __init__(self, on_cell=lambda notebook, cell: None):
        self.events = []
        self.cell = on_cell

    def note(self, what, name):
        self.events.append((what, name))

    def say(self, text):
        self.note("said", text)

    def skipped(self, notebook):
        self.note("skipped", notebook.name)

    def started(self, notebook, why):
        self.note("started", notebook.name)

    def ended(self, notebook, how):
        self.note(how.split()[0], notebook.name)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A project that ran once, amid everything that could get into an output."""
    root = tmp_path_factory.mktemp("ran")
    seed = subprocess.run(
        [sys.executable, "-c", "print(hash('a'))"],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    extra = SURROUNDINGS.format(hash=seed.stdout.strip())
    project = make(root / "project", {**NOTEBOOKS, "3-other": [*NOTEBOOKS["3-other"], extra, ""]})
    # Another kernel of the same name, a start-up file and settings of the user: none may be noticed.
    spec = root / "jupyter/kernels/python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps({"argv": ["false"], "display_name": "x", "language": "x"}))
    (root / "startup.py").write_text("import builtins\nbuiltins.x = 1\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(root / "jupyter"))
        patch.setenv("PYTHONSTARTUP", str(root / "startup.py"))
        patch.setenv("TZ", "Asia/Tokyo")
        patch.setenv("LC_ALL", "C")
        patch.setenv("PYTHONHASHSEED", "7")
        diary = Diary()
        report = runner.run(project, workers=2, progress=diary)
    return project, report, diary


@pytest.fixture
def project(ran, tmp_path):
    """A copy of it elsewhere: stamps hold for it too, because they name no folder of this machine."""
    shutil.copytree(ran[0].root, tmp_path / "copy")
    return type(ran[0])(tmp_path / "copy")


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def stale(project):
    """Return why each notebook would run, for those that would."""
    why = {notebook.name: runner.reasons(project, notebook) for notebook in nb.read_all(project)}
    return {name: reasons for name, reasons in why.items() if reasons}


def test_every_notebook_ran_and_saved_its_table(ran):
    project, report, _ = ran
    assert sorted(report.ran) == sorted(NOTEBOOKS)
    assert (project.data / "tidy/one.csv").read_text() == "id,n\na,10\nb,20\n"
    assert (project.data / "tidy/two.csv").read_text() == "id,n\na,20\nb,40\n"
    assert (project.data / "tidy/three.csv").read_text() == "id,n\nc,3\n"


def test_independent_notebooks_overlap_and_dependent_ones_wait(ran):
    _, _, diary = ran
    at = {event: place for place, event in enumerate(diary.events)}
    assert at["started", "3-other"] < at["done", "1-tenfold"]
    assert at["started", "1-tenfold"] < at["done", "3-other"]
    assert at["done", "1-tenfold"] < at["started", "2-double"]


def test_the_notebook_is_left_in_its_lasting_form(ran):
    project, _, _ = ran
    for notebook in nb.read_all(project):
        counts = [cell.node.execution_count for cell in notebook.code_cells if cell.source]
        assert counts == list(range(1, len(counts) + 1))
        assert set(notebook.node.metadata) == {"kernelspec", "language_info"}
        assert notebook.node.metadata.language_info == {"name": "python", "file_extension": ".py"}
        assert all(cell.node.metadata == {} for cell in notebook.cells)
        assert [cell.node.id for cell in notebook.cells] == [f"c{n}" for n in range(len(notebook.cells))]
        assert notebook.path.read_text().endswith("}\n")


def test_nothing_of_the_surroundings_gets_into_the_kernel_and_streams_are_merged(ran):
    project, _, _ = ran
    cell = nb.read(project.notebooks / "3-other.ipynb", project).code_cells[2]
    assert [(output.name, output.text) for output in cell.outputs] == [
        ("stdout", "notebooks UTC C.UTF-8 True\nFalse 1\nthird line\n"),
        ("stderr", "second line\n"),
    ]


def test_an_empty_code_cell_does_not_count(ran):
    project, _, _ = ran
    cell = nb.read(project.notebooks / "3-other.ipynb", project).code_cells[-1]
    assert cell.source == ""
    assert cell.node.execution_count is None


def test_nothing_runs_when_nothing_changed(project):
    before = snapshot(project)
    report = runner.run(project)
    assert report.ran == []
    assert sorted(report.current) == sorted(NOTEBOOKS)
    assert snapshot(project) == before


def test_what_an_editor_leaves_in_the_metadata_does_not_count(project):
    path = project.notebooks / "1-tenfold.ipynb"
    node = nbformat.read(path, as_version=4)
    node.metadata.language_info.version = "3.99"
    node.cells[1].metadata.collapsed = True
    nbformat.write(node, path)
    assert stale(project) == {}


def each(why):
    return dict.fromkeys(NOTEBOOKS, why)


CHANGES = {
    "cell": ("notebooks/1-tenfold.ipynb", "*= 10", "*= 11", {"1-tenfold": "its cells changed"}),
    "prose": ("notebooks/3-other.ipynb", "# A title", "# Another", {"3-other": "its cells changed"}),
    "data": ("data/other.csv", "c,3", "c,4", {"3-other": "data/other.csv changed"}),
    "output": (
        "notebooks/1-tenfold.ipynb",
        '"30\\n"',
        '"31\\n"',
        {"1-tenfold": "its outputs are not those of its last run"},
    ),
    "count": (
        "notebooks/2-double.ipynb",
        '"execution_count": 2',
        '"execution_count": 7',
        {"2-double": "its outputs are not those of its last run"},
    ),
    "tidy": (
        "data/tidy/one.csv",
        "a,10",
        "a,11",
        {"1-tenfold": "data/tidy/one.csv changed by other hands", "2-double": "data/tidy/one.csv changed"},
    ),
    "lock": ("uv.lock", "1", "2", each("uv.lock changed")),
    "schema": (
        "data/datapackage.json",
        "tiny",
        "small",
        each("data/datapackage.json changed"),
    ),
    "stamp": ("_build/run/3-other.json", "{", "", {"3-other": "it has not run here"}),
    "older stamp": (
        "_build/run/3-other.json",
        f'"version": {stamps.VERSION}',
        '"version": 0',
        {"3-other": "it has not run here"},
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_what_depends_on_it_run_and_nothing_else(project, change):
    file, old, new, expected = CHANGES[change]
    edit(project.root / file, old, new)
    assert stale(project) == {name: [why] for name, why in expected.items()}


def test_a_table_that_is_gone_makes_its_writer_and_reader_run(project):
    (project.data / "tidy/one.csv").unlink()
    assert stale(project) == {
        "1-tenfold": ["data/tidy/one.csv is gone by other hands"],
        "2-double": ["data/tidy/one.csv is gone"],
    }


def test_a_changed_library_makes_what_imports_it_run(project, tmp_path, monkeypatch):
    library = tmp_path / "library"
    shutil.copytree(stamps.LIBRARY / "explainer", library / "explainer")
    monkeypatch.setattr(stamps, "LIBRARY", library)
    assert stale(project) == {}
    with (library / "explainer/authoring/theme.py").open("a") as file:
        file.write("# not imported by these notebooks\n")
    assert stale(project) == {}
    with (library / "explainer/data/package.py").open("a") as file:
        file.write("# changed\n")
    assert stale(project) == {name: ["the library's explainer/data/package.py changed"] for name in NOTEBOOKS}


def test_another_python_makes_everything_run(project, monkeypatch):
    monkeypatch.setattr(stamps.sys, "version_info", (3, 99, 0))
    assert set(stale(project)) == set(NOTEBOOKS)


@pytest.mark.parametrize(("changed", "is_suspect"), [(-1, False), (1, True), (9, False)])
def test_a_file_changed_while_the_notebook_ran_makes_it_run_again(project, changed, is_suspect):
    notebook = nb.read(project.notebooks / "3-other.ipynb", project)
    start, second = time.time_ns(), 10**9
    os.utime(project.data / "other.csv", ns=(start + changed * second,) * 2)
    period = (start, start + 5 * second)
    stamp = stamps.make(
        project, notebook, reads=["data/other.csv"], lookups={}, modules={}, tables=[], while_running=period
    )
    assert stamps.reasons(project, notebook, stamp) == ["data/other.csv changed"] * is_suspect


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_clock_that_is_set_during_a_run_makes_it_run_again(project, monkeypatch, seconds):
    times = iter([time.time_ns(), time.time_ns() + seconds * 10**9])
    clock = SimpleNamespace(monotonic=time.monotonic, time_ns=lambda: next(times))
    monkeypatch.setattr(runner, "time", clock)
    edit(project.data / "other.csv", "c,3", "c,4")
    runner.run(project)
    monkeypatch.undo()
    assert "data/other.csv changed" in stale(project)["3-other"]
    assert runner.run(project).ran == ["3-other"]
    assert stale(project) == {}


def test_a_change_runs_on_through_what_depends_on_it(project):
    edit(project.data / "raw.csv", "a,1", "a,5")
    report = runner.run(project)
    assert report.ran == ["1-tenfold", "2-double"]
    assert report.why("1-tenfold") == ("data/raw.csv changed",)
    assert report.why("2-double") == ("data/tidy/one.csv changed",)
    assert (project.data / "tidy/two.csv").read_text() == "id,n\na,100\nb,40\n"
    assert runner.run(project).ran == []


def test_a_table_that_is_only_referred_to_counts_by_its_ids(tmp_path):
    project = make(tmp_path, {"1-x": [IMPORTS, 'load("other")["n"].sum()']})
    edit(project.data / "other.csv", "c,3", "a,3")
    package = json.loads(project.package.read_text())
    key = {"fields": ["id"], "reference": {"resource": "raw", "fields": ["id"]}}
    package["resources"][1]["schema"]["foreignKeys"] = [key]
    project.package.write_text(json.dumps(package))
    runner.run(project)
    raw = project.data / "raw.csv"
    edit(raw, "a,1", "a,7")
    assert stale(project) == {}
    edit(raw, "b,2", "B,2")
    assert stale(project) == {"1-x": ["id of data/raw.csv changed"]}
    edit(raw, "B,2", "b,2")
    assert stale(project) == {}
    edit(raw, "a,7", '"a,7')  # no CSV any more
    assert stale(project) == {"1-x": ["id of data/raw.csv changed"]}


def test_a_change_without_effect_does_not_run_on(project):
    path = project.notebooks / "1-tenfold.ipynb"
    edit(path, '\\"n\\"].sum', '\\"n\\"] .sum')
    edit(project.data / "tidy/one.csv", "a,10", "a,99")
    report = runner.run(project)
    assert report.ran == ["1-tenfold"]
    assert (project.data / "tidy/one.csv").read_text() == "id,n\na,10\nb,20\n"


def test_forced_runs_give_the_same_bytes(project):
    before = snapshot(project)
    report = runner.run(project, force=True, only=["2-double", "3-other"])
    assert sorted(report.ran) == ["2-double", "3-other"]
    assert report.current == ["1-tenfold"]
    assert snapshot(project) == before


def test_only_what_is_named_and_what_it_needs_is_run(project):
    for name in NOTEBOOKS:
        (project.build / f"run/{name}.json").unlink()
    plan = runner.plan(project, ["notebooks/2-double.ipynb"])
    assert plan.chosen == {"1-tenfold", "2-double"}
    with pytest.raises(Fault, match="no such notebook") as caught:
        runner.run(project, only=["2-duble"])
    assert "Did you mean 2-double?" in str(caught.value)


def test_a_failing_cell_is_named_and_nothing_is_overwritten(project):
    write(project, "1-tenfold", [*NOTEBOOKS["1-tenfold"][:2], "#| label: fig-n\n\nframe.loc[:, 'm']"])
    write(project, "3-other", [IMPORTS, 'save("three", load("other").assign(n=4))'])
    before, others = snapshot(project), set(temporary.folder().iterdir())
    with pytest.raises(Faults) as caught:
        runner.run(project, workers=2, progress=(diary := Diary()))
    (fault,) = caught.value.faults
    assert str(fault).startswith(
        "notebooks/1-tenfold.ipynb:code cell 3 (fig-n), line 3: KeyError: 'm', in: frame.loc[:, 'm']. Mend"
    )
    # What needs it did not run; what ran beside it was kept.
    assert ("started", "2-double") not in diary.events
    assert ("done", "3-other") in diary.events
    after = snapshot(project)
    assert {file for file in after if after[file] != before.get(file)} == {
        "data/tidy/three.csv",
        "notebooks/3-other.ipynb",
    }
    strays = set(temporary.folder().iterdir()) - others
    assert not [path for path in strays if not path.name.startswith("pymp-")]
    assert set(stale(project)) == {"1-tenfold"}


def test_a_cell_that_ends_itself_is_told_with_its_line(tmp_path):
    cell = "import sys\n\n\ndef stop():\n    sys.exit('enough')\n\n\nstop()"
    with pytest.raises(Faults) as caught:
        runner.run(make(tmp_path, {"1-x": [cell]}))
    assert "code cell 1, line 5: SystemExit: enough, in: sys.exit('enough')" in str(caught.value)


def test_wrong_data_is_told_by_its_own_faults(project):
    edit(project.data / "raw.csv", "a,1", "a,one")
    before = snapshot(project)
    with pytest.raises(Faults) as caught:
        runner.run(project)
    lines = str(caught.value).split("\n")
    assert lines[0] == 'notebooks/1-tenfold.ipynb:code cell 2, line 1: frame = load("raw") was refused:'
    assert lines[1].startswith("  data/raw.csv:2:n: not a whole number ('one').")
    assert "Traceback" not in str(caught.value)
    assert snapshot(project) == before


def test_a_notebook_must_do_what_its_code_says(project):
    cells = [
        IMPORTS,
        '%time frame = load("one")',
        'if False:\n    save("two", load("raw"))',
        's = save\ns("three", load("raw"))',
    ]
    for name in ("2-double", "3-other"):
        (project.notebooks / f"{name}.ipynb").unlink()
    write(project, "2-sly", cells)
    tables = [(project.data / f"tidy/{name}.csv").read_bytes() for name in ("two", "three")]
    with pytest.raises(Faults) as caught:
        runner.run(project, only=["2-sly"])
    assert [fault.value for fault in caught.value.faults] == [
        "data/tidy/three.csv",
        None,
        "data/tidy/one.csv",
    ]
    text = str(caught.value)
    assert 'Write load("one"), with the name in quotes, so that 1-tenfold runs first.' in text
    assert "did not save two, though the cell says so" in text
    assert tables == [(project.data / f"tidy/{name}.csv").read_bytes() for name in ("two", "three")]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("import os\nos._exit(3)", "ended the kernel: it gave no reason"),
        ("import time\ntime.sleep(60)", "took longer than 1 seconds"),
    ],
)
def test_a_kernel_that_dies_or_hangs_is_a_fault(tmp_path, cell, what):
    project = make(tmp_path, {"1-x": [cell]})
    before = snapshot(project)
    with pytest.raises(Faults) as caught:
        runner.run(project, timeout=1)
    assert f"notebooks/1-x.ipynb:code cell 1: {what}" in str(caught.value)
    assert snapshot(project) == before


def test_a_notebook_edited_while_it_runs_is_kept(tmp_path):
    project = make(tmp_path, {"1-x": ["1 + 1"]})

    def save_in_the_editor(notebook, cell):
        write(project, "1-x", ["1 + 2"])

    with pytest.raises(Faults) as caught:
        runner.run(project, progress=Diary(save_in_the_editor))
    assert "was changed while it ran" in str(caught.value)
    assert nb.read(project.notebooks / "1-x.ipynb", project).code_cells[0].source == "1 + 2"
    assert set(stale(project)) == {"1-x"}


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_kernel_and_changes_nothing(tmp_path, stop):
    pids = tmp_path / "pids"
    pids.mkdir()
    cell = f"import os, time\nopen(f'{pids}/{{os.getpid()}}', 'w').close()\ntime.sleep(60)"
    project = make(tmp_path / "project", {"1-x": [cell], "2-y": [cell]})
    before = snapshot(project)
    program = subprocess.Popen(
        [*COMMAND, "run", "--workers", "2"], cwd=project.root, stderr=subprocess.PIPE, text=True
    )
    try:
        _until(lambda: len(list(pids.iterdir())) == 2)
        program.send_signal(stop)
        _, said = program.communicate(timeout=20)
    finally:
        program.kill()
    assert program.returncode == 130
    assert "1-x: stopped" in said
    assert "Traceback" not in said
    assert [path.name for path in pids.iterdir() if _alive(int(path.name))] == []
    assert snapshot(project) == before


def _until(ready, seconds=60):
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.05)


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_notebook_that_loads_some_columns_runs_again_for_edits_of_these_alone(tmp_path):
    cell = 'save("three", load("other", columns=["id"]).assign(n=1))'
    project = make(tmp_path / "tiny", {"1-ids": [IMPORTS, cell]})
    table = project.data / "other.csv"
    runner.run(project, progress=Diary())
    (notebook,) = nb.read_all(project)
    table.write_text("id,n\nc,4\n")
    assert runner.reasons(project, notebook) == []
    table.write_text("id,n\nd,4\n")
    assert runner.reasons(project, notebook) == ["id of data/other.csv changed"]


def test_a_second_run_waits_for_the_first(project):
    fcntl = pytest.importorskip("fcntl")
    diary = Diary()
    with (project.build / "run/lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=lambda: runner.run(project, progress=diary))
        second.start()
        _until(lambda: diary.events)
        assert diary.events == [("said", "Another run is working on this project; waiting for it to end.")]
    second.join(timeout=20)
    assert ("skipped", "1-tenfold") in diary.events


class TestGuard:
    """What a cell opens is noted; what it must not touch is refused."""

    @pytest.fixture(autouse=True)
    def root(self, tmp_path, monkeypatch):
        monkeypatch.setenv(kernel.ROOT, str(tmp_path))
        monkeypatch.setattr(kernel, "_opened", set())
        monkeypatch.setattr(kernel, "_looked_up", {})
        monkeypatch.chdir(tmp_path)

    @pytest.mark.parametrize("path", ["data/a.csv", Path("data/a.csv"), b"data/a.csv"])
    def test_files_that_are_read_are_noted(self, path):
        kernel.audit("open", (path, "r", 0))
        assert kernel._opened == {"data/a.csv"}

    def test_a_table_in_which_ids_are_looked_up_is_noted_by_its_columns(self, tmp_path):
        with kernel.looking_up({"data/a.csv": {"id"}, "data/b.csv": {"key"}}):
            for name in ("a", "b", "c"):
                kernel.audit("open", (f"data/{name}.csv", "r", 0))
        kernel.audit("open", ("data/b.csv", "r", 0))
        kernel.record(str(tmp_path / "record.json"))
        record = json.loads((tmp_path / "record.json").read_text())
        assert record["reads"] == ["data/b.csv", "data/c.csv"]
        assert record["lookups"] == {"data/a.csv": ["id"]}

    @pytest.mark.parametrize(
        "path", ["/elsewhere/a.csv", "_build/a", "helper.py", ".venv/lib/a.txt", 3, ".git/index"]
    )
    def test_what_is_no_input_is_not(self, path):
        kernel.audit("open", (path, "r", 0))
        assert kernel._opened == set()

    @pytest.mark.parametrize(
        ("event", "args"),
        [
            ("open", ("data/tidy/a.csv", "w", 0)),
            ("open", ("notebooks/1.ipynb", "r+", 0)),
            ("open", ("data/a.csv", None, os.O_WRONLY | os.O_CREAT)),
            ("os.rename", ("/tmp/a", "data/a.csv", -1, -1)),
            ("os.remove", ("data/a.csv", -1)),
            ("open", ("notes.txt", "w", 0)),
            ("open", ("index.qmd", "a", 0)),
            ("open", ("theme/style.css", "w", 0)),
            ("open", ("_report/index.html", "w", 0)),
            ("os.rmdir", ("_report", -1)),
            ("os.symlink", ("/elsewhere", "data/a.csv", -1)),
        ],
    )
    def test_writing_where_only_save_may_is_refused(self, event, args):
        with pytest.raises(PermissionError, match=r"save tables with save\("):
            kernel.audit(event, args)

    @pytest.mark.parametrize("path", ["_build/pictures/a.svg", "/elsewhere/a.csv", 3])
    def test_writing_elsewhere_is_not(self, path):
        kernel.audit("open", (path, "w", 0))

    def test_a_link_does_not_lead_around_it(self, tmp_path):
        (tmp_path / "_build").mkdir()
        (tmp_path / "_build/link").symlink_to(tmp_path / "data")
        with pytest.raises(PermissionError):
            kernel.audit("open", ("_build/link/a.csv", "w", 0))

    @pytest.mark.parametrize(
        ("event", "args"),
        [
            ("subprocess.Popen", ("sh", ["sh"], None, None)),
            ("os.system", (b"touch data/a",)),
            ("socket.connect", (None, ("192.0.2.1", 80))),
        ],
    )
    def test_what_cannot_be_followed_is_refused_once_the_cells_run(self, event, args, monkeypatch):
        monkeypatch.delenv(kernel.STAGE, raising=False)
        kernel.audit(event, args)
        monkeypatch.setenv(kernel.STAGE, "/elsewhere")
        with pytest.raises(PermissionError, match="a notebook may not"):
            kernel.audit(event, args)


def test_a_cell_that_prints_without_end_is_stopped_and_named(project):
    write(project, "9-x", ["1", "while True:\n    print('x' * 1000)"])
    ended = explain(project, "run", "9-x")
    assert ended.returncode == 1
    assert "notebooks/9-x.ipynb:code cell 2: prints more than 100,000 characters" in ended.stderr
    assert (project.notebooks / "9-x.ipynb").stat().st_size < 5000


def test_a_cell_cannot_fill_the_disk_and_is_named(project):
    write(
        project, "9-x", ["import tempfile\nwith tempfile.TemporaryFile() as file:\n    file.truncate(10**9)"]
    )
    ended = explain(project, "run", "9-x")
    assert ended.returncode == 1
    assert "notebooks/9-x.ipynb:code cell 1, line 3: " in ended.stderr
    assert "File too large" in ended.stderr


def test_progress_is_plain_lines_where_there_is_no_terminal(project, capsys):
    runner.run(project)
    assert sorted(capsys.readouterr().err.splitlines()) == [
        f"{name}: nothing changed" for name in sorted(NOTEBOOKS)
    ]


def test_progress_on_a_terminal_names_the_cell(project, tmp_path, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")  # on a dumb terminal there are no bars
    with (tmp_path / "screen").open("w+") as screen:
        console = Console(file=screen, force_terminal=True, width=120, color_system=None)
        notebook = nb.read(write(project, "9-x", ["1", "#| label: fig-a\n2"]), project)
        with progress.listener(console) as told:
            assert isinstance(told, progress.Bars)
            told.started(notebook, ["a changed", "b changed", "c changed", "d changed"])
            told.cell(notebook, notebook.code_cells[1])
            told._progress.refresh()
            told.ended(notebook, "done in 1.0 s")
        screen.seek(0)
        shown = screen.read()
    assert "9-x: running, because a changed; b changed; c changed; and 1 more" in shown
    assert "cell 2 of 2 (fig-a)" in shown
    assert "9-x: done in 1.0 s" in shown


def test_the_list_says_what_would_run_and_why(project):
    edit(project.data / "raw.csv", "a,1", "a,2")
    before = snapshot(project)
    ended = explain(project, "run", "--list")
    assert ended.returncode == 0
    said = ended.stdout
    assert "1-tenfold: would run\n    data/raw.csv changed\n    loads raw\n    saves one\n" in said
    assert "2-double: would run\n    1-tenfold runs before, and may change what it loads\n" in said
    assert "3-other: up to date\n" in said
    assert snapshot(project) == before


def test_the_command_ends_with_1_for_faults_and_2_for_wrong_usage(project):
    (project.notebooks / "1-tenfold.ipynb").write_text("{")
    ended = start(project, "run")
    assert ended.returncode == 1
    assert ended.stderr.startswith("notebooks/1-tenfold.ipynb:1:2: is not JSON")
    assert explain(project, "run", "--wrokers", "2").returncode == 2
