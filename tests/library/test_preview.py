"""The live preview of the little report: what an edit does to the pages that are served."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import mini
from explainer.preview import session, sources
from explainer.preview.panel import panel
from explainer.preview.session import Session
from explainer.system.project import Project
from program import explain

ADDED = re.compile(r'<link rel="stylesheet" href="/_preview/panel\.css"><script src="/_preview/.*?</script>')
LONGEST = 240  # seconds; only a test that fails waits so long


class Sitting:
    """A preview of a project, with what its builder said."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.messages: queue.Queue[dict] = queue.Queue()
        self.session = Session(project, 0, lambda line: None, self.messages.put)
        self.session.start()

    def until_quiet(self) -> list[dict]:
        """Return what the builder says until it has nothing more to do."""
        found = [self.messages.get(timeout=LONGEST)]
        while found[-1]["event"] != "quiet":
            found.append(self.messages.get(timeout=LONGEST))
        return found

    def edit(self, path: Path, old: str, new: str) -> list[dict]:
        """Save an edit as editors do, and return what the builder says of it."""
        text = path.read_text(encoding="utf-8")
        assert old in text
        beside = path.with_name(f".{path.name}.swp")
        beside.write_text(text.replace(old, new), encoding="utf-8")
        os.replace(beside, path)
        said = self.until_quiet()
        while not any(message["event"] in ("building", "faults") for message in said):
            said = self.until_quiet()
        return said

    def after(self, event: str) -> None:
        """Wait until the builder says something, and then until it has nothing more to do."""
        while not any(message["event"] == event for message in self.until_quiet()):
            pass

    def get(self, page: str = "") -> str:
        with urllib.request.urlopen(self.session.address + page, timeout=LONGEST) as answer:
            return answer.read().decode()


def pages(said: list[dict]) -> list[str]:
    return [message["address"] for message in said if message["event"] == "page"]


def ran(said: list[dict]) -> list[str]:
    return [name for message in said if message["event"] == "ran" for name in message["notebooks"]]


@pytest.fixture
def sitting(report):
    found = Sitting(report)
    yield found
    found.session.close()


def processes(parent: int | None = None) -> set[int]:
    """Return the processes of this machine, or the children of one of them."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    return {pid for pid, above in pairs if parent in (None, above)}


def test_edits_are_shown_and_faults_stand_over_the_last_good_page(sitting):
    project = sitting.project
    published = mini.snapshot(project.report)
    sitting.until_quiet()
    first = sitting.get()
    # The same bytes as a render from nothing, but for what the server adds.
    assert len(ADDED.findall(first)) == 1
    assert ADDED.sub("", first) == (project.report / "index.html").read_text()
    assert sitting.get("notebooks/2-stalls.html").count("/_preview/") == 2

    # A cell of a notebook: the other does not run.
    notebook = project.notebooks / "2-stalls.ipynb"
    said = sitting.edit(notebook, "[4, 6, 5]", "[4, 7, 5]")
    assert ran(said) == ["2-stalls"]
    assert "4 to 7 stalls" in sitting.get("notebooks/2-stalls.html")
    assert ran(sitting.edit(notebook, "[4, 7, 5]", "[4, 6, 5]")) == ["2-stalls"]
    assert ADDED.sub("", sitting.get()) == ADDED.sub("", first)

    # A cell of a table.
    said = sitting.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    assert said[0] == {"event": "building", "changed": ["data/article/facts.csv"]}
    assert pages(said)[0] == "index.html"
    assert "31 crates later" in sitting.get() and "29 crates later" not in sitting.get()
    assert "1-crates" in ran(said)

    # A fault: the panel says where and what, the page is the last good one.
    good = ADDED.sub("", sitting.get())
    said = sitting.edit(project.data / "article/facts.csv", "31,attributed", "31,<i>attributed</i>")
    assert [message["event"] for message in said if message["event"] == "faults"] == ["faults"]
    bad = sitting.get()
    assert 'role="alert"' in bad and "data/article/facts.csv:4:status" in bad
    assert "&lt;i&gt;attributed&lt;/i&gt;" in bad and "<i>attributed</i>" not in bad
    shown = re.search(r'<div id="explainer-preview-panel".*?</div>', bad, re.DOTALL)[0]
    assert ADDED.sub("", bad).replace(shown, "") == good
    # Mended: no panel, and nothing to render.
    said = sitting.edit(project.data / "article/facts.csv", "31,<i>attributed</i>", "31,attributed")
    assert "good" in [message["event"] for message in said] and pages(said) == ran(said) == []
    assert "explainer-preview-panel" not in sitting.get()

    # A fault of the prose, and one of a notebook.
    sitting.edit(project.index, "@fig-crates", "@fig-nothing")
    assert "index.qmd" in sitting.get() and "@fig-nothing" in sitting.get()
    sitting.edit(project.index, "@fig-nothing", "@fig-crates")
    sitting.edit(project.notebooks / "2-stalls.ipynb", '\\"stalls\\": [4, 6, 5]', '\\"stalls\\": 1 / 0')
    assert "ZeroDivisionError" in sitting.get()
    sitting.edit(project.notebooks / "2-stalls.ipynb", '\\"stalls\\": 1 / 0', '\\"stalls\\": [4, 6, 5]')
    assert ADDED.sub("", sitting.get()) == good

    # The report itself was left alone, and a render gives what was shown.
    assert mini.snapshot(project.report) == published
    builder = sitting.session.builder
    kept = processes(builder)
    sitting.session.close()
    # The two notebooks, and Pandoc, which has begun on the page.
    assert len(kept) == 3 and not {builder, *kept} & processes()
    assert explain(project, "render", "--engine", "pandoc").returncode == 0
    assert (project.report / "index.html").read_text() == good
    assert not any("_preview" in path.read_text() for path in project.report.rglob("*.html"))


def test_faults_of_the_theme_stand_over_the_last_good_page(sitting):
    project = sitting.project
    sitting.until_quiet()
    good = ADDED.sub("", sitting.get())
    template = mini.own_theme_file(project, "page.html")
    sitting.until_quiet()

    def shows(*words: str) -> None:
        page = ADDED.sub("", sitting.get())
        shown = re.search(r'<div id="explainer-preview-panel".*?</div>', page, re.DOTALL)[0]
        assert page.replace(shown, "") == good
        assert all(word in shown for word in words), shown

    sitting.edit(template, "$endif$", "")
    shows("page.html")
    template.unlink()
    sitting.after("good")
    assert ADDED.sub("", sitting.get()) == good


def test_an_edit_of_the_library_starts_everything_that_runs_it_anew(report, tmp_path, monkeypatch):
    library = tmp_path / "library"
    mini.write(library / "part.py", "a = 1\n")
    monkeypatch.setattr(session, "LIBRARY", library)
    monkeypatch.setattr(sources, "LIBRARY", library)
    sitting = Sitting(report)
    try:
        sitting.until_quiet()
        before = {sitting.session.builder, *processes(sitting.session.builder)}
        mini.write(library / "part.py", "a = \n")
        while "src/explainer/part.py:1" not in sitting.get():
            time.sleep(0.1)
        assert sitting.session.builder in before
        mini.write(library / "part.py", "a = 2\n")
        sitting.after("quiet")
        after = {sitting.session.builder, *processes(sitting.session.builder)}
        assert len(before) == len(after) == 4
        assert not before & processes()
        assert "explainer-preview-panel" not in sitting.get()
    finally:
        sitting.session.close()


def test_a_preview_that_is_killed_leaves_no_process_and_nothing_by_halves(report):
    command = [sys.executable, "-c", "from explainer.cli import main; main()", "preview", "--no-browser"]
    before = {name: mini.snapshot(report.root / name) for name in ("data", "notebooks", "_report")}
    preview = subprocess.Popen(
        [*command, "--port", "0"], cwd=report.root, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert preview.stdout.readline().startswith("Preview: ")
    while len(found := {pid for child in processes(preview.pid) for pid in (child, *processes(child))}) < 3:
        time.sleep(0.1)
    preview.kill()
    preview.communicate()
    ends = time.monotonic() + LONGEST
    while found & processes() and time.monotonic() < ends:
        time.sleep(0.1)
    assert not found & processes()
    assert before == {name: mini.snapshot(report.root / name) for name in before}


def test_only_this_machine_under_its_own_name_is_served(sitting):
    for headers, path in (({"Host": "example.org"}, ""), ({}, "..%2findex.qmd"), ({}, "../_quarto.yml")):
        request = urllib.request.Request(sitting.session.address + path, headers=headers)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=LONGEST)


def test_second_preview_is_told_of_the_first_and_an_interrupt_ends_both_processes(report):
    command = [sys.executable, "-c", "from explainer.cli import main; main()", "preview", "--no-browser"]
    first = subprocess.Popen(
        [*command, "--port", "0"], cwd=report.root, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert first.stdout.readline().startswith("Preview: http://127.0.0.1:")
        second = explain(report, "preview", "--no-browser", "--port", "0")
        assert second.returncode == 1 and "another preview is at work" in second.stderr
    finally:
        first.send_signal(signal.SIGINT)
        rest = first.communicate(timeout=LONGEST)[0]
    assert first.returncode == 0 and "Preview ended." in rest


def test_taken_port_is_named(sitting):
    port = str(sitting.session.server.server_port)
    done = explain(sitting.project, "preview", "--no-browser", "--port", port)
    assert done.returncode == 1 and f"cannot listen on port {port}" in done.stderr


def test_quarto_has_a_preview_of_its_own(report):
    done = explain(report, "preview", "--engine", "quarto")
    assert done.returncode == 2 and "quarto preview" in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        "data/.~lock.facts.csv#",
        "data/~$facts.xlsx",
        "data/facts.csv~",
        "data/4913",
        "index.qmd.swp",
        "notebooks/.ipynb_checkpoints/1-crates.ipynb",
        "_build/site.json",
        "_report/index.html",
    ],
)
def test_what_programs_leave_beside_a_file_is_no_edit(name):
    project = mini.Project(Path("/story"))
    assert not sources.is_source(project, project.root / name)


def test_state_changes_with_content_alone(report):
    watched = sources.Sources(report)
    before = watched.state()
    os.utime(report.index, (1, 1))
    (report.data / "article/.facts.csv.swp").write_text("half")
    assert watched.state() == before
    mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
    changed = set(watched.state().items()) - set(before.items())
    assert [name for name, _ in changed] == ["data/article/facts.csv"]


def test_panel_escapes_what_it_shows():
    fault = {"file": "a<b.csv", "row": 3, "column": "c", "what": "is <bad>", "value": "&", "remedy": "<mend>"}
    shown = panel([fault])
    assert "<code>a&lt;b.csv:3:c</code>: is &lt;bad&gt;: <q>&amp;</q>" in shown and "&lt;mend&gt;" in shown
    assert 'role="alert"' in shown and "one fault" in shown and panel([]) == ""
