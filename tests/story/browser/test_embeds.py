"""Charts that have left the report: in frames of other sites, and drawn anew by the local Vega script."""

from __future__ import annotations

import json
from itertools import product

import pytest

import measure
import mini
from explainer.acceptance.access import violations

#: No eval, nothing from elsewhere: what a careful host lets a page do.
POLICY = "default-src 'none'; script-src 'self' 'nonce-host'; style-src 'unsafe-inline'; img-src 'self'"


@pytest.fixture(scope="module")
def embeds(published):
    return sorted(path.relative_to(published.report).as_posix() for path in published.report.glob("embed/*"))


@pytest.fixture(scope="module")
def figures(published):
    return json.loads((published.build / "figures.json").read_text())


@pytest.fixture
def visit(reader):
    return reader


def test_embeds_fit_and_break_no_rule_of_access(visit, embeds):
    assert len(embeds) > 5
    visited = visit(embeds[0])
    for path in embeds:
        page = visited.open(path)
        for at in product([320, 720], ["light", "dark"]):
            measure.resize(page, *at)
            assert measure.sideways(page) == [], (path, at)
            assert [chart["drawn"] for chart in measure.charts(page)] == [1], (path, at)
            assert measure.faint(page) == [], (path, at)
            measure.open_disclosures(page)
            assert measure.sideways(page) == [], (path, at)
            assert violations(page) == [], (path, at)


def test_embeds_have_text_to_read_at_any_width(visit, embeds):
    visited = visit(embeds[0])
    for path in embeds:
        page = visited.open(path)
        for width in (360, 680):
            measure.resize(page, width)
            texts = measure.chart_text(page)
            assert [text for text in texts if text["pixels"] < 11 or text["cut"] > 1] == [], (path, width)
            assert measure.clipped(page) + measure.overlapping(page) == [], (path, width)


def test_embed_costs_no_more_than_sixty_kilobytes(visit, site, embeds):
    visited = visit(embeds[0], width=720)
    protocol = visited.page.context.new_cdp_session(visited.page)
    for path in embeds:
        # As for a reader who comes for the first time.
        protocol.send("Network.clearBrowserCache")
        site.answers.clear()
        visited.open(path)
        assert 5_000 < site.sent <= 60 * 1024, path


def test_embed_shows_its_chart_and_data_without_script(visit, embeds):
    page = visit(embeds[0], java_script_enabled=False, width=720).page
    assert page.locator("svg[role=img]:visible").count() == 1
    page.locator("summary").click()
    assert page.locator("tbody tr").first.is_visible()


def host_page(figures, site, folder, *labels):
    """Write a page of somebody else with frames in it, as the report gives their code."""
    codes = [
        figures[label]["embed_code"].replace('src="embed/', f'src="{site.address}embed/') for label in labels
    ]
    body = "\n".join(f'<div style="width:{600 - 200 * at}px">{code}</div>' for at, code in enumerate(codes))
    mini.write(
        folder / "index.html",
        '<!DOCTYPE html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:,">' + body,
    )
    return folder


def heights(page):
    """Return how high each frame stands, and how high the page in it is."""
    inner = "Math.ceil(document.documentElement.getBoundingClientRect().height)"
    frames = page.locator("iframe")
    return [
        (round(frames.nth(at).bounding_box()["height"]), page.frames[at + 1].evaluate(inner))
        for at in range(frames.count())
    ]


def settled(page):
    """Wait until every frame is as high as its page."""
    for _ in range(100):
        found = heights(page)
        if all(outer == inner for outer, inner in found):
            return found
        page.wait_for_timeout(50)
    return found


def test_frames_on_another_site_are_as_high_as_their_pages(visit, site, figures, tmp_path):
    labels = [label for label, item in figures.items() if item["kind"] == "fig"][:2]
    page = visit(of=host_page(figures, site, tmp_path, *labels), width=900, height=2000).page
    before = settled(page)
    assert len(before) == 2 and all(outer == inner > 200 for outer, inner in before)
    page.frames[1].locator("summary").click()
    page.wait_for_function(
        "([height]) => document.querySelector('iframe').offsetHeight > height", arg=[before[0][0]]
    )
    after = settled(page)
    assert after[0][0] == after[0][1] > before[0][0] and after[1] == before[1]


def test_nobody_else_sets_the_height_of_a_frame(visit, site, figures, tmp_path):
    label = next(label for label, item in figures.items() if item["kind"] == "fig")
    page = visit(of=host_page(figures, site, tmp_path, label), width=900, height=1500).page
    ((before, _),) = settled(page)
    page.evaluate(
        """label => new Promise(done => {
          addEventListener("message", () => setTimeout(done, 50), {once: true});
          postMessage({type: "explainer:height", label, height: 9}, "*");
        })""",
        label,
    )
    assert heights(page)[0][0] == before
    for nonsense in ({"type": "other", "height": 9}, {"type": "explainer:height", "height": "high"}, None):
        page.frames[1].evaluate("message => parent.postMessage(message, '*')", nonsense)
    page.wait_for_timeout(100)
    assert heights(page)[0][0] == before


def test_link_home_leaves_the_frame(visit, site, figures, tmp_path):
    label = next(label for label, item in figures.items() if item["kind"] == "fig")
    page = visit(of=host_page(figures, site, tmp_path, label), width=900).page
    settled(page)
    page.frames[1].locator(".home a").click()
    page.wait_for_url(f"{site.address}**#{label}")
    page.wait_for_load_state("networkidle")


def vega_page(published, figures, folder, head=""):
    """Write a page that draws every chart of the report by the local script."""
    labels = [label for label, item in figures.items() if item["kind"] == "fig"]
    for name in ("scripts/vega.js", *(figures[label]["downloads"]["script"]["path"] for label in labels)):
        mini.write(folder / name, (published.report / name).read_text(encoding="utf-8"))
    scripts = "".join(f'<script src="figures/{label}.vl.js"></script>' for label in labels)
    run = """
      const main = document.querySelector("main");
      (async () => {
        for (const [label, specs] of Object.entries(explainerCharts))
          for (const [kind, spec] of Object.entries(specs)) if (spec) {
            const box = main.appendChild(document.createElement("div"));
            box.id = label + "-" + kind;
            await explainerVega.embed(box, spec);
          }
        document.body.dataset.done = "yes";
      })();"""
    mini.write(
        folder / "index.html",
        f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>T</title>{head}'
        '<link rel="icon" href="data:,">'
        f'<main></main><script src="scripts/vega.js"></script>{scripts}<script nonce="host">{run}</script>',
    )
    return labels


def test_every_chart_can_be_drawn_anew_under_a_strict_policy(visit, published, figures, tmp_path):
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    labels = vega_page(published, figures, tmp_path, policy)
    # The icon of the test's page is data, which the policy does not let in.
    page = visit(of=tmp_path, expects=lambda text: "data:," in text).page
    page.wait_for_selector("body[data-done]")
    for label in labels:
        assert page.locator(f"#{label}-wide svg path").count() > 3
        name = page.locator(f"#{label}-wide").get_attribute("aria-label")
        assert name == figures[label]["alt"]
    assert page.locator("details").count() == 0


def test_every_chart_can_be_drawn_anew_from_a_disk(browser, published, figures, tmp_path):
    labels = vega_page(published, figures, tmp_path)
    context = browser.new_context()
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_selector("body[data-done]")
    assert page.locator("[id$=-wide] svg").count() == len(labels)
    context.close()


def test_vega_fetches_nothing(visit, published, figures, tmp_path):
    vega_page(published, figures, tmp_path)
    mini.write(tmp_path / "secret.json", '[{"a": 1}]')
    visited = visit(of=tmp_path, expects=lambda text: "secret" in text)
    visited.page.wait_for_selector("body[data-done]")
    marks = visited.page.evaluate(
        """async () => {
          const box = document.body.appendChild(document.createElement("div"));
          const encoding = {x: {field: "a"}};
          const drawn = async data => {
            await explainerVega.embed(box, {data, encoding, mark: "point"});
            return box.querySelectorAll(".mark-symbol path").length;
          };
          return [await drawn({values: [{a: 1}]}), await drawn({url: "secret.json"})];
        }"""
    )
    assert marks == [1, 0]
    assert not [url for url in visited.asked if "secret" in url]
