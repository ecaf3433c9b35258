"""A page as the usual tools make it: the same words, and the same charts drawn by the reader's browser.

The words of the report go to Markdown, and the charts go in as the outputs that Altair puts into a notebook.
Quarto renders that, where there is one, with nothing set; else Pandoc does, with its own template. In both
cases the page gets the better of its possibilities: its libraries come from the page's own host in one file,
not from another host in three, and what Quarto adds for HTML in notebooks (require.js, jQuery) is left out.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import lxml.html
import nbformat
import pypandoc
import vl_convert
from altair.utils.html import spec_to_html

from explainer.engines import quarto
from explainer.report.pages import ReportPage, read_pages
from explainer.system.project import Project

#: What of our own page is not words: drawings, what opens, what only a program reads, and the ways about it.
OWN = (
    "svg", "script", "style", "nav", "details", "*[@popover]", "*[contains(@class, 'status')]",
    "button[not(@popovertarget)]",
)  # fmt: skip
PLACE = re.compile(r"^CHART (fig-[\w-]+)$", re.M)
WITHIN = re.compile(r"\[([^\[\]]*)\]\(#[^()]*\)")
LIBRARIES = {"vega": "vega@6.js", "vega-lite": "vega-lite@6.js", "vega-embed": "vega-embed@7.js"}
FOREIGN = re.compile(r'<script [^>]*src="https://cdnjs\.cloudflare\.com/[^"]*"[^>]*></script>\n?')


def build(project: Project, folder: Path) -> str:
    """Write the page and its libraries to `folder` and return how it was made.

    Parameters
    ----------
    project : Project
        The project, with its report rendered.
    folder : Path
        An empty folder; the page is its ``index.html``.
    """
    words = markdown(project)
    libraries(folder / "lib")
    path = quarto.find(project)
    if path is None:
        (folder / "index.html").write_text(with_pandoc(words, project), encoding="utf-8")
        return f"Pandoc {pypandoc.get_pandoc_version()} and Altair (there is no Quarto on this machine)"
    with_quarto(path, words, project, folder)
    return f"Quarto {quarto.version(path)} and Altair"


#: The first cell of the notebook that is timed: charts for a browser on the page, pictures in the PDF.
SETTINGS = """\
#| include: false
import json, os
import altair as alt
with open(os.environ["QUARTO_EXECUTE_INFO"]) as file:
    target = json.load(file)["format"]["identifier"]["target-format"]
alt.renderers.enable("png" if target == "typst" else "default")
"""


def notebook(project: Project, folder: Path) -> None:
    """Write every page as a document for Quarto whose charts are drawn when it is rendered, to HTML and PDF.

    Parameters
    ----------
    project : Project
        The project, with its report rendered.
    folder : Path
        Where they go; ``quarto render`` there makes them.
    """
    folder.mkdir(parents=True)
    (folder / "_quarto.yml").write_text("project:\n  type: default\n", encoding="utf-8")
    for page in read_pages(project):
        (folder / page.file).write_text(_document(project, page, folder), encoding="utf-8")


def _document(project: Project, page: ReportPage, folder: Path) -> str:
    """Return a page as a document, and write the specs of its charts beside it."""

    def chart(place: re.Match[str]) -> str:
        label = place[1]
        spec = project.build / "figures" / label / "spec.json"
        (folder / f"{label}.json").write_bytes(spec.read_bytes())
        code = f'alt.Chart.from_dict(json.load(open("{label}.json")))'
        return f"```{{python}}\n#| echo: false\n{code}\n```"

    formats = "format:\n  html:\n    toc: true\n" + ("  typst: default\n" if page.pdf else "")
    head = f"---\ntitle: Stock\nlang: en\njupyter: python3\n{formats}---\n"
    # Typst refuses a link to a place that is not there, and places are not words.
    text = PLACE.sub(chart, WITHIN.sub(r"\1", markdown(project, page.address)))
    return f"{head}\n```{{python}}\n{SETTINGS}```\n\n{text}"


def markdown(project: Project, page: str = "index.html") -> str:
    """Return a page's words as Markdown, with a line ``CHART fig-…`` where a chart goes."""
    tree = lxml.html.fromstring((project.report / page).read_bytes())
    main = tree.get_element_by_id("main")
    for figure in main.xpath(".//figure[.//svg]"):
        place = lxml.html.fromstring(f"<p>CHART {figure.get('id')}</p>")
        figure.addprevious(place)
    for node in main.xpath(" | ".join(f".//{own}" for own in OWN)):
        if node.getparent() is not None:
            node.drop_tree()
    for node in main.iter():
        if isinstance(node.tag, str):
            for name in set(node.attrib) - {"href"}:
                del node.attrib[name]
    for tag in ("div", "span", "figure", "figcaption", "button", "aside", "header"):
        for node in main.findall(f".//{tag}"):
            node.drop_tag() if tag in ("span", "button") else setattr(node, "tag", "div")
    text = pypandoc.convert_text(
        lxml.html.tostring(main, encoding="unicode"), "markdown-raw_html-native_divs-native_spans",
        format="html-native_divs-native_spans", extra_args=["--wrap=none"],
    )  # fmt: skip
    return PLACE.sub(r"CHART \1", text)


def libraries(folder: Path) -> None:
    """Write what the charts load: all of Vega in the first file, for the others are asked for after it."""
    folder.mkdir(parents=True)
    for name, file in LIBRARIES.items():
        script = vl_convert.javascript_bundle() if name == "vega" else ""
        (folder / file).write_text(script, encoding="utf-8")


def output(project: Project, label: str) -> str:
    """Return a chart as Altair shows it in a notebook."""
    spec = json.loads((project.build / "figures" / label / "spec.json").read_text(encoding="utf-8"))
    versions = {
        f"{name.replace('-', '')}_version": file.partition("@")[2] for name, file in LIBRARIES.items()
    }
    return spec_to_html(
        spec, "vega-lite", template="universal", fullhtml=False, output_div=f"altair-viz-{label}",
        base_url="lib", **versions,
    )  # fmt: skip


def with_pandoc(words: str, project: Project) -> str:
    """Return the page as Pandoc's own template has it."""
    text = PLACE.sub(lambda place: f"```{{=html}}\n{output(project, place[1])}\n```", words)
    options = ["--standalone", "--toc", "--metadata", "title=Stock", "--metadata", "lang=en"]
    return pypandoc.convert_text(text, "html5", format="markdown", extra_args=options)


def with_quarto(path: Path, words: str, project: Project, folder: Path) -> None:
    """Write the page as Quarto renders a notebook for which nothing is set but a title and contents."""
    cells = [nbformat.v4.new_raw_cell("---\ntitle: Stock\nlang: en\ntoc: true\n---")]
    parts = PLACE.split(words)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            cells.append(nbformat.v4.new_markdown_cell(part))
            continue
        shown = nbformat.v4.new_output("display_data", {"text/html": output(project, part)})
        cells.append(
            nbformat.v4.new_code_cell("#| echo: false\nchart", outputs=[shown], execution_count=number)
        )
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    source = folder / "index.ipynb"
    nbformat.write(notebook, source)
    subprocess.run(
        [str(path), "render", source.name, "--to", "html", "--no-execute"],
        cwd=folder, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    source.unlink()
    page = folder / "index.html"
    page.write_text(FOREIGN.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")
