"""One cold visit to a page over a slow line: when its first chart can be seen, and what it cost."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page

from explainer.acceptance.host import Host

#: A phone on what browsers call slow 4G (bytes a second, milliseconds), and how much slower it computes.
WINDOW = {"width": 360, "height": 740}
LINE = {"latency": 562.5, "downloadThroughput": 188_743, "uploadThroughput": 86_400}
SLOWER = 4
PATIENCE = 120_000

#: Notes when the first chart has been drawn: at the first frame that finds one, once that frame is shown.
CLOCK = """
const drawn = () => [...document.querySelectorAll(
  "figure .chart svg, figure .chart canvas, [id^=altair-viz] svg, [id^=altair-viz] canvas")].some(node => {
    const box = node.getBoundingClientRect();
    return box.width > 50 && box.height > 50;
  });
const look = () => drawn()
  ? requestAnimationFrame(() => setTimeout(() => { window.firstChart = performance.now(); }))
  : requestAnimationFrame(look);
requestAnimationFrame(look);
"""


def measure(browser: Browser, host: Host) -> dict[str, Any]:
    """Return milliseconds to the first paint and chart, and bytes and requests until all is quiet."""
    context = browser.new_context(viewport=WINDOW, is_mobile=True, has_touch=True, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(CLOCK)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", {"offline": False, **LINE})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    host.answers.clear()
    page.goto(host.address, timeout=PATIENCE)
    page.wait_for_function("window.firstChart", timeout=PATIENCE)
    settle(page, host)
    paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    measured = {
        "first_chart_ms": round(page.evaluate("window.firstChart")),
        "first_paint_ms": round(page.evaluate(paint)),
        "bytes": host.sent,
        "requests": len(host.answers),
    }
    context.close()
    return measured


def settle(page: Page, host: Host) -> None:
    """Wait until the page has asked for nothing more for two seconds.

    The browser's own word that the network is idle does not come while it holds back a request for an icon.
    """
    page.wait_for_load_state("load", timeout=PATIENCE)
    before = -1
    while len(host.answers) != before:
        before = len(host.answers)
        page.wait_for_timeout(2000)


def violations(browser: Browser, host: Host, script: str, tags: list[str]) -> dict[str, int]:
    """Return how many elements break each rule of axe-core, once the page is as it wants to be."""
    page: Page = browser.new_page(viewport=WINDOW, bypass_csp=True)
    page.goto(host.address)
    settle(page, host)
    page.evaluate(script)
    options = {"runOnly": tags, "resultTypes": ["violations"]}
    broken = page.evaluate("options => axe.run(document, options)", options)["violations"]
    page.close()
    return {rule["id"]: len(rule["nodes"]) for rule in broken}
