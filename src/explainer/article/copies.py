"""A copy of an article: a text file or a saved page, read as lines of text.

`inscriptis` returns every line that a page shows; `trafilatura` tells which of them belong to the article and
not to the site around it. Nothing is fetched.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from explainer.article.metadata import NO_METADATA, Metadata, read_metadata
from explainer.data.encoding import RESAVE_ARTICLE, decode_article
from explainer.english.typeset import bare
from explainer.system import limits
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HTML = re.compile(
    r"\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*)*+<(?:!doctype\s+html|html|head|body|article|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BREAK = "\ue000"  # in place of <br>, which ends a line and not a paragraph
_MOST_COMPARED = 1_000_000  # pairs of lines; a page with more is a list and no story


@dataclass(frozen=True)
class Line:
    """One line of a copy.

    Parameters
    ----------
    text : str
        The line, stripped.
    chunk : int
        Lines with no blank line between them share a number.
    main : bool
        Whether it seems to belong to the article and not to the site.
    """

    text: str
    chunk: int
    main: bool = True


@dataclass(frozen=True)
class Article:
    """A copy of an article.

    Parameters
    ----------
    name : str
        Its file name, for messages.
    lines : tuple of Line
        Its lines in order, without blank ones.
    metadata : Metadata
        What a page says of itself; empty for plain text.
    """

    name: str
    lines: tuple[Line, ...]
    metadata: Metadata = NO_METADATA


def read(path: Path | str) -> Article:
    """Read a copy of an article from a file, plain text or HTML.

    Parameters
    ----------
    path : Path or str
        The file; at most 5 MB, and at most 500,000 characters of text.

    Raises
    ------
    Fault
        If the file is missing, unreadable, empty, too large, binary, not in the encoding it declares, or has
        no text.
    """
    path = Path(path)
    text = _normalize(decode_article(_content(path), path.name))
    if not _is_page(path, text):
        lines = _text_lines(text)
        _refuse_unusable(lines, path.name)
        return Article(path.name, tuple(lines))
    text = _XML_DECLARATION.sub("", text)
    lines, metadata = _read_page(text, path.name)
    _refuse_unusable(lines, path.name)
    return Article(path.name, tuple(_mark_story(lines, _story(text), metadata.headline)), metadata)


def _refuse_unusable(lines: list[Line], name: str) -> None:
    if not any(re.search(r"\w", line.text) for line in lines):
        raise Fault("has no text", file=name, remedy="Give a copy that holds the words of the article.")
    length = sum(len(line.text) for line in lines)
    if length > limits.ARTICLE_CHARACTERS:
        raise Fault(
            f"has {length:,} characters of text, more than any article",
            file=name,
            remedy="Save the article alone.",
        )


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise Fault("is a folder", file=path.name, remedy="Name the file that holds the article.")
        if not path.exists():
            raise Fault("is not there", file=str(path), remedy="Check the path of the article's copy.")
        if not path.is_file():
            raise Fault("is not a file", file=path.name, remedy="Save the article in a file first.")
        size = path.stat().st_size
        if size > limits.ARTICLE_BYTES:
            raise Fault(
                f"is {size / 1e6:,.1f} MB, more than any article",
                file=path.name,
                remedy="Save the text alone, at most 5 MB.",
            )
        content = path.read_bytes()
    except OSError as error:
        raise Fault(
            f"cannot be read: {error.strerror}", file=path.name, remedy="Check the file's permissions."
        ) from error
    if not content.strip():
        raise Fault("is empty", file=path.name, remedy="Save the article again.")
    return content


def _normalize(text: str) -> str:
    """Return text in Unicode's NFC, without invisible characters, except those that end lines."""
    visible = (char for char in text if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc"))
    return unicodedata.normalize("NFC", "".join(visible))


def _is_page(path: Path, text: str) -> bool:
    return path.suffix.lower() in (".html", ".htm", ".xhtml") or bool(_HTML.match(text))


def _text_lines(text: str) -> list[Line]:
    return _lines_by_chunk(_LINE_END.split(text))


def _lines_by_chunk(texts: Iterable[str]) -> list[Line]:
    """Return lines without the blank ones, at each of which a new chunk begins."""
    lines, chunk = [], 0
    for text in texts:
        if stripped := text.strip():
            lines.append(Line(stripped, chunk))
        else:
            chunk += 1
    return lines


def _read_page(text: str, name: str) -> tuple[list[Line], Metadata]:
    """Return the lines of a page and what it says of itself."""
    import lxml.etree
    import lxml.html

    # Comments and instructions are invisible, and those outside <html> have no parent to be removed from.
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        tree = lxml.html.document_fromstring(text, parser=parser)
        # Beyond a depth of 256 the parser drops the rest of a page.
        for error in parser.error_log.filter_types([lxml.etree.ErrorTypes.ERR_RESOURCE_LIMIT]):
            rest = "\n".join(text.split("\n")[error.line - 1 :])[error.column :]
            if re.search(r"\w", re.sub(r"<[^>]*(?:>|$)", "", rest)):
                raise Fault("nests its elements deeper than any page", file=name, remedy=RESAVE_ARTICLE)
        metadata = read_metadata(tree)
        return _page_lines(tree), metadata
    except (lxml.etree.LxmlError, RecursionError, ValueError) as error:
        raise Fault("cannot be read as an HTML page", file=name, remedy=RESAVE_ARTICLE) from error


def _page_lines(tree: HtmlElement) -> list[Line]:
    """Return every visible line of a page; the tree is changed."""
    from inscriptis import Inscriptis
    from inscriptis.css_profiles import STRICT_CSS_PROFILE
    from inscriptis.model.config import ParserConfig

    _prepare_for_reading(tree)
    text = Inscriptis(tree, ParserConfig(css=STRICT_CSS_PROFILE)).get_text()
    # A blank line after each block, since every block is a chunk.
    return _lines_by_chunk(part for block in text.splitlines() for part in (*block.split(_BREAK), ""))


def _story(text: str) -> str:
    """Return the text of a page without the site around it; blank where that cannot be told apart."""
    import trafilatura

    try:
        return trafilatura.extract(text, include_comments=False, favor_recall=True) or ""
    except RecursionError:
        return ""


def _mark_story(lines: list[Line], story: str, headline: str = "") -> list[Line]:
    """Mark the lines of the story, but not a repetition of one in a menu.

    The headline counts as part of it wherever it stands, since some pages set it outside the story's element.
    """
    if not story:
        return lines
    bare_lines = [bare(line.text) for line in lines]
    bare_story = [bare(line) for line in story.splitlines()]
    # Long lines may be parts of one line of the story, and do not match by chance.
    whole = "\n".join(bare_story)
    main = {at for at, line in enumerate(bare_lines) if len(line) > 40 and line in whole}
    main.update(_aligned(bare_lines, bare_story))
    heading = [at for at, line in enumerate(bare_lines) if headline and line == bare(headline)]
    if heading and not main & set(heading):
        main.add(heading[-1])
    return [replace(line, main=at in main) for at, line in enumerate(lines)]


def _aligned(lines: list[str], story: list[str]) -> list[int]:
    """Return which of the lines are in the story, in its order."""
    known = set(story)
    alike = [at for at, line in enumerate(lines) if line in known]
    if len(alike) * len(story) >= _MOST_COMPARED:
        return alike
    matcher = difflib.SequenceMatcher(None, [lines[at] for at in alike], story, autojunk=False)
    blocks = matcher.get_matching_blocks()
    return [at for first, _, size in blocks for at in alike[first : first + size]]


def _prepare_for_reading(tree: HtmlElement) -> None:
    """Remove the invisible parts of a page and its bullets; mark its line breaks."""
    for element in tree.xpath("//template | //*[@hidden]"):
        if element.getparent() is None:
            element.clear()  # the whole page is hidden
        else:
            element.drop_tree()
    for element in tree.iter("li", "ul", "ol"):
        element.tag = "div"
    for element in tree.iter("br"):
        element.tag = "span"
        element.text = _BREAK
