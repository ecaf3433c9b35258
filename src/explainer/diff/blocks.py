"""The words of a page as its readers see them, block by block."""

from __future__ import annotations

from typing import Any

import lxml.html

#: Classes of what is compared elsewhere (charts, tables, badges, derivations) or is closed until opened.
SKIPPED = {"opens", "badge", "status", "contents", "derivations", "key", "footnote-ref", "footnote-back"}
NOTES = "Footnotes"
HEADINGS = {f"h{level}" for level in range(1, 7)}
#: Elements within a line of text; all others are blocks.
INLINE = {
    "a", "abbr", "b", "br", "button", "cite", "code", "del", "em", "i", "ins", "mark", "math", "q", "s",
    "small", "span", "strong", "sub", "sup", "time", "u",
}  # fmt: skip


def blocks(page: bytes) -> list[list[str]]:
    """Return every block of the page's main part as [the heading above it, text].

    A chart or table is one block, its label in brackets, so that one that is put in or taken out is seen.
    """
    main = lxml.html.document_fromstring(page).find(".//main")
    reader = _Reader()
    if main is not None:
        reader.walk(main)
    reader.flush()
    return reader.blocks


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[list[str]] = []
        self._heading = ""
        self._text: list[str] = []

    def walk(self, element: Any) -> None:
        if not isinstance(element.tag, str) or element.tag in ("svg", "script", "style"):
            return
        classes = set((element.get("class") or "").split())
        if "badge" in classes and self._text:
            self._text[-1] = self._text[-1].rstrip()  # the space before it is its own
        if classes & SKIPPED:
            return
        if "footnotes" in classes:
            self._heading = NOTES
        if element.tag in INLINE:
            self._read(element, classes)
            return
        self.flush()
        self._read(element, classes)
        text = self.flush()
        if element.tag in HEADINGS and text:
            self._heading = text

    def _read(self, element: Any, classes: set[str]) -> None:
        if "exhibit" in classes:
            self._text.append(f"[{element.get('id')}]")
            return
        self._text.append(element.text or "")
        for child in element:
            self.walk(child)
            self._text.append(child.tail or "")

    def flush(self) -> str:
        """End the current block and return its text."""
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if text:
            self.blocks.append([self._heading, text])
        return text
