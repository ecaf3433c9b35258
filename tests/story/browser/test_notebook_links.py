"""Links from the report into its notebooks: each lands on the cell that it means, code first."""

from __future__ import annotations

from collections import defaultdict

import pytest

pytestmark = pytest.mark.slow

#: Links into cells of notebooks, each with the number of the figure or table that it stands below.
LINKS = """() => [...document.querySelectorAll('a[href*="notebooks/"][href*="#"]')].map(link => [
  link.getAttribute("href"),
  link.closest("figure[id]")?.querySelector("figcaption .number, caption .number, .caption .number")
    ?.textContent.trim() ?? "",
])"""
#: Goes to each address from the top of the page. Returns for each where the page is then, whether the address
#: is a cell's, whether it shows code first, and the numbers of what it draws.
LAND = """async ids => {
  const landed = {};
  for (const id of ids) {
    const gone = new Promise(done => addEventListener("hashchange", done, {once: true}));
    scrollTo(0, 0);
    location.hash = id;
    await gone;
    const cell = document.getElementById(id);
    const first = [...cell.querySelectorAll("*")].find(part => part.getClientRects().length);
    landed[id] = {
      is_cell: cell.matches(".cell"),
      top: cell.getBoundingClientRect().top,
      height: innerHeight,
      code_first: Boolean(first.closest(".sourceCode")),
      numbers: [...cell.querySelectorAll(".number")].map(part => part.textContent.trim()),
      at_end: scrollY + innerHeight >= document.documentElement.scrollHeight - 2,
    };
  }
  return landed;
}"""


def test_every_link_to_a_notebook_lands_on_its_cell_code_first(reader):
    visited = reader()
    ways: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in ("", "evidence.html"):
        for href, number in visited.open(path).evaluate(LINKS):
            page, _, cell = href.partition("#")
            ways[page].add((cell, number))
    assert len(ways) == 7 and sum(map(len, ways.values())) > 25
    numbered = 0
    for path, cells in ways.items():
        ends = visited.open(path).evaluate(LAND, sorted({cell for cell, _ in cells}))
        for cell, number in sorted(cells):
            landed = ends[cell]
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
