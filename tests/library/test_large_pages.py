"""A page of very many links and of a very long table is rendered as any other."""

from __future__ import annotations

import lxml.html
from pypdf import PdfReader

import mini
from program import explain

LINKS, ROWS = 1_000, 5_000


def test_a_page_of_a_thousand_fact_links_and_of_five_thousand_rows(tmp_path):
    project = mini.make(tmp_path / "large")
    cells = list(mini.STALLS)
    cells.insert(
        3,
        "#| label: tbl-rows\nfrom explainer import Table\n\n"
        f'rows = pd.DataFrame({{"row": range({ROWS})}})\n'
        'Table(rows, caption="The rows, one by one.", columns={"row": "Row"})',
    )
    mini.notebook(project.notebooks / "2-stalls.ipynb", cells)
    links = " ".join(['[closed]{.fact ref="fair-closes"}'] * LINKS)
    table = "{{< embed notebooks/2-stalls.ipynb#tbl-rows >}}"
    mini.edit(project.index, "## Sources", f"{links}\n\n{table}\n\n## Sources")
    done = explain(project, "render", "--engine", "pandoc")
    assert done.returncode == 0, done.stdout + done.stderr
    page = lxml.html.document_fromstring((project.report / "index.html").read_bytes())
    assert len(page.xpath("//a[contains(@href, ':~:text=')][normalize-space()='closed']")) == LINKS + 1
    rows = page.xpath("//*[@id='tbl-rows']//tbody/tr")
    assert len(rows) == ROWS and rows[-1].text_content().strip() == str(ROWS - 1)
    sheets = PdfReader(project.report / "report.pdf").pages
    assert any(str(ROWS - 1) in sheet.extract_text() for sheet in reversed(sheets))
