"""What `explainer new` writes renders as it stands, and what it refuses leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import lxml.html
import pytest

import mini
from explainer.draft.sheet import Details
from explainer.ledger.data_check import DataCheck
from explainer.starter import new, readiness
from explainer.starter.names import RESERVED
from explainer.starter.new import NewStory, create
from explainer.starter.update import update
from explainer.system import extension, release
from explainer.system.errors import Caution, Fault
from explainer.system.project import Project
from program import explain

#: Made up for this test.
ARTICLE = """\
Bridge over the Lune shut after lorry fire

June 4, 2033

The bridge over the River Lune will stay shut until Friday, after a lorry burned out on it on
Monday and 14 people were led off on foot, the county council said.

"Nobody was hurt," said Chief Officer Dana Reeve, who counted three damaged cables. About 20,000
vehicles cross the bridge each day.
"""


@pytest.fixture
def article(tmp_path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def desk(tmp_path) -> Path:
    folder = tmp_path / "desk"
    folder.mkdir()
    return folder


def ran(project: Project, *arguments: str) -> str:
    done = explain(project, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_made_up_story_checks_renders_publishes_and_diffs_as_it_stands(ferry, desk):
    assert "no fault" in ran(create(desk, "new").project, "check")
    story = mini.copy_of(ferry, desk / "ferry")
    page = (story.report / "index.html").read_text(encoding="utf-8")
    assert "Ferry stops after harbor collision" in page and "go on:" not in page
    assert (story.report / "report.pdf").is_file()
    assert "18 facts as they are now" in ran(story, "publish")
    said = ran(story, "diff")
    assert "published" in said
    files = {path.name for path in story.root.iterdir()}
    assert {"README.md", "index.qmd", "pyproject.toml", "_quarto.yml", "environment.yml"} < files
    assert {path.name for path in story.notebooks.glob("*.ipynb")} == {"1-facts.ipynb", "2-sources.ipynb"}


def test_an_article_becomes_a_report_that_says_what_is_missing(desk, article):
    story = create(desk, "bridge", article)
    assert story.missing[:4] == [
        "the article's outlet, url, author, timezone (data/article/article.csv)",
        "other reports of the same event (data/sources/sources.csv)",
        f"an editor's eye on {story.facts} drafted facts"
        " (data/article/facts.csv, notes that begin with proposed)",
        "author: who made the report (index.qmd, at the top)",
    ]
    assert not DataCheck(story.project).faults
    ran(story.project, "render", "--engine", "pandoc")
    page = (story.project.report / "index.html").read_text(encoding="utf-8")
    assert "were drafted by rules and wait for an editor’s eye" in " ".join(page.split())
    assert "Other reports and records read so far:" in " ".join(page.split())
    # A value is underlined as a number or a name, not as a whole sentence.
    values = lxml.html.fromstring(page).xpath("//*[contains(@class, 'value')]")
    assert values
    assert not [value.text_content() for value in values if value.text_content().rstrip().endswith(".")]
    # The copy itself is not taken over, nor a sentence of it.
    texts = [path for path in story.project.root.rglob("*") if path.suffix in (".csv", ".qmd", ".txt", ".md")]
    assert not any("will stay shut until Friday, after" in path.read_text("utf-8") for path in texts)
    said = ran(story.project, "publish")
    assert "Readers will miss: the article's outlet, url, author, timezone" in said


def test_what_an_editor_knows_is_taken_over(desk, article):
    details = Details(None, "The Lune Post", "https://example.org/bridge", "P. Quill", "Europe/London")
    story = create(desk, "bridge", article, details)
    assert not any(lack.startswith("the article's") for lack in story.missing)
    described = json.loads(story.project.package.read_bytes())
    assert described["sources"] == [
        {"title": "The Lune Post, 2033-06-04", "path": "https://example.org/bridge"}
    ]
    assert "The Lune Post" in (story.project.data / "sources" / "sources.csv").read_text("utf-8")


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "../x",
        "a.b",
        "x/y",
        "\N{GRINNING FACE}",
        "",
        "-x",
        "con",
        "COM1",
        "explainer",
        "Ünter",
        "a" * 61,
        "x\n",
    ],
)
def test_a_name_that_will_not_do_is_refused(desk, name):
    with pytest.raises(Fault) as caught:
        create(desk, name)
    assert caught.value.value == name and caught.value.remedy
    assert list(desk.iterdir()) == []


def test_reserved_names_are_lower_case():
    assert {name.lower() for name in RESERVED} == RESERVED


def test_a_folder_that_exists_is_left_alone(desk):
    (desk / "ferry").mkdir()
    (desk / "ferry" / "mine.txt").write_text("mine")
    with pytest.raises(Fault, match="something of this name already"):
        create(desk, "ferry")
    assert [path.name for path in desk.rglob("*")] == ["ferry", "mine.txt"]


GERMAN = "Die Fähre fuhr am Montag gegen den Pier, und 17 Menschen wurden verletzt, sagte die Polizei. " * 4
PLAIN = "The mayor said that trees are good and that people like them in the summer, when it is warm.\n\n" * 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\x89PNG" * 20, "is binary, not text"),
        (("Fähre\n\nMarch 3, 2031\n\n" + GERMAN).encode(), "does not read as English"),
        (("Trees\n\nMarch 3, 2031\n\n" + PLAIN).encode(), "holds no paragraph with a fact in it"),
        (PLAIN.encode(), "has no dateline"),
        (b"The storm killed 3 people.\n\n" * 250_000, "more than any article"),
    ],
    ids=["empty", "binary", "German", "no fact", "no dateline", "huge"],
)
def test_an_article_that_will_not_do_leaves_nothing_behind(desk, article, content, words):
    article.write_bytes(content)
    with pytest.raises(Fault) as caught:
        create(desk, "bridge", article)
    assert words in caught.value.what and caught.value.remedy
    assert caught.value.file == "bridge.txt"
    assert list(desk.iterdir()) == []


def test_a_full_disk_leaves_nothing_behind(desk, monkeypatch):
    def full(contents):
        raise OSError(28, "No space left on device", str(next(iter(contents))))

    monkeypatch.setattr(new, "write_all", full)
    with pytest.raises(Fault, match="No space left"):
        create(desk, "ferry")
    assert list(desk.iterdir()) == []


def test_the_command_says_what_was_made_and_what_it_lacks(desk, article):
    done = explain(Project(desk), "new", "bridge", "--article", str(article), "--outlet", "The Lune Post")
    assert done.returncode == 0, done.stderr
    assert "bridge: a story of" in done.stdout and "It is a git repository with one commit." in done.stdout
    assert "  - the article's url, author, timezone (data/article/article.csv)" in done.stdout
    assert "Next: cd bridge, explainer render" in done.stdout
    alone = explain(Project(desk), "new", "other", "--outlet", "The Lune Post")
    assert alone.returncode == 2 and not (desk / "other").exists()


def test_a_story_inside_a_repository_is_left_to_that(desk):
    subprocess.run(["git", "init", "--quiet"], cwd=desk, check=True)
    story = create(desk, "ferry")
    assert story.committed == "It lies in a git repository already: commit it there."
    assert not (story.project.root / ".git").exists()


class TestRelease:
    @pytest.fixture
    def story(self, desk) -> NewStory:
        return create(desk, "ferry", quarto=True)

    def ask_for(self, story: NewStory, version: str) -> None:
        for name in ("pyproject.toml", "environment.yml"):
            mini.edit(story.project.root / name, f"=={release.version()}", f"=={version}")

    def test_a_story_for_a_newer_library_is_refused(self, story):
        self.ask_for(story, "99.1.0")
        (fault,) = DataCheck(story.project).faults
        assert fault.file == "pyproject.toml"
        assert fault.what == f"asks for news-explainer 99.1.0, and {release.version()} is installed"
        assert fault.remedy == "Install it: pip install news-explainer==99.1.0"
        with pytest.raises(Fault, match=r"asks for news-explainer 99\.1\.0"):
            list(update(story.project))

    def test_a_story_for_an_older_library_is_told_how_to_go_on(self, story):
        self.ask_for(story, "0.0.1")
        check = DataCheck(story.project)
        assert not check.faults
        assert any("asks for news-explainer 0.0.1" in str(warning) for warning in check.warnings)
        assert list(update(story.project)) == ["pyproject.toml", "environment.yml"]
        assert not DataCheck(story.project).warnings and not list(update(story.project))

    def test_an_extension_that_is_not_the_librarys_is_renewed(self, story):
        assert not DataCheck(story.project).warnings
        place = extension.folder(story.project)
        (place / "style.css").write_text("/* older */")
        (place / "gone.lua").write_text("-- a filter of an older release")
        (warning,) = DataCheck(story.project).warnings
        assert isinstance(warning, Caution) and warning.remedy == "Renew them: explainer update"
        assert list(update(story.project)) == ["_extensions/explainer"]
        assert not DataCheck(story.project).warnings and not (place / "gone.lua").exists()

    def test_quarto_needs_the_extension_and_the_embedded_engine_does_not(self, story):
        assert not extension.is_missing(story.project)
        shutil.rmtree(extension.folder(story.project))
        assert extension.is_missing(story.project)
        done = explain(story.project, "render", "--engine", "quarto", QUARTO_PATH=sys.executable)
        assert done.returncode == 1
        assert (
            "_extensions/explainer: Quarto needs what is missing here. Write it: explainer update --quarto"
            in done.stderr
        )


def test_quarto_alone_renders_a_new_story(desk, as_on_path):
    story = create(desk, "ferry", quarto=True).project
    done = subprocess.run(
        ["quarto", "render"], cwd=story.root, env=as_on_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Ferry stops after harbor collision" in (story.report / "index.html").read_text(encoding="utf-8")
    assert (story.report / "report.pdf").is_file()


def test_placeholders_are_named_as_missing(desk, article):
    lines = article.read_text("utf-8").split("\n\n")
    article.write_text("\n\n".join(lines[1:]), encoding="utf-8")
    story = create(desk, "bridge", article)
    assert "headline" in story.missing[0] and "outlet" in story.missing[0]
    text = (story.project.data / "article" / "article.csv").read_text("utf-8")
    assert readiness.UNTITLED in text and readiness.UNNAMED in text


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> Path:
    """Return the built wheel, unpacked: the library as somebody has it who has no clone."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(mini.HERE / "src", source / "src", ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(mini.HERE / name, source / name)
    build = "import sys, uv_build; uv_build.build_wheel(sys.argv[1])"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = [sys.executable, "-c", build, str(folder)]
    subprocess.run(command, cwd=source, env=os.environ | {"PATH": path}, check=True, capture_output=True)
    (wheel,) = folder.glob("news_explainer-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "library")
    shutil.rmtree(source)
    return folder / "library"


def test_the_wheel_alone_makes_a_story_and_its_report(unpacked, desk):
    environment = mini.without_quarto() | {"PYTHONPATH": str(unpacked), "HOME": str(desk)}
    program = "import explainer; print(explainer.__file__); from explainer.cli import main; main()"

    def wheel(folder: Path, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith(str(unpacked))
        return done.stdout

    wheel(desk, "new", "ferry")
    wheel(desk / "ferry", "render")
    assert (desk / "ferry" / "_report" / "report.pdf").is_file()
