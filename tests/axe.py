"""What axe-core finds wrong with a page as it stands in a browser.

Whether text stands out from its ground takes axe-core longer than all its other rules. It depends on how the
text looks, so that it is measured on examples of each look rather than in every cell of a table.
"""

from __future__ import annotations

import json

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

import measure

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = "color-contrast"
RUN = """axe.run(%s, {resultTypes: ["violations"], ...%s}).then(({passes, violations}) => ({
  rules: passes.length + violations.length,
  broken: violations.flatMap(({id, nodes}) =>
    nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`)),
}))"""


def violations(page: Page) -> list[str]:
    """Return what axe-core finds: rule, element and reason, one line each."""
    rest = {"runOnly": TAGS, "rules": {CONTRAST: {"enabled": False}}}
    return [*_run(page, "document", rest, 15), *faint(page)]


def faint(page: Page) -> list[str]:
    """Return the text that axe-core finds too faint, as `violations` does."""
    return _run(page, "{include: examples()}", {"runOnly": [CONTRAST]}, 1)


def _run(page: Page, context: str, options: dict, rules: int) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    result = measure.ask(page, RUN % (context, json.dumps(options)))
    assert result["rules"] >= rules, "axe-core has looked"
    return result["broken"]
