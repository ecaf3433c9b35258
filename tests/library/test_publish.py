"""What goes out beside the pages, in the little report: charts as files, embeds, card, data, linked data."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import struct
from datetime import date
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
import yaml
from lxml import etree
from PIL import Image

import mini
from explainer.authoring import pixels, svg
from explainer.authoring.colors import palette
from explainer.data.package import DataPackage
from explainer.report.files import address, charts, credits, data, head, measure, people, poster, vega
from explainer.system.cache import Cache
from explainer.system.errors import Fault
from explainer.system.project import Project
from program import explain
from reading import Page, words

HOME = "https://news.example.org/fair/"
CORRECTIONS = """\
correction,corrected_on,fact_id,kind,column,was,is,reason,expected
1,2031-06-12,visitors,article,as_printed,1100,1200,They counted again,1200
2,2031-06-20,apples,transcription,as_printed,28,29,"Misread </script><script>alert(1)</script>",29
"""
CITATION = """\
cff-version: 1.2.0
title: The fair
authors:
  - name: The Orchard Desk
    website: https://example.org/desk
  - given-names: Pip
    family-names: Core
keywords: [fruit, fairs]
"""


def read(project, name="index.html"):
    return Page(project.report / name)


def entries(project):
    return json.loads((project.build / "figures.json").read_text())


def graph(project):
    (script,) = read(project).tree.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def metas(project):
    tags = read(project).tree.iter("meta")
    return {one.get("property") or one.get("name") or "": one.get("content") for one in tags}


@pytest.fixture(scope="module")
def placed(rendered, tmp_path_factory) -> Project:
    """Return the little report as it is rendered for an address, with corrections and a citation file."""
    project = mini.copy_of(rendered, tmp_path_factory.mktemp("placed") / "mini")
    mini.write(project.data / "corrections.csv", CORRECTIONS)
    mini.write(project.root / "CITATION.cff", CITATION)
    reach = "contact: desk@example.org\nrepository: https://example.org/source?a=1&b=2\n"
    mini.edit(project.index, 'author: "A newsroom"\n', f"{reach}card: fig-stalls\n")
    done = explain(project, "render", "--engine", "pandoc", SITE_URL=HOME)
    assert done.returncode == 0, done.stdout + done.stderr
    assert address.MISSING not in done.stdout
    return project


# Charts as files


def test_every_chart_and_table_has_its_files(rendered):
    found = {
        label: {kind: held["path"] for kind, held in entry["downloads"].items()}
        for label, entry in entries(rendered).items()
    }
    assert found["tbl-growers"] == {"csv": "figures/tbl-growers.csv"}
    assert found["fig-crates"] == {
        "csv": "figures/fig-crates.csv",
        "svg": "figures/fig-crates.svg",
        "png": "figures/fig-crates.png",
        "spec": "figures/fig-crates.vl.json",
        "script": "figures/fig-crates.vl.js",
        "embed": "embed/fig-crates.html",
    }
    assert set(found["fig-stalls"]) == set(found["fig-crates"])
    for entry in entries(rendered).values():
        for held in entry["downloads"].values():
            assert (rendered.report / held["path"]).stat().st_size == held["bytes"]


def test_csv_has_numbers_as_numbers_and_no_formulas(rendered):
    with (rendered.report / "figures/fig-crates.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["grower", "crates"], ["O'Neill <Sons> & Co", "29"], ['Ward "#1"', "7"], ["'=Pip*s*", "1200"],
    ]  # fmt: skip


def test_svg_file_says_what_the_page_says_and_names_its_colours_plainly(rendered):
    text = (rendered.report / "figures/fig-crates.svg").read_text()
    root = etree.fromstring(text.encode())
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "fig-crates-title fig-crates-desc")
    assert root.findtext(f"{{{svg.SVG}}}title") == "One grower sold 1,200 crates"
    assert root.findtext(f"{{{svg.SVG}}}desc") == 'Bars: 29, 7 and 1,200 crates, the last "the most".'
    drawn = words(" ".join(one.text or "" for one in root.iter(f"{{{svg.SVG}}}text")))
    assert "One grower sold 1,200 crates Crates sold by 3 growers, at $2 each #cheap _now_." in drawn
    assert drawn.endswith(
        "Half crates are left out. Sources: Orchard Post, Valley Echo. From “The fair, 29 crates later”."
    )
    assert "var(" not in text and "http" not in text.replace(svg.SVG, "")
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids)) and all(one.startswith("fig-crates-") for one in ids)


def test_svg_file_turns_dark_with_the_system_in_every_colour_it_has(rendered):
    root = etree.fromstring((rendered.report / "figures/fig-crates.svg").read_bytes())
    style = root.findtext(f"{{{svg.SVG}}}style")
    assert style.startswith("@media (prefers-color-scheme:dark){")
    rules = dict(re.findall(r'\[(\w+="#\w{6}")\]\{(\w+:#\w{6})\}', style))
    used = {
        f'{kind}="{one.get(kind)}"'
        for kind in ("fill", "stroke")
        for one in root.iter()
        if (one.get(kind) or "").startswith("#")
    }
    assert set(rules) == used and 'fill="#fdfcfa"' in used
    stated = palette.role("stated")
    assert rules[f'fill="{stated.light}"'] == f"fill:{stated.dark}"


def test_png_is_twice_as_wide_as_the_svg(rendered):
    root = etree.fromstring((rendered.report / "figures/fig-crates.svg").read_bytes())
    content = (rendered.report / "figures/fig-crates.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack_from(">LL", content, 16)
    assert (width, height) == (2 * int(root.get("width")), 2 * int(root.get("height")))


def picture(*pixels, mode="RGBA"):
    """Return a PNG of one row, as a renderer would write it, and its pixels."""
    image = Image.new(mode, (len(pixels), 40))
    for x, pixel in enumerate(pixels):
        image.paste(pixel, (x, 0, x + 1, 40))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=0)
    return file.getvalue()


@pytest.mark.parametrize(
    ("drawn", "mode"),
    [
        (picture(*[(x, 0, 255 - x, 255) for x in range(200)]), "P"),
        (picture(*[(x % 256, x // 256, 7, 255) for x in range(900)]), "RGB"),
        (picture((1, 2, 3, 255), (1, 2, 3, 90)), "RGBA"),
        (picture((9, 8, 7), (1, 2, 3), mode="RGB"), "P"),
    ],
)
def test_pixels_stay_as_they_are_in_fewer_bytes(drawn, mode):
    lighter = pixels.lighten(drawn)
    before, after = (Image.open(io.BytesIO(content)) for content in (drawn, lighter))
    assert after.mode == mode
    assert after.convert("RGBA").tobytes() == before.convert("RGBA").tobytes()
    assert len(lighter) < len(drawn)
    assert pixels.lighten(drawn) == lighter


def test_charts_go_out_as_pictures_of_few_colours(rendered):
    with Image.open(rendered.report / "figures/fig-crates.png") as chart:
        assert chart.mode == "P"


def test_spec_carries_its_words_and_data_and_loads_nothing(rendered):
    spec = json.loads((rendered.report / "figures/fig-crates.vl.json").read_text())
    assert spec["description"] == 'Bars: 29, 7 and 1,200 crates, the last "the most".'
    assert spec["usermeta"] == {
        "title": "One grower sold 1,200 crates",
        "caption": "Crates sold by 3 growers, at $2 each #cheap _now_.",
        "source": "Half crates are left out. Sources: Orchard Post, Valley Echo. "
        "From “The fair, 29 crates later”.",
    }
    assert spec["config"]["font"] == "Libre Franklin"
    assert next(iter(spec["datasets"].values()))[0] == {"grower": "O'Neill <Sons> & Co", "crates": 29}
    assert '"url"' not in json.dumps(spec)


def test_script_is_the_same_spec_for_pages_that_can_fetch_none(rendered):
    text = (rendered.report / "figures/fig-crates.vl.js").read_text()
    match = re.fullmatch(r'\(globalThis\.explainerCharts \?\?= \{\}\)\["fig-crates"\] = (\{.*\});\n', text)
    specs = json.loads(match[1])
    assert specs["wide"] == json.loads((rendered.report / "figures/fig-crates.vl.json").read_text())
    assert specs["narrow"]["width"] == 300 and specs["narrow"]["description"] == specs["wide"]["description"]
    assert not set("<>&\u2028\u2029") & set(match[1])
    assert '"narrow":null' in (rendered.report / "figures/fig-stalls.vl.js").read_text()


def test_json_in_a_script_ends_no_script():
    hostile = {"</script>": "<!-- \u2028 & > \u2029"}
    text = charts.script_json(hostile)
    assert json.loads(text) == hostile
    assert not set("<>&\u2028\u2029") & set(text)


# The Vega libraries


def test_vega_is_one_local_script_with_one_name_and_its_licence(rendered):
    text = (rendered.report / "scripts/vega.js").read_text()
    site = json.loads((rendered.build / "site.json").read_text())
    assert site["vega"] == {"path": "scripts/vega.js", "bytes": len(text.encode())}
    assert re.match(r"/\*! Vega [\d.]+ and others; see vega-LICENSE\.txt \*/\n\(\(\)=>\{", text)
    assert text.endswith("})();\n")
    assert "globalThis.explainerVega=" in text and "jsdelivr" not in text
    made = text.rpartition("globalThis.explainerVega=")[2]
    assert (
        re.search(r"mode:.vega-lite.,actions:(false|!1),ast:(true|!0)", made) and '"#12558f":"stated"' in made
    )
    licence = (rendered.report / "scripts/vega-LICENSE.txt").read_text()
    assert "University of Washington Interactive Data Lab" in licence


def test_no_page_loads_vega_or_any_other_script_by_itself(rendered):
    for path in rendered.report.rglob("*.html"):
        assert not Page(path).tree.xpath(
            "//script[contains(@src, 'vega')] | //script[contains(@src, '.vl.')]"
        )


def test_what_takes_long_is_made_once(tmp_path):
    project = Project(tmp_path)
    made = []

    def make(name):
        return lambda: made.append(name) or name.encode()

    first = Cache(project)
    assert first.get("png", ["1.0", b"a"], make("a")) == b"a"
    assert first.get("png", ["1.0", b"b"], make("b")) == b"b"
    second = Cache(project)
    assert second.get("png", ["1.0", b"a"], make("again")) == b"a"
    assert second.get("png", ["1.1", b"a"], make("newer")) == b"newer"
    second.sweep()
    assert made == ["a", "b", "newer"]
    assert len(list((project.build / "cache").iterdir())) == 2


def test_second_build_draws_nothing_anew(rendered, report, monkeypatch):
    def never(*_, **__):
        raise AssertionError("drawn again")

    monkeypatch.setattr(vega.vl_convert, "javascript_bundle", never)
    monkeypatch.setattr(poster.vl_convert, "svg_to_png", never)
    monkeypatch.chdir(report.root)
    monkeypatch.delenv("SITE_URL", raising=False)
    from explainer.build import prepare

    prepare.prepare(report, lambda _: None)
    assert mini.snapshot(report.build / "files") == mini.snapshot(rendered.build / "files")


def test_what_is_no_longer_shown_is_no_longer_published(report):
    mini.write(report.build / "files/figures/fig-old.svg", "<svg/>")
    assert explain(report, "render", "--engine", "pandoc").returncode == 0
    assert not (report.report / "figures/fig-old.svg").exists()
    assert (report.report / "figures/fig-stalls.svg").is_file()


# Setting words


def test_lines_are_broken_where_the_font_says():
    text = "Crates sold by growers, as many as there were"
    for size in (12, 23):
        lines = measure.wrap(text, "Newsreader-Bold", size, 150)
        assert " ".join(lines) == text and len(lines) > 1
        assert all(measure.width(line, "Newsreader-Bold", size) <= 150 for line in lines)
        joined = [f"{one} {other.split()[0]}" for one, other in pairwise(lines)]
        assert all(measure.width(line, "Newsreader-Bold", size) > 150 for line in joined)
    assert measure.wrap("a" * 99, "Newsreader-Bold", 12, 50) == ["a" * 99]
    assert measure.wrap("", "Newsreader-Bold", 12, 50) == []


def test_widths_are_those_of_the_font():
    def width(text, size):
        return measure.width(text, "LibreFranklin-Regular", size)

    assert width("", 10) == 0
    # A character that is not there takes a square.
    assert width("漢", 16) == 16
    assert width("ii", 10) == 2 * width("i", 10) < width("mm", 10)


@pytest.mark.parametrize(
    "names, line",
    [
        ([], ""),
        (["A"], "Source: A."),
        (["A", "B", "A"], "Sources: A, B."),
        (["A", "B", "C", "D"], "Sources: A, B, C, D."),
        (["A", "B", "C", "D", "E"], "Sources: A, B, C and others."),
    ],
)
def test_credit_names_each_outlet_once_and_few_of_many(names, line):
    entry = {"sources": [{"id": name} for name in names]}
    assert credits.sources(entry, {name: {"outlet": name} for name in names}) == line


# Embeds


def test_embed_is_a_whole_page_with_credit_and_way_home(rendered):
    page = read(rendered, "embed/fig-crates.html")
    assert page.text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.headings == [("h1", "", "One grower sold 1,200 crates")]
    assert page.tree.findtext(".//title") == "One grower sold 1,200 crates – The fair, 29 crates later"
    (figure,) = page.figures
    assert figure["alts"] == ['Bars: 29, 7 and 1,200 crates, the last "the most".'] * 2
    assert figure["rows"][3] == ["=Pip*s*", "1200"]
    assert figure["scopes"] == ["col", "col", "row", "row", "row"]
    links = {words(one.text_content()): one for one in page.tree.iter("a")}
    assert list(links) == [
        "Orchard Post, The fair's last day",
        "Valley Echo, What <b>growers</b> sold & where",
        "CSV",
        "From “The fair, 29 crates later”",
    ]
    data = links.pop("CSV")
    assert (rendered.report / "embed" / data.get("href")).is_file() and data.get("download") is not None
    assert all((one.get("target"), one.get("rel")) == ("_top", "noopener") for one in links.values())
    assert links["From “The fair, 29 crates later”"].get("href") == "../index.html#fig-crates"
    assert "Half crates are left out." in page.visible
    assert "prefers-color-scheme:dark" in page.text


def test_embed_of_a_chart_without_sources_says_nothing_of_them(rendered):
    page = read(rendered, "embed/fig-stalls.html")
    assert not page.tree.xpath("//p[@class='source']") and len(list(page.tree.iter("svg"))) == 1


def test_embed_costs_less_than_sixty_kilobytes(rendered):
    for path in (rendered.report / "embed").iterdir():
        page = Page(path)
        loaded = {
            path.parent / address
            for address in re.findall(r'url\("([^"]+)"\)', page.text)
            + [one.get("href") for one in page.tree.iter("link")]
        }
        # The rest of a font is for characters that these pages do not have.
        loaded = {one for one in loaded if "-rest" not in one.name}
        # The type is compressed as it is; everything else by the host.
        total = len(gzip.compress(path.read_bytes())) + sum(one.stat().st_size for one in loaded)
        assert len(loaded) == 3 and total <= 60 * 1024


def test_embed_tells_its_height_and_nothing_else(rendered):
    (script,) = read(rendered, "embed/fig-crates.html").tree.iter("script")
    (message,) = re.findall(r"postMessage\(\{(.*?)\}, \"\*\"\)", script.text)
    assert re.findall(r"(\w+):", message.replace("explainer:height", "")) == ["type", "label", "height"]


def test_code_to_embed_names_the_frame_and_listens_to_it_alone(rendered, placed):
    code = entries(rendered)["fig-crates"]["embed_code"]
    frame = lxml.html.fragment_fromstring(code.split("\n")[0])
    assert dict(frame.attrib) == {
        "src": "embed/fig-crates.html",
        "title": "One grower sold 1,200 crates",
        "data-explainer": "fig-crates",
        "loading": "lazy",
        "width": "100%",
        "height": frame.get("height"),
        "style": "border:0",
    }
    assert 300 < int(frame.get("height")) < 600
    assert "f.contentWindow===e.source" in code
    assert "embed_code" not in entries(rendered)["tbl-growers"]
    assert f'src="{HOME}embed/fig-crates.html"' in entries(placed)["fig-crates"]["embed_code"]


# Shared links


def test_page_names_its_card_and_itself(placed):
    found = metas(placed)
    assert {name: found[name] for name in found if name.startswith(("og:", "twitter:", "article:"))} == {
        "og:type": "article",
        "og:title": "The fair, 29 crates later",
        "og:description": "What the article says of 1,236 crates.",
        "og:url": HOME,
        "og:locale": "en",
        "og:image": f"{HOME}card.png",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "The middle row was the fullest. Points: 4 to 6 stalls.",
        "twitter:card": "summary_large_image",
        "article:published_time": "2031-06-01",
        "article:modified_time": "2031-06-20",
    }
    (canonical,) = read(placed).tree.xpath("//link[@rel='canonical']")
    assert canonical.get("href") == HOME
    (canonical,) = read(placed, "notebooks/2-stalls.html").tree.xpath("//link[@rel='canonical']")
    assert canonical.get("href") == f"{HOME}notebooks/2-stalls.html"


def test_without_an_address_nothing_is_made_up_and_the_render_says_so(report):
    done = explain(report, "render", "--engine", "pandoc")
    assert done.stdout.count(address.MISSING) == 1
    assert "url:" in address.MISSING and "SITE_URL" in address.MISSING
    assert not read(report).tree.xpath("//link[@rel='canonical']")
    found = metas(report)
    assert found["og:image"] == "card.png" and "og:url" not in found


@pytest.mark.parametrize("home", [None, HOME])
def test_a_card_has_room_for_a_picture_where_one_is_named(home):
    site = {"lang": "en", "home": home, "card": "Points: 4 to 6 stalls."}
    page = {"title": "T", "description": "D", "address": "notebooks/1-a.html"}
    tags = head.tags(site, page)
    assert ("og:image" in tags) == (home is not None)
    assert ("summary_large_image" in tags) == (home is not None)


def test_page_says_who_made_it_and_how_to_reach_them(rendered, placed):
    (byline,) = read(rendered).tree.xpath("//p[@class='byline']")
    assert "By A newsroom" in byline.text_content()
    links = {link.text: link.get("href") for link in read(placed).tree.xpath("//footer//a")}
    assert links["Write to us about this report"] == "mailto:desk@example.org"
    assert links["The source of this report"] == "https://example.org/source?a=1&b=2"


def test_render_lists_what_is_missing_for_publication_and_does_not_fail(report, placed):
    for project, missing in ((report, ["contact", "repository"]), (placed, ["author"])):
        done = explain(project, "render", "--engine", "pandoc", SITE_URL=HOME)
        assert done.returncode == 0
        _, _, rest = done.stdout.partition("Missing for publication in the front matter of index.qmd:\n")
        listed, _, pages = rest.partition("Rendered with ")
        assert [line.split(":")[0].strip() for line in listed.splitlines()] == missing
        # Last stands the page, as the one line that everybody reads.
        assert pages.splitlines()[-1] == "  _report/index.html"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("contact: javascript:alert(1)", "contact"),
        ("contact: the desk", "contact"),
        ("repository: git@example.org:desk/report", "repository"),
        ('repository: "https://example.org/a b"', "repository"),
    ],
)
def test_contact_that_no_reader_can_follow_is_refused(line, name):
    head = yaml.safe_load(line)
    with pytest.raises(Fault, match=f"no reader can follow this {name}") as refused:
        people.read_credits(head, "index.qmd")
    assert (refused.value.file, refused.value.column) == ("index.qmd", name)


def test_card_is_a_picture_of_the_size_it_says(rendered, placed):
    for project in (rendered, placed):
        content = (project.report / "card.png").read_bytes()
        assert struct.unpack_from(">LL", content, 16) == (1200, 630)
        assert len(content) < 300_000
    assert (rendered.report / "card.png").read_bytes() != (placed.report / "card.png").read_bytes()


@pytest.mark.parametrize(
    "given, home",
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a/b/", "https://example.org/a/b/"),
        ("http://localhost:8000/a/index.html", "http://localhost:8000/a/"),
        ("https://example.org/über uns".replace(" ", "%20"), "https://example.org/%C3%BCber%20uns/"),
        ("", None),
        (None, None),
    ],
)
def test_address_is_that_of_a_folder(given, home):
    assert address.home({"url": given}, "index.qmd", {}) == home
    assert address.home({}, "index.qmd", {"SITE_URL": given or ""}) == home


def test_environment_comes_before_the_page():
    assert address.home({"url": HOME}, "index.qmd", {"SITE_URL": "https://b.org"}) == "https://b.org/"


@pytest.mark.parametrize(
    "given",
    [
        "example.org", "ftp://example.org/", "//example.org/", "https://", "javascript:alert(1)",
        "https://example.org/?a=1", "https://example.org/#a", "https://u:p@example.org/",
        'https://example.org/"><script>', "https://exa mple.org/", "https://example.org/a\nb",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(given):
    with pytest.raises(Fault, match=r"^index\.qmd:url: this is no address"):
        address.home({"url": given}, "index.qmd", {})
    with pytest.raises(Fault, match=r"^SITE_URL: this is no address"):
        address.home({}, "index.qmd", {"SITE_URL": given})


# Linked data, by the rules that schema.org and search engines publish

#: Properties that a node must have and that it should have, by type.
RULES = {
    "Report": (
        {"headline", "datePublished", "dateModified", "author", "publisher", "description", "inLanguage"},
        {"image", "license", "url", "mainEntityOfPage", "keywords", "isBasedOn", "citation", "correction"},
    ),
    "Dataset": (
        {"name", "description", "license", "creator", "distribution"},
        {"url", "version", "keywords", "isAccessibleForFree", "variableMeasured", "publisher"},
    ),
    "DataDownload": ({"contentUrl", "encodingFormat"}, {"name"}),
    "NewsArticle": ({"headline", "url", "datePublished", "author", "publisher"}, set()),
    "CreativeWork": ({"name"}, set()),
    "CorrectionComment": ({"text", "datePublished"}, set()),
    "ImageObject": ({"url", "width", "height"}, set()),
    "MediaObject": ({"contentUrl", "encodingFormat"}, set()),
    "PropertyValue": ({"name"}, set()),
    "Person": ({"name"}, set()),
    "Organization": ({"name"}, set()),
}
DAYS = ("datePublished", "dateModified")
ADDRESSES = ("url", "contentUrl", "license", "mainEntityOfPage")


def nodes(value):
    """Yield every node of a graph that says what it is."""
    if isinstance(value, list):
        for one in value:
            yield from nodes(one)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for one in value.values():
            yield from nodes(one)


def misfits(name, value, placed):
    """Yield what is wrong with one value of a property."""
    if value in ("", None, [], {}):
        yield f"{name} is empty"
    if name in DAYS and date.fromisoformat(value).isoformat() != value:
        yield f"{name} is no day: {value}"
    if name in ADDRESSES and placed and not urlsplit(value).scheme.startswith("http"):
        yield f"{name} is relative: {value}"


def broken(content, placed):
    """Yield what the rules find wrong with a graph."""
    if content["@context"] != "https://schema.org":
        yield "context"
    for node in nodes(content):
        must, should = RULES[node["@type"]]
        lacking = (must | should if placed else must) - set(node)
        if lacking:
            yield f"{node['@type']} lacks {sorted(lacking)}"
        for name, value in node.items():
            for one in value if isinstance(value, list) else [value]:
                yield from misfits(name, one, placed)
    known = {node["@id"] for node in content["@graph"]}
    for node in content["@graph"]:
        for name in ("hasPart", "isPartOf"):
            parts = node.get(name, [])
            named = {part["@id"] for part in (parts if isinstance(parts, list) else [parts]) if "@id" in part}
            if named - known:
                yield f"{name} leads nowhere"


def test_linked_data_keep_the_rules(placed):
    assert list(broken(graph(placed), placed=True)) == []
    assert [node["@type"] for node in graph(placed)["@graph"]] == ["Report", "Dataset"]


def test_linked_data_keep_the_rules_where_less_is_known(rendered):
    content = graph(rendered)
    report = content["@graph"][0]
    # The little report names a person and no publisher.
    assert list(broken(content, placed=False)) == ["Report lacks ['publisher']"]
    assert report["author"] == [{"@type": "Person", "name": "A newsroom"}]
    assert report["dateModified"] == "2031-06-01" and "correction" not in report


def test_rules_find_what_is_wrong(placed):
    content = graph(placed)
    del content["@graph"][1]["license"]
    content["@graph"][0]["image"]["url"] = "card.png"
    content["@graph"][0]["hasPart"] = {"@id": "#none"}
    assert list(broken(content, placed=True)) == [
        "url is relative: card.png", "Dataset lacks ['license']", "hasPart leads nowhere",
    ]  # fmt: skip


def test_report_says_what_it_is_made_from(placed):
    report = graph(placed)["@graph"][0]
    assert report["isBasedOn"] == {
        "@type": "NewsArticle",
        "headline": "Fruit fair ends",
        "url": "https://example.org/fair",
        "datePublished": "2031-05-09",
        "author": {"@type": "Person", "name": "A. Writer"},
        "publisher": {"@type": "Organization", "name": "The Orchard Post"},
    }
    assert [(one["name"], one.get("url"), one.get("datePublished")) for one in report["citation"]] == [
        ("The fair's last day", "https://example.org/fair", "2031-05-09"),
        ("What <b>growers</b> sold & where", "https://example.org/e?a=1&b=2", "2031-05-10"),
        ("A grower's notes", "https://example.org/blog", None),
    ]
    assert report["author"] == [
        {"@type": "Organization", "name": "The Orchard Desk", "url": "https://example.org/desk"},
        {"@type": "Person", "name": "Pip Core", "givenName": "Pip", "familyName": "Core"},
    ]
    assert report["publisher"]["name"] == "The Orchard Desk"
    assert report["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert report["encoding"]["contentUrl"] == f"{HOME}report.pdf"
    assert report["keywords"] == ["fruit", "fairs"]


def test_corrections_are_told_latest_first_and_end_no_script(placed):
    report = graph(placed)["@graph"][0]
    assert report["correction"] == [
        {
            "@type": "CorrectionComment",
            "url": f"{HOME}#correction-2",
            "datePublished": "2031-06-20",
            "text": "Misread </script><script>alert(1)</script>. Apples sold: “28” is now “29”.",
        },
        {
            "@type": "CorrectionComment",
            "url": f"{HOME}#correction-1",
            "datePublished": "2031-06-12",
            "text": "The article was changed. They counted again. Visitors: “1100” is now “1200”.",
        },
    ]
    assert report["dateModified"] == "2031-06-20"
    assert "<script>alert" not in read(placed).text


def test_data_that_are_described_are_there(placed):
    dataset = graph(placed)["@graph"][1]
    found = {urljoin(HOME, one["contentUrl"]) for one in dataset["distribution"]}
    paths = {one.removeprefix(HOME) for one in found}
    assert {"data/datapackage.json", "data/article/facts.csv", "data/tidy/values-stalls.csv"} <= paths
    described = json.loads((placed.report / "data/datapackage.json").read_text())
    for path in paths - {"data/datapackage.json"}:
        original = placed.data / path.removeprefix("data/")
        assert (placed.report / path).read_bytes() == original.read_bytes()
    assert len(paths) == len(described["resources"]) + 1
    assert [one["name"] for one in dataset["variableMeasured"]] == ["Body paragraph", "Paragraph"]


def test_table_in_a_spreadsheets_own_dialect_is_published_as_its_description_says(report):
    path = report.data / "article/article.csv"
    before = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + before.replace(b",", b";"))
    assert data.files(report, DataPackage(report))["article/article.csv"] == before


def test_nothing_outside_the_data_folder_is_published(tmp_path):
    project = Project(tmp_path)
    mini.write(tmp_path / "secret.csv", "a\n1\n")
    mini.write(project.package, json.dumps({"resources": [{"name": "x", "path": "../secret.csv"}]}))
    with pytest.raises(Fault, match="must be the path of a file below data"):
        data.files(project, DataPackage(project))
    mini.write(project.package, json.dumps({"resources": [{"name": "x", "path": "x.csv"}]}))
    (project.data / "x.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Fault, match="a file outside its folder"):
        data.files(project, DataPackage(project))


def test_citation_file_that_cannot_be_read_is_told(tmp_path):
    mini.write(tmp_path / "CITATION.cff", "authors: [")
    with pytest.raises(Fault, match=r"^CITATION\.cff:1: is not valid YAML"):
        people.citation(Project(tmp_path))


# The icon


def test_every_page_has_the_icon(rendered):
    assert etree.fromstring((rendered.report / "icon.svg").read_bytes()).tag.endswith("svg")
    for path in rendered.report.rglob("*.html"):
        (icon,) = Page(path).tree.xpath("//link[@rel='icon']")
        assert (path.parent / icon.get("href")).resolve() == rendered.report / "icon.svg"


@pytest.mark.quarto
def test_both_engines_publish_the_same_files(rendered, quarto_rendered):
    def beside(project):
        return {
            name: content
            for name, content in mini.snapshot(project.report).items()
            if not name.startswith("notebooks/") and name not in ("index.html", "report.pdf")
        }

    assert beside(quarto_rendered) == beside(rendered)
    assert graph(quarto_rendered) == graph(rendered)
