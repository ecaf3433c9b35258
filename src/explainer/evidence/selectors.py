"""Evidence: the words a fact rests on, as a selector and as a link that highlights them.

A selector is a W3C Web Annotation `TextQuoteSelector`. Its `exact` words are what a reader
sees highlighted; `prefix` and `suffix` are the neighboring words where `exact` alone stands
more than once. White space between the three parts does not matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

MOST_WORDS = 6
#: Marks that stand close to the word after them, and close to the word before them.
OPENING = re.compile(r"""(?:[“‘(\[@#$/-]|(?:^|\s)["'])$""")
CLOSING = re.compile(r"""[”’"'),.;:!?\]/%-]""")


@dataclass(frozen=True)
class Selector:
    """Words in an article and, where needed, what stands before and after them.

    Parameters
    ----------
    exact, prefix, suffix : str
        As in the Web Annotation Data Model, section 4.2.4.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """A pattern that finds the selected words together with their neighbors."""
        parts = [re.escape(part.strip()) for part in (self.prefix, self.exact, self.suffix) if part.strip()]
        return re.compile(r"\s*".join(parts))

    def count(self, text: str) -> int:
        """Return how often the selected words stand in `text`."""
        return len(self.pattern.findall(text))

    def as_annotation(self, opening: str = "") -> dict[str, str]:
        """Return the selector as the JSON-LD of a ``TextQuoteSelector``.

        Parameters
        ----------
        opening : str
            The opening words of its paragraph, which show where the article runs two words together.
        """
        selector = {"type": "TextQuoteSelector", "exact": self.exact}
        # The sheet has no blanks at the ends of cells; in a text there is one between two words.
        if self.prefix:
            selector["prefix"] = self.prefix + _between(self.prefix, self.exact, opening)
        if self.suffix:
            selector["suffix"] = _between(self.exact, self.suffix, opening) + self.suffix
        return selector

    def fragment(self) -> str:
        """Return the text directive, ``:~:text=[prefix-,]exact[,-suffix]``, percent-encoded.

        Hyphens are encoded too: in a directive they mark a prefix or a suffix.
        """
        directive = _encode(self.exact)
        if self.prefix:
            directive = f"{_encode(self.prefix)}-,{directive}"
        if self.suffix:
            directive = f"{directive},-{_encode(self.suffix)}"
        return f":~:text={directive}"

    def link(self, url: object) -> str:
        """Return `url` with the text directive, keeping its own fragment; blank if there is no `url`."""
        if not isinstance(url, str) or not url:
            return ""
        return url + ("" if "#" in url else "#") + self.fragment()


def _between(before: str, after: str, opening: str) -> str:
    """Return the space between two stretches of words; none beside a close mark or where they join."""
    runs_together = before + after in opening
    return "" if runs_together or OPENING.search(before) or CLOSING.match(after) else " "


def _encode(text: str) -> str:
    return quote(text.strip(), safe="").replace("-", "%2D")
