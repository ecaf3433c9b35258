"""A copy of an article: a text file or a saved page, read as lines of text.

`inscriptis` gives every line a reader of a page would see; `trafilatura` says which of them belong to the
article and not to the site around it. Nothing is fetched.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from explainer.article.dateline import published
from explainer.english.typeset import bare
from explainer.system.errors import Fault

MOST_BYTES = 5_000_000
#: Far more than the longest article, without what a page has around and behind its words.
MOST_CHARACTERS = 500_000
SAVE_AS_TEXT = "Save it as plain text in UTF-8, or as an HTML page."

# How binary files begin that somebody might take for an article.
_BINARY = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zipped file, such as a word processor's",
    b"\xd0\xcf\x11\xe0": "an old word processor's file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
}
_UTF_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"\xff\xfe": "utf-16",
              b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\\x01-\\x08\\x0e-\\x1f\\x7f]")
_BREAK = "\ue000"  # stands for <br>, which ends a line and not a paragraph
_MOST_COMPARED = 1_000_000  # pairs of lines; a page that has more is a list and no story
_HEADLINE_WORDS = 4
_WESTERN = {
    "cp1250",
    "cp1252",
    "cp1254",
    "cp1257",
    "iso8859_2",
    "iso8859_9",
    "iso8859_15",
    "latin_1",
    "mac_roman",
}
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# What UTF-8 looks like after it was read as something else, or letters that were thrown away.
_LOST = re.compile("\ufffd|â€.|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]")


@dataclass(frozen=True)
class Line:
    """One line of a copy.

    Parameters
    ----------
    text : str
        The line as set, without white space at its ends.
    chunk : int
        Lines with no blank line between them share a number.
    main : bool
        Whether it belongs to the article, as far as can be told; the site's own lines do not.
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
        Name of its file, for messages.
    lines : tuple of Line
        Its lines in order, without blank ones.
    published : date or None
        The day a page says, to programs, that it was published.
    """

    name: str
    lines: tuple[Line, ...]
    published: date | None = None


def read(path: Path | str) -> Article:
    """Read a copy of an article from a file, plain text or HTML.

    Parameters
    ----------
    path : Path or str
        The file; at most 5 MB, and at most 500,000 characters of text.

    Raises
    ------
    Fault
        If the file is missing, unreadable, empty, enormous, binary or in an encoding that is not what it
        says, or has no text.
    """
    path = Path(path)
    content = _content(path)
    text = _plain(_decode(content, path.name))
    is_page = _is_page(path, text)
    lines, day = _page_lines(text, path.name) if is_page else (_text_lines(text), None)
    if not any(re.search(r"\w", line.text) for line in lines):
        raise Fault("has no text", file=path.name, remedy="Give a copy that holds the words of the article.")
    _refuse_enormous(lines, path.name)
    if is_page:
        lines = _marked(lines, _story(text), _headline(text))
    return Article(path.name, tuple(lines), day)


def _refuse_enormous(lines: list[Line], name: str) -> None:
    length = sum(len(line.text) for line in lines)
    if length > MOST_CHARACTERS:
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
        if size > MOST_BYTES:
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


def _decode(content: bytes, name: str) -> str:
    for start, what in _BINARY.items():
        if content.startswith(start):
            raise Fault(f"is {what}, not text", file=name, remedy=SAVE_AS_TEXT)
    mark = next((codec for start, codec in _UTF_MARKS.items() if content.startswith(start)), None)
    said = _CHARSET.search(content[:4096])
    declared = mark or (said[1].decode("ascii") if said else None)
    # Bytes that are UTF-8 by accident hardly exist; pages that say Latin-1 and are UTF-8 do.
    text = _try(content, mark or "utf-8")
    if text is None and declared:
        text = _try(content, declared)
        if text is None:
            row = content.count(b"\n", 0, _first_bad(content)) + 1
            raise Fault(f"says that it is {declared}, and is not", file=name, row=row, remedy=SAVE_AS_TEXT)
    if text is None:
        text = _guess(content, name)
    if "\0" in text or len(_CONTROL.findall(text)) > len(text) / 50:
        raise Fault("is binary, not text", file=name, remedy=SAVE_AS_TEXT)
    if lost := _LOST.search(text):
        raise Fault(
            "has characters that an earlier conversion has spoilt",
            file=name,
            row=text.count("\n", 0, lost.start()) + 1,
            value=lost[0],
            remedy="Get the copy anew. " + SAVE_AS_TEXT,
        )
    return text


def _plain(text: str) -> str:
    """Return text without characters that do not show, accents in one piece with their letters."""
    shown = (char for char in text if unicodedata.category(char) != "Cf")
    return unicodedata.normalize("NFC", "".join(shown))


def _try(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec).removeprefix("\ufeff")
    except (UnicodeDecodeError, LookupError):
        return None


def _first_bad(content: bytes) -> int:
    """Return where `content` stops being UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _refuse_broken(content: bytes, name: str) -> None:
    """Refuse UTF-8 that has lost some bytes, or was cut off within a character: no other encoding fits."""
    whole = len(_UTF8_SEQUENCE.findall(content))
    stray = len(re.findall(rb"[\x80-\xff]", _UTF8_SEQUENCE.sub(b"", content)))
    # In other encodings sequences that are whole UTF-8 hardly occur.
    if whole > stray:
        raise Fault(
            "is UTF-8 with bytes that are spoilt or cut off",
            file=name,
            row=content.count(b"\n", 0, _first_bad(content)) + 1,
            remedy="Get the copy anew, or mend that line, and save it as UTF-8.",
        )


def _guess(content: bytes, name: str) -> str:
    """Return text that says nothing of its encoding and is not UTF-8."""
    from charset_normalizer import from_bytes

    _refuse_broken(content, name)
    best = None if b"\0" in content else from_bytes(content).best()
    if best is None:
        raise Fault("is binary, not text", file=name, remedy=SAVE_AS_TEXT)
    # The guess among Western encodings is seldom sure on short texts; this is what newsrooms used.
    western = _try(content, "cp1252") if best.encoding in _WESTERN else None
    return western or str(best)


def _is_page(path: Path, text: str) -> bool:
    return path.suffix.lower() in (".html", ".htm", ".xhtml") or bool(_HTML.match(text))


def _text_lines(text: str) -> list[Line]:
    lines, chunk = [], 0
    for line in _LINE_END.split(text):
        if stripped := line.strip():
            lines.append(Line(stripped, chunk))
        else:
            chunk += 1
    return lines


def _page_lines(text: str, name: str) -> tuple[list[Line], date | None]:
    """Return every line that a reader of a page sees, and the day the page says it was published."""
    import lxml.etree
    import lxml.html
    from inscriptis import Inscriptis
    from inscriptis.css_profiles import STRICT_CSS_PROFILE
    from inscriptis.model.config import ParserConfig

    try:
        tree = lxml.html.document_fromstring(_XML_DECLARATION.sub("", text))
        day = published(tree)
        seen = Inscriptis(_for_reading(tree), ParserConfig(css=STRICT_CSS_PROFILE)).get_text()
    except (lxml.etree.LxmlError, RecursionError, ValueError) as error:
        raise Fault("cannot be read as an HTML page", file=name, remedy=SAVE_AS_TEXT) from error
    lines, chunk = [], 0
    for block in seen.splitlines():
        for part in block.split(_BREAK):
            if stripped := part.strip():
                lines.append(Line(stripped, chunk))
            else:
                chunk += 1
        chunk += 1
    return lines, day


def _story(text: str) -> str:
    """Return the text of a page without the site around it; empty where that cannot be told apart."""
    import trafilatura

    try:
        return (
            trafilatura.extract(_XML_DECLARATION.sub("", text), include_comments=False, favor_recall=True)
            or ""
        )
    except RecursionError:
        return ""


def _headline(text: str) -> str:
    """Return the one main heading of a page, where it is long enough to be no name of a site."""
    import lxml.etree
    import lxml.html

    try:
        found = list(lxml.html.document_fromstring(_XML_DECLARATION.sub("", text)).iter("h1"))
    except (lxml.etree.LxmlError, RecursionError, ValueError):
        return ""
    words = found[0].text_content().split() if len(found) == 1 else []
    return " ".join(words) if len(words) >= _HEADLINE_WORDS else ""


def _marked(lines: list[Line], story: str, headline: str = "") -> list[Line]:
    """Mark the lines that are in the story; a menu may repeat one of them, which is then not of the story.

    A headline counts as part of it wherever it stands: some pages set it above what holds the story.
    """
    if not story:
        return lines
    letters = [bare(line.text) for line in lines]
    wanted = [bare(line) for line in story.splitlines()]
    known = set(wanted)
    alike = [at for at, line in enumerate(letters) if line in known]
    if len(alike) * len(wanted) < _MOST_COMPARED:
        matcher = difflib.SequenceMatcher(None, [letters[at] for at in alike], wanted, autojunk=False)
        alike = [alike[at] for a, _, size in matcher.get_matching_blocks() for at in range(a, a + size)]
    # Long lines may be parts of what the story has as one, and are no accident.
    whole = "\n".join(wanted)
    main = {*alike, *(at for at, line in enumerate(letters) if len(line) > 40 and line in whole)}
    heading = [at for at, line in enumerate(letters) if headline and line == bare(headline)]
    if heading and not main & set(heading):
        main.add(heading[-1])
    return [replace(line, main=at in main) for at, line in enumerate(lines)]


def _for_reading(tree):
    """Take out of a page what no reader sees, and what would be set as a bullet; mark its line breaks."""
    for element in tree.xpath("//template | //*[@hidden] | //comment()"):
        element.drop_tree()
    for element in tree.iter("li", "ul", "ol"):
        element.tag = "div"
    for element in tree.iter("br"):
        element.tag = "span"
        element.text = _BREAK
    return tree
