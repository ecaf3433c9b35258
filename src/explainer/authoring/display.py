"""How a notebook shows things: frames as Markdown, charts as SVG, nothing as HTML."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from explainer.authoring import figure, svg, theme
from explainer.authoring.records import Records

ROWS = 12


def _markdown(frame: pd.DataFrame | pd.Series) -> str:
    """Return the first rows of a frame as a Markdown table, with the number of rows."""
    if isinstance(frame, pd.Series):
        frame = frame.to_frame(name=frame.name if frame.name is not None else "value")
    if frame.columns.nlevels > 1:
        frame = frame.set_axis([" / ".join(map(str, name)) for name in frame.columns], axis="columns")
    # An unnamed index only numbers the rows, unless it holds words.
    if any(name is not None for name in frame.index.names) or not pd.api.types.is_integer_dtype(frame.index):
        names = [
            name if name is not None else f"row {level}".removesuffix(" 0")
            for level, name in enumerate(frame.index.names)
        ]
        frame = frame.reset_index(names=names)
    size = f"{len(frame)} rows × {len(frame.columns)} columns"
    if frame.empty:
        return f"*{size}*"
    frame = frame.set_axis([str(name) for name in frame.columns], axis="columns")
    table = Records(frame.head(ROWS), columns={name: name for name in frame.columns}).to_markdown()
    return table if len(frame) <= ROWS else f"{table}\n\n*first {ROWS} of {size}*"


def _chart(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    """Show a chart that is not wrapped in a Figure yet as SVG, for work in progress."""
    drawn = svg.tidy(figure.draw(spec), title="Chart", description="A chart without a description yet.")
    return {"image/svg+xml": drawn, "text/plain": "A chart without a description yet."}


def setup() -> None:
    """Prepare a notebook: call it in the first code cell.

    A ``text/html`` output, which every frame has by default, makes Quarto load scripts from another host. So
    HTML is turned off, and frames print as Markdown, with the first rows only. Altair takes the house theme.
    Outside Jupyter, only Altair is set up.

    Examples
    --------
    >>> from explainer import setup
    >>> setup()
    """
    from IPython import get_ipython

    alt.theme.enable(theme.NAME)
    alt.data_transformers.enable("default", max_rows=None)
    alt.renderers.register("explainer", _chart)
    alt.renderers.enable("explainer")
    pd.set_option("display.max_rows", ROWS)
    shell = get_ipython()
    if shell is None:
        return
    formatters = shell.display_formatter.formatters
    formatters["text/html"].enabled = False
    for kind in (pd.DataFrame, pd.Series):
        formatters["text/markdown"].for_type(kind, _markdown)
