"""Charts that are mostly text: a time line, a list, a grid of statements, one mark for each person.

Their places are worked out here in pixels, because no scale of Vega-Lite keeps
labels from covering each other.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from explainer.authoring.channels import spoken
from explainer.authoring.colors import palette
from explainer.authoring.symbols import Symbol, role_color, symbol_channels
from explainer.authoring.theme import BROAD, NARROW
from explainer.data.frames import each_row

#: A longer gap in a time line is drawn broken, as long as so many days.
LONGEST_GAP = 10
#: Pixels from one line of text to the next, and the average width of a character.
LEADING = 17
CHARACTER = 6.7


def wrap(text: str, width: float) -> list[str]:
    """Return `text` as lines that fit into `width` pixels."""
    return textwrap.wrap(text, max(8, int(width / CHARACTER))) or [""]


def _places(width: float, height: float) -> dict[str, Any]:
    """Return the channels of a drawing in pixels, from the top left."""
    return {
        "x": alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False)),
        "y": alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, height], reverse=True, nice=False)),
    }


def _texts(rows: list[dict[str, Any]], places: Mapping[str, Any]) -> list[alt.Chart]:
    """Return texts, one layer for each style; a row has x, y, text (lines) and style."""
    frame = pd.DataFrame(rows)
    return [
        alt.Chart(group.drop(columns="style"))
        .mark_text(style=str(style))
        .encode(**places, text=alt.Text("text:N"))
        for style, group in frame.groupby("style", sort=False)
    ]


def _day_label(day: pd.Timestamp) -> str:
    """Return a day as charts name it, such as ``Mon Jul 2``."""
    return f"{day:%a %b} {day.day}"


def _spread(wanted: Sequence[float], heights: Sequence[float], bottom: float) -> list[float]:
    """Return tops as near to the `wanted` ones as they come without overlap, all above `bottom`."""
    tops: list[float] = []
    for top, height in zip(wanted, heights, strict=True):
        floor = tops[-1] + heights[len(tops) - 1] if tops else 0
        tops.append(max(top - height / 2, floor))
    for place in reversed(range(len(tops))):
        tops[place] = min(tops[place], bottom - heights[place])
        bottom = tops[place]
    return tops


def timeline(
    days: pd.DataFrame,
    symbols: Mapping[str, Symbol],
    *,
    left: str,
    right: str,
    width: int = BROAD,
    height: int = 570,
) -> alt.TopLevelMixin:
    """Return a time line from top to bottom, days at their true distance, with labels on both sides.

    A gap of more than `LONGEST_GAP` days is shortened to that, and the line is broken there.

    Parameters
    ----------
    days : DataFrame
        One row a day: ``date``, ``text``, ``kind`` (a key of `symbols`), ``side`` (left or right) and
        ``says`` (its text under a pointer).
    symbols : mapping of str to Symbol
        How each kind is drawn.
    left, right : str
        The headings of both sides.
    width, height : int
        Pixels.
    """
    line, reach, top = 0.45 * width, 46, 46
    places = _places(width, height)
    rows = days.sort_values("date", ignore_index=True)
    gaps = rows["date"].diff().dt.days.fillna(0)
    distance = gaps.clip(upper=LONGEST_GAP).cumsum()
    rows["y"], rows["x"] = top + distance / distance.max() * (height - top - 16), line
    texts: list[dict[str, Any]] = []
    leaders: list[dict[str, float]] = []
    for side, sign, heading in (("left", -1, left), ("right", 1, right)):
        ours = rows[rows["side"] == side]
        room = (line if side == "left" else width - line) - reach - 102
        lines = [wrap(text, room) for text in ours["text"]]
        tops = _spread(ours["y"].tolist(), [LEADING * len(one) + 8 for one in lines], height)
        for row, words, y in zip(each_row(ours), lines, tops, strict=True):
            x = line + sign * (reach + 6)
            texts += [
                {"x": x, "y": y, "text": [_day_label(row.date)], "style": f"strong-{side}"},
                {"x": x + sign * 86, "y": y, "text": words, "style": f"plain-{side}"},
            ]
            leaders.append({"x": line + sign * 9, "y": row.y, "x2": line + sign * reach, "y2": y + 8})
        texts.append({"x": line + sign * (reach + 6), "y": 2, "text": [heading], "style": f"strong-{side}"})
    steps = pd.DataFrame({"x": line, "x2": line, "y": rows["y"].shift(), "y2": rows["y"]}).iloc[1:]
    is_broken = gaps.iloc[1:] > LONGEST_GAP
    rules = [
        alt.Chart(pd.DataFrame(leaders)).mark_rule(color=palette.border),
        alt.Chart(steps[~is_broken]).mark_rule(strokeWidth=2),
    ]
    if is_broken.any():
        rules.append(alt.Chart(steps[is_broken]).mark_rule(strokeWidth=2, strokeDash=[2, 6]))
    marks = alt.Chart(rows[["x", "y", "kind", "says"]]).mark_point(size=140, strokeWidth=2.5)
    return alt.layer(
        *(rule.encode(**places, x2="x2:Q", y2="y2:Q") for rule in rules),
        marks.encode(**places, **symbol_channels("kind", symbols), **spoken("says:N")),
        *_texts(texts, places),
    ).properties(width=width, height=height)


def text_list(
    items: pd.DataFrame, symbols: Mapping[str, Symbol], *, legend: bool = False, width: int = NARROW
) -> alt.TopLevelMixin:
    """Return a plain list for a phone: headings, and below each its lines, a symbol before each.

    Parameters
    ----------
    items : DataFrame
        One row an item: ``heading`` (said once where it repeats), ``text``, ``kind`` (a key of `symbols`;
        missing for a plain line) and ``says`` (its text under a pointer).
    symbols : mapping of str to Symbol
        How each kind is drawn.
    legend : bool
        Whether the kinds are listed above.
    width : int
        Pixels.
    """
    texts: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    y, heading = 0.0, None
    for item in each_row(items):
        if item.heading != heading:
            heading, lines = item.heading, wrap(item.heading, 0.9 * width)
            y += 8 if y else 0
            texts.append({"x": 0, "y": y, "text": lines, "style": "strong-right"})
            y += LEADING * len(lines) + 2
        lines = wrap(item.text, width - 20)
        texts.append({"x": 18, "y": y, "text": lines, "style": "plain-right"})
        if not pd.isna(item.kind):
            marks.append({"x": 6, "y": y + 8, "kind": item.kind, "says": item.says})
        y += LEADING * len(lines)
    places = _places(width, y)
    points = alt.Chart(pd.DataFrame(marks, columns=["x", "y", "kind", "says"]))
    return alt.layer(
        points.mark_point(size=64, strokeWidth=1.5).encode(
            **places, **symbol_channels("kind", symbols, legend=legend), **spoken("says:N")
        ),
        *_texts(texts, places),
    ).properties(width=width, height=y)


def text_grid(
    cells: pd.DataFrame, roles: Sequence[str], *, width: int = BROAD, head: int = 150
) -> alt.TopLevelMixin:
    """Return statements in a grid: a row for each point, a column for each speaker.

    Parameters
    ----------
    cells : DataFrame
        One row a cell, in order: ``row``, ``column``, ``lead`` (a word or two above), ``text``, ``role`` (of
        the palette) and ``says`` (its text under a pointer). A cell that is not there is empty.
    roles : sequence of str
        The roles that occur.
    width, head : int
        Pixels of the grid, and of them those of the names of the rows.
    """
    columns = list(dict.fromkeys(cells["column"]))
    step = (width - head) / len(columns)
    across = {column: head + step * place for place, column in enumerate(columns)}
    texts = [{"x": x, "y": 0, "text": [column], "style": "strong-right"} for column, x in across.items()]
    leads, boxes, y = [], [], 32.0
    for row, group in cells.groupby("row", sort=False):
        lines = [wrap(text, step - 26) for text in group["text"]]
        height = LEADING * (1 + max(map(len, lines)))
        texts.append({"x": 0, "y": y, "text": wrap(str(row), head - 34), "style": "strong-right"})
        for cell, words in zip(each_row(group), lines, strict=True):
            x = across[cell.column]
            texts.append({"x": x, "y": y + LEADING, "text": words, "style": "plain-right"})
            leads.append({"x": x, "y": y, "text": cell.lead, "role": cell.role})
            boxes.append(
                {"x": x - 11, "x2": x - 6, "y": y - 2, "y2": y + height, "role": cell.role, "says": cell.says}
            )
        y += height + 18
    places, color = _places(width, y), role_color("role", *roles)
    return alt.layer(
        alt.Chart(pd.DataFrame(boxes))
        .mark_rect()
        .encode(**places, x2="x2:Q", y2="y2:Q", color=color, **spoken("says:N")),
        alt.Chart(pd.DataFrame(leads))
        .mark_text(style="strong-right")
        .encode(**places, text="text:N", color=color),
        *_texts(texts, places),
    ).properties(width=width, height=y)


def _brackets(
    ends: Mapping[str, Sequence[float]], edge: float
) -> tuple[list[dict[str, float]], list[dict[str, Any]]]:
    """Return the lines of brackets and what stands beside them, from what it is and both ends of each."""
    rules: list[dict[str, float]] = []
    texts: list[dict[str, Any]] = []
    for text, (first, last) in ends.items():
        rules += [
            {"x": edge + 8, "y": first, "x2": edge + 8, "y2": last},
            {"x": edge, "y": first, "x2": edge + 8, "y2": first},
            {"x": edge, "y": last, "x2": edge + 8, "y2": last},
        ]
        texts.append({"x": edge + 15, "y": (first + last) / 2 - 8, "text": [text], "style": "strong-right"})
    return rules, texts


def people(
    groups: pd.DataFrame, symbols: Mapping[str, Symbol], *, width: int, step: float
) -> alt.TopLevelMixin:
    """Return one mark for each person, a block of rows for each group, and brackets around sums of groups.

    Parameters
    ----------
    groups : DataFrame
        One row a group, in order: ``heading``, ``explanation``, ``least`` and ``most`` (the marks
        between are outlines), ``kind`` (a key of `symbols`) and ``bracket`` (what stands beside the groups
        that add up to it, which stand first and follow each other; blank for none, below a line).
    symbols : mapping of str to Symbol
        How each kind is drawn; ``open`` is the one for marks beyond ``least``.
    width : int
        Pixels.
    step : float
        Pixels from one mark to the next.
    """
    beside = 82 if groups["bracket"].ne("").any() else 0
    each_line = int((width - beside) // step)
    marks: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    ends: dict[str, list[float]] = {}
    y, before = 0.0, ""
    rules: list[dict[str, float]] = []
    for group in each_row(groups):
        if before and not group.bracket:
            rules.append({"x": 0, "y": y, "x2": width, "y2": y})
            y += 18
        before = group.bracket
        words = wrap(group.explanation, width - beside if group.bracket else width)
        texts += [
            {"x": 0, "y": y, "text": [group.heading], "style": "strong-right"},
            {"x": 0, "y": y + LEADING, "text": words, "style": "quiet-right"},
        ]
        top = y + LEADING * (1 + len(words)) + 4
        marks += [
            {
                "x": step * (person % each_line + 0.5),
                "y": top + step * (person // each_line + 0.5),
                "kind": group.kind if person < group.least else "open",
                "says": group.heading,
            }
            for person in range(group.most)
        ]
        bottom = top + step * -(-group.most // each_line)
        if group.bracket:
            ends.setdefault(group.bracket, [top + 2, bottom])[1] = bottom - 2
        y = bottom + 20
    height = y - 18
    places = _places(width, height)
    beyond, sums = _brackets(ends, width - beside + 2)
    rules += beyond
    texts += sums
    size = 0.55 * step * step
    return alt.layer(
        alt.Chart(pd.DataFrame(marks))
        .mark_point(size=size, strokeWidth=1.5)
        .encode(**places, **symbol_channels("kind", symbols), **spoken("says:N")),
        alt.Chart(pd.DataFrame(rules, columns=["x", "y", "x2", "y2"]))
        .mark_rule(strokeWidth=1.5)
        .encode(**places, x2="x2:Q", y2="y2:Q"),
        *_texts(texts, places),
    ).properties(width=width, height=height)
