"""The live preview of the little report: what an edit does to the pages that are served."""

from __future__ import annotations

import json
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
from explainer.system.project import THEME, Project
from program import explain

ADDED = re.compile(r'<link rel="stylesheet" href="/_preview/panel\.css"><script src="/_preview/.*?</script>')
LONGEST = 240  # seconds; only a test that fails waits so long


class Preview:
    """A preview of a project, with the messages of its worker."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.messages: queue.Queue[dict] = queue.Queue()
        self.session = Session(project, 0, lambda line: None, self.messages.put)
        self.session.start()

    def until(self, *events: str) -> list[dict]:
        """Return the messages up to the first of some events."""
        messages = [self.messages.get(timeout=LONGEST)]
        while messages[-1]["event"] not in events:
            messages.append(self.messages.get(timeout=LONGEST))
        return messages

    def until_quiet(self) -> list[dict]:
        """Return the messages until there is nothing more to do, not even for the PDF."""
        return self.until("quiet")

    def edit(self, path: Path, *words: tuple[str, str]) -> list[dict]:
        """Replace words in a file, and return what `save` does."""
        text = path.read_text(encoding="utf-8")
        for old, new in words:
            assert old in text
            text = text.replace(old, new)
        return self.save(path, text)

    def save(self, path: Path, text: str) -> list[dict]:
        """Save a file as editors do, and return the messages until its pages are shown or refused."""
        path.parent.mkdir(exist_ok=True)
        beside = path.with_name(f".{path.name}.swp")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
        return self.until_shown()

    def until_shown(self) -> list[dict]:
        """Return the messages until the pages of an edit are shown or refused."""
        messages = self.until("good", "quiet")
        while not any(message["event"] in ("building", "faults") for message in messages):
            messages = self.until("good", "quiet")
        return messages

    def get(self, page: str = "") -> str:
        with urllib.request.urlopen(self.session.address + page, timeout=LONGEST) as answer:
            return answer.read().decode()


def pages(messages: list[dict]) -> list[str]:
    return [message["address"] for message in messages if message["event"] == "page"]


def ran(messages: list[dict]) -> list[str]:
    return [name for message in messages if message["event"] == "ran" for name in message["notebooks"]]


# Shared: a test leaves the project as it found it.
@pytest.fixture(scope="module")
def preview(rendered, tmp_path_factory):
    opened = Preview(mini.copy_of(rendered, tmp_path_factory.mktemp("preview") / "mini"))
    opened.until("good")
    yield opened
    opened.session.close()


def processes(parent: int | None = None) -> set[int]:
    """Return the processes of this machine, or the children of one of them."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
    return {pid for pid, above in pairs if parent in (None, above)}


def are_gone(pids: set[int]) -> bool:
    """Return whether processes end; those that kernels are forked from notice a moment later."""
    ends = time.monotonic() + LONGEST
    while pids & processes() and time.monotonic() < ends:
        time.sleep(0.1)
    return not pids & processes()


def fault_panel(page: str) -> str:
    """Return the panel that stands over a page."""
    return re.search(r'<div id="explainer-preview-panel".*?</div>', page, re.DOTALL)[0]


def test_edits_are_shown_and_faults_stand_over_the_last_good_page(preview):
    project = preview.project
    published = mini.snapshot(project.report)
    first = preview.get()
    # The same bytes as a render from nothing, but for what the server adds.
    assert len(ADDED.findall(first)) == 1
    assert ADDED.sub("", first) == (project.report / "index.html").read_text()
    assert preview.get("notebooks/2-stalls.html").count("/_preview/") == 2

    # A cell of a notebook: the other does not run.
    notebook = project.notebooks / "2-stalls.ipynb"
    messages = preview.edit(notebook, ("[4, 6, 5]", "[4, 7, 5]"))
    assert ran(messages) == ["2-stalls"]
    assert "4 to 7 stalls" in preview.get("notebooks/2-stalls.html")

    # A cell of a table. What the notebooks write is no edit: one build is enough.
    facts = project.data / "article/facts.csv"
    messages = preview.edit(facts, mini.SOLD_31)
    assert messages[0] == {"event": "building", "changed": ["data/article/facts.csv"]}
    messages += preview.until_quiet()
    assert [message["event"] for message in messages].count("building") == 1
    assert pages(messages)[0] == "index.html"
    assert "31 crates later" in preview.get() and "29 crates later" not in preview.get()
    assert "1-crates" in ran(messages)

    # A fault: the panel says where and what, the page is the last good one.
    good = ADDED.sub("", preview.get())
    messages = preview.edit(facts, ("31,attributed", "31,<i>attributed</i>"))
    assert [message["event"] for message in messages if message["event"] == "faults"] == ["faults"]
    bad = preview.get()
    assert 'role="alert"' in bad and "data/article/facts.csv:4:status" in bad
    assert "&lt;i&gt;attributed&lt;/i&gt;" in bad and "<i>attributed</i>" not in bad
    assert ADDED.sub("", bad).replace(fault_panel(bad), "") == good
    # Repaired: no panel, and nothing to render.
    messages = preview.edit(facts, ("31,<i>attributed</i>", "31,attributed"))
    assert "good" in [message["event"] for message in messages] and pages(messages) == ran(messages) == []
    assert "explainer-preview-panel" not in preview.get()

    # A fault of the prose, of a notebook, and of a chart, which is seen only when it is drawn.
    preview.edit(project.index, ("@fig-crates", "@fig-nothing"))
    assert "index.qmd" in preview.get() and "@fig-nothing" in preview.get()
    preview.edit(project.index, ("@fig-nothing", "@fig-crates"))
    assert ADDED.sub("", preview.get()) == good
    row = ('\\"stalls\\": [4, 7, 5]', '\\"stalls\\": 1 / 0')
    axis = ('x=\\"row:Q\\"', 'x=alt.X(\\"row:Q\\", axis={\\"labelExpr\\": \\"no(\\"})')
    preview.edit(notebook, row)
    assert "ZeroDivisionError" in fault_panel(preview.get())
    preview.edit(notebook, row[::-1], axis)
    assert "fig-stalls" in fault_panel(preview.get())
    assert ran(preview.edit(notebook, axis[::-1], ("[4, 7, 5]", "[4, 6, 5]"))) == ["2-stalls"]

    # The report itself was left alone, and a render gives what was shown.
    assert mini.snapshot(project.report) == published
    assert explain(project, "render", "--engine", "pandoc").returncode == 0
    assert (project.report / "index.html").read_text() == ADDED.sub("", preview.get())
    assert not any("_preview" in path.read_text() for path in project.report.rglob("*.html"))
    preview.edit(facts, mini.SOLD_31[::-1])
    assert ADDED.sub("", preview.get()) == ADDED.sub("", first)


def test_notebooks_are_written_as_a_run_writes_them(preview):
    project = preview.project
    notebook = project.notebooks / "2-stalls.ipynb"
    # What a notebook shows depends on how pandas, warnings and streams are set up in its kernel.
    saved = 'values.save("values-stalls")'
    more = (
        f'{saved}; import sys, warnings; print("on standard error", file=sys.stderr); '
        'warnings.warn("a warning"); print(pd.DataFrame([["a wide frame"] * 12]), hash("word")); '
        'type("Shown", (), {})'
    )
    saved, more = (json.dumps(code)[1:-1] for code in (saved, more))
    preview.edit(notebook, (saved, more))
    folders = [project.notebooks, project.data / "tidy"]
    previewed = [mini.snapshot(folder) for folder in folders]
    done = explain(project, "run", "--force")
    assert done.returncode == 0, done.stderr
    assert [mini.snapshot(folder) for folder in folders] == previewed
    assert b"a warning" in previewed[0]["2-stalls.ipynb"] and b"..." not in previewed[0]["2-stalls.ipynb"]
    preview.edit(notebook, (more, saved))


def test_faults_of_the_theme_stand_over_the_last_good_page(preview):
    project = preview.project
    good = ADDED.sub("", preview.get())
    template = project.theme / "page.html"
    preview.save(template, (THEME / "page.html").read_text(encoding="utf-8").replace("$endif$", ""))
    page = ADDED.sub("", preview.get())
    assert page.replace(fault_panel(page), "") == good
    assert "page.html" in fault_panel(page)
    template.unlink()
    preview.until("good")
    assert ADDED.sub("", preview.get()) == good


def test_a_change_of_style_renders_the_page_and_runs_nothing(preview):
    project = preview.project
    good = ADDED.sub("", preview.get())
    rules = (THEME / "style.css").read_text(encoding="utf-8")
    assert "padding: 0 1.1rem" in rules
    style = project.theme / "style.css"
    messages = preview.save(style, rules.replace("padding: 0 1.1rem", "padding: 0 1.7rem"))
    assert pages(messages)[0] == "index.html" and ran(messages) == []
    assert "1.7rem" in preview.get() and "1.7rem" in preview.get("notebooks/1-crates.html")
    style.unlink()
    preview.until("good")
    assert ADDED.sub("", preview.get()) == good


def test_an_edit_of_the_library_starts_the_worker_anew_and_one_of_its_theme_does_not(
    report, tmp_path, monkeypatch
):
    library = tmp_path / "library"
    mini.write(library / "part.py", "a = 1\n")
    mini.write(library / "theme" / "page.js", "1\n")
    monkeypatch.setattr(session, "LIBRARY", library)
    monkeypatch.setattr(sources, "LIBRARY", library)
    monkeypatch.setattr(sources, "THEME", library / "theme")
    preview = Preview(report)
    try:
        preview.until("building")
        before = {preview.session.worker, *processes(preview.session.worker)}
        mini.write(library / "theme" / "page.js", "2\n")
        mini.write(library / "part.py", "a = \n")
        while "src/explainer/part.py:1" not in preview.get():
            time.sleep(0.1)
        # It stands over the pages that the worker makes, which still has the last good library.
        preview.until("good")
        assert "src/explainer/part.py:1" in fault_panel(preview.get())
        assert preview.session.worker in before
        mini.write(library / "part.py", "a = 2\n")
        preview.until("building")
        preview.until("good")
        after = {preview.session.worker, *processes(preview.session.worker)}
        # With the process that kernels are forked from, and one that Python keeps beside it.
        assert len(before) == len(after) == 3
        assert are_gone(before)
        assert "explainer-preview-panel" not in preview.get()
    finally:
        preview.session.close()
    assert are_gone(after)


def test_what_the_library_says_of_its_own_theme_is_watched(tmp_path, monkeypatch):
    theme = tmp_path / "library" / "theme"
    mini.write(theme / "style.css", "a {}\n")
    monkeypatch.setattr(sources, "LIBRARY", tmp_path / "library")
    monkeypatch.setattr(sources, "THEME", theme)
    project = mini.tables(tmp_path / "story")
    watched = sources.Sources(project)
    before = watched.state()
    mini.write(theme / "style.css", "b {}\n")
    assert [name for name, _ in set(watched.state().items()) - set(before.items())] == [
        "explainer/theme/style.css"
    ]


def test_a_preview_that_is_killed_leaves_no_process_and_nothing_by_halves(report):
    command = [sys.executable, "-c", "from explainer.cli import main; main()", "preview", "--no-browser"]
    before = {name: mini.snapshot(report.root / name) for name in ("data", "notebooks", "_report")}
    program = subprocess.Popen(
        [*command, "--port", "0"], cwd=report.root, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert program.stdout.readline().startswith("Preview: ")
    while len(found := {pid for child in processes(program.pid) for pid in (child, *processes(child))}) < 3:
        time.sleep(0.1)
    program.kill()
    program.communicate()
    assert are_gone(found)
    assert before == {name: mini.snapshot(report.root / name) for name in before}


def test_only_this_machine_under_its_own_name_is_served(preview):
    for headers, path in (({"Host": "example.org"}, ""), ({}, "..%2findex.qmd"), ({}, "../_quarto.yml")):
        request = urllib.request.Request(preview.session.address + path, headers=headers)
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


def test_taken_port_is_named(preview):
    port = str(preview.session.server.server_port)
    done = explain(preview.project, "preview", "--no-browser", "--port", port)
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
