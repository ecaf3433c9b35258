"""What the first visit to a page costs, before its reader asks for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from explainer.acceptance.finding import Finding, held

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from explainer.acceptance.host import Host

#: Bytes of a whole first visit, headers included, as a compressing host sends them.
LIMIT = 90_000
NAME = "index.html"


def check(browser: Browser, server: Host, most: int) -> Finding:
    """Return whether a visit to the first page, read to its end, costs at most so many bytes."""
    # A context of its own, in which nothing has been loaded before.
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    server.answers.clear()
    page.goto(server.address + NAME, wait_until="load")
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")
    context.close()
    parts = sorted(((answer.sent, answer.path) for answer in server.answers), reverse=True)
    heavy = [f"{sent:,} bytes: {path}" for sent, path in parts] if server.sent > most else []
    return held(
        f"{NAME}: {server.sent:,} bytes before a click, with all that it loads (at most {most:,})", heavy
    )
