"""Links from the report into its notebooks: each lands on the cell that it means, code first."""

from __future__ import annotations

from collections import defaultdict

import pytest

from explainer.acceptance.chromium import until

pytestmark = pytest.mark.slow

#: Links into cells of notebooks, each with the number of the figure or table that it stands below.
LINKS = """() => [...document.querySelectorAll('a[href*="notebooks/"][href*="#"]')].map(link => [
  link.getAttribute("href"),
  link.closest("figure[id]")?.querySelector("figcaption .number, caption .number, .caption .number")
    ?.textContent.trim() ?? "",
])"""
#: Where the page is, what the address names, what it shows first, and the numbers of what it draws.
LANDED = """id => {
  const cell = document.getElementById(id);
  const first = [...cell.querySelectorAll("*")].find(part => part.getClientRects().length);
  return {
    is_cell: cell.matches(".cell"),
    top: cell.getBoundingClientRect().top,
    height: innerHeight,
    code_first: Boolean(first.closest(".sourceCode")),
    numbers: [...cell.querySelectorAll(".number")].map(part => part.textContent.trim()),
    at_end: scrollY + innerHeight >= document.documentElement.scrollHeight - 2,
  };
}"""


def test_every_link_to_a_notebook_lands_on_its_cell_code_first(visit):
    ways: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in ("", "evidence.html"):
        for href, number in visit(path).page.evaluate(LINKS):
            page, _, cell = href.partition("#")
            ways[page].add((cell, number))
    assert len(ways) == 7 and sum(map(len, ways.values())) > 25
    numbered = 0
    for path, cells in ways.items():
        page = visit(path).page
        for cell, number in sorted(cells):
            page.evaluate("id => { location.hash = ''; location.hash = id; }", cell)
            until(page, "id => Boolean(document.getElementById(id)) && location.hash === `#${id}`", arg=cell)
            page.wait_for_timeout(50)
            landed = page.evaluate(LANDED, cell)
            where = f"{path}#{cell}"
            assert landed["is_cell"] and landed["code_first"], where
            assert -1 <= landed["top"] < 100 or (landed["at_end"] and landed["top"] < landed["height"]), (
                where,
                landed,
            )
            if number:
                numbered += 1
                assert number in landed["numbers"], (where, landed)
    assert numbered > 15
