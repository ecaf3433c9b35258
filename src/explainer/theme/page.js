// What the page does beyond reading, and only where a script may run: the switch between light and dark, the
// contents that follow, and charts that can be explored. A classic script, so that it also works from a file.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // Light and dark. What the system wants needs no keeping; only the other choice is remembered.
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const whenColorsChange = [];

  function choose(theme) {
    const ofSystem = theme === (dark.matches ? "dark" : "light");
    if (ofSystem) delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (ofSystem) localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // Where nothing may be kept, the choice lasts as long as the page.
    }
  }

  function colorsChanged(control) {
    if (control) control.querySelector(".switch-name").textContent = isDark() ? "Light" : "Dark";
    for (const redraw of whenColorsChange) redraw();
  }

  const control = document.querySelector(".switch");
  if (control) {
    const tell = () => {
      control.setAttribute("aria-label", isDark() ? "Light colors" : "Dark colors");
      colorsChanged(control);
    };
    control.addEventListener("click", () => {
      choose(isDark() ? "light" : "dark");
      tell();
    });
    dark.addEventListener("change", tell);
    tell();
    control.hidden = false;
  }

  // A note opens where its link stands, and Escape or a press anywhere else closes it. Without this, its address
  // opens it at the foot of the window.
  addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const open = link.closest(":popover-open");
    const note = link.closest(".opens") ? null : document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (open && link.matches(".close")) open.hidePopover();
    else if (note?.matches(".opens") && note.showPopover) {
      note.showPopover({ source: link });
      note.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
  });

  // Contents: the section that is being read is the last one whose heading has passed the upper third.
  function follow(list) {
    const links = new Map();
    for (const link of list.querySelectorAll('a[href^="#"]')) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    const headings = [...links.keys()];
    const mark = () => {
      let current = null;
      for (const heading of headings) {
        if (heading.getBoundingClientRect().top < innerHeight / 3) current = heading;
      }
      for (const [heading, link] of links) {
        if (heading === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    };
    const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
    for (const heading of headings) watch.observe(heading);
  }
  const contents = document.querySelector(".contents");
  if (contents && "IntersectionObserver" in window) follow(contents);

  // An address of something that stands on another page of the report by now: the first page holds a link with its
  // id, and says which page has the lists of sources and of derivations.
  const pages = document.querySelector(".pages");
  // What is asked for by its address is no longer closed.
  function show(here) {
    const closed = [];
    for (let box = here.querySelector(":scope > details") ?? here; (box = box.closest("details")); box = box.parentElement) if (!box.open) closed.push(box);
    for (const box of closed) box.open = true;
    if (closed.length) here.scrollIntoView();
  }
  function goOn() {
    const [id, list] = location.hash.slice(1).match(/^(ref|computed)[-.].*|.+/) ?? [];
    const here = id && document.getElementById(id);
    if (here?.classList.contains("moved")) location.replace(here.href);
    else if (here) show(here);
    else if (pages?.dataset[list]) location.replace(pages.dataset[list] + location.hash);
  }
  addEventListener("hashchange", goOn);
  goOn();

  // Code to embed a chart: complete only with the address that this page is read at, and with the part that
  // makes a frame as high as its content is said once in the page, with the first of them.
  const boxes = [...document.querySelectorAll("[data-embed]")];
  const labelOf = (box) => box.dataset.embed.match(/([^/]+)\.html$/)[1];
  const sizes = boxes.length ? boxes[0].textContent.split("\n").slice(1).join("\n") : "";
  for (const box of boxes) {
    const more = sizes && box !== boxes[0] ? `\n${sizes.replaceAll(labelOf(boxes[0]), labelOf(box))}` : "";
    const relative = box.dataset.embed.replace(/^(\.\.\/)+/, "");
    box.textContent = (box.textContent + more).replaceAll(`"${relative}"`, `"${new URL(box.dataset.embed, location.href)}"`);
    box.addEventListener("focus", () => getSelection().selectAllChildren(box));
  }

  // Charts. The libraries and the chart's own description come as scripts: a page that is read from a file
  // may load those, and nothing by fetch.
  const loaded = new Map();
  function load(address) {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => {
          loaded.delete(address);
          script.remove();
          reject(new Error(`${address} could not be loaded`));
        };
        document.head.append(script);
      }));
    }
    return loaded.get(address);
  }

  // The chart is described in the light colors; each becomes what the page has for its role now.
  function colored(node, palette, style) {
    if (typeof node === "string") {
      const role = palette[node.toLowerCase()];
      return role ? style.getPropertyValue(`--${role}`).trim() || node : node;
    }
    if (Array.isArray(node)) return node.map((part) => colored(part, palette, style));
    if (node && typeof node === "object") {
      return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, colored(part, palette, style)]));
    }
    return node;
  }

  function explore(button) {
    const figure = button.closest("figure");
    const still = [...figure.querySelectorAll(".chart")];
    const name = button.querySelector(".explore-name");
    const before = name.textContent;
    const said = document.createElement("p");
    said.className = "said-of-chart";
    said.setAttribute("role", "status");
    still.at(-1).after(said);
    let live = null;
    let view = null;

    function close(message) {
      if (view) view.finalize();
      if (live) live.remove();
      view = live = null;
      for (const chart of still) chart.hidden = false;
      name.textContent = before;
      said.textContent = message;
    }

    // Mark by mark with the arrow keys; what a mark stands for is said below the chart.
    function keys(place) {
      const marks = [...place.querySelectorAll('[role="graphics-symbol"][aria-label]')].filter((mark) => !mark.closest('[class*="role-axis"], [class*="role-legend"], [class*="role-title"]'));
      const go = (number) => {
        for (const mark of marks) mark.setAttribute("tabindex", "-1");
        const mark = marks[Math.max(0, Math.min(marks.length - 1, number))];
        mark.setAttribute("tabindex", "0");
        return mark;
      };
      if (marks.length) go(0);
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };
      place.addEventListener("keydown", (event) => {
        const at = marks.indexOf(event.target);
        if (at < 0 || !(event.key in steps)) return;
        event.preventDefault();
        go(at + steps[event.key]).focus();
      });
      for (const type of ["focusin", "pointerover"]) {
        place.addEventListener(type, (event) => {
          const mark = event.target.closest?.('[role="graphics-symbol"][aria-label]');
          if (marks.includes(mark)) said.textContent = mark.getAttribute("aria-label");
        });
      }
    }

    async function draw() {
      const { embed, palette } = globalThis.explainerVega;
      const kept = globalThis.explainerCharts[button.dataset.chart];
      const small = kept.narrow && still.length > 1 && getComputedStyle(still[1]).display !== "none";
      const spec = colored(small ? kept.narrow : kept.wide, palette, getComputedStyle(root));
      const place = document.createElement("div");
      place.className = "live";
      place.setAttribute("role", "group");
      place.tabIndex = -1;
      place.setAttribute("aria-label", `Interactive chart. ${figure.querySelector("svg > title")?.textContent ?? ""} Arrow keys go from mark to mark.`);
      still[0].before(place);
      try {
        const made = await embed(place, spec);
        keys(place);
        return { place, made };
      } catch (error) {
        place.remove();
        throw error;
      }
    }

    async function show() {
      button.setAttribute("aria-busy", "true");
      said.textContent = "Loading the interactive chart";
      try {
        await load(button.dataset.vega);
        await load(button.dataset.script);
        const { place, made } = await draw();
        // From the button that opened it, or from the same chart in other colors, the focus goes to the chart:
        // the next stop of the Tab key is its first mark.
        if (live ? live.contains(document.activeElement) : document.activeElement === button) {
          place.focus({ preventScroll: true });
        }
        if (view) view.finalize();
        if (live) live.remove();
        live = place;
        view = made;
        for (const chart of still) chart.hidden = true;
        name.textContent = "Back to the static chart";
        said.textContent = "Point at a mark, or press Tab and the arrow keys, to read what it stands for.";
      } catch {
        close("The interactive chart could not be opened. The static one stays.");
      }
      button.removeAttribute("aria-busy");
    }

    button.addEventListener("click", () => {
      if (button.getAttribute("aria-busy")) return;
      if (live) close("");
      else show();
    });
    whenColorsChange.push(() => live && show());
  }
  for (const button of document.querySelectorAll(".explore")) {
    explore(button);
    button.hidden = false;
  }

  // What the style sheet left out of the first layout follows once the page stands: one piece a frame, from the
  // top, so that no reader waits and all of it is there for whoever searches, copies or takes a picture of it.
  // Somebody who comes back to the page comes back to a place in it, which is found only when all of it is laid.
  const late = [...document.querySelectorAll(".exhibit, .references")];
  const whenIdle = window.requestIdleCallback || setTimeout;
  const lay = (piece) => piece.classList.add("laid");
  function layNext() {
    if (!late.length) return;
    lay(late.shift());
    requestAnimationFrame(() => whenIdle(layNext));
  }
  const [visit] = performance.getEntriesByType("navigation");
  if (visit && visit.type !== "navigate") late.forEach(lay);
  else addEventListener("load", () => whenIdle(layNext));
})();
