"""How many words a screen reader says of a page, from the tree that a browser gives it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

#: Roles whose own name stands for all that is in them.
NAMED_WHOLE = {"link", "button", "image", "img", "heading", "DisclosureTriangle", "textbox"}
#: A name that an attribute gives is said besides the content or in its place; any other name is the content.
GIVEN = {"attribute", "relatedElement"}

#: What eyes see: the text as laid out, without what only a screen reader is told, and the words of marks.
SEEN = """() => {
  const count = (text) => text.split(/\\s+/).filter(Boolean).length;
  let words = count(document.body.innerText);
  const seen = (selector) => [...document.querySelectorAll(selector)].filter((it) => it.checkVisibility());
  for (const hidden of seen(".status, .skip")) words -= count(hidden.innerText);
  for (const mark of seen("a.badge")) words += count(mark.getAttribute("aria-label"));
  return words;
}"""


def seen(page: Page) -> int:
    """Return how many words the page shows."""
    return page.evaluate(SEEN)


def spoken(page: Page) -> list[str]:
    """Return what a screen reader says of the page from top to bottom, piece by piece."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    said: list[str] = []

    def walk(node: dict[str, Any], *, silent: bool) -> None:
        role, name = _text(node, "role"), _text(node, "name")
        if not node.get("ignored") and role == "StaticText":
            said.extend([] if silent else [name])
            return
        if not node.get("ignored") and role != "RootWebArea":
            if name and _source(node) in GIVEN and not silent:
                said.append(name)
                silent = role in NAMED_WHOLE
            said.append(_text(node, "description"))
        for child in node.get("childIds", []):
            walk(by_id[child], silent=silent)

    walk(nodes[0], silent=False)
    return [part for part in said if part.strip()]


def _text(node: dict[str, Any], part: str) -> str:
    return str(node.get(part, {}).get("value") or "")


def _source(node: dict[str, Any]) -> str | None:
    """Return where the name of a node comes from."""
    for source in node.get("name", {}).get("sources", []):
        has_value = "value" in source or source.get("attributeValue") or source.get("nativeSourceValue")
        if has_value and not source.get("superseded"):
            return source["type"]
    return None
