"""Drafts of a preview: made from notebooks kept in memory, and the same as what a run from the top gives."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

import mini
import story
from explainer.authoring import renderer, theme
from explainer.notebooks import run
from explainer.notebooks.execute import environment
from explainer.notebooks.kernel import STAGE
from explainer.preview import draft
from explainer.preview.draft import Draft
from explainer.preview.painter import Painter
from explainer.preview.process import Process
from explainer.preview.sources import Sources
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain


@pytest.fixture
def drafted(report):
    """Return the project, and a function that makes a draft of its page."""
    made, sources = Draft(report), Sources(report)

    def page(address: str = "index.html") -> str:
        made.page(address, sources.state())
        return (draft.pages(report) / address).read_text(encoding="utf-8")

    yield report, page
    made.close()


def test_draft_is_what_a_build_gives_and_leaves_everything_else_alone(drafted):
    project, page = drafted
    before = {name: mini.snapshot(project.root / name) for name in ("data", "notebooks", "_report")}
    assert page() == (project.report / "index.html").read_text(encoding="utf-8")
    assert before == {name: mini.snapshot(project.root / name) for name in before}
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    shown, notebook = page(), page("notebooks/1-crates.html")
    assert "31 crates later" in shown
    assert before["_report"] == mini.snapshot(project.report)
    assert explain(project, "render", "--engine", "pandoc").returncode == 0
    assert notebook == (project.report / "notebooks/1-crates.html").read_text(encoding="utf-8")
    # What stands beside the page, and is told to programs at its end, is the build's.
    body = (project.report / "index.html").read_text(encoding="utf-8").partition("<main")[2]
    assert shown.partition("<main")[2].partition("<script")[0] == body.partition("<script")[0]


def test_draft_of_what_is_wrong_is_none_and_the_next_is_as_good_as_ever(drafted):
    project, page = drafted
    first = page()
    facts, notebook = project.data / "article/facts.csv", project.notebooks / "1-crates.ipynb"
    mini.edit(facts, "29,attributed", "29,claimed")
    with pytest.raises(Fault, match="claimed"):
        page()
    mini.edit(facts, "29,claimed", "29,attributed")
    mini.edit(notebook, 'frame[\\"crates\\"].sum()', 'frame[\\"crates\\"].sum() / 0')
    with pytest.raises(Fault, match="failed"):
        page()
    mini.edit(notebook, 'frame[\\"crates\\"].sum() / 0', 'frame[\\"crates\\"].sum()')
    stalls = project.notebooks / "2-stalls.ipynb"
    bad = 'x=alt.X(\\"row:Q\\", axis={\\"labelExpr\\": \\"no(\\"})'
    mini.edit(stalls, 'x=\\"row:Q\\"', bad)  # which is seen when it is drawn
    with pytest.raises(Fault, match="fig-stalls"):
        page()
    mini.edit(stalls, bad, 'x=\\"row:Q\\"')
    assert page() == first


def test_notebook_begins_as_soon_as_the_table_is_saved_that_it_waits_for(drafted):
    project, page = drafted
    # The first notebook ends only when the second has written, which waits for what the first saves.
    waiting = """\
import time
from pathlib import Path

until = time.time() + 20
while f",{sold + 11}," not in Path("../data/tidy/values-stalls.csv").read_text():
    assert time.time() < until, "the other notebook has not begun"
    time.sleep(0.02)
"""
    stalls = [cell.replace('"stalls": [4, 6, 5]', '"stalls": [sold, 6, 5]') for cell in mini.STALLS]
    stalls.insert(2, 'from explainer import load\n\nrows = load("values-crates").set_index("name")\n'
                     'sold = int(rows.loc["crates.sold", "value"])')  # fmt: skip
    mini.notebook(project.notebooks / "1-crates.ipynb", [*mini.CRATES, waiting])
    mini.notebook(project.notebooks / "2-stalls.ipynb", stalls)
    assert "40" in page()
    mini.edit(project.data / "article/facts.csv", *mini.SOLD_31)
    assert "42" in page()


def test_table_that_comes_out_the_same_is_not_written_again(report):
    table = report.data / "tidy/values-crates.csv"
    before = table.stat()
    process = Process(report, "1-crates")
    try:
        told = []
        process.update(told.append)
        assert told == ["data/tidy/values-crates.csv"]
        assert "data/tidy/values-crates.csv" in process.made
        after = table.stat()
        assert (after.st_ino, after.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)
        table.write_text("", encoding="utf-8")
        process.end()
        process = Process(report, "1-crates")
        process.update()
        assert table.stat().st_size == before.st_size
    finally:
        process.end()


def test_page_that_was_begun_is_made_of_the_newest_data_words_and_theme(report):
    made, sources = Draft(report), Sources(report)

    def page(*, begun: bool) -> str:
        if begun:
            made.prepare(["index.html"])
            time.sleep(0.5)  # so that it waits, or most likely does
        made.page("index.html", sources.state())
        return (draft.pages(report) / "index.html").read_text(encoding="utf-8")

    try:
        made.update(sources.state())
        first = page(begun=True)
        assert page(begun=False) == first
        made.prepare(["index.html"])
        mini.edit(report.data / "article/facts.csv", *mini.SOLD_31)
        mini.edit(report.data / "sources/sources.csv", "The fair's last day", "The last of the fair")
        second = page(begun=False)
        assert second == page(begun=True) != first
        assert "31 crates later" in second and "The last of the fair" in second
        made.prepare(["index.html"])
        mini.edit(report.index, "How full it was", "How empty it was")
        third = page(begun=False)
        assert "How empty it was" in third and "How full" not in third
        made.prepare(["index.html"])
        mini.edit(report.theme_file("filters/evidence.lua"), "Value by value", "One by one")
        assert "One by one" in page(begun=False)
    finally:
        made.close()


CELLS = """
import json, sys
from pathlib import Path
import nbformat
from explainer.preview import live
from explainer.project import Project

root = Path(sys.argv[1])
sys.addaudithook(live.kernel.watch)
path = root / "a.ipynb"
kept = live.Live(Project(root), path, lambda file: log(f"saved {file}"))

def log(word):
    with open(root / "log.txt", "a") as stream:
        stream.write(word + "\\n")

for number, sources in enumerate(json.loads(sys.argv[2])):
    (root / "half.txt").write_text(str(number // 2))
    node = nbformat.v4.new_notebook()
    node.cells = [nbformat.v4.new_code_cell(source, id=f"c{at}") for at, source in enumerate(sources)]
    nbformat.write(node, path)
    try:
        made = nbformat.reads(kept.update(wanted=["data/x.csv"]).decode(), 4)
    except live.Fault as fault:
        print(json.dumps([str(fault), []]))
        continue
    finally:
        log("")
    print(json.dumps([kept.ran, [output.text for cell in made.cells for output in cell.outputs]]))
"""


def walks(root: Path, *states: list[str]) -> list[list]:
    """Return for each state of a notebook the numbers of the cells that ran, and what all cells print."""
    mini.write(root / "_quarto.yml", "")
    done = subprocess.run(
        [sys.executable, "-c", CELLS, str(root), json.dumps(states)],
        env=environment(Project(root), root) | {STAGE: str(root / "stage")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


FIRST = ["import pandas as pd", "a = 1", "b = 2", "def f():\n    return a + 1", "print(f())", "print(b)"]


def test_cell_runs_again_when_what_it_sees_changed_and_only_then(tmp_path):
    changed = [*FIRST]
    changed[1] = "a = 5"
    said = walks(tmp_path, FIRST, FIRST, changed, [*changed[:2], "b = 1 + 1", *changed[3:]])
    assert said[0] == [[1, 2, 3, 4, 5, 6], ["2\n", "2\n"]]
    assert said[1][0] == []
    # The function is the same, but what it sees is not.
    assert said[2] == [[2, 4, 5], ["6\n", "2\n"]]
    # A cell that gives the same as before: nothing after it runs.
    assert said[3] == [[3], ["6\n", "2\n"]]


CHANGING = [
    "import pandas as pd\nt = pd.DataFrame({'x': [1, 2]})\nrows = [1]",
    "t['y'] = t['x'] * 10\nrows.append(2)\nn = 0",
    "t['y'] = t['y'] + 1\nrows.append(3)",
    "print(t['y'].tolist(), rows)",
]


def test_cell_that_changes_what_an_earlier_one_made_finds_it_as_it_was(tmp_path):
    second = [*CHANGING]
    second[2] = "t['y'] = t['y'] + 2\nrows.append(4)"
    first, again, other = walks(tmp_path, CHANGING, CHANGING, second)
    assert first == [[1, 2, 3, 4], ["[11, 21] [1, 2, 3]\n"]]
    assert again[0] == []
    assert other == [[3, 4], ["[12, 22] [1, 2, 4]\n"]]


def test_cell_that_may_see_anything_runs_every_time_and_a_name_in_a_query_counts(tmp_path):
    cells = [
        "import pandas as pd\nt = pd.DataFrame({'x': [1, 2]})",
        "least = 2",
        "print(len(t.query('x >= @least')))",
        "print(sorted(name for name in globals() if name == 'least'))",
    ]
    other = [cells[0], "least = 1", *cells[2:]]
    said = walks(tmp_path, cells, cells, other)
    assert said[1][0] == [4]
    assert said[2] == [[2, 3, 4], ["2\n", "['least']\n"]]


def test_file_that_changed_makes_the_cell_run_that_read_it(tmp_path):
    cells = [
        "from pathlib import Path",
        f"print(Path({str(tmp_path / 'half.txt')!r}).read_text())",
        "print(1)",
    ]
    first, again, changed = walks(tmp_path, cells, cells, cells)
    assert first == [[1, 2, 3], ["0\n", "1\n"]]
    assert again[0] == []
    assert changed == [[2], ["1\n", "1\n"]]


FOR_OTHERS = """
from pathlib import Path
from explainer.data import package

def log(word):
    with open(Path("{root}") / "log.txt", "a") as stream:
        stream.write(word + "\\n")

half = Path("{root}/half.txt").read_text()
""".replace("\\\\", "\\")
SAVE = "log('save'); package.trace.add(('write', 'data/x.csv')); print(due)"


def steps(root: Path) -> list[list[str]]:
    """Return what the cells logged, and what they saved, in each walk."""
    return [step.split("\n") for step in (root / "log.txt").read_text().strip("\n").split("\n\n")]


def test_what_others_wait_for_is_made_before_all_else(tmp_path):
    cells = [
        FOR_OTHERS.format(root=tmp_path),
        "log('beside'); beside = half",
        "log('due'); due = [half]",
        "log('more'); due.append('!')",
        "log('show'); print(beside)",
        SAVE,
    ]
    first, again, changed = walks(tmp_path, cells, cells, cells)
    assert first == [[1, 2, 3, 4, 5, 6], ["0\n", "['0', '!']\n"]]
    assert again[0] == []
    assert changed == [[1, 2, 3, 4, 5, 6], ["1\n", "['1', '!']\n"]]
    in_order, nothing, for_others = steps(tmp_path)
    assert in_order == ["beside", "due", "more", "show", "save", "saved data/x.csv"]
    assert nothing == ["saved data/x.csv", "saved data/x.csv"]
    assert for_others[:4] == ["due", "more", "save", "saved data/x.csv"]
    assert for_others[4:] == ["beside", "show", "saved data/x.csv"]


def test_table_made_before_its_turn_from_too_little_is_refused_and_right_the_next_time(tmp_path):
    cells = [
        FOR_OTHERS.format(root=tmp_path),
        "log('due'); due = half",
        "if half == '1':\n    log('other'); due = 'other'",
        SAVE,
    ]
    first, _, changed, again = walks(tmp_path, cells, cells, cells, cells)
    assert first[1] == ["0\n"]
    assert "rests on more than before" in changed[0]
    assert again[1] == ["other\n"]
    assert steps(tmp_path)[3] == ["due", "other", "save", "saved data/x.csv"]


def read(root: Path) -> dict[str, nbformat.NotebookNode]:
    """Return every notebook, however it is written."""
    return {path.name: nbformat.read(path, 4) for path in (root / "notebooks").glob("*.ipynb")}


@pytest.mark.slow
def test_drafts_of_the_story_are_those_of_a_run_from_the_top(tmp_path):
    project = story.copy(tmp_path / "story")
    run(project)
    made, sources = Draft(project), Sources(project)
    try:
        made.update(sources.state())
        for file, old, new in (
            ("article/facts.csv", "29", "31"),
            ("sources/sources.csv", "AP rolling", "AP’s rolling"),
            ("context/timeline.csv", "ship grounds", "vessel grounds"),
        ):
            path = project.data / file
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            made.update(sources.state())
    finally:
        made.close()
    copy = draft.folder(project)
    tables, books = mini.snapshot(copy / "data/tidy"), read(copy)
    run(project)
    assert tables == mini.snapshot(project.root / "data/tidy")
    assert books == read(project.root)
    assert b"31" in tables["counts.csv"]


def test_painter_draws_what_the_renderer_does_and_leaves_what_it_cannot():
    painter = Painter(str(theme.fonts()))
    theme.register_fonts()
    spec = {"mark": "point", "data": {"values": [{"café": 1}]}, "encoding": {"x": {"field": "café"}}}
    bad = spec | {"transform": [{"calculate": "no(", "as": "b"}]}
    try:
        with pytest.raises(ValueError, match="Unexpected end"):
            renderer.to_svg(bad)
        assert painter.draw(bad) is None
        assert painter.draw(spec) == renderer.to_svg(spec)
    finally:
        painter._process.kill()
        painter._process.wait()
    assert painter.draw(spec) is None
