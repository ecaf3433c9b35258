"""What axe-core finds wrong with a page as it stands in a browser.

Whether text stands out from its ground takes axe-core longer than all its other rules. It depends on how the
text looks, so that it is measured on examples of each look rather than in every cell of a table.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explainer.acceptance.chromium import settle
from explainer.acceptance.finding import Finding, held, unchecked

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = "color-contrast"
LOOKS = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")
RUN = """(() => { %s
return axe.run(%s, {resultTypes: ["violations"], ...%s}).then(({passes, violations}) => ({
  rules: passes.length + violations.length,
  broken: violations.flatMap(({id, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`)),
})); })()"""
OPEN = "for (const one of document.querySelectorAll('details')) one.open = true"


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: rule, element and reason, one line each."""
    rest = {"runOnly": TAGS, "rules": {CONTRAST: {"enabled": False}}}
    return [*_run(page, "document", rest, 15), *faint(page)]


def faint(page: Page) -> list[str]:
    """Return the text that axe-core finds too faint, as `violations` does."""
    return _run(page, "{include: examples()}", {"runOnly": [CONTRAST]}, 1)


def _run(page: Page, context: str, options: dict[str, Any], rules: int) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("typeof axe === 'object' && 'run' in axe"):
        page.evaluate(AXE_SCRIPT)
    result = page.evaluate(RUN % (LOOKS, context, json.dumps(options)))
    assert result["rules"] >= rules, "axe-core has looked"
    return [" ".join(line.split()) for line in result["broken"]]


def check(browser: Browser, address: str, names: Iterable[str]) -> Finding:
    """Return what axe-core finds wrong with some pages of a report, with everything opened that opens.

    Parameters
    ----------
    browser : Browser
        The browser.
    address : str
        Of the report's folder.
    names : iterable of str
        The pages.
    """
    if find_spec("axe_playwright_python") is None:
        return unchecked("axe-core is not installed (pip install 'news-explainer[browser]')")
    from axe_playwright_python.base import AXE_SCRIPT

    wrong, names = [], list(names)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for name in names:
        page.goto(address + name, wait_until="load")
        page.evaluate(OPEN)
        settle(page)
        wrong += [f"{name}: {line}" for line in violations(page)]
    page.close()
    version = re.search(r"axe v([\d.]+)", AXE_SCRIPT)
    return held(f"axe-core {version[1] if version else ''} finds nothing wrong on {len(names)} pages", wrong)
