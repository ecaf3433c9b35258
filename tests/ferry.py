"""A made-up article with its fact sheet, small enough to see every word of it at once."""

from __future__ import annotations

import csv
import html
import io
import json
from pathlib import Path

from damaged import EXAMPLE
from explainer.system.project import MARKER, Project

LINES = [
    "March 3, 2031",
    "Ferry stops after harbor collision",
    "The ferry’s owners said Monday that the Blue Heron will not sail until April 14, after it struck a pier "
    "in Port Ansel.",
    "“Nobody was badly hurt,” said Captain Ruth Okafor, who counted 17 passengers with bruises. "
    "Twenty-two others were led ashore by the Coast Watch – all within the hour.",
    "The collision came 9 days after the line raised fares. The line’s lowest fare is $4, and Okafor’s crew "
    "sailed on April 2.",
    "MORE HARBOR NEWSPier to close, says mayor",
    "Follow the Ansel Herald",
]
TEXT = "\n\n".join(LINES) + "\n"

TABLES = {
    "article": """\
outlet,headline,url,dateline,author,timezone
Ansel Herald,Ferry stops after harbor collision,https://example.org/ferry,2031-03-03,P. Quill,Europe/Dublin
""",
    "paragraphs": """\
paragraph,role,body_number,opens_with,digest
1,dateline,,"March 3, 2031",
2,headline,,Ferry stops after,
3,body,1,The ferry’s owners said,
4,body,2,“Nobody was badly,
5,body,3,The collision came,
6,link,,"MORE HARBOR NEWSPier to",
7,footer,,Follow the Ansel,
""",
    "facts": """\
fact_id,paragraph,kind,subject,as_printed,status,attributed_to,exact,prefix,suffix,unit,refers_to,relation,relative_to,note
published,1,date,Published,"March 3, 2031",stated,,"March 3, 2031",,,,,,,
stops,2,claim,The ferry stops,Ferry stops,stated,,Ferry stops after harbor collision,,,,,,,
announced,3,weekday,Day of the announcement,Monday,stated,,Monday,owners said,,,,,,
boat,3,system,The ferry,Blue Heron,stated,,Blue Heron,,,,,,,
no-sailing,3,claim,It will not sail,will not sail,stated,,Blue Heron will not sail,,,,,,,
until,3,date,Day it may sail again,April 14,stated,,April 14,,,,no-sailing,until,,
port,3,place,Where it struck,Port Ansel,stated,,Port Ansel,,,,,,,
captain,4,person,The captain,Captain Ruth Okafor,stated,,Captain Ruth Okafor,,,,,,,
bruised,4,count,Passengers with bruises,17,attributed,Ruth Okafor,17,,,people,,,,
ashore,4,count,Others led ashore,Twenty-two,stated,,Twenty-two others,,,people,,,,
watch,4,organization,Who led them,Coast Watch,stated,,Coast Watch,,,,ashore,,,
interval,5,interval,Days since fares rose,9 days after,stated,,9 days after,,,days,,,,
fares,5,claim,Fares rose,raised fares,stated,,the line raised fares,,,,,,,
fare,5,count,Lowest fare,$4,stated,,$4,lowest fare is,,dollars,,,,
last-trip,5,date,Last trip before,April 2,stated,,April 2,,,,crew,on,,
crew,5,claim,Her crew sailed,sailed,stated,,crew sailed on,,,,,,,
pier,6,claim,A pier will close,to close,stated,,Pier to close,NEWS,,,,,,
outlet,7,organization,The outlet,Ansel Herald,stated,,Ansel Herald,,,,,,,
""",
    "left-out": """\
paragraph,words,kind,reason
5,Okafor,person,Named again; fact captain
6,HARBOR NEWS,other,Label of the site
""",
    "gazetteer": """\
place_id,name,kind,county,state,lat,lon,accuracy_m,source_id,note
tarn,Tarn Bridge,building,,PA,1.5,2.5,,,Made up
""",
    "sources": """\
source_id,outlet,title_short,url,published,kind,voice,based_on,note
herald,Ansel Herald,Ferry stops,https://example.org/ferry,2031-03-03,news,,,
""",
}


def make(root: Path) -> Project:
    """Write the project's data to `root`, described as the example data are."""
    described = json.loads(EXAMPLE.package.read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in described["resources"]}
    project = Project(root)
    for name, text in TABLES.items():
        path = project.data / resources[name]["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    kept = [resource for name, resource in resources.items() if name in TABLES]
    project.package.write_text(json.dumps(described | {"resources": kept}), encoding="utf-8")
    (root / MARKER).touch()
    return project


def edit(project: Project, table: str, key: str, **cells: str) -> None:
    """Change cells of the row whose first cell is `key`."""
    path = project.data / "article" / f"{table}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    first = next(iter(rows[0]))
    (row,) = [row for row in rows if row[first] == key]
    row.update(cells)
    write(path, rows)


def add(project: Project, table: str, row: str) -> None:
    """Add a row as CSV."""
    path = project.data / "article" / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")


def write(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def page(lines: list[str]) -> str:
    """Return a page with `lines` as a site would set them, its own lines around them.

    The site repeats the headline in a list, has numbers, dates and names of its own, and hides some text.
    """
    blocks = []
    for line in lines:
        text = html.escape(line, quote=False).replace("’", "&rsquo;").replace(" others", "&nbsp;others")
        level = "h1" if "." not in line and len(line) > 20 else "p"
        blocks.append(f"<{level}>{text}</{level}>")
    story = "\n".join(blocks)
    headline = html.escape(next((line for line in lines if len(line) > 30), lines[0]))
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{headline} | The Site</title>
<style>p {{ margin: 0 }}</style><script>var visitors = "17 passengers";</script>
<script type="application/ld+json">{{"datePublished": "1999-01-01"}}</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/weather">Weather for Thursday</a></li></ul></nav>
<header><a href="/subscribe">Subscribe for $5 until June 30</a></header>
<main><article>{story}</article></main>
<template><p>Twelve more</p></template><p hidden>Hidden 99</p>
<aside><h3>Most read</h3><ol><li><a href="/1">{headline}</a></li>
<li><a href="/2">Rex Bloom, 41, wins</a></li></ol>
</aside><footer>© 2031 The Site, 12 Long Street</footer></body></html>
"""
