"""A whole report in little: one article, four facts, three sources, two notebooks, one page.

The descriptions of its tables are those of the example data.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
from pathlib import Path

import nbformat

from damaged import EXAMPLE
from explainer.starter.new import FILES
from explainer.system.extension import FOLDER
from explainer.system.project import THEME, Project

HERE = Path(__file__).resolve().parents[1]

TABLES = {
    "article/article.csv": """\
outlet,headline,url,dateline,author,timezone
The Orchard Post,Fruit fair ends,https://example.org/fair,2031-05-09,A. Writer,Europe/Dublin
""",
    "article/paragraphs.csv": """\
paragraph,role,body_number,opens_with,digest
1,headline,,Fruit fair ends,
2,body,1,The fair will close,
3,body,2,Growers said that,
""",
    "article/facts.csv": """\
fact_id,paragraph,kind,subject,as_printed,status,attributed_to,exact,prefix,suffix,unit,refers_to,relation,relative_to,note
fair-closes,2,claim,The fair closes,will close,stated,,fair will close,,,,,,,
visitors,2,count,Visitors,1200,stated,,1200 visitors,,,visitors,,,,
apples,3,count,Apples sold,29,attributed,growers,sold 29 crates,,,crates,,,,
closing-day,2,weekday,Closing day,Friday,stated,,on Friday,,,,,,,
""",
    "sources/sources.csv": """\
source_id,outlet,title_short,url,published,kind,voice,based_on,note
post_0509,Orchard Post,The fair's last day,https://example.org/fair,2031-05-09,news,Orchard Post,,
echo_0510,Valley Echo,What <b>growers</b> sold & where,https://example.org/e?a=1&b=2,2031-05-10,news,Echo,,
blog,Pip & Core,A grower's notes,https://example.org/blog,,advocacy,Pip & Core,,
""",
    "sources/questions.csv": """\
fact_key,fact,value,answered,compared_with,fact_ids,scope,matters,speaker
F01_apples,How many crates were sold,{apples},true,29,apples,article,,
F02_close,Whether the fair closes,Yes,true,,fair-closes,article,,
""",
    "sources/corroboration.csv": """\
fact_key,source_id,fact_id,part,stance,differs_in,source_value,answer_value,about,basis,basis_of,reported,note
F01_apples,echo_0510,apples,,same,,29,29,false,own,,,
F01_apples,blog,apples,,differs,count,"28, <b>by count</b>",28,false,own,,,One lost & found
F02_close,echo_0510,fair-closes,,silent,,,,,,,,
""",
    "corrections.csv": "correction,corrected_on,fact_id,kind,column,was,is,reason,expected\n",
    "published.csv": """\
fact_id,kind,subject,as_printed,status,attributed_to,exact,unit,refers_to,relation,relative_to,corrections,withdrawn
apples,count,Apples sold,29,attributed,growers,sold 29 crates,crates,,,,0,false
closing-day,weekday,Closing day,Friday,stated,,on Friday,,,,,0,false
fair-closes,claim,The fair closes,will close,stated,,fair will close,,,,,0,false
visitors,count,Visitors,1200,stated,,1200 visitors,visitors,,,,0,false
""",
    "exceptions.csv": """\
words,reason
one article,an idiom
for one.,an idiom
one grower,an idiom
a price of $5,an example
50% & more,an example
at $2 each,an example
7 and,an example
"1,200 crates, the last",an example
Half crates,an example
"Ward ""#1""\",the name of a stall
One,the name of a day
"1,200",a table typed by hand
""",
}
SAME = (
    "article", "paragraphs", "facts", "sources", "questions", "corroboration", "corrections", "published",
    "exceptions",
)  # fmt: skip
#: One fact before and after an edit, for `edit`.
SOLD_31 = (
    "Apples sold,29,attributed,growers,sold 29 crates,",
    "Apples sold,31,attributed,growers,sold 31 crates,",
)
VALUES = {"values-crates": "1-crates", "values-stalls": "2-stalls"}

CRATES = [
    "md:# Crates *counted*\n\nWhat each grower sold. @fig-crates shows it, @tbl-growers lists it.",
    "from explainer.authoring.display import setup\n\nsetup()",
    "import altair as alt\nimport pandas as pd\n\nfrom explainer.authoring import Figure, palette\n"
    "from explainer.data.package import load\nfrom explainer.authoring.tables import Table\n"
    "from explainer.authoring.values import Values\n\n"
    'facts = load("facts").set_index("fact_id")\nsold = int(facts.loc["apples", "as_printed"])',
    'frame = pd.DataFrame({"grower": ["O\'Neill <Sons> & Co", "Ward \\"#1\\"", "=Pip*s*"],'
    ' "crates": [sold, 7, 1200]})\nframe',
    "#| label: fig-crates\n"
    "bars = alt.Chart(frame).mark_bar(color=palette.stated)"
    '.encode(x="crates:Q", y=alt.Y("grower:N", sort=None))\n'
    "Figure(\n    bars.properties(height=120),\n    data=frame,\n"
    '    takeaway=f"One grower sold {frame.crates.max():,} crates",\n'
    '    caption=f"Crates sold by {len(frame)} growers, at $2 each #cheap _now_.",\n'
    '    alt=f"Bars: {sold}, 7 and 1,200 crates, the last \\"the most\\".",\n'
    '    sources=["post_0509", "echo_0510"],\n    note="Half crates are left out.",\n'
    "    narrow=bars.properties(height=120, width=300),\n)",
    '#| label: tbl-growers\nTable(frame, caption="Growers [and] what they *sold*.", '
    'columns={"grower": "Grower", "crates": "Crates | sold"}, sources=["blog"])',
    'print("two lines\\nof output")\n{"sold": sold}',
    "md:## What is kept {#sec-kept}\n\nThe values, as @sec-kept says. One is cited [@echo_0510].",
    'values = Values()\nvalues.count("crates.sold", sold, status="attributed", fact_ids=["apples"])\n'
    'values.count("crates.all", int(frame["crates"].sum()), status="computed")\n'
    'values.date("fair.day", pd.Timestamp("2031-05-09"), status="inferred", fact_ids=["closing-day"])\n'
    'values.save("values-crates")',
]
STALLS = [
    "md:# Stalls",
    "from explainer.authoring.display import setup\n\nsetup()",
    "import altair as alt\nimport pandas as pd\n\nfrom explainer.authoring import Figure, palette\n"
    "from explainer.authoring.values import Values\n\n"
    'frame = pd.DataFrame({"row": [1, 2, 3], "stalls": [4, 6, 5]})',
    "#| label: fig-stalls\n"
    'line = alt.Chart(frame).mark_point(color=palette.computed).encode(x="row:Q", y="stalls:Q")\n'
    'Figure(line, data=frame, takeaway="The middle row was the fullest", caption="Stalls in each row.",'
    ' alt=f"Points: {frame.stalls.min()} to {frame.stalls.max()} stalls.")',
    'values = Values()\nvalues.count("stalls.total", int(frame["stalls"].sum()), status="computed")\n'
    'values.save("values-stalls")',
]
NOTEBOOKS = {"1-crates": CRATES, "2-stalls": STALLS}

PAGE = """\
---
title: "The fair, {{< var crates.sold.n >}} crates later"
subtitle: "A report on *one* article, and on {{< var crates.all.n >}} crates."
description: "What the article says of {{< var crates.all.n >}} crates."
author: "A newsroom"
date: 2031-06-01
---

The fair [closed]{.fact ref="fair-closes"} on {{< var fair.day.weekday >}}, {{< var fair.day.long >}}, after
[{{< var crates.sold.n >}} crates]{.fact ref="apples"} were sold.[^kept] Write {{{< var name >}}} for one.

[^kept]: Of {{< var crates.all.n >}} in all, says [@blog].

::: {.key-figures}
- **{{< var crates.sold.n >}}** crates [sold]{.fact ref="apples"} at the fair
- **{{< var stalls.total.Words >}}** stalls
:::

It's no list when a line begins with a number and a stop, like
{{< var crates.sold.n >}}. Not this one.

## Who sold what {#sec-who}

Most came from one grower (@fig-crates), says the Echo [@echo_0510; @post_0509]. See also @tbl-growers and
@fig-stalls; [-@fig-crates] comes first.

{{< embed notebooks/1-crates.ipynb#fig-crates >}}

{{< embed notebooks/1-crates.ipynb#tbl-growers >}}

::: {.callout-warning title="A caveat"}
Counts are *approximate*: {{< var crates.sold.words >}} is what growers said [@echo_0510].
:::

{{< pagebreak >}}

## How full it was

{{< embed notebooks/2-stalls.ipynb#fig-stalls >}}

As @sec-who shows, a price of $5 and a mail to a\\@b.org are no trouble: `code_span`, #tag, 50% & more.

| Day | Visitors |
|:----|---------:|
| One |    1,200 |

### Later

> Nobody said "never", and it's a pity.

## Sources

::: {#refs}
:::
"""


def make(root: Path) -> Project:
    """Make the project in `root`: its notebooks are written, not run."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copytree(HERE / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "uv.lock", root / "uv.lock")
    tables(root)
    for name, cells in NOTEBOOKS.items():
        notebook(root / "notebooks" / f"{name}.ipynb", cells)
    shutil.copy(FILES / "notebooks" / "_metadata.yml", root / "notebooks" / "_metadata.yml")
    write(root / "index.qmd", PAGE)
    return Project(root)


def tables(root: Path) -> Project:
    """Make the tables of the project alone: enough for what reads and writes nothing else."""
    for file, text in TABLES.items():
        write(root / "data" / file, text)
    write(root / "data" / "datapackage.json", json.dumps(_package(), indent=1))
    # A new story has the theme where `explainer new --quarto` puts it.
    quarto = (FILES / "_quarto.yml").read_text(encoding="utf-8")
    write(root / "_quarto.yml", quarto.replace(FOLDER, THEME.as_posix()))
    return Project(root)


def own_theme_file(project: Project, name: str) -> Path:
    """Return a copy of a file of the library's theme, which the project uses in its place."""
    path = project.theme / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(THEME / name, path)
    return path


def _package() -> dict:
    """Return the example's description, cut down to the tables of this story."""
    whole = json.loads(EXAMPLE.package.read_text(encoding="utf-8"))
    known = {resource["name"]: resource for resource in whole["resources"]}
    resources = [known[name] for name in SAME]
    for name, producer in VALUES.items():
        resource = copy.deepcopy(known["values-facts"])
        resources.append(resource | {"name": name, "path": f"tidy/{name}.csv", "producedBy": producer})
    return whole | {"name": "mini", "resources": resources}


def write(path: Path, text: str) -> None:
    """Write `text` to `path`, making folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def notebook(path: Path, cells: list[str]) -> None:
    """Write a notebook that has not run, cells beginning with ``md:`` as Markdown."""
    node = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, source in enumerate(cells):
        kind = nbformat.v4.new_markdown_cell if source.startswith("md:") else nbformat.v4.new_code_cell
        node.cells.append(kind(source.removeprefix("md:"), id=f"c{number}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, path)


def copy_of(project: Project, root: Path) -> Project:
    """Return a copy of a project, with its executed notebooks and all its work files."""
    shutil.copytree(project.root, root, symlinks=True)
    return Project(root)


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place where `path` holds `old`."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_quarto() -> dict[str, str]:
    """Return the environment as it is on a machine that has no Quarto, and where nobody named an address."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    kept = [folder for folder in folders if not shutil.which("quarto", path=folder)]
    left = {
        key: value
        for key, value in os.environ.items()
        if key not in ("QUARTO_PATH", "CONDA_PREFIX", "SITE_URL")
    }
    return left | {"PATH": os.pathsep.join(kept)}
