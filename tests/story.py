"""The real story, copied to where a test may edit and render it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import lxml.html

from explainer.system.project import Project
from printed import pages_of_text

HERE = Path(__file__).resolve().parents[1]
#: The pages of prose, each with its PDF.
PAGES = {"index": "report.pdf", "evidence": "evidence.pdf"}
#: What the report is not made from.
LIBRARY = ("examples/", "src/", "tests/")
#: What `_quarto.yml` names in the library.
THEME = "src/explainer/theme/"
TOKEN = re.compile(r"[A-Za-z]+(?:[-’'][A-Za-z]+)*|\d[\d,]*(?:\.\d+)?")


def copy(root: Path) -> Project:
    """Copy the story as git would, without the library and what tests it: no file that is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HERE, capture_output=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.decode().split("\0"):
        is_left_out = name.startswith(LIBRARY) and not name.startswith(THEME)
        if name and not is_left_out and (HERE / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(HERE / name, root / name)
    return Project(root)


def set_answer(project: Project, source_id: str, fact_id: str, **cells: str) -> None:
    """Edit cells of what a source says on a fact, and nothing else."""
    _set(project.data / "sources" / "corroboration.csv", {"source_id": source_id, "fact_id": fact_id}, cells)


def set_fact(project: Project, fact_id: str, **cells: str) -> None:
    """Edit cells of a fact as an editor would, and nothing else."""
    _set(project.data / "article" / "facts.csv", {"fact_id": fact_id}, cells)


def _set(path: Path, key: dict[str, str], cells: dict[str, str]) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    (row,) = [row for row in rows if row.items() >= key.items()]
    row.update(cells)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def page(project: Project, name: str = "index") -> lxml.html.HtmlElement:
    """Return a parsed page."""
    return lxml.html.document_fromstring((project.report / f"{name}.html").read_bytes())


def charts(project: Project) -> list[str]:
    """Return the names of the charts' own pages, which hold their data, in the order of the report."""
    shown = page(project).xpath("//figure[starts-with(@id, 'fig-')]/@id")
    return [f"embed/{label}" for label in shown]


def page_tokens(project: Project) -> list[str]:
    """Return the words and numbers of the pages, with charts, their data and alternative texts, in order."""
    tokens = []
    for name in [*PAGES, *charts(project)]:
        tree = page(project, name)
        asides = "//*[contains(@class, 'stamp') or @data-embed] | //footer | //head | //style | //script"
        for aside in tree.xpath(asides):
            aside.drop_tree()
        tokens += TOKEN.findall(" ".join(tree.itertext()))
    return tokens


#: Attributes with words for readers, search engines and screen readers, and the words that links open.
SAID = ("content", "aria-label", "alt", "title", "href", "data-value")


def everything_said(page: bytes) -> str:
    """Return all that a page says: text, head, linked data, alternative texts and addresses.

    Its stamp and the size of a chart, in the code that shows it elsewhere, are left out.
    """
    tree = lxml.html.document_fromstring(page)
    for aside in tree.xpath("//*[contains(@class, 'stamp')] | //style"):
        aside.drop_tree()
    attributes = (one.get(name) for one in tree.iter() for name in SAID if isinstance(one.tag, str))
    return re.sub(r'height="\d+"', "", " ".join([*tree.itertext(), *filter(None, attributes)]))


def pdf_tokens(project: Project) -> list[str]:
    """Return the words and numbers of the PDFs, charts included, in order."""
    return TOKEN.findall(pdf_text(project))


def pdf_text(project: Project) -> str:
    """Return the text of the PDFs without the breaks that setting them made."""
    pages = [page for name in PAGES.values() for page in pages_of_text(project.report / name)]
    text = re.sub(r"(?<=\d)-\n(?=\d)", "-", "\n".join(pages))  # a hyphen in an address stays one
    text = re.sub(r"[‐\u00ad-]\n", "", text).replace("\n", " ")
    return re.sub(r"Built from data \w+ with libraries \w+", "", text)
