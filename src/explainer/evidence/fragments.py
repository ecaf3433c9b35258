"""Text fragments of addresses, and where a browser finds their words.

The rules are those of https://wicg.github.io/scroll-to-text-fragment/: letters of either case and quotes of
any shape are alike, each part stands within one block, and the whole begins and ends where words do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from explainer.english.typeset import QUOTES
from explainer.english.word_breaks import is_break

MARK = ":~:"
_DOUBLE = "“”„‟«»″＂"
_ALIKE = {ord(char): '"' if char in _DOUBLE else "'" for char in QUOTES if char != '"'}


@dataclass(frozen=True)
class Fragment:
    """One text directive, ``text=[prefix-,]start[,end][,-suffix]``, decoded.

    Parameters
    ----------
    start, end, prefix, suffix : str
        The words; `end` is blank unless a range is meant.
    """

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def find(self, blocks: Sequence[str]) -> int | None:
        """Return the number of the first block in which the words begin; None where they do not stand.

        Parameters
        ----------
        blocks : sequence of str
            The blocks of text of a page, such as its paragraphs, in order.

        Examples
        --------
        >>> Fragment("city").find(["The city’s mayor", "A city."])
        1
        """
        text = _folded("\n".join(" ".join(block.split()) for block in blocks))
        place = next(self._places(text), None)
        return None if place is None else text.count("\n", 0, place)

    def _places(self, text: str) -> Iterator[int]:
        """Yield where the words begin, without the prefix."""
        for start, end in _spans(text, self.prefix, self.start, "" if self.end else self.suffix):
            if not self.end or any(_spans(text[end:], "", self.end, self.suffix)):
                yield start


def directives(address: str) -> tuple[str, list[Fragment]]:
    """Return an address without its text directives, and those.

    Raises
    ------
    ValueError
        If one of them is not written as a browser reads it.
    """
    page, mark, rest = address.partition(MARK)
    texts = [part.removeprefix("text=") for part in rest.split("&") if part.startswith("text=")]
    if mark and not texts:
        raise ValueError("there is no text= after :~:")
    return page.removesuffix("#"), [_fragment(text) for text in texts]


def _fragment(text: str) -> Fragment:
    parts = text.split(",")
    prefix = parts.pop(0)[:-1] if parts[0].endswith("-") else ""
    suffix = parts.pop()[1:] if parts and parts[-1].startswith("-") else ""
    if len(parts) not in (1, 2) or not all(parts) or any("-" in part for part in (prefix, *parts, suffix)):
        raise ValueError("a comma or a hyphen in the words of its text fragment is not encoded")
    start, end = [*map(_decoded, parts), ""][:2]
    return Fragment(start, end, _decoded(prefix), _decoded(suffix))


def _decoded(text: str) -> str:
    return " ".join(unquote(text, errors="strict").split())


def _spans(text: str, before: str, words: str, after: str) -> Iterator[tuple[int, int]]:
    """Yield where words begin and end between others, where the whole begins and ends as words do."""
    parts = [re.escape(_folded(part)) for part in (before, words, after)]
    pattern = r"\s*".join(f"({part})" for part in parts)
    for match in re.finditer(f"(?={pattern})", text):
        first, last = (1 if before else 2), (3 if after else 2)
        if is_break(text, match.start(first)) and is_break(text, match.end(last)):
            yield match.span(2)


def _folded(text: str) -> str:
    """Return a text in which all is the same that is the same for a browser."""
    return text.replace("\N{NO-BREAK SPACE}", " ").translate(_ALIKE).lower()
