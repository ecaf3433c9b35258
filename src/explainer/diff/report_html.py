"""A difference as one page that needs nothing but itself."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from importlib.resources import files

from explainer.diff.model import Difference, Item, Pictures, Section, TextChange
from explainer.diff.report_text import NOTHING, printable
from explainer.diff.words import marks

#: Nothing is fetched and no script runs, whatever the texts hold.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
FONT = re.compile(r'font-family="([^",]+)"')
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def as_html(found: Difference) -> str:
    """Return a difference as a page: sentences with their words marked, charts side by side."""
    body = (
        "\n".join([_contents(found), *map(_section, found.sections)])
        if found.sections
        else f"<p>{NOTHING}</p>"
    )
    style = files("explainer.diff").joinpath("page.css").read_text(encoding="utf-8")
    title = f"From {_text(found.was)} to {_text(found.now)}"
    return PAGE.format(policy=escape(POLICY), title=title, style=style, body=body)


def _text(text: str) -> str:
    return escape(printable(text))


def _id(section: Section) -> str:
    return section.title.lower().replace(" ", "-")


def _contents(found: Difference) -> str:
    items = (
        f'<li><a href="#{_id(section)}">{section.title}</a>: {section.summary}</li>'
        for section in found.sections
    )
    return '<nav aria-label="Contents">\n<ul>\n' + "\n".join(items) + "\n</ul>\n</nav>"


def _section(section: Section) -> str:
    items = "\n".join(map(_item, section.items))
    name = _id(section)
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{section.title}</h2>\n{items}\n</section>'


def _item(item: Item) -> str:
    note = f' <span class="note">{_text(item.note)}</span>' if item.note else ""
    head = f'<h3><span class="how {item.how}">{item.how}</span> {_text(item.title)}{note}</h3>'
    pictures = _pictures(item.pictures) if item.pictures else ""
    parts = "\n".join(f"<li>{_part(part)}</li>" for part in item.parts)
    parts = f"<ul>\n{parts}\n</ul>\n" if parts else ""
    return f"<article>\n{head}\n{pictures}{parts}</article>"


def _pictures(pictures: Pictures) -> str:
    sides = (("Before", pictures.was), ("After", pictures.now))
    return (
        '<div class="pair">\n' + "".join(_picture(name, *side) for name, side in sides if side) + "</div>\n"
    )


def _picture(name: str, svg: str, alt: str) -> str:
    # As an image, a drawing runs no script and its ids meet no others.
    # The house type is not in it; what stands in should be no wider.
    svg = FONT.sub(r'font-family="\1, Arial, sans-serif"', svg)
    data = b64encode(svg.encode()).decode()
    image = f'<img src="data:image/svg+xml;base64,{data}" alt="{_text(alt)}">'
    return f"<figure>\n<figcaption>{name}</figcaption>\n{image}\n</figure>\n"


def _part(part: TextChange) -> str:
    label = f"<b>{_text(part.label)}</b> " if part.label else ""
    if part.was is None or part.now is None:
        return label + (
            _mark("added", printable(part.now or ""))
            if part.was is None
            else _mark("removed", printable(part.was))
        )
    found = marks(printable(part.was), printable(part.now))
    return label + "".join(_mark(kind, text) for kind, text in found)


def _mark(kind: str, text: str) -> str:
    if kind == "same":
        return escape(text)
    tag = {"removed": "del", "added": "ins"}[kind]
    # Screen readers pass over what del and ins mean.
    return f'<{tag}><span class="said">{kind}: </span>{escape(text)}</{tag}>'
