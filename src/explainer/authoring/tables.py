"""A table with a caption, shown by a notebook as one output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from explainer.authoring.records import MISSING, Records
from explainer.system.errors import Fault

MIME = "application/vnd.explainer.table+json"


class Table:
    """A data frame for readers, with its caption.

    Let it be the last expression of a notebook cell whose first line is ``#| label: tbl-...``.

    Parameters
    ----------
    frame : DataFrame
        What is shown, one row a row.
    caption : str
        What the table holds and where it comes from.
    columns : mapping of str to str, optional
        Columns to show, in this order, with their headings; all by default.
    formats : mapping of str to str, optional
        Python format of a column's values, such as ``{:,.1f}``.
    missing : str
        Text for a missing value.
    takeaway, note : str
        An optional headline and caveats.
    sources : iterable of str
        ``source_id`` of each source.
    links : mapping of str to str, optional
        Shown column -> the column of `frame` that holds its link.
    key : str or sequence of str, optional
        Columns of `frame`, shown or not, that tell its rows apart, such as ``fact_id``. The address of a row
        is made of them, and stays when its words are edited; without them, of a row's first words.

    Raises
    ------
    Fault
        If the caption is missing, the frame is empty, or a column does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> from explainer import Table
    >>> frame = pd.DataFrame({"grower": ["O'Neill", "Ward"], "crates": [29, 7]})
    >>> shown = {"grower": "Grower", "crates": "Crates"}
    >>> Table(frame, caption="What the growers sold", columns=shown, key="grower")
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        caption: str,
        columns: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        missing: str = MISSING,
        takeaway: str = "",
        note: str = "",
        sources: Iterable[str] = (),
        links: Mapping[str, str] | None = None,
        key: str | Sequence[str] = (),
    ) -> None:
        if not isinstance(caption, str) or not caption.strip():
            raise Fault(
                "a table needs its caption", remedy="Pass caption= a sentence on what the table holds."
            )
        self.caption, self.takeaway, self.note = caption, takeaway, note
        self.sources = list(sources)
        self.records = Records(
            frame,
            columns=columns,
            formats=formats,
            missing=missing,
            links=links,
            key=[key] if isinstance(key, str) else key,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "takeaway": self.takeaway,
            "caption": self.caption,
            "note": self.note,
            "sources": self.sources,
            **self.records.to_dict(),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Give Jupyter Markdown and JSON, never HTML."""
        # What shows neither has a line, for the table would be in the notebook three times.
        number = len(self.records.rows)
        return {
            "text/markdown": self.records.to_markdown(),
            "text/plain": f"{self.caption} ({number} row{'' if number == 1 else 's'})",
            MIME: self.to_dict(),
        }
