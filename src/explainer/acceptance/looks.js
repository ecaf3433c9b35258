// Up to three elements with words of each look: the first, the last and one between them. A look is whatever
// decides how much words stand out: their color, size and weight, all grounds behind them, and whether they are
// one letter, out of sight or switched off.
function examples() {
  const seen = node => node.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && node.getBoundingClientRect().width > 1 && node.getBoundingClientRect().height > 1;
  const grounds = new Map([[null, ""]]);
  const ground = node => {
    if (!grounds.has(node)) {
      const {backgroundColor, backgroundImage, opacity, filter, position, visibility} = getComputedStyle(node);
      const own = [backgroundColor, backgroundImage, opacity, filter, position, visibility].join();
      grounds.set(node, own + ground(node.parentElement));
    }
    return grounds.get(node);
  };
  const looks = new Map();
  const own = node => [...node.childNodes].filter(child => child.nodeType === 3).map(child => child.data.trim()).join("");
  for (const node of document.querySelectorAll("body, body *")) {
    const control = node.matches("input, select, textarea");
    if (!control && !own(node)) continue;
    const {color, fill, fontSize, fontWeight, textShadow, display} = getComputedStyle(node);
    const off = node.closest("[disabled], [aria-disabled=true], [aria-hidden=true], label, option, svg, summary")?.tagName;
    const look = [node.tagName, color, fill, fontSize, fontWeight, textShadow, display, off, seen(node), own(node).length > 1];
    const key = [...look, ground(node)].join();
    looks.set(key, [...(looks.get(key) ?? []), node]);
  }
  return [...looks.values()].flatMap(found => [...new Set([found[0], found.at(-1), found[found.length >> 1]])]);
}
