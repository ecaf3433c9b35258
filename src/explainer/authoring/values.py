"""Values for the prose, each with its status and its evidence.

A notebook collects values and saves them as a table; `explainer.data.variables` turns all such tables into
the variables of the report, so that no number is ever typed into prose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from explainer.data.frames import join_list
from explainer.data.package import save
from explainer.data.table import split_cell

COLUMNS = ["name", "type", "value", "unit", "status", "fact_ids", "source_ids", "derivation"]


class Values:
    """The values of one notebook; names are dotted slugs such as ``arrests.article``.

    Every method that adds a value takes its name, the value and, by keyword, `status` (stated, attributed,
    computed, inferred or context), `unit` (of what it is a number, in the plural), `fact_ids` and
    `source_ids` (what it rests on: ids, or cells with lists of ids) and `derivation` (by which rule, for
    computed and inferred values).

    Raises
    ------
    ValueError
        From the method that adds a value: a name is given twice, or a count is not whole.
    TypeError
        If a keyword is not one of these.

    Examples
    --------
    >>> from explainer import Values
    >>> values = Values()
    >>> values.count("crates.sold", 29, unit="crates", status="attributed", fact_ids=["apples"])
    >>> values.frame()["value"].tolist()
    ['29']
    """

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def count(self, name: str, value: int, **about: Any) -> None:
        """Add a whole number of things; `unit` names them."""
        if int(value) != value:
            raise ValueError(f"{name} is a count and must be whole, not {value}")
        self._add(name, "count", str(int(value)), about)

    def number(self, name: str, value: float, *, decimals: int = 1, **about: Any) -> None:
        """Add a measured number, kept to `decimals` places."""
        self._add(name, "number", f"{float(value):.{decimals}f}", about)

    def date(self, name: str, value: date | pd.Timestamp, **about: Any) -> None:
        """Add a day."""
        self._add(name, "date", pd.Timestamp(value).date().isoformat(), about)

    def year(self, name: str, value: int, **about: Any) -> None:
        """Add a year."""
        self._add(name, "year", str(int(value)), about)

    def text(self, name: str, value: str, **about: Any) -> None:
        """Add words, such as a list of names."""
        self._add(name, "text", str(value), about)

    def frame(self) -> pd.DataFrame:
        """Return the table, one row a value, with the columns of `COLUMNS`."""
        return pd.DataFrame(self._rows, columns=COLUMNS)

    def save(self, table: str) -> pd.DataFrame:
        """Save the values as the tidy table `table` and return them."""
        frame = self.frame()
        save(table, frame)
        return frame

    def _add(self, name: str, kind: str, value: str, about: Mapping[str, Any]) -> None:
        unknown = set(about) - {"unit", "status", "fact_ids", "source_ids", "derivation"}
        if unknown:
            raise TypeError(f"{name}: unknown {', '.join(sorted(unknown))}")
        if any(row["name"] == name for row in self._rows):
            raise ValueError(f"{name} is given twice")
        self._rows.append(
            {
                "name": name,
                "type": kind,
                "value": value,
                "unit": about.get("unit", ""),
                "status": about["status"],
                "fact_ids": _joined(about.get("fact_ids", ())),
                "source_ids": _joined(about.get("source_ids", ())),
                "derivation": about.get("derivation", ""),
            }
        )


def _joined(ids: str | Iterable[str]) -> str:
    """Return ids as the tables write lists: each once, in the order given."""
    cells = [ids] if isinstance(ids, str) else map(str, ids)
    return join_list(item for cell in cells for item in split_cell(cell) if item)
