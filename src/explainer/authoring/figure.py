"""A chart with the text and data that belong to it, shown by a notebook as one output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import altair as alt
import pandas as pd
import vl_convert
from altair.utils.schemapi import SchemaValidationError

from explainer.authoring import picture_cache, pixels, svg, theme
from explainer.authoring.explore import Explorer
from explainer.authoring.records import Records
from explainer.system.errors import Fault

MIME = "application/vnd.explainer.figure+json"
COMPOUND = ("hconcat", "vconcat", "concat", "facet", "repeat")
COUNTED = re.compile(r"\b(view|param|concat|layer)_\d+\b")


def renumber_names(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a Vega-Lite spec with the names that Altair numbers per session renumbered from 1.

    Data are left alone, whatever they contain.
    """
    data = {key: spec[key] for key in ("datasets", "data") if key in spec}
    rest = json.dumps({key: value for key, value in spec.items() if key not in data})
    names: dict[str, str] = {}
    for match in COUNTED.finditer(rest):
        kind = match[1]
        if match[0] not in names:
            count = 1 + sum(name.startswith(f"{kind}_") for name in names.values())
            names[match[0]] = f"{kind}_{count}"
    return {**json.loads(COUNTED.sub(lambda match: names[match[0]], rest)), **data}


def spec_of(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return the Vega-Lite spec of `chart` in the house theme, data inlined, the same on every run.

    Raises
    ------
    Fault
        If Altair finds the chart invalid, or its data would be fetched from elsewhere.
    """
    with alt.theme.enable(theme.NAME), alt.data_transformers.enable("default", max_rows=None):
        spec = None
        with suppress(Exception):  # validation below explains the error better
            spec = _finalize(chart.to_dict(validate=False))
        # Validation takes most of the time, and a cached picture is of a valid spec.
        if spec is None or picture_cache.find(spec) is None:
            try:
                spec = chart.to_dict()
            except (SchemaValidationError, ValueError) as error:
                raise Fault("the chart is not valid", value=" ".join(str(error).split())) from error
    if _urls(spec):
        raise Fault(
            "a chart must carry its data", value=_urls(spec)[0], remedy="Load the data, then plot the frame."
        )
    return _finalize(spec)


def _finalize(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a spec as it is rendered and saved."""
    if any(kind in spec for kind in COMPOUND):
        # The theme fits single charts to their width; the renderer cannot do that for several.
        spec.setdefault("autosize", {"type": "pad"})
    return renumber_names(spec)


def _urls(node: Any) -> list[str]:
    """Return every address from which a spec would load data."""
    if isinstance(node, list):
        return [url for item in node for url in _urls(item)]
    if not isinstance(node, dict):
        return []
    urls = [node["url"]] if isinstance(node.get("url"), str) else []
    return urls + [
        url for key, item in node.items() if key not in ("datasets", "values") for url in _urls(item)
    ]


def draw(spec: Mapping[str, Any]) -> str:
    """Return the SVG of a Vega-Lite spec, from the cache where it has been rendered before."""
    theme.register_fonts()
    picture = picture_cache.find(spec)
    if picture is None:
        picture = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
        picture_cache.store(spec, picture)
    return picture


class Figure:
    """A chart with its data and its text.

    Let it be the last expression of a notebook cell whose first line is ``#| label: fig-...``.

    Parameters
    ----------
    chart : altair chart
        Drawn `WIDTH` pixels wide, or `BROAD` where it earns the margin too.
    data : DataFrame
        What the chart shows: the table beside the chart and the file to download.
    takeaway : str
        Its one message, as a headline.
    caption : str
        What is plotted, what it covers and where it comes from.
    alt : str
        What the chart shows, with its numbers, for readers who do not see it.
    sources : iterable of str
        ``source_id`` of each source.
    note : str
        Caveats.
    narrow : altair chart, optional
        The version for a phone, `NARROW` pixels wide.
    columns : mapping of str to str, optional
        Columns of `data` to show, with their headings; all by default.
    formats : mapping of str to str, optional
        Python format of a column's values in the table, such as ``{:,.1f}``.
    links : mapping of str to str, optional
        Shown column -> the column of `data` that holds its link.

    Raises
    ------
    Fault
        If a text is missing, the data are empty, or a column does not exist.

    Examples
    --------
    >>> import altair as alt
    >>> import pandas as pd
    >>> from explainer import Figure
    >>> frame = pd.DataFrame({"grower": ["O'Neill", "Ward"], "crates": [29, 7]})
    >>> Figure(
    ...     alt.Chart(frame).mark_bar().encode(x="crates:Q", y="grower:N"),
    ...     data=frame,
    ...     takeaway="O'Neill sold most crates",
    ...     caption="Crates sold at the fair, by grower",
    ...     alt="Bars: O'Neill 29 crates, Ward 7.",
    ...     sources=["post_0509"],
    ... )
    """

    def __init__(
        self,
        chart: alt.TopLevelMixin,
        *,
        data: pd.DataFrame,
        takeaway: str,
        caption: str,
        alt: str,
        sources: Iterable[str] = (),
        note: str = "",
        narrow: alt.TopLevelMixin | None = None,
        columns: Mapping[str, str] | None = None,
        formats: Mapping[str, str] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> None:
        for name, text in (("takeaway", takeaway), ("caption", caption), ("alt", alt)):
            if not isinstance(text, str) or not text.strip():
                raise Fault(
                    f"a figure needs its {name}", remedy=f"Pass {name}= a sentence computed from the data."
                )
        self.takeaway, self.caption, self.alt, self.note = takeaway, caption, alt, note
        self.sources = list(sources)
        self.records = Records(data, columns=columns, formats=formats, links=links)
        self.spec = spec_of(chart)
        self.narrow_spec = None if narrow is None else spec_of(narrow)

    def svg(self, *, narrow: bool = False) -> str:
        """Return the canonical SVG: light colors, own paper, named by takeaway and alternative text."""
        spec = self.narrow_spec if narrow else self.spec
        if spec is None:
            raise Fault("the figure has no narrow version", remedy="Pass narrow= to Figure.")
        return svg.tidy(draw(spec), title=self.takeaway, description=self.alt)

    def explore(self) -> Explorer:
        """Return the chart as one that moves: texts beside marks, selections, zoom where it has them.

        Show it in a live notebook, as the last expression of a cell; it needs no network. It is not for the
        report, so that the runner refuses a notebook that calls it.
        """
        return Explorer(self.spec, title=self.takeaway, alt=self.alt, size=_size(self.svg()))

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the picture, as JSON values."""
        return {
            "takeaway": self.takeaway,
            "caption": self.caption,
            "alt": self.alt,
            "note": self.note,
            "sources": self.sources,
            **self.records.to_dict(),
            # As text: a notebook puts every number of a list on a line of its own.
            "spec": _compact(self.spec),
            **(
                {"narrow": self.svg(narrow=True), "narrow_spec": _compact(self.narrow_spec)}
                if self.narrow_spec is not None
                else {}
            ),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], Any]:
        """Give Jupyter SVG, PNG and JSON, never HTML: HTML makes renderers load scripts from elsewhere.

        SVG is shown only in a notebook that the reader trusts, and on few code hosts; PNG everywhere.
        """
        drawing = self.svg()
        bundle = {
            "image/svg+xml": drawing,
            "image/png": pixels.of_drawing(drawing),
            "text/plain": self.alt,
            MIME: self.to_dict(),
        }
        return bundle, {"image/png": {"alt": self.alt, "width": round(_size(drawing)[0])}}


def _compact(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _size(drawing: str) -> tuple[float, float]:
    """Return width and height of an SVG in CSS pixels: a picture of more pixels is shown no larger."""
    root = svg.parse(drawing)
    return float(root.get("width", "0")), float(root.get("height", "0"))
