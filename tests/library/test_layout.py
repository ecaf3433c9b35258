"""Charts that are mostly text, bars and maps: nothing covers anything else, and every row is drawn."""

from __future__ import annotations

import re
from itertools import pairwise

import pandas as pd
import pytest

from explainer.authoring import (
    NARROW,
    Figure,
    Symbol,
    bars,
    people,
    place_map,
    side_by_side,
    symbol_channels,
    text_grid,
    text_list,
    timeline,
)
from explainer.authoring.figure import spec_of
from explainer.authoring.layout import LONGEST_GAP, _spread, wrap

SYMBOLS = {"own": Symbol("stated"), "open": Symbol("context", is_filled=False)}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 2], [2, 2], [2, 0], [0, 0]]]}
FEATURE = {"type": "Feature", "properties": {}, "geometry": SQUARE}


def svg_of(chart) -> str:
    """Return the chart as a figure draws it."""
    frame = pd.DataFrame({"what": ["apples"]})
    return Figure(chart, data=frame, takeaway="Fruit", caption="A bowl.", alt="A bowl of fruit.").svg()


def texts(svg: str) -> list[str]:
    return re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", svg)


def days(*dates: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": pd.to_datetime(list(dates)),
            "text": [f"Event of {date}" for date in dates],
            "kind": ["own", "open"] * (len(dates) // 2) + ["own"] * (len(dates) % 2),
            "side": ["left", "right"] * (len(dates) // 2) + ["left"] * (len(dates) % 2),
            "says": [f"On {date}" for date in dates],
        }
    )


@pytest.mark.parametrize("wanted", [[10, 11, 12], [0, 0, 0], [95, 96, 97], [5, 50, 99]])
def test_labels_keep_clear_of_each_other_and_within_the_chart(wanted):
    tops = _spread(wanted, [20, 20, 20], 100)
    assert all(second - first >= 20 for first, second in pairwise(tops))
    assert tops[0] >= 0 and tops[-1] <= 80


def test_a_label_with_room_around_it_stands_where_it_belongs():
    assert _spread([30, 80], [10, 10], 100) == [25, 75]


def test_words_are_never_lost_when_a_text_is_wrapped():
    text = "a long statement about apples and pears " * 4
    lines = wrap(text, 120)
    assert len(lines) > 2 and " ".join(lines) == text.strip()
    assert wrap("", 120) == [""]


def test_a_timeline_names_every_day_on_its_side_at_its_true_distance():
    rows = days("2031-05-01", "2031-05-02", "2031-05-11")
    chart = timeline(rows, SYMBOLS, left="Here", right="There")
    said = texts(svg_of(chart))
    for expected in ("Thu May 1", "Fri May 2", "Sun May 11", "Here", "There", "Event of 2031-05-11"):
        assert expected in said
    (marks,) = [
        data for data in spec_of(chart)["datasets"].values() if "kind" in data[0] and "says" in data[0]
    ]
    first, second, third = (row["y"] for row in sorted(marks, key=lambda row: row["y"]))
    assert third - second == pytest.approx(9 * (second - first))


def test_a_long_gap_in_a_timeline_is_shortened_and_broken():
    rows = days("2031-05-01", "2031-05-02", "2031-08-30")
    svg = svg_of(timeline(rows, SYMBOLS, left="Here", right="There"))
    assert svg.count("stroke-dasharray") == 1
    short = svg_of(timeline(rows.head(2), SYMBOLS, left="Here", right="There"))
    assert "stroke-dasharray" not in short
    datasets = spec_of(timeline(rows, SYMBOLS, left="Here", right="There"))["datasets"].values()
    (marks,) = [data for data in datasets if "kind" in data[0] and "says" in data[0]]
    first, second, third = sorted(row["y"] for row in marks)
    assert third - second == pytest.approx(LONGEST_GAP * (second - first))


def test_a_list_says_a_heading_once_and_all_items():
    items = pd.DataFrame(
        {
            "heading": ["Fair", "Fair", "Market"],
            "text": ["apples", "pears", "nothing"],
            "kind": ["own", "open", None],
            "says": ["a", "b", "c"],
        }
    )
    svg = svg_of(text_list(items, SYMBOLS))
    assert [text for text in texts(svg) if text in ("Fair", "Market")] == ["Fair", "Market"]
    assert {"apples", "pears", "nothing"} <= set(texts(svg))
    assert float(re.search(r'viewBox="0 0 ([\d.]+)', svg)[1]) <= NARROW


def test_a_grid_has_each_row_and_column_once_and_leaves_a_gap_where_nothing_is():
    cells = pd.DataFrame(
        {
            "row": ["price", "price", "taste"],
            "column": ["growers", "buyers", "buyers"],
            "lead": ["say", "deny", "say"],
            "text": ["too low", "too high", "good"],
            "role": ["stated", "conflict", "stated"],
            "says": ["a", "b", "c"],
        }
    )
    said = texts(svg_of(text_grid(cells, ["stated", "conflict"])))
    assert [said.count(word) for word in ("price", "taste", "growers", "buyers", "good")] == [1] * 5


def groups(**changed) -> pd.DataFrame:
    rows = {
        "heading": ["Monday", "Tuesday", "Sunday"],
        "explanation": ["here", "here", "elsewhere"],
        "least": [5, 2, 1],
        "most": [5, 2, 3],
        "kind": ["own", "own", "own"],
        "bracket": ["7 in all", "7 in all", ""],
    }
    return pd.DataFrame({**rows, **changed})


def marks_of(chart) -> list[dict]:
    (marks,) = [data for data in spec_of(chart)["datasets"].values() if "kind" in data[0]]
    return marks


def test_there_is_one_mark_for_each_person_and_those_in_doubt_are_outlines():
    marks = marks_of(people(groups(), SYMBOLS, width=400, step=20))
    assert len(marks) == 10
    assert [mark["kind"] for mark in marks].count("open") == 2
    assert len({(mark["x"], mark["y"]) for mark in marks}) == 10


def test_a_bracket_stands_around_the_groups_of_a_sum_and_is_said_once():
    svg = svg_of(people(groups(), SYMBOLS, width=400, step=20))
    assert texts(svg).count("7 in all") == 1
    assert "7 in all" not in texts(svg_of(people(groups(bracket=""), SYMBOLS, width=400, step=20)))


def test_marks_keep_clear_of_the_bracket():
    marks = marks_of(people(groups(most=[60, 2, 3], least=[60, 2, 1]), SYMBOLS, width=400, step=20))
    assert max(mark["x"] for mark in marks) < 400 - 82


def rows(**changed) -> pd.DataFrame:
    fruit = {
        "name": ["pears", "apples", "plums"],
        "crates": [5.0, 3.0, None],
        "role": ["highlight", "quiet", "quiet"],
        "label": ["5", "3", "no figure"],
        "says": ["a", "b", "c"],
    }
    return pd.DataFrame({**fruit, **changed})


def test_bars_keep_their_order_and_say_where_there_is_no_figure():
    svg = svg_of(bars(rows(), name="name", value="crates", role="role", width=400, title=["Fair", "all day"]))
    said = texts(svg)
    assert [text for text in said if text in ("pears", "apples", "plums")] == ["pears", "apples", "plums"]
    assert {"5", "3", "no figure", "Fair", "all day"} <= set(said)


def test_charts_stand_beside_or_below_each_other():
    pair = [
        bars(rows(), name="name", value="crates", role="role", width=100, names=first)
        for first in (True, False)
    ]
    assert texts(svg_of(side_by_side(pair))).count("pears") == 1
    assert "vconcat" in spec_of(side_by_side(pair, stacked=True))


def test_a_map_labels_the_places_that_are_asked_for_and_sizes_circles_by_value():
    places = pd.DataFrame(
        {
            "place_id": ["fair", "market", "hall"],
            "lon": [0.5, 1.5, 1.0],
            "lat": [0.5, 1.5, 1.0],
            "value": [100.0, 25.0, None],
            "label": ["Fair 100", "Market 25", "Hall"],
            "role": ["highlight", "context", "stated"],
            "says": ["a", "b", "c"],
        }
    )
    chart = place_map(
        places,
        [FEATURE],
        borders=[FEATURE],
        roles=["highlight", "context", "stated"],
        sides={"fair": "left", "hall": "below"},
        width=300,
        height=300,
        area=2,
        title="The fair",
    )
    said = texts(svg_of(chart))
    assert {"Fair 100", "Hall", "The fair"} <= set(said) and "Market 25" not in said


def test_a_symbol_of_a_color_that_is_not_in_the_palette_is_refused():
    with pytest.raises(Exception, match="no such color"):
        symbol_channels("kind", {"own": Symbol("mauve")})
