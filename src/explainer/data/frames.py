"""Tables as pandas frames: text to types and back, and cells with lists of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from explainer.data.table import LIST_SEPARATOR, CsvTable, split_cell

if TYPE_CHECKING:
    import pandas as pd


def to_frame(table: CsvTable) -> pd.DataFrame:
    """Return a table without faults as a typed frame; see `explainer.load`."""
    import pandas as pd

    rows = table.rows[1:]
    return pd.DataFrame(
        {
            field["name"]: _series(field["type"], [row[place] or None for row in rows])
            for place, field in enumerate(table.fields)
        }
    )


def _series(kind: str, cells: list[str | None]) -> pd.Series:
    """Return the cells of a column in its type; blank cells are missing values."""
    import pandas as pd

    if kind == "date":
        return pd.to_datetime(pd.Series(cells, dtype="string"), format="%Y-%m-%d").astype("datetime64[s]")
    if kind == "boolean":
        return pd.Series([cell and cell.lower() in ("true", "1") for cell in cells], dtype="boolean")
    if kind == "integer":
        return pd.Series([cell and int(cell) for cell in cells], dtype="Int64")
    if kind == "number":
        return pd.Series([float(cell or "nan") for cell in cells], dtype="float64")
    return pd.Series(cells, dtype="string")


def cell_text(value: Any) -> str:
    """Return a value of a frame as the text of a cell; the schema refuses values of the wrong type."""
    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, pd.Timestamp) and value == value.normalize():
        return value.date().isoformat()
    if isinstance(value, (float, np.floating)):
        return repr(float(value)).removesuffix(".0")
    return str(value)


def split_list(series: pd.Series) -> pd.Series:
    """Return a column of lists such as ``"a; b"`` as Python lists; a missing cell becomes an empty list.

    Examples
    --------
    >>> import pandas as pd
    >>> split_list(pd.Series(["a; b", None])).tolist()
    [['a', 'b'], []]
    """
    return series.map(lambda cell: split_cell(cell_text(cell))).astype(object)


def join_list(items: Iterable[str]) -> str:
    """Return ids as the text of a list cell, such as ``"a; b"``, in order and without duplicates."""
    return f"{LIST_SEPARATOR} ".join(dict.fromkeys(items))


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a frame as named tuples, one field per column."""
    return frame.itertuples(index=False)
