"""The words of a PDF."""

from __future__ import annotations

from pathlib import Path

import pypdfium2


def pages_of_text(path: Path) -> list[str]:
    """Return the text of each page of a PDF, line by line."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]
    # PDFium gives a hyphen at the end of a line, and the end, as one character.
    return [page.replace("\r", "").replace("\ufffe", "-\n") for page in pages]
