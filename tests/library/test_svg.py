"""SVG for notebook, page and paper: named, following the page's colours, and harmless."""

import altair as alt
import pandas as pd
import pytest
from lxml import etree

from explainer.authoring import palette
from explainer.authoring.colors import SANS
from explainer.authoring.figure import draw, spec_of
from explainer.authoring.svg import AXIS, SVG, for_page, for_print, parse, tidy
from explainer.authoring.theme import fonts
from explainer.system.errors import Fault

HOSTILE = "<script>alert(1)</script> \"quoted\" 'single' & done"


def drawn(**encoding):
    frame = pd.DataFrame({"what": [HOSTILE, "pears"], "many": [3, 5.123456]})
    chart = alt.Chart(frame).mark_bar().encode(x="many:Q", y="what:N", **encoding)
    return draw(spec_of(chart + chart.mark_text(align="left").encode(text="what:N")))


def canonical(**words):
    return tidy(drawn(), **{"title": "More pears", "description": "3 and 5.", **words})


def small(inner, attributes=""):
    return f'<svg xmlns="{SVG}" width="10" height="10" viewBox="0 0 10 10" {attributes}>{inner}</svg>'


def local(root, name):
    return root.findall(f".//{{{SVG}}}{name}")


def test_the_whole_has_role_title_and_description():
    root = parse(canonical(title=HOSTILE, description=HOSTILE))
    assert root.get("role") == "img"
    ids = root.get("aria-labelledby").split()
    named = [next(root.iter(f"{{{SVG}}}{name}")) for name in ("title", "desc")]
    assert [element.get("id") for element in named] == ids
    assert [element.text for element in named] == [HOSTILE, HOSTILE]
    assert next(iter(root)) is named[0]


def test_parts_are_hidden_from_screen_readers_and_carry_no_labels():
    root = parse(canonical())
    drawing = root.find(f"{{{SVG}}}g")
    assert drawing.get("aria-hidden") == "true"
    for element in drawing.iter():
        if element is not drawing:
            assert not [name for name in element.attrib if name.startswith("aria-") or name == "role"]
            assert element.get("class") in (None, AXIS)


def test_the_axes_are_marked_so_that_their_ticks_can_be_told_from_statements():
    texts = local(parse(canonical()), "text")
    ticks = [text for text in texts if any(above.get("class") == AXIS for above in text.iterancestors())]
    assert {"0", "many", "pears", HOSTILE} <= {tick.text for tick in ticks}
    assert [text.text for text in texts if text not in ticks] == [HOSTILE, "pears"]


def test_hostile_text_stays_text():
    for text in (canonical(), for_page(canonical(), "fig-a"), for_print(canonical(), "fig-a")):
        assert "<script" not in text
        root = etree.fromstring(text)
        assert HOSTILE in ["".join(element.itertext()) for element in local(root, "text")]


def test_the_page_version_scales_and_takes_the_pages_font():
    root = parse(for_page(canonical(), "fig-a"))
    assert root.get("width") is None and root.get("height") is None
    assert root.get("viewBox").startswith("0 0 680 ")
    assert "max-width:680px" in root.get("style")
    assert root.get("font-family").startswith("var(--sans,")
    assert not [element for element in root.iter() if element is not root and element.get("font-family")]


def test_every_colour_of_the_page_version_follows_the_page():
    root = parse(for_page(canonical(), "fig-a"))
    colours = {
        element.get(kind) for element in root.iter() for kind in ("fill", "stroke") if element.get(kind)
    }
    assert colours - {"none", "transparent"} == {
        f"var(--{role.name})" for role in (palette.role(name) for name in ("grid", "muted", "stated", "ink"))
    }


def test_only_the_notebook_version_has_paper_behind_it():
    rects = [
        len(local(parse(text), "rect"))
        for text in (canonical(), for_page(canonical(), "a"), for_print(canonical(), "a"))
    ]
    assert rects == [1, 0, 0]


def test_the_print_version_names_the_font_and_keeps_its_size():
    root = parse(for_print(canonical(), "fig-a"))
    assert root.get("font-family") == SANS
    assert root.get("width") == "680"
    assert "var(" not in for_print(canonical(), "fig-a")


def test_ids_of_two_charts_on_one_page_do_not_clash():
    clip = (
        '<defs><clipPath id="clip0"><rect x="0" y="0" width="5" height="5"/></clipPath></defs>'
        f'<g clip-path="url(#clip0)"><rect width="3" height="3" fill="{palette.ink}"/></g>'
    )
    kept = tidy(small(clip), title="T", description="D")
    pages = [for_page(kept, label) for label in ("fig-a", "fig-b")]
    ids = [{element.get("id") for element in parse(page).iter() if element.get("id")} for page in pages]
    assert ids[0].isdisjoint(ids[1])
    for page, label in zip(pages, ("fig-a", "fig-b"), strict=True):
        root = parse(page)
        (group,) = [element for element in root.iter() if element.get("clip-path")]
        assert group.get("clip-path") == f"url(#{label}-1)"
        assert [element.get("id") for element in local(root, "clipPath")] == [f"{label}-1"]
        assert len(local(root, "rect")) == 2, "the shape that clips is kept, though it has no colour"


def test_nothing_points_outside():
    for text in (canonical(), for_page(canonical(), "a"), for_print(canonical(), "a")):
        assert "href" not in text and "url(" not in text and "@import" not in text
        assert text.count("http") == text.count(SVG) == 1


def test_coordinates_are_rounded_and_the_file_is_smaller():
    text = tidy(
        small(f'<path d="M0.123456,-1e-9l2.50000,100h-0.04" fill="{palette.ink}"/>'),
        title="T",
        description="D",
    )
    assert 'd="M0.1,0l2.5,100h0"' in text
    assert len(canonical()) < 0.6 * len(drawn())


def test_colours_are_recognised_however_they_are_written():
    ink = tuple(int(palette.ink[place : place + 2], 16) for place in (1, 3, 5))
    root = parse(tidy(small(f'<rect width="1" height="1" fill="rgb{ink}"/>'), title="T", description="D"))
    assert local(root, "rect")[0].get("fill") == palette.ink


def test_a_colour_outside_the_palette_is_refused_by_name():
    with pytest.raises(Fault, match=r"not in the palette.*#4c78a8.*stated"):
        tidy(small('<rect width="1" height="1" fill="#4c78a8"/>'), title="T", description="D")


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        '<a href="https://example.org/"><text fill="none">x</text></a>',
        '<image href="https://example.org/x.png"/>',
        "<foreignObject/>",
        '<style>@import "https://example.org/x.css"</style>',
        "<?php echo 1 ?>",
        '<html xmlns="http://www.w3.org/1999/xhtml"/>',
        '<rect fill="url(https://example.org/x.svg#a)"/>',
    ],
)
def test_whatever_a_chart_has_no_need_of_is_refused(inner):
    with pytest.raises(Fault, match="must not"):
        parse(small(inner))


def test_event_handlers_and_styles_do_not_survive():
    text = tidy(
        small(
            f'<rect width="1" height="1" fill="{palette.ink}" onclick="alert(1)" style="x:y"/>',
            'onload="alert(2)"',
        ),
        title="T",
        description="D",
    )
    assert "onload" not in text and "onclick" not in text and "style" not in text


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    document = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + small("<text>&x;</text>")
    with pytest.raises(Fault, match="document type"):
        parse(document)


@pytest.mark.parametrize("text", ["", "not xml", "<svg", "<html/>"])
def test_what_is_not_svg_is_refused(text):
    with pytest.raises(Fault, match="SVG"):
        parse(text)


def test_a_dangling_reference_is_refused():
    with pytest.raises(Fault, match="not there"):
        tidy(
            small(f'<rect width="1" height="1" fill="{palette.ink}" clip-path="url(#gone)"/>'),
            title="T",
            description="D",
        )


def test_an_svg_that_was_not_made_by_figure_is_refused():
    with pytest.raises(Fault, match="no accessible name"):
        for_page(small(""), "fig-a")


def test_the_print_version_is_set_in_the_shipped_font(tmp_path):
    typst = pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "print.svg").write_text(for_print(canonical(), "fig-a"), encoding="utf-8")
    (tmp_path / "page.typ").write_text('#image("print.svg")')
    target = tmp_path / "page.pdf"
    options = {"root": tmp_path, "font_paths": [fonts()], "ignore_system_fonts": True}
    typst.compile(tmp_path / "page.typ", output=target, **options)
    page = pypdf.PdfReader(target).pages[0]
    # Typst draws an SVG as a form of its own; its text stays text.
    names = {str(name).lstrip("/") for name in fonts_in(page)}
    assert names and all("LibreFranklin" in name for name in names)
    assert "pears" in page.extract_text()


def fonts_in(node, seen=None):
    """Yield the names of all fonts that a page and the forms on it use."""
    seen = seen if seen is not None else set()
    resources = node.get("/Resources", {})
    for font in resources.get("/Font", {}).values():
        yield font.get_object()["/BaseFont"]
    for form in resources.get("/XObject", {}).values():
        form = form.get_object()
        if id(form) not in seen:
            seen.add(id(form))
            yield from fonts_in(form, seen)
