"""Faults of the prose, the theme and the library itself are told with their places."""

from __future__ import annotations

import lxml.html
import pytest

import mini
from explainer import cli
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify import pages


def test_a_leftover_of_the_page_is_told_at_its_lines_of_the_prose(tmp_path):
    project = Project(tmp_path)
    mini.write(project.index, "---\ntitle: T\n---\n\nSold: {python} sum(x)\n\nAnd ?? more, ?? too.\n")
    words = "<p>Sold: {python} sum(x)</p><p>And ?? more, ?? too. See @fig-x.</p>"
    tree = lxml.html.document_fromstring(f"<html><body>{words}</body></html>")
    found = list(pages.page(project, tmp_path, "index.html", tree, {"index.html": []}, []))
    assert [(fault.file, fault.row) for fault in found] == [
        ("index.qmd", 5),
        ("index.qmd", 7),
        ("index.html", None),
        ("index.html", None),  # it has no Content-Security-Policy
    ]
    assert str(found[0]).startswith("index.qmd:5: inline code was not computed ('{python}')")


def test_a_file_of_the_theme_that_is_missing_is_named(tmp_path):
    with pytest.raises(Fault, match=r"theme/nope\.html: this file of the theme is missing"):
        Project(tmp_path).theme_file("nope.html")


def broken(capsys, monkeypatch, error: Exception) -> str:
    def start() -> None:
        raise error

    monkeypatch.setattr(cli, "_register", start)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    return capsys.readouterr().err


def test_a_line_of_the_library_that_is_not_python_is_named(capsys, monkeypatch):
    file = str(cli.LIBRARY / "dates.py")
    said = broken(capsys, monkeypatch, SyntaxError("'(' was never closed", (file, 12, 4, "x = (")))
    assert said == "src/explainer/dates.py:12: is not valid Python: '(' was never closed. Mend the line.\n"


def test_an_import_that_finds_nothing_is_named(capsys, monkeypatch):
    said = broken(capsys, monkeypatch, ModuleNotFoundError("No module named 'pandaz'"))
    assert "an import found nothing: No module named 'pandaz'" in said
    assert "install the library again" in said and "Traceback" not in said
