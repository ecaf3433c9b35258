"""Selectors that begin or end inside a word: a link with a text fragment leads to whole words only.

The article is not kept, but the opening words of its paragraphs are, and so are the words that facts rest on.
What these show is a fault of the sheet; `explainer audit` looks at the whole article.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from explainer.english.word_breaks import Cut, cuts, is_break
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from explainer.data.package import DataPackage

PARTS = ("prefix", "exact", "suffix")


def cut_word_faults(package: DataPackage) -> Iterator[Fault]:
    """Yield each selector whose words stand in the known words of its paragraph, and only inside others."""
    facts = package.table_with("facts", ("paragraph", *PARTS))
    paragraphs = package.table_with("paragraphs", ("paragraph", "opens_with"))
    if facts is None or paragraphs is None:
        return
    known: dict[str, dict[int, str]] = defaultdict(dict)
    for _, record in paragraphs.records:
        known[record["paragraph"]][0] = record["opens_with"]
    for row, record in facts.records:
        known[record["paragraph"]][row] = record["exact"]
    for row, record in facts.records:
        # Its own cell does not show what stands around it.
        others = [
            _continued(text, record["exact"])
            for other, text in known[record["paragraph"]].items()
            if other != row
        ]
        for cut in _cuts(record, others):
            yield fault(cut, facts.file, row, record["exact"])


def fault(cut: Cut, file: str, row: int, words: str) -> Fault:
    """Return the fault of the cell that should have the rest of a word."""
    begins, at = ("begin", "end") if cut.side == "prefix" else ("end", "beginning")
    return Fault(
        f"the words {begins} inside {cut.word!r}, which is one word to browsers: no link finds them",
        file=file,
        row=row,
        column=cut.side,
        value=words,
        remedy=f"Write {cut.rest!r} at the {at} of {cut.side}.",
    )


def _continued(text: str, words: str) -> str:
    """Return a text that breaks off within some words with the rest of those, if they begin with a capital.

    Other letters may be the end of a word by chance: *her report* does not go on from *another*.
    """
    if words[:1].isupper():
        for at in range(len(text)):
            if words.startswith(text[at:]) and is_break(words, len(text) - at):
                return text[:at] + words
    return text


def _cuts(record: Mapping[str, str], texts: list[str]) -> list[Cut]:
    """Return the words that a selector cuts in the first text that has it; none where it stands whole."""
    pattern = re.compile(r"\s*".join(re.escape(record[part]) for part in PARTS if record[part]))
    found = [list(cuts(text, *match.span())) for text in texts for match in pattern.finditer(text)]
    return found[0] if found and all(found) else []
