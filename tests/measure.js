// What a browser can say about a page as it stands: each function asks one question of it. measure.py calls them.

// Is it there for a reader who sees, and what is it called in a message.
const seen = node => node.checkVisibility({opacityProperty: true, visibilityProperty: true})
  && node.getBoundingClientRect().width > 1 && node.getBoundingClientRect().height > 1;
const named = node => {
  const place = node.closest("[id]");
  const own = node.tagName.toLowerCase() + [...node.classList].map(name => "." + name).join("");
  const text = node.textContent.trim().replace(/\s+/g, " ").slice(0, 50);
  return `${place ? "#" + place.id + " " : ""}${own} "${text}"`;
};
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const says = node => node.textContent.trim() !== "";

// What sticks out at the side of the page; nothing if there is no room to scroll to.
function sideways() {
  const room = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= room) return [];
  const held = node => node && (getComputedStyle(node).overflowX !== "visible" || held(node.parentElement));
  const beyond = node => node.getBoundingClientRect().right > room + 1;
  return all("body *").filter(node => seen(node) && beyond(node) && !held(node.parentElement)).map(named);
}

// For each chart its id, how many drawings and marks of it can be seen, and its width in CSS pixels.
function charts() {
  return all("figure").filter(figure => figure.querySelector("svg")).map(figure => {
    const drawn = all("svg", figure).filter(seen);
    const marks = drawn.flatMap(svg => all("path, rect, circle, use, line, text", svg));
    return {
      id: figure.id,
      drawn: drawn.length,
      marks: marks.filter(seen).length,
      width: Math.max(0, ...drawn.map(svg => svg.getBoundingClientRect().width)),
    };
  });
}

// For each text in a visible chart its words, its size in CSS pixels, and by how many it is cut off.
function chartText() {
  return all("svg").filter(seen).flatMap(svg => {
    const box = svg.getBoundingClientRect();
    return all("text", svg).filter(text => says(text) && seen(text)).map(text => {
      const [matrix, place] = [text.getScreenCTM(), text.getBoundingClientRect()];
      return {
        chart: svg.closest("figure")?.id ?? "",
        words: text.textContent.trim(),
        pixels: Math.hypot(matrix.a, matrix.b) * parseFloat(getComputedStyle(text).fontSize),
        cut: Math.max(box.left - place.left, place.right - box.right, box.top - place.top, place.bottom - box.bottom),
      };
    });
  });
}

// The elements that hide a part of their own words. (What is for a screen reader alone is one pixel large on
// purpose, and is not `seen`.)
function clipped() {
  const hides = way => way === "hidden" || way === "clip";
  return all("body *").filter(node => {
    if (node.closest("svg") || !seen(node) || !says(node)) return false;
    const style = getComputedStyle(node);
    if (!hides(style.overflowX) && !hides(style.overflowY)) return false;
    return node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
  }).map(named);
}

// The boxes with more in them than they show, which a reader has to scroll.
function scrolled() {
  return all("body *").filter(node =>
    seen(node) && getComputedStyle(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1
  ).map(named);
}

// Pairs of words that lie on each other, in the page's text and within each chart.
function overlapping() {
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const holder = walker.currentNode.parentElement;
    if (!says(walker.currentNode) || holder.closest("script, style, :popover-open") || !seen(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      if (box.width <= 2 || box.height <= 2) continue;
      // Lines may stand closer than the letters' boxes are high: only the middle half of a line counts.
      const [left, right, quarter] = [box.left + 1, box.right - 1, box.height / 4];
      lines.push({holder, left, right, top: box.top + quarter, bottom: box.bottom - quarter});
    }
  }
  lines.sort((one, other) => one.top - other.top);
  const found = [];
  lines.forEach((one, index) => {
    for (let next = index + 1; next < lines.length && lines[next].top < one.bottom; next++) {
      const other = lines[next];
      if (one.holder !== other.holder && one.left < other.right && other.left < one.right)
        found.push(`${named(one.holder)} and ${named(other.holder)}`);
    }
  });
  return found;
}

// The disclosures that are there and of which something cannot be seen.
function folded() {
  const open = node => [...node.children].every(child => child.tagName === "SUMMARY" || seen(child));
  return all("details").filter(node => node.checkVisibility() && !open(node)).map(named);
}

// The words in charts that stand out too little from what is behind them (WCAG 1.4.3).
function faint() {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const solid = (colour, under) => {
    for (canvas.fillStyle of [under, colour]) canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = rgb => rgb.map(part => part / 255)
    .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [.2126, .7152, .0722][index], 0);
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const ground = node => {
    const colour = getComputedStyle(node).backgroundColor;
    if (!/^rgba.*, 0\)$/.test(colour)) return colour;
    return node.parentElement ? ground(node.parentElement) : "white";
  };
  const filled = node => !["svg", "g", "text", "tspan"].includes(node.tagName)
    && getComputedStyle(node).fill !== "none" && +getComputedStyle(node).fillOpacity > .5;
  const found = [];
  for (const svg of all("svg").filter(seen)) {
    svg.scrollIntoView({block: "center", behavior: "instant"});
    const paper = ground(svg);
    for (const text of all("text", svg).filter(text => says(text) && seen(text))) {
      const [style, box] = [getComputedStyle(text), text.getBoundingClientRect()];
      const hit = document.elementsFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const shape = hit.find(node => svg.contains(node) && !text.contains(node) && filled(node));
      const under = shape ? `rgb(${solid(getComputedStyle(shape).fill, paper)})` : paper;
      // A halo in the paper's colour lifts the words off whatever is behind them.
      const behind = style.stroke !== "none" && style.paintOrder.startsWith("stroke") ? style.stroke : under;
      const stands = ratio(solid(style.fill, behind), solid(behind, paper));
      if (stands < 4.5) found.push(`${named(text)}: ${stands.toFixed(2)}`);
    }
  }
  return found;
}

// What moves, or would move when something about it changes.
function moving() {
  const long = times => times.split(",").some(time => parseFloat(time) > 0);
  const moves = style => long(style.transitionDuration) || style.scrollBehavior === "smooth"
    || (style.animationName !== "none" && long(style.animationDuration));
  return all("*").filter(node =>
    [null, "::before", "::after"].some(part => moves(getComputedStyle(node, part)))
  ).map(named);
}

// What the tabulator key should stop at, in the order of the page.
function stops() {
  return all("a[href], button, summary, input, select, textarea, [tabindex]").filter(node =>
    node.tabIndex >= 0 && !node.disabled && !node.closest("[popover]:not(:popover-open)")
    && node.checkVisibility({visibilityProperty: true})
  ).map(named);
}

// What has the focus: whether a ring shows it, and whether something else lies on it. Nothing at the page's end.
function stop() {
  const node = document.activeElement, box = node.getClientRects()[0];
  if (node === document.body || !box) return null;
  const style = getComputedStyle(node);
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const hit = [[.5, .5], [.1, .5], [.9, .5]].map(([across, down]) =>
    document.elementFromPoint(box.left + box.width * across, top + (bottom - top) * down));
  return {
    name: named(node),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    covered: !hit.some(other => other && (node.contains(other) || other.contains(node))),
  };
}

// Clicks each summary that can be seen of a closed disclosure; returns those that are covered or stay closed.
function openDisclosures() {
  const stuck = new Set();
  const closed = () => all("details:not([open]) > summary").find(node => seen(node) && !stuck.has(node));
  for (let next; next = closed();) {
    next.scrollIntoView({block: "center", behavior: "instant"});
    const box = next.getClientRects()[0];
    const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + box.height / 2];
    if (next.contains(document.elementFromPoint(x, y))) next.click();
    if (!next.parentElement.open) stuck.add(next);
  }
  return [...stuck].map(named);
}
