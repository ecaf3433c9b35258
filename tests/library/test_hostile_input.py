"""Whatever stands in a description, a table, the page or a notebook: a fault in seconds, and no traceback."""

from __future__ import annotations

import contextlib
import copy
import json
import os
import subprocess
import sys
import time

import pytest

import mini
from explainer.build.letters import missing_letters
from explainer.data.package import DataPackage
from explainer.ledger.data_check import DataCheck
from explainer.notebooks import graph, ipynb
from explainer.report import site
from explainer.report.pages import read_pages
from explainer.system import limits
from explainer.system.errors import Fault
from explainer.system.structured import parse_json, parse_yaml
from explainer.verify import markdown, supported
from explainer.verify.numbers.hardcoded import find_hardcoded_numbers
from program import explain

SECONDS = 20


@pytest.fixture
def project(tmp_path):
    return mini.tables(tmp_path)


def faults_of(project):
    """Return the faults of a check, which must neither take long nor ask another machine."""
    asked = []
    with listening(asked):
        start = time.process_time()
        faults = DataCheck(project).faults
    assert time.process_time() - start < SECONDS
    assert asked == []
    return faults


@contextlib.contextmanager
def listening(asked):
    """Note every connection to a network; a hook stays, so that it is told when to stop."""
    state = {"on": True}

    def hook(event, args):
        if state["on"] and event in ("socket.connect", "socket.getaddrinfo"):
            asked.append((event, args[-1]))

    sys.addaudithook(hook)
    try:
        yield
    finally:
        state["on"] = False


def facts(package):
    return next(resource for resource in package["resources"] if resource["name"] == "facts")


def column(package, name="as_printed"):
    return next(field for field in facts(package)["schema"]["fields"] if field["name"] == name)


def put(place, **values):
    """Return a change that sets keys of what `place` picks from the description."""
    return lambda package: place(package).update(values)


DESCRIPTIONS = {
    "no resources": lambda package: package.update(resources=[]),
    "resources null": lambda package: package.update(resources=None),
    "resources an object": lambda package: package.update(resources={}),
    "resources of null": lambda package: package.update(resources=[None]),
    "a profile by address": lambda package: package.update(profile="http://evil.invalid/p.json"),
    "a schema of its own by address": lambda package: package.update(
        {"$schema": "http://evil.invalid/p.json"}
    ),
    "too many resources": lambda package: package.update(resources=[{"name": "a", "path": "a"}] * 100_000),
    "a name twice": lambda package: package["resources"].append(copy.deepcopy(facts(package))),
    "schema null": put(facts, schema=None),
    "schema text": put(facts, schema="http://evil.invalid/schema.json"),
    "schema list": put(facts, schema=[]),
    "schema empty": put(facts, schema={}),
    "dialect by address": put(facts, dialect="http://evil.invalid/dialect.json"),
    "data inline": put(facts, data=[["a"], ["b"]]),
    "path by address": put(facts, path="http://evil.invalid/facts.csv"),
    "path absolute": put(facts, path="/etc/passwd"),
    "path above": put(facts, path="article/../../../etc/passwd"),
    "path with NUL": put(facts, path="article/facts\0.csv"),
    "path with a line end": put(facts, path="article/facts.csv\n"),
    "name with a line end": put(facts, name="facts\n"),
    "path list": put(facts, path=["a.csv", "b.csv"]),
    "path number": put(facts, path=3),
    "path of Windows": put(facts, path="C:\\facts.csv"),
    "name null": put(facts, name=None),
    "name list": put(facts, name=["facts"]),
    "fields null": put(lambda package: facts(package)["schema"], fields=None),
    "fields empty": put(lambda package: facts(package)["schema"], fields=[]),
    "a field is text": put(lambda package: facts(package)["schema"], fields=["fact_id"]),
    "a field without a name": lambda package: column(package).pop("name"),
    "a field without a type": lambda package: column(package).pop("type"),
    "an unknown type": put(column, type="poem"),
    "constraints text": put(column, constraints="required"),
    "constraints list": put(column, constraints=["required"]),
    "enum text": put(column, constraints={"enum": "abc"}),
    "pattern number": put(column, constraints={"pattern": 3}),
    "pattern broken": put(column, constraints={"pattern": "(("}),
    "pattern long": put(column, constraints={"pattern": "a" * 501}),
    "minimum null": put(column, constraints={"minimum": None}),
    "jsonSchema by address": put(column, constraints={"jsonSchema": {"$ref": "http://evil.invalid/"}}),
    "listOf text": put(column, listOf="facts"),
    "listOf list": put(column, listOf=["facts", "fact_id"]),
    "listOf without field": put(column, listOf={"resource": "facts"}),
    "maxWords in words": put(column, maxWords="six"),
    "maxWords negative": put(column, maxWords=-1),
    "filledWhen list": put(column, filledWhen=["kind"]),
    "filledWhen empty": put(column, filledWhen={}),
    "filledWhen of two": put(column, filledWhen={"kind": "a", "status": "b"}),
    "filledWhen of nothing": put(column, filledWhen={"kind": []}),
    "typedBy number": put(column, typedBy=1),
    "acyclic without a key": put(column, acyclic=True),
    "namesDay text": put(column, namesDay="kind"),
    "datesEvent halved": put(column, datesEvent={"event": "kind"}),
    "memberOf null": put(column, memberOf=None),
    "onMap true": put(column, onMap=True),
    "phaseOf text": put(column, phaseOf="kind"),
    "a key to itself": put(
        lambda package: facts(package)["schema"],
        foreignKeys=[{"fields": ["fact_id"], "reference": {"resource": "", "fields": ["nothing"]}}],
    ),
    "a key without fields": put(lambda package: facts(package)["schema"], foreignKeys=[{"reference": {}}]),
    "a key of text": put(lambda package: facts(package)["schema"], foreignKeys="fact_id"),
    "primaryKey number": put(lambda package: facts(package)["schema"], primaryKey=3),
    "primaryKey of nothing": put(lambda package: facts(package)["schema"], primaryKey="nothing"),
    "missingValues text": put(lambda package: facts(package)["schema"], missingValues="n/a"),
    "licenses text": lambda package: package.update(licenses="MIT"),
    "producedBy list": put(facts, producedBy=["1-crates"]),
}


@pytest.mark.parametrize("change", DESCRIPTIONS.values(), ids=DESCRIPTIONS.keys())
def test_a_description_that_cannot_be_is_refused(project, change):
    package = json.loads(project.package.read_text(encoding="utf-8"))
    change(package)
    project.package.write_text(json.dumps(package), encoding="utf-8")
    faults = faults_of(project)
    assert faults
    assert {fault.file for fault in faults} == {"data/datapackage.json"}
    assert all(fault.what and fault.remedy for fault in faults)
    # Whatever reads it next stops with the same words.
    with contextlib.suppress(Fault):
        for name, resource in DataPackage(project).resources.items():
            if "schema" in resource:
                DataPackage(project).table(name)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is not JSON"),
        (b"{}", "lacks resources"),
        (b"[]", "must be an object"),
        (b"null", "must be an object"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"[" * 100_000, "within each other"),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "within each other"),
        (b'{"resources": ' + b"1" * 6_000 + b"}", "a number of 6,000 digits"),
        (b'{"resources": [NaN]}', "NaN is no number"),
        (b'{"resources": [1e999]}', "must be an object"),
        (b'{"a": "' + b"[" * 1_000 + b'"}', "lacks resources"),
    ],
)
def test_what_is_no_description_is_refused(project, content, what):
    project.package.write_bytes(content)
    (fault, *_) = faults_of(project)
    assert what in fault.what
    assert fault.remedy


def test_a_pattern_that_takes_for_ever_is_given_up(project, monkeypatch):
    assert limits.PATTERN_SECONDS == 2
    monkeypatch.setattr(limits, "PATTERN_SECONDS", 0.2)
    package = json.loads(project.package.read_text(encoding="utf-8"))
    column(package, "note")["constraints"] = {"pattern": r"(a|a)*[^a]"}
    project.package.write_text(json.dumps(package), encoding="utf-8")
    path = project.data / "article/facts.csv"
    mini.edit(path, "crates,,,,\n", f"crates,,,,{'a' * 60}\n")
    (fault,) = [fault for fault in faults_of(project) if fault.column == "note"]
    assert (fault.row, fault.value) == (4, r"(a|a)*[^a]")
    assert "takes longer than 0.2 seconds" in fault.what


def test_tables_have_limits_that_say_so(project):
    path = project.data / "article/facts.csv"
    text = path.read_text(encoding="utf-8")
    for content, what in (
        (text + "x" * limits.TABLE_BYTES, "more than the 10 MB that are read"),
        (",".join(f"c{number}" for number in range(1_000_000)) + "\n", "has 1,000,000 columns"),
        (text.replace("will close", "w" * 60_000), "a cell of more than 50,000 characters"),
    ):
        path.write_text(content, encoding="utf-8")
        assert any(what in fault.what and fault.remedy for fault in faults_of(project)), what


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["data/article/facts.csv", "data/datapackage.json", "index.qmd"])
def test_a_pipe_in_place_of_a_file_is_refused(project, name):
    path = project.root / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    with pytest.raises(Fault, match="no regular file"):
        if name == "index.qmd":
            read_pages(project)
        else:
            raise faults_of(project)[0]


INCLUDED = "what this page includes has more than the 2 MB"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("missing", None, "the included file is missing"),
        ("pipe", "pipe", "the included file cannot be read: it is no regular file"),
        ("notebooks", None, "the included file cannot be read: it is no regular file"),
        ("../outside.qmd", None, "an included file is not in the project"),
        ("link.qmd", "link", "an included file is not in the project"),
        ("large.qmd", b"x" * (limits.PAGE_BYTES + 1), "the included file has 2.0 MB, more than the 2 MB"),
        ("half.qmd", b"x" * (limits.PAGE_BYTES // 2 + 1), INCLUDED),
        ("odd.qmd", b"\xff", "the included file is not UTF-8 text"),
    ],
)
def test_what_cannot_be_included_is_refused_at_its_line(project, name, content, what):
    place = project.root / name
    project.notebooks.mkdir()
    if content == "pipe":
        os.mkfifo(place)
    elif content == "link":
        place.symlink_to("/etc/hosts")
    elif content is not None:
        place.write_bytes(content)
    include = f"{{{{< include {name} >}}}}\n"
    mini.write(project.index, f"---\ntitle: T\n---\n\n{include * 2}")
    with pytest.raises(Fault) as refused:
        read_pages(project)
    fault = refused.value
    assert fault.what.startswith(what) and fault.remedy
    assert (fault.file, fault.row, fault.value) == ("index.qmd", 6 if what == INCLUDED else 5, name)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x80", "is not UTF-8 text (byte 0)"),
        (b"project: 5\n", "this setting holds others"),
        (b"project: [a]\n", "this setting holds others"),
        (b"format:\n  html: [a]\n  typst: default\n", "this setting holds others"),
        (b"a: &a [x, x]\n? [*a, *a]\n: 1\n", "has an alias, *a"),
        (b"project: " + b"[" * 500, "within each other"),
    ],
)
def test_settings_that_cannot_be_are_refused(project, content, what):
    project.quarto_yml.write_bytes(content)
    mini.write(project.index, "---\ntitle: T\n---\n\nWords.\n")
    with pytest.raises(Fault) as refused:
        supported.check(project)
    (fault, *_) = refused.value.faults
    assert what in fault.what
    assert fault.file == "_quarto.yml" and fault.remedy


@pytest.mark.parametrize(
    "content",
    [
        "project:\n",
        "project: null\n",
        "format:\n  html: default\n",
        "project:\n  render: [['**']]\n",
        "project:\n  render: [//etc/*, a**]\n",
    ],
)
def test_settings_that_say_nothing_are_none(project, content):
    project.quarto_yml.write_text(content, encoding="utf-8")
    mini.write(project.index, "---\ntitle: T\n---\n\nWords.\n")
    supported.check(project)
    assert [page.file for page in read_pages(project)] == ["index.qmd"]


def test_a_sheet_of_paper_is_one_that_typst_knows(project):
    for paper in ("a4", "us-letter"):
        mini.write(project.index, f"---\ntitle: T\npapersize: {paper}\n---\n\nWords.\n")
        supported.check(project)
    mini.write(project.index, '---\ntitle: T\npapersize: \'a4", #read("/etc/hosts")\'\n---\n\nWords.\n')
    with pytest.raises(Fault, match=r"index\.qmd:3:papersize: this setting has no other value here"):
        supported.check(project)


@pytest.mark.parametrize("sheet", ["\\0", "../a.css", "5", "notebooks"])
def test_a_style_sheet_that_cannot_be_is_refused_by_its_name(project, sheet):
    project.notebooks.mkdir()
    mini.write(project.index, f'---\ntitle: T\ncss: "{sheet}"\n---\n\nWords.\n')
    (page,) = read_pages(project)
    with pytest.raises(Fault, match=r"index\.qmd:css: there is no such style sheet"):
        site.style_sheets(project, page.file, page.settings["html"]["css"])


BIDI = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]


@pytest.mark.parametrize("mark", [*BIDI, "{{< var x >}}", ">}}", "{python}", "see @fig-x", "?@fig", "?var:a"])
def test_marks_that_no_page_can_print_are_refused_at_the_cell(project, mark):
    mini.edit(project.data / "sources/sources.csv", "A grower's notes", f"A grower{mark}s notes")
    (fault,) = [fault for fault in faults_of(project) if fault.file == "data/sources/sources.csv"]
    assert (fault.row, fault.column) == (4, "title_short")
    assert fault.remedy


BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]\n"
    for last, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def refuse(what: str, line: int) -> Fault:
    return Fault(what, file="x", row=line)


@pytest.mark.parametrize("text", [BOMB, "a: &a [*a]", "x: &x {a: 1}\ny:\n  <<: *x"])
def test_an_alias_in_yaml_is_refused_before_it_is_followed(project, text):
    with pytest.raises(Fault, match="has an alias"):
        parse_yaml(text, refuse)
    mini.write(project.index, f"---\ntitle: T\n{text}\n---\n\nWords.\n")
    with pytest.raises(Fault, match=r"index\.qmd:\d+: the front matter has an alias"):
        read_pages(project)
    # Pandoc reads metadata anywhere in a text, and in a notebook's cells.
    mini.write(project.index, f"---\ntitle: T\n---\n\nWords.\n\n---\n{text}\n---\n")
    with pytest.raises(Fault, match="the block of metadata has an alias"):
        markdown.read_all(project, read_pages(project), [])
    mini.write(project.index, "---\ntitle: T\n---\n\nWords.\n")
    mini.notebook(project.notebooks / "1-x.ipynb", ["md:# T", f"md:---\n{text}\n---"])
    with pytest.raises(Fault, match="the block of metadata has an alias"):
        markdown.read_all(project, read_pages(project), ipynb.read_all(project))


@pytest.mark.parametrize(
    "text",
    ["[" * 5_000, "a: " + "{a: " * 500, "? " * 3_000, "2018-99-99", "a: !!python/object:os.system x", "\0"],
)
def test_yaml_that_cannot_be_read_is_a_fault(text):
    with pytest.raises(Fault, match=r"is not valid YAML|within each other"):
        parse_yaml(text, refuse)


@pytest.mark.parametrize(
    "text", ["[" * 5_000, "9" * 5_000, "{", '"\\ud800', "Infinity", "[1e]", '{"\\ud800": 1}']
)
def test_json_that_cannot_be_read_is_a_fault(text):
    with pytest.raises(Fault):
        parse_json(text.encode("utf-8", "surrogatepass"), "x")


def test_half_a_character_is_named():
    with pytest.raises(Fault, match=r"has half of a character \('\\\\udc00'\)"):
        parse_json(b'["\\ud83d\\ude00", "\\udc00"]', "x")
    assert parse_json(b'["\\ud83d\\ude00", "\\\\ud800"]', "x") == ["\U0001f600", "\\ud800"]


@pytest.mark.parametrize(
    "code", ["-" * 5000 + "1", '"a"' + '+"a"' * 400, "a" + ".b" * 5000, "'\0'", "(" * 300 + ")" * 300]
)
def test_code_that_nobody_could_have_written_is_refused_at_its_cell(project, code):
    mini.notebook(project.notebooks / "1-crates.ipynb", ["md:# T", code])
    (notebook,) = ipynb.read_all(project)
    with pytest.raises(Fault, match=r"notebooks/1-crates\.ipynb:code cell 1.*: is not valid Python: "):
        graph.build([notebook], project)
    assert find_hardcoded_numbers(notebook) == []


def test_letters_of_many_scripts_build_and_the_others_are_refused_at_their_cells(report):
    path = report.data / "sources/sources.csv"
    words = "Łódź Zażółć Ελλάς Москва ¼ ₿ what?? 𝔘"
    mini.edit(path, "A grower's notes", f"A grower's notes {words}")
    mini.edit(path, "The fair's last day", f"The fair's last day in {words}")
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stderr
    mini.edit(path, "A grower's notes", "A grower's 日 notes 😀")
    done = explain(report, "render", "--engine", "pandoc")
    assert done.returncode == 1
    assert "data/sources/sources.csv:4:title_short: the fonts of the PDF have no letter" in done.stderr
    assert missing_letters(report, "something else") == []


@pytest.mark.parametrize("epoch", ["x", "1e20", "-1", "9" * 30, ""])
def test_a_time_that_is_none_is_refused_before_any_work(report, epoch):
    done = explain(report, "render", "--engine", "pandoc", SOURCE_DATE_EPOCH=epoch)
    assert done.returncode == 1
    assert done.stderr.startswith("SOURCE_DATE_EPOCH in the environment is no time")
    assert done.stdout == ""


def test_an_interpreter_that_drops_docstrings_is_refused_in_words(report):
    done = subprocess.run(
        [sys.executable, "-c", "from explainer.cli import main; main()", "render"],
        cwd=report.root,
        env=mini.without_quarto() | {"PYTHONOPTIMIZE": "2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Python leaves out docstrings, and Altair cannot be imported without.")
