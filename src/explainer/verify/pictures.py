"""Pictures of the author's own: what is wrong with them, and what the report needs of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from explainer.system.errors import Fault
from explainer.system.project import Project
from explainer.verify.markdown import PLACE

#: What browsers and both versions of Typst draw.
KINDS = (".png", ".jpg", ".jpeg", ".gif", ".svg")


def faults(project: Project, file: str, tree: HtmlElement) -> Iterator[tuple[Fault, str]]:
    """Yield what is wrong with the pictures of a page, each with a pattern that finds it in the source."""
    for image in tree.iter("img"):
        address = image.get("src", "")
        wrong = _wrong(project.root / PurePosixPath(file).parent, image, address)
        if wrong is not None:
            what, remedy = wrong
            places = (block.get(PLACE) for block in image.iterancestors())
            fault = Fault(what, file=file, value=unquote(address), remedy=remedy)
            fault.column = next(filter(None, places), None)
            yield fault, rf"!\[[^\]]*\]\(\s*<?{re.escape(unquote(address))}"


def _wrong(folder: Path, image: HtmlElement, address: str) -> tuple[str, str] | None:
    parts, path = urlsplit(address), PurePosixPath(unquote(address))
    if parts.scheme or parts.netloc:
        return "a page may not load a picture from elsewhere", "Put the picture's file beside the page."
    if path.is_absolute() or ".." in path.parts or path.parts[:1] in (("_build",), ("_report",)):
        return "a picture is not in the project", "Put it beside the page, and write its path from there."
    if path.suffix.lower() not in KINDS:
        return "no page and PDF draw a picture of this kind", f"Save it as one of {', '.join(KINDS)}."
    if not (folder / path).is_file():
        return "there is no such picture", "Paths are from the page's folder."
    if not any((image.get(name) or "").strip() for name in ("alt", "data-fig-alt")):
        return (
            "a picture has no words for who does not see it",
            "Write them between the brackets: ![words](file).",
        )
    return None


def paths(trees: Iterable[tuple[str, HtmlElement]]) -> list[str]:
    """Return the path of every picture from the project's root; `trees` are pages and notebooks by file."""
    return sorted(
        {
            (PurePosixPath(file).parent / unquote(image.get("src", ""))).as_posix()
            for file, tree in trees
            for image in tree.iter("img")
        }
    )
