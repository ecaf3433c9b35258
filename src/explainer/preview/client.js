// Served with the pages of a preview, and never written into them: refreshes a page that changed, shows what is wrong.
(() => {
  const { page, version } = document.currentScript.dataset;
  const kept = `explainer-preview ${page}`;

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
  const refresh = () => { keep(); location.reload(); };

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
  events.addEventListener("version", (event) => { if (JSON.parse(event.data) !== version) refresh(); });
  events.addEventListener("panel", (event) => show(JSON.parse(event.data)));
  addEventListener("pagehide", () => events.close());
})();
