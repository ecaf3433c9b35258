"""What a page includes: the text of other files, in place of ``{{< include _part.qmd >}}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from explainer.report import shortcodes
from explainer.system import limits
from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.system.structured import read_text

#: On a line of its own; anywhere else it is refused as a shortcode is.
LINE = re.compile(r"^\{\{<[ \t]+include[ \t]+(?P<path>[^\s\0]+)[ \t]+>\}\}[ \t]*$", re.MULTILINE)


def find(text: str) -> Iterator[re.Match[str]]:
    """Yield each include of a page that stands on a line of its own, outside code and front matter."""
    code = shortcodes.code_spans(text)
    head = shortcodes.FRONT_MATTER.match(text)
    for match in LINE.finditer(text):
        if match.start() >= (head.end() if head else 0) and not shortcodes.within(match.start(), code):
            yield match


def expand(project: Project, file: str, text: str) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Return a page with what it includes, and file and line of each of its lines.

    Raises
    ------
    Fault
        If a file is missing, outside the project, no text, or includes another, or all is too long.
    """
    parts: list[str] = []
    places: list[tuple[str, int]] = []
    end = length = 0

    def add(part: str, name: str, first: int) -> None:
        parts.append(part)
        places.extend((name, first + number) for number in range(part.count("\n")))

    for match in find(text):
        add(text[end : match.start()], file, shortcodes.line_of(text, end))
        row = shortcodes.line_of(text, match.start())
        name, included = read(project, file, match["path"], row)
        length += len(included)
        if length > limits.PAGE_BYTES:
            what = (
                f"what this page includes has more than the {limits.PAGE_BYTES / 1e6:,.0f} MB that are read"
            )
            raise Fault(what, file=file, row=row, value=match["path"], remedy="Include less.")
        add(included.rstrip("\n") + "\n", name, 1)
        # The end of the included text is that of the line.
        end = match.end() + 1
    rest = text[end:]
    add(rest, file, shortcodes.line_of(text, end))
    places.append((file, text.count("\n") + 1))
    return "".join(parts), tuple(places)


def read(project: Project, file: str, path: str, row: int) -> tuple[str, str]:
    """Return name and text of an included file; see `expand`."""

    def fault(what: str, remedy: str) -> Fault:
        return Fault(what, file=file, row=row, value=path, remedy=remedy)

    root = project.root.resolve()
    place = (root / path.removeprefix("/")).resolve()
    if root not in place.parents:
        raise fault("an included file is not in the project", "Put it beside the page.")
    try:
        text = read_text(place, path)
    except Fault as error:
        raise fault(f"the included file {error.what}", "Paths are from the page's folder.") from None
    if shortcodes.FRONT_MATTER.match(text):
        raise fault("an included file has front matter", "Leave that to the page.")
    if next(find(text), None) is not None:
        raise fault("an included file includes another", "Include both in the page.")
    return Path(place).relative_to(root).as_posix(), text
