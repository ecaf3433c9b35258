"""Questions to a page as it stands in a browser; ``measure.js`` answers them there."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")


def ask(page: Page, expression: str) -> object:
    """Return what an expression is in the page; it may use the functions of ``measure.js``."""
    return page.evaluate(f"(() => {{ {SCRIPT}\nreturn {expression}; }})()")


def sideways(page: Page) -> list[str]:
    """Return what sticks out at the side of the page; empty if nothing can be scrolled to."""
    return ask(page, "sideways()")


def charts(page: Page) -> list[dict]:
    """Return for each chart its ``id``, how often it is ``drawn``, its ``marks`` and its ``width``."""
    return ask(page, "charts()")


def chart_text(page: Page) -> list[dict]:
    """Return for each text in a chart its ``words``, its size in CSS ``pixels`` and how much is ``cut``."""
    return ask(page, "chartText()")


def clipped(page: Page) -> list[str]:
    """Return the elements that hide a part of their own words."""
    return ask(page, "clipped()")


def scrolled(page: Page) -> list[str]:
    """Return the boxes with more in them than they show."""
    return ask(page, "scrolled()")


def overlapping(page: Page) -> list[str]:
    """Return pairs of words that lie on each other."""
    return ask(page, "overlapping()")


def folded(page: Page) -> list[str]:
    """Return the disclosures of which something cannot be seen."""
    return ask(page, "folded()")


def faint(page: Page) -> list[str]:
    """Return the words in charts that stand out too little from what is behind them."""
    return ask(page, "faint()")


def moving(page: Page) -> list[str]:
    """Return what moves, or would when something about it changes."""
    return ask(page, "moving()")


def stops(page: Page) -> list[str]:
    """Return what the tabulator key should stop at, in the order of the page."""
    return ask(page, "stops()")


def tab_through(page: Page, times: int) -> list[dict]:
    """Press the tabulator key so often, or to the end of the page.

    Returns for each stop its ``name``, if a ``ring`` shows it and if it is ``covered``.
    """
    ask(page, "[window.stopped = [], addEventListener('keyup', () => stopped.push(stop()))]")
    for _ in range(times):
        page.keyboard.press("Tab")
    return list(takewhile(bool, page.evaluate("stopped")))


def resize(page: Page, width: int, scheme: Literal["light", "dark"] = "light") -> None:
    """Show a page at another width and in another scheme, with everything closed again."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("for (const one of document.querySelectorAll('details[open]')) one.open = false")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def open_disclosures(page: Page) -> int:
    """Open every disclosure as a reader would, by its summary, and return how many are open then."""
    assert ask(page, "openDisclosures()") == [], "covered, or did not open"
    return page.locator("details[open]").count()
