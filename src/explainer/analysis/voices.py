"""Who is speaking, paragraph by paragraph, as a chart: one mark for each fact."""

from __future__ import annotations

import altair as alt
import pandas as pd

from explainer.authoring import palette, spoken
from explainer.authoring.layout import CHARACTER

#: One look for each voice, the outlet first; the last is for all voices beyond.
LOOKS = {
    "circle": palette["stated"],
    "square": palette["attributed"],
    "triangle-up": palette["computed"],
    "diamond": palette["inferred"],
    "cross": palette["context"],
    "triangle-down": palette["conflict"],
}
OTHERS = "others"
_STEP, _GAP, _AREA = 25, 14, 120
#: Pixels before the first mark, of the axis and its heading.
_BEFORE = 40


def draw_voices(body: pd.DataFrame, outlet: str, width: int, *, above: bool = False) -> alt.LayerChart:
    """Draw a row of marks for each paragraph, and who speaks in it.

    Parameters
    ----------
    body : DataFrame
        As `explainer.analysis.body_facts` returns it.
    outlet : str
        The article's own voice.
    width : int
        Of the chart, in pixels.
    above : bool
        Whether the names stand above the marks, as on a narrow page, and not behind them. They do so
        too where there is no room for them behind. Names that no row has room for are counted.

    Returns
    -------
    altair.LayerChart
    """
    marks = _marks(body, outlet)
    names = _names(marks, brief=above)
    ends = _STEP * names["place"] + _GAP + CHARACTER * names["who"].str.join(", ").str.len()
    above = above or bool((ends > width - _BEFORE).any())
    if above:
        room = int((width - _BEFORE) / CHARACTER)
        names["who"] = [_shortened(who, room) for who in names["who"]]
    else:
        names["who"] = names["who"].str.join(", ")
    order = list(
        dict.fromkeys([outlet, *marks["mark"].value_counts().index.drop(OTHERS, errors="ignore"), OTHERS])
    )
    order = [mark for mark in order if mark in set(marks["mark"])]
    looks = list(LOOKS.items())[: len(order)]
    y = alt.Y("body_number:O", title="Body paragraph", axis=alt.Axis(ticks=False, domain=False, grid=False))
    reach = max(0.4 + width / _STEP, float(marks["place_in_row"].max()) + 0.6)
    x = alt.X("place_in_row:Q", axis=None, scale=alt.Scale(domain=[0.4, reach], nice=False))
    # Marks of a long row on a narrow page are smaller, so that each can still be told from the next.
    area = min(_AREA, (0.8 * (width - _BEFORE) / (reach - 0.4)) ** 2)
    points = (
        alt.Chart(marks[["body_number", "place_in_row", "mark", "says"]])
        .mark_point(filled=True, size=area, opacity=1, yOffset=9 if above else 0)
        .encode(
            x=x,
            y=y,
            color=alt.Color("mark:N", scale=alt.Scale(domain=order, range=[color for _, color in looks])),
            shape=alt.Shape("mark:N", scale=alt.Scale(domain=order, range=[shape for shape, _ in looks])),
            **spoken("says:N"),
        )
    )
    words = alt.Chart(names).encode(y=y, text=alt.Text("who:N"))
    if above:
        words = words.mark_text(align="left", yOffset=-9, color=palette["muted"]).encode(x=alt.XValue(5))
    else:
        place = alt.X("place:Q", axis=None)
        words = words.mark_text(align="left", dx=_GAP, color=palette["muted"]).encode(x=place)
    return (points + words).properties(width=width, height=(44 if above else 30) * len(names))


def _marks(body: pd.DataFrame, outlet: str) -> pd.DataFrame:
    """Return a row for each fact, with the voice that has a look of its own, or `OTHERS`."""
    ranked = [voice for voice in body["voice"].value_counts().index if voice != outlet]
    most = len(LOOKS) - 1
    apart = ranked if len(ranked) <= most else ranked[: most - 1]
    rows = zip(body["body_number"], body["subject"], body["voice"], strict=True)
    return body[["body_number", "place_in_row", "voice"]].assign(
        mark=body["voice"].where(body["voice"].isin([outlet, *apart]), OTHERS),
        says=[f"Paragraph {number}: {subject} ({voice})" for number, subject, voice in rows],
    )


def _names(marks: pd.DataFrame, *, brief: bool) -> pd.DataFrame:
    """Return who speaks in each paragraph: ``body_number``, ``who`` (list) and the last mark's ``place``."""
    each = marks.groupby(["body_number", "voice"], sort=False, as_index=False).agg(
        number=("voice", "size"), place=("place_in_row", "max")
    )
    name = each["voice"].str.replace(r" \(.*?\)", "", regex=True) if brief else each["voice"]
    each["who"] = name + " " + each["number"].astype(str)
    grouped = each.groupby("body_number", as_index=False)
    return grouped.agg(who=("who", list), place=("place", "max"))


def _shortened(who: list[str], most: int) -> str:
    """Return names in at most so many characters; those that do not fit are counted at the end."""
    text = ", ".join(who)
    for others in range(1, len(who)):
        if len(text) <= most:
            break
        text = f"{', '.join(who[:-others])} and {others} other{'s' if others > 1 else ''}"
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
