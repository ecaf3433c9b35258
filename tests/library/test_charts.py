"""Charts: readable in both lights, the same on every run, and nothing fetched."""

import json
import re
from base64 import b64decode
from io import BytesIO

import altair as alt
import pandas as pd
import pytest
import vl_convert
from bs4 import BeautifulSoup
from jsonschema import Draft7Validator
from PIL import Image

from explainer.analysis.voices import draw_voices
from explainer.authoring import NARROW, WIDTH, Figure, palette, picture_cache
from explainer.authoring.colors import SANS, SERIF
from explainer.authoring.figure import MIME, draw, renumber_names, spec_of
from explainer.authoring.svg import parse
from explainer.authoring.theme import fonts, theme
from explainer.system.errors import Fault

FRAME = pd.DataFrame({"what": ["apples", "pears"], "many": [3, 5]})


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2 contrast ratio of two ``#rrggbb`` colours, from 1 to 21."""

    def luminance(colour: str) -> float:
        assert re.fullmatch(r"#[0-9a-f]{6}", colour), f"not a colour: {colour}"
        channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def bars(frame=FRAME):
    return alt.Chart(frame).mark_bar().encode(x="many:Q", y="what:N")


def figure(**changed):
    words = {"takeaway": "More pears", "caption": "Fruit in the bowl.", "alt": "Bars: 3 apples, 5 pears."}
    return Figure(**{"chart": bars(), "data": FRAME, **words, **changed})


@pytest.mark.parametrize(
    "role", [role for role in palette if role.use != "decor"], ids=lambda role: role.name
)
@pytest.mark.parametrize("page", ["light", "dark"])
def test_every_colour_stands_out_on_both_pages(role, page):
    least = {"text": 4.5, "mark": 3}[role.use]
    assert contrast(getattr(role, page), getattr(palette.role("paper"), page)) >= least


@pytest.mark.parametrize(
    "role", [role for role in palette if role.use != "decor"], ids=lambda role: role.name
)
@pytest.mark.parametrize("page", ["light", "dark"])
def test_every_mark_stands_out_on_a_map_too(role, page):
    assert contrast(getattr(role, page), getattr(palette.role("land"), page)) >= (
        2.6 if role.use == "mark" else 3
    )


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    with pytest.raises(AssertionError, match="not a colour"):
        contrast("red", "#ffffff")


def test_no_two_roles_share_a_light_colour_since_it_is_what_names_them_in_a_chart():
    assert len({role.light for role in palette}) == len(list(palette))


def test_the_palette_explains_itself_when_a_role_is_not_there():
    with pytest.raises(Fault, match="stated"):
        palette["no-such-role"]
    with pytest.raises(AttributeError, match="no_such_role"):
        _ = palette.no_such_role


def test_style_sheet_gives_each_role_in_both_lights():
    css = palette.css()
    for role in palette:
        assert css.count(f"--{role.name}:{role.light};") == 1
        assert css.count(f"--{role.name}:{role.dark};") == 2


def test_theme_uses_only_the_palette_and_the_shipped_font():
    text = json.dumps(theme())
    colours = {part[:7] for part in text.split('"')[1::2] if part.startswith("#")}
    assert colours <= {role.light for role in palette}
    config = theme()["config"]
    assert config["font"] == SANS
    assert {config["axis"]["labelFont"], config["axis"]["titleFont"], config["title"]["font"]} == {SANS}
    assert config["legend"]["disable"] is True


@pytest.mark.parametrize("mark", ["bar", "point", "circle", "square", "tick", "area", "line", "rect", "text"])
def test_no_mark_is_drawn_half_transparent(mark):
    svg = draw(spec_of(getattr(alt.Chart(FRAME), f"mark_{mark}")().encode(x="many:Q", y="what:N")))
    drawn = svg.split("role-mark")[1]
    assert not [part for part in drawn.split('opacity="')[1:] if not part.startswith('1"')]


@pytest.mark.parametrize("family", [SANS, SERIF])
def test_fonts_are_shipped_with_their_licence(family):
    name = family.replace(" ", "")
    assert list(fonts().glob(f"{name}-*.ttf"))
    assert all(path.stat().st_size <= 25_600 for path in fonts().glob(f"{name}-*.woff2"))
    assert "SIL OPEN FONT LICENSE" in (fonts() / f"OFL-{name}.txt").read_text(encoding="utf-8")


def test_text_is_measured_in_the_shipped_font():
    def width(font):
        frame = pd.DataFrame({"what": ["The quick brown fox jumps over it"], "many": [1]})
        chart = bars(frame).properties(width=300, autosize={"type": "pad"}).configure_axis(labelFont=font)
        return float(draw(spec_of(chart)).split('width="')[1].split('"')[0])

    assert width(SANS) != width("DejaVu Sans Mono") != width("No Such Font")
    assert width(SANS) != width("No Such Font")


def test_an_output_is_pictures_and_json_never_html():
    bundle, metadata = figure()._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain", MIME}
    assert bundle["text/plain"] == "Bars: 3 apples, 5 pears."
    held = bundle[MIME]
    assert held["takeaway"] == "More pears"
    assert held["columns"][1] == {"name": "many", "title": "Many", "type": "integer"}
    assert held["rows"] == [{"what": "apples", "many": 3}, {"what": "pears", "many": 5}]
    json.dumps(held, allow_nan=False)
    # Where SVG is not shown, the same chart in pixels, as wide on the page, with its description.
    width = float(parse(bundle["image/svg+xml"]).get("width"))
    assert metadata == {"image/png": {"alt": "Bars: 3 apples, 5 pears.", "width": round(width)}}
    image = Image.open(BytesIO(b64decode(bundle["image/png"])))
    assert image.format == "PNG" and image.mode == "P" and abs(image.width - 2 * width) <= 1
    colors = {color for _, color in image.convert("RGB").getcolors(1000)}
    assert {tuple(bytes.fromhex(palette.paper[1:]))} < colors


def test_two_drawings_are_the_same_bytes():
    bar = bars().add_params(alt.selection_point())
    first = json.dumps(figure(chart=bar | bars(), narrow=bars())._repr_mimebundle_())
    for _ in range(3):
        bars().add_params(alt.selection_point()).to_dict()  # moves Altair's counters on
    bar = bars().add_params(alt.selection_point())
    assert json.dumps(figure(chart=bar | bars(), narrow=bars())._repr_mimebundle_()) == first


def test_counted_names_begin_at_one_and_data_keep_theirs():
    spec = {
        "datasets": {"d": [{"a": "view_9"}]},
        "vconcat": [{"name": "view_7"}, {"name": "view_12"}],
        "params": [{"name": "param_3", "views": ["view_7", "view_12"]}],
        "transform": [{"filter": "param_3.x > 1"}],
    }
    assert renumber_names(spec) == {
        "datasets": {"d": [{"a": "view_9"}]},
        "vconcat": [{"name": "view_1"}, {"name": "view_2"}],
        "params": [{"name": "param_1", "views": ["view_1", "view_2"]}],
        "transform": [{"filter": "param_1.x > 1"}],
    }


def test_a_spec_is_valid_vega_lite_with_its_data_inside():
    spec = spec_of(bars() + bars().mark_text(dx=4))
    validator = Draft7Validator(alt.vegalite.schema.core.load_schema())
    assert list(validator.iter_errors(spec)) == []
    assert next(iter(spec["datasets"].values())) == FRAME.to_dict("records")
    assert vl_convert.vegalite_to_vega(spec)["marks"]


def test_data_from_elsewhere_are_refused():
    chart = alt.Chart("https://example.org/fruit.csv").mark_bar().encode(x="many:Q")
    with pytest.raises(Fault, match="must carry its data"):
        figure(chart=chart)
    lookup = alt.LookupData(alt.UrlData("https://example.org/fruit.csv"), key="what", fields=["many"])
    with pytest.raises(Fault, match="must carry its data"):
        figure(chart=bars().transform_lookup("what", from_=lookup))


def test_a_column_called_url_is_only_data():
    frame = FRAME.assign(url="https://example.org/")
    assert figure(chart=bars(frame), data=frame).records.rows[0]["url"] == "https://example.org/"


@pytest.mark.parametrize("word", ["takeaway", "caption", "alt"])
def test_words_may_not_be_left_out(word):
    with pytest.raises(Fault, match=word):
        figure(**{word: "  "})


def test_an_empty_frame_is_refused():
    with pytest.raises(Fault, match="nothing to show"):
        figure(data=FRAME.head(0))


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(Fault, match=r"colour.*what, many"):
        figure(columns={"colour": "Colour"})


@pytest.mark.parametrize("join", [alt.hconcat, alt.vconcat, alt.concat])
def test_charts_side_by_side_have_a_size(join):
    width = float(draw(spec_of(join(bars(), bars()))).split('width="')[1].split('"')[0])
    assert width > 680


def test_a_narrow_version_is_kept_when_there_is_one():
    assert "narrow" not in figure().to_dict()
    held = figure(narrow=bars().properties(width=340)).to_dict()
    assert 'viewBox="0 0 340 ' in held["narrow"]
    with pytest.raises(Fault, match="no narrow version"):
        figure().svg(narrow=True)


def test_an_invalid_chart_is_a_fault():
    with pytest.raises(Fault, match="chart is not valid"):
        figure(chart=alt.Chart(FRAME).mark_bar().encode(x="colour"))


@pytest.fixture
def in_a_run(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLAINER_RUN_ROOT", str(tmp_path))
    return tmp_path / "_build" / "pictures"


def test_a_chart_that_a_run_drew_before_is_neither_checked_nor_drawn_again(in_a_run, monkeypatch):
    first = figure().svg()
    (kept,) = in_a_run.iterdir()
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", None)
    checked = []
    monkeypatch.setattr(alt.Chart, "validate", lambda *given, **more: checked.append(given))
    assert figure().svg() == first and not checked
    monkeypatch.undo()
    kept.unlink()
    assert figure().svg() == first


def test_a_chart_with_another_number_is_drawn_anew(in_a_run):
    figure().svg()
    other = figure(chart=bars(FRAME.assign(many=[3, 6]))).svg()
    assert other != figure().svg() and len(list(in_a_run.iterdir())) == 2


def test_kept_pictures_excuse_no_invalid_chart_and_no_data_from_elsewhere(in_a_run):
    figure().svg()
    with pytest.raises(Fault, match="not valid"):
        spec_of(alt.Chart(FRAME).mark_bar().encode(x=alt.X("many:Q").sort("sideways")))
    away = alt.Chart("https://example.org/x.csv").mark_bar().encode(x="many:Q")
    with pytest.raises(Fault, match="must carry its data"):
        spec_of(away)


def test_only_the_latest_pictures_are_kept(in_a_run, monkeypatch):
    monkeypatch.setattr(picture_cache, "MOST", 2)
    for many in range(4):
        picture_cache.store({"many": many}, f"<svg>{many}</svg>")
    assert [picture_cache.find({"many": many}) for many in range(4)] == [
        None,
        None,
        "<svg>2</svg>",
        "<svg>3</svg>",
    ]


@pytest.mark.parametrize(
    ("outlet", "facts", "above"), [("The Gull", 8, False), ("The Harbor Gazette", 22, True)]
)
def test_names_of_voices_stand_above_their_marks_where_there_is_no_room_behind(outlet, facts, above):
    body = pd.DataFrame(
        {"body_number": 1, "place_in_row": range(1, facts + 1), "voice": outlet, "subject": "It"}
    )
    _, names = draw_voices(body, outlet, WIDTH).to_dict()["layer"]
    assert names["mark"].get("yOffset") == (-9 if above else None)
    assert ("dx" in names["mark"]) is not above


def test_names_of_voices_that_a_narrow_page_has_no_room_for_are_counted():
    voices = ["Mayor Ada Quill", "The Harbor and River Police of Gullport", "The fire service", "A resident"]
    body = pd.DataFrame({"body_number": 1, "place_in_row": range(1, 5), "voice": voices, "subject": "It"})
    chart = draw_voices(body, "The Gull", NARROW, above=True).to_dict()
    (row,) = chart["datasets"][chart["layer"][1]["data"]["name"]]
    assert row["who"] == "Mayor Ada Quill 1 and 3 others"


@pytest.mark.parametrize(("width", "facts", "most"), [(WIDTH, 22, 121), (NARROW, 22, 110), (NARROW, 8, 121)])
def test_marks_of_voices_do_not_touch(width, facts, most):
    body = pd.DataFrame(
        {"body_number": 1, "place_in_row": range(1, facts + 1), "voice": "A", "subject": "It"}
    )
    marks, _ = draw_voices(body, "A", width).to_dict()["layer"]
    reach = marks["encoding"]["x"]["scale"]["domain"][1]
    assert 30 < marks["mark"]["size"] < most
    assert marks["mark"]["size"] ** 0.5 < (width - 40) / (reach - 0.4)


def test_exploring_needs_nothing_from_outside_and_no_text_leaves_its_place():
    hostile = '</script><script>alert("x")</script>"><b>'
    frame = FRAME.assign(what=[hostile, "pears"])
    shown = figure(chart=bars(frame), data=frame, takeaway=hostile).explore()._repr_mimebundle_()
    assert shown["text/plain"] == "Bars: 3 apples, 5 pears."
    (outer,) = BeautifulSoup(shown["text/html"], "html.parser").find_all(True)
    assert outer.name == "iframe" and outer["sandbox"] == ["allow-scripts"] and outer["title"] == hostile
    inner = BeautifulSoup(outer["srcdoc"], "html.parser")
    assert inner.title.text == hostile and inner.find("b") is None
    assert len(inner.find_all("script")) == 2 and not inner.find_all(["script", "link", "img"], src=True)
    policy = inner.find("meta", attrs={"http-equiv": True})["content"]
    assert policy.startswith("default-src 'none';") and "http" not in policy


def test_exploring_is_not_for_the_report(in_a_run):
    with pytest.raises(Fault, match="working in JupyterLab"):
        figure().explore()
