"""Whether a paragraph is worded as it was when the fact sheet was made.

The text itself is not stored, so a change to a word that no fact rests on would go unseen. A digest of the
paragraph shows that something changed, though not what. Like the audit, it ignores typesetting.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from explainer.article.audit.paragraphs import Text
from explainer.data.csv_edit import CsvEdit
from explainer.english.typeset import Folded
from explainer.system.files import write_bytes
from explainer.system.project import Project
from explainer.system.transaction import lock

LENGTH = 12

# A copy may set words apart or run them together where lines end; between two digits a space parts numbers.
_SPACE = re.compile(r" +(?!\d)|(?<!\d) +")
_DOUBLED = re.compile("'+")


def digest(text: Folded) -> str:
    """Return the digest of a paragraph: its words, marks and numbers, however they are typeset.

    Quotation marks within it count, since they say whose words those are; those around all of it do not.
    """
    worded = _DOUBLED.sub("'", _SPACE.sub("", text.text.strip())).strip("'")
    return hashlib.sha256(worded.encode("utf-8")).hexdigest()[:LENGTH]


def reworded(paragraphs: Mapping[int, Text], digests: Mapping[int, str]) -> list[int]:
    """Return the paragraphs of a copy whose wording does not match their digest, where they have one."""
    return [
        number
        for number, text in paragraphs.items()
        if digests.get(number) and digests[number] != digest(text.folded)
    ]


def note(project: Project, file: str, paragraphs: Mapping[int, Text]) -> bool:
    """Write the digest of each paragraph into the table of paragraphs; return whether any changed.

    Parameters
    ----------
    project : Project
        The project.
    file : str
        The table, from the project's root.
    paragraphs : mapping of int to Text
        The paragraphs of a copy in which every fact stands.
    """
    with lock(project):
        table = CsvEdit((project.root / file).read_bytes(), file)
        for number, text in paragraphs.items():
            table.set(table.find(paragraph=str(number)), "digest", digest(text.folded))
        return write_bytes(project.root / file, table.content, name=file)
