// Served with the pages of a preview, and never written into them: refreshes a page that changed, shows what is wrong.
(() => {
  const { dataset } = document.currentScript;
  const { page } = dataset;
  const kept = `explainer-preview ${page}`;

  // What was served, as no script has touched it yet, and which node of the page each of its nodes is.
  const pair = (served, node) => {
    twins.set(served, node);
    for (let a = served.firstChild, b = node.firstChild; a; a = a.nextSibling, b = b.nextSibling) pair(a, b);
  };
  // Less what the preview itself adds, which stands last.
  const bare = (body) => {
    for (const one of body.querySelectorAll("#explainer-preview-panel, [href='/_preview/panel.css']")) one.remove();
    const last = body.querySelector("script[data-version]");
    while (last?.nextSibling) last.nextSibling.remove();
    last?.remove();
    return body;
  };
  const twins = new Map();
  const served = document.body.cloneNode(true);
  pair(served, document.body);
  bare(served);

  // Only what changed is put in its place: the reader's place, and all that stands open, stay as they are. What
  // the page's own script holds on to cannot be replaced without starting it again.
  const HELD = ".switch, .contents, .contents *, .explore, .chart, [data-embed], h1, h2, h3";
  const merge = (before, after) => {
    if (before.isEqualNode(after)) return;
    const node = twins.get(before);
    const alike = before.nodeType === after.nodeType && before.nodeName === after.nodeName;
    if (alike && before.nodeType !== Node.ELEMENT_NODE) {
      before.data = node.data = after.data;
    } else if (alike && before.childNodes.length === after.childNodes.length) {
      for (const name of new Set([...before.getAttributeNames(), ...after.getAttributeNames()])) {
        const value = after.getAttribute(name);
        if (value === before.getAttribute(name)) continue;
        for (const one of [before, node]) value === null ? one.removeAttribute(name) : one.setAttribute(name, value);
      }
      const parts = [...after.childNodes];
      [...before.childNodes].forEach((part, at) => merge(part, parts[at]));
    } else {
      if (node.matches?.(HELD) || node.querySelector?.(HELD)) throw new Error("held");
      const fresh = document.importNode(after, true);
      node.replaceWith(fresh);
      before.replaceWith(after);
      pair(after, fresh);
    }
  };

  const styles = (one) => [...one.head.querySelectorAll("style")];
  // What is looked at stays where it is, though the new rules may make what stands above it taller.
  const restyle = (next) => {
    const old = styles(document);
    const fresh = styles(next);
    if (old.length !== fresh.length) throw new Error("held");
    const changed = old.map((style, at) => [style, fresh[at].textContent]).filter(([style, text]) => style.textContent !== text);
    if (!changed.length) return;
    keep();
    for (const [style, text] of changed) style.textContent = text;
    restore();
  };
  const follow = async (wanted) => {
    if (wanted === dataset.version) return;
    // Charts that were explored have their data in memory.
    if (globalThis.explainerCharts) throw new Error("held");
    const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return; // the preview ended; when there is one again, it says what its version is
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { version } = next.querySelector("script[data-version]").dataset;
    restyle(next);
    merge(served, bare(next.body));
    // What is new is laid out as all the rest is by now; the page's script has done with that.
    for (const one of document.querySelectorAll(".exhibit, .references")) one.classList.add("laid");
    document.title = next.title;
    dataset.version = version;
  };

  // What stands at the top of the window is to stand there again, whatever came before it.
  const keep = () => {
    const at = [...document.querySelectorAll("[id]")].find((one) => {
      const box = one.getBoundingClientRect();
      return box.height && box.top >= 0 && box.top < innerHeight;
    });
    const open = [...document.querySelectorAll("details[open][id]")].map((one) => one.id);
    const state = { y: scrollY, id: at?.id, top: at?.getBoundingClientRect().top, open };
    sessionStorage.setItem(kept, JSON.stringify(state));
  };
  const restore = () => {
    const state = JSON.parse(sessionStorage.getItem(kept) ?? "null");
    sessionStorage.removeItem(kept);
    if (!state) return;
    for (const id of state.open) document.getElementById(id)?.setAttribute("open", "");
    const at = state.id && document.getElementById(state.id);
    scrollTo({ top: at ? scrollY + at.getBoundingClientRect().top - state.top : state.y, behavior: "instant" });
  };
  const reload = () => { keep(); location.reload(); };

  const show = (panel) => {
    document.getElementById("explainer-preview-panel")?.remove();
    document.body.insertAdjacentHTML("beforeend", panel);
    const shown = document.getElementById("explainer-preview-panel");
    shown?.querySelector("button")?.addEventListener("click", () => { shown.hidden = true; });
  };
  addEventListener("keydown", (event) => {
    const shown = document.getElementById("explainer-preview-panel");
    if (event.key === "Escape" && shown) shown.hidden = true;
  });

  history.scrollRestoration = "manual";
  addEventListener("load", restore);
  const events = new EventSource(`/_preview/events?page=${encodeURIComponent(page)}`);
  let turn = Promise.resolve();
  events.addEventListener("version", (event) => {
    turn = turn.then(() => follow(JSON.parse(event.data))).catch(reload);
  });
  events.addEventListener("panel", (event) => show(JSON.parse(event.data)));
  addEventListener("pagehide", () => events.close());
})();
