"""Each table as a Parquet file: typed columns, lists as lists, and what each column means."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from explainer.export.tables import Column, Table, items
from explainer.system.errors import Fault

if TYPE_CHECKING:
    from arro3.core import Array

DISTRIBUTION = "news-explainer"
EPOCH = date(1970, 1, 1)


def is_installed() -> bool:
    """Return whether the library that writes Parquet is there; it is an extra."""
    return find_spec("arro3") is not None


def parquet(table: Table) -> bytes:
    """Return a table as Parquet; the same table gives the same bytes.

    Raises
    ------
    Fault
        If the library that writes it is not installed.
    """
    if not is_installed():
        raise Fault(
            "Parquet files need a library that is not installed",
            remedy=f'Install it: pip install "{DISTRIBUTION}[parquet]".',
        )
    from arro3.core import Field, Schema
    from arro3.core import Table as ArrowTable
    from arro3.io import write_parquet

    arrays, fields = [], []
    for place, column in enumerate(table.columns):
        array = _array(column, [row[place] for row in table.cells])
        arrays.append(array)
        meaning = {"title": column.title, "description": column.description}
        fields.append(Field(column.name, array.type, nullable=True, metadata=meaning))
    about = {"title": table.title, "description": table.description}
    content = BytesIO()
    frame = ArrowTable.from_arrays(arrays, schema=Schema(fields, metadata=about))
    write_parquet(frame, content, compression="zstd(3)")
    return content.getvalue()


def _array(column: Column, cells: list[str]) -> Array:
    """Return the cells of a column in its type; blank ones are missing, or empty lists."""
    from arro3.core import Array, DataType, list_array

    if column.is_list:
        lists = [items(cell) for cell in cells]
        ends = list(accumulate((len(one) for one in lists), initial=0))
        texts = Array([item for one in lists for item in one], type=DataType.utf8())
        return list_array(Array(ends, type=DataType.int32()), texts)
    values: list[Any] = [column.value(cell) for cell in cells]
    if column.kind == "date":
        days = [value and (date.fromisoformat(value) - EPOCH).days for value in values]
        return Array(days, type=DataType.int32()).cast(DataType.date32())
    kinds = {
        "integer": DataType.int64(),
        "number": DataType.float64(),
        "boolean": DataType.bool(),
        "text": DataType.utf8(),
    }
    return Array(values, type=kinds[column.kind])
